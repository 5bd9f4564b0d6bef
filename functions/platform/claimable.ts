import { claimedBackOf } from '#shared/kernel/claimed.ts'
import { droppedOfLine, handedOutOfLine, refundedOfLine, type ShareItem } from './table/items/orders.ts'
import type { OrderParts } from './table/order-partition.ts'

type Parts = Pick<OrderParts, 'order' | 'lines' | 'refunds'>

/** Lines of a share as decisions on claims look at them. */
export function claimableLines({ lines, refunds }: Parts, share: ShareItem) {
  const bought = lines.shares.find(({ saleId }) => saleId === share.saleId)
  return (bought?.lines ?? []).map(({ lineId, name, unitLabel, quantity, amountFen }) => ({
    ...{ lineId, name, unitLabel, quantity, amountFen },
    refundedFen: refundedOfLine(share, lineId),
    dropped: droppedOfLine(share, lineId),
    handedOut: handedOutOfLine(share, lineId),
    claimedBack: claimedBackOf(refunds, share.saleId, lineId),
  }))
}
