import { setTimeout as sleep } from 'node:timers/promises'
import type { EntryKind, LedgerEntry } from '#shared/contracts/fund.ts'
import { isManualEntryKind } from '#shared/contracts/fund-manual-entries.ts'
import { canonicalJson } from '#shared/domain/fund/canonical-json.ts'
import { emptyHead, type ClosedDay, type FundHead } from '#shared/domain/fund/head.ts'
import { movedFenOf } from '#shared/domain/fund/movement.ts'
import { type TakeBack, takeBackOf } from '#shared/domain/fund/trace.ts'
import {
  finishReplay,
  knowEarlier,
  startVerification,
  verifyEntry,
  type Verification,
} from '#shared/domain/fund/verify-ledger.ts'
import { shanghaiDay, type ShanghaiDay } from '#shared/kernel/time.ts'
import { log } from '#functions/platform/log.ts'
import { saveTakeBack } from '#functions/platform/table/ledger.ts'
import { sha256 } from './sha256.ts'
import {
  loadEntries,
  loadEntriesBySeq,
  loadHead,
  loadMarkersByName,
  loadMovementMarkers,
  loadTheseClosedDays,
  loadTheseTakeBacks,
} from './store.ts'

const ENTRIES_AT_ONCE = 1_000

export type Problem = { readonly invariant: string; readonly what: string }

/** What broke, by the numbers of the design's invariants. */
const invariantOf = {
  FORMAT: 'I8',
  FUND: 'I8',
  CHAIN: 'I8',
  HASH: 'I8',
  EVENT: 'I3',
  FIELD: 'I6',
  HEAD: 'I6',
  END: 'I8',
} as const

export type EntryName = {
  readonly seq: number
  readonly kind: EntryKind
  readonly eventId: string
  readonly day: ShanghaiDay
}

/** What of a remittance is compared with the remittances' own records. */
export type RemittanceEntry = {
  readonly seq: number
  readonly eventId: string
  readonly agreementId: string
  readonly coopId: string
  readonly movedFen: number
}

/** What of an entry that was posted by hand is compared with its record. */
export type ManualLedgerEntry = Pick<
  LedgerEntry,
  'seq' | 'eventId' | 'occurredAt' | 'purpose' | 'coopId' | 'agreementId'
> & { readonly movedFen: number }

/** What of an entry that moves a project's money is compared with the proposal's own record. */
export type ProjectEntry = Pick<LedgerEntry, 'seq' | 'eventId' | 'purpose'> & {
  readonly kind: 'reservation' | 'release' | 'disbursement'
  readonly proposalId: string
  readonly movedFen: number
}

export type Look = {
  /** Where the head stood when the look began. */
  readonly seq: number
  readonly problems: readonly Problem[]
  /** What was replayed. */
  readonly entries: readonly EntryName[]
  readonly remittances: readonly RemittanceEntry[]
  readonly manual: readonly ManualLedgerEntry[]
  readonly projects: readonly ProjectEntry[]
  /** False: it was cut off; what is before the last of `days` is checked. */
  readonly whole: boolean
  /** Finished days that were replayed to their end, oldest first. */
  readonly days: readonly ShanghaiDay[]
}

export type Replay = {
  /** Replays from the end of this day; from the first entry when there is none. */
  readonly from: ClosedDay | undefined
  /** Asked between packs of entries, with the days finished so far: may it be cut off here? */
  readonly mayStop: (days: readonly ShanghaiDay[]) => boolean
}

const LOOKS_MAX = 5
const BETWEEN_LOOKS_MS = 50

/**
 * Looks until what it finds can be believed. A ledger is not read in one instant: somebody who posts meanwhile makes a head,
 * an entry or a marker seem wrong that is not. So a difference counts when two looks find it and nothing was posted between
 * them; on a fund that never rests, when every one of the looks does.
 */
export async function checkLedger(fundId: string, replay: Replay): Promise<Look> {
  let found = await lookAtLedger(fundId, replay)
  for (let look = 1; look < LOOKS_MAX && found.problems.length > 0; look++) {
    await sleep(BETWEEN_LOOKS_MS)
    const next = await lookAtLedger(fundId, replay)
    const before = new Set(found.problems.map(nameOf))
    const both = next.problems.filter((problem) => before.has(nameOf(problem)))
    const settled = next.seq === found.seq && both.length === next.problems.length
    found = { ...next, problems: both }
    if (settled) break
  }
  return found
}

const nameOf = ({ invariant, what }: Problem) => `${invariant} ${what}`

