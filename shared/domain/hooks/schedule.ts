import { DAY_MS, HOUR_MS, type Instant, instant, MINUTE_MS, toMs } from '../../kernel/time.ts'

/** As Standard Webhooks recommends: before which attempt how long is waited, three days and some hours in all. */
export const WAITS_MS: readonly number[] = [
  0,
  5_000,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
]
export const TRIES_MAX = WAITS_MS.length
/** Of the wait, by chance on top, so that what failed together does not come back together. */
const JITTER = 0.1
/** A receiver may ask for more patience, but not for so much that news gets lost. */
export const RETRY_AFTER_MAX_MS = 24 * HOUR_MS

/** An attempt takes so long at most, from looking up the name to the last byte that is read. */
export const ATTEMPT_MS = 15_000
/** Who takes a delivery has so long; then it is anybody's again. */
export const LEASE_MS = MINUTE_MS
/** Without one success for so long, and with a delivery given up, a subscription is turned off. */
export const FAILING_MAX_MS = 3 * DAY_MS

/** When to try again after so many attempts; nothing when they are used up. */
export function nextTryAt(tries: number, now: Instant, chance: number, retryAfterMs = 0): Instant | undefined {
  const wait = WAITS_MS[tries]
  if (wait === undefined) return undefined
  const asked = Math.min(retryAfterMs, RETRY_AFTER_MAX_MS)
  return instant(toMs(now) + Math.ceil(Math.max(wait, asked) * (1 + JITTER * chance)))
}

/** A receiver that fails again and again in one run is left alone for a while; what else is due for it loses no attempt. */
const REST_MS = 5 * MINUTE_MS
export function restUntil(now: Instant, chance: number, retryAfterMs = 0): Instant {
  const asked = Math.min(retryAfterMs, RETRY_AFTER_MAX_MS)
  return instant(toMs(now) + Math.ceil(Math.max(REST_MS, asked) * (1 + chance)))
}

/** What was held back until one moment does not come all at once: it is spread over some minutes. */
export function spreadFrom(at: Instant, chance: number): Instant {
  return instant(toMs(at) + Math.ceil(REST_MS * chance))
}

/** `Retry-After`: seconds, or a date. What is neither says nothing. */
export function retryAfterMs(header: string | undefined, now: Instant): number {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  const at = /^[A-Za-z]{3}, /.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? 0 : Math.max(0, at - toMs(now))
}
