import { listRankings } from '#shared/contracts/rankings.ts'
import { rankingFormula } from '#shared/domain/rankings/rules.ts'
import { quartersOver } from '#web/lib/rankings/points.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError } from '#web/lib/server/problems.ts'
import type { PageServerLoad } from './$types'

const QUARTERS = 4

/** Everybody reads what is published; who is on a list, or oversees the community, sees it in preview too. */
export const load: PageServerLoad = async (event) => {
  const token = await event.locals.visitor.token()
  const { communityId } = event.params
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const listed = await api(listRankings, { query: { communityId, cursor } }, { token })
  const found = dataOrError(listed, event)
  const published = found.items.filter(({ state }) => state !== 'preview').map(({ quarter }) => quarter)
  // Whether a quarter is passed over is for everybody to see, once there was a list.
  const oldest = published.at(-1) ?? '9'
  const notYet = quartersOver(Date.now(), QUARTERS).filter((each) => each > oldest && !published.includes(each))
  return {
    ...{ communityId, formula: rankingFormula, ...found, now: Date.now() },
    notYet: cursor === undefined ? notYet : [],
  }
}
