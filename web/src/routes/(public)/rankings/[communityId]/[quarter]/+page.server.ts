import { error } from '@sveltejs/kit'
import {
  appealRanking,
  correctRanking,
  type CorrectedCounts,
  decideAppeal,
  getRanking,
  rankingIdSchema,
} from '#shared/contracts/rankings.ts'
import type { Problem } from '#shared/contracts/route.ts'
import { countFields } from '#web/lib/rankings/points.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken, sentenceOf } from '#web/lib/server/problems.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

function paramsOf({ params, locals }: Pick<RequestEvent, 'params' | 'locals'>): { rankingId: string } {
  const rankingId = `${params.quarter}.${params.communityId}`
  if (!rankingIdSchema.safeParse(rankingId).success) {
    error(404, { message: sentenceOf('NOT_FOUND', locals.lang), code: 'NOT_FOUND' })
  }
  return { rankingId }
}

/** Everybody reads it once it is published; before, who is on it their rows, and who oversees the community all of them. */
export const load: PageServerLoad = async (event) => {
  const token = await event.locals.visitor.token()
  const ranking = dataOrError(await api(getRanking, { params: paramsOf(event) }, { token }), event)
  return { ranking, now: Date.now() }
}

type Typed = Record<string, string>

async function sent(event: RequestEvent) {
  const token = await neededToken(event)
  const form = await event.request.formData()
  const typed: Typed = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]))
  const { bodyId = '', compoundId = '', note = '' } = typed
  return { token, typed, params: paramsOf(event), row: { bodyId, compoundId, note } }
}

/** Whole numbers that are not what the form showed; what is left empty stays as it is too. */
function countsOf(typed: Typed): CorrectedCounts {
  return Object.fromEntries(
    countFields.flatMap((name) => {
      const text = (typed[name] ?? '').trim()
      return text === '' || text === typed[`was-${name}`]
        ? []
        : [[name, /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN]]
    }),
  )
}

function refused(event: RequestEvent, act: string, typed: Typed, problem: Problem) {
  return failed(problem, event.locals.lang, { about: `${act}-${typed['compoundId']}-${typed['bodyId']}`, typed })
}

export const actions: Actions = {
  appeal: async (event) => {
    const { token, typed, params, row } = await sent(event)
    const answer = await api(appealRanking, { params, body: row }, { token })
    if (!answer.ok) return refused(event, 'appeal', typed, answer.problem)
    return { done: 'appeal' as const }
  },
  decide: async (event) => {
    const { token, typed, params, row } = await sent(event)
    const upheld = typed['upheld'] === 'yes'
    const body = { ...row, upheld, ...(upheld ? { counts: countsOf(typed) } : {}) }
    const answer = await api(decideAppeal, { params, body }, { token })
    if (!answer.ok) return refused(event, 'decide', typed, answer.problem)
    return { done: 'decide' as const }
  },
  correct: async (event) => {
    const { token, typed, params, row } = await sent(event)
    const answer = await api(correctRanking, { params, body: { ...row, counts: countsOf(typed) } }, { token })
    if (!answer.ok) return refused(event, 'correct', typed, answer.problem)
    return { done: 'correct' as const }
  },
}
