import {
  ledgerEntrySchema,
  ledgerHeadSchema,
  saleEntryKinds,
  type LedgerEntry,
  type LedgerHead,
  type MovementKind,
  type SaleEntryKind,
} from '#shared/contracts/fund.ts'
import { AssertionError } from '#shared/kernel/assert.ts'
import { append, appendMovement, closingDay, headOf, openBook, postingTime, type Book, type Change } from './book.ts'
import { canonicalJson } from './canonical-json.ts'
import { emptyHead, type ClosedDay, type FundHead, type Sha256 } from './head.ts'
import { ledgerHead } from './head-line.ts'
import {
  isOfProject,
  movedFenOf,
  movementPrefix,
  projectAfter,
  type Movement,
  type MovementRefusal,
  type ProjectSums,
} from './movement.ts'
import { saleFacts, type SaleFacts } from './posted-sale.ts'

export const verificationProblems = [
  /** Not JSON, not canonical, an unknown key, a wrong type, another version. */
  'FORMAT',
  /** A line of another fund. */
  'FUND',
  /** Sequence numbers have a gap, or the chain is broken. */
  'CHAIN',
  /** The hash is not that of the line. */
  'HASH',
  /** An event that cannot follow from what is before: twice, without its sale, more reversed than sold. */
  'EVENT',
  /** A field says something else than the rules make of the lines before. */
  'FIELD',
  /** The head line says something else than the entries. */
  'HEAD',
  /** No head line, or something after it. */
  'END',
] as const
export type VerificationProblem = {
  /** Number of the line in the file, from 1. */
  readonly line: number
  readonly code: (typeof verificationProblems)[number]
  readonly what: string
}

type TrackedSale = { readonly facts: SaleFacts; reversedFen: number; settled: boolean }

/** The running state of a verification. It holds one small record per sale, never the entries. */
export type Verification = {
  readonly sha256: Sha256
  readonly problems: VerificationProblem[]
  /** How many problems there were; only the first hundred are kept. */
  problemCount: number
  line: number
  book: Book | undefined
  head: LedgerHead | undefined
  readonly sales: Map<string, TrackedSale>
  readonly reversals: Set<string>
  /** Names of movements, and projects as they stand. */
  readonly movements: Set<string>
  readonly projects: Map<string, ProjectSums>
  /** Days that ended on the way, as they must have been kept. */
  readonly closedDays: ClosedDay[]
}

export type Verified = {
  readonly ok: boolean
  readonly problems: readonly VerificationProblem[]
  readonly problemCount: number
  /** The fund as the entries make it, whatever the head line says; absent for an empty file. */
  readonly head: FundHead | undefined
}

const PROBLEMS_KEPT = 100

/** From the fund's first entry on, or from the end of an earlier day; sales before that are told by `knowSale`. */
export function startVerification(sha256: Sha256, from?: FundHead): Verification {
  return {
    sha256,
    problems: [],
    problemCount: 0,
    line: 0,
    book: from && openBook(from),
    head: undefined,
    sales: new Map(),
    reversals: new Set(),
    movements: new Set(),
    projects: new Map(),
    closedDays: [],
  }
}

/** Tells of a sale or a project whose entries lie before the start: all of them up to the start, in their order. */
export function knowEarlier(state: Verification, earlier: readonly LedgerEntry[]): void {
  for (const entry of earlier) {
    const known = happenedBy(state, entry)
    if (known === undefined) report(state, 'EVENT', `the earlier entries of ${entry.eventId} do not fit`)
    else if ('movedFen' in known) noteProject(state, known)
  }
}

