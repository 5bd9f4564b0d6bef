import type { LedgerEntry } from '#shared/contracts/fund.ts'
import { canonicalJson } from '#shared/domain/fund/canonical-json.ts'
import { emptyHead, type ClosedDay, type FundHead } from '#shared/domain/fund/head.ts'
import {
  finishReplay,
  knowSale,
  startVerification,
  verifyEntry,
  type Verification,
} from '#shared/domain/fund/verify-ledger.ts'
import { sha256 } from './sha256.ts'
import { loadClosedDays, loadEntries, loadEntriesBySeq, loadHead, loadMarkersByName } from './store.ts'

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

/**
 * Replays the ledger by the rules and compares everything that is stored beside the entries: head, finished days,
 * markers. From the end of a finished day, or from the first entry.
 */
export async function checkLedger(
  fundId: string,
  from: ClosedDay | undefined,
  onEntries: (entries: readonly LedgerEntry[]) => void,
): Promise<Problem[]> {
  const head = await loadHead(fundId)
  const state = startVerification(sha256, startOf(fundId, from))
  const saleIds = new Set<string>()
  const problems: Problem[] = []
  for (let next = (from?.seq ?? 0) + 1; next <= head.seq;) {
    const entries = await loadEntries(fundId, { from: next, to: head.seq, limit: ENTRIES_AT_ONCE })
    const last = entries.at(-1)
    if (last === undefined) break
    await tellEarlierSales(state, fundId, entries, from?.seq ?? 0)
    for (const entry of entries) {
      verifyEntry(state, entry)
      if (entry.saleId !== undefined) saleIds.add(entry.saleId)
    }
    onEntries(entries)
    next = last.seq + 1
  }
  const replayed = finishReplay(state)
  problems.push(...replayed.problems.map(({ code, what }) => ({ invariant: invariantOf[code], what })))
  problems.push(...differences('head', { ...startOf(fundId, from), ...replayed.head }, head))
  problems.push(...(await checkClosedDays(fundId, state, head)))
  problems.push(...(await checkMarkers(fundId, state, saleIds, head.seq)))
  return problems
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
  const seqs = [...sales.values()].flatMap((sale) => sale.seqs.filter((seq) => seq <= start))
  const earlier = await loadEntriesBySeq(fundId, seqs)
  knowSale(
    state,
    earlier.sort((left, right) => left.seq - right.seq),
  )
}

async function checkClosedDays(fundId: string, state: Verification, head: FundHead): Promise<Problem[]> {
  const first = state.closedDays[0]
  if (first === undefined) return []
  const stored = await loadClosedDays(fundId, first.day, head.openDay?.day ?? first.day)
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

function differences(name: string, expected: object, stored: object | undefined): Problem[] {
  const right = stored as Readonly<Record<string, unknown>> | undefined
  if (right === undefined) return [{ invariant: 'I6', what: `${name} is missing` }]
  return Object.entries(expected).flatMap(([field, value]) =>
    canonicalJson([value ?? '']) === canonicalJson([right[field] ?? ''])
      ? []
      : [{ invariant: 'I6', what: `${name}: ${field} is not what the entries make of it` }],
  )
}
