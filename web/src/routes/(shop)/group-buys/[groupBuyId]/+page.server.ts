import { getGroupBuy } from '#shared/contracts/group-buys.ts'
import { addAction, inBasket } from '#web/lib/server/basket.ts'
import { compoundCookie } from '#web/lib/server/cookies.ts'
import { dataOrError } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import { cardOf, foodFactsOf } from '#web/lib/shop/offer.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const answer = await publicRead(getGroupBuy, { params: event.params })
  const { compoundIds, offers, ...summary } = dataOrError(answer, event)
  const mine = compoundCookie.read(event)
  return {
    groupBuy: summary,
    offers: offers.map((offer) => ({ ...cardOf(offer), ...foodFactsOf(offer) })),
    compoundCount: compoundIds.length,
    isForMe: mine === undefined || compoundIds.includes(mine),
    inBasket: inBasket(event),
    now: Date.now(),
  }
}

export const actions: Actions = { add: addAction }
