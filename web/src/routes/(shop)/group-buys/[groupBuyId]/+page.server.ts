import { redirect } from '@sveltejs/kit'
import { getGroupBuy } from '#shared/contracts/group-buys.ts'
import { askReminder, dropReminder } from '#shared/contracts/notifications.ts'
import { api } from '#web/lib/server/api.ts'
import { addAction, inBasket } from '#web/lib/server/basket.ts'
import { compoundCookie } from '#web/lib/server/cookies.ts'
import { reminderOf } from '#web/lib/server/notices.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import { cardOf, foodFactsOf } from '#web/lib/shop/offer.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

export const load: PageServerLoad = async (event) => {
  const [answer, reminder] = await Promise.all([
    publicRead(getGroupBuy, { params: event.params }),
    reminderOf(event.locals.visitor, event.params.groupBuyId),
  ])
  const { compoundIds, offers, ...summary } = dataOrError(answer, event)
  const mine = compoundCookie.read(event)
  return {
    groupBuy: summary,
    offers: offers.map((offer) => ({ ...cardOf(offer), ...foodFactsOf(offer) })),
    compoundCount: compoundIds.length,
    isForMe: mine === undefined || compoundIds.includes(mine),
    inBasket: inBasket(event),
    /** Whether the visitor is told before it closes; absent where nothing can be asked. */
    reminder,
    now: Date.now(),
  }
}

export const actions: Actions = {
  add: addAction,
  remind: (event) => remind(event, askReminder),
  forget: (event) => remind(event, dropReminder),
}

async function remind(event: RequestEvent, route: typeof askReminder | typeof dropReminder) {
  const token = await neededToken(event)
  const answer = await api(route, { params: event.params }, { token })
  if (!answer.ok) return failed(answer.problem, event.locals.lang, { key: 'reminder' })
  redirect(303, event.url.pathname)
}
