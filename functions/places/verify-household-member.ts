import { verifyHouseholdMember as route } from '#shared/contracts/places.ts'
import { refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { forgetCaller } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { transact, type Write } from '#functions/platform/table/table.ts'
import { memberOf, type Member, refuseOwn, type Verifier, verifierOf } from './household-members.ts'
import { NOT_ENDED } from './people.ts'

const ATTEMPTS_MAX = 3

/** Confirming twice, or two persons at once, is one confirmation: the first one's. */
export const verifyHouseholdMember = http(
  route,
  async ({ params }, { caller, now }) => {
    const { as, compoundId } = await verifierOf(caller, params.householdId)
    const own = as === 'leader' ? refuseOwn(caller, params.householdId) : undefined
    if (own !== undefined) return own
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const member = await memberOf(compoundId, params, now)
      if (member.state === 'verified') return { ...params, state: member.state }
      if (member.state === 'rejected') return refused('CLAIM_REJECTED', '这条登记已经退回，请居民重新登记')
      const done = await transact([verification(member, { personId: caller.personId, as }, now)])
      forgetCaller(member.personId)
      if (done.kind === 'done') return { ...params, state: 'verified' as const }
      // Somebody else was sooner; what they did decides.
    }
    throw new Busy()
  },
  { freshRoles: true },
)

function verification(member: Member, by: { readonly personId: string; readonly as: Verifier }, now: Instant): Write {
  const found = index.compoundMembers(member.compoundId, 'verified', member.scopeId, member.memberId)
  return {
    update: keys.membership(member.personId, 'resident', member.scopeId),
    set: `SET #state = :verified, verifiedAt = :now, verifiedBy = :by, GSI1PK = :pk, GSI1SK = :sk${by.as === 'leader' ? ', verifiedAs = :as' : ''}`,
    condition: `#state = :claimed AND ${NOT_ENDED}`,
    expression: {
      names: { '#state': 'state' },
      values: {
        ':verified': 'verified',
        ':claimed': 'claimed',
        ':now': now,
        ':by': by.personId,
        ...(by.as === 'leader' ? { ':as': by.as } : {}),
        ':pk': found.GSI1PK,
        ':sk': found.GSI1SK,
      },
    },
  }
}
