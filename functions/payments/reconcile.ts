import { reconcilePayments as reconcilePaymentsRoute } from '#shared/contracts/payments.ts'
import { DAY_MS, type Instant, plusMs } from '#shared/kernel/time.ts'
import { http } from '#functions/platform/http.ts'
import type { PaymentPort } from '#functions/platform/payments/port.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import { scheduleHandler } from '#functions/platform/schedule.ts'
import { applyPayment } from './payment-store.ts'

/** A webhook can be lost, and the provider sends one again for about three days. */
const LOOK_BACK_MS = 4 * DAY_MS

/** Takes every payment the provider lists since a moment through the same door as its webhook; what is known changes nothing. */
export async function reconcile(provider: PaymentPort, since: Instant, at: Instant, hasTime: () => boolean) {
  const counts = { checked: 0, applied: 0, parked: 0 }
  let cursor: string | undefined
  do {
    const page = await provider.listPayments(since, cursor)
    for (const payment of page.payments) {
      const news = { eventId: `found-${payment.paymentId}`, type: 'payment.found' }
      const outcome = await applyPayment(payment, news, at)
      counts.checked++
      if (outcome !== 'repeated') counts[outcome]++
    }
    cursor = page.nextCursor
  } while (cursor !== undefined && hasTime())
  return counts
}

export const reconcilePayments = http(reconcilePaymentsRoute, async ({ body }, { now }) =>
  reconcile(payments, body.since ?? plusMs(now, -LOOK_BACK_MS), now, () => true),
)

export const nightly = scheduleHandler('reconcile-payments', (at, hasTime) =>
  reconcile(payments, plusMs(at, -LOOK_BACK_MS), at, hasTime),
)
