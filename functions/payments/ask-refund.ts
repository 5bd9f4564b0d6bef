import { isCash } from '#shared/kernel/cash.ts'
import { HOUR_MS, type Instant, toMs } from '#shared/kernel/time.ts'
import { log } from '#functions/platform/log.ts'
import { type PaymentPort, RefusedByProvider } from '#functions/platform/payments/port.ts'
import type { RefundItem } from '#functions/platform/table/items/orders.ts'
import { keepProviderRefund, keepRefused } from './refund-store.ts'

/** The provider forgets an idempotency key after 24 hours; from here on we look before we ask again. */
const LOOK_FIRST_AFTER_MS = 20 * HOUR_MS

/**
 * Asks the provider for a decided refund, or sees an asked one through. May be repeated at any time: the refund's id is
 * the key, and stands in the provider's metadata. A provider that does not answer leaves the refund open for the next tick.
 */
export async function askRefund(refund: RefundItem, provider: PaymentPort, at: Instant): Promise<RefundItem['state']> {
  // What was paid in cash goes back in cash, over the counter.
  if (isCash(refund.paymentId)) return refund.state
  // A list may be behind: what has ended, one way or the other, is never asked for again.
  if (refund.state !== 'decided' && refund.state !== 'asked') return refund.state
  try {
    const said = await askOrLook(refund, provider, at)
    await keepProviderRefund(refund, said, at)
    return said.state === 'pending' ? 'asked' : said.state
  } catch (error) {
    if (error instanceof RefusedByProvider) return refusedForGood(refund, provider, at)
    const why = error instanceof Error ? error.name : 'unknown'
    log('warn', 'refund not asked', { refundId: refund.refundId, why })
    return refund.state
  }
}

/** Refused, perhaps because an earlier question, whose answer was lost, was granted: look, and else leave it to a person. */
async function refusedForGood(refund: RefundItem, provider: PaymentPort, at: Instant): Promise<RefundItem['state']> {
  const known = await provider.findRefund(refund.paymentId, refund.refundId)
  if (known === undefined) {
    await keepRefused(refund, at)
    return 'failed'
  }
  await keepProviderRefund(refund, known, at)
  return known.state === 'pending' ? 'asked' : known.state
}

async function askOrLook(refund: RefundItem, provider: PaymentPort, at: Instant) {
  if (refund.providerRefundId !== undefined) return provider.getRefund(refund.providerRefundId)
  if (toMs(at) - toMs(refund.decidedAt) > LOOK_FIRST_AFTER_MS) {
    const known = await provider.findRefund(refund.paymentId, refund.refundId)
    if (known !== undefined) return known
  }
  return provider.refund(refund)
}
