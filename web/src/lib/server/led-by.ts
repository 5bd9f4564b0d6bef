import { error, type RequestEvent } from '@sveltejs/kit'
import { roomOf } from '#web/lib/places/room-of.ts'
import { say } from '#web/lib/text/lang.ts'
import { orderForWords } from '#web/lib/text/order-for.ts'
import { neededToken } from './problems.ts'
import { membershipsOf } from './roles.ts'

/** The building that the visitor leads now. Somebody lives in one household, and so leads one building. */
export async function ledBy(event: RequestEvent) {
  await neededToken(event)
  // A worker may have ended it a moment ago: these pages say what is true now.
  await event.locals.visitor.forgetMe()
  const [leader] = await membershipsOf(event, 'leader')
  const { compoundId, compoundName, scopeName, knownAs } = leader ?? {}
  if (compoundId === undefined || scopeName === undefined || knownAs === undefined) {
    error(404, { message: say(orderForWords, event.locals.lang).notLeading, code: 'NOT_LEADING' })
  }
  return { compoundId, leader: { building: roomOf(scopeName, compoundName), knownAs } }
}
