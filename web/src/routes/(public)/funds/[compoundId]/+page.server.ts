import { agreementsOf } from '#web/lib/server/agreements.ts'
import { loadFundPage } from '#web/lib/server/fund-page.ts'
import { dataOrError } from '#web/lib/server/problems.ts'
import type { PageServerLoad } from './$types'

/** What everybody may see: no token is sent, so that a worker sees here exactly what the public sees. */
export const load: PageServerLoad = async (event) => {
  const { compoundId } = event.params
  const saleId = event.url.searchParams.get('sale')?.slice(0, 80) || undefined
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const [page, { compound, agreements }] = await Promise.all([
    loadFundPage(compoundId, undefined, { saleId, cursor, limit: 20 }),
    agreementsOf(compoundId, event),
  ])
  return {
    ...dataOrError(page, event),
    townName: compound.townName,
    communityId: compound.communityId,
    saleId,
    now: Date.now(),
    villages: agreements.items,
  }
}
