import { refundOrder as refundOrderRoute } from '#shared/contracts/orders.ts'
import { decideRefund, type RefundDecision } from '#shared/domain/payments/decide-refund.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { hashBody } from '#functions/platform/body-hash.ts'
import { Busy } from '#functions/platform/busy.ts'
import { hasRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import type { RefundItem } from '#functions/platform/table/items/orders.ts'
import { askRefund } from './ask-refund.ts'
import { loadOrderParts, loadShares } from '#functions/platform/table/order-partition.ts'
import { decidedRefund } from './decided-refund.ts'
import { refundable } from './refundable.ts'
import { saveRefund } from './refund-store.ts'

const TRIES_MAX = 6

export const refundOrder = http(
  refundOrderRoute,
  async ({ params, body }, { caller, now }) => {
    const bodyHash = hashBody([body.reason, body.lines ?? 'all'])
    let refusal: Extract<RefundDecision, { kind: 'refused' }> | undefined
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const found = await loadOrderParts(params.orderId)
      if (found === undefined || !hasRole(caller, 'worker', found.order.communityId)) throw new Missing()
      const earlier = found.refunds.find((each) => each.refundId === body.refundId)
      if (earlier !== undefined) {
        if (earlier.bodyHash !== bodyHash) return refused('REFUND_ID_REUSED', '这个退款号已用于另一笔退款')
        return answer(earlier, earlier.state)
      }
      if (refusal !== undefined) return refusal
      const decision = decideRefund(refundable(found, await loadShares(found)), body.lines, now)
      // Shares are read after their order: what they refuse may be what this very request has written meanwhile.
      if (decision.kind === 'refused') {
        refusal = decision
        continue
      }
      const refund = decidedRefund(found.order, {
        ...{ refundId: body.refundId, reason: body.reason, amountFen: decision.amountFen, bodyHash },
        ...{ decidedAt: now, decidedBy: caller.personId },
        ...(body.note === undefined || body.note === '' ? {} : { note: body.note }),
      })
      const amounts = new Map(found.lines.shares.map((share) => [share.saleId, share.amountFen]))
      const saved = await saveRefund(found.order, refund, decision.shares, amounts)
      // From here the refund is certain; the provider is asked now, and by every tick until it is done.
      if (saved.kind === 'done') return answer(refund, await askRefund(refund, payments, now))
    }
    throw new Busy()
  },
  { freshRoles: true },
)

function answer({ refundId, amountFen }: RefundItem, state: RefundItem['state']) {
  return { refundId, state, amountFen }
}
