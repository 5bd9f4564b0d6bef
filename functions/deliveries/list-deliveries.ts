import { listDeliveries as route } from '#shared/contracts/deliveries.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { loadDeliveryFacts, loadDeliveryPlace } from '#functions/platform/table/delivery-facts.ts'
import { deliveryViews } from './delivery-view.ts'
import { receives, sends } from './scope.ts'

export const listDeliveries = http(route, async ({ params: { groupBuyId, compoundId } }, { caller }) => {
  const where = await loadDeliveryPlace(groupBuyId, compoundId)
  if (where === undefined || !(sends(caller, where.groupBuy) || receives(caller, where.compound))) throw new Missing()
  return { items: deliveryViews(where, await loadDeliveryFacts(where.groupBuy, compoundId)) }
})
