import type * as z from 'zod'
import type { PlaceKind } from '#functions/platform/table/keys.ts'
import { keys, index } from '#functions/platform/table/keys.ts'
import {
  agreementItem,
  buildingItem,
  communityItem,
  compoundItem,
  districtItem,
  pairingItem,
  pickUpPointItem,
  villageItem,
  type PairingItem,
} from '#functions/platform/table/items/places.ts'
import { get, query, queryAll, type ItemSchema } from '#functions/platform/table/table.ts'
import { TtlCache } from '#functions/platform/ttl-cache.ts'
import type { Instant } from '#shared/kernel/time.ts'

/** Limits by design of partitions that are read whole: a district has hundreds of each, a compound dozens. */
const PLACES_MAX = 20_000
const BUILDINGS_MAX = 500
const PICK_UP_POINTS_MAX = 50
const PAIRINGS_MAX = 1_000

/** Lists of places change when somebody imports; half a minute is soon enough for a public list. */
const LIST_TTL_MS = 30_000
const lists = {
  community: new TtlCache<z.output<typeof communityItem>[]>(LIST_TTL_MS, 1),
  compound: new TtlCache<z.output<typeof compoundItem>[]>(LIST_TTL_MS, 1),
  village: new TtlCache<z.output<typeof villageItem>[]>(LIST_TTL_MS, 1),
} as const

/** All places of a kind by town, at most 30 s old (pattern 2). */
export function listCommunities(now: Instant) {
  return lists.community.get('all', now, () => readAll(communityItem, 'community'))
}

export function listCompounds(now: Instant) {
  return lists.compound.get('all', now, () => readAll(compoundItem, 'compound'))
}

export function listVillages(now: Instant) {
  return lists.village.get('all', now, () => readAll(villageItem, 'village'))
}

export function forgetLists(): void {
  for (const list of Object.values(lists)) list.clear()
}

function readAll<S extends ItemSchema>(schema: S, kind: PlaceKind): Promise<z.output<S>[]> {
  return queryAll(schema, { ...allOf(kind), index: 'GSI1', max: PLACES_MAX })
}

function allOf(kind: PlaceKind): { readonly pk: string } {
  return { pk: index.places(kind, '', '', '').GSI1PK }
}

export async function hasDistrict(): Promise<boolean> {
  const { items } = await query(districtItem, { ...allOf('district'), index: 'GSI1', limit: 1 })
  return items.length > 0
}

export function getPlace<S extends ItemSchema>(schema: S, kind: PlaceKind, id: string) {
  return get(schema, keys.place(kind, id))
}

export function getCompound(compoundId: string) {
  return getPlace(compoundItem, 'compound', compoundId)
}

export function listBuildings(compoundId: string) {
  return queryAll(buildingItem, { pk: keys.building(compoundId, '').PK, prefix: 'BUILDING#', max: BUILDINGS_MAX })
}

export function listPickUpPoints(compoundId: string) {
  const { PK, SK } = keys.pickUpPoint(compoundId, '')
  return queryAll(pickUpPointItem, { pk: PK, prefix: SK, max: PICK_UP_POINTS_MAX })
}

/** Pattern 4. */
export function pairingsOfCommunity(communityId: string): Promise<PairingItem[]> {
  const { PK, SK } = keys.pairing(communityId, '')
  return queryAll(pairingItem, { pk: PK, prefix: SK, max: PAIRINGS_MAX })
}

export function pairingsOfVillage(villageId: string): Promise<PairingItem[]> {
  const { GSI1PK } = index.villagePairings(villageId, '')
  return queryAll(pairingItem, { pk: GSI1PK, index: 'GSI1', max: PAIRINGS_MAX })
}

export function getPairing(communityId: string, villageId: string) {
  return get(pairingItem, keys.pairing(communityId, villageId))
}

/** One version with its text; the pairing knows all versions without it. */
export function getAgreementVersion(communityId: string, villageId: string, version: number) {
  return get(agreementItem, keys.agreementVersion(communityId, villageId, version))
}
