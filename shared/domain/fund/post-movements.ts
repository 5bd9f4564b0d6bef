import type { LedgerEntry } from '#shared/contracts/fund.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { appendMovement, closingDay, headOf, openBook, postingTime } from './book.ts'
import type { ClosedDay, FundHead, Sha256 } from './head.ts'
import { isOfProject, projectAfter, type Movement, type MovementRefusal, type ProjectSums } from './movement.ts'
import { takeBacksOf, type TakeBack } from './trace.ts'

/** The marker of a posted movement: that it is posted, and what it was, so that its name cannot be used for another. */
export type PostedMovement = Omit<Movement, 'occurredAt'> & { readonly seq: number }

/** The marker of a project: what is kept for it and was paid for it, and its entries. */
export type PostedProject = ProjectSums & { readonly seqs: readonly number[] }

export type MovementMarkers = {
  /** By event id and by proposal. One that is not here does not exist. */
  readonly movements: ReadonlyMap<string, PostedMovement>
  readonly projects: ReadonlyMap<string, PostedProject>
}

export type PostedMovements = {
  readonly head: FundHead
  /** Empty when every movement was a repetition or refused. */
  readonly entries: readonly LedgerEntry[]
  readonly movements: readonly PostedMovement[]
  readonly projects: readonly { readonly before: PostedProject | undefined; readonly after: PostedProject }[]
  readonly closedDay: ClosedDay | undefined
  /** What of these entries took something back. */
  readonly takeBacks: readonly TakeBack[]
  readonly refused: readonly { readonly movement: Movement; readonly code: MovementRefusal | 'EVENT_DIFFERS' }[]
}

/**
 * Posts movements of one fund after its head, in the order given; one that is refused holds up none of the others.
 * Repetitions are dropped by their marker.
 */
export function postMovements(
  head: FundHead,
  markers: MovementMarkers,
  movements: readonly Movement[],
  now: Instant,
  sha256: Sha256,
): PostedMovements {
  const book = openBook(head)
  const postedAt = postingTime(book, now)
  const ended = closingDay(book, postedAt)
  const known = new Map(markers.movements)
  const projects = new Map(markers.projects)
  const entries: LedgerEntry[] = []
  const refused: { movement: Movement; code: MovementRefusal | 'EVENT_DIFFERS' }[] = []
  for (const movement of movements) {
    const earlier = known.get(movement.eventId)
    if (earlier !== undefined) {
      if (!sameMovement(earlier, movement)) refused.push({ movement, code: 'EVENT_DIFFERS' })
      continue
    }
    const project = isOfProject(movement) ? projects.get(movement.proposalId) : undefined
    const appended = appendMovement(book, movement, project, postedAt, sha256)
    if (appended.kind === 'refused') {
      refused.push({ movement, code: appended.code })
      continue
    }
    const { entry } = appended
    entries.push(entry)
    const { occurredAt: _occurredAt, ...facts } = movement
    known.set(movement.eventId, { ...facts, seq: entry.seq })
    if (isOfProject(movement)) {
      const after = { ...projectAfter(project, movement), seqs: [...(project?.seqs ?? []), entry.seq] }
      projects.set(movement.proposalId, after)
    }
  }
  return {
    head: headOf(book),
    entries,
    movements: [...known.values()].filter(({ eventId }) => !markers.movements.has(eventId)),
    projects: [...projects].flatMap(([proposalId, after]) => {
      const before = markers.projects.get(proposalId)
      return before === after ? [] : [{ before, after }]
    }),
    closedDay: entries.length === 0 ? undefined : ended,
    takeBacks: takeBacksOf(entries),
    refused,
  }
}

const factNames = ['kind', 'movedFen', 'agreementId', 'coopId', 'proposalId', 'purpose'] as const

/** `occurredAt` is information: a movement told again at another time is the same. */
function sameMovement(left: PostedMovement, right: Movement): boolean {
  const facts = (movement: object) => factNames.map((name) => (movement as Readonly<Record<string, unknown>>)[name])
  return facts(left).every((fact, at) => fact === facts(right)[at])
}
