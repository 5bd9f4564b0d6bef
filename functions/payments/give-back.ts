import { createHash } from 'node:crypto'
import { giveBack as giveBackRoute } from '#shared/contracts/orders.ts'
import { stateAt } from '#shared/domain/group-buys/states.ts'
import {
  closedRefusal,
  decideGiveBack,
  type GiveBackDecision,
  type GroupBuyNow,
  mergePortions,
} from '#shared/domain/payments/give-back.ts'
import { refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { hashBody } from '#functions/platform/body-hash.ts'
import { Busy } from '#functions/platform/busy.ts'
import { now as clock } from '#functions/platform/clock.ts'
import { mayDo } from '#functions/platform/household-order.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import type { GroupBuyItem } from '#functions/platform/table/items/group-buys.ts'
import type { RefundItem } from '#functions/platform/table/items/orders.ts'
import {
  loadGroupBuysOf,
  loadOrderParts,
  loadShares,
  type OrderParts,
} from '#functions/platform/table/order-partition.ts'
import { askRefund } from './ask-refund.ts'
import { decidedRefund } from './decided-refund.ts'
import { saveGiveBack } from './give-back-store.ts'
import { refundable } from './refundable.ts'

const TRIES_MAX = 6

export const giveBack = http(
  giveBackRoute,
  async ({ params, body }, { caller }) => {
    const bodyHash = hashBody(mergePortions(body.lines))
    const refundId = refundIdOf(params.orderId, body.giveBackId)
    let refusal: Extract<GiveBackDecision, { kind: 'refused' }> | undefined
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const found = await loadOrderParts(params.orderId)
      if (found === undefined || !mayDo(caller, found.order, 'give-back')) throw new Missing()
      const earlier = found.refunds.find((each) => each.refundId === refundId)
      if (earlier !== undefined) {
        if (earlier.bodyHash !== bodyHash) return refused('REFUND_ID_REUSED', '这笔退款已经提交过了，请刷新页面查看')
        return answer(body.giveBackId, earlier, await seeThrough(earlier, clock()))
      }
      // Only now: an answer that was lost may have been a yes, and shares, read after their order, may know of it already.
      if (refusal !== undefined) return refusal
      const [shares, groupBuys] = await Promise.all([loadShares(found), loadGroupBuysOf(found)])
      const at = clock()
      const decision = decideGiveBack(givable(found, shares, standing(groupBuys, at)), body.lines, at)
      if (decision.kind === 'refused') {
        refusal = decision
        continue
      }
      const refund = decidedRefund(found.order, {
        ...{ refundId, reason: 'cancelled', amountFen: decision.amountFen, bodyHash },
        ...{ decidedAt: at, decidedBy: caller.personId },
      })
      const saved = await saveGiveBack(found, refund, decision.shares, clock)
      if (saved.kind === 'too-many') return refused('TOO_MANY_AT_ONCE', '一次退的样数太多了，请分几次退')
      // From here the refund is certain; the provider is asked now, and by every tick until it is done.
      if (saved.kind === 'done') return answer(body.giveBackId, refund, await seeThrough(refund, clock()))
      if (saved.closed !== undefined) refusal = closedRefusal(groupBuys.get(saved.closed)?.title ?? '')
    }
    throw new Busy()
  },
  { freshRoles: true },
)

function standing(groupBuys: ReadonlyMap<string, GroupBuyItem>, at: Instant): ReadonlyMap<string, GroupBuyNow> {
  return new Map(
    [...groupBuys].map(([id, groupBuy]) => [id, { title: groupBuy.title, isOpen: stateAt(groupBuy, at) === 'open' }]),
  )
}

function givable(
  found: OrderParts,
  shares: Parameters<typeof refundable>[1],
  groupBuys: ReadonlyMap<string, GroupBuyNow>,
) {
  const givenBack = found.refunds.filter(({ reason }) => reason === 'cancelled').length
  return { ...refundable(found, shares), groupBuys, givenBack }
}

/** A refund's id is its key at the provider, so that a buyer who uses one id for two orders must not meet it twice there. */
function refundIdOf(orderId: string, giveBackId: string): string {
  return `back-${createHash('sha256').update(`${orderId} ${giveBackId}`).digest('hex').slice(0, 32)}`
}

async function seeThrough(refund: RefundItem, at: Instant): Promise<RefundItem['state']> {
  return refund.state === 'decided' ? askRefund(refund, payments, at) : refund.state
}

function answer(giveBackId: string, { refundId, amountFen }: RefundItem, state: RefundItem['state']) {
  return { giveBackId, refundId, state, amountFen }
}
