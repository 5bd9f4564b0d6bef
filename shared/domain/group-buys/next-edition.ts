import type { ShortageRule } from '#shared/contracts/deliveries.ts'
import type { SuccessRule } from '#shared/contracts/group-buys.ts'
import { assert } from '#shared/kernel/assert.ts'
import { DAY_MS, plusMs, toMs, type Instant } from '#shared/kernel/time.ts'
import type { Window } from './window.ts'

export const WEEK_MS = 7 * DAY_MS

/** A window so many weeks later. Shanghai has no summer time: the same weekday at the same hour. */
export function weeksLater({ opensAt, closesAt, pickUpStartsAt, pickUpEndsAt }: Window, weeks: number): Window {
  assert(Number.isSafeInteger(weeks), `weeks are whole: ${weeks}`)
  const later = (at: Instant) => plusMs(at, weeks * WEEK_MS)
  return {
    opensAt: later(opensAt),
    closesAt: later(closesAt),
    pickUpStartsAt: later(pickUpStartsAt),
    pickUpEndsAt: later(pickUpEndsAt),
  }
}

/** How many weeks, one at least, until the same weekday and hour lies ahead. */
export function weeksAhead(opensAt: Instant, now: Instant): number {
  return Math.max(1, Math.ceil((toMs(now) - toMs(opensAt)) / WEEK_MS))
}

type EarlierOffer = {
  readonly listingId: string
  readonly name: string
  readonly priceFen: number
  readonly stock: number
  readonly perHouseholdLimit: number
  readonly priceSteps: readonly { readonly fromPortions: number; readonly priceFen: number }[]
}

export type EarlierGroupBuy<Offer extends EarlierOffer = EarlierOffer> = Window & {
  readonly title: string
  readonly success?: SuccessRule | undefined
  readonly shortageRule: ShortageRule
  readonly compoundIds: readonly string[]
  readonly offers: readonly Offer[]
}

type KnownListing = { readonly listingId: string; readonly state: 'active' | 'paused' }
type KnownCompound = { readonly compoundId: string; readonly hasPickUpPoint: boolean }

export type LeftOutOffer = { readonly name: string; readonly why: 'paused' | 'gone' }
export type LeftOutCompound = { readonly compoundId: string; readonly why: 'not-paired' | 'no-pick-up-point' }

export type NextEdition<Offer extends EarlierOffer = EarlierOffer> = {
  readonly title: string
  readonly window: Window
  readonly success: SuccessRule | undefined
  readonly shortageRule: ShortageRule
  readonly offers: readonly Offer[]
  readonly leftOutOffers: readonly LeftOutOffer[]
  readonly compoundIds: readonly string[]
  readonly leftOutCompounds: readonly LeftOutCompound[]
}

/**
 * An earlier group buy as it can be opened again: the same goods at the same prices, to the same compounds, moved by whole
 * weeks. What is not on sale any more, or cannot be delivered to, is left out and named; whether the rest may be opened is
 * for the opening itself to decide.
 */
export function nextEdition<Offer extends EarlierOffer>(
  earlier: EarlierGroupBuy<Offer>,
  listings: readonly KnownListing[],
  paired: readonly KnownCompound[],
  now: Instant,
): NextEdition<Offer> {
  const states = new Map(listings.map(({ listingId, state }) => [listingId, state]))
  const compounds = new Map(paired.map((compound) => [compound.compoundId, compound]))
  const reaches = (compoundId: string) => compounds.get(compoundId)?.hasPickUpPoint === true
  return {
    title: earlier.title,
    window: weeksLater(earlier, weeksAhead(earlier.opensAt, now)),
    success: earlier.success,
    shortageRule: earlier.shortageRule,
    offers: earlier.offers.filter(({ listingId }) => states.get(listingId) === 'active'),
    leftOutOffers: earlier.offers
      .filter(({ listingId }) => states.get(listingId) !== 'active')
      .map(({ listingId, name }) => ({ name, why: states.has(listingId) ? 'paused' : 'gone' })),
    compoundIds: earlier.compoundIds.filter(reaches),
    leftOutCompounds: earlier.compoundIds
      .filter((compoundId) => !reaches(compoundId))
      .map((compoundId) => ({ compoundId, why: compounds.has(compoundId) ? 'no-pick-up-point' : 'not-paired' })),
  }
}
