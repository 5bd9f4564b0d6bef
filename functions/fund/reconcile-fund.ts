import type { SaleEvent } from '#shared/contracts/events.ts'
import { saleEntryKinds } from '#shared/contracts/fund.ts'
import { eventId, type PostingRefusal } from '#shared/domain/fund/post-events.ts'
import { plusDays, shanghaiDay, type Instant, type ShanghaiDay } from '#shared/kernel/time.ts'
import { saveCheck, saveSeal } from '#functions/platform/table/ledger.ts'
import { loadLastClosedDay } from '#functions/platform/table/closed-days.ts'
import { checkLedger, type EntryName, type Problem } from './check-ledger.ts'
import { checkManualEntries, checkManualRecords } from './check-manual-entries.ts'
import { checkProjectEntries } from './check-projects.ts'
import { checkRemittanceEntries, checkRemittanceLines } from './check-remittances.ts'
import { postToFund, type PostingResult } from './post-to-fund.ts'
import { loadCheck, loadSaleEvents, loadSeals } from './store.ts'

/** Days that are still compared key by key; what is older is sealed by count and sum. */
const OPEN_DAYS = 3
/** How far the first sweep of a fund looks back; later ones begin where the last one ended. */
const FIRST_LOOK_DAYS = 30
/** After a long outage a sweep does this many days and leaves the rest to the next. */
const DAYS_A_SWEEP = 40
/** Seals that a whole check recounts. */
const SEALS_KEPT_DAYS = 365
const PROBLEMS_MAX = 100

export type Reconciled = {
  /** False: the time ran out, or others posted all the while. Asked again with `fromDay` it goes on. */
  readonly done: boolean
  /** Up to the end of this day the ledger is checked; absent: begin again. */
  readonly fromDay?: ShanghaiDay
  /** Nothing is wrong in what was checked. */
  readonly ok: boolean
  /** Events of the market that were compared key by key. */
  readonly events: number
  /** Entries that were missing and are posted now. */
  readonly posted: number
  readonly problems: readonly Problem[]
}

export type Wish = {
  /** Replays from the first entry and recounts every sealed day; else both begin at the last sealed day. */
  readonly whole: boolean
  /** With `whole`: goes on after this day, where an earlier answer stopped. */
  readonly fromDay?: ShanghaiDay | undefined
  readonly hasTime: () => boolean
}

/**
 * Replays the ledger (I1–I8), compares its remittances and what was posted by hand and
 * projects with their own records (I11, I12, I13), then
 * finds and mends what the stream lost, independently of the stream (I9). When the time runs out it stops: in the replay and
 * in the sweep behind a day that is sealed.
 */
export async function reconcileFund(fundId: string, now: Instant, wish: Wish): Promise<Reconciled> {
  const { whole, hasTime } = wish
  const today = shanghaiDay(now)
  const check = await loadCheck(fundId)
  const from = check === undefined ? plusDays(today, 1 - FIRST_LOOK_DAYS) : plusDays(check.sealedThrough, 1)
  const sealed = plusDays(from, -1)
  const start = await startOf(fundId, whole ? wish.fromDay : sealed, sealed)
  // Entries of days that are not sealed are always replayed together with their events: only before them may it stop.
  const lastSealed = (days: readonly ShanghaiDay[]) => days.findLast((day) => day <= sealed)
  const mayStop = (days: readonly ShanghaiDay[]) => lastSealed(days) !== undefined && !hasTime()
  // Entries are read before events: an event is always there before its entry, so an entry without one has none.
  const ledger = await checkLedger(fundId, { from: start, mayStop })
  const fromDay = lastSealed(ledger.days) ?? start?.day
  const goOn = fromDay === undefined ? {} : { fromDay }
  const recounted = await recountSealed(
    fundId,
    sealsToRecount(whole, today, start?.day, ledger.whole ? sealed : fromDay),
  )
  const before = [
    ...ledger.problems,
    ...recounted,
    ...(await checkRemittanceEntries(fundId, ledger.remittances)),
    ...(await checkManualEntries(fundId, ledger.manual)),
    ...(await checkProjectEntries(fundId, ledger.projects)),
    ...(ledger.whole ? await checkManualRecords(fundId) : []),
    ...(ledger.whole ? await checkRemittanceLines(fundId, now, { whole, replayed: ledger.remittances }) : []),
  ]
  if (!ledger.whole) {
    return {
      done: false,
      ...goOn,
      ok: before.length === 0,
      events: 0,
      posted: 0,
      problems: before.slice(0, PROBLEMS_MAX),
    }
  }
  const lastToSeal = ledger.problems.length === 0 ? plusDays(today, -OPEN_DAYS) : ''
  const swept = await sweep(fundId, daysToSweep(from, today), lastToSeal, hasTime)
  const problems = [...before, ...swept.problems, ...inventedEntries(ledger.entries, swept)]
  const ok = problems.length === 0
  const sealedThrough = await seal(fundId, swept, lastToSeal, sealed)
  await saveCheck({ fundId, sealedThrough, ...(swept.done ? { checkedAt: now, ok } : {}) })
  const events = swept.byDay.reduce((sum, day) => sum + day.events.length, 0)
  const result = { ok, events, posted: swept.posted, problems: problems.slice(0, PROBLEMS_MAX) }
  return swept.done ? { done: true, ...result } : { done: false, ...goOn, ...result }
}

