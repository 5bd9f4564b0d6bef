import { json } from '@sveltejs/kit'
import { listCounterOrders } from '#shared/contracts/orders.ts'
import { api } from '#web/lib/server/api.ts'
import { whoOf } from '#web/lib/server/who.ts'
import type { RequestHandler } from './$types'

/** What a counter takes with it for the time without a network, and whose it is. */
export const GET: RequestHandler = async ({ locals, params: { compoundId } }) => {
  const token = await locals.visitor.token()
  if (token === undefined) return json({ code: 'UNAUTHENTICATED' }, { status: 401 })
  const answer = await api(listCounterOrders, { params: { compoundId } }, { token })
  if (!answer.ok) return json({ code: answer.problem.code }, { status: answer.status })
  return json({ ...answer.data, who: whoOf(token) })
}
