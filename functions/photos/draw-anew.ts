import { PHOTO_PIXELS_MAX, PHOTO_SIDE_MAX } from '#shared/contracts/photos.ts'
import { readImageHeader } from '#shared/domain/photos/read-image-header.ts'
import { type Pixels, shrinkPixels, turnUpright } from '#shared/domain/photos/shrink-pixels.ts'
import { Invalid } from '#functions/platform/invalid.ts'
import { decode, encode } from './codecs.ts'

/** What a photo should weigh at most. An item has 400 KB, of which base64 takes a third. */
const BYTES_WANTED = 200_000
const QUALITIES = [78, 68, 56, 44, 32] as const
const SIDES = [PHOTO_SIDE_MAX, 960, 720] as const

export type Drawn = { readonly width: number; readonly height: number; readonly webp: Uint8Array }

/**
 * Draws a photo anew, small and upright: nothing of the file that was sent is kept but its picture, so neither the place
 * nor the camera it was taken with. A file that says it has too many pixels is not opened.
 */
export async function drawAnew(bytes: Uint8Array): Promise<Drawn> {
  const header = readImageHeader(bytes)
  if (header === undefined) throw new Invalid({ photo: '这不是能用的照片，请选 JPG、PNG 或 WebP 格式的' })
  if (header.width * header.height > PHOTO_PIXELS_MAX) {
    throw new Invalid({ photo: `照片的尺寸太大，最多 ${PHOTO_PIXELS_MAX / 10_000} 万像素` })
  }
  const pixels = await opened(header.type, bytes)
  for (const side of SIDES) {
    const upright = turnUpright(shrinkPixels(pixels, side), header.orientation)
    for (const quality of QUALITIES) {
      const webp = await encode(upright, quality)
      if (webp.length <= BYTES_WANTED) return { width: upright.width, height: upright.height, webp }
    }
  }
  throw new Invalid({ photo: '这张照片存不下，请换一张' })
}

async function opened(type: Parameters<typeof decode>[0], bytes: Uint8Array): Promise<Pixels> {
  try {
    const pixels = await decode(type, bytes)
    // What is in the file decides, and what it says of itself has let it in.
    if (pixels.width * pixels.height > PHOTO_PIXELS_MAX) throw new Error('more pixels than it said')
    return pixels
  } catch {
    throw new Invalid({ photo: '这张照片打不开，可能没有传完整，请换一张' })
  }
}
