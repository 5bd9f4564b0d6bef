import { redirect, type RequestEvent } from '@sveltejs/kit'
import { attemptCookie, compoundCookie, sessionCookie } from '#web/lib/server/cookies.ts'
import { endSession, startSession, takeAttempt } from '#web/lib/server/sessions.ts'
import { finishSignIn } from '#web/lib/server/sign-in.ts'
import { visitorOf, type Me } from '#web/lib/server/visitor.ts'
import type { RequestHandler } from './$types'

/**
 * The issuer's answer. It counts once, for the browser that began, with its state, nonce and verifier; anything else starts
 * over. The session gets a new id: one that somebody knew before signing in is worth nothing after.
 */
export const GET: RequestHandler = async (event) => {
  const secret = attemptCookie.read(event)
  attemptCookie.drop(event)
  const attempt = secret === undefined ? undefined : await takeAttempt(secret)
  if (!attempt) redirect(303, '/sign-in/failed')
  const finished = await finishSignIn(event.url, attempt).catch((reason: unknown) => {
    console.error(JSON.stringify({ message: 'sign-in refused', reason: String(reason) }))
    return undefined
  })
  if (!finished) redirect(303, '/sign-in/failed')

  const before = sessionCookie.read(event)
  if (before !== undefined) await endSession(before)
  const session = await startSession(finished.tokens, finished.name)
  sessionCookie.write(event, session.secret, session.seconds)
  redirect(303, await nextPage(event, attempt.returnTo))
}

/** Back to where the person was; from the front page on to the place where they work. */
async function nextPage(event: RequestEvent, wanted: string): Promise<string> {
  const me = await visitorOf(event).me()
  const home = me?.memberships.find(({ role }) => role === 'resident')
  if (home?.compoundId !== undefined && compoundCookie.read(event) === undefined) {
    compoundCookie.write(event, home.compoundId)
  }
  return wanted === '/' ? deskOf(me) : wanted
}

function deskOf(me: Me | undefined): string {
  const roles = new Set(me?.memberships.map(({ role }) => role))
  if (roles.has('worker') || roles.has('admin')) return '/staff'
  if (roles.has('coop')) return '/coop'
  return roles.has('resident') ? '/shop' : '/'
}
