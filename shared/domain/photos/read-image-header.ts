/**
 * What a file says of itself before anything of it is opened. It is a guard, so it walks the file as decoders do and gives up
 * at the first thing that is wrong; `image-size` skips on to the next likely place, where a file may say what it likes.
 */
export type ImageHeader = {
  readonly type: 'jpeg' | 'png' | 'webp'
  readonly width: number
  readonly height: number
  /** EXIF orientation, 1 to 8. */
  readonly orientation: number
}

/** Nothing for a file that is none of the three, or breaks off before it says how large it is. */
export function readImageHeader(bytes: Uint8Array): ImageHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    if (view.getUint16(0) === 0xffd8) return readJpeg(view)
    if (view.getUint32(0) === 0x89504e47) return readPng(view)
    if (text(view, 0, 4) === 'RIFF' && text(view, 8, 4) === 'WEBP') return readWebp(view)
  } catch (error) {
    // Read beyond the end: it breaks off.
    if (!(error instanceof RangeError)) throw error
  }
  return undefined
}

function text(view: DataView, at: number, length: number): string {
  return Array.from({ length }, (_, n) => String.fromCharCode(view.getUint8(at + n))).join('')
}

function readJpeg(view: DataView): ImageHeader {
  let orientation = 1
  for (let at = 2; ;) {
    if (view.getUint8(at) !== 0xff) throw new RangeError('no marker')
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) {
      at += 1
      continue
    }
    const length = view.getUint16(at + 2)
    if (marker === 0xe1 && length >= 8 && text(view, at + 4, 6) === 'Exif\0\0') {
      orientation = readOrientation(view, at + 10, length - 8)
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) return { type: 'jpeg', height: view.getUint16(at + 5), width: view.getUint16(at + 7), orientation }
    if (marker === 0xda || marker === 0xd9) throw new RangeError('no frame before the picture')
    at += 2 + length
  }
}

function readPng(view: DataView): ImageHeader {
  const size = { width: view.getUint32(16), height: view.getUint32(20) }
  let orientation = 1
  for (let at = 8; at + 12 <= view.byteLength; at += 12 + view.getUint32(at)) {
    if (text(view, at + 4, 4) === 'eXIf') orientation = readOrientation(view, at + 8, view.getUint32(at))
  }
  return { type: 'png', ...size, orientation }
}

function readWebp(view: DataView): ImageHeader {
  let size: { width: number; height: number } | undefined
  let orientation = 1
  for (let at = 12; at + 8 <= view.byteLength;) {
    const name = text(view, at, 4)
    const length = view.getUint32(at + 4, true)
    size ??= webpSize(view, name, at + 8)
    if (name === 'EXIF') orientation = readOrientation(view, at + 8, length)
    at += 8 + length + (length % 2)
  }
  if (size === undefined) throw new RangeError('no picture')
  return { type: 'webp', ...size, orientation }
}

function webpSize(view: DataView, name: string, at: number) {
  const uint24 = (from: number) => view.getUint16(from, true) + view.getUint8(from + 2) * 0x10000
  if (name === 'VP8X') return { width: 1 + uint24(at + 4), height: 1 + uint24(at + 7) }
  if (name === 'VP8 ') {
    return { width: view.getUint16(at + 6, true) & 0x3fff, height: view.getUint16(at + 8, true) & 0x3fff }
  }
  if (name !== 'VP8L') return undefined
  const bits = view.getUint32(at + 1, true)
  return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) }
}

const ORIENTATION_TAG = 0x0112

/** From the first directory of a TIFF block; 1, upright, when it says nothing of use. */
function readOrientation(whole: DataView, at: number, length: number): number {
  const view = new DataView(whole.buffer, whole.byteOffset + at, Math.min(length, whole.byteLength - at))
  try {
    // Some write the mark of JPEG before it in the other kinds as well.
    const start = text(view, 0, 6) === 'Exif\0\0' ? 6 : 0
    const little = view.getUint16(start) === 0x4949
    const directory = start + view.getUint32(start + 4, little)
    const count = view.getUint16(directory, little)
    for (let n = 0; n < count; n++) {
      const entry = directory + 2 + n * 12
      if (view.getUint16(entry, little) !== ORIENTATION_TAG) continue
      const orientation = view.getUint16(entry + 8, little)
      return orientation >= 1 && orientation <= 8 ? orientation : 1
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  return 1
}
