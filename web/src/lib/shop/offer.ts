import type { getGroupBuy } from '#shared/contracts/group-buys.ts'
import type { Output } from '#shared/contracts/route.ts'

/** An offer as it comes over the wire: plain numbers. */
export type Offer = Output<typeof getGroupBuy>['offers'][number]

/** What a card shows of an offer. The rest stays on the server: each page carries its data a second time, for the browser. */
export type OfferCardData = Pick<
  Offer,
  | 'offerId'
  | 'name'
  | 'nameEn'
  | 'grade'
  | 'picture'
  | 'saleUnit'
  | 'priceFen'
  | 'perJinFen'
  | 'perKgFen'
  | 'note'
  | 'priceSource'
  | 'left'
  | 'perHouseholdLimit'
>

export function cardOf(offer: Offer): OfferCardData {
  const { offerId, name, nameEn, grade, picture, saleUnit, priceFen, perJinFen, perKgFen, note, priceSource } = offer
  return {
    ...{ offerId, name, nameEn, grade, picture, saleUnit, priceFen, perJinFen, perKgFen, note, priceSource },
    left: offer.left,
    perHouseholdLimit: offer.perHouseholdLimit,
  }
}
