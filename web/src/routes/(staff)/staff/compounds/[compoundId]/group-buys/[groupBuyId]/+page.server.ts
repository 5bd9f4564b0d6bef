import { getGroupBuy } from '#shared/contracts/group-buys.ts'
import { listCompoundShares } from '#shared/contracts/orders.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { compoundId, groupBuyId } = event.params
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const [groupBuy, shares] = await Promise.all([
    api(getGroupBuy, { params: { groupBuyId } }, { token: undefined }),
    api(listCompoundShares, { params: { compoundId, groupBuyId }, query: { cursor } }, { token }),
  ])
  const { items, nextCursor } = dataOrError(shares, event)
  return {
    compoundId,
    title: groupBuy.ok ? groupBuy.data.title : groupBuyId,
    shares: items,
    nextCursor,
    now: Date.now(),
  }
}
