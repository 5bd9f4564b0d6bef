import { listCashDue as route } from '#shared/contracts/cash.ts'
import { http } from '#functions/platform/http.ts'
import { deskOf, pageOfCashDue } from './store.ts'

const PAGE = 50

export const listCashDue = http(route, async ({ params: { communityId }, query }, { caller }) => {
  await deskOf(caller, communityId)
  return pageOfCashDue(communityId, caller, query.limit ?? PAGE, query.cursor)
})
