import type { placeOrder } from '#shared/contracts/orders.ts'
import type { Body } from '#shared/contracts/route.ts'
import { mergeLines } from '#shared/domain/orders/merge-lines.ts'
import { decidePlaceOrder, type PlaceOrderFacts } from '#shared/domain/orders/place-order.ts'
import { refused } from '#shared/kernel/outcome.ts'
import type { Standing } from '#shared/kernel/standing.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { hashBody } from '#functions/platform/body-hash.ts'
import { now as clock } from '#functions/platform/clock.ts'
import { env } from '#functions/platform/env.ts'
import { Missing } from '#functions/platform/missing.ts'
import { orderView } from './order-view.ts'
import { type Buyer, savePlaced } from './placing-store.ts'
import { loadOrder } from './reading-store.ts'

export type Basket = Pick<Body<typeof placeOrder>, 'lines' | 'pickUpPointId'>

export type Placing = {
  readonly orderId: string
  readonly basket: Basket
  readonly buyer: Buyer
  /** Of everything that was sent: the same id with another body is refused. */
  readonly bodyHash: string
  readonly standing: Standing
}

/** Places an order once, however often it is sent; whoever it is for, the rules are the same. */
export async function placeOnce(
  { orderId, basket, buyer, bodyHash, standing }: Placing,
  facts: Pick<PlaceOrderFacts, 'pickUpPoints' | 'groupBuys'>,
  now: Instant,
) {
  const earlier = () => earlierOrder(orderId, buyer.personId, bodyHash, standing)
  const decision = decidePlaceOrder(
    { orderId, ...basket },
    {
      ...facts,
      compoundId: buyer.household.compoundId,
      reservationMinutes: env('RESERVATION_MINUTES'),
      minimumChargeFen: env('MINIMUM_CHARGE_FEN'),
    },
    now,
  )
  // A refusal is only true of a new order: the same request sent again gets its first result, whatever changed since.
  if (decision.kind === 'refused') return (await earlier()) ?? decision
  const saved = await savePlaced(decision, buyer, bodyHash, clock)
  if (saved.kind === 'saved') {
    return orderView({ ...saved, shares: [], refunds: [], pickUps: [], undone: [], claims: [] }, standing)
  }
  const before = await earlier()
  if (before !== undefined) return before
  if (saved.kind === 'taken') throw new Missing()
  return saved
}

/** The order that this id names already, for its own sender; somebody else's does not exist. */
async function earlierOrder(orderId: string, personId: string, bodyHash: string, standing: Standing) {
  const whole = await loadOrder(orderId)
  if (whole === undefined) return undefined
  if (whole.order.personId !== personId) throw new Missing()
  if (whole.order.bodyHash !== bodyHash) return refused('ORDER_ID_REUSED', '这个订单号已用于另一份菜篮，请刷新页面')
  return orderView(whole, standing)
}

export function hashBasket({ pickUpPointId, lines: wanted }: Basket, ...more: readonly string[]): string {
  const merged = mergeLines(wanted)
  const lines = 'kind' in merged ? wanted : merged
  const basket = [pickUpPointId ?? '', lines.map((line) => [line.groupBuyId, line.offerId, line.quantity])]
  return hashBody(more.length === 0 ? basket : [...basket, more])
}
