import { error } from '@sveltejs/kit'
import { getProjectPhoto } from '#shared/contracts/governance.ts'
import { api } from '#web/lib/server/api.ts'
import { photoResponse } from '#web/lib/server/photos.ts'
import type { RequestHandler } from './$types'

/** What is public now may be taken back: kept by nobody on the way. */
export const GET: RequestHandler = async (event) => {
  const token = await event.locals.visitor.token()
  const found = await api(getProjectPhoto, { params: event.params }, { token })
  if (!found.ok) error(found.status === 404 ? 404 : 503)
  return photoResponse(found.data.photo, 'private, no-store')
}
