import { getCommunityFund } from '#shared/contracts/fund-communities.ts'
import { dataOrError } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import type { PageServerLoad } from './$types'

/** What everybody may see: no token is sent, so that a worker sees here exactly what the public sees. */
export const load: PageServerLoad = async (event) => {
  const { communityId } = event.params
  return { fund: dataOrError(await publicRead(getCommunityFund, { params: { communityId } }), event) }
}
