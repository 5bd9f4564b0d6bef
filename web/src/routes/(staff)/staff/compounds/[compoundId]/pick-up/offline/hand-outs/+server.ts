import { json } from '@sveltejs/kit'
import * as z from 'zod'
import { collectShares } from '#shared/contracts/orders.ts'
import type { Problem } from '#shared/contracts/route.ts'
import { api } from '#web/lib/server/api.ts'
import { sentenceFor } from '#web/lib/server/problems.ts'
import { whoOf } from '#web/lib/server/who.ts'
import type { RequestHandler } from './$types'

const sentSchema = z.strictObject({
  who: z.string(),
  orderId: collectShares.params.shape.orderId,
  body: collectShares.body,
})

/** Records a hand-out that was made without a network. It is recorded under the name of whoever made it, or not at all. */
export const POST: RequestHandler = async ({ locals, request }) => {
  const token = await locals.visitor.token()
  if (token === undefined) return json({ code: 'UNAUTHENTICATED' }, { status: 401 })
  const sent = sentSchema.safeParse(await request.json().catch(() => undefined))
  if (!sent.success) return refusal({ code: 'INVALID', status: 400 })
  const { who, orderId, body } = sent.data
  if (who !== whoOf(token)) return refusal({ code: 'ANOTHER_PERSON', status: 409 })
  const answer = await api(collectShares, { params: { orderId }, body }, { token })
  return answer.ok ? json({}) : refusal(answer.problem, answer.status)

  function refusal(problem: Pick<Problem, 'code' | 'status' | 'detail'>, status = problem.status) {
    const message = sentenceFor({ type: '', title: problem.code, ...problem }, locals.lang)
    return json({ code: problem.code, message }, { status })
  }
}
