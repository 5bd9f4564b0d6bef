import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { returnToBuckets, splitOverBuckets } from '#shared/domain/orders/split-stock.ts'
import {
  decideGiveBack,
  GIVE_BACKS_MAX,
  type GivableOrder,
  type GroupBuyNow,
  moneyForPortions,
} from '#shared/domain/payments/give-back.ts'
import { fen } from '#shared/kernel/money.ts'

const NOW = '2026-11-23T04:00:00.000Z'
const groupBuy: GroupBuyNow = { title: '冬菜', isOpen: true }
const closed: GroupBuyNow = { ...groupBuy, isOpen: false }
const aLine = (more: object) => ({
  ...{ lineId: '1-1', name: '番茄', quantity: 4, dropped: 0, handedOut: 0, amountFen: fen(3440), refundedFen: 0 },
  ...more,
})

function anOrder(more: Partial<GivableOrder> = {}): GivableOrder {
  return {
    state: 'paid',
    paidAt: NOW,
    givenBack: 0,
    groupBuys: new Map([
      ['gb-1', groupBuy],
      ['gb-2', groupBuy],
    ]),
    shares: [
      {
        saleId: 's-1',
        groupBuyId: 'gb-1',
        isSettled: false,
        lines: [aLine({}), aLine({ lineId: '1-2', name: '黄瓜', quantity: 1 })],
      },
      {
        saleId: 's-2',
        groupBuyId: 'gb-2',
        isSettled: false,
        lines: [aLine({ lineId: '2-1', dropped: 1, refundedFen: 860 })],
      },
    ],
    ...more,
  }
}
const back = (lineId: string, portions: number) => ({ saleId: `s-${lineId[0]}`, lineId, portions })

describe('portions given back', () => {
  it('bring their price, in one refund over the shares they are of', () => {
    expect(decideGiveBack(anOrder(), [back('2-1', 1), back('1-1', 2)], NOW)).toMatchObject({
      kind: 'decided',
      amountFen: 3 * 860,
      shares: [
        { saleId: 's-1', amountFen: 1720, lines: [{ amountFen: 1720, portions: 2 }] },
        { saleId: 's-2', amountFen: 860, lines: [{ amountFen: 860, portions: 1 }] },
      ],
    })
  })

  it('add up when a line is named twice', () => {
    expect(decideGiveBack(anOrder(), [back('1-1', 1), back('1-1', 3)], NOW)).toMatchObject({ amountFen: 3440 })
    expect(decideGiveBack(anOrder(), [back('1-1', 2), back('1-1', 3)], NOW)).toMatchObject({
      code: 'TOO_MANY_PORTIONS',
    })
  })

  const refusals: [string, string, Parameters<typeof decideGiveBack>][] = [
    ['of an unpaid order', 'ORDER_NOT_PAID', [anOrder({ state: 'expiring' }), [back('1-1', 1)], NOW]],
    ['of a line that it does not have', 'UNKNOWN_LINE', [anOrder(), [back('1-9', 1)], NOW]],
    ['of another order’s sale', 'UNKNOWN_LINE', [anOrder(), [{ saleId: 's-9', lineId: '1-1', portions: 1 }], NOW]],
    ['more than were bought', 'TOO_MANY_PORTIONS', [anOrder(), [back('1-1', 5)], NOW]],
    ['more than are left after others went back', 'TOO_MANY_PORTIONS', [anOrder(), [back('2-1', 4)], NOW]],
    [
      'of a closed group buy',
      'GROUP_BUY_CLOSED',
      [anOrder({ groupBuys: new Map([['gb-1', closed]]) }), [back('1-1', 1)], NOW],
    ],
    ['of a group buy that is gone', 'GROUP_BUY_CLOSED', [anOrder({ groupBuys: new Map() }), [back('1-1', 1)], NOW]],
    ['far too often', 'TOO_MANY_GIVE_BACKS', [anOrder({ givenBack: GIVE_BACKS_MAX }), [back('1-1', 1)], NOW]],
  ]
  it.each(refusals)('%s are refused', (_, code, [order, wanted, now]) => {
    expect(decideGiveBack(order, wanted, now)).toMatchObject({ kind: 'refused', code })
  })

  it('one closed group buy among several: nothing of the wish is done', () => {
    const groupBuys = new Map<string, GroupBuyNow>([
      ['gb-1', groupBuy],
      ['gb-2', closed],
    ])
    const order = anOrder({ groupBuys })
    expect(decideGiveBack(order, [back('1-1', 1), back('2-1', 1)], NOW)).toMatchObject({ code: 'GROUP_BUY_CLOSED' })
  })
})

describe('the money for portions', () => {
  it('of a line that was refunded in part before is their part of the rest, the last ones bring all of it', () => {
    const line = aLine({ refundedFen: 100 })
    expect(moneyForPortions(line, 1)).toBe(835)
    expect(moneyForPortions(line, 4)).toBe(3340)
  })

  it('given back in any steps adds up to what was paid, each step at least one fen', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 5_000 }),
        fc.array(fc.integer({ min: 1, max: 10 }), { maxLength: 40 }),
        fc.nat({ max: 5_000 }),
        (quantity, unit, steps, refundedBefore) => {
          const amountFen = quantity * unit
          let line = { quantity, dropped: 0, amountFen, refundedFen: Math.min(refundedBefore, amountFen - 1) }
          for (const step of [...steps, quantity]) {
            const portions = Math.min(step, line.quantity - line.dropped)
            if (portions === 0) break
            const money = moneyForPortions(line, portions)
            expect(money).toBeGreaterThanOrEqual(1)
            if (refundedBefore === 0) expect(money).toBe(portions * unit)
            // So many portions could be too many for the fen that are left.
            line = { ...line, dropped: line.dropped + portions, refundedFen: line.refundedFen + money }
            if (line.refundedFen === amountFen) break
          }
          expect(line.refundedFen).toBe(amountFen)
        },
      ),
    )
  })
})

describe('stock that goes back', () => {
  it('in any steps ends in the very buckets it came from', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 40 }),
        (available, wanted, steps) => {
          const taken = splitOverBuckets(
            wanted,
            available.map((left, n) => ({ n, available: left })),
          )
          fc.pre(taken !== undefined)
          const returned = new Map<number, number>()
          let before = 0
          for (const step of [...steps, wanted]) {
            const quantity = Math.min(step, wanted - before)
            if (quantity === 0) break
            for (const back of returnToBuckets(taken, before, quantity))
              returned.set(back.n, (returned.get(back.n) ?? 0) + back.quantity)
            before += quantity
          }
          expect([...returned].sort()).toEqual(taken.map(({ n, quantity }) => [n, quantity]).sort())
        },
      ),
    )
  })

  it('is never more than was taken', () => {
    expect(() => returnToBuckets([{ n: 0, quantity: 2 }], 1, 2)).toThrow(/than was taken/)
  })
})
