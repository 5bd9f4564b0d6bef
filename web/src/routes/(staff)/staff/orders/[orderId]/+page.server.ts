import { randomUUID } from 'node:crypto'
import { handBackCash, takeCash } from '#shared/contracts/cash.ts'
import { getOrder, refundOrder } from '#shared/contracts/orders.ts'
import { receivers } from '#web/lib/cash/receivers.ts'
import { fenFromText, yuanSign } from '#web/lib/format/money.ts'
import { api } from '#web/lib/server/api.ts'
import { noReceiver } from '#web/lib/server/no-receiver.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import { staffName } from '#web/lib/server/staff-name.ts'
import { cashWords } from '#web/lib/text/cash.ts'
import { say } from '#web/lib/text/lang.ts'
import { staffWords } from '#web/lib/text/staff.ts'
import type { Actions, PageServerLoad } from './$types'

const reasons = ['refund', 'shortage', 'weight', 'claim'] as const

export const load: PageServerLoad = async (event) => {
  event.depends('order:state')
  const token = await neededToken(event)
  const order = dataOrError(await api(getOrder, { params: event.params }, { token }), event)
  const code = event.url.searchParams.get('code') ?? undefined
  return {
    order,
    reasons,
    // Rendered into the form, so that a form that is sent twice is one refund.
    refundId: randomUUID(),
    moveId: randomUUID(),
    codeMatches: code === undefined ? undefined : code === order.pickUpCode,
    now: Date.now(),
  }
}

/** Amounts by line, `amount:<saleId>/<lineId>`; an empty one is not refunded. */
function readLines(form: FormData, notAnAmount: string) {
  const fields: Record<string, string> = {}
  const lines = [...form]
    .filter(([name, value]) => name.startsWith('amount:') && String(value).trim() !== '')
    .map(([name, value]) => {
      const [saleId = '', lineId = ''] = name.slice('amount:'.length).split('/')
      const amountFen = fenFromText(String(value))
      if (!amountFen) fields[`${saleId}/${lineId}`] = notAnAmount
      return { saleId, lineId, amountFen: amountFen ?? 0 }
    })
  return { lines, fields }
}

export const actions: Actions = {
  cash: async (event) => {
    const token = await neededToken(event)
    const { lang } = event.locals
    const form = await event.request.formData()
    const [amount, moveId] = [String(form.get('amount') ?? '').trim(), String(form.get('moveId') ?? '')]
    const kept = { typed: { cash: amount } as Record<string, string> }
    const amountFen = fenFromText(amount)
    if (!amountFen) {
      const fields = { amountFen: say(cashWords, lang).badAmount }
      return failed({ type: '', title: '', status: 400, code: 'INVALID', fields }, 'zh', kept)
    }
    const { orderId } = event.params
    const taken = await api(
      takeCash,
      { params: { orderId, moveId }, body: { amountFen, byName: await staffName(event) } },
      { token },
    )
    return taken.ok ? { taken: true } : failed(taken.problem, lang, kept)
  },
  handBack: async (event) => {
    const token = await neededToken(event)
    const form = await event.request.formData()
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const typed = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]))
    const params = { orderId: event.params.orderId, refundId: text('refundId'), moveId: text('moveId') }
    const receivedBy = receivers.find((known) => known === text('receivedBy'))
    if (receivedBy === undefined) return failed(noReceiver(event.locals.lang), 'zh', { typed })
    const body = { receivedBy, words: text('words') || undefined, byName: await staffName(event) }
    const back = await api(handBackCash, { params, body }, { token })
    return back.ok ? { handedBack: true } : failed(back.problem, event.locals.lang, { typed })
  },
  refund: async (event) => {
    const token = await neededToken(event)
    const { lang } = event.locals
    const t = say(staffWords, lang)
    const form = await event.request.formData()
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const whole = text('what') === 'whole'
    const { lines, fields } = whole ? { lines: [], fields: {} } : readLines(form, t.badAmount)
    const typed = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]))
    const kept = { typed }
    if (!whole && lines.length === 0) fields['lines'] = t.chooseLines
    if (Object.keys(fields).length > 0) {
      return failed({ type: '', title: '', status: 400, code: 'INVALID', fields }, 'zh', kept)
    }
    const refunded = await api(
      refundOrder,
      {
        params: event.params,
        body: {
          refundId: text('refundId'),
          reason: reasons.find((known) => known === text('reason')) ?? 'refund',
          note: text('note') || undefined,
          lines: whole ? undefined : lines,
        },
      },
      { token },
    )
    if (!refunded.ok) return failed(refunded.problem, lang, kept)
    return { refunded: yuanSign(refunded.data.amountFen) }
  },
}
