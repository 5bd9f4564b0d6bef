import { CLOSING_SOON_HOURS, PICK_UP_ENDS_SOON_HOURS } from '../../contracts/notifications.ts'
import { HOUR_MS, type Instant, instant, MINUTE_MS, toMs } from '../../kernel/time.ts'

export type RemindableGroupBuy = {
  readonly state: string
  readonly opensAt: Instant
  readonly closesAt: Instant
  readonly pickUpStartsAt: Instant
  readonly pickUpEndsAt: Instant
}

export type ReminderKind = 'closing-soon' | 'pick-up-ends-soon'

/** Of a window shorter than twice the hours, its middle: nobody is reminded of what has just begun. */
function before(beginsAt: Instant, endsAt: Instant, hours: number): Instant {
  const middle = Math.ceil((toMs(beginsAt) + toMs(endsAt)) / 2)
  return instant(Math.max(middle, toMs(endsAt) - hours * HOUR_MS))
}

export function closingReminderAt({ opensAt, closesAt }: RemindableGroupBuy): Instant {
  return before(opensAt, closesAt, CLOSING_SOON_HOURS)
}

export function pickUpReminderAt({ pickUpStartsAt, pickUpEndsAt }: RemindableGroupBuy): Instant {
  return before(pickUpStartsAt, pickUpEndsAt, PICK_UP_ENDS_SOON_HOURS)
}

const orderable: readonly string[] = ['scheduled', 'open']
const handedOut: readonly string[] = ['confirmed', 'receiving', 'distributing']

/** Which reminder of a group buy is due, and the moment it is due at, which names it for ever. */
export function dueReminder(
  groupBuy: RemindableGroupBuy,
  now: Instant,
): { readonly kind: ReminderKind; readonly at: Instant } | undefined {
  const closing = closingReminderAt(groupBuy)
  if (orderable.includes(groupBuy.state) && closing <= now && now < groupBuy.closesAt) {
    return { kind: 'closing-soon', at: closing }
  }
  const pickUp = pickUpReminderAt(groupBuy)
  if (handedOut.includes(groupBuy.state) && pickUp <= now && now < groupBuy.pickUpEndsAt) {
    return { kind: 'pick-up-ends-soon', at: pickUp }
  }
  return undefined
}

/** A slow request must have arrived before the clock looks who has asked. */
const ASK_BEFORE_MS = MINUTE_MS

/** Whether one can still ask to be reminded of the closing. */
export function canAsk(groupBuy: RemindableGroupBuy, now: Instant): boolean {
  return orderable.includes(groupBuy.state) && toMs(now) < toMs(closingReminderAt(groupBuy)) - ASK_BEFORE_MS
}
