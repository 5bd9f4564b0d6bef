import { HOUR_MS, type Instant, instant, MINUTE_MS, plusMs, toMs } from '../../kernel/time.ts'

/** News is sent for a day; whoever comes later reads it in the inbox. */
export const DELIVER_WITHIN_HOURS = 24
/** Who takes a message has so long to send it before another may. */
export const LEASE_MS = 5 * MINUTE_MS

const FIRST_WAIT_MS = MINUTE_MS
const WAIT_MAX_MS = 2 * HOUR_MS

/**
 * When to try again after so many attempts: twice as long each time, at most two hours, and of that between a half and all,
 * by chance, so that what failed together does not come back together. Nothing when the time for it is over.
 */
export function nextAttemptAt(createdAt: Instant, attempts: number, now: Instant, chance: number): Instant | undefined {
  const wait = Math.min(WAIT_MAX_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts, 30))
  const next = instant(toMs(now) + Math.ceil(wait * (0.5 + chance / 2)))
  return isTooOld(createdAt, next) ? undefined : next
}

export function isTooOld(createdAt: Instant, now: Instant): boolean {
  return plusMs(createdAt, DELIVER_WITHIN_HOURS * HOUR_MS) <= now
}