/**
 * Replays the ledger by the rules and compares everything that is stored beside the entries: head, finished days, markers.
 */
async function lookAtLedger(fundId: string, { from, mayStop }: Replay): Promise<Look> {
  const head = await loadHead(fundId)
  const state = startVerification(sha256, startOf(fundId, from))
  const saleIds = new Set<string>()
  const seen: EntryName[] = []
  const remittances: RemittanceEntry[] = []
  const manual: ManualLedgerEntry[] = []
  const projects: ProjectEntry[] = []
  const takeBacks: TakeBack[] = []
  const days = () => state.closedDays.map(({ day }) => day)
  let last = from?.seq ?? 0
  let whole = true
  while (last < head.seq) {
    if (mayStop(days())) {
      whole = false
      break
    }
    const entries = await loadEntries(fundId, { from: last + 1, to: head.seq, limit: ENTRIES_AT_ONCE })
    await tellEarlierSales(state, fundId, entries, from?.seq ?? 0)
    await tellEarlierProjects(state, fundId, entries, from?.seq ?? 0)
    for (const entry of entries) {
      verifyEntry(state, entry)
      if (entry.saleId !== undefined) saleIds.add(entry.saleId)
      remittances.push(...remittanceOf(entry))
      manual.push(...manualOf(entry))
      projects.push(...projectOf(entry))
      const back = takeBackOf(entry)
      if (back !== undefined) takeBacks.push(back)
      seen.push({ seq: entry.seq, kind: entry.kind, eventId: entry.eventId, day: shanghaiDay(entry.occurredAt) })
    }
    const newest = entries.at(-1)
    if (newest === undefined) break
    last = newest.seq
  }
  const replayed = finishReplay(state)
  const problems = [
    ...replayed.problems.map(({ code, what }) => ({ invariant: invariantOf[code], what })),
    ...(whole ? differences('head', { ...startOf(fundId, from), ...replayed.head }, head) : []),
    ...(await checkClosedDays(fundId, state)),
    ...(await checkMarkers(fundId, state, saleIds, whole ? head.seq : last)),
    ...(await checkMovementMarkers(fundId, state, whole ? head.seq : last)),
    ...(await checkTakeBacks(fundId, takeBacks)),
  ]
  return { seq: head.seq, problems, entries: seen, remittances, manual, projects, whole, days: days() }
}

function remittanceOf(entry: LedgerEntry): RemittanceEntry[] {
  const { seq, eventId, agreementId, coopId } = entry
  if (entry.kind !== 'remittance' || agreementId === undefined || coopId === undefined) return []
  return [{ seq, eventId, agreementId, coopId, movedFen: movedFenOf(entry, 'remittance') }]
}

function manualOf(entry: LedgerEntry): ManualLedgerEntry[] {
  const { kind } = entry
  return isManualEntryKind(kind) ? [{ ...entry, movedFen: movedFenOf(entry, kind) }] : []
}

function projectOf(entry: LedgerEntry): ProjectEntry[] {
  const { kind, proposalId, seq, eventId, purpose } = entry
  if (proposalId === undefined || (kind !== 'reservation' && kind !== 'release' && kind !== 'disbursement')) return []
  return [{ kind, proposalId, seq, eventId, purpose, movedFen: movedFenOf(entry, kind) }]
}

function startOf(fundId: string, from: ClosedDay | undefined): FundHead {
  if (from === undefined) return emptyHead(fundId, sha256)
  const { seq, hash, balances, donors, totals } = from
  return { fundId, seq, hash, balances, donors, totals }
}

/** Reversals and settlements of sales that were posted before the start: their sales' own entries say how they stood. */
async function tellEarlierSales(state: Verification, fundId: string, entries: readonly LedgerEntry[], start: number) {
  const here = new Set(entries.flatMap((entry) => (entry.kind === 'sale' ? [entry.saleId] : [])))
  const unknown = new Set(
    entries.flatMap(({ saleId }) =>
      saleId === undefined || here.has(saleId) || state.sales.has(saleId) ? [] : [saleId],
    ),
  )
  if (start === 0 || unknown.size === 0) return
  const { sales } = await loadMarkersByName(
    fundId,
    [...unknown].map((saleId) => `sale:${saleId}`),
  )
  await tellEarlier(state, fundId, [...sales.values()], start)
}

async function tellEarlierProjects(
  state: Verification,
  fundId: string,
  entries: readonly LedgerEntry[],
  start: number,
) {
  if (start === 0) return
  const unknown = entries.flatMap(({ proposalId }) =>
    proposalId === undefined || state.projects.has(proposalId) ? [] : [proposalId],
  )
  if (unknown.length === 0) return
  const { projects } = await loadMovementMarkers(fundId, [], unknown)
  await tellEarlier(state, fundId, [...projects.values()], start)
}

