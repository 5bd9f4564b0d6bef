import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { getClaimPhoto, getPhoto, PHOTO_BYTES_MAX, putPhoto } from '#shared/contracts/photos.ts'
import { readImageHeader } from '#shared/domain/photos/read-image-header.ts'
import { PHOTOS_COUNTED_MAX } from '#functions/photos/store.ts'
import { saveListing } from '#shared/contracts/catalogue.ts'
import { handler as catalogue } from '#functions/catalogue/index.ts'
import { handler } from '#functions/photos/index.ts'
import { decode } from '#functions/photos/codecs.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { photoKeys } from '#functions/platform/table/photo-keys.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { aCoopMember } from '../fixtures/market.ts'
import { base64, busy, GPS_MARK, jpegOf, pngOf, withExif } from '../fixtures/pictures.ts'

/** Goal: a photo is small, upright and tells nobody where it was taken; what is no photo harms nobody. */
let backend: Backend
beforeAll(async () => {
  backend = await startBackend()
  await aCoopMember(backend, 'coop-1')
  await aCoopMember(backend, 'coop-1-b')
  await aCoopMember(backend, 'coop-2', 'coop-2')
  await backend.put('market', {
    ...{ ...keys.place('coop', 'coop-1'), entity: 'coop', v: 1, coopId: 'coop-1', name: '合作社' },
    ...{ villageId: 'v-1', villageName: '村', townName: '镇', townId: 't-1', synthetic: true },
  })
})
afterAll(() => backend.stop())
afterEach(() => vi.useRealTimers())

const OF_LISTING = { kind: 'listing', coopId: 'coop-1' }
const put = (photo: string, more: { as?: string; photoId?: string; of?: object } = {}) =>
  call(handler, putPhoto, {
    params: { photoId: more.photoId ?? randomUUID() },
    body: { for: more.of ?? OF_LISTING, photo },
    as: more.as ?? 'coop-1',
  })
type Kept = { photoId: string; width: number; height: number; bytes: number }
async function keptOf(photoId: string): Promise<Uint8Array> {
  const seen = await call(handler, getPhoto, { params: { photoId } })
  expect(seen.status).toBe(200)
  return Buffer.from((seen.body as { photo: string }).photo, 'base64')
}
const saveIt = (listingId: string, more: object) =>
  call(catalogue, saveListing, {
    params: { coopId: 'coop-1', listingId },
    body: {
      ...{ version: 0, name: '番茄', category: 'solanaceous', picture: 'tomato', priceFen: 590 },
      ...{ saleUnit: { by: 'weight', portionGrams: 500 }, temperatureZone: 'ambient', state: 'active' },
      ...more,
    },
    as: 'coop-1',
  })
const LEFT_IS_RED = (x: number): readonly [number, number, number] => (x < 100 ? [220, 20, 20] : [20, 20, 220])

describe('a photo that comes in', () => {
  it.each([
    ['calm', LEFT_IS_RED, { width: 1280, height: 960 }],
    // So much is on it that it has to be smaller still.
    ['busy', busy, { width: 960, height: 720 }],
  ] as const)('is kept as a small WebP, however much is on it: %s', async (_what, paint, size) => {
    const kept = await put(base64(await jpegOf(1600, 1200, paint, 60)))
    expect(kept).toMatchObject({ status: 200, body: size })
    const { photoId, bytes } = kept.body as Kept
    expect(bytes).toBeLessThanOrEqual(200_000)
    const webp = await keptOf(photoId)
    expect(webp.length).toBe(bytes)
    expect(readImageHeader(webp)).toMatchObject({ type: 'webp', ...size })
  })

  it('loses where it was taken, and stands as the phone was held', async () => {
    const sent = withExif(await jpegOf(200, 100, LEFT_IS_RED), 6)
    expect(Buffer.from(sent).includes(GPS_MARK)).toBe(true)
    const { photoId, width, height } = (await put(base64(sent))).body as Kept
    expect([width, height]).toEqual([100, 200])
    const webp = await keptOf(photoId)
    for (const trace of [GPS_MARK, 'EXIF', 'Exif', 'XMP ']) expect(Buffer.from(webp).includes(trace), trace).toBe(false)
    const { data } = await decode('webp', webp)
    // The left of the picture is its top now.
    const redAt = (x: number, y: number) => data[(y * width + x) * 4] ?? 0
    expect(redAt(50, 20)).toBeGreaterThan(150)
    expect(redAt(50, 180)).toBeLessThan(90)
  })

  it('may be a PNG, or a WebP', async () => {
    const png = await put(base64(pngOf(60, 30)))
    expect(png).toMatchObject({ status: 200, body: { width: 60, height: 30 } })
    const webp = await keptOf((png.body as Kept).photoId)
    expect(await put(base64(webp))).toMatchObject({ status: 200, body: { width: 60, height: 30 } })
  })

  it('is refused by the name of its field when it is no photo, broken, or nothing', async () => {
    const jpeg = await jpegOf(60, 30, busy)
    const bad: [string, string][] = [
      ['a text', base64(Buffer.from('this is no photo'))],
      ['a GIF', base64(Buffer.from('GIF89a\u0001\0\u0001\0'))],
      ['a HEIC', base64(Buffer.from('\0\0\0\u0018ftypheic\0\0\0\0mif1heic'))],
      ['an SVG', base64(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))],
      ['a PNG that breaks off', base64(pngOf(60, 30).subarray(0, 60))],
      ['a JPEG without a picture', base64(jpeg.subarray(0, 20))],
      ['nothing', ''],
      ['no base64', 'ö'.repeat(20)],
    ]
    for (const [what, photo] of bad) {
      expect(await put(photo), what).toMatchObject({ status: 400, body: { code: 'INVALID', fields: { photo: /./ } } })
    }
    // What came before did no harm to what comes after.
    expect(await put(base64(jpeg))).toMatchObject({ status: 200 })
    expect(await put(base64(pngOf(60, 30)))).toMatchObject({ status: 200 })
  })

  it('is not opened when it says it has too many pixels', async () => {
    const bomb = pngOf(10, 10, { width: 50_000, height: 50_000 })
    const answer = await put(base64(bomb))
    expect(answer).toMatchObject({ status: 400, body: { fields: { photo: expect.stringContaining('2500 万像素') } } })
  })

  it('is refused by the name of its field when it is too large to send', async () => {
    const answer = await put('A'.repeat(Math.ceil(PHOTO_BYTES_MAX / 3) * 4 + 4))
    expect(answer).toMatchObject({ status: 400, body: { fields: { photo: expect.stringContaining('4 MB') } } })
  })
})

