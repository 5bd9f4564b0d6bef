import { getReconciliation, reconcilePayments } from '#shared/contracts/payments-reconciliation.ts'
import { isDone } from '#shared/domain/payments/reconciliation-report.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import type { Actions, PageServerLoad } from './$types'

/** For administrators: the last comparison with the payment provider. */
export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { report, earlier } = dataOrError(await api(getReconciliation, {}, { token }), event)
  const kinds = report?.kinds ?? []
  const groups = [
    { name: 'differences' as const, kinds: kinds.filter(({ kind }) => !isDone(kind)) },
    { name: 'done' as const, kinds: kinds.filter(({ kind }) => isDone(kind)) },
  ]
  return { report, groups: groups.filter((group) => group.kinds.length > 0), earlier, now: Date.now() }
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
