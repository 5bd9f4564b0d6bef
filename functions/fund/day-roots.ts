import { getDayRoot as getRoute, listDayRoots as listRoute } from '#shared/contracts/fund-days.ts'
import { openHttp } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { loadDayRoot, loadDayRoots, loadRootFunds } from './store.ts'

const PAGE = 30

export const listDayRoots = openHttp(listRoute, async ({ query }) =>
  loadDayRoots({ limit: query.limit ?? PAGE, cursor: query.cursor }),
)

export const getDayRoot = openHttp(getRoute, async ({ params }) => {
  const root = await loadDayRoot(params.day)
  if (root === undefined) throw new Missing()
  return { v: 1 as const, ...root, funds: await loadRootFunds(params.day) }
})
