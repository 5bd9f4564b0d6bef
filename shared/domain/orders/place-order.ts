import { ORDER_AMOUNT_FEN_MAX, ORDER_GROUP_BUYS_MAX, type OrderView } from '../../contracts/orders.ts'
import type { PickUpPoint } from '../../contracts/places.ts'
import type { Agreement } from '../../contracts/places-agreements.ts'
import { assert } from '../../kernel/assert.ts'
import { lineIdOf } from '../../kernel/ids.ts'
import { addFen, type Fen, timesFen, yuan } from '../../kernel/money.ts'
import { refused, type Refused } from '../../kernel/outcome.ts'
import { type Instant, MINUTE_MS, plusMs } from '../../kernel/time.ts'
import { mergeLines, type WantedLine } from './merge-lines.ts'

/** What placing needs to know of an offer. */
export type OfferFacts = {
  readonly offerId: string
  readonly listingId: string
  readonly name: string
  readonly picture: string
  readonly unitLabel: string
  readonly portionGrams?: number
  readonly weighed?: true
  readonly priceFen: Fen
  readonly priceVersion: number
  readonly perHouseholdLimit: number
  readonly buckets: number
}

export type GroupBuyFacts = {
  readonly groupBuyId: string
  readonly title: string
  readonly state: string
  readonly coopId: string
  readonly coopName: string
  readonly villageId: string
  readonly villageName: string
  readonly opensAt: Instant
  readonly closesAt: Instant
  readonly pickUpStartsAt: Instant
  readonly pickUpEndsAt: Instant
  readonly compoundIds: readonly string[]
  readonly offers: ReadonlyMap<string, OfferFacts>
  /** Whether the pairing of this village with the buyer's community is in force now; without it there is no sale. */
  readonly paired: boolean
  /** The donation agreement in force under that pairing now; absent: nothing is donated. */
  readonly agreement: Agreement | undefined
}

export type PlaceOrderFacts = {
  readonly compoundId: string
  readonly pickUpPoints: readonly PickUpPoint[]
  readonly groupBuys: ReadonlyMap<string, GroupBuyFacts>
  readonly reservationMinutes: number
  /** The payment provider's least charge. */
  readonly minimumChargeFen: number
}

export type PlaceOrderCommand = {
  readonly orderId: string
  readonly pickUpPointId?: string | undefined
  readonly lines: readonly WantedLine[]
}

export type PlacedLine = {
  readonly lineId: string
  readonly offerId: string
  readonly listingId: string
  readonly name: string
  readonly picture: string
  readonly unitLabel: string
  readonly portionGrams?: number
  readonly weighed?: true
  readonly quantity: number
  readonly unitPriceFen: Fen
  readonly amountFen: Fen
  readonly priceVersion: number
  readonly perHouseholdLimit: number
  readonly buckets: number
}

export type PlacedShare = {
  readonly groupBuy: GroupBuyFacts
  readonly amountFen: Fen
  readonly rateBps: number
  readonly agreementId?: string
  readonly agreementVersion?: number
  readonly lines: readonly PlacedLine[]
}

export type Placed = {
  readonly kind: 'placed'
  readonly orderId: string
  readonly amountFen: Fen
  readonly placedAt: Instant
  readonly expiresAt: Instant
  readonly pickUpPoint: OrderView['pickUpPoint']
  readonly shares: readonly PlacedShare[]
}

export type PlaceOrderRefusal =
  | 'GROUP_BUY_CLOSED'
  | 'GROUP_BUY_NOT_OPEN'
  | 'LIMIT_REACHED'
  | 'PRICE_CHANGED'
  | 'UNKNOWN_OFFER'
  | 'NOT_YOUR_COMPOUND'
  | 'PAIRING_ENDED'
  | 'TOO_MANY_GROUP_BUYS'
  | 'QUANTITY_TOO_LARGE'
  | 'PICK_UP_POINT_NEEDED'
  | 'UNKNOWN_PICK_UP_POINT'
  | 'BELOW_MINIMUM_CHARGE'
  | 'ABOVE_MAXIMUM_CHARGE'

type Refusal = Refused<PlaceOrderRefusal>

/**
 * Decides whether an order can be placed. Stock, limits over several orders, window and price are decided once more by
 * the conditions of the transaction that saves it; this decision gives the sentence for the person, that one the truth.
 * A line's amount is quantity × unit price, exactly; shares sum their lines, the order sums its shares.
 */
export function decidePlaceOrder(command: PlaceOrderCommand, facts: PlaceOrderFacts, now: Instant): Placed | Refusal {
  const wanted = mergeLines(command.lines)
  if ('kind' in wanted) return wanted
  const groupBuyIds = [...new Set(wanted.map((line) => line.groupBuyId))]
  if (groupBuyIds.length > ORDER_GROUP_BUYS_MAX) {
    return refused('TOO_MANY_GROUP_BUYS', `一单最多 ${ORDER_GROUP_BUYS_MAX} 个团购`)
  }
  const pickUpPoint = choosePickUpPoint(command.pickUpPointId, facts.pickUpPoints)
  if ('kind' in pickUpPoint) return pickUpPoint
  const shares: PlacedShare[] = []
  for (const groupBuyId of groupBuyIds) {
    const lines = wanted.filter((line) => line.groupBuyId === groupBuyId)
    const share = decideShare(groupBuyId, lines, shares.length, facts, now)
    if ('kind' in share) return share
    shares.push(share)
  }
  const amountFen = addFen(...shares.map((share) => share.amountFen))
  if (amountFen < facts.minimumChargeFen) {
    return refused('BELOW_MINIMUM_CHARGE', `一单至少 ¥${yuan(facts.minimumChargeFen)} 才能在线支付`)
  }
  if (amountFen > ORDER_AMOUNT_FEN_MAX) {
    return refused('ABOVE_MAXIMUM_CHARGE', `一单最多 ¥${yuan(ORDER_AMOUNT_FEN_MAX)}`)
  }
  const { pickUpPointId, name, address, hours, contact } = pickUpPoint
  return {
    kind: 'placed',
    orderId: command.orderId,
    amountFen,
    placedAt: now,
    expiresAt: plusMs(now, facts.reservationMinutes * MINUTE_MS),
    pickUpPoint: { pickUpPointId, name, address, hours, contact },
    shares,
  }
}

