import { getCompound } from '#shared/contracts/places.ts'
import { loadFundPage } from '#web/lib/server/fund-page.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const { compoundId } = event.params
  const [answer, compound] = await Promise.all([
    loadFundPage(compoundId, token, { cursor, limit: 20 }),
    publicRead(getCompound, { params: { compoundId } }),
  ])
  return {
    page: dataOrError(answer, event),
    communityId: dataOrError(compound, event).communityId,
    etag: answer.ok ? answer.etag : undefined,
    isFirst: cursor === undefined,
    now: Date.now(),
  }
}
