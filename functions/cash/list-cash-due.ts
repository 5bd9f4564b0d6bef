import { listCashDue as route } from '#shared/contracts/cash.ts'
import { worksFor } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { pageOfCashDue } from './store.ts'

const PAGE = 50

export const listCashDue = http(route, async ({ params: { communityId }, query }, { caller }) => {
  if (!worksFor(caller, communityId)) throw new Missing()
  return pageOfCashDue(communityId, query.limit ?? PAGE, query.cursor)
})
