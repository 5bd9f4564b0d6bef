import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { repairsAsCsv, reportRepairs } from '../../cdk/tools/seed/price-report.ts'
import { readSeedTexts } from '../../cdk/tools/seed/read-data.ts'
import { choosePrices, flawOf, parseYuan, readQuotes, retailFenOf } from '../../cdk/tools/seed/read-prices.ts'

const texts = readSeedTexts()
const vegetables = readQuotes(texts.vegetables)
const fruits = readQuotes(texts.fruits)

const list = (...rows: string[]): string => ['name,low,average,high,spec,unit,date', ...rows].join('\n')
const priceOf = (...rows: string[]): ReturnType<typeof choosePrices> => choosePrices(readQuotes(list(...rows)))
const fixture = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')

describe('the market lists', () => {
  it('carry 158 vegetables and 87 fruits, each with one price', () => {
    expect(choosePrices(vegetables).size).toBe(158)
    expect(choosePrices(fruits).size).toBe(87)
  })

  it('leave no byte-order mark in a name', () => {
    for (const { name } of [...vegetables, ...fruits]) expect(name).not.toMatch(/\uFEFF|^\s|\s$/)
  })

  it('are repaired exactly as the kept report says', () => {
    const report = [...reportRepairs('vegetables', vegetables), ...reportRepairs('fruits', fruits)]
    expect(repairsAsCsv(report)).toBe(fixture('price-repairs.csv'))
  })

  it('have 25 flawed rows and two names with byte-order marks', () => {
    const report = [...reportRepairs('vegetables', vegetables), ...reportRepairs('fruits', fruits)]
    const counts = Map.groupBy(report, (repair) => repair.flaw)
    expect(Object.fromEntries([...counts].map(([flaw, rows]) => [flaw, rows.length]))).toEqual({
      'average-zero': 10,
      'average-outside': 12,
      'low-above-high': 3,
      'byte-order-mark': 2,
    })
  })

  it('give a price by the midpoint to two names only', () => {
    const repaired = [...choosePrices(vegetables).values(), ...choosePrices(fruits).values()].filter(
      (price) => price.repaired !== undefined,
    )
    expect(repaired.map(({ name, retailFen, day, repaired: flaw }) => ({ name, retailFen, day, flaw }))).toEqual([
      { name: '冬笋', retailFen: 420, day: '2016-04-30', flaw: 'average-zero' },
      { name: '荆芥', retailFen: 460, day: '2016-05-03', flaw: 'average-zero' },
    ])
  })

  it('name 25 vegetables in two market classes, of which the commoner is priced', () => {
    const twofold = [...choosePrices(vegetables).values()].filter((price) => price.otherSpecs.length > 0)
    expect(twofold).toHaveLength(25)
    const names = (spec: string): string[] => twofold.filter((price) => price.spec === spec).map((price) => price.name)
    expect(names('水菜').sort()).toEqual(['木耳菜', '盖菜', '芥兰', '茼蒿', '菜心', '香葱'].sort())
    expect(names('普通')).toHaveLength(19)
  })

  it('price 木耳菜 by its latest day and count the marked name as the same goods', () => {
    const price = choosePrices(vegetables).get('木耳菜')
    expect(price).toMatchObject({ spec: '水菜', day: '2016-05-03', retailFen: 210 })
  })
})

describe('each kind of dirt', () => {
  const kinds = fixture('price-dirt.csv')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('|'))

  it.each(kinds)('%s', (_kind, rows, name, retailFen, day, repaired) => {
    const price = priceOf(...String(rows).split(' ; ')).get(String(name))
    expect(price).toMatchObject({ name, retailFen: Number(retailFen), day })
    expect(price?.repaired ?? '').toBe(repaired)
  })

  it('reports a name that no row can price and leaves it out', () => {
    const csv = list('甲,0.00,0.00,2.00,普通,斤,2016-05-03')
    expect(choosePrices(readQuotes(csv)).size).toBe(0)
    expect(reportRepairs('t', readQuotes(csv))).toMatchObject([{ flaw: 'no-price', outcome: 'no usable row' }])
  })

  it.each([
    ['a price with one decimal', '甲,1.0,1.00,1.00,普通,斤,2016-05-03', 'not a price'],
    ['a negative price', '甲,-1.00,1.00,1.00,普通,斤,2016-05-03', 'not a price'],
    ['an unknown unit', '甲,1.00,1.00,1.00,普通,公斤,2016-05-03', 'line 2: unknown unit 公斤'],
    ['an unknown class', '甲,1.00,1.00,1.00,上等,斤,2016-05-03', 'line 2: unknown market class 上等'],
    ['a day that is not one', '甲,1.00,1.00,1.00,普通,斤,2016-02-30', 'line 2: no such day'],
    ['a name of nothing but a byte-order mark', '\uFEFF,1.00,1.00,1.00,普通,斤,2016-05-03', 'line 2: no name'],
  ])('refuses %s', (_what, row, message) => {
    expect(() => priceOf(row)).toThrow(message)
  })
})

describe('retail prices', () => {
  it.each([
    // wholesale fen, retail fen: × 1.30, half-up to 10 fen
    [100, 130],
    [150, 200], // 1.950 lies in the middle and goes up
    [149, 190],
    [165, 210],
    [50, 70],
    [1, 0],
  ])('of %i fen wholesale are %i fen', (wholesaleFen, retailFen) => {
    expect(retailFenOf(wholesaleFen * 2)).toBe(retailFen)
  })

  it('are rounded once, from the exact midpoint: 1.03½ yuan is not taken for 1.04', () => {
    // 1.035 × 1.3 = 1.3455 → 1.30, while 1.04 × 1.3 = 1.352 → 1.40.
    expect(priceOf('甲,1.03,0.00,1.04,普通,斤,2016-05-03').get('甲')?.retailFen).toBe(130)
  })

  it('are the multiple of 10 fen nearest to 1.30 times the wholesale price, upwards in the middle', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), (halfFen) => {
        const retail = retailFenOf(halfFen)
        // exact = halfFen × 65 / 100 fen; compare in hundredths of a fen.
        const exact = halfFen * 65
        expect(retail % 10).toBe(0)
        expect(retail * 100 - exact).toBeLessThanOrEqual(500)
        expect(exact - retail * 100).toBeLessThan(500)
      }),
    )
  })

  it('refuse a wholesale price that is not a positive whole number of half fen', () => {
    for (const wrong of [0, -1, 1.5, Number.NaN]) expect(() => retailFenOf(wrong)).toThrow(RangeError)
  })

  it('read every price of two decimals exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), (amount) => {
        const text = `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`
        expect(parseYuan(text)).toBe(amount)
      }),
    )
  })

  it('find a quote sound exactly when 0 < low ≤ average ≤ high', () => {
    const price = fc.integer({ min: 0, max: 4 })
    fc.assert(
      fc.property(price, price, price, (lowFen, averageFen, highFen) => {
        const sound = 0 < lowFen && lowFen <= averageFen && averageFen <= highFen
        expect(flawOf({ lowFen, averageFen, highFen }) === undefined).toBe(sound)
      }),
    )
  })
})
