import { redirect } from '@sveltejs/kit'
import { sessionCookie } from '#web/lib/server/cookies.ts'
import { endSession } from '#web/lib/server/sessions.ts'
import { signOutUrl } from '#web/lib/server/sign-in.ts'
import type { RequestHandler } from './$types'

export const POST: RequestHandler = async (event) => {
  // A pick-up counter keeps rooms and codes in the browser: nothing of it outlives the session.
  event.setHeaders({ 'clear-site-data': '"storage"' })
  const secret = sessionCookie.read(event)
  const session = await event.locals.visitor.session()
  if (secret !== undefined) await endSession(secret)
  sessionCookie.drop(event)
  const away = await signOutUrl(session?.idToken, `${event.url.origin}/`)
  redirect(303, away ?? '/', { external: away === undefined ? [] : [new URL(away).origin] })
}
