import { listDeliveries as route } from '#shared/contracts/deliveries.ts'
import { actsFor, worksFor } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { loadDeliveryFacts, loadDeliveryPlace } from '#functions/platform/table/delivery-facts.ts'
import { deliveryViews } from './delivery-view.ts'

export const listDeliveries = http(route, async ({ params: { groupBuyId, compoundId } }, { caller }) => {
  const where = await loadDeliveryPlace(groupBuyId, compoundId)
  if (where === undefined || !(actsFor(caller, where.groupBuy.coopId) || worksFor(caller, where.compound.communityId)))
    throw new Missing()
  return { items: deliveryViews(where, await loadDeliveryFacts(where.groupBuy, compoundId)) }
})
