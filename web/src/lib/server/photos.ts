import { createHash } from 'node:crypto'
import { PHOTO_BYTES_MAX, putPhoto, type PhotoFor } from '#shared/contracts/photos.ts'
import type { Problem } from '#shared/contracts/route.ts'
import { api } from './api.ts'

/** Files of a form that hold something: an empty field sends a file of nothing. */
export function filesOf(form: FormData, name: string): File[] {
  return form.getAll(name).filter((each): each is File => each instanceof File && each.size > 0)
}

/** The same file of the same form is the same photo, however often the form is sent. */
function photoIdOf(formId: string, bytes: Uint8Array): string {
  const hex = createHash('sha256').update(formId).update(bytes).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

type Sent = { readonly ok: true; readonly photoId: string } | { readonly ok: false; readonly problem: Problem }

/** Sends a photo on to the API; what is wrong with it is told at the field `photo`. */
export async function sendPhoto(
  file: File,
  photoFor: PhotoFor,
  formId: string,
  token: string,
  tooLarge: string,
): Promise<Sent> {
  if (file.size > PHOTO_BYTES_MAX) {
    return { ok: false, problem: { type: '', title: '', status: 400, code: 'INVALID', fields: { photo: tooLarge } } }
  }
  const bytes = new Uint8Array(await file.arrayBuffer())
  const photoId = photoIdOf(formId, bytes)
  const body = { for: photoFor, photo: Buffer.from(bytes).toString('base64') }
  const sent = await api(putPhoto, { params: { photoId }, body }, { token })
  return sent.ok ? { ok: true, photoId } : { ok: false, problem: sent.problem }
}

/** A photo as a browser takes it. */
export function photoResponse(photo: string, cacheControl: string): Response {
  return new Response(Buffer.from(photo, 'base64'), {
    headers: { 'content-type': 'image/webp', 'cache-control': cacheControl },
  })
}
