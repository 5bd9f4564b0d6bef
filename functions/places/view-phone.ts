import { randomUUID } from 'node:crypto'
import { viewPhone as route } from '#shared/contracts/places.ts'
import { assert } from '#shared/kernel/assert.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { personItem, phoneViewItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get, NOT_EXISTS, transact } from '#functions/platform/table/table.ts'
import { memberForWorker } from './household-members.ts'

/** Who looked, when and why is durable before the number leaves: no record, no number. */
export const viewPhone = http(
  route,
  async ({ params, body }, { caller, now }) => {
    const member = await memberForWorker(caller, params, now)
    if (member.state === 'rejected') throw new Missing()
    const phone = (await get(personItem, keys.person(member.personId)))?.phone
    if (phone === undefined) throw new Missing()
    const view = phoneViewItem.parse({
      entity: 'phoneView',
      v: 1,
      householdId: member.scopeId,
      memberId: member.memberId,
      viewedBy: caller.personId,
      viewedAt: now,
      reason: body.reason,
    })
    const recorded = await transact([
      { put: { ...keys.phoneView(member.compoundId, now, randomUUID()), ...view }, condition: NOT_EXISTS },
    ])
    assert(recorded.kind === 'done' || recorded.uncertain, 'a random key is new')
    return { phone }
  },
  { freshRoles: true },
)
