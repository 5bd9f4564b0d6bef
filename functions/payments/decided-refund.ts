import type { OrderItem, RefundItem } from '#functions/platform/table/items/orders.ts'

type Decided = Pick<RefundItem, 'refundId' | 'amountFen' | 'reason' | 'decidedAt' | 'decidedBy' | 'bodyHash' | 'note'>

/** A refund of an order as it is decided: nobody was asked for it yet. */
export function decidedRefund({ orderId, compoundId, paidBy }: OrderItem, decided: Decided): RefundItem {
  return { entity: 'refund', v: 1, orderId, compoundId, paymentId: paidBy ?? '', state: 'decided', ...decided }
}
