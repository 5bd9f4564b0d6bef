import { randomUUID } from 'node:crypto'
import {
  correctTransfer,
  dropPayout,
  extendPayout,
  listPayouts,
  listUnstated,
  PAYOUT_STATEMENTS_MAX,
  preparePayout,
  recordTransfer,
  voidTransfer,
} from '#shared/contracts/settlement.ts'
import { fenFromText } from '#web/lib/format/money.ts'
import { dayOf } from '#web/lib/format/time.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import { loadUnpaid } from '#web/lib/server/unpaid-statements.ts'
import type { StatementListed } from '#web/lib/settlement/statement.ts'
import { say } from '#web/lib/text/lang.ts'
import { payoutWords } from '#web/lib/text/settlement.ts'
import type { RequestEvent } from './$types'
import type { Actions, PageServerLoad } from './$types'

const PAYOUTS_SHOWN = 20

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { coopId } = event.params
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const [{ statements: items, isMore }, payouts, waiting] = await Promise.all([
    loadUnpaid(event, token, coopId),
    api(listPayouts, { params: { coopId }, query: { cursor, limit: PAYOUTS_SHOWN } }, { token }),
    api(listUnstated, { params: { coopId }, query: {} }, { token }),
  ])
  const listed = dataOrError(payouts, event)
  const confirmed = items.filter(({ state }) => state === 'confirmed')
  return {
    coopId,
    coopName: items[0]?.coopName ?? listed.items[0]?.coopName ?? '',
    ...chosenFirst(confirmed),
    isMoreUnpaid: isMore,
    query: cursor === undefined ? '' : new URLSearchParams({ cursor }).toString(),
    notYet: items.filter(({ state }) => state === 'open' || state === 'disputed'),
    unstated: dataOrError(waiting, event).items,
    missing: items.filter(({ state }) => state === 'missing'),
    waiting: listed.items.filter(({ state }) => state === 'prepared'),
    reported: listed.items.filter(({ state, reported }) => state !== 'prepared' && reported > 0),
    payouts: listed.items.filter(({ state, reported }) => state !== 'prepared' && reported === 0),
    nextCursor: listed.nextCursor,
    // Part of the forms, so that sending one twice prepares one payout, records one transfer.
    payoutId: randomUUID(),
    transferId: randomUUID(),
    today: dayOf(Date.now()),
    now: Date.now(),
  }
}

/** What the co-op owes is always taken off; of what it is owed, the oldest that still fit are chosen already. */
function chosenFirst(confirmed: readonly StatementListed[]) {
  const owing = confirmed.filter(({ dueFen }) => dueFen < 0).slice(0, PAYOUT_STATEMENTS_MAX)
  const ready = confirmed.filter(({ dueFen }) => dueFen >= 0)
  return { owing, ready, chosenCount: PAYOUT_STATEMENTS_MAX - owing.length }
}

function keyOf(chosen: string) {
  const [groupBuyId = '', part = ''] = chosen.split(' ')
  return { groupBuyId, part: Number(part) }
}

async function sent(event: RequestEvent) {
  const token = await neededToken(event)
  const form = await event.request.formData()
  const text = (name: string) => String(form.get(name) ?? '').trim()
  return { token, form, text, lang: event.locals.lang }
}

/** The fields of a slip, and its sum in fen; no sum is told at its field. */
function slipOf(text: (name: string) => string) {
  const typed = {
    amount: text('amount'),
    bankReference: text('bankReference'),
    transferredOn: text('transferredOn'),
    words: text('words'),
  }
  return { typed, amountFen: fenFromText(typed.amount) }
}

const noAmount = (lang: 'zh' | 'en') => ({
  ...{ type: '', title: '', status: 400, code: 'INVALID' },
  fields: { amountFen: say(payoutWords, lang).badAmount },
})

