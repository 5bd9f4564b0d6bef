import { listRankings } from '#shared/contracts/rankings.ts'
import { rankingFormula } from '#shared/domain/rankings/rules.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError } from '#web/lib/server/problems.ts'
import type { PageServerLoad } from './$types'

/** Everybody reads what is published; who is on a list, or oversees the community, sees it in preview too. */
export const load: PageServerLoad = async (event) => {
  const token = await event.locals.visitor.token()
  const { communityId } = event.params
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const listed = await api(listRankings, { query: { communityId, cursor } }, { token })
  return { communityId, formula: rankingFormula, ...dataOrError(listed, event), now: Date.now() }
}
