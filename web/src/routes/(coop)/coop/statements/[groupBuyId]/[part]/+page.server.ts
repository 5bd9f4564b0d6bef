import type { RequestEvent } from '@sveltejs/kit'
import {
  answerDispute,
  answerMissing,
  confirmStatement,
  disputeStatement,
  reportMissing,
} from '#shared/contracts/settlement.ts'
import { api } from '#web/lib/server/api.ts'
import { failed, neededToken } from '#web/lib/server/problems.ts'
import { membershipsOf } from '#web/lib/server/roles.ts'
import { statementOf, statementParams } from '#web/lib/server/statement.ts'
import type { Actions, PageServerLoad } from './$types'

/** Which forms are shown; what may really be done, the API decides. */
export const load: PageServerLoad = async (event) => {
  const [statement, coops, admins] = await Promise.all([
    statementOf(event),
    membershipsOf(event, 'coop'),
    membershipsOf(event, 'admin'),
  ])
  return {
    statement,
    isMember: coops.some(({ scopeId }) => scopeId === statement.coopId),
    isAdmin: admins.length > 0,
  }
}

type Params = { groupBuyId: string; part: string }

async function typed(event: RequestEvent<Params>) {
  const form = await event.request.formData()
  return { version: Number(form.get('version')), words: String(form.get('words') ?? '').trim() }
}

async function say(
  event: RequestEvent<Params>,
  route: typeof disputeStatement | typeof answerDispute,
  done: 'disputed' | 'answered',
) {
  const token = await neededToken(event)
  const body = await typed(event)
  const answer = await api(route, { params: statementParams(event), body }, { token })
  return answer.ok ? { done } : failed(answer.problem, event.locals.lang, { about: done, words: body.words })
}

async function sayMissing(
  event: RequestEvent<Params>,
  route: typeof reportMissing | typeof answerMissing,
  done: 'reported' | 'traced',
) {
  const token = await neededToken(event)
  const form = await event.request.formData()
  const words = String(form.get('words') ?? '').trim()
  const body = { seenReports: Number(form.get('seenReports')), words }
  const answer = await api(route, { params: statementParams(event), body }, { token })
  return answer.ok ? { done } : failed(answer.problem, event.locals.lang, { about: done, words })
}

export const actions: Actions = {
  confirm: async (event) => {
    const token = await neededToken(event)
    const { version } = await typed(event)
    const answer = await api(confirmStatement, { params: statementParams(event), body: { version } }, { token })
    if (answer.ok) return { done: 'confirmed' as const }
    return failed(answer.problem, event.locals.lang, { about: 'confirmed' as const, words: '' })
  },
  dispute: (event) => say(event, disputeStatement, 'disputed'),
  answer: (event) => say(event, answerDispute, 'answered'),
  report: (event) => sayMissing(event, reportMissing, 'reported'),
  trace: (event) => sayMissing(event, answerMissing, 'traced'),
}
