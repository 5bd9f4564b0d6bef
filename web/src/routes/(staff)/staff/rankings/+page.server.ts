import { error } from '@sveltejs/kit'
import { freezeRanking, listRankings, listRankingsOfBody, rankingIdSchema } from '#shared/contracts/rankings.ts'
import { quartersOver } from '#web/lib/rankings/points.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken, sentenceOf } from '#web/lib/server/problems.ts'
import { membershipsOf } from '#web/lib/server/roles.ts'
import { communitiesOf } from '#web/lib/server/staff-communities.ts'
import type { Actions, PageServerLoad } from './$types'

const QUARTERS = 4
/** Whoever acts for more bodies finds the rest on the public pages. */
const BODIES_SHOWN = 5

/** Lists of a community for who oversees it; those on which they are for who acts for a body; freezing for administrators. */
export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const [communities, bodies, admins] = await Promise.all([
    communitiesOf(event, ['worker', 'supervisor'], ['admin']),
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

export const actions: Actions = {
  freeze: async (event) => {
    const token = await neededToken(event)
    const form = await event.request.formData()
    const quarter = String(form.get('quarter'))
    const rankingId = `${quarter}.${String(form.get('communityId'))}`
    if (!rankingIdSchema.safeParse(rankingId).success) error(400, { message: 'quarter', code: 'INVALID' })
    const body = { withoutHotline: form.get('withoutHotline') === 'on' }
    const answer = await api(freezeRanking, { params: { rankingId }, body }, { token })
    if (!answer.ok) return failed(answer.problem, event.locals.lang, { quarter })
    return { done: true }
  },
}
