import { closeParkedMoney as closeParkedMoneyRoute } from '#shared/contracts/payments.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { parkedItem } from '#functions/platform/table/items/orders.ts'
import { get } from '#functions/platform/table/table.ts'
import { closeByPerson } from './parked-store.ts'

/** A person has paid it another way, or knows why it need not be paid: who, when and why stay with the item. */
export const closeParkedMoney = http(
  closeParkedMoneyRoute,
  async ({ params, body }, { caller, now }) => {
    const known = await get(parkedItem, keys.parked(params.parkedId))
    if (known === undefined) throw new Missing()
    await closeByPerson(known, { by: caller.personId, note: body.note, at: now })
    const parked = await get(parkedItem, keys.parked(params.parkedId))
    if (parked === undefined) throw new Missing()
    if (parked.state !== 'closed') return refused('GOES_BACK_BY_ITSELF', '这笔钱会自动原路退回，不用处理')
    return { parkedId: parked.parkedId, state: parked.state }
  },
  { freshRoles: true },
)
