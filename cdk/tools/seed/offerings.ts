import type { Coop } from '#shared/contracts/places.ts'
import { type Fen, fen } from '#shared/kernel/money.ts'
import { HOUR_MS, plusDays, plusMs, startOfShanghaiDay, type ShanghaiDay } from '#shared/kernel/time.ts'
import { spreadBetween, spreadSubset } from './spread.ts'
import type { DistrictContent, GroupBuySeed, ListingSeed, ShopItem } from './types.ts'

const LISTINGS_MIN = 8
const LISTINGS_MAX = 14
const FRUITS_MAX = 2

const CLOSES_AFTER_DAYS = 3
const CLOSES_AT_HOUR = 20
const PICK_UP_AFTER_DAYS = 5
const PICK_UP_FROM_HOUR = 16
const PICK_UP_TO_HOUR = 19

/** 8 to 14 goods of the shop's list, one or two of them fruit. */
export function buildListings(coop: Coop, shopList: readonly ShopItem[]): ListingSeed[] {
  const count = spreadBetween(`${coop.coopId}/count`, LISTINGS_MIN, LISTINGS_MAX)
  const fruitCount = spreadBetween(`${coop.coopId}/fruits`, 1, FRUITS_MAX)
  const isFruit = (item: ShopItem): boolean => item.category === 'fruit'
  const vegetables = shopList.filter((item) => !isFruit(item))
  const fruits = shopList.filter(isFruit)
  const items = [
    ...spreadSubset(`${coop.coopId}/vegetable`, vegetables, count - fruitCount),
    ...spreadSubset(`${coop.coopId}/fruit`, fruits, fruitCount),
  ]
  return items.map((item) => ({ ...item, listingId: `${coop.coopId}.${item.listingKey}`, coopId: coop.coopId }))
}

const shanghaiHour = (day: ShanghaiDay, hour: number): string => plusMs(startOfShanghaiDay(day), hour * HOUR_MS)

/**
 * This week's group buys: each co-op opens one for the compounds of all communities its village is paired with. The id carries
 * the opening day and not a calendar week: a window lasts under four days, so one calendar week can hold two of them.
 */
export function buildGroupBuys(
  content: Pick<DistrictContent, 'coops' | 'pairings' | 'compounds' | 'listings'>,
  day: ShanghaiDay,
): GroupBuySeed[] {
  const weekId = day.replaceAll('-', '')
  const pairingsOf = Map.groupBy(content.pairings, (pairing) => pairing.villageId)
  const compoundsOf = Map.groupBy(content.compounds, (compound) => compound.communityId)
  const listingsOf = Map.groupBy(content.listings, (listing) => listing.coopId)
  return content.coops.map((coop) => {
    const groupBuyId = `gb-${weekId}-${coop.coopId}`
    const communityIds = (pairingsOf.get(coop.villageId) ?? []).map((pairing) => pairing.communityId)
    return {
      groupBuyId,
      weekId,
      coopId: coop.coopId,
      villageId: coop.villageId,
      communityIds,
      title: `${coop.villageName}本周鲜货（示例）`,
      compoundIds: communityIds.flatMap((id) => (compoundsOf.get(id) ?? []).map((compound) => compound.compoundId)),
      opensAt: shanghaiHour(day, 0),
      closesAt: shanghaiHour(plusDays(day, CLOSES_AFTER_DAYS), CLOSES_AT_HOUR),
      pickUpStartsAt: shanghaiHour(plusDays(day, PICK_UP_AFTER_DAYS), PICK_UP_FROM_HOUR),
      pickUpEndsAt: shanghaiHour(plusDays(day, PICK_UP_AFTER_DAYS), PICK_UP_TO_HOUR),
      ...(hasRule(coop) ? { success: { kind: 'portions' as const, minimum: SUCCESS_PORTIONS } } : {}),
      offers: (listingsOf.get(coop.coopId) ?? []).map((listing) => offerOf(groupBuyId, listing)),
    }
  })
}

/** Every second co-op delivers only when the way is worth it. */
const SUCCESS_PORTIONS = 20
const hasRule = (coop: Coop): boolean => spreadBetween(`${coop.coopId}/rule`, 0, 1) === 1

const STEP_FROM_PORTIONS = 30
const STEP_SHARE = 0.95

/** One good in three gets cheaper for all from thirty portions on: five per cent less, in tens of fen. */
function stepsOf(listing: ListingSeed): { priceSteps?: { fromPortions: number; priceFen: Fen }[] } {
  const priceFen = fen(Math.floor((listing.priceFen * STEP_SHARE) / 10) * 10)
  if (spreadBetween(`${listing.listingId}/step`, 0, 2) !== 0 || priceFen <= 0) return {}
  return { priceSteps: [{ fromPortions: STEP_FROM_PORTIONS, priceFen }] }
}

/** Stock in tens of portions; dear goods are scarcer, and what weighs much is limited to fewer portions a household. */
function offerOf(groupBuyId: string, listing: ListingSeed): GroupBuySeed['offers'][number] {
  const tens = listing.priceFen >= 1000 ? [10, 30] : [20, 60]
  return {
    offerId: `${groupBuyId}.${listing.listingKey}`,
    listingId: listing.listingId,
    priceFen: listing.priceFen,
    stock: spreadBetween(`${listing.listingId}/stock`, tens[0] ?? 10, tens[1] ?? 30) * 10,
    perHouseholdLimit: listing.portionGrams >= 2000 ? 4 : 8,
    ...stepsOf(listing),
  }
}
