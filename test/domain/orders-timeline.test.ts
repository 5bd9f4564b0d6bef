import { describe, expect, it } from 'vitest'
import type { OrderView } from '#shared/contracts/orders.ts'
import { nextOf, timelineOf } from '#shared/domain/orders/timeline.ts'
import { fen } from '#shared/kernel/money.ts'

const at = (minute: number) => `2026-12-01T00:${String(minute).padStart(2, '0')}:00.000Z`
type Share = OrderView['shares'][number]
type Line = Share['lines'][number]

const line = (more: Partial<Line> = {}): Line => ({
  ...{ lineId: '1-1', offerId: 'tomato', listingId: 'l', name: '番茄', picture: 'tomato', unitLabel: '500 克' },
  ...{ quantity: 4, unitPriceFen: fen(860), amountFen: fen(3440), refundedFen: fen(0), dropped: 0, handedOut: 0 },
  ...more,
})
const share = (more: Partial<Share> = {}): Share => ({
  ...{ saleId: 's-1', groupBuyId: 'gb-1', groupBuyTitle: '冬菜', coopId: 'coop-1', coopName: '合作社' },
  ...{ villageName: '示例村', state: 'reserved', amountFen: fen(3440), refundedFen: fen(0), rateBps: 200 },
  ...{ accrualE4Fen: 688_000, pickUpStartsAt: at(50), pickUpEndsAt: at(59), lines: [line()] },
  groupBuy: { state: 'open', opensAt: at(0), closesAt: at(20) },
  ...more,
})
const order = (more: Partial<OrderView> = {}): OrderView => ({
  ...{ orderId: '6b1f0d0e-5d1a-4d8e-9a53-6a1f7c2f2b11', state: 'paid', amountFen: fen(3440), refundedFen: fen(0) },
  ...{
    placedAt: at(1),
    expiresAt: at(16),
    paidAt: at(2),
    compoundId: 'c-1',
    compoundName: '小区',
    householdLabel: '1',
  },
  pickUpPoint: { pickUpPointId: 'p-1', name: '东门', address: '', hours: '', contact: '' },
  ...{ shares: [share()], refunds: [], pickUps: [], claims: [], standing: 'buyer' },
  ...more,
})
type Refund = OrderView['refunds'][number]
const refund = (minute: number, more: Partial<Refund> = {}): Refund => ({
  ...{ refundId: `r-${minute}`, state: 'asked', amountFen: fen(860), reason: 'cancelled', decidedAt: at(minute) },
  lines: [{ saleId: 's-1', lineId: '1-1', amountFen: fen(860), portions: 1 }],
  ...more,
})
const decided = { decidedAt: at(21), orders: 3, households: 3, portions: 12, amountFen: fen(9000) }
const pickUp = {
  ...{ pickUpId: '6b1f0d0e-5d1a-4d8e-9a53-6a1f7c2f2b12', at: at(51), proxy: 'family' as const },
  lines: [{ saleId: 's-1', lineId: '1-1', name: '番茄', unitLabel: '500 克', portions: 3 }],
}
const told = (happened: ReturnType<typeof timelineOf>) => happened.map((each) => [each.kind, each.at.slice(14, 16)])

describe('the life of an order', () => {
  it('is told in time, whatever order its parts come in', () => {
    const whole = order({
      shares: [
        share({
          state: 'collected',
          settledAt: at(58),
          groupBuy: { state: 'confirmed', opensAt: at(0), closesAt: at(20), decided },
        }),
      ],
      refunds: [refund(40, { reason: 'shortage' }), refund(21, { reason: 'price-step' }), refund(5)],
      pickUps: [{ ...pickUp, undoneAt: at(52) }],
    })
    expect(told(timelineOf(whole))).toEqual([
      ['placed', '01'],
      ['paid', '02'],
      ['refund', '05'],
      // Decided, and only then cheaper.
      ['decided', '21'],
      ['refund', '21'],
      ['refund', '40'],
      ['handed-out', '51'],
      ['taken-back', '52'],
      ['settled', '58'],
    ])
  })

  it('says what each refund is of, with the price that was paid and the last one', () => {
    const shares = [share({ lines: [line({ finalPriceFen: fen(820) })] })]
    const why = { kind: 'weight', nominalGrams: 500, grams: 480 } as const
    const lines = [{ saleId: 's-1', lineId: '1-1', amountFen: fen(160), why }]
    const [, , back] = timelineOf(order({ shares, refunds: [refund(22, { reason: 'price-step', lines })] }))
    expect(back).toMatchObject({
      kind: 'refund',
      lines: [{ amountFen: 160, why, line: { name: '番茄', unitPriceFen: 860, finalPriceFen: 820 } }],
    })
  })

  it('leaves out lines that it does not know, and has none for the oldest refunds', () => {
    const strange = [{ saleId: 's-9', lineId: '1-1', amountFen: fen(1) }]
    const happened = timelineOf(order({ refunds: [refund(5, { lines: strange }), refund(6, { lines: [] })] }))
    expect(happened.slice(2)).toMatchObject([{ lines: [] }, { lines: [] }])
  })

  it.each([
    ['confirmed', true],
    ['settled', true],
    ['failed', false],
    ['refunding', false],
    ['ended', false],
  ] as const)('a group buy that is %s took place: %s', (state, takesPlace) => {
    const shares = [share({ groupBuy: { state, opensAt: at(0), closesAt: at(20), decided } })]
    expect(timelineOf(order({ shares })).find(({ kind }) => kind === 'decided')).toMatchObject({ takesPlace })
  })

  it('that was never paid tells nothing of the group buy', () => {
    const shares = [share({ groupBuy: { state: 'confirmed', opensAt: at(0), closesAt: at(20), decided } })]
    const { paidAt: _never, ...unpaid } = order({ state: 'expired', shares })
    expect(told(timelineOf(unpaid))).toEqual([
      ['placed', '01'],
      ['expired', '16'],
    ])
  })
})

describe('what comes next', () => {
  const after = { state: 'closing' as const, opensAt: at(0), closesAt: at(20) }
  it.each([
    ['while it is open', share(), 'closes'],
    ['while it is counted', share({ groupBuy: after }), 'counting'],
    ['when it takes place', share({ state: 'confirmed', groupBuy: after }), 'pick-up'],
    ['when the goods are there', share({ state: 'ready', groupBuy: after }), 'arrived'],
  ] as const)('%s', (_, each, kind) => {
    expect(nextOf(order({ shares: [each] })).map((next) => next.kind)).toEqual([kind])
  })

  it.each([
    ['collected', share({ state: 'collected' })],
    ['settled', share({ state: 'settled' })],
    ['failed', share({ state: 'failed' })],
    ['refunded', share({ state: 'refunded' })],
    ['given back whole', share({ lines: [line({ dropped: 4, refundedFen: fen(3440) })] })],
  ] as const)('is nothing of a share that is %s', (_, each) => {
    expect(nextOf(order({ shares: [each] }))).toEqual([])
  })

  it('is nothing of an order that is not paid', () => {
    expect(nextOf(order({ state: 'pending_payment' }))).toEqual([])
  })
})
