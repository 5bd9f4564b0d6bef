import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allocateShortage, type LineThere } from '#shared/domain/group-buys/allocate-shortage.ts'
import { shortageFen, underweightFen } from '#shared/domain/group-buys/less-goods.ts'
import { fen } from '#shared/kernel/money.ts'

function there(...owed: (number | [owed: number, handedOut: number])[]): LineThere[] {
  return owed.map((given, at) => {
    const [portions, handedOut] = typeof given === 'number' ? [given, 0] : given
    const paidAt = `2026-11-20T01:0${at}:00.000Z`
    return { orderId: `o-${at + 1}`, lineId: '1-1', offerId: 'tomato', paidAt, owed: portions, handedOut }
  })
}
const shorts = (rule: 'first-paid' | 'pro-rata', lines: LineThere[], good: number) =>
  Object.fromEntries(
    allocateShortage(rule, lines, new Map([['tomato', good]])).map(({ orderId, short }) => [orderId, short]),
  )

describe('what came is dealt out', () => {
  it('to who paid first', () => {
    expect(shorts('first-paid', there(3, 2, 4), 6)).toEqual({ 'o-3': 3 })
    expect(shorts('first-paid', there(3, 2, 4), 2)).toEqual({ 'o-1': 1, 'o-2': 2, 'o-3': 4 })
  })

  it('in proportion, what rounding leaves over to the largest remainders', () => {
    // 6/9 of 3, 2, 4: 2, 1.33, 2.67.
    expect(shorts('pro-rata', there(3, 2, 4), 6)).toEqual({ 'o-1': 1, 'o-2': 1, 'o-3': 1 })
    expect(shorts('pro-rata', there(1, 1, 1), 2)).toEqual({ 'o-3': 1 })
  })

  it.each(['first-paid', 'pro-rata'] as const)('so that nobody goes short when all or more came (%s)', (rule) => {
    expect(shorts(rule, there(3, 2), 5)).toEqual({})
    expect(shorts(rule, there(3, 2), 9)).toEqual({})
  })

  it.each(['first-paid', 'pro-rata'] as const)('without taking back what was handed out (%s)', (rule) => {
    expect(shorts(rule, there(2, [2, 2]), 2)).toEqual({ 'o-1': 2 })
  })

  it('with all the numbers that the decision stands on', () => {
    expect(allocateShortage('first-paid', there(3, 2), new Map([['tomato', 4]]))).toEqual([
      {
        ...{ orderId: 'o-2', lineId: '1-1', offerId: 'tomato', short: 1 },
        ...{ rule: 'first-paid', ordered: 5, good: 4, place: 2, of: 2 },
      },
    ])
  })

  it('offer by offer: what is not counted did not come', () => {
    const [one] = there(2)
    const lines = one === undefined ? [] : [one, { ...one, lineId: '1-2', offerId: 'egg' }]
    const short = allocateShortage('first-paid', lines, new Map([['tomato', 2]]))
    expect(short.map(({ lineId, short: portions }) => [lineId, portions])).toEqual([['1-2', 2]])
  })

  it('never counts on less than was handed out', () => {
    expect(() => shorts('first-paid', there([2, 2]), 1)).toThrow('handed out did come')
  })

  it('completely, to the portion, and in proportion nobody is more than one portion off', () => {
    const line = fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.nat(9))
      .map(([owed, out]): [number, number] => [owed, out % (owed + 1)])
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 12 }),
        fc.nat(120),
        fc.constantFrom('first-paid' as const, 'pro-rata' as const),
        (given, more, rule) => {
          const lines = there(...given)
          const ordered = lines.reduce((sum, each) => sum + each.owed, 0)
          const out = lines.reduce((sum, each) => sum + each.handedOut, 0)
          const good = out + more
          const short = shorts(rule, lines, good)
          const missing = Object.values(short).reduce((sum, each) => sum + each, 0)
          expect(missing).toBe(Math.max(0, ordered - good))
          for (const each of lines) {
            const waits = each.owed - each.handedOut
            const got = waits - (short[each.orderId] ?? 0)
            expect(got).toBeGreaterThanOrEqual(0)
            if (rule === 'pro-rata' && missing > 0) {
              expect(Math.abs(got - (waits * more) / (ordered - out))).toBeLessThan(1)
            }
          }
        },
      ),
    )
  })
})

const line = (quantity: number, unitFen: number, more: { dropped?: number; refundedFen?: number } = {}) => ({
  ...{ quantity, dropped: 0, amountFen: fen(quantity * unitFen), refundedFen: 0, portionGrams: 2_500 },
  ...more,
})

describe('what goes back for what is short', () => {
  it('is the price of the portions', () => {
    expect(shortageFen(line(3, 860), 1)).toBe(860)
    expect(shortageFen(line(3, 860), 3)).toBe(2580)
  })

  it('is their part of what the line costs by now', () => {
    // 3 × ¥8.60, of which ¥1.20 went back by a price step: 2,460 fen for three.
    expect(shortageFen(line(3, 860, { refundedFen: 120 }), 1)).toBe(820)
    expect(shortageFen(line(3, 860, { dropped: 1, refundedFen: 860 }), 1)).toBe(860)
    expect(shortageFen(line(3, 100, { refundedFen: 100 }), 1)).toBe(67)
  })

  it('is nothing that is not owed', () => {
    expect(() => shortageFen(line(1, 860), 2)).toThrow('only what is owed')
  })
})

describe('a weighed line', () => {
  it('costs what it weighs, rounded once and in the favour of its buyer', () => {
    expect(underweightFen(line(1, 1_000), 2_400)).toBe(40)
    expect(underweightFen(line(1, 999), 2_499)).toBe(1)
    expect(underweightFen(line(2, 1_000), 4_999)).toBe(1)
    expect(underweightFen(line(1, 1_000), 0)).toBe(1_000)
  })

  it('never costs more than was paid', () => {
    expect(underweightFen(line(1, 1_000), 2_500)).toBe(0)
    expect(underweightFen(line(1, 1_000), 3_000)).toBe(0)
  })

  it('is priced after price steps and shortages', () => {
    expect(underweightFen(line(2, 1_000, { dropped: 1, refundedFen: 1_000 }), 2_000)).toBe(200)
    expect(underweightFen(line(2, 1_000, { refundedFen: 200 }), 4_000)).toBe(360)
  })

  it('keeps between nothing and what it cost, whatever the scale says', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 99_999 }),
        fc.nat(60_000),
        (n, unit, grams) => {
          const back = underweightFen(line(n, unit), grams)
          expect(back).toBeGreaterThanOrEqual(0)
          expect(back).toBeLessThanOrEqual(n * unit)
          const exact = n * unit * Math.max(0, 1 - grams / (n * 2_500))
          expect(back - exact).toBeGreaterThan(-1e-6)
          expect(back - exact).toBeLessThan(1)
        },
      ),
    )
  })
})
