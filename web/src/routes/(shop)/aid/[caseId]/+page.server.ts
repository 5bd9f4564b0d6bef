import { redirect } from '@sveltejs/kit'
import { actOnAid, getAid } from '#shared/contracts/aid.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import type { Actions, PageServerLoad } from './$types'

/** One's own request: where it stands, who has read it, and taking it back. */
export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { caseId } = event.params
  const aid = dataOrError(await api(getAid, { params: { caseId } }, { token }), event)
  return { aid, isSent: event.url.searchParams.has('sent'), now: Date.now() }
}

export const actions: Actions = {
  withdraw: async (event) => {
    const token = await neededToken(event)
    const { caseId } = event.params
    const answer = await api(actOnAid, { params: { caseId }, body: { act: 'withdraw' } }, { token })
    if (!answer.ok) return failed(answer.problem, event.locals.lang, {})
    redirect(303, `/aid/${caseId}`)
  },
}
