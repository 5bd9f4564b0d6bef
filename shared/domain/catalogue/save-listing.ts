import {
  LISTINGS_PER_COOP_MAX,
  type Listing,
  type ListingBody,
  listingBodySchema,
} from '#shared/contracts/catalogue.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'

export type SaveListingRefusal = 'LISTING_CHANGED' | 'TOO_MANY_LISTINGS'

export type ListingDecision =
  | { readonly kind: 'saved'; readonly listing: Listing }
  | { readonly kind: 'unchanged'; readonly listing: Listing }
  | Refused<SaveListingRefusal>

export type ListingFacts = {
  readonly coopId: string
  readonly listingId: string
  /** The version that the editor had read; 0 for a new listing. */
  readonly version: number
  readonly body: ListingBody
  readonly existing: Listing | undefined
  readonly listingCount: number
}

/**
 * Two editors do not overwrite each other: who read an older version is refused. A save that was done already (the answer
 * was lost and the form sent again) is not an edit by somebody else, so it gives the same answer.
 */
export function decideSaveListing(facts: ListingFacts): ListingDecision {
  const { coopId, listingId, version, body, existing } = facts
  const listing: Listing = { listingId, coopId, version: version + 1, ...body }
  if (existing !== undefined && existing.version === listing.version && sameListing(existing, listing)) {
    return { kind: 'unchanged', listing: existing }
  }
  if ((existing?.version ?? 0) !== version) return refused('LISTING_CHANGED', '这件商品刚被别人改过，请刷新后再改')
  if (existing === undefined && facts.listingCount >= LISTINGS_PER_COOP_MAX) {
    return refused('TOO_MANY_LISTINGS', `最多 ${LISTINGS_PER_COOP_MAX} 件商品`)
  }
  return { kind: 'saved', listing }
}

const editable = Object.keys(listingBodySchema.shape) as (keyof ListingBody)[]

/** Equal in all that an editor can change. */
export function sameListing(left: Listing, right: Listing): boolean {
  return editable.every((key) => (key === 'saleUnit' ? sameUnit(left, right) : left[key] === right[key]))
}

function sameUnit({ saleUnit: left }: Listing, { saleUnit: right }: Listing): boolean {
  if (left.by === 'piece') return right.by === 'piece' && left.pieceLabel === right.pieceLabel
  return right.by === 'weight' && left.portionGrams === right.portionGrams && left.weighed === right.weighed
}