export const actions: Actions = {
  prepare: async (event) => {
    const { token, form, text, lang } = await sent(event)
    const chosen = form.getAll('statement').map(String)
    const kept = { about: 'prepare' as const, payoutId: text('payoutId'), transferId: '', chosen, typed: {} }
    const body = { coopId: event.params.coopId, statements: chosen.map(keyOf) }
    const done = await api(preparePayout, { params: { payoutId: kept.payoutId }, body }, { token })
    // What was sent before with other statements is another payout: the form goes on with a fresh number.
    if (!done.ok)
      return failed(done.problem, lang, done.problem.code.endsWith('_REUSED') ? { ...kept, payoutId: '' } : kept)
    const { state, amountFen } = done.data
    if (state === 'paid') return { done: 'even' as const }
    return { done: amountFen > 0 ? ('prepared' as const) : ('preparedIn' as const) }
  },
  transfer: async (event) => {
    const { token, text, lang } = await sent(event)
    const { typed, amountFen } = slipOf(text)
    const about = text('about') === 'back' ? ('back' as const) : ('forth' as const)
    const params = { payoutId: text('payoutId'), transferId: text('transferId') }
    const kept = { about, ...params, chosen: [], typed }
    if (amountFen === undefined) return failed(noAmount(lang), 'zh', kept)
    const direction = text('direction') === 'in' ? ('in' as const) : ('out' as const)
    const { bankReference, transferredOn, words } = typed
    const body = { direction, amountFen, bankReference, transferredOn, ...(words === '' ? {} : { words }) }
    const done = await api(recordTransfer, { params, body }, { token })
    if (!done.ok) {
      return failed(done.problem, lang, done.problem.code.endsWith('_REUSED') ? { ...kept, transferId: '' } : kept)
    }
    return { done: done.data.state === 'paid' ? ('recorded' as const) : ('recordedPart' as const) }
  },
  correct: async (event) => {
    const { token, text, lang } = await sent(event)
    const { typed, amountFen } = slipOf(text)
    const params = { payoutId: text('payoutId'), transferId: text('transferId') }
    const kept = { about: 'correct' as const, ...params, chosen: [], typed }
    if (amountFen === undefined) return failed(noAmount(lang), 'zh', kept)
    const { bankReference, transferredOn, words } = typed
    const direction = text('direction') === 'in' ? ('in' as const) : ('out' as const)
    const seenCorrections = Number(text('seenCorrections'))
    const body = { direction, amountFen, bankReference, transferredOn, words, seenCorrections }
    const done = await api(correctTransfer, { params, body }, { token })
    return done.ok ? { done: 'corrected' as const } : failed(done.problem, lang, kept)
  },
  void: async (event) => {
    const { token, text, lang } = await sent(event)
    const params = { payoutId: text('payoutId'), transferId: text('transferId') }
    const words = text('words')
    const done = await api(voidTransfer, { params, body: { words } }, { token })
    if (done.ok) return { done: 'voided' as const }
    return failed(done.problem, lang, { about: 'void' as const, ...params, chosen: [], typed: { words } })
  },
  extend: async (event) => {
    const { token, form, text, lang } = await sent(event)
    const chosen = form.getAll('statement').map(String)
    const payoutId = text('payoutId')
    const done = await api(extendPayout, { params: { payoutId }, body: { statements: chosen.map(keyOf) } }, { token })
    if (done.ok) return { done: 'extended' as const }
    return failed(done.problem, lang, { about: 'extend' as const, payoutId, transferId: '', chosen, typed: {} })
  },
  drop: async (event) => {
    const { token, text, lang } = await sent(event)
    const payoutId = text('payoutId')
    const words = text('words')
    const done = await api(dropPayout, { params: { payoutId }, body: { words } }, { token })
    if (done.ok) return { done: 'dropped' as const }
    return failed(done.problem, lang, {
      about: 'drop' as const,
      payoutId,
      transferId: '',
      chosen: [],
      typed: { words },
    })
  },
}
