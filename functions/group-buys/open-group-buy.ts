import { openGroupBuy as route } from '#shared/contracts/group-buys.ts'
import { requireRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { openOnce } from './open-once.ts'
import { groupBuyView } from './views.ts'

/** The id is the client's: the same request again, even after closing, answers with the group buy that it opened. */
export const openGroupBuy = http(route, async ({ params: { groupBuyId }, body }, { caller, now }) => {
  requireRole(caller, 'coop', body.coopId, 'admin')
  const opened = await openOnce(groupBuyId, body, now)
  return opened.kind === 'refused' ? opened : groupBuyView(opened.loaded, now)
})
