import { DAY_MS, toMs, type Instant } from '#shared/kernel/time.ts'

export type Window = {
  readonly opensAt: Instant
  readonly closesAt: Instant
  readonly pickUpStartsAt: Instant
  readonly pickUpEndsAt: Instant
}

export const WINDOW_MAX_DAYS = 14
export const AHEAD_MAX_DAYS = 30
/** Money paid on the first day must still be refundable long after the last pick-up (providers stop at 90 days). */
export const PICK_UP_WITHIN_DAYS = 14

/** The first thing that is wrong with a window, by field, or `undefined` when it is right. */
export function windowFault(window: Window, now: Instant): Readonly<Record<string, string>> | undefined {
  const opens = toMs(window.opensAt)
  const closes = toMs(window.closesAt)
  const pickUpStarts = toMs(window.pickUpStartsAt)
  const pickUpEnds = toMs(window.pickUpEndsAt)
  if (closes <= opens) return { closesAt: '截止时间要晚于开团时间' }
  if (closes <= toMs(now)) return { closesAt: '截止时间已过' }
  if (closes - opens > WINDOW_MAX_DAYS * DAY_MS) return { closesAt: `团购最长 ${WINDOW_MAX_DAYS} 天` }
  if (opens > toMs(now) + AHEAD_MAX_DAYS * DAY_MS) return { opensAt: `最早提前 ${AHEAD_MAX_DAYS} 天` }
  if (pickUpStarts < closes) return { pickUpStartsAt: '自提不能早于截止时间' }
  if (pickUpEnds <= pickUpStarts) return { pickUpEndsAt: '自提结束要晚于自提开始' }
  if (pickUpEnds - closes > PICK_UP_WITHIN_DAYS * DAY_MS) {
    return { pickUpEndsAt: `自提要在截止后 ${PICK_UP_WITHIN_DAYS} 天内结束` }
  }
  return undefined
}
