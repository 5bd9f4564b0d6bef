import { error } from '@sveltejs/kit'
import { getPhoto } from '#shared/contracts/photos.ts'
import { api } from '#web/lib/server/api.ts'
import { photoResponse } from '#web/lib/server/photos.ts'
import type { RequestHandler } from './$types'

/** A photo of a listing never changes: another one has another address. */
export const GET: RequestHandler = async ({ params }) => {
  const found = await api(getPhoto, { params }, { token: undefined })
  if (!found.ok) error(found.status === 404 ? 404 : 503)
  return photoResponse(found.data.photo, 'public, max-age=31536000, immutable')
}
