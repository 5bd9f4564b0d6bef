import { crc32, deflateSync } from 'node:zlib'
import { encode } from 'uqr'

function modulesOf(text: string) {
  return encode(text, { ecc: 'M', border: 3 })
}

/** A QR code as one SVG path on a grid of `size` × `size`, quiet zone included. */
export function qrPath(text: string): { readonly size: number; readonly path: string } {
  const { data, size } = modulesOf(text)
  const path = data
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
    .filter(Boolean)
    .join('')
  return { size, path }
}

const PIXELS_A_MODULE = 10
const WHITE = 255
const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** The same as a picture that a phone can save: phones keep no SVG. Grey, eight bits, as the PNG specification has it. */
export function qrPng(text: string): Uint8Array<ArrayBuffer> {
  const { data, size } = modulesOf(text)
  const side = size * PIXELS_A_MODULE
  const rows = data.map((row) => {
    const pixels = row.flatMap((dark) => Array<number>(PIXELS_A_MODULE).fill(dark ? 0 : WHITE))
    return Buffer.from([0, ...pixels])
  })
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const raster = Buffer.concat(rows.flatMap((row) => Array<Buffer>(PIXELS_A_MODULE).fill(row)))
  return new Uint8Array(
    Buffer.concat([PNG_SIGNATURE, chunk('IHDR', header), chunk('IDAT', deflateSync(raster)), chunk('IEND')]),
  )
}

function chunk(type: string, bytes: Uint8Array = new Uint8Array()): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), bytes])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(bytes.length, 0)
  out.set(body, 4)
  out.writeUInt32BE(crc32(body), body.length + 4)
  return out
}
