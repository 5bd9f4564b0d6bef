import { error, redirect } from '@sveltejs/kit'
import { followMatter } from '#shared/contracts/matters.ts'
import { api } from '#web/lib/server/api.ts'
import { typedOf } from '#web/lib/server/form-photos.ts'
import { raiseMatterOfForm, raisePage } from '#web/lib/server/matter-raise.ts'
import { failed, neededToken } from '#web/lib/server/problems.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = (event) => raisePage(event)

export const actions: Actions = {
  raise: (event) => raiseMatterOfForm(event),
  follow: async (event) => {
    const token = await neededToken(event)
    const { matterId = '' } = typedOf(await event.request.formData())
    if (matterId === '') error(400, { message: 'matterId', code: 'INVALID' })
    const answer = await api(followMatter, { params: { matterId }, body: { following: true } }, { token })
    if (!answer.ok) return failed(answer.problem, event.locals.lang, { typed: {} as Record<string, string> })
    redirect(303, `/matters/${matterId}?followed=1`)
  },
}
