import { setTimeout as sleep } from 'node:timers/promises'
import type { SaleEvent } from '#shared/contracts/events.ts'
import { missingSales, postEvents, type Markers, type PostingRefusal } from '#shared/domain/fund/post-events.ts'
import { Busy } from '#functions/platform/busy.ts'
import { now } from '#functions/platform/clock.ts'
import { log } from '#functions/platform/log.ts'
import { savePosted } from '#functions/platform/table/ledger.ts'
import { sha256 } from './sha256.ts'
import { loadHead, loadMarkers, loadRecordedSale } from './store.ts'

/**
 * Twenty events make at most 83 writes (each a reversal whose sale comes along: two entries and two markers, then the
 * head, and a day that ends), within the hundred of a transaction.
 */
export const EVENTS_A_POSTING = 20
const ATTEMPTS_MAX = 8
const BACKOFF_FIRST_MS = 5
const BACKOFF_MAX_MS = 400

export type PostingResult = {
  /** Entries written now, including sales that were brought along. */
  readonly posted: number
  /** Events that are not posted: refused for good, or not finished this time. */
  readonly failed: readonly { readonly event: SaleEvent; readonly why: PostingRefusal | 'BUSY' | 'BROKEN' }[]
}

/**
 * What the caller expects of sales. `new`: nearly all are, so their markers are not read and the markers' own conditions
 * say which are not. `known`: they may well be posted, so the markers are read first and nothing is written in vain.
 */
export type Expect = 'new' | 'known'

/**
 * The one way into the ledger, for the stream and for the sweep alike. Events of one fund, in any order, told any number
 * of times; after it every event that is not in `failed` is posted once.
 */
export async function postToFund(
  fundId: string,
  events: readonly SaleEvent[],
  expect: Expect = 'new',
): Promise<PostingResult> {
  let posted = 0
  const failed: { event: SaleEvent; why: PostingRefusal | 'BUSY' | 'BROKEN' }[] = []
  for (let from = 0; from < events.length; from += EVENTS_A_POSTING) {
    const result = await postChunk(fundId, events.slice(from, from + EVENTS_A_POSTING), expect)
    posted += result.posted
    failed.push(...result.failed)
  }
  return { posted, failed }
}

async function postChunk(fundId: string, events: readonly SaleEvent[], expect: Expect): Promise<PostingResult> {
  const together = await tryPosting(fundId, events, expect)
  if (together.kind === 'posted') return together
  // Under pressure of load singles would only add to it: all of these come again.
  if (together.kind === 'busy') return { posted: 0, failed: events.map((event) => ({ event, why: 'BUSY' })) }
  if (events.length === 1) return { posted: 0, failed: events.map((event) => ({ event, why: 'BROKEN' })) }
  const singles: PostingResult[] = []
  for (const event of events) singles.push(await postChunk(fundId, [event], 'known'))
  return {
    posted: singles.reduce((sum, single) => sum + single.posted, 0),
    failed: singles.flatMap((single) => single.failed),
  }
}

type Tried = ({ readonly kind: 'posted' } & PostingResult) | { readonly kind: 'busy' } | { readonly kind: 'broken' }

/** Reads, decides, writes; whatever was in the way, reads again and decides again. What is posted by then drops out. */
async function tryPosting(fundId: string, events: readonly SaleEvent[], expect: Expect): Promise<Tried> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    if (attempt > 0) await sleep(Math.random() * Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** attempt))
    try {
      const decided = await decide(fundId, events, attempt === 0 ? expect : 'known')
      const failed = decided.posted.refused.map(({ event, code }) => ({ event, why: code }))
      const count = decided.posted.entries.length
      if (count === 0) return { kind: 'posted', posted: 0, failed }
      if ((await savePosted(decided.head, decided.posted)) === 'saved') return { kind: 'posted', posted: count, failed }
    } catch (error) {
      if (error instanceof Busy) continue
      log('error', 'posting broke', {
        fundId,
        events: events.length,
        error: error instanceof Error ? error.name : 'unknown',
      })
      return { kind: 'broken' }
    }
  }
  return { kind: 'busy' }
}

async function decide(fundId: string, events: readonly SaleEvent[], expect: Expect) {
  const [head, markers] = await Promise.all([
    loadHead(fundId),
    loadMarkers(fundId, events, expect === 'new' ? 'named' : 'all'),
  ])
  const brought = await bringSales(markers, events)
  return { head, posted: postEvents(head, markers, [...events, ...brought], now(), sha256) }
}

async function bringSales(markers: Markers, events: readonly SaleEvent[]): Promise<SaleEvent[]> {
  const found = await Promise.all(missingSales(markers, events).map((event) => loadRecordedSale(event)))
  return found.filter((sale) => sale !== undefined)
}