async function tellEarlier(
  state: Verification,
  fundId: string,
  markers: readonly { readonly seqs: readonly number[] }[],
  start: number,
) {
  const seqs = markers.flatMap((marker) => marker.seqs.filter((seq) => seq <= start))
  const earlier = await loadEntriesBySeq(fundId, seqs)
  knowEarlier(
    state,
    earlier.sort((left, right) => left.seq - right.seq),
  )
}

async function checkClosedDays(fundId: string, state: Verification): Promise<Problem[]> {
  const days = state.closedDays.map(({ day }) => day)
  const stored = await loadTheseClosedDays(fundId, days)
  const byDay = new Map(stored.map((day) => [day.day, day]))
  return state.closedDays.flatMap((day) => differences(`day ${day.day}`, day, byDay.get(day.day)))
}

/** A marker that is lost lets its event be posted again; one that is wrong lets too much be reversed. */
async function checkMarkers(
  fundId: string,
  state: Verification,
  saleIds: ReadonlySet<string>,
  lastSeq: number,
): Promise<Problem[]> {
  const reversals = [...state.reversals]
  const markers = await loadMarkersByName(fundId, [...[...saleIds].map((saleId) => `sale:${saleId}`), ...reversals])
  const wrongSales = [...saleIds].filter((saleId) => {
    const tracked = state.sales.get(saleId)
    const marker = markers.sales.get(saleId)
    // Something was posted to it since the entries were read: the next check sees both.
    if ((marker?.seqs.at(-1) ?? 0) > lastSeq) return false
    return marker?.reversedFen !== tracked?.reversedFen || marker?.settled !== tracked?.settled
  })
  const lostReversals = reversals.filter((eventId) => !markers.reversals.has(eventId.slice('reversal:'.length)))
  return [
    ...wrongSales.map((saleId) => ({ invariant: 'I4', what: `the marker of sale ${saleId} is not as its entries` })),
    ...lostReversals.map((eventId) => ({ invariant: 'I3', what: `no marker of ${eventId}` })),
  ]
}

async function checkMovementMarkers(fundId: string, state: Verification, lastSeq: number): Promise<Problem[]> {
  const names = [...state.movements]
  const proposalIds = [...state.projects.keys()]
  const stored = await loadMovementMarkers(fundId, names, proposalIds)
  const lost = names.filter((eventId) => !stored.movements.has(eventId))
  const wrong = proposalIds.filter((proposalId) => {
    const marker = stored.projects.get(proposalId)
    if ((marker?.seqs.at(-1) ?? 0) > lastSeq) return false
    const tracked = state.projects.get(proposalId)
    return marker?.reservedFen !== tracked?.reservedFen || marker?.spentFen !== tracked?.spentFen
  })
  return [
    ...lost.map((eventId) => ({ invariant: 'I3', what: `no marker of ${eventId}` })),
    ...wrong.map((proposalId) => ({
      invariant: 'I5',
      what: `the marker of project ${proposalId} is not as its entries`,
    })),
  ]
}

/**
 * What went back is found beside the entries, for nobody reads them all. One that is not there, of an entry from before they
 * were kept, is written now: the entry is chained, and says all of it. One that says something else is not touched.
 */
async function checkTakeBacks(fundId: string, expected: readonly TakeBack[]): Promise<Problem[]> {
  const stored = await loadTheseTakeBacks(
    fundId,
    expected.map(({ seq }) => seq),
  )
  const bySeq = new Map(stored.map((back) => [back.seq, back]))
  for (const back of expected) {
    if (bySeq.has(back.seq)) continue
    await saveTakeBack(fundId, back)
    log('warn', 'take-back written anew', { fundId, seq: back.seq })
  }
  return expected.flatMap((back) => differences(`take-back ${back.seq}`, back, bySeq.get(back.seq) ?? back))
}

function differences(name: string, expected: object, stored: object | undefined): Problem[] {
  const right = stored as Readonly<Record<string, unknown>> | undefined
  if (right === undefined) return [{ invariant: 'I6', what: `${name} is missing` }]
  return Object.entries(expected).flatMap(([field, value]) =>
    canonicalJson([value ?? '']) === canonicalJson([right[field] ?? ''])
      ? []
      : [{ invariant: 'I6', what: `${name}: ${field} is not what the entries make of it` }],
  )
}
