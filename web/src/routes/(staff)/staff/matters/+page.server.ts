import { error, type RequestEvent } from '@sveltejs/kit'
import { listOpenMatters, type MatterSummary } from '#shared/contracts/matters.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { boardGroups, boardOf } from '#web/lib/matters/board.ts'
import { api } from '#web/lib/server/api.ts'
import { gridsOfWorker, narrowedTo, unpostedOf } from '#web/lib/server/grids.ts'
import { lateDaysOf } from '#web/lib/server/matters-late.ts'
import { dataOrError, neededToken, sentenceOf } from '#web/lib/server/problems.ts'
import { membershipsOf } from '#web/lib/server/roles.ts'
import { communitiesOf } from '#web/lib/server/staff-communities.ts'
import type { PageServerLoad } from './$types'

/** What waits in a community, or a grid, is some hundred at most; beyond that the next page is asked for. */
const PAGES_MAX = 3

/** The branch's board: what waits for it first, then what is with bodies, the next deadline first. */
export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const communities = await communitiesOf(event, ['worker', 'supervisor'], ['admin'])
  const query = event.url.searchParams
  const wanted = query.get('communityId')
  const community = communities.find(({ communityId }) => communityId === wanted) ?? communities[0]
  if (community === undefined) error(403, { message: sentenceOf('FORBIDDEN', event.locals.lang), code: 'FORBIDDEN' })
  const { communityId } = community
  const works = (await membershipsOf(event, 'worker')).some(({ scopeId }) => scopeId === communityId)
  const supervises = (await membershipsOf(event, 'supervisor')).some(({ scopeId }) => scopeId === communityId)
  const [mine, unposted] = await Promise.all([gridsOfWorker(event, token), unpostedOf(communityId)])
  const narrowed = narrowedTo(event, communityId, mine)
  const { items, nextCursor } = await waiting(event, communityId, narrowed.compoundIds?.join(','), token)
  const now = Date.now()
  const groups = boardOf(items, supervises)
  return {
    ...{ communities, community, nextCursor, works, unposted },
    grids: narrowed.grids,
    isWhole: narrowed.isWhole,
    counts: groups.map(({ group, matters }) => ({ group, count: matters.length })),
    shown: boardGroups.find((each) => each === query.get('state')),
    groups,
    late: lateDaysOf(items, now),
    now,
  }
}

async function waiting(event: RequestEvent, communityId: string, compoundIds: string | undefined, token: string) {
  const items: MatterSummary[] = []
  let cursor = event.url.searchParams.get('cursor') ?? undefined
  for (let page = 0; page < PAGES_MAX; page++) {
    const asked = { communityId, compoundIds, cursor, limit: PAGE_MAX }
    const listed = dataOrError(await api(listOpenMatters, { query: asked }, { token }), event)
    items.push(...listed.items)
    cursor = listed.nextCursor
    if (cursor === undefined) break
  }
  return { items, nextCursor: cursor }
}
