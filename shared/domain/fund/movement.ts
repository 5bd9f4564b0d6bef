import {
  movementKinds,
  type EntryKind,
  type LedgerEntry,
  type MovementKind,
  type Purpose,
} from '#shared/contracts/fund.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { postingsOf, type Balances, type FundPosting } from './accounts.ts'

/**
 * What changes a fund beside its sales. People decide it, with evidence that is kept outside the ledger; `movedFen` is all
 * that the ledger says of the sum, and the postings follow from it.
 */
export type Movement = {
  /** Its name in the ledger: whatever is told twice under one name is one movement. */
  readonly eventId: string
  readonly occurredAt: Instant
} & (
  | {
      readonly kind: 'remittance'
      readonly agreementId: string
      readonly coopId: string
      /** Never 0; below zero when more had arrived than has stayed settled. */
      readonly movedFen: number
    }
  | {
      readonly kind: 'reservation' | 'release' | 'disbursement'
      readonly proposalId: string
      readonly purpose: Purpose
      /** Above zero. */
      readonly movedFen: number
    }
  /** `opening` above zero, `correction` never 0. */
  | { readonly kind: 'opening' | 'correction'; readonly movedFen: number }
  | {
      readonly kind: 'in-kind'
      /** The donor and the agreement that allows it. */
      readonly agreementId: string
      readonly coopId: string
      readonly purpose: Purpose
      /** The stated value, above zero. */
      readonly movedFen: number
    }
)

export type ProjectMovement = Extract<Movement, { readonly proposalId: string }>

/** What one project has of the fund: kept for it, and paid out for it. */
export type ProjectSums = {
  readonly proposalId: string
  readonly purpose: Purpose
  readonly reservedFen: number
  readonly spentFen: number
}

/** Why a movement cannot be, now; the fund is as it was. */
export const movementRefusals = [
  /** It moves nothing, or the wrong way. */
  'AMOUNT_WRONG',
  /** A remittance or gift of a donor that never gave to this fund. */
  'DONOR_UNKNOWN',
  /** More than is available, or something is owed back to donors. */
  'NOT_AVAILABLE',
  /** More than is kept for this project. */
  'RESERVED_SHORT',
  /** A project's purpose is another. */
  'PURPOSE_DIFFERS',
  /** More than has arrived at the charity. */
  'CASH_SHORT',
] as const
export type MovementRefusal = (typeof movementRefusals)[number]

export type Moved =
  | { readonly kind: 'moved'; readonly postings: FundPosting[] }
  | { readonly kind: 'refused'; readonly code: MovementRefusal }

const refuse = (code: MovementRefusal): Moved => ({ kind: 'refused', code })

/** X of the design: what could be spent, below zero what is owed back. `available` and `clawback` are its two sides. */
export function freeFen(balances: Balances): number {
  return balances.available + balances.clawback
}

/** Postings to both sides of X when it changes by so much. */
export function freeChange(balances: Balances, changeFen: number): { available: number; clawback: number } {
  const x = freeFen(balances)
  return {
    available: Math.max(0, x + changeFen) - Math.max(0, x),
    clawback: Math.min(0, x + changeFen) - Math.min(0, x),
  }
}

/**
 * What a movement posts to a fund that stands like this, or why it cannot. `project` is its project as the fund knows it,
 * absent before the first reservation.
 */
export function decideMovement(balances: Balances, movement: Movement, project: ProjectSums | undefined): Moved {
  const { movedFen: moved } = movement
  if (moved === 0 || !Number.isSafeInteger(moved)) return refuse('AMOUNT_WRONG')
  if (moved < 0 && movement.kind !== 'remittance' && movement.kind !== 'correction') return refuse('AMOUNT_WRONG')
  if (project !== undefined && 'purpose' in movement && project.purpose !== movement.purpose)
    return refuse('PURPOSE_DIFFERS')
  switch (movement.kind) {
    case 'remittance':
      if (balances.cash + moved < 0) return refuse('CASH_SHORT')
      return posts({ due: -moved, cash: moved })
    case 'reservation':
      if (freeFen(balances) < moved) return refuse('NOT_AVAILABLE')
      return posts({ available: -moved, reserved: moved })
    case 'release':
      if (reservedFen(project) < moved) return refuse('RESERVED_SHORT')
      return posts({ ...freeChange(balances, moved), reserved: -moved })
    case 'disbursement':
      if (reservedFen(project) < moved) return refuse('RESERVED_SHORT')
      if (balances.cash < moved) return refuse('CASH_SHORT')
      return posts({ reserved: -moved, spent: moved, cash: -moved, paid: moved })
    case 'opening':
    case 'correction':
      if (moved < 0 && freeFen(balances) < -moved) return refuse('NOT_AVAILABLE')
      if (balances.cash + moved < 0) return refuse('CASH_SHORT')
      return posts({ ...freeChange(balances, moved), others: -moved, cash: moved, brought: -moved })
    case 'in-kind':
      return posts({ spent: moved, others: -moved })
  }
}

function posts(deltas: Parameters<typeof postingsOf>[0]): Moved {
  return { kind: 'moved', postings: postingsOf(deltas) }
}

function reservedFen(project: ProjectSums | undefined): number {
  return project?.reservedFen ?? 0
}

/** How a project stands after a movement of it. */
export function projectAfter(project: ProjectSums | undefined, movement: ProjectMovement): ProjectSums {
  const { proposalId, purpose, movedFen } = movement
  const before = project ?? { proposalId, purpose, reservedFen: 0, spentFen: 0 }
  switch (movement.kind) {
    case 'reservation':
      return { ...before, reservedFen: before.reservedFen + movedFen }
    case 'release':
      return { ...before, reservedFen: before.reservedFen - movedFen }
    case 'disbursement':
      return { ...before, reservedFen: before.reservedFen - movedFen, spentFen: before.spentFen + movedFen }
  }
}

export function isOfProject(movement: Movement): movement is ProjectMovement {
  return 'proposalId' in movement
}

/** The account whose posting is the sum that moved, by kind, and its sign. */
const sumAccounts = {
  remittance: ['cash', 1],
  reservation: ['reserved', 1],
  release: ['reserved', -1],
  disbursement: ['spent', 1],
  opening: ['cash', 1],
  correction: ['cash', 1],
  'in-kind': ['spent', 1],
} as const satisfies Record<MovementKind, readonly [string, 1 | -1]>

export function isMovementKind(kind: EntryKind): kind is MovementKind {
  return (movementKinds as readonly string[]).includes(kind)
}

/** The sum that an entry moved, read from its postings. */
export function movedFenOf(entry: Pick<LedgerEntry, 'postings'>, kind: MovementKind): number {
  const [account, sign] = sumAccounts[kind]
  return sign * (entry.postings.find((posting) => posting.account === account)?.deltaFen ?? 0)
}

/** Names of movements in the ledger begin so; the rest is the name that its own context gave it. */
export const movementPrefix: Readonly<Record<MovementKind, string>> = {
  remittance: 'remittance:',
  reservation: 'reservation:',
  release: 'release:',
  disbursement: 'disbursement:',
  opening: 'opening',
  correction: 'correction:',
  'in-kind': 'in-kind:',
}
