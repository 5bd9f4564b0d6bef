import type { getGroupBuy } from '#shared/contracts/group-buys.ts'
import { nextPriceStep, priceAt } from '#shared/domain/group-buys/price-steps.ts'
import { fen } from '#shared/kernel/money.ts'
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
  | 'photoId'
  | 'saleUnit'
  | 'priceFen'
  | 'perJinFen'
  | 'perKgFen'
  | 'note'
  | 'priceSource'
  | 'left'
  | 'perHouseholdLimit'
  | 'finalPriceFen'
> & {
  /** What a portion would cost if the group buy closed now; only where that is less than today's price. */
  readonly reachedPriceFen?: number
  readonly nextStep?: { readonly priceFen: number; readonly missing: number; readonly sold: number }
}

/** Where an offer comes from, as the co-op told it when the group buy opened. Only the group buy's own page carries it. */
export type FoodFacts = Pick<Offer, 'provenance' | 'harvest' | 'certificate'>

export function foodFactsOf({ provenance, harvest, certificate }: Offer): FoodFacts {
  return {
    ...(provenance ? { provenance } : {}),
    ...(harvest ? { harvest } : {}),
    ...(certificate ? { certificate } : {}),
  }
}

export function cardOf(offer: Offer): OfferCardData {
  const { offerId, name, nameEn, grade, picture, saleUnit, priceFen, perJinFen, perKgFen, note, priceSource } = offer
  return {
    ...{ offerId, name, nameEn, grade, picture, saleUnit, priceFen, perJinFen, perKgFen, note, priceSource },
    ...(offer.photoId === undefined ? {} : { photoId: offer.photoId }),
    left: offer.left,
    perHouseholdLimit: offer.perHouseholdLimit,
    ...(offer.finalPriceFen === undefined ? {} : { finalPriceFen: offer.finalPriceFen }),
    ...stepsOf(offer),
  }
}

function stepsOf(offer: Offer): Pick<OfferCardData, 'reachedPriceFen' | 'nextStep'> {
  const priceSteps = offer.priceSteps.map((step) => ({ ...step, priceFen: fen(step.priceFen) }))
  const taken = offer.stock - offer.left
  const reached = priceAt({ priceFen: fen(offer.priceFen), priceSteps }, taken)
  const nextStep = nextPriceStep(priceSteps, taken)
  return {
    ...(reached < offer.priceFen ? { reachedPriceFen: reached } : {}),
    ...(nextStep === undefined ? {} : { nextStep: { ...nextStep, sold: taken } }),
  }
}
