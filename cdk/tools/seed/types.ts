import type { categories } from '#shared/contracts/catalogue.ts'
import type { openGroupBuy } from '#shared/contracts/group-buys.ts'
import type { CompoundSummary, Coop, PickUpPoint, temperatureZones } from '#shared/contracts/places.ts'
import type { ImportRow } from '#shared/contracts/places-import.ts'
import type { Body, Role } from '#shared/contracts/route.ts'
import type { Fen } from '#shared/kernel/money.ts'
import type { ShanghaiDay } from '#shared/kernel/time.ts'

/**
 * The seed's own shapes: plain data with the contracts' names, ready to be sent through the API. Money is integer fen, weight
 * integer grams, time a UTC ISO-8601 string. Every id is made of [a-z0-9.-] and follows from the register's codes, so that
 * loading twice meets itself.
 */

export type TemperatureZone = (typeof temperatureZones)[number]
export type ProduceCategory = (typeof categories)[number]

/** Keys of the drawings the storefront owns. */
export const iconKeys = [
  'leaf',
  'root',
  'melon',
  'fruit',
  'bean',
  'mushroom',
  'allium',
  'tomato',
  'pepper',
  'eggplant',
  'cucumber',
  'potato',
  'corn',
  'apple',
  'pear',
  'grape',
  'strawberry',
  'peach',
  'watermelon',
  'herb',
] as const
export type IconKey = (typeof iconKeys)[number]

export interface DistrictPlace {
  readonly districtId: string
  readonly name: string
  /** Plainly synthetic: nothing real receives money here. */
  readonly charityName: string
}

export interface TownSeed {
  readonly townId: string
  readonly name: string
  /** 街道 or 镇: only the latter are asked for supplying villages. */
  readonly kind: 'subdistrict' | 'town'
}

interface RegisterPlace {
  readonly name: string
  /** As the register writes it. */
  readonly officialName: string
  readonly townId: string
  readonly townName: string
  /** Town, name and code: the only way to tell twins apart. */
  readonly label: string
}
export interface CommunitySeed extends RegisterPlace {
  readonly communityId: string
}
export interface VillageSeed extends RegisterPlace {
  readonly villageId: string
}

export interface BuildingSeed {
  readonly buildingId: string
  readonly compoundId: string
  readonly label: string
  readonly units: string[]
}

/** A household is known by its compound, building, unit and room; the server makes its id of them. */
export interface HouseholdSeed {
  readonly compoundId: string
  readonly building: string
  readonly unit: string
  readonly room: string
}

export type PairingSeed = Omit<Extract<ImportRow, { kind: 'pairing' }>, 'kind'>

interface ShopItemFacts {
  readonly listingKey: string
  /** The market's name, without byte-order marks. */
  readonly sourceName: string
  readonly name: string
  readonly nameEn: string
  readonly category: ProduceCategory
  readonly icon: IconKey
  readonly grade: string
  readonly alsoKnownAs: readonly string[]
  /** Net weight of one portion; for goods sold by the piece the nominal weight that its price is reckoned from. */
  readonly portionGrams: number
  /** Price of one portion. */
  readonly priceFen: Fen
  /** Fen per 斤 (500 g); per kg it is exactly twice this. */
  readonly retailFenPerJin: Fen
  readonly priceSource: string
  /** The market day the price was quoted. */
  readonly priceDay: string
  /** Why the market's own average could not be used, in words for people. */
  readonly repaired?: string
  readonly temperatureZone: TemperatureZone
  readonly seasonNote: string
}

export type ShopItem =
  | (ShopItemFacts & { readonly saleUnit: 'weight' })
  | (ShopItemFacts & { readonly saleUnit: 'piece'; readonly pieceLabel: string })

export type ListingSeed = ShopItem & { readonly listingId: string; readonly coopId: string }

export type GroupBuySeed = Body<typeof openGroupBuy> & {
  readonly groupBuyId: string
  /** The Shanghai day it opens, without dashes. */
  readonly weekId: string
  readonly villageId: string
  /** Every community paired with the co-op's village; its compounds see this group buy. */
  readonly communityIds: readonly string[]
}

export type BodySeed = Omit<Extract<ImportRow, { kind: 'body' }>, 'kind' | 'districtId'>

export type GridSeed = Omit<Extract<ImportRow, { kind: 'grid' }>, 'kind'>
export type GridPostSeed = Omit<Extract<ImportRow, { kind: 'grid-post' }>, 'kind'>

export interface PersonSeed {
  /** The subject at the local sign-in provider. */
  readonly subject: string
  readonly name: string
  /** Eleven digits that begin with 000: no telephone network gives out such a number. */
  readonly phone: string
  readonly role: Role
  /** Co-op, body, community or district; a resident has a household instead. */
  readonly scopeId?: string
  readonly household?: HouseholdSeed
}

/** What does not depend on the day, apart from the years of the agreements. */
export interface DistrictContent {
  readonly district: DistrictPlace
  readonly towns: readonly TownSeed[]
  readonly communities: readonly CommunitySeed[]
  readonly villages: readonly VillageSeed[]
  readonly compounds: readonly CompoundSummary[]
  /** The 8 compounds whose buildings, units and rooms are drawn out, in the order of their ids. */
  readonly homeCompoundIds: readonly string[]
  readonly buildings: readonly BuildingSeed[]
  readonly households: readonly HouseholdSeed[]
  readonly pickUpPoints: readonly PickUpPoint[]
  readonly coops: readonly Coop[]
  readonly bodies: readonly BodySeed[]
  readonly pairings: readonly PairingSeed[]
  readonly listings: readonly ListingSeed[]
  readonly people: readonly PersonSeed[]
  readonly grids: readonly GridSeed[]
  readonly posts: readonly GridPostSeed[]
}

export interface DistrictSeed extends DistrictContent {
  readonly day: ShanghaiDay
  readonly groupBuys: readonly GroupBuySeed[]
}
