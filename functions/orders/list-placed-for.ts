import { listPlacedFor as route } from '#shared/contracts/orders.ts'
import { type Caller, worksFor } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { compoundItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get } from '#functions/platform/table/table.ts'
import { leadershipsIn } from './household-facts.ts'
import { orderSummary } from './order-view.ts'
import { pageOfLeaderOrders, pageOfPlacedFor } from './reading-store.ts'

const PAGE = 20

export const listPlacedFor = http(route, async ({ params: { compoundId }, query }, { caller }) => {
  const { limit = PAGE, cursor } = query
  const { items, ...next } = await pageFor(caller, compoundId, limit, cursor)
  return {
    items: items.flatMap((each) => {
      const { placedBy, personId } = each.order
      if (placedBy === undefined) return []
      const { householdLabel } = each.lines
      return [{ ...orderSummary(each), placedBy, householdLabel, mine: personId === caller.personId }]
    }),
    ...next,
  }
})

/** All for workers. A leader sees what they placed themselves in the building that they lead, and nobody else's. */
async function pageFor(caller: Caller, compoundId: string, limit: number, cursor: string | undefined) {
  const compound = await get(compoundItem, keys.place('compound', compoundId))
  if (compound === undefined) throw new Missing()
  if (worksFor(caller, compound.communityId)) return pageOfPlacedFor(compoundId, limit, cursor)
  // Somebody lives in one household, and so leads one building.
  const [leader] = leadershipsIn(caller, compoundId)
  if (leader === undefined) throw new Missing()
  return pageOfLeaderOrders(leader.scopeId, caller.personId, limit, cursor)
}
