import { redirect } from '@sveltejs/kit'
import { randomUUID } from 'node:crypto'
import { getOrder, giveBack } from '#shared/contracts/orders.ts'
import { api } from '#web/lib/server/api.ts'
import { chosenLines, givableLines } from '#web/lib/server/give-back.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import type { Actions, PageServerLoad } from './$types'

/** Two steps in one page: how many, then what comes back. The first is a form that asks, so that it works without JavaScript. */
export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const order = dataOrError(await api(getOrder, { params: event.params }, { token }), event)
  const now = Date.now()
  const query = event.url.searchParams
  const all = givableLines(order)
  const only = query.get('line')
  const lines = all.filter((line) => only === null || line.lineId === only)
  return {
    now,
    orderId: order.orderId,
    paidInCash: order.paidInCash === true,
    only,
    lines,
    chosen: chosenLines(order, lines, query),
    /** Everything that is still to come is chosen: nothing will be left to pick up. */
    hasMore: all.length > lines.length,
    // Rendered into the form, so that a form that is sent twice gives back once.
    giveBackId: randomUUID(),
  }
}

export const actions: Actions = {
  default: async (event) => {
    const token = await neededToken(event)
    const form = await event.request.formData()
    const all = (name: string) => form.getAll(name).map(String)
    const [saleIds, lineIds, portions] = [all('saleId'), all('lineId'), all('portions')]
    const giveBackId = String(form.get('giveBackId') ?? '')
    const lines = saleIds.map((saleId, at) => ({
      saleId,
      lineId: lineIds[at] ?? '',
      portions: Number(portions[at] ?? '0'),
    }))
    const given = await api(giveBack, { params: event.params, body: { giveBackId, lines } }, { token })
    if (!given.ok) return failed(given.problem, event.locals.lang, { giveBackId })
    redirect(303, `/orders/${event.params.orderId}?given=${given.data.refundId}`)
  },
}
