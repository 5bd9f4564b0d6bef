import { DAY_MS, type Instant, plusMs, shanghaiDay, toMs } from '../../kernel/calendar.ts'

/** So long after the end of its pick-up the goods of a group buy are still looked for at the counter. */
export const PICK_UP_OVER_DAYS = 7

type Times = { readonly closesAt: Instant; readonly pickUpStartsAt: Instant; readonly pickUpEndsAt: Instant }

/** Are goods of this group buy handed out now? From its closing, since goods may come early, to a week after the pick-up. */
export function isAtCounter({ closesAt, pickUpEndsAt }: Omit<Times, 'pickUpStartsAt'>, now: Instant): boolean {
  return toMs(closesAt) <= toMs(now) && toMs(now) <= toMs(pickUpEndsAt) + PICK_UP_OVER_DAYS * DAY_MS
}

/** No group buy that closed before this is at the counter any more: pick-up ends within so many days of the closing. */
export function earliestClosing(now: Instant, pickUpWithinDays: number): Instant {
  return plusMs(now, -(pickUpWithinDays + PICK_UP_OVER_DAYS) * DAY_MS)
}

/** Has the day of pick-up come? People come before the hour, and so do the goods. */
export function hasBegun({ pickUpStartsAt }: Pick<Times, 'pickUpStartsAt'>, now: Instant): boolean {
  return shanghaiDay(pickUpStartsAt) <= shanghaiDay(now)
}
