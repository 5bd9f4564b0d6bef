import type { Member } from '#shared/domain/governance/steps.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { isHeld, loadCaller } from '#functions/platform/caller.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { membershipItem } from '#functions/platform/table/items/places.ts'
import { index } from '#functions/platform/table/keys.ts'
import { queryAll } from '#functions/platform/table/table.ts'

/** Those whose time is over stay in the index: so many of all terms are read, more than any community has had. */
const COMMITTEE_READ_MAX = 2_000
const READS_AT_ONCE = 10

/** The committee as it is now (pattern 107), with where each of them lives. Who supervises has no vote. */
export async function loadCommittee(communityId: string, now: Instant): Promise<Member[]> {
  const { GSI1PK: pk } = index.communityMembers(communityId, '', '')
  const all = await queryAll(membershipItem, { pk, index: 'GSI1', max: COMMITTEE_READ_MAX })
  const held = all.filter((item) => isHeld(item, now))
  const supervisors = new Set(held.filter(({ role }) => role === 'supervisor').map(({ personId }) => personId))
  const members = held.filter(({ role, personId }) => role === 'committee' && !supervisors.has(personId))
  const found: Member[] = []
  await inParallel(members, READS_AT_ONCE, async ({ personId, memberId }) => {
    const { memberships } = await loadCaller(personId, now, true)
    const home = memberships.find(({ role, state }) => role === 'resident' && state === 'verified')
    found.push({ personId, memberId, ...(home === undefined ? {} : { householdId: home.scopeId }) })
  })
  return found.sort((left, right) => (left.memberId < right.memberId ? -1 : 1))
}
