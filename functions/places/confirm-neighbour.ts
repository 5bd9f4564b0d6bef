import { confirmNeighbour as route } from '#shared/contracts/places.ts'
import type { Params } from '#shared/contracts/route.ts'
import { refuseConfirming } from '#shared/domain/places/confirm-neighbour.ts'
import { compoundIdOfHousehold } from '#shared/domain/places/household-id.ts'
import { assert } from '#shared/kernel/assert.ts'
import { buildingOfHousehold } from '#shared/kernel/building.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { type Caller, forgetCaller, hasRole, householdOf } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { membershipItem } from '#functions/platform/table/items/places.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { query, transact, type Write } from '#functions/platform/table/table.ts'
import { memberOf } from './household-members.ts'
import { stillVerified } from './leader-store.ts'
import { NOT_ENDED } from './people.ts'
import { verification } from './verification.ts'

const ATTEMPTS_MAX = 3

/**
 * Confirming twice is one confirmation, and what a worker has confirmed stays theirs. It holds only while the leader is one: the
 * role and the residence that it rests on are part of the transaction.
 */
export const confirmNeighbour = http(
  route,
  async ({ params, body }, { caller, now }) => {
    const { householdId } = params
    const compoundId = compoundIdOfHousehold(householdId)
    const building = buildingOfHousehold(householdId)
    if (compoundId === undefined || !hasRole(caller, 'leader', building)) throw new Missing()
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const member = await memberOf(compoundId, params, now)
      if (member.state === 'verified') return { ...params, state: member.state }
      assert(member.state !== undefined, 'a resident has a state')
      const isOwnHousehold = householdOf(caller)?.scopeId === householdId
      const isLivedIn = await hasOthers(compoundId, params)
      const no = refuseConfirming({ ...member, state: member.state }, body.code, { isOwnHousehold, isLivedIn })
      if (no !== undefined) return no
      const by = { personId: caller.personId, as: 'leader' } as const
      const done = await transact([verification(member, by, now), ...stillLeads(caller, building, now)])
      forgetCaller(member.personId)
      if (done.kind === 'done') return { ...params, state: 'verified' as const }
      // Somebody else was sooner, or the leader is none any more.
      forgetCaller(caller.personId)
    }
    throw new Busy()
  },
  { freshRoles: true },
)

/** Somebody else is confirmed there; whoever a worker confirms at this moment is no other. */
async function hasOthers(compoundId: string, { householdId, memberId }: Params<typeof route>): Promise<boolean> {
  const { GSI1PK, GSI1SK } = index.compoundMembers(compoundId, 'verified', householdId, '')
  const { items } = await query(membershipItem, { pk: GSI1PK, prefix: GSI1SK, index: 'GSI1', limit: 2 })
  return items.some((item) => item.memberId !== memberId)
}

function stillLeads(caller: Caller, building: string, now: Instant): Write[] {
  const home = householdOf(caller)
  assert(home !== undefined, 'a leader lives somewhere')
  return [
    {
      check: keys.membership(caller.personId, 'leader', building),
      condition: `attribute_exists(PK) AND ${NOT_ENDED}`,
      expression: { values: { ':now': now } },
    },
    stillVerified(home, now),
  ]
}
