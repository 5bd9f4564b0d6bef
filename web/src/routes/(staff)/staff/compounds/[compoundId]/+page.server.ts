import { listClaims } from '#shared/contracts/claims.ts'
import { getFund } from '#shared/contracts/fund.ts'
import { listGroupBuys } from '#shared/contracts/group-buys.ts'
import { getCompound } from '#shared/contracts/places.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import type { PageServerLoad } from './$types'

/** Group buys that are open, and the earlier ones as far as the fund's figures name them. */
export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { compoundId } = event.params
  const [compound, open, fund, claims] = await Promise.all([
    api(getCompound, { params: { compoundId } }, { token: undefined }),
    api(listGroupBuys, { query: { compoundId } }, { token: undefined }),
    api(getFund, { params: { compoundId } }, { token }),
    api(listClaims, { params: { compoundId }, query: { limit: 1 } }, { token }),
  ])
  const { name, communityName, townName } = dataOrError(compound, event)
  const now = dataOrError(open, event).items.map(({ groupBuyId, title }) => ({ groupBuyId, title, isOpen: true }))
  const known = new Set(now.map(({ groupBuyId }) => groupBuyId))
  const earlier = (fund.ok ? fund.data.byGroupBuy : [])
    .filter(({ groupBuyId }) => !known.has(groupBuyId))
    .map(({ groupBuyId, title }) => ({ groupBuyId, title, isOpen: false }))
  return {
    compoundId,
    name,
    communityName,
    townName,
    groupBuys: [...now, ...earlier],
    openClaims: claims.ok ? claims.data.openCount : 0,
  }
}
