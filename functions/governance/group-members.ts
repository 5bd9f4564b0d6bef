import type { ToldGroup } from '#shared/domain/governance/notices.ts'
import type { Proposal } from '#shared/domain/governance/proposal.ts'
import { isBeingVotedOn } from '#shared/domain/governance/transitions.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { heldMembers, MEMBERS_TOLD_MAX } from '#functions/platform/held-members.ts'
import { index } from '#functions/platform/table/keys.ts'
import { staffIndex } from '#functions/platform/table/staff-keys.ts'
import { loadCommittee } from './committee.ts'

/** Who is told of what concerns a group (pattern 107): of the committee, while it votes, those who may. */
export async function membersOf(
  group: ToldGroup,
  communityId: string,
  { state, vote }: Proposal,
  at: Instant,
): Promise<string[]> {
  switch (group) {
    case 'committee': {
      const electors = isBeingVotedOn(state) ? vote?.members : undefined
      const members = electors ?? (await loadCommittee(communityId, at))
      return members.map(({ personId }) => personId).slice(0, MEMBERS_TOLD_MAX)
    }
    case 'workers':
      return heldMembers(staffIndex.workers(communityId, '').GSI1PK, undefined, at)
    case 'charity':
      return heldMembers(staffIndex.charity('').GSI1PK, undefined, at)
    case 'supervisors':
      return heldMembers(index.communityMembers(communityId, '', '').GSI1PK, 'supervisor#', at)
  }
}