/** Takes one line without its line break. */
export function verifyLine(state: Verification, text: string): void {
  state.line += 1
  if (state.head !== undefined) return report(state, 'END', 'a line after the head line')
  const json = parseJson(text)
  const isHead = typeof json === 'object' && json !== null && 'kind' in json && json.kind === 'head'
  const parsed = (isHead ? ledgerHeadSchema : ledgerEntrySchema).safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return report(state, 'FORMAT', `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim())
  }
  if (parsed.data.kind === 'head') {
    if (canonicalJson(parsed.data) !== text) report(state, 'FORMAT', 'not in canonical form')
    verifyHead(state, parsed.data)
  } else verifyEntry(state, parsed.data, text)
}

export function finishVerification(state: Verification): Verified {
  if (state.head === undefined) report(state, 'END', 'no head line: the file is cut off')
  return finishReplay(state)
}

/** For entries that are read from where they are kept, without a head line of an export. */
export function finishReplay(state: Verification): Verified {
  return {
    ok: state.problemCount === 0,
    problems: state.problems,
    problemCount: state.problemCount,
    head: state.book && headOf(state.book),
  }
}

/** Verifies a whole export at once: chain, hashes, every posting, every field of the head line (I1–I6, I8). */
export function verifyLedger(lines: Iterable<string>, sha256: Sha256): Verified {
  const state = startVerification(sha256)
  for (const line of lines) verifyLine(state, line)
  return finishVerification(state)
}

/**
 * Replays one entry: the rules write it again from what it tells of the event, and the two must be the same. `text` is the
 * line it was read from, which must be the entry's canonical form; left out for an entry that was not read from a line.
 */
export function verifyEntry(state: Verification, entry: LedgerEntry, text = canonicalJson(entry)): void {
  const expected = replay(state, entry)
  // The usual case, in one comparison: what the rules write is the line, character for character.
  if (expected !== undefined && canonicalJson(expected) === text) return
  if (canonicalJson(entry) !== text) report(state, 'FORMAT', 'not in canonical form')
  if (expected !== undefined) compare(state, expected, entry)
}

/** The entry as the rules write it; undefined (and reported) when nothing like it can follow. */
function replay(state: Verification, entry: LedgerEntry): LedgerEntry | undefined {
  const book = bookOf(state, entry.fundId)
  if (book === undefined) {
    report(state, 'FUND', `a line of fund ${entry.fundId}`)
    return undefined
  }
  const happened = happenedBy(state, entry)
  let expected: LedgerEntry | undefined
  if (happened !== undefined) {
    try {
      const postedAt = postingTime(book, entry.postedAt)
      const ended = closingDay(book, postedAt)
      if (ended !== undefined) state.closedDays.push(ended)
      expected =
        'movedFen' in happened
          ? replayMovement(state, book, happened, postedAt)
          : append(book, happened, postedAt, state.sha256)
    } catch (error) {
      if (!(error instanceof AssertionError)) throw error
      report(state, 'EVENT', error.message)
    }
  }
  goOnFrom(book, entry)
  return expected
}

// After a problem the chain goes on from what the line says, so that one wrong line is one problem and not thousands.
function goOnFrom(book: Book, entry: LedgerEntry): void {
  book.seq = entry.seq
  book.hash = entry.hash
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function report(state: Verification, code: VerificationProblem['code'], what: string): void {
  state.problemCount += 1
  if (state.problems.length < PROBLEMS_KEPT) state.problems.push({ line: state.line, code, what })
}

function bookOf(state: Verification, fundId: string): Book | undefined {
  state.book ??= openBook(emptyHead(fundId, state.sha256))
  return state.book.fundId === fundId ? state.book : undefined
}

type SaleEntry = LedgerEntry & { readonly kind: SaleEntryKind }
type MovementEntry = LedgerEntry & { readonly kind: MovementKind }

function isOfSale(entry: LedgerEntry): entry is SaleEntry {
  return (saleEntryKinds as readonly string[]).includes(entry.kind)
}

function isMovement(entry: LedgerEntry): entry is MovementEntry {
  return !isOfSale(entry)
}

function happenedBy(state: Verification, entry: LedgerEntry): Change | Movement | undefined {
  if (isMovement(entry)) return movementOf(state, entry)
  return isOfSale(entry) ? changeOf(state, entry) : undefined
}

/** What the line says was moved; undefined (and reported) when it does not say it as its kind must. */
function movementOf(state: Verification, entry: MovementEntry): Movement | undefined {
  const wrong = (what: string) => {
    report(state, 'EVENT', what)
    return undefined
  }
  if (state.movements.has(entry.eventId)) return wrong('a movement posted twice')
  const prefix = movementPrefix[entry.kind]
  const isNamed = prefix.endsWith(':') ? entry.eventId.startsWith(prefix) : entry.eventId === prefix
  if (!isNamed) return wrong(`not the eventId of this ${entry.kind}`)
  const movement = readMovement(entry)
  if (movement === undefined) return wrong(`a ${entry.kind} without what it needs`)
  state.movements.add(entry.eventId)
  return movement
}

function readMovement(entry: MovementEntry): Movement | undefined {
  const { kind, eventId, occurredAt, agreementId, coopId, proposalId, purpose } = entry
  const words = { eventId, occurredAt, movedFen: movedFenOf(entry, kind) }
  switch (kind) {
    case 'remittance':
      return agreementId === undefined || coopId === undefined ? undefined : { kind, ...words, agreementId, coopId }
    case 'reservation':
    case 'release':
    case 'disbursement':
      return proposalId === undefined || purpose === undefined ? undefined : { kind, ...words, proposalId, purpose }
    case 'opening':
    case 'correction':
      return { kind, ...words }
    case 'in-kind': {
      if (agreementId === undefined || coopId === undefined || purpose === undefined) return undefined
      return { kind, ...words, agreementId, coopId, purpose }
    }
  }
}

function replayMovement(
  state: Verification,
  book: Book,
  movement: Movement,
  postedAt: string,
): LedgerEntry | undefined {
  const project = isOfProject(movement) ? state.projects.get(movement.proposalId) : undefined
  const appended = appendMovement(book, movement, project, postedAt, state.sha256)
  if (appended.kind === 'refused') {
    report(state, 'EVENT', refusalWords[appended.code])
    return undefined
  }
  noteProject(state, movement)
  return appended.entry
}

function noteProject(state: Verification, movement: Movement): void {
  if (!isOfProject(movement)) return
  const before = state.projects.get(movement.proposalId)
  state.projects.set(movement.proposalId, projectAfter(before, movement))
}

const refusalWords: Readonly<Record<MovementRefusal, string>> = {
  AMOUNT_WRONG: 'a movement of nothing, or the wrong way',
  DONOR_UNKNOWN: 'a remittance of a donor that gave nothing',
  NOT_AVAILABLE: 'more than is available',
  RESERVED_SHORT: 'more than is kept for the project',
  PURPOSE_DIFFERS: 'another purpose than the project has',
  CASH_SHORT: 'more than is at the charity',
}

/** What the line says happened; undefined (and reported) when that cannot be after what is before it. */
function changeOf(state: Verification, entry: SaleEntry): Change | undefined {
  const event = { kind: entry.kind, eventId: entry.eventId, occurredAt: entry.occurredAt, amountFen: entry.amountFen }
  const wrong = (what: string) => {
    report(state, 'EVENT', what)
    return undefined
  }
  if (entry.saleId === undefined) return wrong('no saleId')
  const sale = state.sales.get(entry.saleId)
  switch (entry.kind) {
    case 'sale': {
      if (sale !== undefined) return wrong('a sale posted twice')
      if (entry.eventId !== `sale:${entry.saleId}`) return wrong('not the eventId of this sale')
      const { channel, villageId, coopId, saleId } = entry
      if (channel === undefined || villageId === undefined || coopId === undefined)
        return wrong('a sale without its place')
      if (entry.amountFen < 0) return wrong('a sale below zero')
      const facts = saleFacts({ ...withoutUndefined(entry), saleId, channel, villageId, coopId })
      if (facts.rateBps > 0 && facts.agreementId === undefined) return wrong('a rate without an agreement')
      state.sales.set(saleId, { facts, reversedFen: 0, settled: false })
      return { ...event, sale: facts, settledAmountFen: 0 }
    }
    case 'reversal': {
      if (sale === undefined) return wrong('a reversal before its sale')
      if (!entry.eventId.startsWith('reversal:')) return wrong('not the eventId of a reversal')
      if (state.reversals.has(entry.eventId)) return wrong('a reversal posted twice')
      if (entry.amountFen >= 0) return wrong('a reversal that gives nothing back')
      if (sale.reversedFen - entry.amountFen > sale.facts.amountFen) return wrong('more reversed than sold')
      state.reversals.add(entry.eventId)
      sale.reversedFen -= entry.amountFen
      return { ...event, sale: sale.facts, settledAmountFen: sale.settled ? entry.amountFen : 0 }
    }
    case 'settlement': {
      if (sale === undefined) return wrong('a settlement before its sale')
      if (sale.settled) return wrong('a sale settled twice')
      if (entry.eventId !== `settlement:${entry.saleId}`) return wrong('not the eventId of this settlement')
      if (entry.amountFen !== 0) return wrong('a settlement that changes net sales')
      sale.settled = true
      return { ...event, sale: sale.facts, settledAmountFen: sale.facts.amountFen - sale.reversedFen }
    }
  }
}

function withoutUndefined(entry: LedgerEntry) {
  const { groupBuyId, fairId, agreementId, agreementVersion, amountFen, rateBps } = entry
  return {
    ...(groupBuyId === undefined ? {} : { groupBuyId }),
    ...(fairId === undefined ? {} : { fairId }),
    ...(agreementId === undefined ? {} : { agreementId }),
    ...(agreementVersion === undefined ? {} : { agreementVersion }),
    amountFen,
    rateBps,
  }
}

function compare(state: Verification, expected: LedgerEntry, entry: LedgerEntry): void {
  const names = new Set([...Object.keys(expected), ...Object.keys(entry)] as (keyof LedgerEntry)[])
  names.delete('hash')
  for (const name of [...names].sort()) {
    const left = shown(expected[name])
    const right = shown(entry[name])
    if (left === right) continue
    const code = name === 'seq' || name === 'prevHash' ? 'CHAIN' : 'FIELD'
    report(state, code, `${name} should be ${left} and is ${right}`)
  }
  const { hash, ...unsealed } = entry
  if (state.sha256(canonicalJson(unsealed)) !== hash) report(state, 'HASH', 'the hash is not that of the line')
}

function shown(value: unknown): string {
  return value === undefined ? 'absent' : canonicalJson(value)
}

function verifyHead(state: Verification, head: LedgerHead): void {
  state.head = head
  const book = bookOf(state, head.fundId)
  if (book === undefined) return report(state, 'FUND', `the head line of fund ${head.fundId}`)
  const expected = ledgerHead(headOf(book))
  for (const name of Object.keys(expected).sort() as (keyof LedgerHead)[]) {
    const left = shown(expected[name])
    const right = shown(head[name])
    if (left !== right) report(state, 'HEAD', `${name} should be ${left} and is ${right}`)
  }
}