function choosePickUpPoint(
  wantedId: string | undefined,
  points: readonly PickUpPoint[],
): PickUpPoint | Refused<'PICK_UP_POINT_NEEDED' | 'UNKNOWN_PICK_UP_POINT'> {
  if (wantedId !== undefined) {
    const point = points.find((each) => each.pickUpPointId === wantedId)
    return point ?? refused('UNKNOWN_PICK_UP_POINT', '这个自提点不在您的小区', { pickUpPointId: '请重新选择自提点' })
  }
  const [only] = points
  if (only === undefined || points.length > 1) {
    return refused('PICK_UP_POINT_NEEDED', '请选择自提点', { pickUpPointId: '请选择自提点' })
  }
  return only
}

function decideShare(
  groupBuyId: string,
  wanted: readonly WantedLine[],
  position: number,
  facts: PlaceOrderFacts,
  now: Instant,
): PlacedShare | Refusal {
  const groupBuy = facts.groupBuys.get(groupBuyId)
  if (groupBuy === undefined) return refused('UNKNOWN_OFFER', '没有这个团购', { [groupBuyId]: '没有这个团购' })
  if (!groupBuy.compoundIds.includes(facts.compoundId)) {
    return refused('NOT_YOUR_COMPOUND', '这个团购不面向您的小区', { [groupBuyId]: '不面向您的小区' })
  }
  if (!groupBuy.paired) {
    const message = `${groupBuy.villageName}与您的社区目前没有结对，不能下单`
    return refused('PAIRING_ENDED', message, { [groupBuyId]: '结对已结束' })
  }
  const closed = windowRefusal(groupBuy, now)
  if (closed !== undefined) return closed
  const lines: PlacedLine[] = []
  for (const line of wanted) {
    const placed = decideLine(line, groupBuy, lineIdOf(position, lines.length))
    if ('kind' in placed) return placed
    lines.push(placed)
  }
  const { agreement } = groupBuy
  return {
    groupBuy,
    amountFen: addFen(...lines.map((line) => line.amountFen)),
    rateBps: agreement?.rateBps ?? 0,
    ...(agreement === undefined ? {} : { agreementId: agreement.agreementId, agreementVersion: agreement.version }),
    lines,
  }
}

function windowRefusal(groupBuy: GroupBuyFacts, now: Instant): Refusal | undefined {
  const fields = { [groupBuy.groupBuyId]: '不在团购时间内' }
  if (groupBuy.state !== 'open' && groupBuy.state !== 'scheduled') {
    return refused('GROUP_BUY_CLOSED', `「${groupBuy.title}」已经截止`, fields)
  }
  if (now >= groupBuy.closesAt) return refused('GROUP_BUY_CLOSED', `「${groupBuy.title}」已经截止`, fields)
  if (now < groupBuy.opensAt) return refused('GROUP_BUY_NOT_OPEN', `「${groupBuy.title}」还没有开始`, fields)
  return undefined
}

function decideLine(line: WantedLine, groupBuy: GroupBuyFacts, lineId: string): PlacedLine | Refusal {
  const offer = groupBuy.offers.get(line.offerId)
  if (offer === undefined) return refused('UNKNOWN_OFFER', '没有这个商品', { [line.offerId]: '没有这个商品' })
  if (line.unitPriceFen !== undefined && line.unitPriceFen !== offer.priceFen) {
    const detail = `「${offer.name}」现在是 ¥${yuan(offer.priceFen)}`
    return refused('PRICE_CHANGED', detail, { [line.offerId]: detail })
  }
  if (line.quantity > offer.perHouseholdLimit) return limitRefusal(offer)
  assert(line.quantity >= 1, 'a line has at least one portion')
  const { perHouseholdLimit, buckets, priceVersion } = offer
  const { offerId, listingId, name, picture, unitLabel } = offer
  return {
    ...{ lineId, offerId, listingId, name, picture, unitLabel, perHouseholdLimit, buckets, priceVersion },
    ...(offer.portionGrams === undefined ? {} : { portionGrams: offer.portionGrams }),
    ...(offer.weighed === undefined ? {} : { weighed: offer.weighed }),
    quantity: line.quantity,
    unitPriceFen: offer.priceFen,
    amountFen: timesFen(offer.priceFen, line.quantity),
  }
}

/** The household's own limit, counted over all its orders in this group buy. */
export function limitRefusal(offer: { offerId: string; name: string; perHouseholdLimit: number }) {
  const detail = `「${offer.name}」每户限购 ${offer.perHouseholdLimit} 份`
  return refused('LIMIT_REACHED', detail, { [offer.offerId]: detail })
}

export function soldOutRefusal(offer: { offerId: string; name: string }, left: number) {
  const detail = left > 0 ? `「${offer.name}」只剩 ${left} 份` : `「${offer.name}」已售完`
  return refused('OFFER_SOLD_OUT', detail, { [offer.offerId]: detail })
}
