import { redirect } from '@sveltejs/kit'
import { cancelOrder, getOrder, startCheckout } from '#shared/contracts/orders.ts'
import { pickedUpTogether } from '#shared/domain/orders/same-pick-up.ts'
import { mayDo, orderActs } from '#shared/kernel/standing.ts'
import { api } from '#web/lib/server/api.ts'
import { basketCookie, payForCookie } from '#web/lib/server/cookies.ts'
import { claimableLinesOf } from '#web/lib/server/claims.ts'
import { givableLines } from '#web/lib/server/give-back.ts'
import { recentOrders } from '#web/lib/server/my-orders.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import { qrPath } from '#web/lib/server/qr.ts'
import { orderAgain } from '#web/lib/server/reorder.ts'
import { weChatOf } from '#web/lib/server/wechat.ts'
import type { Actions, PageServerLoad } from './$types'

/** Payment pages lead everybody here. Whoever paid by a link goes back to it; whom we do not know is thanked. */
async function ledOn(event: Parameters<PageServerLoad>[0]): Promise<void> {
  const from = event.url.searchParams.get('from')
  if (from === null) return
  const link = payForCookie.read(event)
  if (link !== undefined) {
    payForCookie.drop(event)
    redirect(303, `/pay-for/${link}?from=${from === 'pay' ? 'pay' : 'cancel'}`)
  }
  if (from === 'pay' && (await event.locals.visitor.token()) === undefined) redirect(303, '/paid')
}

export const load: PageServerLoad = async (event) => {
  event.depends('order:state')
  await ledOn(event)
  const token = await neededToken(event)
  const [found, mine] = await Promise.all([api(getOrder, { params: event.params }, { token }), recentOrders(token)])
  // Signed in, and it is not theirs: they paid for somebody else.
  if (!found.ok && found.status === 404 && event.url.searchParams.get('from') === 'pay') redirect(303, '/paid')
  const order = dataOrError(found, event)
  const given = event.url.searchParams.get('given')
  const claimed = event.url.searchParams.get('claimed')
  const now = Date.now()
  return {
    order,
    now,
    weChat: weChatOf(event),
    /** What the caller may do with it. */
    may: orderActs.filter((act) => mayDo(order.standing, act)),
    /** Other orders of which something is picked up on the same way. */
    together: pickedUpTogether(order, mine),
    /** Lines of which portions can still be given back. */
    givable: givableLines(order).map(({ lineId }) => lineId),
    /** Shares of which something can be claimed now. */
    claimable: order.shares
      .filter((share) => claimableLinesOf(order, share, now).length > 0)
      .map(({ saleId }) => saleId),
    hasClaimed: order.claims.some(({ claimId }) => claimId === claimed),
    /** What has just been given back. */
    given: order.refunds.find(({ refundId }) => refundId === given),
    /** For a worker's phone, when it is paid at the desk. */
    deskQr: order.state === 'pending_payment' ? qrPath(`${event.url.origin}/staff/orders/${order.orderId}`) : undefined,
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
    payForCookie.drop(event)
    redirect(303, session.data.checkoutUrl, { external: true })
  },
  again: async (event) => {
    const token = await neededToken(event)
    const [found, me] = await Promise.all([
      api(getOrder, { params: event.params }, { token }),
      event.locals.visitor.me(),
    ])
    if (!found.ok) return failed(found.problem, event.locals.lang, {})
    const home = me?.memberships.find(({ role }) => role === 'resident')?.compoundId
    const placed = await orderAgain(found.data, home ?? found.data.compoundId, basketCookie.read(event), Date.now())
    if (placed === undefined) {
      return failed({ type: 'about:blank', title: '', status: 503, code: 'UNREACHABLE' }, event.locals.lang, {})
    }
    basketCookie.write(event, placed.basket)
    return { again: placed.again }
  },
  cancel: async (event) => {
    const token = await neededToken(event)
    const cancelled = await api(cancelOrder, { params: event.params }, { token })
    if (!cancelled.ok) return failed(cancelled.problem, event.locals.lang, {})
    redirect(303, `/orders/${event.params.orderId}`)
  },
}
