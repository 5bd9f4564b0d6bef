import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  boxesOf,
  inBoxes,
  isFinal,
  type OrderedLine,
  type OrderedShare,
  sumPurchaseOrder,
} from '#shared/domain/group-buys/purchase-order.ts'
import { type SheetOrder, sortingSheet } from '#shared/domain/orders/sorting-sheet.ts'
import { compareHouseholds } from '#shared/kernel/household-order.ts'
import { inertCell } from '#shared/kernel/csv-cell.ts'
import { portionsOwed } from '#shared/kernel/owed.ts'

const OFFERS = ['tomato', 'egg', 'corn', 'leek']

function aLine(change: Partial<OrderedLine> = {}): OrderedLine {
  const line = { offerId: 'tomato', name: '番茄', unitLabel: '500 克', portionGrams: 500, quantity: 2, dropped: 0 }
  return { ...line, amountFen: 1720, refundedFen: 0, ...change }
}

const EGGS = { offerId: 'egg', name: '鸡蛋', unitLabel: '盒', portionGrams: undefined, quantity: 1, amountFen: 990 }

function aShare(lines: OrderedLine[], compoundId = 'c-1', pickUpPointId = 'p-1'): OrderedShare {
  const pickUpPoint = { pickUpPointId, name: '东门驿站', address: '东门', hours: '16:00–19:00' }
  return { compoundId, compoundName: '示例小区', pickUpPoint, lines }
}

function anOrder(
  orderId: string,
  householdId: string,
  lines: OrderedLine[],
  paidAt = '2026-11-25T01:00:00.000Z',
): SheetOrder {
  return {
    orderId,
    householdId,
    householdLabel: householdId,
    pickUpCode: '000001',
    pickUpPointName: '东门驿站',
    paidAt,
    lines,
  }
}

describe('the purchase order in boxes', () => {
  it.each([
    [0, 20, 0, 0],
    [19, 20, 0, 19],
    [20, 20, 1, 0],
    [45, 20, 2, 5],
  ])('%i portions of %i a box', (portions, box, full, rest) => {
    expect(boxesOf(portions, box)).toEqual({ full, rest })
  })

  it('tells the box of each offer that has one, over all and in each compound, and changes no figure', () => {
    const order = sumPurchaseOrder([aShare([aLine(), aLine(EGGS)])], OFFERS)
    const boxed = inBoxes(
      order,
      new Map([
        ['tomato', 20],
        ['egg', undefined],
      ]),
    )
    for (const { offers } of [boxed, ...boxed.compounds]) {
      expect(offers.map(({ offerId, boxPortions }) => [offerId, boxPortions])).toEqual([
        ['tomato', 20],
        ['egg', undefined],
      ])
    }
    expect(boxed).toMatchObject(order)
  })
})

