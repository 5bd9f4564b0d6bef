import { randomUUID } from 'node:crypto'
import { listPayouts, listUnpaid, recordPayout, returnPayout } from '#shared/contracts/settlement.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { fenFromText, yuanSign } from '#web/lib/format/money.ts'
import { dayOf } from '#web/lib/format/time.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import { say } from '#web/lib/text/lang.ts'
import { payoutWords } from '#web/lib/text/settlement.ts'
import type { Actions, PageServerLoad } from './$types'

const PAYOUTS_SHOWN = 20

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { coopId } = event.params
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const [unpaid, payouts] = await Promise.all([
    api(listUnpaid, { query: { coopId, limit: PAGE_MAX } }, { token }),
    api(listPayouts, { params: { coopId }, query: { cursor, limit: PAYOUTS_SHOWN } }, { token }),
  ])
  const { items } = dataOrError(unpaid, event)
  const paid = dataOrError(payouts, event)
  return {
    coopId,
    coopName: items[0]?.coopName ?? '',
    ready: items.filter(({ state }) => state === 'confirmed'),
    notYet: items.filter(({ state }) => state !== 'confirmed'),
    payouts: paid.items,
    nextCursor: paid.nextCursor,
    // Part of the form, so that sending it twice records one payout.
    payoutId: randomUUID(),
    today: dayOf(Date.now()),
  }
}

export const actions: Actions = {
  record: async (event) => {
    const token = await neededToken(event)
    const { lang } = event.locals
    const form = await event.request.formData()
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const chosen = form.getAll('statement').map(String)
    const kept = {
      about: 'record' as const,
      payoutId: text('payoutId'),
      chosen,
      amount: text('amount'),
      bankReference: text('bankReference'),
      paidOn: text('paidOn'),
    }
    const amountFen = fenFromText(kept.amount)
    if (amountFen === undefined) {
      const fields = { amountFen: say(payoutWords, lang).badAmount }
      return failed({ type: '', title: '', status: 400, code: 'INVALID', fields }, 'zh', kept)
    }
    const body = {
      ...{ coopId: event.params.coopId, amountFen, bankReference: kept.bankReference, paidOn: kept.paidOn },
      statements: chosen.map((each) => {
        const [groupBuyId = '', part = ''] = each.split(' ')
        return { groupBuyId, part: Number(part) }
      }),
    }
    const done = await api(recordPayout, { params: { payoutId: kept.payoutId }, body }, { token })
    return done.ok ? { recorded: yuanSign(done.data.amountFen) } : failed(done.problem, lang, kept)
  },
  return: async (event) => {
    const token = await neededToken(event)
    const form = await event.request.formData()
    const payoutId = String(form.get('payoutId') ?? '')
    const words = String(form.get('words') ?? '').trim()
    const done = await api(returnPayout, { params: { payoutId }, body: { words } }, { token })
    if (done.ok) return { returned: true }
    return failed(done.problem, event.locals.lang, { about: 'return' as const, payoutId, words })
  },
}
