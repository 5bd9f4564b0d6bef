import { assert } from '../../kernel/assert.ts'
import { addFen, type Fen, fen, ZERO_FEN } from '../../kernel/money.ts'
import { type OwedLine, portionsOwed } from '../../kernel/owed.ts'
import { type GroupBuyState, statesBeforeClosing } from './states.ts'

export type OrderedLine = OwedLine & {
  readonly offerId: string
  readonly name: string
  readonly unitLabel: string
  readonly portionGrams?: number | undefined
}

/** What the co-op may know of a paid order: where it goes and what is in it, never whose it is. */
export type OrderedShare = {
  readonly compoundId: string
  readonly compoundName: string
  readonly pickUpPoint: { pickUpPointId: string; name: string; address: string; hours: string }
  readonly lines: readonly OrderedLine[]
}

export type OfferSum = {
  readonly offerId: string
  readonly name: string
  readonly unitLabel: string
  readonly portionGrams?: number
  readonly boxPortions?: number
  readonly portions: number
  /** Of goods sold by weight. */
  readonly grams?: number
  /** Net of what was refunded, in part too. */
  readonly amountFen: Fen
}

export type CompoundSum = Omit<OrderedShare, 'lines'> & {
  readonly orderCount: number
  readonly offers: OfferSum[]
  readonly portions: number
  readonly amountFen: Fen
}

export type PurchaseOrder = {
  readonly paidOrderCount: number
  readonly offers: OfferSum[]
  readonly compounds: CompoundSum[]
  readonly portions: number
  readonly amountFen: Fen
}

/**
 * Sums paid orders by offer, and by compound and pick-up point. A line whose money went back completely is not harvested;
 * of one that was refunded in part all portions are, for less money.
 */
export function sumPurchaseOrder(shares: readonly OrderedShare[], offerIds: readonly string[]): PurchaseOrder {
  const owed = shares
    .map((share) => ({ ...share, lines: share.lines.filter((line) => portionsOwed(line) > 0) }))
    .filter((share) => share.lines.length > 0)
  const byPoint = Map.groupBy(owed, (share) => `${share.compoundId} ${share.pickUpPoint.pickUpPointId}`)
  const compounds = [...byPoint.values()].map((mine) => compoundSum(mine, offerIds)).sort(byPlace)
  const offers = sumByOffer(
    owed.flatMap((share) => share.lines),
    offerIds,
  )
  const order = { paidOrderCount: owed.length, offers, compounds, ...total(offers) }
  const added = total(compounds)
  assert(added.portions === order.portions && added.amountFen === order.amountFen, 'compounds add up to offers')
  return order
}

/** The same order with the box that each offer is packed in, over all compounds and in each of them. */
export function inBoxes<Order extends Pick<PurchaseOrder, 'offers' | 'compounds'>>(
  order: Order,
  boxes: ReadonlyMap<string, number | undefined>,
): Order {
  const boxed = (offer: OfferSum): OfferSum => {
    const boxPortions = boxes.get(offer.offerId)
    return boxPortions === undefined ? offer : { ...offer, boxPortions }
  }
  const compounds = order.compounds.map((compound) => ({ ...compound, offers: compound.offers.map(boxed) }))
  return { ...order, offers: order.offers.map(boxed), compounds }
}

/** Full boxes, and the portions that are left over. */
export function boxesOf(portions: number, boxPortions: number): { readonly full: number; readonly rest: number } {
  assert(boxPortions >= 1, 'a box holds something')
  const full = Math.floor(portions / boxPortions)
  return { full, rest: portions - full * boxPortions }
}

/** Nothing can be ordered any more (the buckets are closed, not only the clock past them) and nobody can still pay. */
export function isFinal(stored: GroupBuyState, payableOrderCount: number): boolean {
  const open: readonly GroupBuyState[] = ['draft', ...statesBeforeClosing]
  return !open.includes(stored) && payableOrderCount === 0
}

function compoundSum(shares: readonly OrderedShare[], offerIds: readonly string[]): CompoundSum {
  const [first] = shares
  assert(first !== undefined, 'a compound is here because of an order')
  const { lines: _lines, ...place } = first
  const offers = sumByOffer(
    shares.flatMap((share) => share.lines),
    offerIds,
  )
  return { ...place, orderCount: shares.length, offers, ...total(offers) }
}

function sumByOffer(lines: readonly OrderedLine[], offerIds: readonly string[]): OfferSum[] {
  const place = new Map(offerIds.map((offerId, at) => [offerId, at]))
  return [...Map.groupBy(lines, (line) => line.offerId).values()]
    .map(offerSum)
    .sort((a, b) => (place.get(a.offerId) ?? offerIds.length) - (place.get(b.offerId) ?? offerIds.length))
}

function offerSum(lines: readonly OrderedLine[]): OfferSum {
  const [first] = lines
  assert(first !== undefined, 'an offer is here because of a line')
  const { offerId, name, unitLabel, portionGrams } = first
  const portions = lines.reduce((sum, line) => sum + portionsOwed(line), 0)
  return {
    ...{ offerId, name, unitLabel, portions },
    ...(portionGrams === undefined ? {} : { portionGrams, grams: portions * portionGrams }),
    amountFen: lines.reduce((sum, line) => addFen(sum, fen(line.amountFen - line.refundedFen)), ZERO_FEN),
  }
}

function total(sums: readonly { readonly portions: number; readonly amountFen: Fen }[]) {
  return {
    portions: sums.reduce((sum, each) => sum + each.portions, 0),
    amountFen: addFen(...sums.map((each) => each.amountFen)),
  }
}

function byPlace(a: CompoundSum, b: CompoundSum): number {
  const left = `${a.compoundId} ${a.pickUpPoint.pickUpPointId}`
  return left < `${b.compoundId} ${b.pickUpPoint.pickUpPointId}` ? -1 : 1
}
