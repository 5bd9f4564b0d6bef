import { getGroupBuy } from '#shared/contracts/group-buys.ts'
import { api } from '#web/lib/server/api.ts'
import { addAction, inBasket } from '#web/lib/server/basket.ts'
import { compoundCookie } from '#web/lib/server/cookies.ts'
import { dataOrError } from '#web/lib/server/problems.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const answer = await api(getGroupBuy, { params: event.params }, { token: undefined })
  const { compoundIds, offers, ...summary } = dataOrError(answer, event)
  const mine = compoundCookie.read(event)
  return {
    groupBuy: summary,
    offers,
    compoundCount: compoundIds.length,
    isForMe: mine === undefined || compoundIds.includes(mine),
    inBasket: inBasket(event),
    now: Date.now(),
  }
}

export const actions: Actions = { add: addAction }
