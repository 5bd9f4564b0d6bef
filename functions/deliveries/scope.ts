import { type Caller, hasRole, isAdmin } from '#functions/platform/caller.ts'
import type { GroupBuyItem } from '#functions/platform/table/items/group-buys.ts'
import type { CompoundItem } from '#functions/platform/table/items/places.ts'

export function sends(caller: Caller, { coopId }: GroupBuyItem): boolean {
  return isAdmin(caller) || hasRole(caller, 'coop', coopId)
}

export function receives(caller: Caller, { communityId }: CompoundItem): boolean {
  return isAdmin(caller) || hasRole(caller, 'worker', communityId)
}
