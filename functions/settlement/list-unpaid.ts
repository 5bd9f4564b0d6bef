import { listUnpaid as route } from '#shared/contracts/settlement.ts'
import { http } from '#functions/platform/http.ts'
import { pageOfUnpaid } from './statement-store.ts'
import { statementSummary } from './statement-view.ts'

const PAGE = 50

export const listUnpaid = http(route, async ({ query }) => {
  const page = await pageOfUnpaid(query.coopId, query.limit ?? PAGE, query.cursor)
  // The index lags: the statement itself says whether it is paid.
  return { ...page, items: page.items.filter(({ state }) => state !== 'paid').map(statementSummary) }
})
