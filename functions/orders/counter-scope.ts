import { type Caller, worksFor } from '#functions/platform/caller.ts'
import { Missing } from '#functions/platform/missing.ts'
import { compoundItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get } from '#functions/platform/table/table.ts'

/** The counter of another community does not exist. */
export async function needCounter(caller: Caller, compoundId: string): Promise<void> {
  const compound = await get(compoundItem, keys.place('compound', compoundId))
  if (compound === undefined || !worksFor(caller, compound.communityId)) throw new Missing()
}
