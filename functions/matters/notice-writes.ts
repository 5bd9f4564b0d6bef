import type { Matter } from '#shared/domain/matters/matter.ts'
import { tellOf } from '#shared/domain/matters/notices.ts'
import { assert } from '#shared/kernel/assert.ts'
import { heldMembers } from '#functions/platform/held-members.ts'
import { bodyIndex } from '#functions/platform/table/body-keys.ts'
import { index } from '#functions/platform/table/keys.ts'
import { tellHome, tellPerson, type NewNotice } from '#functions/platform/table/notices.ts'
import type { Write } from '#functions/platform/table/table.ts'
import type { MatterPlaces } from './matter-store.ts'

/** Who is told of a matter's newest step, in the step's own transaction. */
export async function noticeWrites(
  { matterId, compoundId, communityId }: MatterPlaces,
  matter: Matter,
): Promise<Write[]> {
  const step = matter.steps.at(-1)
  assert(step !== undefined, 'a matter has a step')
  const { at } = step
  const title = matter.published?.title
  const about = (kind: 'matter-moved' | 'matter-waits'): Omit<NewNotice, 'news'> => ({
    ...{ kind, at, matterId, of: `${matterId}.${matter.steps.length}` },
    ...(title === undefined ? {} : { matterTitle: title }),
  })
  const writes = new Map<string, Write>()
  const add = (write: ReturnType<typeof tellPerson>) => writes.set(`${write.put.PK}\n${write.put.SK}`, write)
  for (const { to, news } of tellOf(matter)) {
    if (to === 'reporters') {
      for (const { personId, householdId } of matter.reporters) {
        const notice = { ...about('matter-moved'), news }
        if (personId !== undefined) add(tellPerson(personId, notice))
        else if (householdId !== undefined) add(tellHome(householdId, compoundId, notice))
      }
    } else {
      const lead = matter.lead?.bodyId
      const { GSI1PK: pk } =
        to === 'lead' && lead !== undefined
          ? bodyIndex.members(lead, '')
          : index.communityMembers(communityId, 'supervisor', '')
      const members = await heldMembers(pk, to === 'lead' ? undefined : 'supervisor#', at)
      for (const personId of members) add(tellPerson(personId, { ...about('matter-waits'), news }))
    }
  }
  return [...writes.values()]
}
