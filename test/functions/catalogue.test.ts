import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { handler as catalogue } from '#functions/catalogue/index.ts'
import { LISTINGS_PER_COOP_MAX, listListings, saveListing } from '#shared/contracts/catalogue.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { importDistrict } from '../fixtures/district.ts'
import { beforeWriting } from '../fixtures/interleave.ts'

let backend: Backend
beforeAll(async () => {
  backend = await startBackend()
  await importDistrict(backend)
})
afterAll(() => backend.stop())
afterEach(() => vi.restoreAllMocks())

const body = (more: Record<string, unknown> = {}) => ({
  version: 0,
  name: '番茄',
  category: 'solanaceous',
  picture: 'tomato',
  saleUnit: { by: 'weight', portionGrams: 500 },
  priceFen: 590,
  temperatureZone: 'ambient',
  state: 'active',
  ...more,
})
const save = (listingId: string, sent: unknown, as: string | undefined = 'coop-a', coopId = 'coop-a') =>
  call(catalogue, saveListing, { params: { coopId, listingId }, body: sent, ...(as === undefined ? {} : { as }) })
const stored = async (listingId: string) =>
  (await backend.scan('market')).find((item) => item.SK === `LISTING#${listingId}`)

describe('saving a listing', () => {
  it('adds, changes and pauses it, one version after the other', async () => {
    expect(await save('l-1', body())).toMatchObject({
      status: 200,
      body: { listingId: 'l-1', coopId: 'coop-a', version: 1 },
    })
    expect(await save('l-1', body({ version: 1, priceFen: 610 }))).toMatchObject({
      body: { version: 2, priceFen: 610 },
    })
    expect(await save('l-1', body({ version: 2, state: 'paused' }))).toMatchObject({
      body: { version: 3, state: 'paused' },
    })
    const listed = await call(catalogue, listListings, { params: { coopId: 'coop-a' }, as: 'coop-a' })
    expect((listed.body as { items: unknown[] }).items).toEqual([
      expect.objectContaining({ listingId: 'l-1', version: 3 }),
    ])
  })

  it.each([
    ['provenance', 120],
    ['harvest', 40],
    ['certificate', 60],
  ])('takes %s of %i characters and not of one more', async (field, max) => {
    const listingId = `l-${field}`
    const longest = '好'.repeat(max)
    expect((await save(listingId, body({ [field]: longest }))).body).toMatchObject({ [field]: longest })
    const refused = await save(listingId, body({ version: 1, [field]: `${longest}好` }))
    expect(refused).toMatchObject({
      status: 400,
      body: { fields: { [field]: expect.stringContaining('太长') as string } },
    })
    expect(await stored(listingId)).toMatchObject({ version: 1, [field]: longest })
  })

  it('of two editors who read the same version, one is told', async () => {
    await save('l-2', body())
    const answers = await Promise.all([
      save('l-2', body({ version: 1, name: '甲的改动' })),
      save('l-2', body({ version: 1, name: '乙的改动' })),
    ])
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
    const won = answers.find((answer) => answer.status === 200)?.body
    expect(answers.find((answer) => answer.status === 409)?.body).toMatchObject({ code: 'LISTING_CHANGED' })
    expect(await stored('l-2')).toMatchObject({ version: 2, name: (won as { name: string }).name })
  })

  it('an editor who read before the other one wrote, and writes after, is told', async () => {
    await save('l-8', body())
    beforeWriting(
      () => true,
      () => save('l-8', body({ version: 1, name: '先到' })),
    )
    expect(await save('l-8', body({ version: 1, name: '后到' }))).toMatchObject({ body: { code: 'LISTING_CHANGED' } })
    expect(await stored('l-8')).toMatchObject({ version: 2, name: '先到' })
  })

  it('of two people who add the same listing, one is told', async () => {
    const answers = await Promise.all([save('l-3', body({ name: '甲' })), save('l-3', body({ name: '乙' }))])
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
    expect(await stored('l-3')).toMatchObject({ version: 1 })
  })

  it('a save that is sent again is the same save', async () => {
    const sent = body({ name: '再来一次' })
    await save('l-4', sent)
    expect(await save('l-4', sent)).toMatchObject({ status: 200, body: { version: 1 } })
    await save('l-4', body({ version: 1, name: '后来' }))
    expect((await save('l-4', sent)).status).toBe(409)
    expect(await stored('l-4')).toMatchObject({ version: 2, name: '后来' })
  })

  it('a version nobody has written is refused', async () => {
    expect(await save('l-5', body({ version: 7 }))).toMatchObject({ status: 409, body: { code: 'LISTING_CHANGED' } })
    expect(await stored('l-5')).toBeUndefined()
  })

  it.each([
    ['no name', { name: ' ' }],
    ['a price of nothing', { priceFen: 0 }],
    ['half a fen', { priceFen: 0.5 }],
    ['a portion of nothing', { saleUnit: { by: 'weight', portionGrams: 0 } }],
    ['a piece with grams', { saleUnit: { by: 'piece', pieceLabel: '个', portionGrams: 5 } }],
    ['a picture from elsewhere', { picture: 'https://example.org/x.png' }],
    ['a field we do not know', { discount: 1 }],
  ])('does not parse %s', async (_what, more) => {
    expect((await save('l-6', body(more))).status).toBe(400)
    expect(await stored('l-6')).toBeUndefined()
  })

  it('keeps the number of listings within its cap', async () => {
    for (let at = 0; at < LISTINGS_PER_COOP_MAX; at++) {
      const item = { entity: 'listing', v: 1, listingId: `full-${at}`, coopId: 'coop-c', ...body(), version: 1 }
      await backend.put('market', { PK: 'CATALOGUE#coop-c', SK: `LISTING#full-${at}`, ...item })
    }
    expect(await save('one-more', body(), 'coop-c', 'coop-c')).toMatchObject({
      status: 409,
      body: { code: 'TOO_MANY_LISTINGS' },
    })
    const changed = await save('full-3', body({ version: 1, name: '改名' }), 'coop-c', 'coop-c')
    expect(changed.status).toBe(200)
    const pages: string[] = []
    let cursor: string | undefined
    do {
      const query = { limit: '100', ...(cursor ? { cursor } : {}) }
      const page = (await call(catalogue, listListings, { params: { coopId: 'coop-c' }, query, as: 'coop-c' }))
        .body as {
        items: { listingId: string }[]
        nextCursor?: string
      }
      pages.push(...page.items.map((item) => item.listingId))
      cursor = page.nextCursor
    } while (cursor !== undefined)
    expect(new Set(pages).size).toBe(LISTINGS_PER_COOP_MAX)
    expect(pages).toHaveLength(LISTINGS_PER_COOP_MAX)
  })

  it('a co-op that does not exist has no listings', async () => {
    expect((await save('l-7', body(), 'admin', 'coop-z')).status).toBe(404)
  })
})

describe('who may see and change listings', () => {
  it.each([
    ['nobody', undefined, 401],
    ['a stranger', 'stranger', 403],
    ['a worker', 'worker-north', 403],
    ["another co-op's member", 'coop-b', 403],
    ["the co-op's member", 'coop-a', 200],
    ['an administrator', 'admin', 200],
  ])('%s', async (_who, as, status) => {
    const listed = await call(catalogue, listListings, { params: { coopId: 'coop-a' }, ...(as ? { as } : {}) })
    expect(listed.status).toBe(status)
    const listingId = `by-${as ?? 'nobody'}`
    const saved = await call(catalogue, saveListing, {
      params: { coopId: 'coop-a', listingId },
      body: body(),
      ...(as ? { as } : {}),
    })
    expect(saved.status).toBe(status)
    expect((await stored(listingId)) !== undefined).toBe(status === 200)
  })
})
