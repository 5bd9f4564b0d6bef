import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideClosing, type SoldShare } from '#shared/domain/group-buys/decide-closing.ts'
import { nextPriceStep, priceAt, priceDifferenceFen, priceStepsFault } from '#shared/domain/group-buys/price-steps.ts'
import { isOutOfReach } from '#shared/domain/group-buys/success-reach.ts'
import { fen } from '#shared/kernel/money.ts'

const steps = [
  { fromPortions: 10, priceFen: fen(820) },
  { fromPortions: 30, priceFen: fen(790) },
]
const tomato = { offerId: 'tomato', priceFen: fen(860), stock: 100, priceSteps: steps }

function share(householdId: string, quantity: number, refundedFen = 0, unit = 860): SoldShare {
  return {
    householdId,
    lines: [{ offerId: 'tomato', quantity, dropped: 0, amountFen: fen(unit * quantity), refundedFen }],
  }
}

describe('portions that were given back', () => {
  it('count for nothing: not for the success, not for the price', () => {
    const [line] = share('h-1', 12, 2580).lines
    const kept = { householdId: 'h-1', lines: line === undefined ? [] : [{ ...line, dropped: 3 }] }
    const decision = decideClosing({ kind: 'portions', minimum: 10 }, [tomato], [kept])
    expect(decision).toMatchObject({ outcome: 'failed', sums: { portions: 9, amountFen: 7740 } })
    expect(decision.finalPrices.get('tomato')).toBe(860)
  })
})

describe('the price of a portion', () => {
  it.each([
    [0, 860],
    [9, 860],
    [10, 820],
    [29, 820],
    [30, 790],
    [1_000, 790],
  ])('%i portions sold: %i fen', (portions, price) => expect(priceAt(tomato, portions)).toBe(price))

  it('says what is missing to the next step, and nothing at the last', () => {
    expect(nextPriceStep(steps, 6)).toEqual({ priceFen: 820, missing: 4 })
    expect(nextPriceStep(steps, 10)).toEqual({ priceFen: 790, missing: 20 })
    expect(nextPriceStep(steps, 30)).toBeUndefined()
    expect(nextPriceStep([], 5)).toBeUndefined()
  })

  it('falls with each step and can be reached', () => {
    expect(priceStepsFault(tomato)).toBeUndefined()
    expect(priceStepsFault({ ...tomato, priceSteps: undefined })).toBeUndefined()
    const faulty = (priceSteps: { fromPortions: number; priceFen: number }[]) =>
      priceStepsFault({ ...tomato, priceSteps: priceSteps.map((step) => ({ ...step, priceFen: fen(step.priceFen) })) })
    expect(faulty([{ fromPortions: 10, priceFen: 860 }])).toContain('价格')
    expect(faulty([{ fromPortions: 10, priceFen: 900 }])).toContain('价格')
    expect(faulty([{ fromPortions: 1, priceFen: 800 }])).toContain('份数')
    expect(
      faulty([
        { fromPortions: 10, priceFen: 800 },
        { fromPortions: 10, priceFen: 790 },
      ]),
    ).toContain('份数')
    expect(
      faulty([
        { fromPortions: 20, priceFen: 800 },
        { fromPortions: 10, priceFen: 790 },
      ]),
    ).toContain('份数')
    expect(faulty([{ fromPortions: 101, priceFen: 800 }])).toContain('库存')
  })
})

