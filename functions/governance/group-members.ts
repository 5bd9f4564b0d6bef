import type { ToldGroup } from '#shared/domain/governance/notices.ts'
import type { Proposal } from '#shared/domain/governance/proposal.ts'
import { isBeingVotedOn } from '#shared/domain/governance/transitions.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { isHeld } from '#functions/platform/caller.ts'
import { membershipItem } from '#functions/platform/table/items/places.ts'
import { index } from '#functions/platform/table/keys.ts'
import { staffIndex } from '#functions/platform/table/staff-keys.ts'
import { query } from '#functions/platform/table/table.ts'
import { loadCommittee } from './committee.ts'

/** Of a group: those who are told. All of them find it among what waits for them. */
const MEMBERS_TOLD_MAX = 20
/** Those whose time is over stay in the index: they are passed over, some hundreds of them. */
const PAGE = 100
const PAGES_MAX = 10

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
      return heldIn(staffIndex.workers(communityId, '').GSI1PK, undefined, at)
    case 'charity':
      return heldIn(staffIndex.charity('').GSI1PK, undefined, at)
    case 'supervisors':
      return heldIn(index.communityMembers(communityId, '', '').GSI1PK, 'supervisor#', at)
  }
}

async function heldIn(pk: string, prefix: string | undefined, at: Instant): Promise<string[]> {
  const found: string[] = []
  let cursor: string | undefined
  for (let page = 0; page < PAGES_MAX && found.length < MEMBERS_TOLD_MAX; page++) {
    const { items, nextCursor } = await query(membershipItem, {
      ...{ pk, index: 'GSI1', limit: PAGE, cursor },
      ...(prefix === undefined ? {} : { prefix }),
    })
    found.push(...items.filter((held) => isHeld(held, at)).map(({ personId }) => personId))
    cursor = nextCursor
    if (cursor === undefined) break
  }
  return found.slice(0, MEMBERS_TOLD_MAX)
}