describe('the purchase order', () => {
  it('sums portions, weight and money by offer, and by compound and its pick-up point', () => {
    const shares = [
      aShare([aLine(), aLine(EGGS)]),
      aShare([aLine({ quantity: 1, amountFen: 860 })]),
      aShare([aLine({ quantity: 3, amountFen: 2580 })], 'c-1', 'p-2'),
    ]
    expect(sumPurchaseOrder(shares, OFFERS)).toMatchObject({
      paidOrderCount: 3,
      portions: 7,
      amountFen: 6150,
      offers: [
        { offerId: 'tomato', portions: 6, grams: 3000, amountFen: 5160 },
        { offerId: 'egg', portions: 1, amountFen: 990 },
      ],
      compounds: [
        { pickUpPoint: { pickUpPointId: 'p-1' }, orderCount: 2, portions: 4, amountFen: 3570 },
        { pickUpPoint: { pickUpPointId: 'p-2' }, orderCount: 1, portions: 3, amountFen: 2580 },
      ],
    })
  })

  it('gives no weight to what is sold by piece', () => {
    expect(sumPurchaseOrder([aShare([aLine(EGGS)])], OFFERS).offers[0]).not.toHaveProperty('grams')
  })

  it('does not harvest a line that was refunded completely; a part refunded costs less and is harvested all the same', () => {
    const shares = [aShare([aLine({ refundedFen: 1720 }), aLine({ ...EGGS, refundedFen: 1 })])]
    expect(sumPurchaseOrder(shares, OFFERS)).toMatchObject({
      paidOrderCount: 1,
      portions: 1,
      amountFen: 989,
      offers: [{ offerId: 'egg', portions: 1 }],
    })
  })

  it('does not know an order of which nothing is left, nor its compound', () => {
    expect(sumPurchaseOrder([aShare([aLine({ refundedFen: 1720 })])], OFFERS)).toEqual({
      ...{ paidOrderCount: 0, portions: 0, amountFen: 0, offers: [], compounds: [] },
    })
  })

  it('keeps offers in the order of the group buy', () => {
    const sums = sumPurchaseOrder([aShare([aLine(EGGS), aLine()])], ['egg', 'tomato'])
    expect(sums.offers.map(({ offerId }) => offerId)).toEqual(['egg', 'tomato'])
    expect(sumPurchaseOrder([aShare([aLine(EGGS), aLine()])], OFFERS).offers[0]?.offerId).toBe('tomato')
  })

  it('breaks on a line that gave back more than was paid', () => {
    expect(() => portionsOwed({ quantity: 1, dropped: 0, amountFen: 100, refundedFen: 101 })).toThrow(
      'no line gives back more',
    )
  })

  it('is final once nothing can be ordered and nobody can pay any more', () => {
    expect(isFinal('closing', 0)).toBe(true)
    expect(isFinal('settled', 0)).toBe(true)
    expect(isFinal('closing', 1)).toBe(false)
    expect(isFinal('open', 0)).toBe(false)
    expect(isFinal('scheduled', 0)).toBe(false)
  })
})

const line = fc
  .record({
    offer: fc.nat(3),
    quantity: fc.integer({ min: 1, max: 999 }),
    unitPriceFen: fc.integer({ min: 1, max: 100_000 }),
    refunded: fc.constantFrom('none', 'part', 'all'),
    part: fc.nat(1_000_000),
  })
  .map(({ offer, quantity, unitPriceFen, refunded, part }) => {
    const amountFen = unitPriceFen * quantity
    const refundedFen = refunded === 'none' ? 0 : refunded === 'all' ? amountFen : part % amountFen
    const offerId = OFFERS[offer] ?? 'tomato'
    return aLine({
      offerId,
      quantity,
      amountFen,
      refundedFen,
      portionGrams: offer === 1 ? undefined : 250 * (offer + 1),
    })
  })
const order = fc.record({
  compound: fc.nat(3),
  point: fc.nat(1),
  building: fc.integer({ min: 1, max: 12 }),
  room: fc.integer({ min: 1, max: 30 }),
  lines: fc.array(line, { maxLength: 6 }),
})

