import { verifyHouseholdMember as route } from '#shared/contracts/places.ts'
import { Busy } from '#functions/platform/busy.ts'
import { forgetCaller } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { membershipItem } from '#functions/platform/table/items/places.ts'
import { get, transact } from '#functions/platform/table/table.ts'
import { memberForWorker } from './household-members.ts'

/** Confirming twice, or two workers at once, is one confirmation: the first one's. */
export const verifyHouseholdMember = http(
  route,
  async ({ params }, { caller, now }) => {
    const member = await memberForWorker(caller, params)
    const key = keys.membership(member.personId, 'resident', member.scopeId)
    if (member.state !== 'verified') {
      const found = index.compoundMembers(member.compoundId, 'verified', member.scopeId, member.memberId)
      const done = await transact([
        {
          update: key,
          set: 'SET #state = :verified, verifiedAt = :now, verifiedBy = :worker, GSI1PK = :pk, GSI1SK = :sk',
          condition: '#state = :claimed',
          expression: {
            names: { '#state': 'state' },
            values: {
              ':verified': 'verified',
              ':claimed': 'claimed',
              ':now': now,
              ':worker': caller.personId,
              ':pk': found.GSI1PK,
              ':sk': found.GSI1SK,
            },
          },
        },
      ])
      if (done.kind === 'failed' && (await get(membershipItem, key))?.state !== 'verified') throw new Busy()
      forgetCaller(member.personId)
    }
    return { ...params, state: 'verified' as const }
  },
  { freshRoles: true },
)
