import type { RefundableOrder } from '#shared/domain/payments/decide-refund.ts'
import { isCash } from '#shared/kernel/cash.ts'
import {
  droppedOfLine,
  handedOutOfLine,
  refundedOfLine,
  type ShareItem,
} from '#functions/platform/table/items/orders.ts'
import type { OrderParts } from '#functions/platform/table/order-partition.ts'

/** An order as the refund decisions look at it: what each line cost, and what of it went back already. */
export function refundable({ order, lines }: OrderParts, shares: readonly ShareItem[]): RefundableOrder {
  const byGroupBuy = new Map(shares.map((share) => [share.groupBuyId, share]))
  return {
    state: order.state,
    paidAt: order.paidAt,
    paidInCash: isCash(order.paidBy),
    shares: lines.shares.map((bought) => {
      const share = byGroupBuy.get(bought.groupBuyId)
      return {
        saleId: bought.saleId,
        groupBuyId: bought.groupBuyId,
        isSettled: share?.settledAt !== undefined,
        lines: bought.lines.map(({ lineId, name, quantity, amountFen }) => ({
          lineId,
          name,
          quantity,
          amountFen,
          dropped: share === undefined ? 0 : droppedOfLine(share, lineId),
          handedOut: share === undefined ? 0 : handedOutOfLine(share, lineId),
          refundedFen: share === undefined ? 0 : refundedOfLine(share, lineId),
        })),
      }
    }),
  }
}
