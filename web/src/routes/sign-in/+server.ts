import { redirect } from '@sveltejs/kit'
import { returnTo } from '#web/lib/return-to.ts'
import { attemptCookie } from '#web/lib/server/cookies.ts'
import { ATTEMPT_SECONDS, startAttempt } from '#web/lib/server/sessions.ts'
import { startSignIn } from '#web/lib/server/sign-in.ts'
import type { RequestHandler } from './$types'

/** Sends the person to the issuer and remembers, on our side, what its answer must match. */
export const GET: RequestHandler = async (event) => {
  const { attempt, url } = await startSignIn(
    `${event.url.origin}/sign-in/callback`,
    returnTo(event.url.searchParams.get('returnTo')),
  )
  attemptCookie.write(event, await startAttempt(attempt), ATTEMPT_SECONDS)
  redirect(303, url, { external: [new URL(url).origin] })
}
