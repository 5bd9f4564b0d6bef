import type { RequestEvent } from '@sveltejs/kit'
import {
  listCoopGroupBuys,
  listRepeats,
  repeatGroupBuy,
  type RepeatWeek,
  stopRepeating,
} from '#shared/contracts/group-buys.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken, sentenceFor } from '#web/lib/server/problems.ts'
import { myCoop } from '#web/lib/server/roles.ts'
import type { Lang } from '#web/lib/text/lang.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { coop, all } = await myCoop(event)
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const params = { coopId: coop.scopeId }
  const [answer, repeated] = await Promise.all([
    api(listCoopGroupBuys, { params, query: { cursor, limit: 20 } }, { token }),
    api(listRepeats, { params }, { token }),
  ])
  const { items, nextCursor } = dataOrError(answer, event)
  const { items: repeats, weeks } = dataOrError(repeated, event)
  return {
    coop: { coopId: coop.scopeId, name: coop.scopeName },
    query: all.length > 1 ? `?coop=${coop.scopeId}` : '',
    groupBuys: items,
    nextCursor,
    repeats,
    weeks: weeks.map((week) => weekShown(week, event.locals.lang)),
    opened: event.url.searchParams.get('opened'),
    now: Date.now(),
  }
}

/** The reason as the API said it, or by its code in another language. */
function weekShown({ groupBuyId, title, week, opensAt, outcome, final, code, detail }: RepeatWeek, lang: Lang) {
  const problem = { type: '', title: '', status: 422, code: code ?? '', ...(detail === undefined ? {} : { detail }) }
  const why = outcome === 'refused' ? sentenceFor(problem, lang) : undefined
  const shown = outcome === 'refused' && !final ? ('trying' as const) : outcome
  return { key: `${groupBuyId} ${week}`, title, opensAt, outcome: shown, why }
}

async function repeat(event: RequestEvent) {
  const token = await neededToken(event)
  const form = await event.request.formData()
  const groupBuyId = String(form.get('groupBuyId') ?? '')
  const weeks = Number(form.get('weeks'))
  const body = weeks > 0 ? { weeks } : {}
  const answer = await api(repeatGroupBuy, { params: { groupBuyId }, body }, { token })
  return answer.ok ? { repeated: groupBuyId } : failed(answer.problem, event.locals.lang, { groupBuyId })
}

async function stop(event: RequestEvent) {
  const token = await neededToken(event)
  const form = await event.request.formData()
  const groupBuyId = String(form.get('groupBuyId') ?? '')
  const answer = await api(stopRepeating, { params: { groupBuyId } }, { token })
  return answer.ok ? { stopped: groupBuyId } : failed(answer.problem, event.locals.lang, { groupBuyId })
}

export const actions: Actions = { repeat, stop }
