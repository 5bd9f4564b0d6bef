import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { handler as catalogue } from '#functions/catalogue/index.ts'
import { TableClient } from '#functions/platform/table/client.ts'
import { IMPORT_ROWS_MAX, importListings, type ImportResult, saveListing } from '#shared/contracts/catalogue.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { importDistrict } from '../fixtures/district.ts'
import { beforeWriting } from '../fixtures/interleave.ts'
import { writesOf } from '../fixtures/writes.ts'

let backend: Backend
beforeAll(async () => {
  backend = await startBackend()
  await importDistrict(backend)
})
afterAll(() => backend.stop())
afterEach(() => vi.restoreAllMocks())

const row = (at: number, name: string, more: object = {}) => ({
  ...{ row: at, name, saleUnit: { by: 'weight', portionGrams: 500 }, priceFen: 590 },
  ...more,
})
const send = async (rows: object[], more: { check?: boolean; as?: string; coopId?: string } = {}) => {
  const { check = false, as = 'coop-a', coopId = 'coop-a' } = more
  const answer = await call(catalogue, importListings, { params: { coopId }, body: { check, rows }, as })
  return { ...answer, body: answer.body as { written: boolean; results: ImportResult[] } }
}
const outcomes = ({ body }: { body: { results: ImportResult[] } }) => body.results.map(({ outcome }) => outcome)
const stored = async (coopId = 'coop-a') =>
  (await backend.scan('market')).filter((item) => item.entity === 'listing' && item.coopId === coopId)
const byHand = (listingId: string, body: object) =>
  call(catalogue, saveListing, {
    params: { coopId: 'coop-a', listingId },
    body: {
      ...{ category: 'leaf', picture: 'leaf', saleUnit: { by: 'weight', portionGrams: 500 }, priceFen: 590 },
      ...{ temperatureZone: 'ambient', state: 'active' },
      ...body,
    },
    as: 'coop-a',
  })

