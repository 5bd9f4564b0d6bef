import { listUnstated as route } from '#shared/contracts/settlement.ts'
import { whyUnstated } from '#shared/domain/settlement/why-unstated.ts'
import { requireRole } from '#functions/platform/caller.ts'
import { env } from '#functions/platform/env.ts'
import { http } from '#functions/platform/http.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { openClaimsOf, pageOfUnstated } from './unstated-store.ts'

const PAGE = 50
const AT_ONCE = 4

export const listUnstated = http(route, async ({ params: { coopId }, query }, { caller, now }) => {
  requireRole(caller, 'coop', coopId, 'admin')
  const afterSalesHours = env('AFTER_SALES_HOURS')
  const { groupBuys, watched, ...rest } = await pageOfUnstated(coopId, query.limit ?? PAGE, query.cursor)
  const items = await inParallel(groupBuys, AT_ONCE, async (groupBuy) => {
    const { groupBuyId, title, closesAt } = groupBuy
    const known = { ...groupBuy, isWatched: watched.has(groupBuyId) }
    const why = whyUnstated({ ...known, openClaims: 0 }, afterSalesHours, now)
    if (why === undefined) return []
    // Claims matter only when nothing else is waited for.
    const openClaims = why.because === 'clock' ? await openClaimsOf(groupBuy) : 0
    const said = openClaims > 0 ? whyUnstated({ ...known, openClaims }, afterSalesHours, now) : why
    return [{ groupBuyId, title, closesAt, ...(said ?? why), openClaims }]
  })
  return { ...rest, items: items.flat() }
})
