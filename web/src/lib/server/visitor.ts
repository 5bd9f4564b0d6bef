import type { RequestEvent } from '@sveltejs/kit'
import { getMe } from '#shared/contracts/places.ts'
import type { Output } from '#shared/contracts/route.ts'
import { api } from './api.ts'
import { sessionCookie } from './cookies.ts'
import { findSession, replaceTokens, type Session } from './sessions.ts'
import { refresh } from './sign-in.ts'

export type Me = Output<typeof getMe>

/** Who asks. Nothing is read until a page needs it, and then once a request. */
export type Visitor = {
  session(): Promise<Session | undefined>
  token(): Promise<string | undefined>
  me(): Promise<Me | undefined>
  /** After a change of the visitor's own roles. */
  forgetMe(): Promise<void>
}

/** Tokens are renewed a little before they end, so that none ends on its way. */
const RENEW_BEFORE_SECONDS = 60
const ME_FRESH_MS = 10_000
const ME_KEPT_MAX = 2_000

// By session key, hence nobody's answer can reach another. It only spares the API a question per page of one visit.
const knownMe = new Map<string, { readonly me: Me; readonly until: number }>()
const renewals = new Map<string, Promise<Session | undefined>>()

/** Renews a session's tokens; requests of one session that come together share one renewal, for a refresh token works once. */
function renewed(session: Session, secret: string): Promise<Session | undefined> {
  const running = renewals.get(session.key)
  if (running) return running
  const renewal = (async () => {
    const tokens = await refresh(session)
    if (tokens === undefined) return undefined
    return (await replaceTokens(session, tokens)) ? { ...session, ...tokens } : findSession(secret)
  })().finally(() => renewals.delete(session.key))
  renewals.set(session.key, renewal)
  return renewal
}

async function load(secret: string | undefined): Promise<Session | undefined> {
  if (secret === undefined) return undefined
  const session = await findSession(secret)
  if (!session || session.accessExpiresAtSeconds > Date.now() / 1000 + RENEW_BEFORE_SECONDS) return session
  const fresh = await renewed(session, secret)
  // Another process may have used the refresh token first; what it wrote is the session now.
  if (fresh) return fresh
  const again = await findSession(secret)
  return again && again.accessExpiresAtSeconds > Date.now() / 1000 ? again : undefined
}

async function askMe(session: Session): Promise<Me | undefined> {
  const known = knownMe.get(session.key)
  if (known && known.until > Date.now()) return known.me
  const answer = await api(getMe, {}, { token: session.accessToken })
  if (!answer.ok) return undefined
  if (knownMe.size >= ME_KEPT_MAX) knownMe.clear()
  knownMe.set(session.key, { me: answer.data, until: Date.now() + ME_FRESH_MS })
  return answer.data
}

export function visitorOf(event: Pick<RequestEvent, 'cookies' | 'url'>): Visitor {
  let session: Promise<Session | undefined> | undefined
  let me: Promise<Me | undefined> | undefined
  const visitor: Visitor = {
    session: () => (session ??= load(sessionCookie.read(event))),
    token: async () => (await visitor.session())?.accessToken,
    me: () => (me ??= visitor.session().then((found) => found && askMe(found))),
    async forgetMe() {
      const found = await visitor.session()
      if (found) knownMe.delete(found.key)
      me = undefined
    },
  }
  return visitor
}
