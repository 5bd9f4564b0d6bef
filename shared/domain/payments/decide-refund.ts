import type { RefundWhy } from '../../contracts/orders.ts'
import { addFen, type Fen, fen, yuan, ZERO_FEN } from '../../kernel/money.ts'
import { refused, type Refused } from '../../kernel/outcome.ts'
import { type OwedLine, portionsOwed } from '../../kernel/owed.ts'
import { DAY_MS, type Instant, toMs } from '../../kernel/time.ts'

/** Alipay takes refunds back for 90 days; ours end earlier, so that a retry never meets the provider's end. */
export const REFUND_WINDOW_DAYS = 80

export type RefundableLine = OwedLine & {
  readonly lineId: string
  readonly name: string
  readonly amountFen: Fen
  readonly handedOut: number
}
export type RefundableShare = {
  readonly saleId: string
  readonly groupBuyId: string
  /** Its sale is settled, so that its co-op's statement may be made already. */
  readonly isSettled: boolean
  readonly lines: readonly RefundableLine[]
}
export type RefundableOrder = {
  readonly state: string
  readonly paidAt?: Instant | undefined
  /** What was paid over the counter goes back over the counter: no provider’s time ends it. */
  readonly paidInCash?: boolean | undefined
  readonly shares: readonly RefundableShare[]
}

export type WantedRefund = {
  readonly saleId: string
  readonly lineId: string
  readonly amountFen: Fen
  /** Portions that will not come for it. */
  readonly portions?: number
  readonly why?: RefundWhy
}

export type ShareRefund = {
  readonly saleId: string
  readonly groupBuyId: string
  readonly isSettled: boolean
  readonly amountFen: Fen
  readonly lines: readonly LineRefund[]
}
/** `line` as it was read: portions are dropped only while nobody else drops them or hands them out. */
export type LineRefund = {
  readonly line: RefundableLine
  readonly amountFen: Fen
  readonly portions: number
  readonly why?: RefundWhy | undefined
}

export type RefundDecision =
  | { readonly kind: 'decided'; readonly amountFen: Fen; readonly shares: readonly ShareRefund[] }
  | Refused<
      | 'ORDER_NOT_PAID'
      | 'NOTHING_TO_REFUND'
      | 'REFUND_TOO_LARGE'
      | 'TOO_MANY_PORTIONS'
      | 'UNKNOWN_LINE'
      | 'REFUND_WINDOW_OVER'
    >

/** Decides a refund, of named lines or (without them) of all that is left. No line ever gives back more than it cost. */
export function decideRefund(
  order: RefundableOrder,
  wanted: readonly WantedRefund[] | undefined,
  now: Instant,
): RefundDecision {
  if (order.state !== 'paid' || order.paidAt === undefined) return refused('ORDER_NOT_PAID', '这个订单还没有付款')
  if (order.paidInCash !== true && toMs(now) > toMs(order.paidAt) + REFUND_WINDOW_DAYS * DAY_MS) {
    return refused('REFUND_WINDOW_OVER', `付款已超过 ${REFUND_WINDOW_DAYS} 天，不能原路退回`)
  }
  const lines = wanted === undefined ? everythingLeft(order) : merged(wanted)
  const shares = new Map<string, ShareRefund>()
  for (const line of lines) {
    const share = order.shares.find((each) => each.saleId === line.saleId)
    const bought = share?.lines.find((each) => each.lineId === line.lineId)
    if (share === undefined || bought === undefined) return refused('UNKNOWN_LINE', '订单里没有这一行')
    const left = bought.amountFen - bought.refundedFen
    if (line.amountFen > left) {
      return refused('REFUND_TOO_LARGE', `「${bought.name}」最多还能退 ¥${yuan(left)}`, {
        [line.lineId]: `最多 ¥${yuan(left)}`,
      })
    }
    const portions = line.portions ?? 0
    if (portions > portionsOwed(bought) - bought.handedOut) {
      return refused('TOO_MANY_PORTIONS', `「${bought.name}」没有这么多份可以退`, { [line.lineId]: '没有这么多份' })
    }
    const before = shares.get(share.saleId)
    const lineRefund = { line: bought, amountFen: line.amountFen, portions, why: line.why }
    shares.set(share.saleId, {
      saleId: share.saleId,
      groupBuyId: share.groupBuyId,
      isSettled: share.isSettled,
      amountFen: addFen(before?.amountFen ?? ZERO_FEN, line.amountFen),
      lines: [...(before?.lines ?? []), lineRefund],
    })
  }
  const decided = [...shares.values()]
  if (decided.length === 0) return refused('NOTHING_TO_REFUND', '这个订单已经全部退款')
  return { kind: 'decided', amountFen: addFen(...decided.map((share) => share.amountFen)), shares: decided }
}

function everythingLeft(order: RefundableOrder): WantedRefund[] {
  return order.shares.flatMap((share) =>
    share.lines
      .filter((line) => line.amountFen > line.refundedFen)
      .map((line) => ({
        saleId: share.saleId,
        lineId: line.lineId,
        amountFen: fen(line.amountFen - line.refundedFen),
      })),
  )
}

function merged(wanted: readonly WantedRefund[]): WantedRefund[] {
  const byLine = new Map<string, WantedRefund>()
  for (const line of wanted) {
    const key = `${line.saleId} ${line.lineId}`
    const before = byLine.get(key)
    const portions = (before?.portions ?? 0) + (line.portions ?? 0)
    byLine.set(key, { ...line, portions, amountFen: addFen(before?.amountFen ?? ZERO_FEN, line.amountFen) })
  }
  return [...byLine.values()]
}
