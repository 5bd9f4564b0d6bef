import type { Instant } from '#shared/kernel/time.ts'
import { isHeld } from './caller.ts'
import { membershipItem } from './table/items/places.ts'
import { query } from './table/table.ts'

/** Of a group: those who are told. All of them find it among what waits for them. */
export const MEMBERS_TOLD_MAX = 20
/** Those whose time is over stay in the index: they are passed over, some hundreds of them. */
const PAGE = 50
const PAGES_MAX = 10

/** Who of a group, which one partition of the index lists, is in term: as many as are told. */
export async function heldMembers(pk: string, prefix: string | undefined, at: Instant): Promise<string[]> {
  const members: string[] = []
  let cursor: string | undefined
  for (let page = 0; page < PAGES_MAX && members.length < MEMBERS_TOLD_MAX; page++) {
    const read = await query(membershipItem, {
      ...{ pk, index: 'GSI1' as const, limit: PAGE, cursor },
      ...(prefix === undefined ? {} : { prefix }),
    })
    members.push(...read.items.filter((held) => isHeld(held, at)).map(({ personId }) => personId))
    cursor = read.nextCursor
    if (cursor === undefined) break
  }
  return members.slice(0, MEMBERS_TOLD_MAX)
}
