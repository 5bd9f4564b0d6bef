import type { Listing } from '#shared/contracts/catalogue.ts'
import type { openGroupBuy } from '#shared/contracts/group-buys.ts'
import type { Coop } from '#shared/contracts/places.ts'
import type { Body, RefusalCode } from '#shared/contracts/route.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import { toMs, type Instant, type ShanghaiDay } from '#shared/kernel/time.ts'
import { inForceThroughout } from '../../kernel/term.ts'
import type { GroupBuyState } from './states.ts'
import { priceStepsFault } from './price-steps.ts'
import { spreadStock } from './spread-stock.ts'
import { isOutOfReach } from './success-reach.ts'
import { windowFault } from './window.ts'

export type OpenGroupBuyBody = Body<typeof openGroupBuy>
export type OpenGroupBuyRefusal = RefusalCode<typeof openGroupBuy>
type OfferAsked = OpenGroupBuyBody['offers'][number]

/** What is known of a compound that a group buy wants to reach. */
export type CompoundFacts = {
  readonly compoundId: string
  readonly name?: string
  /** When the co-op's village is paired with the compound's community; `undefined` when it is not. */
  readonly pairedFor: { readonly fromDay: ShanghaiDay; readonly toDay: ShanghaiDay } | undefined
  readonly hasPickUpPoint: boolean
}

export type OpenGroupBuyFacts = {
  readonly groupBuyId: string
  readonly body: OpenGroupBuyBody
  readonly coop: Coop
  /** Those that exist. */
  readonly compounds: readonly CompoundFacts[]
  /** The co-op's own listings among those asked for. */
  readonly listings: readonly Listing[]
  readonly now: Instant
}

type OfferPlan = {
  readonly asked: OfferAsked
  readonly listing: Listing
  /** Portions per bucket. */
  readonly buckets: readonly number[]
}

export type GroupBuyPlan = {
  readonly kind: 'opened'
  readonly state: Extract<GroupBuyState, 'scheduled' | 'open'>
  readonly compoundIds: readonly string[]
  readonly offers: readonly OfferPlan[]
}

/** May this co-op open this group buy? Only for compounds whose community its village is paired with all the while. */
export function decideOpenGroupBuy(facts: OpenGroupBuyFacts): GroupBuyPlan | Refused<OpenGroupBuyRefusal> {
  const { body, now } = facts
  const fault = windowFault(body, now)
  if (fault !== undefined) return refused('BAD_WINDOW', Object.values(fault)[0], fault)
  const compoundIds = [...new Set(body.compoundIds)]
  const places = compoundsFault(compoundIds, facts)
  if (places !== undefined) return places
  const offers = planOffers(facts)
  if ('kind' in offers) return offers
  if (isOutOfReach(body.success, body.offers)) {
    return refused('OUT_OF_REACH', '库存全部卖完也达不到成团条件', { success: '比全部库存还多' })
  }
  const state = toMs(body.opensAt) <= toMs(now) ? 'open' : 'scheduled'
  return { kind: 'opened', state, compoundIds, offers }
}

function compoundsFault(compoundIds: readonly string[], facts: OpenGroupBuyFacts) {
  const { body } = facts
  const known = new Map(facts.compounds.map((compound) => [compound.compoundId, compound]))
  const unpaired = compoundIds.find((compoundId) => {
    const pairedFor = known.get(compoundId)?.pairedFor
    return pairedFor === undefined || !inForceThroughout(pairedFor, body.opensAt, body.closesAt)
  })
  if (unpaired !== undefined) {
    const name = known.get(unpaired)?.name
    const which = name === undefined ? '' : `（${name}）`
    return refused('NOT_PAIRED', `只能向整个团购期间都结对的社区开团${which}`, { compoundIds: unpaired })
  }
  const without = compoundIds.find((compoundId) => known.get(compoundId)?.hasPickUpPoint !== true)
  if (without === undefined) return undefined
  const name = known.get(without)?.name ?? '该小区'
  return refused('NO_PICK_UP_POINT', `${name}还没有自提点`, { compoundIds: without })
}

function planOffers(facts: OpenGroupBuyFacts): OfferPlan[] | Refused<OpenGroupBuyRefusal> {
  const { body, coop } = facts
  const listings = new Map(facts.listings.map((listing) => [listing.listingId, listing]))
  const offerIds = new Set<string>()
  const listingIds = new Set<string>()
  const plans: OfferPlan[] = []
  for (const [at, asked] of body.offers.entries()) {
    if (offerIds.has(asked.offerId) || listingIds.has(asked.listingId)) {
      return refused('DUPLICATE_OFFER', '同一商品只能上一次', { [`offers.${at}`]: asked.offerId })
    }
    offerIds.add(asked.offerId)
    listingIds.add(asked.listingId)
    const listing = listings.get(asked.listingId)
    if (listing === undefined || listing.coopId !== coop.coopId) {
      return refused('UNKNOWN_LISTING', '没有这件商品', { [`offers.${at}.listingId`]: asked.listingId })
    }
    if (listing.state !== 'active') {
      return refused('LISTING_PAUSED', `${listing.name}已暂停`, { [`offers.${at}.listingId`]: asked.listingId })
    }
    const steps = priceStepsFault(asked)
    if (steps !== undefined)
      return refused('BAD_PRICE_STEPS', `${listing.name}：${steps}`, { [`offers.${at}.priceSteps`]: steps })
    plans.push({ asked, listing, buckets: spreadStock(asked.stock, asked.buckets ?? 1) })
  }
  return plans
}
