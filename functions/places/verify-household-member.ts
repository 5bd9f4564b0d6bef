import { verifyHouseholdMember as route } from '#shared/contracts/places.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { Busy } from '#functions/platform/busy.ts'
import { forgetCaller } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { transact } from '#functions/platform/table/table.ts'
import { memberForWorker, refuseOwn } from './household-members.ts'
import { verification } from './verification.ts'

const ATTEMPTS_MAX = 3

/** Confirming twice, or two persons at once, is one confirmation: the first one's, and a worker's before a leader's. */
export const verifyHouseholdMember = http(
  route,
  async ({ params }, { caller, now }) => {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const member = await memberForWorker(caller, params, now)
      const own = refuseOwn(caller, params.householdId)
      if (own !== undefined) return own
      if (member.state === 'verified' && member.verifiedAs === undefined) return { ...params, state: member.state }
      if (member.state === 'rejected') return refused('CLAIM_REJECTED', '这条登记已经退回，请居民重新登记')
      const done = await transact([verification(member, { personId: caller.personId, as: 'worker' }, now)])
      forgetCaller(member.personId)
      if (done.kind === 'done') return { ...params, state: 'verified' as const }
      // Somebody else was sooner; what they did decides.
    }
    throw new Busy()
  },
  { freshRoles: true },
)
