import { getPurchaseOrder as route } from '#shared/contracts/group-buys.ts'
import { unitLabel } from '#shared/domain/catalogue/unit-label.ts'
import {
  inBoxes,
  isFinal,
  type OrderedLine,
  type OrderedShare,
  sumPurchaseOrder,
} from '#shared/domain/group-buys/purchase-order.ts'
import { assert } from '#shared/kernel/assert.ts'
import { actsFor } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { linesOf, loadOwedShares } from '#functions/platform/table/group-buy-shares.ts'
import type { OfferItem } from '#functions/platform/table/items/group-buys.ts'
import { owedLines, type ShareItem } from '#functions/platform/table/items/orders.ts'
import { getGroupBuys, loadOffers } from './store.ts'
import { groupBuySummary } from './views.ts'

export const getPurchaseOrder = http(route, async ({ params: { groupBuyId } }, { caller, now }) => {
  // The group buy before its shares: once it is closed, no share can come after those that are read.
  const [groupBuy] = await getGroupBuys([groupBuyId])
  if (groupBuy === undefined || groupBuy.state === 'draft' || !actsFor(caller, groupBuy.coopId)) throw new Missing()
  const [{ paid, payableCount }, offers] = await Promise.all([loadOwedShares(groupBuyId), loadOffers(groupBuyId)])
  const { opensAt: _opensAt, offerCount: _offerCount, ...summary } = groupBuySummary(groupBuy, now)
  const sums = sumPurchaseOrder(
    await withoutBuyers(paid, offers),
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

/**
 * Who ordered stays behind: the sums never see a household or an order. What a pick-up point is called is what one of its
 * buyers was told: it may have been renamed since.
 */
async function withoutBuyers(shares: readonly ShareItem[], offers: readonly OfferItem[]): Promise<OrderedShare[]> {
  const byPoint = Map.groupBy(shares, pointOf)
  const firsts = [...byPoint.values()].flatMap((mine) => mine.slice(0, 1))
  const told = await linesOf(firsts)
  const places = new Map(
    firsts.map((share) => {
      const bought = told.get(share.orderId)
      assert(bought !== undefined, 'a share has its lines')
      const { pickUpPointId, name, address, hours } = bought.pickUpPoint
      const pickUpPoint = { pickUpPointId, name, address, hours }
      return [pointOf(share), { compoundName: bought.compoundName, pickUpPoint }] as const
    }),
  )
  const goods = new Map(offers.map((offer) => [offer.offerId, offer]))
  return shares.map((share) => {
    const place = places.get(pointOf(share))
    assert(place !== undefined, 'every point has a first share')
    return { compoundId: share.compoundId, ...place, lines: owedLines(share).map((line) => orderedLine(line, goods)) }
  })
}

const pointOf = ({ compoundId, pickUpPointId }: ShareItem) => `${compoundId} ${pickUpPointId}`

function orderedLine(line: ReturnType<typeof owedLines>[number], goods: ReadonlyMap<string, OfferItem>): OrderedLine {
  const offer = goods.get(line.offerId)
  assert(offer !== undefined, 'what was bought was offered')
  const { name, saleUnit } = offer
  const grams = saleUnit.by === 'weight' ? { portionGrams: saleUnit.portionGrams } : {}
  return { ...line, name, unitLabel: unitLabel(saleUnit), ...grams }
}
