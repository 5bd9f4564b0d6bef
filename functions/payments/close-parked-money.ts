import { closeParkedMoney as closeParkedMoneyRoute } from '#shared/contracts/payments.ts'
import { assert } from '#shared/kernel/assert.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { parkedItem, refundItem } from '#functions/platform/table/items/orders.ts'
import { get } from '#functions/platform/table/table.ts'
import { notPaidAfterAll } from './failed-refund.ts'
import { closeByPerson, failedRefundKey } from './parked-store.ts'

/** A person has paid it another way, or knows why it need not be paid: who, when and why stay with the item. */
export const closeParkedMoney = http(
  closeParkedMoneyRoute,
  async ({ params, body }, { caller, now }) => {
    const known = await get(parkedItem, keys.parked(params.parkedId))
    if (known === undefined) throw new Missing()
    if (known.reason === 'refund-failed' && known.state === 'open') {
      const refund = await get(refundItem, failedRefundKey(known))
      assert(refund !== undefined, 'a refund that failed is there')
      const no = await notPaidAfterAll(refund, known, payments, now)
      if (no !== undefined) return no
    }
    await closeByPerson(known, { by: caller.personId, note: body.note, at: now })
    const parked = await get(parkedItem, keys.parked(params.parkedId))
    if (parked === undefined) throw new Missing()
    if (parked.state !== 'closed') return refused('GOES_BACK_BY_ITSELF', '这笔钱会自动原路退回，不用处理')
    return { parkedId: parked.parkedId, state: parked.state }
  },
  { freshRoles: true },
)
