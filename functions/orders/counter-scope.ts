import { type Caller, hasRole, isAdmin } from '#functions/platform/caller.ts'
import { Missing } from '#functions/platform/missing.ts'
import { compoundItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get } from '#functions/platform/table/table.ts'

/** Counters are run by workers of the community, and by administrators who stand in. Other counters do not exist for them. */
export function runsCounter(caller: Caller, communityId: string): boolean {
  return isAdmin(caller) || hasRole(caller, 'worker', communityId)
}

export async function needCounter(caller: Caller, compoundId: string): Promise<void> {
  const compound = await get(compoundItem, keys.place('compound', compoundId))
  if (compound === undefined || !runsCounter(caller, compound.communityId)) throw new Missing()
}
