import { type AidAct, actOnAid, getAid, readAid } from '#shared/contracts/aid.ts'
import { fenFromText } from '#web/lib/format/money.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import type { RequestEvent } from '@sveltejs/kit'
import type { Actions, PageServerLoad } from './$types'

/** Where a request stands. What was written comes only in the answer to a reading, and is gone when the page is loaded again. */
export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { caseId } = event.params
  const aid = dataOrError(await api(getAid, { params: { caseId } }, { token }), event)
  // Who comes here as somebody of the household reads their own on the page of their own.
  const { words: _words, ...steps } = aid
  return { aid: steps, now: Date.now() }
}

type Event = RequestEvent<{ caseId: string }>

async function act(event: Event, body: AidAct, kept: { amount?: string; reason?: string } = {}) {
  const token = await neededToken(event)
  const { caseId } = event.params
  const answer = await api(actOnAid, { params: { caseId }, body }, { token })
  if (!answer.ok) return failed(answer.problem, event.locals.lang, kept)
  return { done: true }
}

export const actions: Actions = {
  read: async (event) => {
    const token = await neededToken(event)
    const { caseId } = event.params
    const answer = await api(readAid, { params: { caseId } }, { token })
    if (!answer.ok) return failed(answer.problem, event.locals.lang, {})
    return { written: answer.data.words }
  },
  visit: (event) => act(event, { act: 'visit' }),
  recuse: (event) => act(event, { act: 'recuse' }),
  withdraw: (event) => act(event, { act: 'withdraw' }),
  approve: async (event) => {
    const amount = String((await event.request.formData()).get('amount') ?? '').trim()
    return act(event, { act: 'approve', amountFen: fenFromText(amount) } as AidAct, { amount })
  },
  refuse: async (event) => {
    const text = String((await event.request.formData()).get('reason') ?? '')
    const reason = text.replaceAll(/\r\n?/g, '\n').trim()
    return act(event, { act: 'refuse', reason }, { reason })
  },
}
