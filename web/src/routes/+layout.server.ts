import { countOf } from '#web/lib/basket/codec.ts'
import { basketCookie, compoundCookie } from '#web/lib/server/cookies.ts'
import { unreadNotices } from '#web/lib/server/notices.ts'
import type { LayoutServerLoad } from './$types'

/** What the frame of each page shows: language, who is signed in, which desks are theirs, how full the basket is, what is new. */
export const load: LayoutServerLoad = async (event) => {
  const { lang, visitor } = event.locals
  const session = await visitor.session()
  const [me, unread] =
    session === undefined ? [] : await Promise.all([visitor.me(), unreadNotices(session.accessToken)])
  const memberships = me?.memberships ?? []
  return {
    lang,
    signedInAs: session === undefined ? undefined : session.name,
    isWorker: memberships.some(({ role }) => role === 'worker' || role === 'admin'),
    isLeader: memberships.some(({ role }) => role === 'leader'),
    isCoop: memberships.some(({ role }) => role === 'coop'),
    isBody: memberships.some(({ role }) => role === 'body'),
    isCharity: memberships.some(({ role }) => role === 'charity'),
    decides: memberships.some(({ role }) => role === 'committee' || role === 'supervisor'),
    isResident: memberships.some(({ role }) => role === 'resident'),
    /** Absent when there is none, or when nobody could be asked in time. */
    unread,
    basketCount: countOf(basketCookie.read(event)),
    hasCompound: compoundCookie.read(event) !== undefined,
  }
}
