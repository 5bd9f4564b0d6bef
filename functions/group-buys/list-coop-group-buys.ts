import { listCoopGroupBuys as route } from '#shared/contracts/group-buys.ts'
import type { Output } from '#shared/contracts/route.ts'
import { unitLabel } from '#shared/domain/catalogue/unit-label.ts'
import { addFen, timesFen } from '#shared/kernel/money.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { requireRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { groupBuyIdsOfCoop, loadGroupBuy, type LoadedGroupBuy } from './store.ts'
import { groupBuySummary, portionsLeft } from './views.ts'

const PAGE = 20
const READS_AT_ONCE = 10

/** Totals per offer and nothing else: what to harvest, never who ordered it. */
export const listCoopGroupBuys = http(route, async ({ params: { coopId }, query }, { caller, now }) => {
  requireRole(caller, 'coop', coopId, 'admin')
  const page = await groupBuyIdsOfCoop(coopId, query.limit ?? PAGE, query.cursor)
  const loaded = await inParallel(page.items, READS_AT_ONCE, loadGroupBuy)
  return { ...page, items: loaded.filter((each) => each !== undefined).map((each) => totals(each, now)) }
})

function totals(loaded: LoadedGroupBuy, now: Instant): Output<typeof route>['items'][number] {
  const { compoundIds, decided } = loaded.groupBuy
  const left = portionsLeft(loaded.buckets)
  const offers = loaded.offers.map(({ offerId, name, saleUnit, stock, priceFen }) => {
    const taken = stock - (left.get(offerId) ?? 0)
    return { offerId, name, unitLabel: unitLabel(saleUnit), stock, taken, takenFen: timesFen(priceFen, taken) }
  })
  return {
    ...groupBuySummary(loaded.groupBuy, now),
    compoundCount: compoundIds.length,
    ...(decided === undefined ? {} : { decided }),
    offers,
    takenFen: addFen(...offers.map((offer) => offer.takenFen)),
  }
}
