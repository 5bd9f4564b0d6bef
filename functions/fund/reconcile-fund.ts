import type { SaleEvent } from '#shared/contracts/events.ts'
import { eventId, type PostingRefusal } from '#shared/domain/fund/post-events.ts'
import { plusDays, shanghaiDay, type Instant, type ShanghaiDay } from '#shared/kernel/time.ts'
import { saveCheck, saveSeal } from '#functions/platform/table/ledger.ts'
import { checkLedger, type Problem } from './check-ledger.ts'
import { postToFund, type PostingResult } from './post-to-fund.ts'
import { loadCheck, loadLastClosedDay, loadSaleEvents, loadSeals } from './store.ts'

/** Days that are still compared key by key; what is older is sealed by count and sum. */
const OPEN_DAYS = 3
/** How far the first sweep of a fund looks back; later ones begin where the last one ended. */
const FIRST_LOOK_DAYS = 30
/** After a long outage a sweep does this many days and leaves the rest to the next. */
const DAYS_A_SWEEP = 40
const PROBLEMS_MAX = 100

export type Reconciled = {
  readonly ok: boolean
  /** Events of the market that were compared key by key. */
  readonly events: number
  /** Entries that were missing and are posted now. */
  readonly posted: number
  readonly problems: readonly Problem[]
}

/**
 * Finds and mends what the stream lost, independently of the stream (I9), then replays the ledger (I1–I8). `whole` replays
 * from the first entry and recounts every sealed day; else both begin at the last sealed day.
 */
export async function reconcileFund(fundId: string, now: Instant, whole: boolean): Promise<Reconciled> {
  const today = shanghaiDay(now)
  const check = await loadCheck(fundId)
  const from = check === undefined ? plusDays(today, 1 - FIRST_LOOK_DAYS) : plusDays(check.sealedThrough, 1)
  const days = daysToSweep(from, today)
  const start = whole ? undefined : await loadLastClosedDay(fundId, plusDays(from, -1))
  // Entries are read before events: an event is always there before its entry, so an entry without one has none.
  const entries: EntryName[] = []
  const ledgerProblems = await checkLedger(fundId, start, (some) =>
    entries.push(...some.map(({ seq, eventId, occurredAt }) => ({ seq, eventId, day: shanghaiDay(occurredAt) }))),
  )
  const swept = await sweep(fundId, days, ledgerProblems.length === 0)
  const problems = [
    ...ledgerProblems,
    ...swept.problems,
    ...inventedEntries(entries, swept),
    ...(await recountSealed(fundId, plusDays(from, -1), whole, today)),
  ]
  const ok = problems.length === 0
  const lastToSeal = ledgerProblems.length === 0 ? plusDays(today, -OPEN_DAYS) : ''
  await seal(fundId, swept, lastToSeal, plusDays(from, -1), now, ok)
  const events = swept.byDay.reduce((sum, day) => sum + day.events.length, 0)
  return { ok, events, posted: swept.posted, problems: problems.slice(0, PROBLEMS_MAX) }
}

type EntryName = { readonly seq: number; readonly eventId: string; readonly day: ShanghaiDay }
type Day = { readonly day: ShanghaiDay; readonly events: readonly SaleEvent[]; readonly whole: boolean }
const NOTHING_POSTED: PostingResult = { posted: 0, failed: [] }

type Swept = { readonly byDay: readonly Day[]; readonly posted: number; readonly problems: readonly Problem[] }

const refusalInvariant: Readonly<Record<PostingRefusal | 'BUSY' | 'BROKEN', string>> = {
  OTHER_FUND: 'I9',
  RATE_WITHOUT_AGREEMENT: 'I2',
  EVENT_DIFFERS: 'I3',
  SALE_UNKNOWN: 'I9',
  REVERSED_MORE_THAN_SOLD: 'I4',
  BUSY: 'I9',
  BROKEN: 'I9',
}

/**
 * Compares each event of these days with its marker by key, and posts what is missing by the same way as the stream.
 * A ledger that is not in order is not written to: without its markers, mending would post things twice.
 */
async function sweep(fundId: string, days: readonly ShanghaiDay[], inOrder: boolean): Promise<Swept> {
  const byDay: Day[] = []
  const problems: Problem[] = []
  let posted = 0
  for (const day of days) {
    const events = await loadSaleEvents(fundId, day)
    const result: PostingResult = inOrder ? await postToFund(fundId, events, 'known') : NOTHING_POSTED
    posted += result.posted
    problems.push(
      ...result.failed.map(({ event, why }) => ({
        invariant: refusalInvariant[why],
        what: `${eventId(event)} of ${day} is not posted: ${why}`,
      })),
    )
    byDay.push({ day, events, whole: result.failed.length === 0 })
  }
  return { byDay, posted, problems }
}

/** Entries of swept days that no event explains. */
function inventedEntries(entries: readonly EntryName[], { byDay }: Swept): Problem[] {
  const known = new Map(byDay.map(({ day, events }) => [day, new Set(events.map(eventId))]))
  return entries
    .filter((entry) => known.get(entry.day)?.has(entry.eventId) === false)
    .map((entry) => ({ invariant: 'I9', what: `entry ${entry.seq} (${entry.eventId}) has no event` }))
}

/** Sealed days are counted again in the market: all of them, or each night another one of the last thirty. */
async function recountSealed(
  fundId: string,
  lastSealed: ShanghaiDay,
  whole: boolean,
  today: ShanghaiDay,
): Promise<Problem[]> {
  const since = whole ? plusDays(today, -365) : plusDays(today, -FIRST_LOOK_DAYS)
  const seals = await loadSeals(fundId, since, lastSealed)
  const tonight = seals.length === 0 ? 0 : Number(today.slice(-2)) % seals.length
  const problems: Problem[] = []
  for (const kept of whole ? seals : seals.slice(tonight, tonight + 1)) {
    const counted = countOf(await loadSaleEvents(fundId, kept.day))
    if (counted.eventCount !== kept.eventCount || counted.netFen !== kept.netFen) {
      problems.push({ invariant: 'I9', what: `events of ${kept.day} are not those that were sealed` })
    }
  }
  return problems
}

function countOf(events: readonly SaleEvent[]): { eventCount: number; netFen: number } {
  let netFen = 0
  for (const event of events) {
    if (event.type === 'sale.recorded.v1') netFen += event.amountFen
    if (event.type === 'sale.reversed.v1') netFen -= event.amountFen
  }
  return { eventCount: events.length, netFen }
}

/** Seals days in order, up to the first one with something open. */
async function seal(
  fundId: string,
  { byDay }: Swept,
  lastToSeal: ShanghaiDay,
  sealedBefore: ShanghaiDay,
  checkedAt: Instant,
  ok: boolean,
): Promise<void> {
  let sealedThrough = sealedBefore
  for (const { day, events, whole } of byDay) {
    if (!whole || day > lastToSeal) break
    if (events.length > 0) await saveSeal({ fundId, day, ...countOf(events) })
    sealedThrough = day
  }
  await saveCheck({ fundId, sealedThrough, checkedAt, ok })
}

/** From the last seal to today. If that is too much for one sweep: the oldest, to get on with sealing, and the open ones. */
function daysToSweep(from: ShanghaiDay, today: ShanghaiDay): ShanghaiDay[] {
  const days: ShanghaiDay[] = []
  for (let day = from; day <= today; day = plusDays(day, 1)) days.push(day)
  return days.length <= DAYS_A_SWEEP ? days : [...days.slice(0, DAYS_A_SWEEP - OPEN_DAYS), ...days.slice(-OPEN_DAYS)]
}
