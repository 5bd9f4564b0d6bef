import { error, type RequestEvent } from '@sveltejs/kit'
import { roomOf } from '#web/lib/places/room-of.ts'
import { orderForPage, placeForHousehold } from '#web/lib/server/order-for.ts'
import { neededToken } from '#web/lib/server/problems.ts'
import { membershipsOf } from '#web/lib/server/roles.ts'
import { say } from '#web/lib/text/lang.ts'
import { orderForWords } from '#web/lib/text/order-for.ts'
import type { Actions, PageServerLoad } from './$types'

/** The building that the visitor leads now. Somebody lives in one household, and so leads one building. */
async function ledBy(event: RequestEvent) {
  await neededToken(event)
  // A worker may have ended it a moment ago: this page says what is true now.
  await event.locals.visitor.forgetMe()
  const [leader] = await membershipsOf(event, 'leader')
  const { compoundId, compoundName, scopeName, knownAs } = leader ?? {}
  if (compoundId === undefined || scopeName === undefined || knownAs === undefined) {
    error(404, { message: say(orderForWords, event.locals.lang).notLeading, code: 'NOT_LEADING' })
  }
  return { compoundId, leader: { building: roomOf(scopeName, compoundName), knownAs } }
}

export const load: PageServerLoad = async (event) => {
  const where = await ledBy(event)
  return { ...(await orderForPage(event, where)), leader: where.leader }
}

export const actions: Actions = {
  default: async (event) => placeForHousehold(event, await ledBy(event)),
}
