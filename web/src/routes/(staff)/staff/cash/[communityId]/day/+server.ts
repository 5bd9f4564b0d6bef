import { redirect } from '@sveltejs/kit'
import { dayOf } from '#web/lib/format/time.ts'
import type { RequestHandler } from './$types'

/** A form's day becomes the address of its page, without a script as well. */
export const GET: RequestHandler = ({ url, params }) => {
  const asked = url.searchParams.get('day') ?? ''
  const today = dayOf(Date.now())
  const day = /^\d{4}-\d{2}-\d{2}$/.test(asked) && asked <= today ? asked : today
  redirect(303, `/staff/cash/${params.communityId}/days/${day}`)
}
