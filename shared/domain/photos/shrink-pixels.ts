import { assert } from '../../kernel/assert.ts'

/** Four bytes a pixel: red, green, blue, and how much it covers. */
export type Pixels = { readonly width: number; readonly height: number; readonly data: Uint8ClampedArray }

/** How large a picture becomes so that its longer side is at most `sideMax`; never larger than it was. */
export function sizeWithin(width: number, height: number, sideMax: number): { width: number; height: number } {
  const scale = Math.min(1, sideMax / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** Makes a picture smaller by averaging what falls into each new pixel, on white where the old one is see-through. */
export function shrinkPixels(from: Pixels, sideMax: number): Pixels {
  const { width, height } = sizeWithin(from.width, from.height, sideMax)
  assert(from.data.length === from.width * from.height * 4, 'a picture has four bytes for each pixel')
  const data = new Uint8ClampedArray(width * height * 4)
  for (let y = 0; y < height; y++) {
    const top = Math.floor((y * from.height) / height)
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * from.height) / height))
    for (let x = 0; x < width; x++) {
      const left = Math.floor((x * from.width) / width)
      const right = Math.max(left + 1, Math.floor(((x + 1) * from.width) / width))
      averageInto(data, (y * width + x) * 4, from, { left, right, top, bottom })
    }
  }
  return { width, height, data }
}

type Box = { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number }

function averageInto(into: Uint8ClampedArray, at: number, { data, width }: Pixels, box: Box): void {
  let red = 0
  let green = 0
  let blue = 0
  for (let y = box.top; y < box.bottom; y++) {
    for (let n = (y * width + box.left) * 4; n < (y * width + box.right) * 4; n += 4) {
      const covers = data[n + 3] ?? 0
      const white = (255 - covers) * 255
      red += (data[n] ?? 0) * covers + white
      green += (data[n + 1] ?? 0) * covers + white
      blue += (data[n + 2] ?? 0) * covers + white
    }
  }
  const whole = (box.right - box.left) * (box.bottom - box.top) * 255
  into[at] = red / whole
  into[at + 1] = green / whole
  into[at + 2] = blue / whole
  into[at + 3] = 255
}

/** Turns a picture as its EXIF orientation says, so that it stands upright without it. */
export function turnUpright(from: Pixels, orientation: number): Pixels {
  if (orientation <= 1) return from
  const turned = orientation >= 5
  const [width, height] = turned ? [from.height, from.width] : [from.width, from.height]
  const data = new Uint8ClampedArray(from.data.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = sourceOf(orientation, x, y, from)
      const source = (fromY * from.width + fromX) * 4
      data.set(from.data.subarray(source, source + 4), (y * width + x) * 4)
    }
  }
  return { width, height, data }
}

function sourceOf(orientation: number, x: number, y: number, { width, height }: Pixels): [number, number] {
  switch (orientation) {
    case 2:
      return [width - 1 - x, y]
    case 3:
      return [width - 1 - x, height - 1 - y]
    case 4:
      return [x, height - 1 - y]
    case 5:
      return [y, x]
    case 6:
      return [y, height - 1 - x]
    case 7:
      return [width - 1 - y, height - 1 - x]
    case 8:
      return [width - 1 - y, x]
    default:
      return [x, y]
  }
}
