import { setTimeout as sleep } from 'node:timers/promises'
import type { SaleEvent } from '#shared/contracts/events.ts'
import type { FundHead } from '#shared/domain/fund/head.ts'
import {
  eventId,
  missingSales,
  postEvents,
  type Markers,
  type Posted,
  type PostingRefusal,
} from '#shared/domain/fund/post-events.ts'
import { Busy } from '#functions/platform/busy.ts'
import { now } from '#functions/platform/clock.ts'
import { log } from '#functions/platform/log.ts'
import { savePosted } from '#functions/platform/table/ledger.ts'
import { sha256 } from './sha256.ts'
import { loadHead, loadMarkers, loadRecordedSale } from './store.ts'

/**
 * Twenty events make at most 82 writes (each a reversal whose sale comes along: two entries and two markers; or one after
 * the settlement: an entry, two markers and what it took back; then the head, and a day that ends), within the hundred of a transaction.
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
  if (together !== 'broken') return together
  if (events.length === 1) return { posted: 0, failed: events.map((event) => ({ event, why: 'BROKEN' })) }
  const singles: PostingResult[] = []
  for (const event of events) singles.push(await postChunk(fundId, [event], 'known'))
  return {
    posted: singles.reduce((sum, single) => sum + single.posted, 0),
    failed: singles.flatMap((single) => single.failed),
  }
}

/** Reads, decides, writes; whatever was in the way, reads again and decides again. What is posted by then drops out. */
async function tryPosting(
  fundId: string,
  events: readonly SaleEvent[],
  expect: Expect,
): Promise<PostingResult | 'broken'> {
  let posted = 0
  let left = events
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    if (attempt > 0) await sleep(Math.random() * Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** attempt))
    try {
      const decided = await decide(fundId, left, attempt === 0 ? expect : 'known')
      const { entries, refused } = decided.posted
      if (entries.length > 0 && (await savePosted(decided.head, decided.posted)) === 'stale') continue
      posted += entries.length
      left = refused.map(({ event }) => event)
      if (left.length === 0 || (await areRefused(fundId, refused))) {
        return { posted, failed: refused.map(({ event, code }) => ({ event, why: code })) }
      }
    } catch (error) {
      if (error instanceof Busy) continue
      log('error', 'posting broke', {
        fundId,
        events: events.length,
        error: error instanceof Error ? error.name : 'unknown',
      })
      return 'broken'
    }
  }
  // Under pressure of load singles would only add to it: all of these come again.
  return { posted, failed: left.map((event) => ({ event, why: 'BUSY' })) }
}

async function decide(fundId: string, events: readonly SaleEvent[], expect: Expect) {
  const [head, markers] = await Promise.all([
    loadHead(fundId),
    loadMarkers(fundId, events, expect === 'new' ? 'named' : 'all'),
  ])
  return decideOn(fundId, head, markers, events)
}

async function decideOn(fundId: string, head: FundHead, markers: Markers, events: readonly SaleEvent[]) {
  const brought = await bringSales(markers, events)
  return { head, posted: postEvents(head, markers, [...events, ...brought], now(), sha256) }
}

const LOOKS = 2
const BETWEEN_LOOKS_MS = 20

/**
 * A refusal is for good and calls for a person, so it is not believed at once: markers that were read while somebody posted
 * may tell of the sale after a reversal and not of the reversal. It holds when two more looks find the same, with the head
 * read before and after the markers of each, and nothing posted from the first to the last.
 */
async function areRefused(fundId: string, refused: Posted['refused']): Promise<boolean> {
  const events = refused.map(({ event }) => event)
  const seqs = new Set<number>()
  for (let look = 0; look < LOOKS; look++) {
    await sleep(BETWEEN_LOOKS_MS)
    const head = await loadHead(fundId)
    const again = await decideOn(fundId, head, await loadMarkers(fundId, events, 'all'), events)
    if (namesOf(again.posted.refused) !== namesOf(refused)) return false
    seqs.add(head.seq).add((await loadHead(fundId)).seq)
  }
  return seqs.size === 1
}

function namesOf(refused: Posted['refused']): string {
  return refused.map(({ event, code }) => `${eventId(event)} ${code}`).join()
}

async function bringSales(markers: Markers, events: readonly SaleEvent[]): Promise<SaleEvent[]> {
  const found = await Promise.all(missingSales(markers, events).map((event) => loadRecordedSale(event)))
  return found.filter((sale) => sale !== undefined)
}
