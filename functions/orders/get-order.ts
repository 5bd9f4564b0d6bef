import { getOrder as getOrderRoute } from '#shared/contracts/orders.ts'
import { type Caller, worksFor } from '#functions/platform/caller.ts'
import { isOfHousehold } from '#functions/platform/household-order.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { orderView } from './order-view.ts'
import { loadGroupBuysOf } from '#functions/platform/table/order-partition.ts'
import { loadOrder, type WholeOrder } from './reading-store.ts'

export const getOrder = http(getOrderRoute, async ({ params }, { caller, now }) => {
  const whole = await loadOrder(params.orderId)
  if (whole === undefined || !maySee(caller, whole.order)) throw new Missing()
  return orderView(whole, { groupBuys: await loadGroupBuysOf(whole), now })
})

/** Its buyer, the buyer's household, workers of the community. For all others it does not exist. */
function maySee(caller: Caller, order: WholeOrder['order']): boolean {
  return isOfHousehold(caller, order) || worksFor(caller, order.communityId)
}
