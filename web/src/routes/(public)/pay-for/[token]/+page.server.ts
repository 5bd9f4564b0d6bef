import { redirect } from '@sveltejs/kit'
import { getPayLink, payByLink } from '#shared/contracts/payments.ts'
import { api } from '#web/lib/server/api.ts'
import { payForCookie } from '#web/lib/server/cookies.ts'
import { dataOrError, failed } from '#web/lib/server/problems.ts'
import { weChatOf } from '#web/lib/server/wechat.ts'
import type { Actions, PageServerLoad } from './$types'

const NOBODY = { token: undefined }

/** For whoever has the link, signed in or not: it is asked for without saying who asks. */
export const load: PageServerLoad = async (event) => {
  event.depends('pay:link')
  event.setHeaders({ 'x-robots-tag': 'noindex, nofollow' })
  const found = await api(getPayLink, { params: event.params }, NOBODY)
  const link = !found.ok && found.status === 404 ? ({ state: 'unknown' } as const) : dataOrError(found, event)
  return {
    link,
    now: Date.now(),
    cameFromPaying: event.url.searchParams.get('from') === 'pay',
    weChat: weChatOf(event),
    qr: `/pay-for/${event.params.token}/qr.png`,
  }
}

export const actions: Actions = {
  default: async (event) => {
    const opened = await api(payByLink, { params: event.params }, NOBODY)
    if (!opened.ok) return failed(opened.problem, event.locals.lang, {})
    // The provider brings everybody back to the order; whoever paid by a link comes back here.
    payForCookie.write(event, event.params.token)
    redirect(303, opened.data.checkoutUrl, { external: true })
  },
}
