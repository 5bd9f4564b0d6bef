import { decode as decodePng, init as initPng } from '@jsquash/png/decode.js'
import decodeJpeg, { init as initJpeg } from '@jsquash/jpeg/decode.js'
import decodeWebp, { init as initWebp } from '@jsquash/webp/decode.js'
import encodeWebp, { init as initEncoder } from '@jsquash/webp/encode.js'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { ImageHeader } from '#shared/domain/photos/read-image-header.ts'
import type { Pixels } from '#shared/domain/photos/shrink-pixels.ts'

/**
 * Squoosh's codecs as WebAssembly rather than native code: one build runs on arm64 and on x86_64 (the stack is deployed on
 * both), and what a hostile file may break is a sandbox without files or network. Bundled, the modules lie beside the
 * function as they lie in a project: `cdk/tools/build.ts` copies them.
 */
const require = createRequire(import.meta.url)
const compiled = new Map<string, WebAssembly.Module>()
function moduleOf(path: string): WebAssembly.Module {
  const known = compiled.get(path) ?? new WebAssembly.Module(readFileSync(require.resolve(path)))
  compiled.set(path, known)
  return known
}

type Loads = (module: WebAssembly.Module) => Promise<unknown>
// A new instance for each picture: a module's memory never shrinks again, and a broken file must not spoil the next one.
const fresh = (init: unknown, path: string) => (init as Loads)(moduleOf(path))

/** Throws for what cannot be read. */
export async function decode(type: ImageHeader['type'], bytes: Uint8Array): Promise<Pixels> {
  // A copy whose buffer holds this picture and nothing else.
  const { buffer } = Uint8Array.from(bytes)
  switch (type) {
    case 'jpeg':
      await fresh(initJpeg, '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm')
      // The orientation is left to us, for all three kinds alike.
      return decodeJpeg(buffer, { preserveOrientation: false })
    case 'png':
      await fresh(initPng, '@jsquash/png/codec/pkg/squoosh_png_bg.wasm')
      return decodePng(buffer)
    case 'webp':
      await fresh(initWebp, '@jsquash/webp/codec/dec/webp_dec.wasm')
      return decodeWebp(buffer)
  }
}

export async function encode(pixels: Pixels, quality: number): Promise<Uint8Array> {
  await fresh(initEncoder, '@jsquash/webp/codec/enc/webp_enc_simd.wasm')
  return new Uint8Array(await encodeWebp(pixels as Parameters<typeof encodeWebp>[0], { quality, method: 4 }))
}
