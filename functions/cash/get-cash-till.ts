import { getCashTill as route } from '#shared/contracts/cash.ts'
import { http } from '#functions/platform/http.ts'
import { deskOf, tillView } from './store.ts'

export const getCashTill = http(route, async ({ params: { communityId } }, { caller, now }) =>
  tillView(await deskOf(caller, communityId), caller, now),
)
