import { inflateSync } from 'node:zlib'
import { encode } from 'uqr'
import { expect, it } from 'vitest'
import { readImageHeader } from '#shared/domain/photos/read-image-header.ts'
import { qrPath, qrPng } from '#web/lib/server/qr.ts'

const LINK = `https://shop.example/pay-for/${'aB3_-'.repeat(8)}xyz`

it('a QR code to be saved is a picture of the very modules that are shown', () => {
  const png = qrPng(LINK)
  const { data, size } = encode(LINK, { ecc: 'M', border: 3 })
  const header = readImageHeader(png)
  expect(header).toMatchObject({ width: size * 10, height: size * 10 })
  expect(qrPath(LINK).size).toBe(size)
  // One chunk of each kind: signature, header, raster, end.
  const view = Buffer.from(png)
  const at = view.indexOf('IDAT')
  const raster = inflateSync(view.subarray(at + 4, at + 4 + view.readUInt32BE(at - 4)))
  const side = size * 10
  expect(raster.length).toBe((side + 1) * side)
  const isDark = (x: number, y: number) => raster[(y * 10 + 5) * (side + 1) + 1 + x * 10 + 5] === 0
  const drawn = data.map((row, y) => row.map((_, x) => isDark(x, y)))
  expect(drawn).toEqual(data)
})
