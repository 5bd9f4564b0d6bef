import type { SubmitFunction } from '$app/forms'
import type { Sending } from '../ui/sending.svelte.ts'

const SIDE_MAX = 1280
const QUALITY = 0.82
/** Smaller ones are sent as they are. */
const SMALL_BYTES = 300_000

/** Makes a photo small before it is sent: a rural link takes minutes for what a phone's camera writes. */
async function shrink(file: File): Promise<File> {
  if (file.size <= SMALL_BYTES) return file
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const scale = Math.min(1, SIDE_MAX / Math.max(bitmap.width, bitmap.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(bitmap.width * scale))
    canvas.height = Math.max(1, Math.round(bitmap.height * scale))
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
    bitmap.close()
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', QUALITY))
    return blob === null || blob.size >= file.size ? file : new File([blob], 'photo.jpg', { type: blob.type })
  } catch {
    // Nothing this browser can open: the server says what is wrong with it.
    return file
  }
}

/** The files of one field of a form, each made small. */
async function shrinkPhotos(form: FormData, name: string): Promise<void> {
  const files = form.getAll(name).filter((each): each is File => each instanceof File && each.size > 0)
  if (files.length === 0) return
  form.delete(name)
  for (const file of files) form.append(name, await shrink(file))
}

/** Sends a form whose field `name` holds photos, each made small first. */
export function submitSmall(sending: Sending, name: string): SubmitFunction {
  return async (given) => {
    sending.busy = true
    await shrinkPhotos(given.formData, name)
    return sending.submit(given)
  }
}