describe('what comes back when the price has fallen', () => {
  const line = (quantity: number, refundedFen = 0) => ({
    amountFen: fen(860 * quantity),
    refundedFen,
    unitPriceFen: fen(860),
  })

  it('is the difference of each portion', () => {
    expect(priceDifferenceFen(line(1), fen(820))).toBe(40)
    expect(priceDifferenceFen(line(3), fen(790))).toBe(210)
  })

  it('is nothing when the price stayed, or would have risen', () => {
    expect(priceDifferenceFen(line(3), fen(860))).toBe(0)
    expect(priceDifferenceFen(line(3), fen(900))).toBe(0)
  })

  it('counts only what the buyer still pays for', () => {
    expect(priceDifferenceFen(line(2, 860), fen(820))).toBe(40)
    expect(priceDifferenceFen(line(2, 1720), fen(820))).toBe(0)
  })

  it('is never more than was kept, never negative, and exact where nothing was refunded', () => {
    const cases = fc.record({ unit: fc.integer({ min: 1, max: 99_999 }), quantity: fc.integer({ min: 1, max: 999 }) })
    fc.assert(
      fc.property(
        cases,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (c, r, f) => {
          const amountFen = fen(c.unit * c.quantity)
          const refundedFen = Math.floor(amountFen * r)
          const final = fen(Math.max(1, Math.floor(c.unit * f)))
          const back = priceDifferenceFen({ amountFen, refundedFen, unitPriceFen: fen(c.unit) }, final)
          expect(back).toBeGreaterThanOrEqual(0)
          expect(back).toBeLessThanOrEqual(amountFen - refundedFen)
          if (refundedFen === 0) expect(amountFen - back).toBe(Math.min(final, c.unit) * c.quantity)
        },
      ),
    )
  })
})

describe('the end of a group buy', () => {
  const offers = [tomato]

  it('without a rule takes place with one order, and with none it does not', () => {
    expect(decideClosing(undefined, offers, [share('h1', 1)])).toMatchObject({
      outcome: 'confirmed',
      sums: { orders: 1, households: 1, portions: 1, amountFen: 860 },
    })
    expect(decideClosing(undefined, offers, []).outcome).toBe('failed')
  })

  it.each([
    ['portions', 5, 'confirmed'],
    ['portions', 6, 'failed'],
    ['households', 2, 'confirmed'],
    ['households', 3, 'failed'],
    ['amount', 4_300, 'confirmed'],
    ['amount', 4_301, 'failed'],
  ] as const)('at least %s %i: %s', (kind, minimum, outcome) => {
    const sold = [share('h1', 2), share('h1', 1), share('h2', 2)]
    expect(decideClosing({ kind, minimum }, offers, sold).outcome).toBe(outcome)
  })

  it('does not count what was refunded whole, and counts what was refunded in part', () => {
    const sold = [share('h1', 2, 1720), share('h2', 3, 100)]
    const { sums, finalPrices } = decideClosing(undefined, offers, sold)
    expect(sums).toEqual({ orders: 1, households: 1, portions: 3, amountFen: 2480 })
    expect(finalPrices.get('tomato')).toBe(860)
    expect(decideClosing(undefined, offers, [share('h1', 2, 1720)]).outcome).toBe('failed')
  })

  it('sets the price by all portions of an offer, whoever bought them', () => {
    const sold = Array.from({ length: 6 }, (_none, n) => share(`h${n}`, 5))
    expect(decideClosing(undefined, offers, sold).finalPrices.get('tomato')).toBe(790)
  })

  it('is a bug when more was sold than there was', () => {
    expect(() => decideClosing(undefined, offers, [share('h1', 101)])).toThrow('oversold')
  })

  it('does not depend on the order of the orders', () => {
    const any = fc.array(fc.tuple(fc.constantFrom('h1', 'h2', 'h3'), fc.integer({ min: 1, max: 4 })), { maxLength: 20 })
    fc.assert(
      fc.property(any, fc.integer({ min: 1, max: 60 }), (drawn, minimum) => {
        const sold = drawn.map(([household, quantity]) => share(household, quantity))
        const rule = { kind: 'portions', minimum } as const
        const one = decideClosing(rule, offers, sold)
        expect(decideClosing(rule, offers, sold.toReversed())).toEqual(one)
        expect(one.outcome === 'confirmed').toBe(one.sums.portions >= minimum)
      }),
    )
  })
})

describe('a rule that cannot be met', () => {
  const asked = [
    { priceFen: 860, stock: 10 },
    { priceFen: 430, stock: 5 },
  ]
  it.each([
    [undefined, false],
    [{ kind: 'portions', minimum: 15 }, false],
    [{ kind: 'portions', minimum: 16 }, true],
    [{ kind: 'households', minimum: 16 }, true],
    [{ kind: 'amount', minimum: 10_750 }, false],
    [{ kind: 'amount', minimum: 10_751 }, true],
  ] as const)('%j: %s', (rule, out) => expect(isOutOfReach(rule, asked)).toBe(out))
})