describe('importing listings', () => {
  it('checks without writing, writes, and the same rows again change nothing', async () => {
    const rows = [row(2, '番茄'), row(3, '黄瓜', { saleUnit: { by: 'piece', pieceLabel: '根' } }), row(4, '土豆')]
    const checked = await send(rows, { check: true })
    expect(checked).toMatchObject({ status: 200, body: { written: false } })
    expect(outcomes(checked)).toEqual(['added', 'added', 'added'])
    expect(await stored()).toEqual([])
    const written = await send(rows)
    expect(written.body).toEqual({ ...checked.body, written: true })
    const first = await stored()
    expect(first.map((item) => [item.name, item.version, item.picture])).toEqual(
      expect.arrayContaining([
        ['番茄', 1, 'tomato'],
        ['黄瓜', 1, 'cucumber'],
        ['土豆', 1, 'potato'],
      ]),
    )
    expect(outcomes(await send(rows))).toEqual(['unchanged', 'unchanged', 'unchanged'])
    expect(await stored()).toEqual(first)
    const changed = await send([row(2, '番茄', { priceFen: 650 }), row(3, '土豆')])
    expect(outcomes(changed)).toEqual(['changed', 'unchanged'])
    expect((await stored()).find((item) => item.name === '番茄')).toMatchObject({ version: 2, priceFen: 650 })
  })

  it('as long as one row is refused, none is written', async () => {
    const before = await stored()
    const answer = await send([row(2, '新菜'), row(3, '别的', { listingId: 'nobodys' })])
    expect(answer.body.written).toBe(false)
    expect(answer.body.results).toMatchObject([
      { row: 2, outcome: 'added' },
      {
        row: 3,
        outcome: 'refused',
        code: 'UNKNOWN_LISTING',
        field: 'listingId',
        detail: '没有这个编号的商品；新商品请空着',
      },
    ])
    expect(await stored()).toEqual(before)
  })

  it('weighs goods sold by weight, and refuses to weigh pieces', async () => {
    const sent = await send([row(2, '冬瓜', { weighed: true })])
    expect(outcomes(sent)).toEqual(['added'])
    const melons = async () => (await stored()).filter(({ name }) => name === '冬瓜' || name === '南瓜')
    expect(await melons()).toMatchObject([{ saleUnit: { by: 'weight', portionGrams: 500, weighed: true } }])
    const piece = { by: 'piece', pieceLabel: '个' }
    const refused = await send([row(2, '南瓜', { weighed: true, saleUnit: piece })])
    expect(refused).toMatchObject({ status: 400, body: { fields: { 'rows.0.weighed': '按件卖的不称重' } } })
    expect(await melons()).toHaveLength(1)
  })

  it("another co-op's number is nobody's", async () => {
    await byHand('mine', { version: 0, name: '自家的' })
    const answer = await send([row(2, '自家的', { listingId: 'mine' })], { as: 'coop-b', coopId: 'coop-b' })
    expect(answer.body.results).toMatchObject([{ outcome: 'refused', code: 'UNKNOWN_LISTING' }])
    expect(await stored('coop-b')).toEqual([])
  })

  it('cut off anywhere, the same rows sent again do what is left', async () => {
    const rows = Array.from({ length: 40 }, (_, at) => row(at + 2, `断点菜${at}`))
    const real = TableClient.prototype.send
    let writes = 0
    vi.spyOn(TableClient.prototype, 'send').mockImplementation(function (this: TableClient, ...sending: unknown[]) {
      if (writesOf(sending[0]).length > 0 && writes++ >= 17) return Promise.reject(new Error('cut off'))
      return Reflect.apply(real, this, sending) as Promise<never>
    } as never)
    expect((await send(rows)).status).toBe(500)
    vi.restoreAllMocks()
    const between = (await stored()).filter((item) => String(item.name).startsWith('断点菜'))
    expect(between.length).toBeGreaterThan(0)
    expect(between.length).toBeLessThan(40)
    const again = await send(rows)
    expect(outcomes(again).filter((outcome) => outcome === 'unchanged')).toHaveLength(between.length)
    expect(outcomes(again).filter((outcome) => outcome === 'added')).toHaveLength(40 - between.length)
    const all = (await stored()).filter((item) => String(item.name).startsWith('断点菜'))
    expect(all).toHaveLength(40)
    expect(new Set(all.map((item) => item.version))).toEqual(new Set([1]))
  })

  it('sent twice at once is one import', async () => {
    const rows = Array.from({ length: 20 }, (_, at) => row(at + 2, `同时菜${at}`))
    const answers = await Promise.all([send(rows), send(rows), send(rows)])
    for (const answer of answers) expect(outcomes(answer)).not.toContain('refused')
    const all = (await stored()).filter((item) => String(item.name).startsWith('同时菜'))
    expect(all).toHaveLength(20)
    expect(all.every((item) => item.version === 1)).toBe(true)
  })

  it('a listing that is saved by hand meanwhile keeps what no cell says', async () => {
    await byHand('raced', { version: 0, name: '赛跑菜' })
    beforeWriting(
      () => true,
      () => byHand('raced', { version: 1, name: '赛跑菜', note: '手写的说明' }),
    )
    expect(outcomes(await send([row(2, '赛跑菜', { priceFen: 700 })]))).toEqual(['changed'])
    expect((await stored()).find((item) => item.listingId === 'raced')).toMatchObject({
      ...{ version: 3, priceFen: 700, note: '手写的说明' },
    })
  })

  it('takes as many rows as a sheet may have', async () => {
    const rows = (count: number) =>
      Array.from({ length: count }, (_, at) => row(at + 2, `满${at}${'好'.repeat(30)}`, { note: '好'.repeat(200) }))
    const sent = { as: 'coop-c', coopId: 'coop-c' }
    expect((await send(rows(IMPORT_ROWS_MAX), sent)).body.written).toBe(true)
    expect(await stored('coop-c')).toHaveLength(IMPORT_ROWS_MAX)
    expect((await send(rows(IMPORT_ROWS_MAX + 1), sent)).status).toBe(400)
    const more = await send([row(2, '再来一件')], sent)
    expect(more.body.results).toMatchObject([{ outcome: 'refused', code: 'TOO_MANY_LISTINGS' }])
  })

  it.each([
    ['no row', []],
    ['a row twice', [row(2, '甲'), row(2, '乙')]],
    ['no name', [row(2, ' ')]],
    ['half a fen', [row(2, '甲', { priceFen: 0.5 })]],
    ['a field we do not know', [row(2, '甲', { discount: 1 })]],
  ])('does not parse %s', async (_what, rows) => {
    const before = await stored()
    expect((await send(rows)).status).toBe(400)
    expect(await stored()).toEqual(before)
  })

  it('a co-op that does not exist has no listings', async () => {
    expect((await send([row(2, '甲')], { as: 'admin', coopId: 'coop-z' })).status).toBe(404)
  })

  it.each([
    ['nobody', undefined, 401],
    ['a stranger', 'stranger', 403],
    ['a worker', 'worker-north', 403],
    ["another co-op's member", 'coop-b', 403],
    ["the co-op's member", 'coop-a', 200],
    ['an administrator', 'admin', 200],
  ])('is for the co-op itself and administrators: %s', async (_who, as, status) => {
    const name = `谁的菜 ${as ?? 'nobody'}`
    const body = { check: false, rows: [row(2, name)] }
    const answer = await call(catalogue, importListings, { params: { coopId: 'coop-a' }, body, ...(as ? { as } : {}) })
    expect(answer.status).toBe(status)
    expect((await stored()).some((item) => item.name === name)).toBe(status === 200)
  })
})
