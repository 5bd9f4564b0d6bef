import { randomUUID } from 'node:crypto'
import { bankCash, bringInCash, countCash, getCashTill, handBackCash, listCashDue } from '#shared/contracts/cash.ts'
import { findUnpaidOrders } from '#shared/contracts/orders.ts'
import { listCompounds } from '#shared/contracts/places.ts'
import { type Output, PAGE_MAX } from '#shared/contracts/route.ts'
import { fenFromText } from '#web/lib/format/money.ts'
import { dayOf } from '#web/lib/format/time.ts'
import { receivers } from '#web/lib/cash/receivers.ts'
import { noReceiver } from '#web/lib/server/no-receiver.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, type FormProblem, formProblem, neededToken } from '#web/lib/server/problems.ts'
import { membershipsOf } from '#web/lib/server/roles.ts'
import { staffName } from '#web/lib/server/staff-name.ts'
import { cashWords } from '#web/lib/text/cash.ts'
import { say } from '#web/lib/text/lang.ts'
import type { RequestEvent } from './$types'
import type { Actions, PageServerLoad } from './$types'

const DUE_PAGE = 20

type Compound = { readonly compoundId: string; readonly name: string }
type Finding = {
  readonly compounds: readonly Compound[]
  readonly compound: Compound | undefined
  readonly rooms: Readonly<Record<string, string>>
  readonly found?: Output<typeof findUnpaidOrders>
  readonly problem?: FormProblem
}

/** The unpaid orders of a room, when one is asked for; the compounds to choose from. Only who may take the cash looks. */
async function findingOf(
  { url, locals, params }: Pick<RequestEvent, 'url' | 'locals' | 'params'>,
  token: string,
): Promise<Finding> {
  const text = (name: string) => (url.searchParams.get(name) ?? '').normalize('NFKC').trim()
  const rooms = { building: text('building'), unit: text('unit'), room: text('room') }
  const listed = await api(listCompounds, { query: { communityId: params.communityId, limit: PAGE_MAX } }, { token })
  const compounds = listed.ok ? listed.data.items.map(({ compoundId, name }) => ({ compoundId, name })) : []
  const compound = compounds.find(({ compoundId }) => compoundId === text('compound')) ?? compounds[0]
  const chosen = { compounds, compound, rooms }
  if (compound === undefined || Object.values(rooms).every((part) => part === '')) return chosen
  const { compoundId } = compound
  const found = await api(findUnpaidOrders, { params: { compoundId }, query: rooms }, { token })
  return found.ok ? { ...chosen, found: found.data } : { ...chosen, problem: formProblem(found.problem, locals.lang) }
}

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { communityId } = event.params
  const cursor = event.url.searchParams.get('after') ?? undefined
  const [till, due, workers] = await Promise.all([
    api(getCashTill, { params: { communityId } }, { token }),
    api(listCashDue, { params: { communityId }, query: { limit: DUE_PAGE, cursor } }, { token }),
    membershipsOf(event, 'worker'),
  ])
  const { items, nextCursor } = dataOrError(due, event)
  const isWorker = workers.some(({ scopeId }) => scopeId === communityId)
  return {
    till: dataOrError(till, event),
    // Each form has ids of its own, so that a form that is sent twice is one line of the book.
    due: items.map((refund) => ({ ...refund, moveId: randomUUID() })),
    nextDue: nextCursor,
    isLater: cursor !== undefined,
    isWorker,
    finding: isWorker ? await findingOf(event, token) : undefined,
    ids: { count: randomUUID(), bank: randomUUID(), bringIn: randomUUID() },
    today: dayOf(Date.now()),
    now: Date.now(),
  }
}

/** What was typed, and what it is about, for the page to show again. */
async function opened(event: RequestEvent) {
  const token = await neededToken(event)
  const form = await event.request.formData()
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const typed = Object.fromEntries([...form].map(([name, value]) => [name, String(value).trim()]))
  const { lang } = event.locals
  const noAmount = <More extends object>(field: string, about: string, more?: More) => {
    const fields = { [field]: say(cashWords, lang).badAmount }
    return failed({ type: '', title: '', status: 400, code: 'INVALID', fields }, 'zh', { about, typed, ...more })
  }
  const { communityId } = event.params
  return { token, text, typed, lang, communityId, noAmount, byName: await staffName(event) }
}

export const actions: Actions = {
  count: async (event) => {
    const { token, text, typed, lang, communityId, noAmount, byName } = await opened(event)
    const countedFen = fenFromText(text('counted'))
    const version = Number(text('version'))
    if (countedFen === undefined) return noAmount('countedFen', 'count', { version })
    const params = { communityId, countId: text('countId') }
    const body = { version, countedFen, words: text('words') || undefined, byName }
    const done = await api(countCash, { params, body }, { token })
    if (done.ok) return { done: 'doneCount' as const }
    // What differs was counted against the book as it was sent: only when it moved is there another one to count against, and
    // then what was typed is worth nothing.
    if (done.problem.code !== 'CASH_MOVED') return failed(done.problem, lang, { about: 'count', typed, version })
    const till = await api(getCashTill, { params: { communityId } }, { token })
    const seen = till.ok ? { version: till.data.version } : { version }
    return failed(done.problem, lang, { about: 'count', typed: { ...typed, counted: '' }, ...seen })
  },
  bank: async (event) => {
    const { token, text, typed, lang, communityId, noAmount, byName } = await opened(event)
    const amountFen = fenFromText(text('amount'))
    if (!amountFen) return noAmount('amountFen', 'bank')
    const params = { communityId, moveId: text('moveId') }
    const body = { amountFen, bankReference: text('bankReference'), bankedOn: text('bankedOn'), byName }
    const done = await api(bankCash, { params, body }, { token })
    return done.ok ? { done: 'doneBank' as const } : failed(done.problem, lang, { about: 'bank', typed })
  },
  bringIn: async (event) => {
    const { token, text, typed, lang, communityId, noAmount, byName } = await opened(event)
    const amountFen = fenFromText(text('amount'))
    if (!amountFen) return noAmount('amountFen', 'bringIn')
    const params = { communityId, moveId: text('moveId') }
    const body = { amountFen, words: text('words'), byName }
    const done = await api(bringInCash, { params, body }, { token })
    return done.ok ? { done: 'doneBringIn' as const } : failed(done.problem, lang, { about: 'bringIn', typed })
  },
  handBack: async (event) => {
    const { token, text, typed, lang, byName } = await opened(event)
    const params = { orderId: text('orderId'), refundId: text('refundId'), moveId: text('moveId') }
    const receivedBy = receivers.find((known) => known === text('receivedBy'))
    if (receivedBy === undefined) return failed(noReceiver(lang), 'zh', { about: params.refundId, typed })
    const body = { receivedBy, words: text('words') || undefined, byName }
    const done = await api(handBackCash, { params, body }, { token })
    return done.ok ? { done: 'handedBack' as const } : failed(done.problem, lang, { about: params.refundId, typed })
  },
}
