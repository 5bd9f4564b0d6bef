import { redirect } from '@sveltejs/kit'
import { cancelOrder, getOrder, startCheckout } from '#shared/contracts/orders.ts'
import { api } from '#web/lib/server/api.ts'
import { givableLines } from '#web/lib/server/give-back.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import { qrPath } from '#web/lib/server/qr.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  event.depends('order:state')
  const token = await neededToken(event)
  const order = dataOrError(await api(getOrder, { params: event.params }, { token }), event)
  const given = event.url.searchParams.get('given')
  return {
    order,
    now: Date.now(),
    /** Lines of which portions can still be given back. */
    givable: givableLines(order).map(({ lineId }) => lineId),
    /** What has just been given back. */
    given: order.refunds.find(({ refundId }) => refundId === given),
    // The worker's page of this order, so that any phone's camera finds it; the code is there to be compared.
    qr:
      order.pickUpCode === undefined
        ? undefined
        : qrPath(`${event.url.origin}/staff/orders/${order.orderId}?code=${order.pickUpCode}`),
  }
}

export const actions: Actions = {
  pay: async (event) => {
    const token = await neededToken(event)
    const session = await api(startCheckout, { params: event.params }, { token })
    if (!session.ok) return failed(session.problem, event.locals.lang, {})
    redirect(303, session.data.checkoutUrl, { external: true })
  },
  cancel: async (event) => {
    const token = await neededToken(event)
    const cancelled = await api(cancelOrder, { params: event.params }, { token })
    if (!cancelled.ok) return failed(cancelled.problem, event.locals.lang, {})
    redirect(303, `/orders/${event.params.orderId}`)
  },
}
