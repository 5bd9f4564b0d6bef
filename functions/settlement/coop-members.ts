import type { Instant } from '#shared/kernel/time.ts'
import { isHeld } from '#functions/platform/caller.ts'
import { log } from '#functions/platform/log.ts'
import { membershipItem } from '#functions/platform/table/items/places.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { batchGet, query } from '#functions/platform/table/table.ts'

/** A co-op is told by its members; what they are told is written with the statement, in one transaction of 100 at most. */
export const MEMBERS_TOLD_MAX = 50

/** Who is of the co-op now (pattern 79). The index lags: the membership itself says whether it holds. */
export async function membersOf(coopId: string, now: Instant): Promise<readonly string[]> {
  const pk = index.coopMembers(coopId, '').GSI1PK
  const members: string[] = []
  let cursor: string | undefined
  do {
    const page = await query(membershipItem, { pk, index: 'GSI1', limit: MEMBERS_TOLD_MAX, cursor })
    const found = await batchGet(
      membershipItem,
      page.items.map(({ personId, role, scopeId }) => keys.membership(personId, role, scopeId)),
    )
    members.push(...found.filter((held) => isHeld(held, now)).map(({ personId }) => personId))
    cursor = page.nextCursor
  } while (cursor !== undefined && members.length <= MEMBERS_TOLD_MAX)
  if (members.length > MEMBERS_TOLD_MAX) log('error', 'not all members of a co-op are told', { coopId })
  return members.slice(0, MEMBERS_TOLD_MAX)
}
