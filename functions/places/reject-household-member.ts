import { rejectHouseholdMember as route } from '#shared/contracts/places.ts'
import { buildingOfHousehold } from '#shared/kernel/building.ts'
import { refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { forgetCaller, hasEnded } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { membershipItem } from '#functions/platform/table/items/places.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { get, transact, type Write } from '#functions/platform/table/table.ts'
import { memberForWorker, type Member, refuseOwn } from './household-members.ts'

const ATTEMPTS_MAX = 3

/**
 * Rejecting twice, or two workers at once, is one rejection: the first one's. A member whom a worker has verified is no claim
 * any more; the district's import ends their role. What a leader has confirmed a worker can still reject, unless it is what
 * somebody's own leadership rests on: that is ended first, by its own act.
 */
export const rejectHouseholdMember = http(
  route,
  async ({ params, body }, { caller, now }) => {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const member = await memberForWorker(caller, params, now)
      const own = refuseOwn(caller, params.householdId)
      if (own !== undefined) return own
      if (member.state === 'rejected') return { ...params, state: member.state }
      if (member.state === 'verified' && member.verifiedAs === undefined)
        return refused('CLAIM_VERIFIED', '这户已经核实，不能再退回')
      const leads = await get(membershipItem, leadershipOf(member))
      if (leads !== undefined && !hasEnded(leads, now))
        return refused('LEADS_BUILDING', '这位是这栋楼的楼长，请先结束任命，再退回')
      const done = await transact(rejection(member, caller.personId, body.reason, now))
      forgetCaller(member.personId)
      if (done.kind === 'done') return { ...params, state: 'rejected' as const }
      // Somebody else was sooner, or the resident has moved; what they did decides.
    }
    throw new Busy()
  },
  { freshRoles: true },
)

const leadershipOf = ({ personId, scopeId }: Member) =>
  keys.membership(personId, 'leader', buildingOfHousehold(scopeId))

/** The claim is rejected and its person free to claim again, together; of somebody who has moved meanwhile neither is true. */
function rejection(member: Member, rejectedBy: string, reason: string, now: Instant): Write[] {
  const found = index.compoundMembers(member.compoundId, 'rejected', member.scopeId, member.memberId)
  return [
    {
      update: keys.membership(member.personId, 'resident', member.scopeId),
      set: 'SET #state = :rejected, rejectedAt = :now, rejectedBy = :worker, rejectReason = :reason, GSI1PK = :pk, GSI1SK = :sk REMOVE verifiedAt, verifiedBy, verifiedAs',
      condition: member.state === 'verified' ? '#state = :verified AND verifiedAs = :leader' : '#state = :claimed',
      expression: {
        names: { '#state': 'state' },
        values: {
          ':rejected': 'rejected',
          ...(member.state === 'verified'
            ? { ':verified': 'verified', ':leader': 'leader' }
            : { ':claimed': 'claimed' }),
          ':now': now,
          ':worker': rejectedBy,
          ':reason': reason,
          ':pk': found.GSI1PK,
          ':sk': found.GSI1SK,
        },
      },
    },
    {
      update: keys.person(member.personId),
      set: 'REMOVE householdId',
      condition: 'householdId = :household',
      expression: { values: { ':household': member.scopeId } },
    },
    {
      check: leadershipOf(member),
      condition: 'attribute_not_exists(PK) OR toAt <= :now',
      expression: { values: { ':now': now } },
    },
  ]
}
