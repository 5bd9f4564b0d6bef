import { getReconciliation, reconcilePayments } from '#shared/contracts/payments-reconciliation.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import type { Actions, PageServerLoad } from './$types'

/** For administrators: the last comparison with the payment provider. */
export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { report } = dataOrError(await api(getReconciliation, {}, { token }), event)
  return { report, now: Date.now() }
}

export const actions: Actions = {
  compare: async (event) => {
    const token = await neededToken(event)
    const cursor = (await event.request.formData()).get('cursor')
    const body = typeof cursor === 'string' && cursor !== '' ? { cursor } : {}
    const answer = await api(reconcilePayments, { body }, { token })
    if (!answer.ok) return failed(answer.problem, event.locals.lang, {})
    return { compared: true }
  },
}
