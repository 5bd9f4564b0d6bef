import { error, redirect } from '@sveltejs/kit'
import { consentWays, raiseAid } from '#shared/contracts/aid.ts'
import { listCompounds } from '#shared/contracts/places.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { aidFormOf, raiseOfForm, typedAid } from '#web/lib/server/aid-form.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken, sentenceOf } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import { communitiesOf } from '#web/lib/server/staff-communities.ts'
import type { Actions, PageServerLoad } from './$types'

/** A worker writes down a request for somebody who cannot. */
export const load: PageServerLoad = async (event) => {
  await neededToken(event)
  const communities = await communitiesOf(event, ['worker'], [])
  const wanted = event.url.searchParams.get('communityId')
  const community = communities.find(({ communityId }) => communityId === wanted) ?? communities[0]
  if (community === undefined) error(403, { message: sentenceOf('FORBIDDEN', event.locals.lang), code: 'FORBIDDEN' })
  const { communityId } = community
  const found = dataOrError(await publicRead(listCompounds, { query: { communityId, limit: PAGE_MAX } }), event)
  const compounds = found.items.map(({ compoundId, name }) => ({ compoundId, name }))
  return { compounds, consentWays, given: aidFormOf(event.locals.lang) }
}

export const actions: Actions = {
  default: async (event) => {
    const token = await neededToken(event)
    const form = await event.request.formData()
    const caseId = String(form.get('caseId'))
    const answer = await api(raiseAid, { params: { caseId }, body: raiseOfForm(form, true) }, { token })
    if (!answer.ok) return failed(answer.problem, event.locals.lang, { typed: typedAid(form) })
    redirect(303, `/staff/aid/${caseId}`)
  },
}
