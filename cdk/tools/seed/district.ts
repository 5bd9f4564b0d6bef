import type { CompoundSummary, Pairing } from '#shared/contracts/places.ts'
import { shanghaiDaySchema, type ShanghaiDay } from '#shared/kernel/time.ts'
import { buildBodies } from './bodies.ts'
import { buildBuildings, buildCompounds, buildHouseholds, buildPickUpPoint } from './compounds.ts'
import { buildGrids } from './grids.ts'
import { buildGroupBuys, buildListings } from './offerings.ts'
import { buildCoops, buildPairings, matchVillages } from './pairings.ts'
import { buildPeople } from './people.ts'
import type { SeedTexts } from './read-data.ts'
import { choosePrices, readQuotes } from './read-prices.ts'
import { readRegister } from './read-register.ts'
import { buildShopList } from './shop-list.ts'
import type { DistrictContent, DistrictSeed, ShopItem } from './types.ts'

const HOME_COMPOUNDS = 8
const HOME_PAIRINGS_MIN = 3

/** The shop's list at the prices of both market lists. */
export function readShopList(texts: Pick<SeedTexts, 'vegetables' | 'fruits'>): ShopItem[] {
  return buildShopList(
    new Map([...choosePrices(readQuotes(texts.vegetables)), ...choosePrices(readQuotes(texts.fruits))]),
  )
}

/**
 * Eight compounds get rooms and households: the first of one community in each of seven towns, by code, and the second of the
 * very first community, so that one community has two funds' shares to compare. Only communities with three villages or more.
 */
export function chooseHomeCompounds(compounds: readonly CompoundSummary[], pairings: readonly Pairing[]): string[] {
  const villagesOf = Map.groupBy(pairings, (pairing) => pairing.communityId)
  const rich = compounds.filter((compound) => (villagesOf.get(compound.communityId)?.length ?? 0) >= HOME_PAIRINGS_MIN)
  const firsts = [...Map.groupBy(rich, (compound) => compound.townId).values()].flatMap((ofTown) => ofTown.slice(0, 1))
  const second = rich.filter((compound) => compound.communityId === firsts[0]?.communityId).slice(1, 2)
  const ids = [...firsts.slice(0, HOME_COMPOUNDS - 1), ...second].map((compound) => compound.compoundId).sort()
  if (ids.length !== HOME_COMPOUNDS) throw new Error(`only ${ids.length} compounds can have households`)
  return ids
}

/** Everything but the week's group buys. Same texts and same year of the day: the same content. */
export function buildDistrictContent(texts: SeedTexts, day: ShanghaiDay): DistrictContent {
  const { district, towns, communities, villages } = readRegister(texts.register)
  const shopList = readShopList(texts)
  const matches = matchVillages(communities, villages, towns)
  const pairings = buildPairings(matches, day, district.charityName)
  const coops = buildCoops(matches)
  const compounds = buildCompounds(communities)
  const homeCompoundIds = chooseHomeCompounds(compounds, pairings)
  const buildings = homeCompoundIds.flatMap(buildBuildings)
  const households = buildings.flatMap(buildHouseholds)
  const people = buildPeople({ district, compounds, homeCompoundIds, households, pairings })
  return {
    district,
    towns,
    communities,
    villages,
    compounds,
    homeCompoundIds,
    buildings,
    households,
    pickUpPoints: compounds.map((compound) =>
      buildPickUpPoint(compound, homeCompoundIds.includes(compound.compoundId)),
    ),
    coops,
    bodies: buildBodies(compounds, homeCompoundIds),
    pairings,
    listings: coops.flatMap((coop) => buildListings(coop, shopList)),
    people,
    ...buildGrids(compounds, people),
  }
}

/** The whole district as of the first start's day in Shanghai; throws for a day that is not one. */
export function buildDistrictSeed(texts: SeedTexts, day: ShanghaiDay): DistrictSeed {
  const checkedDay = shanghaiDaySchema.parse(day)
  const content = buildDistrictContent(texts, checkedDay)
  return { day: checkedDay, ...content, groupBuys: buildGroupBuys(content, checkedDay) }
}
