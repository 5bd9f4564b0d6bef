import { getCashDay as route } from '#shared/contracts/cash.ts'
import { worksFor } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { cashDayView, loadCashDay } from './store.ts'

export const getCashDay = http(route, async ({ params: { communityId, day } }, { caller }) => {
  if (!worksFor(caller, communityId)) throw new Missing()
  return cashDayView(await loadCashDay(communityId, day), caller.personId)
})
