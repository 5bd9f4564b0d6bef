import { getGroupBuy } from '#shared/contracts/group-buys.ts'
import { listCompoundShares } from '#shared/contracts/orders.ts'
import { getCompound } from '#shared/contracts/places.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { compoundId, groupBuyId } = event.params
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const [groupBuy, shares, compound] = await Promise.all([
    publicRead(getGroupBuy, { params: { groupBuyId } }),
    api(listCompoundShares, { params: { compoundId, groupBuyId }, query: { cursor } }, { token }),
    publicRead(getCompound, { params: { compoundId } }),
  ])
  const { items, nextCursor } = dataOrError(shares, event)
  return {
    compoundId,
    groupBuyId,
    compoundName: compound.ok ? compound.data.name : undefined,
    title: groupBuy.ok ? groupBuy.data.title : groupBuyId,
    shares: items,
    nextCursor,
    now: Date.now(),
  }
}
