import { getOrder as getOrderRoute } from '#shared/contracts/orders.ts'
import { standingIn } from '#functions/platform/household-order.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { orderView } from './order-view.ts'
import { loadGroupBuysOf } from '#functions/platform/table/order-partition.ts'
import { loadOrder } from './reading-store.ts'

export const getOrder = http(getOrderRoute, async ({ params }, { caller, now }) => {
  const whole = await loadOrder(params.orderId)
  // Its buyer, the household, workers of the community. For all others it does not exist.
  const standing = whole && standingIn(caller, whole.order)
  if (whole === undefined || standing === undefined) throw new Missing()
  return orderView(whole, standing, { groupBuys: await loadGroupBuysOf(whole), now })
})
