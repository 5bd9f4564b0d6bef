import { listGroupBuyClaims } from '#shared/contracts/claims.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const { groupBuyId } = event.params
  const found = await api(listGroupBuyClaims, { params: { groupBuyId }, query: { cursor } }, { token })
  const { items, nextCursor, title } = dataOrError(found, event)
  return { claims: items, nextCursor, title, now: Date.now() }
}
