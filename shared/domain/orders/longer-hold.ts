import { refused, type Refused } from '../../kernel/outcome.ts'
import { type Instant, MINUTE_MS, plusMs } from '../../kernel/calendar.ts'

/** For somebody in another city who is not looking at the phone right now. */
export const LONGER_HOLD_MINUTES = 120

export type HeldOrder = {
  readonly state: string
  readonly endsAs?: 'expired' | 'cancelled' | undefined
  readonly expiresAt: Instant
  readonly hasPayLink: boolean
}

export type LongerHoldRefusal = UnpayableRefusal | 'PAY_LINK_NEEDED' | 'CLOSES_TOO_SOON'
export type UnpayableRefusal = 'ORDER_ALREADY_PAID' | 'ORDER_CANCELLED' | 'ORDER_EXPIRED'

/** Why an order cannot be paid any more; nothing while it can. */
export function unpayable(order: Omit<HeldOrder, 'hasPayLink'>, now: Instant): Refused<UnpayableRefusal> | undefined {
  if (order.state === 'paid') return refused('ORDER_ALREADY_PAID', '订单已经付款')
  if (order.state === 'cancelled' || order.endsAs === 'cancelled') return refused('ORDER_CANCELLED', '订单已取消')
  if (order.state !== 'pending_payment' || order.expiresAt <= now) {
    return refused('ORDER_EXPIRED', '订单已过期，请重新下单')
  }
  return undefined
}

/**
 * Until when an unpaid order with a pay-for-me link is held instead of its fifteen minutes: two hours from now, and never
 * past the closing of any of its group buys, for the closing waits for whoever may still pay. That it happens once for an
 * order, and to one unpaid order of a household at a time, is for the transaction to see.
 */
export function decideLongerHold(
  order: HeldOrder,
  closings: readonly Instant[],
  now: Instant,
): { readonly kind: 'longer'; readonly until: Instant } | Refused<LongerHoldRefusal> {
  const ended = unpayable(order, now)
  if (ended !== undefined) return ended
  if (!order.hasPayLink) return refused('PAY_LINK_NEEDED', '先做一个代付链接，再延长保留时间')
  const until = longerHoldUntil(closings, now)
  if (until <= order.expiresAt) return refused('CLOSES_TOO_SOON', '团购快截止了，不能再多留，请尽快付款')
  return { kind: 'longer', until }
}

export function longerHoldUntil(closings: readonly Instant[], now: Instant): Instant {
  return closings.reduce(
    (until, closesAt) => (closesAt < until ? closesAt : until),
    plusMs(now, LONGER_HOLD_MINUTES * MINUTE_MS),
  )
}
