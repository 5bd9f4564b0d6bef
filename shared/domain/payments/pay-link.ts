import type { Instant } from '../../kernel/calendar.ts'

/** Links of one order, one after the other: each new one ends the one before. */
export const PAY_LINKS_MAX = 10

export type LinkedOrder = {
  readonly state: string
  readonly expiresAt: Instant
  readonly linkHash: string | undefined
}

/** `checking`: a payment may be under way, and nobody may begin another. `ended`: nothing is told of the order any more. */
export type PayLinkState = 'open' | 'checking' | 'paid' | 'ended'

/**
 * What a pay-for-me link is good for now. One that was withdrawn or replaced has ended, whatever became of the order: who
 * holds it learns nothing more.
 */
export function payLinkState(order: LinkedOrder | undefined, linkHash: string, now: Instant): PayLinkState {
  if (order === undefined || order.linkHash !== linkHash) return 'ended'
  if (order.state === 'paid') return 'paid'
  if (order.state === 'expiring') return 'checking'
  if (order.state !== 'pending_payment') return 'ended'
  return order.expiresAt > now ? 'open' : 'checking'
}
