import { error } from '@sveltejs/kit'
import { listOpenProposals } from '#shared/contracts/governance.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, neededToken, sentenceOf } from '#web/lib/server/problems.ts'
import { communitiesOf } from '#web/lib/server/staff-communities.ts'
import type { PageServerLoad } from './$types'

const SHOWN = 20

/** For those who work on proposals: what waits in a community, the next deadline first. */
export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const communities = await communitiesOf(event, ['worker', 'committee', 'supervisor'], ['charity', 'admin'])
  const wanted = event.url.searchParams.get('communityId')
  const community = communities.find(({ communityId }) => communityId === wanted) ?? communities[0]
  if (community === undefined) error(403, { message: sentenceOf('FORBIDDEN', event.locals.lang), code: 'FORBIDDEN' })
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const { communityId } = community
  const listed = await api(listOpenProposals, { query: { communityId, cursor, limit: SHOWN } }, { token })
  const held = (await event.locals.visitor.me())?.memberships ?? []
  const seesMatters = held.some(({ role }) => role === 'worker' || role === 'supervisor' || role === 'admin')
  const worksOnAid = held.some(({ role }) => role !== 'admin' && role !== 'resident')
  return { communities, community, seesMatters, worksOnAid, ...dataOrError(listed, event), now: Date.now() }
}
