import { decideDispute } from '#shared/domain/payments/decide-dispute.ts'
import { addFen, fen } from '#shared/kernel/money.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import type { DisputeFact } from '#functions/platform/payments/port.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import type { RefundItem } from '#functions/platform/table/items/orders.ts'
import { transact } from '#functions/platform/table/table.ts'
import { loadOrderParts, loadShares } from '#functions/platform/table/order-partition.ts'
import { markDispute } from './dispute-mark.ts'
import { keepClosed } from './parked-store.ts'
import { parkWrite } from './payment-store.ts'
import { refundable } from './refundable.ts'
import { saveRefund } from './refund-store.ts'

const TRIES_MAX = 6

/** The buyer has gone to the bank: the money is in doubt, and stands on the list until the bank has decided. */
export async function keepDispute(fact: DisputeFact, at: Instant): Promise<'parked' | 'repeated'> {
  await markDispute(fact, 'open')
  const payment = await payments.getPayment(fact.paymentId)
  const doubtful = { ...payment, amountFen: fact.amountFen, currency: fact.currency }
  const result = await transact([parkWrite(doubtful, fact.disputeId, 'disputed', at)])
  return result.kind === 'done' ? 'parked' : 'repeated'
}

/** The bank has decided. Won: nothing happened. Lost: the money is gone, and so are the sales it paid for. */
export async function endDispute(fact: DisputeFact, outcome: 'won' | 'lost', at: Instant): Promise<'applied'> {
  await markDispute(fact, outcome)
  const payment = await payments.getPayment(fact.paymentId)
  if (outcome === 'lost' && payment.orderId !== undefined) await reverse(fact, payment.orderId, at)
  const doubtful = { ...payment, amountFen: fact.amountFen, currency: fact.currency }
  await keepClosed(parkWrite(doubtful, fact.disputeId, 'disputed', at), fact.disputeId, {
    by: 'payment-provider',
    note: outcome,
    at,
  })
  return 'applied'
}

async function reverse({ disputeId, paymentId, amountFen }: DisputeFact, orderId: string, at: Instant): Promise<void> {
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const found = await loadOrderParts(orderId)
    // Money that pays no order is parked under its own id: no sale hangs on it.
    if (found === undefined || found.order.paidBy !== paymentId) return
    if (found.refunds.some((refund) => refund.refundId === disputeId)) return
    const shares = decideDispute(refundable(found, await loadShares(found)), fen(amountFen))
    if (shares.length === 0) return
    const refund: RefundItem = {
      entity: 'refund',
      v: 1,
      refundId: disputeId,
      orderId,
      compoundId: found.order.compoundId,
      paymentId,
      state: 'succeeded',
      amountFen: addFen(...shares.map((share) => share.amountFen)),
      reason: 'dispute',
      decidedAt: at,
      decidedBy: 'payment-provider',
      bodyHash: disputeId,
    }
    const amounts = new Map(found.lines.shares.map((share) => [share.saleId, share.amountFen]))
    if ((await saveRefund(found.order, refund, shares, amounts)).kind === 'done') return
  }
  throw new Busy()
}
