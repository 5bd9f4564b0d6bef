import { error } from '@sveltejs/kit'
import {
  answerDisclosureObjection,
  correctFundAccounts,
  disclosureIdSchema,
  getDisclosure,
  insistOnObjection,
  objectToDisclosure,
  ruleOnDisclosureObjection,
} from '#shared/contracts/sunshine.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken, sentenceOf } from '#web/lib/server/problems.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

function disclosureIdOf({ params, locals }: Pick<RequestEvent, 'params' | 'locals'>): string {
  const disclosureId = `${params.term}.${params.compoundId}`
  if (!disclosureIdSchema.safeParse(disclosureId).success) {
    error(404, { message: sentenceOf('NOT_FOUND', locals.lang), code: 'NOT_FOUND' })
  }
  return disclosureId
}

export const load: PageServerLoad = async (event) => {
  const token = await event.locals.visitor.token()
  const wanted = event.url.searchParams.get('version') ?? ''
  const version = /^[1-9]\d?$/.test(wanted) ? Number(wanted) : undefined
  const params = { disclosureId: disclosureIdOf(event) }
  const disclosure = dataOrError(await api(getDisclosure, { params, query: { version } }, { token }), event)
  return { disclosure, signedIn: token !== undefined, now: Date.now() }
}

async function sent(event: RequestEvent) {
  const token = await neededToken(event)
  const form = await event.request.formData()
  const typed: Record<string, string> = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]))
  const number = Number(typed['number'])
  return { token, typed, text: typed['text'] ?? '', params: { disclosureId: disclosureIdOf(event), number } }
}

export const actions: Actions = {
  object: async (event) => {
    const { token, typed, text, params } = await sent(event)
    const seq = typed['seq'] ?? ''
    const body = { version: Number(typed['version']), text, ...(seq === '' ? {} : { seq: Number(seq) }) }
    const { disclosureId } = params
    const answer = await api(objectToDisclosure, { params: { disclosureId }, body }, { token })
    if (!answer.ok) return failed(answer.problem, event.locals.lang, { about: 'object', typed })
    return { done: 'doneObject' as const }
  },
  answer: async (event) => {
    const { token, typed, text, params } = await sent(event)
    const answer = await api(answerDisclosureObjection, { params, body: { text } }, { token })
    if (!answer.ok) return failed(answer.problem, event.locals.lang, { about: `answer-${params.number}`, typed })
    return { done: 'doneAnswer' as const }
  },
  insist: async (event) => {
    const { token, typed, text, params } = await sent(event)
    const answer = await api(insistOnObjection, { params, body: { text } }, { token })
    if (!answer.ok) return failed(answer.problem, event.locals.lang, { about: `insist-${params.number}`, typed })
    return { done: 'doneInsist' as const }
  },
  rule: async (event) => {
    const { token, typed, text, params } = await sent(event)
    const body = { upheld: typed['upheld'] === 'yes', text }
    const answer = await api(ruleOnDisclosureObjection, { params, body }, { token })
    if (!answer.ok) return failed(answer.problem, event.locals.lang, { about: `rule-${params.number}`, typed })
    return { done: 'doneRule' as const }
  },
  correct: async (event) => {
    const { token, typed, text, params } = await sent(event)
    const { disclosureId } = params
    const body = { version: Number(typed['version']), note: text }
    const answer = await api(correctFundAccounts, { params: { disclosureId }, body }, { token })
    if (!answer.ok) return failed(answer.problem, event.locals.lang, { about: 'correct', typed })
    return { done: 'doneCorrect' as const }
  },
}
