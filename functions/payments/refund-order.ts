import { createHash } from 'node:crypto'
import { refundOrder as refundOrderRoute } from '#shared/contracts/orders.ts'
import { decideRefund, type RefundableOrder } from '#shared/domain/payments/decide-refund.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { Busy } from '#functions/platform/busy.ts'
import { hasRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import { refundedOfLine, type RefundItem, type ShareItem } from '#functions/platform/table/items/orders.ts'
import { askRefund } from './ask-refund.ts'
import { loadPaidFor, loadShares, type PaidFor } from './order-store.ts'
import { saveRefund } from './refund-store.ts'

const TRIES_MAX = 6

export const refundOrder = http(
  refundOrderRoute,
  async ({ params, body }, { caller, now }) => {
    const bodyHash = createHash('sha256')
      .update(JSON.stringify([body.reason, body.lines ?? 'all']))
      .digest('hex')
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const found = await loadPaidFor(params.orderId)
      if (found === undefined || !hasRole(caller, 'worker', found.order.communityId)) throw new Missing()
      const earlier = found.refunds.find((each) => each.refundId === body.refundId)
      if (earlier !== undefined) {
        if (earlier.bodyHash !== bodyHash) return refused('REFUND_ID_REUSED', '这个退款号已用于另一笔退款')
        return answer(earlier, earlier.state)
      }
      const decision = decideRefund(refundable(found, await loadShares(found)), body.lines, now)
      if (decision.kind === 'refused') return decision
      const refund = refundOf(found, body, decision.amountFen, bodyHash, caller.personId, now)
      const amounts = new Map(found.lines.shares.map((share) => [share.saleId, share.amountFen]))
      const saved = await saveRefund(found.order, refund, decision.shares, amounts)
      // From here the refund is certain; the provider is asked now, and by every tick until it is done.
      if (saved.kind === 'done') return answer(refund, await askRefund(refund, payments, now))
    }
    throw new Busy()
  },
  { freshRoles: true },
)

function refundable({ order, lines }: PaidFor, shares: readonly ShareItem[]): RefundableOrder {
  const byGroupBuy = new Map(shares.map((share) => [share.groupBuyId, share]))
  return {
    state: order.state,
    paidAt: order.paidAt,
    shares: lines.shares.map((bought) => {
      const share = byGroupBuy.get(bought.groupBuyId)
      return {
        saleId: bought.saleId,
        groupBuyId: bought.groupBuyId,
        lines: bought.lines.map(({ lineId, name, amountFen }) => ({
          lineId,
          name,
          amountFen,
          refundedFen: share === undefined ? 0 : refundedOfLine(share, lineId),
        })),
      }
    }),
  }
}

type RefundBody = { refundId: string; reason: RefundItem['reason']; note?: string | undefined }

function refundOf(
  { order }: PaidFor,
  body: RefundBody,
  amountFen: RefundItem['amountFen'],
  bodyHash: string,
  decidedBy: string,
  decidedAt: string,
): RefundItem {
  return {
    entity: 'refund',
    v: 1,
    refundId: body.refundId,
    orderId: order.orderId,
    compoundId: order.compoundId,
    paymentId: order.paidBy ?? '',
    state: 'decided',
    amountFen,
    reason: body.reason,
    ...(body.note === undefined || body.note === '' ? {} : { note: body.note }),
    decidedAt,
    decidedBy,
    bodyHash,
  }
}

function answer({ refundId, amountFen }: RefundItem, state: RefundItem['state']) {
  return { refundId, state, amountFen }
}
