import { randomUUID } from 'node:crypto'
import { bankCash, countCash, getCashDay, handBackCash, listCashDue, reopenCash } from '#shared/contracts/cash.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { fenFromText } from '#web/lib/format/money.ts'
import { dayOf } from '#web/lib/format/time.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import { membershipsOf } from '#web/lib/server/roles.ts'
import { cashWords } from '#web/lib/text/cash.ts'
import { say } from '#web/lib/text/lang.ts'
import type { RequestEvent } from './$types'
import type { Actions, PageServerLoad } from './$types'

const isDay = (text: string | null): text is string => text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text)

function dayAsked(url: URL): string {
  const asked = url.searchParams.get('day')
  return isDay(asked) ? asked : dayOf(Date.now())
}

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { communityId } = event.params
  const [found, waiting, workers] = await Promise.all([
    api(getCashDay, { params: { communityId, day: dayAsked(event.url) } }, { token }),
    api(listCashDue, { params: { communityId }, query: { limit: PAGE_MAX } }, { token }),
    membershipsOf(event, 'worker'),
  ])
  return {
    communityId,
    till: dataOrError(found, event),
    due: dataOrError(waiting, event).items,
    /** An administrator looks, and may record the banking; the notes go through a worker's hands. */
    isWorker: workers.some(({ scopeId }) => scopeId === communityId),
    moveId: randomUUID(),
    today: dayOf(Date.now()),
    now: Date.now(),
  }
}

async function opened(event: RequestEvent) {
  const token = await neededToken(event)
  const form = await event.request.formData()
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const params = { communityId: event.params.communityId, day: dayAsked(event.url) }
  return { token, text, params, version: Number(text('version')), lang: event.locals.lang }
}

export const actions: Actions = {
  count: async (event) => {
    const { token, text, params, version, lang } = await opened(event)
    const typed = { counted: text('counted'), words: text('words') }
    const amount = fenFromText(typed.counted)
    if (amount === undefined) {
      const fields = { countedFen: say(cashWords, lang).badAmount }
      return failed({ type: '', title: '', status: 400, code: 'INVALID', fields }, 'zh', { about: 'count', typed })
    }
    // On a day that has laid out money, what is counted is what is missing.
    const countedFen = text('sign') === '-' ? -amount : amount
    const body = { version, countedFen, words: typed.words === '' ? undefined : typed.words }
    const done = await api(countCash, { params, body }, { token })
    return done.ok ? { done: 'doneCount' as const } : failed(done.problem, lang, { about: 'count', typed })
  },
  reopen: async (event) => {
    const { token, params, version, lang } = await opened(event)
    const done = await api(reopenCash, { params, body: { version } }, { token })
    return done.ok ? { done: 'reopened' as const } : failed(done.problem, lang, { about: 'reopen', typed: {} })
  },
  bank: async (event) => {
    const { token, text, params, version, lang } = await opened(event)
    const typed = { bankReference: text('bankReference'), bankedOn: text('bankedOn') }
    const done = await api(bankCash, { params, body: { version, ...typed } }, { token })
    return done.ok ? { done: 'doneBank' as const } : failed(done.problem, lang, { about: 'bank', typed })
  },
  handBack: async (event) => {
    const { token, text, lang } = await opened(event)
    const params = { orderId: text('orderId'), refundId: text('refundId'), moveId: text('moveId') }
    const done = await api(handBackCash, { params }, { token })
    return done.ok ? { done: 'handedBack' as const } : failed(done.problem, lang, { about: 'handBack', typed: {} })
  },
}
