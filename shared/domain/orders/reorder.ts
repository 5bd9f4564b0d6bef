/** What an old order had, and what is offered now; offers of group buys that are open for the buyer's compound. */
export type OldLine = {
  readonly groupBuyId: string
  readonly offerId: string
  readonly listingId: string
  readonly name: string
  readonly quantity: number
}
export type OpenOffer = {
  readonly groupBuyId: string
  readonly offerId: string
  readonly listingId: string
  readonly left: number
  readonly perHouseholdLimit: number
}

export type Reordered = {
  readonly groupBuyId: string
  readonly offerId: string
  readonly name: string
  readonly quantity: number
  /** As many were in the old order. */
  readonly wanted: number
}

/**
 * The old order once more: the same offer where it is still open, else the same goods of the same co-op in another group buy.
 * No more than is left or than a household may buy. What is sold out or not offered any more is named.
 */
export function reorder(
  lines: readonly OldLine[],
  offers: readonly OpenOffer[],
): { readonly found: readonly Reordered[]; readonly gone: readonly string[] } {
  const found: Reordered[] = []
  const gone: string[] = []
  for (const { name, quantity, ...line } of lines) {
    const same = offers.filter((offer) => offer.listingId === line.listingId && offer.left > 0)
    const offer =
      same.find((each) => each.groupBuyId === line.groupBuyId && each.offerId === line.offerId) ??
      same.toSorted((a, b) => b.left - a.left)[0]
    if (offer === undefined) {
      gone.push(name)
      continue
    }
    const { groupBuyId, offerId, left, perHouseholdLimit } = offer
    found.push({ groupBuyId, offerId, name, quantity: Math.min(quantity, left, perHouseholdLimit), wanted: quantity })
  }
  return { found, gone }
}
