import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readImageHeader } from '#shared/domain/photos/read-image-header.ts'
import { type Pixels, shrinkPixels, sizeWithin, turnUpright } from '#shared/domain/photos/shrink-pixels.ts'
import { jpegOf, pngOf, withExif } from '../fixtures/pictures.ts'

describe('what a file says of itself', () => {
  it('is read of a JPEG, with how the phone was held', async () => {
    const jpeg = await jpegOf(40, 20, () => [1, 2, 3])
    expect(readImageHeader(jpeg)).toEqual({ type: 'jpeg', width: 40, height: 20, orientation: 1 })
    expect(readImageHeader(withExif(jpeg, 6))).toEqual({ type: 'jpeg', width: 40, height: 20, orientation: 6 })
    expect(readImageHeader(withExif(jpeg, 99))).toMatchObject({ orientation: 1 })
  })

  it('is read of a PNG before anything of it is opened', () => {
    expect(readImageHeader(pngOf(3, 2, { width: 60_000, height: 60_000 }))).toEqual({
      type: 'png',
      width: 60_000,
      height: 60_000,
      orientation: 1,
    })
  })

  it('is nothing for whatever is no picture, and no bytes make it stumble', () => {
    expect(readImageHeader(Buffer.from('GIF89a and more'))).toBeUndefined()
    expect(readImageHeader(new Uint8Array())).toBeUndefined()
    const starts = fc.constantFrom([0xff, 0xd8], [0x89, 0x50, 0x4e, 0x47], [...Buffer.from('RIFF0000WEBP')], [])
    fc.assert(
      fc.property(starts, fc.uint8Array({ maxLength: 200 }), (start, rest) => {
        const header = readImageHeader(Uint8Array.from([...start, ...rest]))
        if (header !== undefined) expect(header.orientation).toBeGreaterThanOrEqual(1)
      }),
    )
  })
})

/** Pixels named by a number each. */
const picture = (width: number, height: number): Pixels => ({
  width,
  height,
  data: Uint8ClampedArray.from({ length: width * height * 4 }, (_, n) => (n % 4 === 3 ? 255 : Math.floor(n / 4))),
})
const names = ({ data }: Pixels) => [...data].filter((_, n) => n % 4 === 0)

describe('a picture is turned upright', () => {
  it.each([
    [1, 3, 2, [0, 1, 2, 3, 4, 5]],
    [2, 3, 2, [2, 1, 0, 5, 4, 3]],
    [3, 3, 2, [5, 4, 3, 2, 1, 0]],
    [4, 3, 2, [3, 4, 5, 0, 1, 2]],
    [5, 2, 3, [0, 3, 1, 4, 2, 5]],
    [6, 2, 3, [3, 0, 4, 1, 5, 2]],
    [7, 2, 3, [5, 2, 4, 1, 3, 0]],
    [8, 2, 3, [2, 5, 1, 4, 0, 3]],
  ])('by orientation %i', (orientation, width, height, expected) => {
    const turned = turnUpright(picture(3, 2), orientation)
    expect([turned.width, turned.height]).toEqual([width, height])
    expect(names(turned)).toEqual(expected)
  })
})

describe('a picture is made smaller', () => {
  it('to the longer side, in proportion, and never larger', () => {
    expect(sizeWithin(4000, 3000, 1280)).toEqual({ width: 1280, height: 960 })
    expect(sizeWithin(10, 5000, 1280)).toEqual({ width: 3, height: 1280 })
    expect(sizeWithin(30, 20, 1280)).toEqual({ width: 30, height: 20 })
  })

  it('by averaging what falls together', () => {
    const data = Uint8ClampedArray.from([0, 0, 0, 255, 100, 50, 20, 255])
    expect([...shrinkPixels({ width: 2, height: 1, data }, 1).data]).toEqual([50, 25, 10, 255])
  })

  it('on white where it is see-through', () => {
    const data = Uint8ClampedArray.from([10, 20, 30, 0])
    expect([...shrinkPixels({ width: 1, height: 1, data }, 5).data]).toEqual([255, 255, 255, 255])
  })
})
