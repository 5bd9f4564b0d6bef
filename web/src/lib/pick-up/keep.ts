import type { CounterList } from '#shared/domain/orders/offline-counter.ts'
import { produceUrl } from '../produce/index.ts'
import {
  cacheOf,
  counterPath,
  dropList,
  keepList,
  markHandOut,
  sentHandOuts,
  untilSignOut,
  waitingHandOuts,
} from './kept.ts'
import { type Answered, syncWaiting, type Synced } from './sync.ts'

/** Brings a counter's list, its page and its queue up to date; in the browser, and with a network. */

const ANSWER_WITHIN_MS = 15_000

/** Whether this browser can go on without a network at all; of old ones, and over plain http, nothing is asked. */
export const canKeep = (): boolean => 'serviceWorker' in navigator && 'indexedDB' in window && 'caches' in window

export type ListAnswer =
  | { readonly kind: 'kept'; readonly at: string }
  /** Signed out: the list stays, since the same person may come back. */
  | { readonly kind: 'sign-in' }
  /** Not this person's counter. */
  | { readonly kind: 'not-yours' }
  | { readonly kind: 'unreachable' }

/** Fetches the list, and keeps the page and the drawings that it needs. */
export async function keepCounter(compoundId: string, lang: string): Promise<ListAnswer> {
  return (await untilSignOut((ends) => keep(compoundId, lang, ends))) ?? { kind: 'sign-in' }
}

async function keep(compoundId: string, lang: string, ends: AbortSignal): Promise<ListAnswer> {
  // What was recorded before the list is asked for is in it.
  const sent = await sentHandOuts()
  let answer: Response
  let body: Pick<CounterList, 'who' | 'at' | 'more'> & { readonly items: CounterList['orders'] }
  try {
    answer = await fetch(`${counterPath(compoundId)}/offline/list`, {
      signal: AbortSignal.any([ends, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    })
    if (!answer.ok) return refusal(compoundId, answer.status)
    body = (await answer.json()) as typeof body
  } catch {
    return { kind: 'unreachable' }
  }
  const { who, at, more, items } = body
  ends.throwIfAborted()
  await keepList({ compoundId, who, at, more, orders: items }, sent)
  const pictures = new Set(
    items.flatMap((order) => order.shares.flatMap((share) => share.lines)).map((line) => line.picture),
  )
  await keepPage(compoundId, lang, [...pictures].map(produceUrl), ends)
  return { kind: 'kept', at }
}

async function refusal(compoundId: string, status: number): Promise<ListAnswer> {
  if (status === 401) return { kind: 'sign-in' }
  if (status !== 403 && status !== 404) return { kind: 'unreachable' }
  await dropList(compoundId)
  return { kind: 'not-yours' }
}

/**
 * Keeps the page for when there is no network: fetched without cookies, so that it is the one that anybody gets, and put
 * away only once all it needs is there.
 */
async function keepPage(
  compoundId: string,
  lang: string,
  pictures: readonly string[],
  ends: AbortSignal,
): Promise<void> {
  if (!canKeep()) return
  const path = `${counterPath(compoundId)}/offline`
  ends.throwIfAborted()
  await navigator.serviceWorker.register('/service-worker.js', { scope: counterPath(compoundId) })
  const shell = await fetch(`${path}?lang=${lang}`, { credentials: 'omit', signal: ends })
  if (!shell.ok || shell.redirected) return
  const html = await shell.clone().text()
  const parts = [...html.matchAll(/_app\/(?:immutable\/[^"'\s)]+|env\.js)/g)].map(([part]) => `/${part}`)
  const drawings = pictures.map((picture) => new URL(picture, location.href).pathname)
  const wanted = new Set([...parts, ...drawings])
  // A cache that is deleted while this holds it takes what is put into it with it.
  ends.throwIfAborted()
  const cache = await caches.open(cacheOf(compoundId))
  const known = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname))
  await cache.addAll([...wanted].filter((each) => !known.has(each)))
  await cache.put(path, shell)
  for (const each of known) if (each !== path && !wanted.has(each)) await cache.delete(each)
}

/** Sends what waits: one tab at a time where the browser can tell; where it cannot, the ids keep it to once. */
export async function sendWaiting(): Promise<Synced | 'elsewhere'> {
  const sync = () => syncWaiting({ waiting: waitingHandOuts, send, mark: markHandOut })
  if (!('locks' in navigator)) return sync()
  return navigator.locks.request('xianglai-counter', { ifAvailable: true }, async (lock) =>
    lock === null ? 'elsewhere' : sync(),
  )
}

async function send(handOut: Parameters<Parameters<typeof syncWaiting>[0]['send']>[0]): Promise<Answered> {
  const { compoundId, who, orderId, pickUpId, proxy, lines, handedOutAt } = handOut
  try {
    const answer = await fetch(`${counterPath(compoundId)}/offline/hand-outs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ who, orderId, body: { pickUpId, proxy, lines, handedOutAt } }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
    const said = (await answer.json()) as { readonly code?: string; readonly message?: string }
    return { ...said, status: answer.status }
  } catch {
    return { status: 0 }
  }
}
