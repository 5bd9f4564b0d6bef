import { verifyHouseholdMember as route } from '#shared/contracts/places.ts'
import { refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { forgetCaller } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { transact, type Write } from '#functions/platform/table/table.ts'
import { memberForWorker, type Member } from './household-members.ts'
import { NOT_ENDED } from './people.ts'

const ATTEMPTS_MAX = 3

/** Confirming twice, or two workers at once, is one confirmation: the first one's. */
export const verifyHouseholdMember = http(
  route,
  async ({ params }, { caller, now }) => {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const member = await memberForWorker(caller, params, now)
      if (member.state === 'verified') return { ...params, state: member.state }
      if (member.state === 'rejected') return refused('CLAIM_REJECTED', '这条登记已经退回，请居民重新登记')
      const done = await transact([verification(member, caller.personId, now)])
      forgetCaller(member.personId)
      if (done.kind === 'done') return { ...params, state: 'verified' as const }
      // Somebody else was sooner; what they did decides.
    }
    throw new Busy()
  },
  { freshRoles: true },
)

function verification(member: Member, verifiedBy: string, now: Instant): Write {
  const found = index.compoundMembers(member.compoundId, 'verified', member.scopeId, member.memberId)
  return {
    update: keys.membership(member.personId, 'resident', member.scopeId),
    set: 'SET #state = :verified, verifiedAt = :now, verifiedBy = :worker, GSI1PK = :pk, GSI1SK = :sk',
    condition: `#state = :claimed AND ${NOT_ENDED}`,
    expression: {
      names: { '#state': 'state' },
      values: {
        ':verified': 'verified',
        ':claimed': 'claimed',
        ':now': now,
        ':worker': verifiedBy,
        ':pk': found.GSI1PK,
        ':sk': found.GSI1SK,
      },
    },
  }
}
