import { error } from '@sveltejs/kit'
import { listCommunities } from '#shared/contracts/places.ts'
import { freezeRanking, listRankings, listRankingsOfBody, rankingIdSchema } from '#shared/contracts/rankings.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { quartersOver } from '#web/lib/rankings/points.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken, sentenceOf } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import { membershipsOf } from '#web/lib/server/roles.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

const PAGES_MAX = 5
const QUARTERS = 4
/** Whoever acts for more bodies finds the rest on the public pages. */
const BODIES_SHOWN = 5

/** Lists of a community for who oversees it; those on which they are for who acts for a body; freezing for administrators. */
export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const [communities, bodies, admins] = await Promise.all([
    communitiesOf(event),
    membershipsOf(event, 'body'),
    membershipsOf(event, 'admin'),
  ])
  if (communities.length === 0 && bodies.length === 0) {
    error(403, { message: sentenceOf('FORBIDDEN', event.locals.lang), code: 'FORBIDDEN' })
  }
  const wanted = event.url.searchParams.get('communityId')
  const community = communities.find(({ communityId }) => communityId === wanted) ?? communities[0]
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const listed =
    community &&
    dataOrError(await api(listRankings, { query: { communityId: community.communityId, cursor } }, { token }), event)
  const ofBodies = await Promise.all(
    bodies.slice(0, BODIES_SHOWN).map(async ({ scopeId, scopeName }) => ({
      bodyId: scopeId,
      name: scopeName,
      ...dataOrError(await api(listRankingsOfBody, { query: { bodyId: scopeId } }, { token }), event),
    })),
  )
  const known = new Set(listed?.items.map(({ quarter }) => quarter))
  return {
    ...{ communities, community, listed, ofBodies, mayFreeze: admins.length > 0, now: Date.now() },
    toFreeze: quartersOver(Date.now(), QUARTERS).filter((quarter) => !known.has(quarter)),
  }
}

type Community = { readonly communityId: string; readonly name: string }

/** Their own communities; those of the whole district for its administrators. */
async function communitiesOf(event: RequestEvent): Promise<Community[]> {
  const me = await event.locals.visitor.me()
  const held = me?.memberships ?? []
  const own = held.filter(({ role }) => role === 'worker' || role === 'supervisor')
  const mine = [...new Map(own.map(({ scopeId, scopeName }) => [scopeId, scopeName]))]
  if (!held.some(({ role }) => role === 'admin')) return mine.map(([communityId, name]) => ({ communityId, name }))
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

export const actions: Actions = {
  freeze: async (event) => {
    const token = await neededToken(event)
    const form = await event.request.formData()
    const rankingId = `${String(form.get('quarter'))}.${String(form.get('communityId'))}`
    if (!rankingIdSchema.safeParse(rankingId).success) error(400, { message: 'quarter', code: 'INVALID' })
    const answer = await api(freezeRanking, { params: { rankingId } }, { token })
    if (!answer.ok) return failed(answer.problem, event.locals.lang, {})
    return { done: true }
  },
}
