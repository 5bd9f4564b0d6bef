import type { Instant } from '#shared/kernel/time.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import type { Write } from '#functions/platform/table/table.ts'
import type { Member } from './household-members.ts'
import { NOT_ENDED } from './people.ts'

/** As whom somebody says who lives in a household: its community's worker, or the leader of its building. */
export type Verifier = { readonly personId: string; readonly as: 'worker' | 'leader' }

/** A claim is verified by whoever is first; what a leader confirmed a worker makes their own. */
export function verification(member: Member, { personId, as }: Verifier, now: Instant): Write {
  const found = index.compoundMembers(member.compoundId, 'verified', member.scopeId, member.memberId)
  const key = keys.membership(member.personId, 'resident', member.scopeId)
  if (member.state === 'verified') {
    // Since when they are verified stays: a vote that is open asks for it.
    return {
      update: key,
      set: 'SET verifiedBy = :by REMOVE verifiedAs',
      condition: '#state = :verified AND verifiedAs = :leader',
      expression: {
        names: { '#state': 'state' },
        values: { ':verified': 'verified', ':leader': 'leader', ':by': personId },
      },
    }
  }
  const set = 'SET #state = :verified, verifiedAt = :now, verifiedBy = :by, GSI1PK = :pk, GSI1SK = :sk'
  return {
    update: key,
    set: as === 'leader' ? `${set}, verifiedAs = :leader` : `${set} REMOVE verifiedAs`,
    condition: `#state = :claimed AND ${NOT_ENDED}`,
    expression: {
      names: { '#state': 'state' },
      values: {
        ':verified': 'verified',
        ':claimed': 'claimed',
        ':now': now,
        ':by': personId,
        ':pk': found.GSI1PK,
        ':sk': found.GSI1SK,
        ...(as === 'leader' ? { ':leader': 'leader' } : {}),
      },
    },
  }
}
