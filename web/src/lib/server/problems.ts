import { error, fail, redirect, type ActionFailure, type RequestEvent } from '@sveltejs/kit'
import type { Problem } from '#shared/contracts/route.ts'
import type { Lang } from '../text/lang.ts'
import type { Result } from './api.ts'
import { problemSentences } from '../text/problems.ts'

/** One sentence for a problem: the API's own where it knows more (a name, a number), else ours by its code. */
export function sentenceFor(problem: Problem, lang: Lang): string {
  const index = lang === 'zh' ? 0 : 1
  if (problem.detail && lang === 'zh' && problem.status < 500) return problem.detail
  return (problemSentences[problem.code] ?? problemSentences['BROKEN'])?.[index] ?? problem.title
}

export function sentenceOf(code: string, lang: Lang): string {
  return sentenceFor({ type: '', title: code, status: 0, code }, lang)
}

/** Notes for a form by field. The API speaks Chinese; in English the refusal's own sentence stands at the field. */
export function fieldNotes(problem: Problem, lang: Lang): Record<string, string> {
  const english = problem.code === 'INVALID' ? 'Please check this.' : sentenceFor(problem, 'en')
  return Object.fromEntries(
    Object.entries(problem.fields ?? {}).map(([field, note]) => [field, lang === 'zh' ? note : english]),
  )
}

export type FormProblem = { readonly code: string; readonly message: string; readonly fields: Record<string, string> }

export function formProblem(problem: Problem, lang: Lang): FormProblem {
  return { code: problem.code, message: sentenceFor(problem, lang), fields: fieldNotes(problem, lang) }
}

/** A problem as a form's answer; `kept` is what was typed, so that nothing is lost. */
export function failed<Kept extends object>(
  problem: Problem,
  lang: Lang,
  kept: Kept,
): ActionFailure<{ problem: FormProblem } & Kept> {
  const status = problem.status >= 400 && problem.status <= 599 ? problem.status : 400
  return fail(status, { problem: formProblem(problem, lang), ...kept })
}

/** What a page itself found wrong with a form, said in its reader's language already. */
export function failedHere<Kept extends object>(
  said: { readonly message?: string; readonly fields?: Record<string, string> },
  lang: Lang,
  kept: Kept,
): ActionFailure<{ problem: FormProblem } & Kept> {
  const { message = sentenceOf('INVALID', lang), fields = {} } = said
  return fail(400, { problem: { code: 'INVALID', message, fields }, ...kept })
}

/** Data for a page. Signed out: to the sign-in and back. Otherwise the error page, in plain words. */
export function dataOrError<Data>(answer: Result<Data>, event: Pick<RequestEvent, 'url' | 'locals'>): Data {
  if (answer.ok) return answer.data
  if (answer.status === 401) toSignIn(event.url)
  const { problem } = answer
  const status = answer.status >= 400 ? answer.status : 500
  error(status, {
    message: sentenceFor(problem, event.locals.lang),
    code: problem.code,
    ...(problem.requestId === undefined ? {} : { requestId: problem.requestId }),
  })
}

export function toSignIn(url: URL): never {
  redirect(303, `/sign-in?returnTo=${encodeURIComponent(url.pathname + url.search)}`)
}

/** The token of somebody who has to be signed in for this page. */
export async function neededToken(event: Pick<RequestEvent, 'url' | 'locals'>): Promise<string> {
  const token = await event.locals.visitor.token()
  if (token === undefined) toSignIn(event.url)
  return token
}
