import { addFen, type Fen, fen } from '../../kernel/money.ts'
import type { RefundableOrder, ShareRefund } from './decide-refund.ts'

/**
 * What a lost dispute takes back from the sales: its amount, from the lines in their order, never more than is left of
 * each. The bank has taken the money already, whenever that was: no window, and no asking of the provider.
 */
export function decideDispute(order: RefundableOrder, amountFen: Fen): readonly ShareRefund[] {
  let missing = amountFen
  const shares: ShareRefund[] = []
  for (const share of order.shares) {
    const lines: ShareRefund['lines'][number][] = []
    for (const line of share.lines) {
      const taken = fen(Math.min(missing, line.amountFen - line.refundedFen))
      if (taken <= 0) continue
      lines.push({ line, amountFen: taken, portions: 0 })
      missing = fen(missing - taken)
    }
    if (lines.length === 0) continue
    const sum = addFen(...lines.map((line) => line.amountFen))
    const { saleId, groupBuyId, isSettled } = share
    shares.push({ saleId, groupBuyId, isSettled, amountFen: sum, lines })
  }
  return shares
}
