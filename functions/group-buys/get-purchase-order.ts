import { getPurchaseOrder as route } from '#shared/contracts/group-buys.ts'
import { inBoxes, isFinal, type OrderedShare, sumPurchaseOrder } from '#shared/domain/group-buys/purchase-order.ts'
import { type Caller, hasRole, isAdmin } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { loadGroupBuyShares, type PaidShare } from '#functions/platform/table/group-buy-shares.ts'
import type { GroupBuyItem } from '#functions/platform/table/items/group-buys.ts'
import { getGroupBuys, loadOffers } from './store.ts'
import { groupBuySummary } from './views.ts'

export const getPurchaseOrder = http(route, async ({ params: { groupBuyId } }, { caller, now }) => {
  // The group buy before its shares: once it is closed, no share can come after those that are read.
  const [groupBuy] = await getGroupBuys([groupBuyId])
  if (groupBuy === undefined || groupBuy.state === 'draft' || !maySee(caller, groupBuy)) throw new Missing()
  const [{ paid, payableCount }, offers] = await Promise.all([loadGroupBuyShares(groupBuyId), loadOffers(groupBuyId)])
  const { opensAt: _opensAt, offerCount: _offerCount, ...summary } = groupBuySummary(groupBuy, now)
  const sums = sumPurchaseOrder(
    paid.map(withoutBuyer),
    offers.map(({ offerId }) => offerId),
  )
  return {
    ...summary,
    computedAt: now,
    final: isFinal(groupBuy.state, payableCount),
    payableOrderCount: payableCount,
    ...inBoxes(sums, new Map(offers.map(({ offerId, boxPortions }) => [offerId, boxPortions]))),
  }
})

function maySee(caller: Caller, { coopId }: GroupBuyItem): boolean {
  return hasRole(caller, 'coop', coopId) || isAdmin(caller)
}

/** Who ordered stays behind: the sums never see a household or an order. */
function withoutBuyer({ share, bought, lines }: PaidShare): OrderedShare {
  const { pickUpPointId, name, address, hours } = bought.pickUpPoint
  const { compoundId } = share
  return { compoundId, compoundName: bought.compoundName, pickUpPoint: { pickUpPointId, name, address, hours }, lines }
}
