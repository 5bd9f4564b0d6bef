import { startCheckout as startCheckoutRoute } from '#shared/contracts/orders.ts'
import { mayDo } from '#functions/platform/household-order.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { loadOrderParts } from '#functions/platform/table/order-partition.ts'
import { openCheckout } from './open-checkout.ts'

/** Who ordered may pay, whatever roles they hold by now: ownership decides, so the roles need not be read afresh. */
export const startCheckout = http(startCheckoutRoute, async ({ params }, { caller, now }) => {
  const found = await loadOrderParts(params.orderId)
  if (found === undefined || !mayDo(caller, found.order, 'pay')) throw new Missing()
  return openCheckout(found, now)
})
