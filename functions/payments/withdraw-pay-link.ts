import { withdrawPayLink as route } from '#shared/contracts/payments.ts'
import { refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { mayDo } from '#functions/platform/household-order.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import type { OrderItem } from '#functions/platform/table/items/orders.ts'
import { loadOrderParts } from '#functions/platform/table/order-partition.ts'
import { endSession } from './give-up.ts'
import { removePayLink } from './pay-link-store.ts'
import { applyPayment } from './payment-store.ts'

const TRIES_MAX = 4
const PROVIDER_LATER_SECONDS = 5

/**
 * First the link, so that nobody opens a page by it any more; then the page that is open, whoever opened it. The buyer's next
 * one is new. May be repeated: a link that is gone stays gone.
 */
export const withdrawPayLink = http(
  route,
  async ({ params: { orderId } }, { caller, now }) => {
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const found = await loadOrderParts(orderId)
      if (found === undefined || !mayDo(caller, found.order, 'link')) throw new Missing()
      if (found.order.state === 'paid') return paidAlready()
      if (found.order.state === 'pending_payment') {
        if (!(await removePayLink(found.order))) continue
        if (await endPage(orderId, now)) return paidAlready()
      }
      return { orderId, withdrawn: true as const }
    }
    throw new Busy()
  },
  { freshRoles: true },
)

function paidAlready() {
  return refused('ORDER_ALREADY_PAID', '刚刚有人付好了，不用再收回')
}

/** Read after the link is gone: a page that came by it is written down by now, or never will be. True when it was paid. */
async function endPage(orderId: string, at: Instant): Promise<boolean> {
  const newest = (await orderOf(orderId)).sessionIds.at(-1)
  if (newest === undefined) return false
  const ended = await endSession(newest, payments)
  if (ended === 'unknown') throw new Busy(PROVIDER_LATER_SECONDS)
  if (ended.payment === undefined) return false
  const news = { eventId: `found-${ended.payment.paymentId}`, type: 'session.found-paid' }
  await applyPayment({ ...ended.payment, orderId }, news, at)
  return (await orderOf(orderId)).state === 'paid'
}

async function orderOf(orderId: string): Promise<OrderItem> {
  const found = await loadOrderParts(orderId)
  if (found === undefined) throw new Missing()
  return found.order
}
