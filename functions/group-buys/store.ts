import { GROUP_BUY_COMPOUNDS_MAX, OFFERS_MAX } from '#shared/contracts/group-buys.ts'
import type { Listing } from '#shared/contracts/catalogue.ts'
import type { Instant } from '#shared/kernel/time.ts'
import {
  groupBuyCompoundItem,
  groupBuyItem,
  groupBuyPartitionItem,
  listingItem,
  offerItem,
  type BucketItem,
  type GroupBuyItem,
  type OfferItem,
} from '#functions/platform/table/items/group-buys.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { batchGet, query, queryAll } from '#functions/platform/table/table.ts'

export const BUCKETS_PER_OFFER_MAX = 20
/** The group buy and its watch, offers, their buckets, compounds. */
const PARTITION_MAX = 2 + OFFERS_MAX * (1 + BUCKETS_PER_OFFER_MAX) + GROUP_BUY_COMPOUNDS_MAX

/** A group buy as one consistent read finds it. */
export type LoadedGroupBuy = {
  readonly groupBuy: GroupBuyItem
  /** In the order in which they were offered. */
  readonly offers: readonly OfferItem[]
  readonly buckets: readonly BucketItem[]
}

/** As above, without the offers' texts: what changes while people order. */
export type LoadedStock = Omit<LoadedGroupBuy, 'offers'>

/** The part of pattern 8 that changes: the group buy and its buckets. */
export async function loadStock(groupBuyId: string): Promise<LoadedStock | undefined> {
  const items = await readPartition(groupBuyId, 'BUCKET#~')
  const groupBuy = items.find((item) => item.entity === 'groupBuy')
  return groupBuy && { groupBuy, buckets: items.filter((item) => item.entity === 'bucket') }
}

/** The part that is written once, with the group buy. */
export async function loadOffers(groupBuyId: string): Promise<OfferItem[]> {
  const { PK, SK } = keys.offer(groupBuyId, '')
  return inOrder(await queryAll(offerItem, { pk: PK, prefix: SK, max: OFFERS_MAX }))
}

/** Pattern 8. `undefined` as long as the group buy itself is not written, whatever else of it is. */
export async function loadGroupBuy(groupBuyId: string): Promise<LoadedGroupBuy | undefined> {
  const items = await readPartition(groupBuyId)
  const groupBuy = items.find((item) => item.entity === 'groupBuy')
  if (groupBuy === undefined) return undefined
  return {
    groupBuy,
    offers: inOrder(items.filter((item) => item.entity === 'offer')),
    buckets: items.filter((item) => item.entity === 'bucket'),
  }
}

function inOrder(offers: readonly OfferItem[]): OfferItem[] {
  return offers.toSorted((left, right) => left.position - right.position)
}

function readPartition(groupBuyId: string, to: 'BUCKET#~' | 'OFFER#~' = 'OFFER#~') {
  const { PK } = keys.groupBuy(groupBuyId)
  return queryAll(groupBuyPartitionItem, { pk: PK, between: ['A#', to], max: PARTITION_MAX })
}

/** Group buys that a compound can see and that have not closed yet, soonest closing first (pattern 9). */
export async function groupBuyIdsOfCompound(compoundId: string, now: Instant, limit: number, cursor?: string) {
  const { GSI1PK } = index.compoundGroupBuys(compoundId, '', '')
  const page = await query(groupBuyCompoundItem, { pk: GSI1PK, between: [now, '~'], index: 'GSI1', limit, cursor })
  return { ...page, items: page.items.map((item) => item.groupBuyId) }
}

export function getGroupBuys(groupBuyIds: readonly string[]): Promise<GroupBuyItem[]> {
  return batchGet(
    groupBuyItem,
    groupBuyIds.map((groupBuyId) => keys.groupBuy(groupBuyId)),
  )
}

/** Newest first (pattern 10). */
export async function groupBuyIdsOfCoop(coopId: string, limit: number, cursor?: string) {
  const { GSI1PK } = index.coopGroupBuys(coopId, '', '')
  const page = await query(groupBuyItem, { pk: GSI1PK, index: 'GSI1', newestFirst: true, limit, cursor })
  return { ...page, items: page.items.map((item) => item.groupBuyId) }
}

/** Those of the co-op's own listings that exist. */
export async function getListings(coopId: string, listingIds: readonly string[]): Promise<Listing[]> {
  const items = await batchGet(
    listingItem,
    [...new Set(listingIds)].map((listingId) => keys.listing(coopId, listingId)),
  )
  return items.map(({ entity: _entity, v: _v, ...listing }) => listing)
}
