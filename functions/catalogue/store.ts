import { LISTINGS_PER_COOP_MAX } from '#shared/contracts/catalogue.ts'
import type { Listing } from '#shared/contracts/catalogue.ts'
import { listingItem } from '#functions/platform/table/items/group-buys.ts'
import { keepForListing } from '#functions/platform/table/keep-photos.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get, NOT_EXISTS, query, queryAll, transact, type Transacted } from '#functions/platform/table/table.ts'

const PREFIX = keys.listing('', '').SK
const partitionOf = (coopId: string) => keys.listing(coopId, '').PK

export async function getListing(coopId: string, listingId: string): Promise<Listing | undefined> {
  const item = await get(listingItem, keys.listing(coopId, listingId))
  return item && listingOf(item)
}

/** One page of a co-op's listings (pattern 7). */
export async function pageOfListings(coopId: string, limit: number, cursor: string | undefined) {
  const page = await query(listingItem, { pk: partitionOf(coopId), prefix: PREFIX, limit, cursor })
  return { ...page, items: page.items.map(listingOf) }
}

/** All of them. The cap is against floods: two that are added at the same moment may pass it by one. */
export async function listingsOfCoop(coopId: string): Promise<Listing[]> {
  const max = 2 * LISTINGS_PER_COOP_MAX
  return (await queryAll(listingItem, { pk: partitionOf(coopId), prefix: PREFIX, max })).map(listingOf)
}

/** Writes over exactly the version that the editor had read; version 1 over nothing. A new photo is kept with it. */
export function saveListing(listing: Listing, newPhotoId?: string): Promise<Transacted> {
  const item = listingItem.parse({ entity: 'listing', v: 1, ...listing })
  const put = { ...keys.listing(listing.coopId, listing.listingId), ...item }
  const written =
    listing.version === 1
      ? { put, condition: NOT_EXISTS }
      : { put, condition: 'version = :read', expression: { values: { ':read': listing.version - 1 } } }
  return transact(newPhotoId === undefined ? [written] : [written, keepForListing(newPhotoId, listing.coopId)])
}

function listingOf({ entity: _entity, v: _v, ...listing }: { entity: string; v: number } & Listing): Listing {
  return listing
}