describe('whatever was ordered and refunded', () => {
  it('compounds, offers and lines add up to the same portions, grams and fen', () => {
    fc.assert(
      fc.property(fc.array(order, { maxLength: 40 }), (orders) => {
        const sums = sumPurchaseOrder(
          orders.map(({ compound, point, lines }) => aShare(lines, `c-${compound}`, `p-${point}`)),
          OFFERS,
        )
        const owed = orders.flatMap(({ lines }) => lines).filter((each) => each.refundedFen < each.amountFen)
        const expected = {
          portions: owed.reduce((sum, each) => sum + each.quantity, 0),
          amountFen: owed.reduce((sum, each) => sum + each.amountFen - each.refundedFen, 0),
          grams: owed.reduce((sum, each) => sum + each.quantity * (each.portionGrams ?? 0), 0),
        }
        const of = (rows: readonly { portions: number; amountFen: number; grams?: number }[]) => ({
          portions: rows.reduce((sum, each) => sum + each.portions, 0),
          amountFen: rows.reduce((sum, each) => sum + each.amountFen, 0),
          grams: rows.reduce((sum, each) => sum + (each.grams ?? 0), 0),
        })
        expect({ ...expected, portions: sums.portions, amountFen: sums.amountFen }).toEqual(expected)
        expect(of(sums.offers)).toEqual(expected)
        expect(of(sums.compounds.flatMap(({ offers }) => offers))).toEqual(expected)
        expect(sums.compounds.reduce((sum, { orderCount }) => sum + orderCount, 0)).toBe(sums.paidOrderCount)
        for (const compound of sums.compounds) {
          const { grams: _grams, ...total } = of(compound.offers)
          expect({ portions: compound.portions, amountFen: compound.amountFen }).toEqual(total)
        }
      }),
    )
  })

  it('the sheet’s two views agree with each other and with the compound’s part of the purchase order', () => {
    fc.assert(
      fc.property(fc.array(order, { maxLength: 40 }), (orders) => {
        const sheet = sortingSheet(
          orders.map(({ building, room, lines }, n) => anOrder(`o-${n}`, `c-1.${building}.1.${room}`, lines)),
          OFFERS,
        )
        const part = sumPurchaseOrder(
          orders.map(({ lines }) => aShare(lines)),
          OFFERS,
        )
        expect(sheet.products.map(({ offerId, portions, grams }) => ({ offerId, portions, grams }))).toEqual(
          part.offers.map(({ offerId, portions, grams }) => ({ offerId, portions, grams })),
        )
        const handed = sheet.households.flatMap(({ orders: bags }) => bags.flatMap(({ lines }) => lines))
        for (const { offerId, portions } of sheet.products) {
          const mine = handed.filter((each) => each.offerId === offerId)
          expect(mine.reduce((sum, each) => sum + each.portions, 0)).toBe(portions)
        }
        expect(sheet.bagCount).toBe(part.paidOrderCount)
        expect(sheet.households.flatMap(({ orders: bags }) => bags).length).toBe(sheet.bagCount)
        expect(sheet.portions).toBe(part.portions)
      }),
    )
  })
})

describe('the sorting sheet', () => {
  it('goes by building, unit and room, with numbers as numbers', () => {
    const sorted = ['c-1.2.1.101', 'c-1.2.1.102', 'c-1.2.2.101', 'c-1.10.1.101', 'c-1.10.1.101a', 'c-1.a.1.101']
    expect(sorted.toReversed().sort(compareHouseholds)).toEqual(sorted)
    expect(compareHouseholds('c-1.2.1.101', 'c-1.2.1.101')).toBe(0)
  })

  it('keeps the orders of one household together, first paid first, each with its own code', () => {
    const late = { ...anOrder('o-1', 'c-1.1.1.101', [aLine()], '2026-11-25T03:00:00.000Z'), pickUpCode: '222222' }
    const other = anOrder('o-2', 'c-1.1.1.102', [aLine()])
    const early = { ...anOrder('o-3', 'c-1.1.1.101', [aLine(EGGS)]), pickUpCode: '111111' }
    const { households, bagCount } = sortingSheet([late, other, early], OFFERS)
    expect(bagCount).toBe(3)
    expect(households.map(({ orders }) => orders.map(({ pickUpCode }) => pickUpCode))).toEqual([
      ['111111', '222222'],
      ['000001'],
    ])
  })

  it('leaves out lines and orders that were refunded completely', () => {
    const orders = [
      anOrder('o-1', 'c-1.1.1.101', [aLine({ refundedFen: 1720 }), aLine(EGGS)]),
      anOrder('o-2', 'c-1.1.1.102', [aLine({ refundedFen: 1720 })]),
    ]
    expect(sortingSheet(orders, OFFERS)).toMatchObject({
      bagCount: 1,
      portions: 1,
      households: [{ orders: [{ orderId: 'o-1', lines: [{ offerId: 'egg', portions: 1 }] }] }],
    })
  })
})

describe('a cell of a spreadsheet', () => {
  it.each(['=1+1', '+A1', '-A1', '@SUM(A1)', '\t=1'])('that would be a formula is not one: %s', (text) => {
    expect(inertCell(text)).toBe(`'${text}`)
  })
  it.each(['番茄', '12.50', '-3', '3=3'])('that is none stays as it is: %s', (text) => {
    expect(inertCell(text)).toBe(text)
  })
})
