import { describe, expect, it } from 'vitest'
import { decidePayment } from '#shared/domain/payments/decide-payment.ts'
import { decideRefund, type RefundableLine, type RefundableOrder } from '#shared/domain/payments/decide-refund.ts'
import { settlesAt } from '#shared/domain/settlement/due-at.ts'
import { fen } from '#shared/kernel/money.ts'

const payment = { paymentId: 'pi_1', orderId: 'o', amountFen: 1720, currency: 'cny' }

describe('a payment that succeeded', () => {
  it('pays an order that waits for it, also one that is being given up', () => {
    expect(decidePayment(payment, { state: 'pending_payment', amountFen: 1720 })).toEqual({ kind: 'pay' })
    expect(decidePayment(payment, { state: 'expiring', amountFen: 1720 })).toEqual({ kind: 'pay' })
  })

  it('is counted once', () => {
    expect(decidePayment(payment, { state: 'paid', amountFen: 1720, paidBy: 'pi_1' })).toEqual({ kind: 'repeated' })
  })

  const parked: [string, string, Parameters<typeof decidePayment>][] = [
    ['of an unknown order', 'unknown-order', [payment, undefined]],
    ['of another amount', 'wrong-amount', [payment, { state: 'pending_payment', amountFen: 1719 }]],
    [
      'in another currency',
      'wrong-currency',
      [
        { ...payment, currency: 'usd' },
        { state: 'pending_payment', amountFen: 1720 },
      ],
    ],
    ['that is the second', 'second-payment', [payment, { state: 'paid', amountFen: 1720, paidBy: 'pi_0' }]],
    ['of an expired order', 'closed-order', [payment, { state: 'expired', amountFen: 1720 }]],
    ['of a cancelled order', 'closed-order', [payment, { state: 'cancelled', amountFen: 1720 }]],
  ]
  it.each(parked)('%s is parked and goes back', (_, reason, [said, order]) => {
    expect(decidePayment(said, order)).toEqual({ kind: 'park', reason })
  })
})

const PAID_AT = '2026-11-23T04:00:00.000Z'
const aLine = (more: Partial<RefundableLine>): RefundableLine => ({
  ...{ lineId: '1-1', name: '番茄', quantity: 1, dropped: 0, handedOut: 0, amountFen: fen(300), refundedFen: 0 },
  ...more,
})
const order = (refunded: [number, number] = [0, 0]): RefundableOrder => ({
  state: 'paid',
  paidAt: PAID_AT,
  shares: [
    {
      saleId: 's-1',
      groupBuyId: 'gb-1',
      isSettled: false,
      lines: [
        aLine({ lineId: '1-1', name: '番茄', quantity: 4, amountFen: fen(1000), refundedFen: refunded[0] }),
        aLine({ lineId: '1-2', name: '黄瓜', amountFen: fen(300), refundedFen: refunded[1] }),
      ],
    },
  ],
})
const refundOf = (lineId: string, amount: number) => ({ saleId: 's-1', lineId, amountFen: fen(amount) })

describe('a refund', () => {
  it('of everything gives back what is left of each line', () => {
    expect(decideRefund(order([400, 300]), undefined, PAID_AT)).toMatchObject({
      kind: 'decided',
      amountFen: 600,
      shares: [
        {
          saleId: 's-1',
          amountFen: 600,
          lines: [{ line: { lineId: '1-1', amountFen: 1000 }, amountFen: 600, portions: 0 }],
        },
      ],
    })
  })

  it('of lines adds up lines named twice', () => {
    const decided = decideRefund(order(), [refundOf('1-1', 1), refundOf('1-1', 2), refundOf('1-2', 300)], PAID_AT)
    expect(decided).toMatchObject({ amountFen: 303, shares: [{ lines: [{ amountFen: 3 }, { amountFen: 300 }] }] })
  })

  it('says which portions will not come for it, and no others', () => {
    const wanted = [
      { ...refundOf('1-1', 250), portions: 1 },
      { ...refundOf('1-1', 250), portions: 1 },
    ]
    expect(decideRefund(order(), wanted, PAID_AT)).toMatchObject({ shares: [{ lines: [{ portions: 2 }] }] })
    const taken = order()
    const some = {
      ...taken,
      shares: taken.shares.map((s) => ({ ...s, lines: [aLine({ quantity: 4, dropped: 1, handedOut: 2 })] })),
    }
    expect(decideRefund(some, [{ ...refundOf('1-1', 1), portions: 1 }], PAID_AT).kind).toBe('decided')
    expect(decideRefund(some, [{ ...refundOf('1-1', 1), portions: 2 }], PAID_AT)).toMatchObject({
      code: 'TOO_MANY_PORTIONS',
    })
  })

  const refusals: [string, string, Parameters<typeof decideRefund>][] = [
    ['of an unpaid order', 'ORDER_NOT_PAID', [{ ...order(), state: 'pending_payment' }, undefined, PAID_AT]],
    ['of nothing left', 'NOTHING_TO_REFUND', [order([1000, 300]), undefined, PAID_AT]],
    ['of more than a line cost', 'REFUND_TOO_LARGE', [order(), [refundOf('1-2', 301)], PAID_AT]],
    ['of more than is left of it', 'REFUND_TOO_LARGE', [order([400, 0]), [refundOf('1-1', 601)], PAID_AT]],
    [
      'of more than a line cost, in two parts',
      'REFUND_TOO_LARGE',
      [order(), [refundOf('1-2', 200), refundOf('1-2', 101)], PAID_AT],
    ],
    ['of a line that was not bought', 'UNKNOWN_LINE', [order(), [refundOf('9-9', 1)], PAID_AT]],
    ['after 80 days', 'REFUND_WINDOW_OVER', [order(), undefined, '2027-02-11T04:00:00.001Z']],
  ]
  it.each(refusals)('%s is refused', (_, code, args) => {
    expect(decideRefund(...args)).toMatchObject({ kind: 'refused', code })
  })

  it('is still possible at the very end of the window', () => {
    expect(decideRefund(order(), undefined, '2027-02-11T04:00:00.000Z').kind).toBe('decided')
  })

  it('of what was paid over the counter is possible for ever', () => {
    const inCash = { ...order(), paidInCash: true }
    expect(decideRefund(inCash, undefined, '2028-02-11T04:00:00.000Z').kind).toBe('decided')
  })
})

describe('settlement', () => {
  const pickUpEndsAt = '2026-11-28T11:00:00.000Z'
  it('waits for the after-sales window, which begins when pick-up ends', () => {
    expect(settlesAt({ pickUpEndsAt, recordedAt: PAID_AT }, 48)).toBe('2026-11-30T11:00:00.000Z')
  })
  it('counts from the sale when the sale came after pick-up', () => {
    expect(settlesAt({ pickUpEndsAt, recordedAt: '2026-11-29T00:00:00.000Z' }, 48)).toBe('2026-12-01T00:00:00.000Z')
  })
  it('happens at once when there is no window', () => {
    expect(settlesAt({ pickUpEndsAt, recordedAt: PAID_AT }, 0)).toBe(PAID_AT)
  })
})
