import { error } from '@sveltejs/kit'
import { getClaimPhoto } from '#shared/contracts/photos.ts'
import { api } from '#web/lib/server/api.ts'
import { photoResponse } from '#web/lib/server/photos.ts'
import { neededToken } from '#web/lib/server/problems.ts'
import type { RequestHandler } from './$types'

/** Only for those who may see it, and kept by nobody on the way. */
export const GET: RequestHandler = async (event) => {
  const token = await neededToken(event)
  const found = await api(getClaimPhoto, { params: event.params }, { token })
  if (!found.ok) error(found.status === 404 ? 404 : 503)
  return photoResponse(found.data.photo, 'private, no-store')
}