describe('a photo has an id', () => {
  it('and sent again is the same photo; another under its id is refused, and to others it does not exist', async () => {
    const photoId = randomUUID()
    const photo = base64(pngOf(60, 30))
    const first = await put(photo, { photoId })
    expect(await put(photo, { photoId })).toEqual(first)
    expect(await put(base64(pngOf(50, 30)), { photoId })).toMatchObject({ body: { code: 'PHOTO_ID_REUSED' } })
    const of = { kind: 'listing', coopId: 'coop-2' }
    expect(await put(photo, { photoId, as: 'coop-2', of })).toMatchObject({ status: 404 })
    expect(await put(photo, { photoId, as: 'coop-1-b' })).toEqual(first)
    const atOnce = randomUUID()
    const answers = await Promise.all([1, 2, 3].map(() => put(photo, { photoId: atOnce })))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  })

  it('and nobody sends without end', async () => {
    const counts = (await backend.scan('photos')).filter(({ entity }) => entity === 'photoCount')
    for (const count of counts) await backend.put('photos', { ...count, count: PHOTOS_COUNTED_MAX })
    expect(await put(base64(pngOf(5, 5)))).toMatchObject({ status: 409, body: { code: 'TOO_MANY_PHOTOS' } })
    for (const count of counts) await backend.put('photos', { ...count, count: 1 })
  })
})

describe('a photo of a listing', () => {
  it('is sent by its co-op alone', async () => {
    const photo = base64(pngOf(5, 5))
    expect(await put(photo, { as: 'coop-2' })).toMatchObject({ status: 403 })
    expect(await put(photo, { as: 'stranger' })).toMatchObject({ status: 403 })
  })

  it('is everybody’s, never changes, and is not shown as one of a claim', async () => {
    const { photoId } = (await put(base64(pngOf(5, 5)))).body as Kept
    const seen = await call(handler, getPhoto, { params: { photoId } })
    expect(seen.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(await call(handler, getClaimPhoto, { params: { photoId }, as: 'coop-1' })).toMatchObject({ status: 404 })
  })

  it('is kept by the listing that shows it, and by no other co-op’s', async () => {
    await saveIt('l-1', {})
    const photoId = ((await put(base64(pngOf(5, 5)))).body as Kept).photoId
    expect(await saveIt('l-1', { version: 1, photoId })).toMatchObject({ status: 200, body: { version: 2, photoId } })
    const stored = (await backend.scan('photos')).find((item) => item['photoId'] === photoId)
    expect(stored).not.toHaveProperty('expiresAtSeconds')
    // Sent again it is the same; then it is taken off.
    expect(await saveIt('l-1', { version: 1, photoId })).toMatchObject({ status: 200, body: { version: 2 } })
    expect((await saveIt('l-1', { version: 2 })).body).not.toHaveProperty('photoId')
    const unknown = { status: 422, body: { code: 'UNKNOWN_PHOTO', fields: { photo: /./ } } }
    expect(await saveIt('l-1', { version: 3, photoId: randomUUID() })).toMatchObject(unknown)
    const body = { for: { kind: 'listing', coopId: 'coop-2' }, photo: base64(pngOf(7, 7)) }
    const theirs = randomUUID()
    await call(handler, putPhoto, { params: { photoId: theirs }, body, as: 'coop-2' })
    expect(await saveIt('l-1', { version: 3, photoId: theirs })).toMatchObject(unknown)
  })

  it('that was never kept is gone after a day', async () => {
    const { photoId } = (await put(base64(pngOf(5, 5)))).body as Kept
    const key = photoKeys.photo(photoId)
    const item = (await backend.scan('photos')).find(({ PK }) => PK === key.PK)
    await backend.put('photos', { ...item, expiresAtSeconds: Math.floor(Date.now() / 1000) - 1 })
    expect(await call(handler, getPhoto, { params: { photoId } })).toMatchObject({ status: 404 })
  })
})
