import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PAYOUT_TRANSFERS_MAX, TRANSFER_CORRECTIONS_MAX } from '#shared/contracts/settlement.ts'
import {
  decideCorrection,
  decideDropping,
  decideTransfer,
  type PayoutInWork,
  type RecordedTransfer,
  stateByTransfers,
  transferredFen,
} from '#shared/domain/settlement/decide-transfer.ts'

const NOW = '2026-11-26T04:00:00.000Z'
const transfer = (amountFen: number, more: Partial<RecordedTransfer> = {}): RecordedTransfer => ({
  ...{ direction: 'out', amountFen, recordedBy: 'recorder', typedBy: 'recorder', corrections: 0 },
  ...more,
})
const payout = (more: Partial<PayoutInWork> = {}): PayoutInWork => ({
  ...{ state: 'prepared', amountFen: 10_000, preparedBy: 'preparer', confirmedBy: ['member'], transfers: [] },
  ...more,
})
type Slip = Parameters<typeof decideTransfer>[1]
const slip = (more: Partial<Slip> = {}): Slip => ({
  ...{ direction: 'out', amountFen: 10_000, transferredOn: '2026-11-26' },
  ...more,
})
const decide = (of: PayoutInWork, typed: Slip, recorder = 'recorder') => decideTransfer(of, typed, recorder, NOW)
const paid = payout({ state: 'paid', transfers: [transfer(10_000)] })
const collection = payout({ amountFen: -300 })

describe('a transfer of a payout', () => {
  it('of the sum due needs no words', () => {
    expect(decide(payout(), slip()).kind).toBe('decided')
    expect(decide(collection, slip({ direction: 'in', amountFen: 300 })).kind).toBe('decided')
  })

  it.each([9_999, 10_001, 1])('of another sum is recorded only with words: %d', (amountFen) => {
    expect(decide(payout(), slip({ amountFen }))).toMatchObject({
      ...{
        code: 'SUM_DIFFERS',
        fields: { amountFen: expect.stringContaining('转出 ¥100.00'), words: expect.any(String) },
      },
    })
    expect(decide(payout(), slip({ amountFen, words: '柜台少转了' })).kind).toBe('decided')
  })

  it('is measured by what is left, not by the whole', () => {
    const half = payout({ transfers: [transfer(4_000)] })
    expect(decide(half, slip({ amountFen: 6_000 })).kind).toBe('decided')
    expect(decide(half, slip())).toMatchObject({ fields: { amountFen: expect.stringContaining('转出 ¥60.00') } })
    const over = payout({ transfers: [transfer(12_000)] })
    expect(decide(over, slip({ direction: 'in', amountFen: 2_000 }), 'other').kind).toBe('decided')
    expect(decide(over, slip({ direction: 'in', amountFen: 1 }), 'other')).toMatchObject({
      fields: { amountFen: expect.stringContaining('收回 ¥20.00') },
    })
  })

  it('in the wrong direction is not the sum due', () => {
    expect(decide(payout(), slip({ direction: 'in' }))).toMatchObject({ code: 'SUM_DIFFERS' })
  })

  it('is not recorded by who prepared the payout', () => {
    expect(decide(payout(), slip(), 'preparer')).toMatchObject({ code: 'FOUR_EYES' })
    expect(decide(collection, slip({ direction: 'in', amountFen: 300 }), 'preparer')).toMatchObject({
      code: 'FOUR_EYES',
    })
  })

  it('is not recorded by who confirmed one of its statements, whatever roles they hold', () => {
    expect(decide(payout(), slip(), 'member')).toMatchObject({ code: 'FOUR_EYES' })
  })

  it('that comes back is not recorded by who recorded it going out', () => {
    const back = slip({ direction: 'in', words: '账号有误' })
    expect(decide(paid, back)).toMatchObject({ code: 'FOUR_EYES' })
    expect(decide(paid, back, 'preparer').kind).toBe('decided')
    // Who put a digit of it right did not send it; who sent it has, whoever put it right.
    const putRight = payout({ state: 'paid', transfers: [transfer(10_000, { typedBy: 'preparer', corrections: 1 })] })
    expect(decide(putRight, back)).toMatchObject({ code: 'FOUR_EYES' })
    expect(decide(putRight, back, 'preparer').kind).toBe('decided')
    // The first one sent anew is again not the preparer's.
    const returned = payout({
      transfers: [...paid.transfers, transfer(10_000, { direction: 'in', recordedBy: 'preparer' })],
    })
    expect(decide(returned, slip(), 'preparer')).toMatchObject({ code: 'FOUR_EYES' })
    expect(decide(returned, slip()).kind).toBe('decided')
  })

  it('that comes back needs words, because nothing was due', () => {
    expect(decide(paid, slip({ direction: 'in' }), 'preparer')).toMatchObject({
      ...{ code: 'SUM_DIFFERS', fields: { amountFen: expect.stringContaining('已经付清') } },
    })
  })

  it('is refused when the payout was given up, or comes to nothing', () => {
    expect(decide(payout({ state: 'dropped' }), slip())).toMatchObject({ code: 'WRONG_STATE' })
    expect(decide(payout({ state: 'paid', amountFen: 0 }), slip({ words: '?' }))).toMatchObject({ code: 'WRONG_STATE' })
  })

  it.each(['2026-11-27', '2026-09-26'])('on %s is refused: a day to come, or too long ago', (transferredOn) => {
    expect(decide(payout(), slip({ transferredOn }))).toMatchObject({
      ...{ code: 'BAD_DAY', fields: { transferredOn: expect.any(String) } },
    })
    expect(decideCorrection(paid, transfer(1), slip({ transferredOn }), 'other', NOW)).toMatchObject({
      code: 'BAD_DAY',
    })
  })

  it.each(['2026-11-26', '2026-09-27'])('on %s is taken', (transferredOn) => {
    expect(decide(payout(), slip({ transferredOn })).kind).toBe('decided')
  })

  it('is refused when there are too many', () => {
    const transfers = Array.from({ length: PAYOUT_TRANSFERS_MAX }, () => transfer(1))
    expect(decide(payout({ transfers }), slip({ words: '又一笔' }))).toMatchObject({ code: 'TOO_MANY_TRANSFERS' })
  })
})

