import { holdLonger as route } from '#shared/contracts/payments.ts'
import { decideLongerHold, type LongerHoldRefusal } from '#shared/domain/orders/longer-hold.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import { Busy } from '#functions/platform/busy.ts'
import { now as clock } from '#functions/platform/clock.ts'
import { mayDo } from '#functions/platform/household-order.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { loadGroupBuysOf, loadOrderParts } from '#functions/platform/table/order-partition.ts'
import { loadLongerHold, saveLongerHold } from './pay-link-store.ts'

const TRIES_MAX = 6

export const holdLonger = http(
  route,
  async ({ params: { orderId } }, { caller }) => {
    let refusal: Refused<LongerHoldRefusal | 'HELD_LONGER_ELSEWHERE'> | undefined
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const found = await loadOrderParts(orderId)
      if (found === undefined || !mayDo(caller, found.order, 'link')) throw new Missing()
      const { order } = found
      // Once: whoever asks again is told what was decided then.
      if (order.heldLongerAt !== undefined && order.state === 'pending_payment') {
        return { orderId, expiresAt: order.expiresAt }
      }
      // Only now: what is refused may be what this very request, sent twice, has written meanwhile.
      if (refusal !== undefined) return refusal
      const [groupBuys, earlier] = await Promise.all([loadGroupBuysOf(found), loadLongerHold(order.householdId)])
      const at = clock()
      const closings = [...groupBuys.values()].map(({ closesAt }) => closesAt)
      const decision = decideLongerHold({ ...order, hasPayLink: order.payLink !== undefined }, closings, at)
      if (decision.kind === 'refused') {
        refusal = decision
        continue
      }
      if (earlier !== undefined && !earlier.isOver) {
        refusal = refused('HELD_LONGER_ELSEWHERE', '这一户已有一单在多留，付好或取消那一单，才能再多留一单')
        continue
      }
      const saved = await saveLongerHold(found, decision.until, earlier, at)
      if (saved === 'done') return { orderId, expiresAt: decision.until }
    }
    throw new Busy()
  },
  { freshRoles: true },
)
