import { getCommunityFund as route } from '#shared/contracts/fund-communities.ts'
import { byName, shareFigures, sumShares } from '#shared/domain/fund/community-figures.ts'
import { emptyHead } from '#shared/domain/fund/head.ts'
import { worksFor } from '#functions/platform/caller.ts'
import { openHttp } from '#functions/platform/http.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { Missing } from '#functions/platform/missing.ts'
import { Reply } from '#functions/platform/reply.ts'
import { loadKeptShare } from './load-standing.ts'
import { communityOf } from './names.ts'
import { sha256 } from './sha256.ts'
import { loadHeads } from './store.ts'
import { daysShown } from './window.ts'

const READS_AT_ONCE = 20

export const getCommunityFund = openHttp(route, async ({ params }, { caller, now }) => {
  const found = await communityOf(params.communityId, now)
  if (found === undefined) throw new Missing()
  const { communityId, name: communityName, townName } = found.community
  const compounds = found.compounds.map(({ compoundId, name }) => ({ id: compoundId, name })).sort(byName)
  const heads = new Map((await loadHeads(compounds.map(({ id }) => id))).map((head) => [head.fundId, head]))
  const live = caller !== undefined && worksFor(caller, communityId)
  const { view, today, asOfDay } = daysShown(live, [...heads.values()], now)
  const shares = await inParallel(compounds, READS_AT_ONCE, async ({ id, name }) => {
    const kept = await loadKeptShare(heads.get(id) ?? emptyHead(id, sha256), asOfDay)
    return { fundId: id, compoundName: name, ...shareFigures(kept, today) }
  })
  const output = { communityId, communityName, townName, view, asOfDay, sums: sumShares(shares), shares }
  return new Reply(output, { vary: 'authorization' })
})
