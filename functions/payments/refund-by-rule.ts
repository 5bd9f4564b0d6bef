import { decideRefund, type WantedRefund } from '#shared/domain/payments/decide-refund.ts'
import { assert } from '#shared/kernel/assert.ts'
import { addFen } from '#shared/kernel/money.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import type { PaymentPort } from '#functions/platform/payments/port.ts'
import type { OrderItem, RefundItem, ShareItem } from '#functions/platform/table/items/orders.ts'
import { loadOrderParts, loadShares, type OrderParts } from '#functions/platform/table/order-partition.ts'
import { askRefund } from './ask-refund.ts'
import { decidedRefund } from './decided-refund.ts'
import { refundable } from './refundable.ts'
import { saveRefund } from './refund-store.ts'

const TRIES_MAX = 6
const BY_RULE = 'rule'

export type RefundRule = {
  /** One rule gives back once for each share: its id is the rule's name and the sale's. */
  readonly name: 'failed' | 'step' | 'short' | 'weight'
  readonly reason: RefundItem['reason']
  /** What each line of the share gets back, as things stand; nothing when nothing is owed. */
  readonly owed: (parts: OrderParts, share: ShareItem) => WantedRefund[]
}

/** `refunded`: by this run; what an earlier one gave back is not counted again. `share` is as it was read last. */
export type ByRule = { readonly order: OrderItem; readonly share: ShareItem; readonly refunded: boolean }

/**
 * Gives back what a rule says for one order's share of a group buy, once, whoever does it and however often it is cut off;
 * nothing for an order that was never paid. Nobody asked for it: the rule that the group buy was opened with did.
 */
export async function refundByRule(
  { orderId, groupBuyId }: { readonly orderId: string; readonly groupBuyId: string },
  rule: RefundRule,
  provider: PaymentPort,
  at: Instant,
): Promise<ByRule | undefined> {
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const found = await loadOrderParts(orderId)
    assert(found !== undefined, 'a share has its order')
    if (found.order.state !== 'paid') return undefined
    const shares = await loadShares(found)
    const share = shares.find((each) => each.groupBuyId === groupBuyId)
    assert(share !== undefined, 'an order has a share of the group buy')
    const refundId = `${rule.name}-${share.saleId}`
    const earlier = found.refunds.some((refund) => refund.refundId === refundId)
    const wanted = earlier ? [] : rule.owed(found, share)
    if (wanted.length === 0) return { order: found.order, share, refunded: false }
    const decision = decideRefund(refundable(found, shares), wanted, at)
    // What may be refunded moved between reading and deciding: read again.
    if (decision.kind === 'refused') continue
    const refund = decidedRefund(found.order, {
      ...{ refundId, reason: rule.reason, amountFen: decision.amountFen },
      ...{ decidedAt: at, decidedBy: BY_RULE, bodyHash: BY_RULE },
    })
    const amounts = new Map(found.lines.shares.map((each) => [each.saleId, each.amountFen]))
    if ((await saveRefund(found.order, refund, decision.shares, amounts)).kind !== 'done') continue
    await askRefund(refund, provider, at)
    const refundedFen = addFen(share.refundedFen, decision.amountFen)
    return { order: found.order, share: { ...share, refundedFen }, refunded: true }
  }
  throw new Busy()
}
