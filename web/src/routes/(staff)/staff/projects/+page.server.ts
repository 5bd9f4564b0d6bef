import { error } from '@sveltejs/kit'
import { listOpenProposals } from '#shared/contracts/governance.ts'
import { listCommunities } from '#shared/contracts/places.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, neededToken, sentenceOf } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import type { PageServerLoad, RequestEvent } from './$types'

const SHOWN = 20
const PAGES_MAX = 5

/** For those who work on proposals: what waits in a community, the next deadline first. */
export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const communities = await communitiesOf(event)
  const wanted = event.url.searchParams.get('communityId')
  const community = communities.find(({ communityId }) => communityId === wanted) ?? communities[0]
  if (community === undefined) error(403, { message: sentenceOf('FORBIDDEN', event.locals.lang), code: 'FORBIDDEN' })
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const { communityId } = community
  const listed = await api(listOpenProposals, { query: { communityId, cursor, limit: SHOWN } }, { token })
  return { communities, community, ...dataOrError(listed, event), now: Date.now() }
}

type Community = { readonly communityId: string; readonly name: string }

/** Their own communities; those of the whole district for who works for it. */
async function communitiesOf(event: RequestEvent): Promise<Community[]> {
  const me = await event.locals.visitor.me()
  const held = me?.memberships ?? []
  const own = held.filter(({ role }) => role === 'worker' || role === 'committee' || role === 'supervisor')
  const mine = [...new Map(own.map(({ scopeId, scopeName }) => [scopeId, scopeName]))]
  if (!held.some(({ role }) => role === 'charity' || role === 'admin'))
    return mine.map(([communityId, name]) => ({ communityId, name }))
  const all: Community[] = []
  let cursor: string | undefined
  for (let page = 0; page < PAGES_MAX; page++) {
    const found = dataOrError(await publicRead(listCommunities, { query: { limit: PAGE_MAX, cursor } }), event)
    all.push(...found.items.map(({ communityId, name, townName }) => ({ communityId, name: `${townName} ${name}` })))
    cursor = found.nextCursor
    if (cursor === undefined) break
  }
  return all
}
