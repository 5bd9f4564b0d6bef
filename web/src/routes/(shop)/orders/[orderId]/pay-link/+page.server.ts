import { error, redirect, type RequestEvent } from '@sveltejs/kit'
import { getOrder } from '#shared/contracts/orders.ts'
import { holdLonger, makePayLink, withdrawPayLink } from '#shared/contracts/payments.ts'
import { decideLongerHold } from '#shared/domain/orders/longer-hold.ts'
import { mayDo } from '#shared/kernel/standing.ts'
import { instant } from '#shared/kernel/time.ts'
import { yuanSign } from '#web/lib/format/money.ts'
import { momentText } from '#web/lib/format/time.ts'
import { api } from '#web/lib/server/api.ts'
import { payLinkCookie } from '#web/lib/server/cookies.ts'
import { dataOrError, failed, formProblem, neededToken, sentenceOf } from '#web/lib/server/problems.ts'
import { say } from '#web/lib/text/lang.ts'
import { payLinkWords } from '#web/lib/text/pay-link.ts'
import type { Actions, PageServerLoad } from './$types'

/** Longer than any order is held; what the link is good for does not depend on it. */
const KEPT_SECONDS = 3 * 3600

export const load: PageServerLoad = async (event) => {
  event.depends('order:state')
  const token = await neededToken(event)
  const order = dataOrError(await api(getOrder, { params: event.params }, { token }), event)
  const { lang } = event.locals
  if (!mayDo(order.standing, 'link')) error(404, { message: sentenceOf('NOT_FOUND', lang), code: 'NOT_FOUND' })
  const now = Date.now()
  const { orderId, amountFen, expiresAt, payLink, shares } = order
  const known = payLink && payLinkCookie.read(event, payLink.madeAt)
  const url = known && `${event.url.origin}/pay-for/${known}`
  const closings = shares.flatMap(({ groupBuy }) => groupBuy?.closesAt ?? [])
  const longer = decideLongerHold({ ...order, hasPayLink: true }, closings, instant(now))
  return {
    now,
    order: { orderId, amountFen, expiresAt, state: order.state, heldLonger: order.heldLongerAt !== undefined },
    madeAt: payLink?.madeAt,
    link: url && {
      url,
      qr: `/pay-for/${known}/qr.png`,
      text: say(payLinkWords, lang).share(yuanSign(amountFen), momentText(expiresAt, now, lang), url),
    },
    /** Until when it could be held, if it can be. */
    longerUntil: order.heldLongerAt === undefined && longer.kind === 'longer' ? longer.until : undefined,
    isWithdrawn: payLink === undefined && event.url.searchParams.has('withdrawn'),
  }
}

async function hold(event: RequestEvent<{ orderId: string }>, token: string) {
  const held = await api(holdLonger, { params: event.params }, { token })
  return held.ok ? undefined : held.problem
}

export const actions: Actions = {
  make: async (event) => {
    const token = await neededToken(event)
    const wantsLonger = (await event.request.formData()).has('longer')
    const made = await api(makePayLink, { params: event.params }, { token })
    if (!made.ok) return failed(made.problem, event.locals.lang, {})
    payLinkCookie.write(event, event.params.orderId, made.data, KEPT_SECONDS)
    const problem = wantsLonger ? await hold(event, token) : undefined
    // The link is good all the same: it is shown, with what became of the wish to hold the goods longer.
    if (problem !== undefined) return { notLonger: formProblem(problem, event.locals.lang).message }
    redirect(303, `/orders/${event.params.orderId}/pay-link`)
  },
  longer: async (event) => {
    const token = await neededToken(event)
    const problem = await hold(event, token)
    if (problem !== undefined) return failed(problem, event.locals.lang, {})
    redirect(303, `/orders/${event.params.orderId}/pay-link`)
  },
  withdraw: async (event) => {
    const token = await neededToken(event)
    const done = await api(withdrawPayLink, { params: event.params }, { token })
    if (!done.ok) return failed(done.problem, event.locals.lang, {})
    redirect(303, `/orders/${event.params.orderId}/pay-link?withdrawn=1`)
  },
}
