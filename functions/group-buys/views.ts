import { DEFAULT_SHORTAGE_RULE } from '#shared/contracts/deliveries.ts'
import type { GroupBuySummary, GroupBuyView, Offer } from '#shared/contracts/group-buys.ts'
import { stateAt } from '#shared/domain/group-buys/states.ts'
import { unitPrices } from '#shared/domain/group-buys/unit-prices.ts'
import type { Instant } from '#shared/kernel/time.ts'
import type { BucketItem, GroupBuyItem, OfferItem } from '#functions/platform/table/items/group-buys.ts'
import type { LoadedGroupBuy } from './store.ts'

/** The state is the one at this moment, not the one that was stored last. */
export function groupBuySummary(item: GroupBuyItem, now: Instant): GroupBuySummary {
  const { groupBuyId, title, coopId, coopName, coopLicence, villageId, villageName, townName, offerCount } = item
  const { opensAt, closesAt, pickUpStartsAt, pickUpEndsAt, success } = item
  const licence = coopLicence === undefined ? {} : { coopLicence }
  const who = { coopId, coopName, ...licence, villageId, villageName, townName }
  const window = { opensAt, closesAt, pickUpStartsAt, pickUpEndsAt }
  return {
    ...{ groupBuyId, title, state: stateAt(item, now), ...who, ...window, offerCount },
    ...(success === undefined ? {} : { success }),
    shortageRule: item.shortageRule ?? DEFAULT_SHORTAGE_RULE,
  }
}

export function offerViews({ groupBuy, offers, buckets }: LoadedGroupBuy): Offer[] {
  const left = portionsLeft(buckets)
  return offers.map((offer) => offerView(offer, left.get(offer.offerId) ?? 0, groupBuy.finalPrices?.[offer.offerId]))
}

/**
 * How far the success rule is while people order, held stock included: it is for the eye, the closing counts what is paid.
 * How many households ordered only the closing knows: counting them would show neighbours who did.
 */
export function reachedSoFar({ success }: GroupBuyItem, offers: readonly Offer[]): { reached?: number } {
  if (success === undefined || success.kind === 'households') return {}
  const taken = offers.map((offer) => (success.kind === 'portions' ? 1 : offer.priceFen) * (offer.stock - offer.left))
  return { reached: taken.reduce((sum, each) => sum + each, 0) }
}

/** Portions still to be had, by offer. */
export function portionsLeft(buckets: readonly BucketItem[]): Map<string, number> {
  const left = new Map<string, number>()
  for (const { offerId, available } of buckets) left.set(offerId, (left.get(offerId) ?? 0) + available)
  return left
}

function offerView(item: OfferItem, left: number, finalPriceFen: Offer['finalPriceFen']): Offer {
  const { entity: _entity, v: _v, groupBuyId: _groupBuyId, position: _position, priceVersion: _, ...rest } = item
  const { buckets: _buckets, priceSteps = [], ...offer } = rest
  const final = finalPriceFen === undefined ? {} : { finalPriceFen }
  return { ...offer, ...unitPrices(offer.priceFen, offer.saleUnit), left, priceSteps, ...final }
}

export function groupBuyView(loaded: LoadedGroupBuy, now: Instant): GroupBuyView {
  const { compoundIds } = loaded.groupBuy
  const offers = offerViews(loaded)
  return { ...groupBuySummary(loaded.groupBuy, now), compoundIds, offers, ...reachedSoFar(loaded.groupBuy, offers) }
}
