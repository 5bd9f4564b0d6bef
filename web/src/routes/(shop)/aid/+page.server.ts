import { redirect } from '@sveltejs/kit'
import { listMyAid, raiseAid } from '#shared/contracts/aid.ts'
import { aidFormOf, raiseOfForm, typedAid } from '#web/lib/server/aid-form.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import type { Actions, PageServerLoad } from './$types'

/** Asking for one's own household, and what one has asked for. */
export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const homes = ((await event.locals.visitor.me())?.memberships ?? []).filter(({ role }) => role === 'resident')
  const mine = homes.length === 0 ? { items: [] } : dataOrError(await api(listMyAid, {}, { token }), event)
  const isOpen = mine.items.some(({ state }) => state === 'raised' || state === 'visited' || state === 'approved')
  return {
    ...{ items: mine.items, isVerified: homes.some(({ state }) => state === 'verified'), isOpen },
    ...{ given: aidFormOf(event.locals.lang), now: Date.now() },
  }
}

export const actions: Actions = {
  default: async (event) => {
    const token = await neededToken(event)
    const form = await event.request.formData()
    const caseId = String(form.get('caseId'))
    const answer = await api(raiseAid, { params: { caseId }, body: raiseOfForm(form, false) }, { token })
    if (!answer.ok) return failed(answer.problem, event.locals.lang, { typed: typedAid(form) })
    redirect(303, `/aid/${caseId}?sent=1`)
  },
}
