import { listPayouts as route } from '#shared/contracts/settlement.ts'
import { requireRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { pageOfPayouts } from './payout-store.ts'
import { payoutView } from './payout-view.ts'

const PAGE = 20

export const listPayouts = http(route, async ({ params: { coopId }, query }, { caller }) => {
  requireRole(caller, 'coop', coopId, 'admin')
  const page = await pageOfPayouts(coopId, query.limit ?? PAGE, query.cursor)
  return { ...page, items: page.items.map((payout) => payoutView(payout, caller.personId)) }
})
