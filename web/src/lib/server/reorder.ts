import { listGroupBuys } from '#shared/contracts/group-buys.ts'
import { reorder, type OpenOffer } from '#shared/domain/orders/reorder.ts'
import { addToBasket, type Basket } from '../basket/codec.ts'
import { publicRead } from './public-reads.ts'
import type { Order } from './give-back.ts'

const PAGES_MAX = 5

/** What can be bought for a compound right now. `undefined` when the shop did not answer. */
async function openOffers(compoundId: string, nowMs: number): Promise<OpenOffer[] | undefined> {
  const offers: OpenOffer[] = []
  let cursor: string | undefined
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await publicRead(listGroupBuys, { query: { compoundId, with: 'offers', cursor } })
    if (!answer.ok) return undefined
    for (const { groupBuyId, state, opensAt, closesAt, offers: of = [] } of answer.data.items) {
      if (state !== 'open' || Date.parse(opensAt) > nowMs || Date.parse(closesAt) <= nowMs) continue
      offers.push(...of.map((offer) => ({ ...offer, groupBuyId })))
    }
    cursor = answer.data.nextCursor
    if (cursor === undefined) break
  }
  return offers
}

/** What became of an order that is to be placed once more: names and numbers for the page, and the basket with it. */
export type Again = {
  readonly added: readonly { readonly name: string; readonly quantity: number; readonly wanted: number }[]
  readonly gone: readonly string[]
  /** There was no room in the basket. */
  readonly full: readonly string[]
}

export async function orderAgain(
  order: Order,
  compoundId: string,
  basket: Basket,
  nowMs: number,
): Promise<{ readonly again: Again; readonly basket: Basket } | undefined> {
  const offers = await openOffers(compoundId, nowMs)
  if (offers === undefined) return undefined
  const lines = order.shares.flatMap((share) => share.lines.map((line) => ({ ...line, groupBuyId: share.groupBuyId })))
  const { found, gone } = reorder(lines, offers)
  const added: Again['added'][number][] = []
  const full: string[] = []
  let next = basket
  for (const { name, quantity, wanted, groupBuyId, offerId } of found) {
    const change = addToBasket(next, { groupBuyId, offerId, quantity })
    if (change.kind === 'refused') {
      full.push(name)
      continue
    }
    next = change.basket
    added.push({ name, quantity, wanted })
  }
  return { again: { added, gone, full }, basket: next }
}