describe('a correction', () => {
  const correct = (of: PayoutInWork, typed: RecordedTransfer, corrector = 'other') =>
    decideCorrection(of, typed, slip(), corrector, NOW)

  it('is made by another person than the one who typed it', () => {
    expect(correct(paid, transfer(10_000))).toEqual({ kind: 'decided' })
    expect(correct(paid, transfer(10_000), 'recorder')).toMatchObject({ code: 'FOUR_EYES' })
    expect(correct(paid, transfer(10_000), 'member')).toMatchObject({ code: 'FOUR_EYES' })
  })

  it('is refused when the payout was given up, and when there were too many', () => {
    expect(correct(payout({ state: 'dropped' }), transfer(1))).toMatchObject({ code: 'WRONG_STATE' })
    expect(correct(paid, transfer(1, { corrections: TRANSFER_CORRECTIONS_MAX }))).toMatchObject({
      code: 'TOO_MANY_CORRECTIONS',
    })
  })
})

describe('giving up a payout', () => {
  it('is for one of which no money is out', () => {
    expect(decideDropping(payout())).toEqual({ kind: 'decided' })
    const back = [transfer(10_000), transfer(10_000, { direction: 'in' })]
    expect(decideDropping(payout({ transfers: back }))).toEqual({ kind: 'decided' })
    expect(decideDropping(payout({ transfers: [transfer(4_000)] }))).toMatchObject({
      ...{ code: 'MONEY_IS_OUT', detail: expect.stringContaining('转出 ¥40.00') },
    })
    expect(decideDropping({ ...collection, transfers: [transfer(100, { direction: 'in' })] })).toMatchObject({
      ...{ code: 'MONEY_IS_OUT', detail: expect.stringContaining('收到 ¥1.00') },
    })
    for (const state of ['paid', 'dropped'] as const) {
      expect(decideDropping(payout({ state }))).toMatchObject({ code: 'WRONG_STATE' })
    }
  })
})

describe('any payout', () => {
  const person = fc.constantFrom('a', 'b', 'c')
  const step = fc.record({
    direction: fc.constantFrom('out' as const, 'in' as const),
    amountFen: fc.integer({ min: 1, max: 300 }),
    by: person,
    words: fc.constantFrom(undefined, '写明'),
  })

  it('is paid exactly when what moved is what was due, and never by one person alone', () => {
    fc.assert(
      fc.property(fc.constantFrom(100, -100), fc.array(step, { maxLength: 12 }), (amountFen, steps) => {
        let now: PayoutInWork = payout({ amountFen, preparedBy: 'a', confirmedBy: [] })
        for (const { by, ...typed } of steps) {
          const decision = decideTransfer(now, { ...typed, transferredOn: '2026-11-26' }, by, NOW)
          if (decision.kind === 'refused') continue
          const transfers = [
            ...now.transfers,
            transfer(typed.amountFen, { direction: typed.direction, recordedBy: by }),
          ]
          now = { ...now, transfers, state: stateByTransfers(amountFen, transfers) }
        }
        expect(now.state === 'paid').toBe(transferredFen(now.transfers) === amountFen)
        if (now.state === 'paid') expect(now.transfers.some(({ recordedBy }) => recordedBy !== 'a')).toBe(true)
      }),
    )
  })
})
