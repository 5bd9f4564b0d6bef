import type { Instant } from '#shared/kernel/time.ts'
import type { PaymentPort } from '#functions/platform/payments/port.ts'
import { loadOrderParts } from '#functions/platform/table/order-partition.ts'
import { applyPayment } from './payment-store.ts'
import { markExpiring, release } from './release-store.ts'

/** `held`: its time is not over; it is held longer than whoever found it had read. */
export type GivenUp = 'released' | 'paid' | 'later' | 'held'

/**
 * Gives up an unpaid order: mark it, end its payment pages at the provider, and only then release its stock. A page that
 * turns out to be paid makes the order paid. Every step is conditional and may be repeated: killed anywhere, the next tick
 * goes on. If the provider does not answer, the order waits in `expiring` (`later`).
 */
export async function giveUp(
  orderId: string,
  endsAs: 'expired' | 'cancelled',
  provider: PaymentPort,
  at: Instant,
): Promise<GivenUp> {
  const found = await loadOrderParts(orderId)
  if (found === undefined) return 'released'
  if (found.order.state === 'pending_payment') await markExpiring(found.order, endsAs, at)
  // Read again: between the first read and the mark another page may have been opened, or the order been paid.
  const marked = await loadOrderParts(orderId)
  if (marked?.order.state === 'paid') return 'paid'
  if (marked?.order.state === 'pending_payment') return 'held'
  if (marked?.order.state !== 'expiring') return 'released'
  for (const sessionId of marked.order.sessionIds) {
    const ended = await endSession(sessionId, provider)
    if (ended === 'unknown') return 'later'
    if (ended.payment !== undefined) {
      const news = { eventId: `found-${ended.payment.paymentId}`, type: 'session.found-paid' }
      await applyPayment({ ...ended.payment, orderId }, news, at)
      // Money of a wrong amount is parked and goes back: it pays nothing, and the order is still to be ended.
      if ((await loadOrderParts(orderId))?.order.state === 'paid') return 'paid'
    }
  }
  return (await release(marked)) ? 'released' : giveUpAgain(orderId)
}

export async function endSession(sessionId: string, provider: PaymentPort) {
  try {
    const session = await provider.expireSession(sessionId)
    // Still open means that it can still be paid: its stock must not go to somebody else yet.
    return session.state === 'open' ? 'unknown' : session
  } catch {
    return 'unknown'
  }
}

async function giveUpAgain(orderId: string): Promise<GivenUp> {
  const now = await loadOrderParts(orderId)
  return now?.order.state === 'paid' ? 'paid' : 'released'
}
