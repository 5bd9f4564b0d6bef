import { listLeaders as route } from '#shared/contracts/places.ts'
import { compareHouseholds } from '#shared/kernel/household-order.ts'
import { worksFor } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { leadersOfCompound, leaderView } from './leader-store.ts'
import { getCompound } from './store.ts'

export const listLeaders = http(route, async ({ params: { compoundId } }, { caller, now }) => {
  const compound = await getCompound(compoundId)
  if (compound === undefined || !worksFor(caller, compound.communityId)) throw new Missing()
  const leaders = (await leadersOfCompound(compoundId, now)).map(leaderView)
  return { items: leaders.sort((left, right) => compareHouseholds(left.householdId, right.householdId)) }
})