async function startOf(fundId: string, after: ShanghaiDay | undefined, sealed: ShanghaiDay) {
  return after === undefined ? undefined : loadLastClosedDay(fundId, after < sealed ? after : sealed)
}

type Day = { readonly day: ShanghaiDay; readonly events: readonly SaleEvent[]; readonly whole: boolean }
const NOTHING_POSTED: PostingResult = { posted: 0, failed: [] }

type Swept = {
  /** Every day was compared, and nothing is left for being busy. */
  readonly done: boolean
  readonly byDay: readonly Day[]
  readonly posted: number
  readonly problems: readonly Problem[]
}

const refusalInvariant: Readonly<Record<PostingRefusal | 'BROKEN', string>> = {
  OTHER_FUND: 'I9',
  RATE_WITHOUT_AGREEMENT: 'I2',
  EVENT_DIFFERS: 'I3',
  SALE_UNKNOWN: 'I9',
  REVERSED_MORE_THAN_SOLD: 'I4',
  BROKEN: 'I9',
}

/**
 * Compares each event of these days with its marker by key, and posts what is missing by the same way as the stream.
 * A ledger that is not in order is not written to: without its markers, mending would post things twice.
 */
async function sweep(
  fundId: string,
  days: readonly ShanghaiDay[],
  lastToSeal: ShanghaiDay,
  hasTime: () => boolean,
): Promise<Swept> {
  const inOrder = lastToSeal !== ''
  const byDay: Day[] = []
  const problems: Problem[] = []
  let posted = 0
  let done = true
  for (const day of days) {
    // It stops only behind days that are sealed now, so that the next sweep begins further on.
    const getsOn = byDay.length > 0 && day <= lastToSeal && byDay.every((before) => before.whole)
    if (getsOn && !hasTime()) return { done: false, byDay, posted, problems }
    const events = await loadSaleEvents(fundId, day)
    const result: PostingResult = inOrder ? await postToFund(fundId, events, 'known') : NOTHING_POSTED
    posted += result.posted
    for (const { event, why } of result.failed) {
      if (why === 'BUSY') done = false
      else
        problems.push({ invariant: refusalInvariant[why], what: `${eventId(event)} of ${day} is not posted: ${why}` })
    }
    byDay.push({ day, events, whole: result.failed.length === 0 })
  }
  return { done, byDay, posted, problems }
}

/** Entries of swept days that no event explains. */
function inventedEntries(entries: readonly EntryName[], { byDay }: Swept): Problem[] {
  const known = new Map(byDay.map(({ day, events }) => [day, new Set(events.map(eventId))]))
  return entries
    .filter(({ kind }) => (saleEntryKinds as readonly string[]).includes(kind))
    .filter((entry) => known.get(entry.day)?.has(entry.eventId) === false)
    .map((entry) => ({ invariant: 'I9', what: `entry ${entry.seq} (${entry.eventId}) has no event` }))
}

/** `night`: only one of the days, another one each night. */
type Days = { readonly from: ShanghaiDay; readonly to: ShanghaiDay; readonly night?: number }

/** All sealed days of the part that is replayed, or each night another one of the last thirty. */
function sealsToRecount(
  whole: boolean,
  today: ShanghaiDay,
  startDay: ShanghaiDay | undefined,
  to: ShanghaiDay | undefined,
): Days {
  const yearAgo = plusDays(today, -SEALS_KEPT_DAYS)
  if (!whole) return { from: plusDays(today, -FIRST_LOOK_DAYS), to: to ?? '', night: Number(today.slice(-2)) }
  const next = startDay === undefined ? yearAgo : plusDays(startDay, 1)
  return { from: next < yearAgo ? yearAgo : next, to: to ?? '' }
}

async function recountSealed(fundId: string, { from, to, night }: Days): Promise<Problem[]> {
  const seals = await loadSeals(fundId, from, to)
  const one = night === undefined || seals.length === 0 ? 0 : night % seals.length
  const problems: Problem[] = []
  for (const kept of night === undefined ? seals : seals.slice(one, one + 1)) {
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

/** Seals days in order, up to the first one with something open. Returns the last day that is sealed now. */
async function seal(
  fundId: string,
  { byDay }: Swept,
  lastToSeal: ShanghaiDay,
  sealedBefore: ShanghaiDay,
): Promise<ShanghaiDay> {
  let sealedThrough = sealedBefore
  for (const { day, events, whole } of byDay) {
    if (!whole || day > lastToSeal) break
    if (events.length > 0) await saveSeal({ fundId, day, ...countOf(events) })
    sealedThrough = day
  }
  return sealedThrough
}

/** From the last seal to today. If that is too much for one sweep: the oldest, to get on with sealing, and the open ones. */
function daysToSweep(from: ShanghaiDay, today: ShanghaiDay): ShanghaiDay[] {
  const days: ShanghaiDay[] = []
  for (let day = from; day <= today; day = plusDays(day, 1)) days.push(day)
  return days.length <= DAYS_A_SWEEP ? days : [...days.slice(0, DAYS_A_SWEEP - OPEN_DAYS), ...days.slice(-OPEN_DAYS)]
}
