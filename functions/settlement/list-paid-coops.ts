import { listPaidCoops as route } from '#shared/contracts/settlement.ts'
import { http } from '#functions/platform/http.ts'
import { pageOfPaidCoops } from './payout-store.ts'

const PAGE = 50

export const listPaidCoops = http(route, async ({ query }) => {
  const page = await pageOfPaidCoops(query.limit ?? PAGE, query.cursor)
  return {
    ...page,
    items: page.items.map(({ coopId, coopName, lastPreparedAt }) => ({ coopId, coopName, lastPreparedAt })),
  }
})
