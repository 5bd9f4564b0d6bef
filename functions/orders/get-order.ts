import { getOrder as getOrderRoute } from '#shared/contracts/orders.ts'
import { type Caller, worksFor } from '#functions/platform/caller.ts'
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
  if (order.personId === caller.personId) return true
  if (worksFor(caller, order.communityId)) return true
  // A second claim on the same room sees the household's orders once a worker has verified it, not before.
  return caller.memberships.some(
    (held) => held.role === 'resident' && held.scopeId === order.householdId && held.state === 'verified',
  )
}
