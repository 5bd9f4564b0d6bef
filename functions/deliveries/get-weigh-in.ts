import { getWeighIn as route, type WeighIn } from '#shared/contracts/deliveries.ts'
import { weighable } from '#shared/domain/group-buys/weigh-in.ts'
import { compareHouseholds } from '#shared/kernel/household-order.ts'
import { fen } from '#shared/kernel/money.ts'
import { worksFor } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { loadDeliveryFacts, loadDeliveryPlace } from '#functions/platform/table/delivery-facts.ts'
import type { PaidShare } from '#functions/platform/table/group-buy-shares.ts'
import { weighingItem } from '#functions/platform/table/items/deliveries.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get } from '#functions/platform/table/table.ts'
import { linesWithGrams } from '#functions/platform/table/weigh-in-lines.ts'

type Line = WeighIn['lines'][number]

export const getWeighIn = http(route, async ({ params: { groupBuyId, compoundId } }, { caller }) => {
  const where = await loadDeliveryPlace(groupBuyId, compoundId)
  if (where === undefined || !worksFor(caller, where.compound.communityId)) throw new Missing()
  const weighing = await get(weighingItem, keys.weighing(groupBuyId, compoundId))
  const { offers, shares } = await loadDeliveryFacts(where.groupBuy, compoundId)
  const place = new Map(offers.map(({ offerId }, at) => [offerId, at]))
  const sorted = shares.paid.toSorted((a, b) => compareHouseholds(a.order.householdId, b.order.householdId))
  const all = sorted.map((paid) => ({ paid, lines: linesToWeigh(paid) })).filter(({ lines }) => lines.length > 0)
  // One product after the other, as it lies on the table; in each, room after room.
  const lines = all
    .filter(({ paid }) => hasArrived(paid))
    .flatMap((each) => each.lines)
    .sort((a, b) => (place.get(a.line.offerId) ?? 0) - (place.get(b.line.offerId) ?? 0))
  return {
    groupBuyId,
    title: where.groupBuy.title,
    compoundId,
    compoundName: where.compound.name,
    ...(weighing === undefined ? {} : { finishedAt: weighing.finishedAt }),
    notArrivedCount: all.filter(({ paid }) => !hasArrived(paid)).length,
    lines: lines.map(({ line }) => line),
    weighedCount: lines.filter(({ line }) => line.grams !== undefined).length,
    refundFen: fen(lines.reduce((sum, { refundFen }) => sum + refundFen, 0)),
  }
})

const hasArrived = ({ share }: PaidShare) => share.state === 'ready' || share.state === 'collected'

function linesToWeigh(paid: PaidShare): { line: Line; refundFen: number }[] {
  const { order, share, bought } = paid
  return linesWithGrams(paid).flatMap((of) => {
    const found = weighable(of)
    if (found === undefined) return []
    const { lineId, offerId, name, grams } = of
    const { portions, nominalGrams, amountFen } = found
    // Once it is priced the refund is off the line already.
    const refundFen = share.weighedAt === undefined ? found.refundFen : fen(0)
    const line: Line = {
      ...{ orderId: order.orderId, lineId, householdLabel: bought.householdLabel, pickUpCode: order.pickUpCode },
      ...{ offerId, name, portions, nominalGrams, amountFen },
      ...(grams === undefined ? {} : { grams, weighedAmountFen: fen(amountFen - refundFen) }),
    }
    return [{ line, refundFen }]
  })
}
