import type { CompoundFacts } from '#shared/domain/group-buys/open-group-buy.ts'
import type * as z from 'zod'
import { inParallel } from '#functions/platform/in-parallel.ts'
import {
  compoundItem,
  coopItem,
  pairingItem,
  pickUpPointItem,
  type PairingItem,
} from '#functions/platform/table/items/places.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { batchGet, get, query, queryAll } from '#functions/platform/table/table.ts'

/** What group buys need to know of places: read, never written. */

const PAIRINGS_MAX = 1_000
const COMPOUNDS_MAX = 20_000
const QUERIES_AT_ONCE = 16

type CompoundItem = z.output<typeof compoundItem>

export function getCoop(coopId: string) {
  return get(coopItem, keys.place('coop', coopId))
}

export function getCompound(compoundId: string) {
  return get(compoundItem, keys.place('compound', compoundId))
}

/** Pairings of one community with these villages, by village. */
export async function pairingsWith(communityId: string, villageIds: readonly string[]) {
  const wanted = [...new Set(villageIds)].map((villageId) => keys.pairing(communityId, villageId))
  const pairings = await batchGet(pairingItem, wanted)
  return new Map(pairings.map((pairing) => [pairing.villageId, pairing]))
}

export function pairingsOfVillage(villageId: string): Promise<PairingItem[]> {
  const { GSI1PK } = index.villagePairings(villageId, '')
  return queryAll(pairingItem, { pk: GSI1PK, index: 'GSI1', max: PAIRINGS_MAX })
}

/** Compounds of a community, found by their place in the district's list (pattern 2). */
export async function compoundsOfCommunity(townId: string, communityId: string): Promise<CompoundItem[]> {
  const { GSI1PK, GSI1SK } = index.places('compound', townId, communityId, '')
  return queryAll(compoundItem, { pk: GSI1PK, prefix: GSI1SK, index: 'GSI1', max: COMPOUNDS_MAX })
}

/** For a decision: read consistently from the table, compound by compound. */
export async function compoundFacts(compoundIds: readonly string[], villageId: string): Promise<CompoundFacts[]> {
  const compounds = await batchGet(
    compoundItem,
    [...new Set(compoundIds)].map((compoundId) => keys.place('compound', compoundId)),
  )
  const communityIds = [...new Set(compounds.map((compound) => compound.communityId))]
  const pairings = await batchGet(
    pairingItem,
    communityIds.map((communityId) => keys.pairing(communityId, villageId)),
  )
  const byCommunity = new Map(pairings.map((pairing) => [pairing.communityId, pairing]))
  return inParallel(compounds, QUERIES_AT_ONCE, async ({ compoundId, name, communityId }) => ({
    compoundId,
    name,
    pairedFor: byCommunity.get(communityId),
    hasPickUpPoint: await hasPickUpPoint(compoundId),
  }))
}

export async function hasPickUpPoint(compoundId: string): Promise<boolean> {
  const { PK, SK } = keys.pickUpPoint(compoundId, '')
  return (await query(pickUpPointItem, { pk: PK, prefix: SK, limit: 1 })).items.length > 0
}
