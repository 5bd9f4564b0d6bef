import { describe, expect, it } from 'vitest'
import { type ImportedListing, LISTINGS_PER_COOP_MAX, type Listing } from '#shared/contracts/catalogue.ts'
import { planImport } from '#shared/domain/catalogue/import-listings.ts'
import { fen } from '#shared/kernel/money.ts'

const jin = { by: 'weight' as const, portionGrams: 500 }
const row = (at: number, name: string, more: Partial<ImportedListing> = {}): ImportedListing => ({
  ...{ row: at, name, saleUnit: jin, priceFen: fen(590) },
  ...more,
})
const listing = (listingId: string, name: string, more: Partial<Listing> = {}): Listing => ({
  ...{ listingId, coopId: 'c', version: 3, name, category: 'solanaceous', picture: 'tomato' },
  ...{ saleUnit: jin, priceFen: fen(590), temperatureZone: 'chilled', note: '自然熟', state: 'paused' },
  ...more,
})
const plan = (rows: ImportedListing[], existing: Listing[] = []) =>
  planImport({ coopId: 'c', rows, existing, idOf: (name) => `i-${name}` })
const outcomes = (rows: ImportedListing[], existing: Listing[] = []) =>
  plan(rows, existing).map(({ result }) => result.outcome)

describe('importing listings', () => {
  it('adds what is not there, with kind and drawing by its name and the usual for the rest', () => {
    const [planned] = plan([row(2, '黄瓜')])
    expect(planned?.result).toEqual({
      ...{ row: 2, name: '黄瓜', listingId: 'i-黄瓜||500 克', outcome: 'added' },
      changes: [
        { field: 'name', from: '', to: '黄瓜' },
        { field: 'saleUnit', from: '', to: '500 克' },
        { field: 'priceFen', from: '', to: '5.90' },
        { field: 'category', from: '', to: '瓜类' },
        { field: 'temperatureZone', from: '', to: '常温' },
        { field: 'state', from: '', to: '在售' },
      ],
    })
    expect(planned?.listing).toEqual({
      ...{ listingId: 'i-黄瓜||500 克', coopId: 'c', version: 1, name: '黄瓜', saleUnit: jin, priceFen: 590 },
      ...{ category: 'melon', picture: 'cucumber', temperatureZone: 'ambient', state: 'active' },
    })
  })

  it('changes what is there, and leaves what no cell says', () => {
    const [planned] = plan([row(2, '番茄', { priceFen: fen(650), state: 'active' })], [listing('l-1', '番茄')])
    expect(planned?.result).toMatchObject({
      ...{ listingId: 'l-1', outcome: 'changed' },
      changes: [
        { field: 'priceFen', from: '5.90', to: '6.50' },
        { field: 'state', from: '暂停', to: '在售' },
      ],
    })
    expect(planned?.listing).toEqual(listing('l-1', '番茄', { version: 4, priceFen: fen(650), state: 'active' }))
  })

  it('the same sheet again changes nothing', () => {
    const rows = [
      row(2, '番茄'),
      row(3, '番茄', { grade: '一级' }),
      row(4, '番茄', { saleUnit: { by: 'piece', pieceLabel: '箱' } }),
    ]
    const first = plan(rows)
    expect(first.map(({ result }) => result.outcome)).toEqual(['added', 'added', 'added'])
    const written = first.flatMap((each) => (each.listing === undefined ? [] : [each.listing]))
    expect(plan(rows, written).every((each) => each.result.outcome === 'unchanged' && each.listing === undefined)).toBe(
      true,
    )
  })

  it('a listing that was imported and renamed by hand is still that row’s', () => {
    const [added] = plan([row(2, '番茄')])
    const renamed = { ...added?.listing, name: '西红柿', version: 2 } as Listing
    expect(plan([row(2, '番茄')], [renamed])[0]?.result).toMatchObject({
      outcome: 'changed',
      changes: [{ field: 'name', from: '西红柿', to: '番茄' }],
    })
  })

  it('by its number a listing may be renamed', () => {
    const [planned] = plan([row(2, '西红柿', { listingId: 'l-1' })], [listing('l-1', '番茄')])
    expect(planned?.result).toMatchObject({
      outcome: 'changed',
      changes: [{ field: 'name', from: '番茄', to: '西红柿' }],
    })
    expect(planned?.listing).toMatchObject({ listingId: 'l-1', version: 4, category: 'solanaceous' })
  })

  it.each([
    ['番 茄', undefined],
    ['番茄', '一级'],
  ])('%s %s: spaces and width tell no listings apart, the grade does', (name, grade) => {
    const more = grade === undefined ? {} : { grade }
    expect(outcomes([row(2, name, more)], [listing('l-1', '番茄')])).toEqual([
      grade === undefined ? 'changed' : 'added',
    ])
  })

  it.each<[string, ImportedListing[], Listing[], string, string]>([
    ['a number that is nobody’s', [row(2, '番茄', { listingId: 'l-9' })], [], 'UNKNOWN_LISTING', 'listingId'],
    [
      'one of two alike',
      [row(2, '番茄')],
      [listing('l-1', '番茄'), listing('l-2', '番茄')],
      'AMBIGUOUS_LISTING',
      'listingId',
    ],
  ])('%s is refused', (_what, rows, existing, code, field) => {
    expect(plan(rows, existing)[0]).toEqual({
      result: expect.objectContaining({ outcome: 'refused', code, field }) as object,
    })
  })

  it('weighs each portion when a cell says so, keeps it where none does, and stops when it says no', () => {
    const weighedJin = { ...jin, weighed: true as const }
    const stored = [listing('l-1', '番茄', { saleUnit: weighedJin })]
    const [begun] = plan([row(2, '番茄', { weighed: true })], [listing('l-1', '番茄')])
    expect(begun?.result.changes).toEqual([{ field: 'weighed', from: '', to: '每份称重' }])
    expect(begun?.listing).toEqual(listing('l-1', '番茄', { version: 4, saleUnit: weighedJin }))
    expect(outcomes([row(2, '番茄')], stored)).toEqual(['unchanged'])
    const [ended] = plan([row(2, '番茄', { weighed: false })], stored)
    expect(ended?.result.changes).toEqual([{ field: 'weighed', from: '每份称重', to: '' }])
    expect(ended?.listing).toEqual(listing('l-1', '番茄', { version: 4 }))
  })

  it('whether it is weighed makes no other listing of the same name, grade and portion', () => {
    const rows = [row(2, '冬瓜', { weighed: true }), row(3, '冬瓜')]
    expect(outcomes(rows)).toEqual(['added', 'refused'])
  })

  it('a listing that is sold by the piece from now on is not weighed any more', () => {
    const stored = [listing('l-1', '冬瓜', { saleUnit: { ...jin, weighed: true } })]
    const piece = { by: 'piece', pieceLabel: '个' } as const
    const [planned] = plan([row(2, '冬瓜', { listingId: 'l-1', saleUnit: piece })], stored)
    expect(planned?.listing?.saleUnit).toEqual(piece)
  })

  it('two rows of one listing are told, the second by the first', () => {
    const rows = [row(2, '番茄'), row(5, '番茄', { priceFen: fen(1) }), row(6, '西红柿', { listingId: 'l-1' })]
    expect(plan(rows, [listing('l-1', '番茄')]).map(({ result }) => [result.outcome, result.detail])).toEqual([
      ['unchanged', undefined],
      ['refused', '和第 2 行是同一件商品'],
      ['refused', '和第 2 行是同一件商品'],
    ])
  })

  it('keeps the cap for new listings only', () => {
    const full = Array.from({ length: LISTINGS_PER_COOP_MAX - 1 }, (_, at) => listing(`l-${at}`, `菜${at}`))
    const rows = [row(2, '新一'), row(3, '新二'), row(4, '菜0', { priceFen: fen(1) })]
    expect(plan(rows, full).map(({ result }) => result.code ?? result.outcome)).toEqual([
      'added',
      'TOO_MANY_LISTINGS',
      'changed',
    ])
  })
})
