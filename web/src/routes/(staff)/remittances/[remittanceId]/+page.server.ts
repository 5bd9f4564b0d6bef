import {
  confirmRemittance,
  dropRemittance,
  getRemittance,
  listRemittanceLines,
  prepareRemittance,
  recordRemittanceTransfer,
  returnRemittanceTransfer,
} from '#shared/contracts/fund-remittances.ts'
import { fenFromText } from '#web/lib/format/money.ts'
import { dayOf } from '#web/lib/format/time.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import { say } from '#web/lib/text/lang.ts'
import { remittanceWords } from '#web/lib/text/remittances.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

const LINES_SHOWN = 100

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { params } = event
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const [remittance, lines] = await Promise.all([
    api(getRemittance, { params }, { token }),
    api(listRemittanceLines, { params, query: { cursor, limit: LINES_SHOWN } }, { token }),
  ])
  const { items, nextCursor } = dataOrError(lines, event)
  return {
    remittance: dataOrError(remittance, event),
    lines: items,
    nextCursor,
    isDone: event.url.searchParams.get('done') === 'prepared',
    today: dayOf(Date.now()),
    now: Date.now(),
  }
}

type About = 'record' | 'return' | 'confirm' | 'drop' | 'resume'

async function sent(event: RequestEvent) {
  const token = await neededToken(event)
  const form = await event.request.formData()
  const names = ['amount', 'bankReference', 'transferredOn', 'receiptNumber', 'receivedOn', 'words'] as const
  const typed = Object.fromEntries(names.map((name) => [name, String(form.get(name) ?? '').trim()])) as Record<
    (typeof names)[number],
    string
  >
  return { token, typed, amountFen: fenFromText(typed.amount) }
}

function noAmount(event: RequestEvent, about: About, typed: object) {
  const problem = {
    ...{ type: '', title: '', status: 400, code: 'INVALID' },
    fields: { amountFen: say(remittanceWords, event.locals.lang).badAmount },
  }
  return failed(problem, event.locals.lang, { about, typed })
}

export const actions: Actions = {
  resume: async (event) => {
    const { token, typed } = await sent(event)
    const done = await api(prepareRemittance, { params: event.params }, { token })
    return done.ok
      ? { done: 'prepared' as const }
      : failed(done.problem, event.locals.lang, { about: 'resume' as const, typed })
  },
  record: async (event) => {
    const { token, typed, amountFen } = await sent(event)
    if (amountFen === undefined) return noAmount(event, 'record', typed)
    const { bankReference, transferredOn } = typed
    const body = { amountFen, bankReference, transferredOn }
    const done = await api(recordRemittanceTransfer, { params: event.params, body }, { token })
    return done.ok
      ? { done: 'recorded' as const }
      : failed(done.problem, event.locals.lang, { about: 'record' as const, typed })
  },
  return: async (event) => {
    const { token, typed } = await sent(event)
    const { bankReference, words } = typed
    const done = await api(
      returnRemittanceTransfer,
      { params: event.params, body: { bankReference, words } },
      { token },
    )
    return done.ok
      ? { done: 'returned' as const }
      : failed(done.problem, event.locals.lang, { about: 'return' as const, typed })
  },
  confirm: async (event) => {
    const { token, typed, amountFen } = await sent(event)
    if (amountFen === undefined) return noAmount(event, 'confirm', typed)
    const { receiptNumber, receivedOn } = typed
    const body = { amountFen, receiptNumber, receivedOn }
    const done = await api(confirmRemittance, { params: event.params, body }, { token })
    return done.ok
      ? { done: 'confirmed' as const }
      : failed(done.problem, event.locals.lang, { about: 'confirm' as const, typed })
  },
  drop: async (event) => {
    const { token, typed } = await sent(event)
    const done = await api(dropRemittance, { params: event.params, body: { words: typed.words } }, { token })
    return done.ok
      ? { done: 'dropped' as const }
      : failed(done.problem, event.locals.lang, { about: 'drop' as const, typed })
  },
}
