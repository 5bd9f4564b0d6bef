import { cancelOrder as cancelOrderRoute } from '#shared/contracts/orders.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { Busy } from '#functions/platform/busy.ts'
import { mayDo } from '#functions/platform/household-order.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import { giveUp } from './give-up.ts'
import { loadOrderParts } from '#functions/platform/table/order-partition.ts'

export const cancelOrder = http(
  cancelOrderRoute,
  async ({ params }, { caller, now }) => {
    const found = await loadOrderParts(params.orderId)
    if (found === undefined || !mayDo(caller, found.order, 'cancel')) throw new Missing()
    const outcome = await giveUp(params.orderId, 'cancelled', payments, now)
    if (outcome === 'paid') return refused('ORDER_ALREADY_PAID', '订单已经付款，截止前可以改数量或退掉')
    // The provider did not answer: the order is marked and the next tick ends it.
    if (outcome === 'later' || outcome === 'held') throw new Busy(60)
    const ended = await loadOrderParts(params.orderId)
    if (ended === undefined) throw new Missing()
    return { orderId: ended.order.orderId, state: ended.order.state }
  },
  { freshRoles: true },
)
