import { error } from '@sveltejs/kit'
import { listAidToDo } from '#shared/contracts/aid.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, neededToken, sentenceOf } from '#web/lib/server/problems.ts'
import { communitiesOf } from '#web/lib/server/staff-communities.ts'
import type { PageServerLoad } from './$types'

/** What waits in a community, without a word of what is in it. */
export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const communities = await communitiesOf(event, ['worker', 'committee', 'supervisor'], ['charity'])
  const wanted = event.url.searchParams.get('communityId')
  const community = communities.find(({ communityId }) => communityId === wanted) ?? communities[0]
  if (community === undefined) error(403, { message: sentenceOf('FORBIDDEN', event.locals.lang), code: 'FORBIDDEN' })
  const { communityId } = community
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const listed = dataOrError(await api(listAidToDo, { query: { communityId, cursor } }, { token }), event)
  const held = (await event.locals.visitor.me())?.memberships ?? []
  const isWorker = held.some(({ role, scopeId }) => role === 'worker' && scopeId === communityId)
  return { communities, community, isWorker, ...listed, now: Date.now() }
}
