import { getCompound, listPairings } from '#shared/contracts/places.ts'
import { loadFundPage } from '#web/lib/server/fund-page.ts'
import { dataOrError } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import type { PageServerLoad } from './$types'

/** What everybody may see: no token is sent, so that a worker sees here exactly what the public sees. */
export const load: PageServerLoad = async (event) => {
  const { compoundId } = event.params
  const saleId = event.url.searchParams.get('sale')?.slice(0, 80) || undefined
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const [page, compound] = await Promise.all([
    loadFundPage(compoundId, undefined, { saleId, cursor, limit: 20 }),
    publicRead(getCompound, { params: { compoundId } }),
  ])
  const { communityId, townName } = dataOrError(compound, event)
  const pairings = await publicRead(listPairings, { query: { communityId } })
  return {
    ...dataOrError(page, event),
    townName,
    saleId,
    now: Date.now(),
    pairings: pairings.ok ? pairings.data.items : [],
  }
}
