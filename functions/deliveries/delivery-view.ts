import { DEFAULT_SHORTAGE_RULE, type Delivery } from '#shared/contracts/deliveries.ts'
import { unitLabel } from '#shared/domain/catalogue/unit-label.ts'
import { deliverableStates } from '#shared/domain/group-buys/check-delivery.ts'
import {
  type DeliveryFacts,
  type DeliveryPoint,
  linesThere,
  sharesAt,
} from '#functions/platform/table/delivery-facts.ts'
import type { DeliveryItem } from '#functions/platform/table/items/deliveries.ts'
import type { GroupBuyItem, OfferItem } from '#functions/platform/table/items/group-buys.ts'
import type { CompoundItem } from '#functions/platform/table/items/places.ts'

type Where = { readonly groupBuy: GroupBuyItem; readonly compound: CompoundItem }

/** Points to which something is to come, or something was said to come. */
export function deliveryViews(where: Where, facts: DeliveryFacts): Delivery[] {
  return facts.points
    .map((point) => deliveryView(where, facts, point))
    .filter(({ lines, state }) => state !== 'expected' || lines.length > 0)
}

export function deliveryView(where: Where, facts: DeliveryFacts, point: DeliveryPoint): Delivery {
  const { groupBuy, compound } = where
  const said = facts.deliveries.find((each) => each.pickUpPointId === point.pickUpPointId)
  return {
    groupBuyId: groupBuy.groupBuyId,
    title: groupBuy.title,
    coopName: groupBuy.coopName,
    villageName: groupBuy.villageName,
    compoundId: compound.compoundId,
    compoundName: compound.name,
    pickUpPointId: point.pickUpPointId,
    pickUpPointName: point.name,
    pickUpStartsAt: groupBuy.pickUpStartsAt,
    state: said?.state ?? 'expected',
    version: said?.version ?? 0,
    rule: groupBuy.shortageRule ?? DEFAULT_SHORTAGE_RULE,
    decided: deliverableStates.includes(groupBuy.state),
    ...(said?.announcedAt === undefined ? {} : { announcedAt: said.announcedAt }),
    ...(said?.checkedAt === undefined ? {} : { checkedAt: said.checkedAt }),
    ...(said?.note === undefined ? {} : { note: said.note }),
    lines: facts.offers.flatMap((offer) => lineView(offer, said, facts, point)),
  }
}

/** Nothing for an offer that nobody ordered here and nobody said anything of. */
function lineView(
  offer: OfferItem,
  said: DeliveryItem | undefined,
  facts: DeliveryFacts,
  { pickUpPointId }: DeliveryPoint,
): Delivery['lines'] {
  const { offerId, name, saleUnit } = offer
  const mine = linesThere(sharesAt(facts.shares.paid, pickUpPointId)).filter((line) => line.offerId === offerId)
  const told = said?.lines.find((line) => line.offerId === offerId)
  if (mine.length === 0 && told === undefined) return []
  const sum = (of: 'owed' | 'handedOut') => mine.reduce((total, line) => total + line[of], 0)
  const orderedPortions = sum('owed')
  return [
    { ...told, offerId, name, unitLabel: unitLabel(saleUnit), orderedPortions, handedOutPortions: sum('handedOut') },
  ]
}
