import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PAYOUT_RETURNS_MAX, PAYOUT_TRANSFERS_MAX, TRANSFER_CORRECTIONS_MAX } from '#shared/contracts/settlement.ts'
import {
  decideCorrection,
  decideDropping as decideDrop,
  decideTransfer,
  type PayoutInWork,
  type RecordedTransfer,
  stateByTransfers,
  transferredFen,
} from '#shared/domain/settlement/decide-transfer.ts'

const NOW = '2026-11-26T04:00:00.000Z'
const transfer = (amountFen: number, more: Partial<RecordedTransfer> = {}): RecordedTransfer => ({
  ...{ direction: 'out', amountFen, recordedBy: 'recorder', typedBy: 'recorder', corrections: 0, recordedAt: NOW },
  ...more,
})
const payout = (more: Partial<PayoutInWork> = {}): PayoutInWork => ({
  ...{ state: 'prepared', amountFen: 10_000, preparedBy: 'preparer', dueBy: 'preparer' },
  ...{ confirmedBy: ['member'], transfers: [] },
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

  it('never comes back before it went, nor more of it than went', () => {
    const words = '退回'
    for (const [of, typed] of [
      [payout(), slip({ direction: 'in', amountFen: 1, words })],
      [paid, slip({ direction: 'in', amountFen: 10_001, words })],
      [payout({ transfers: [transfer(4_000)] }), slip({ direction: 'in', amountFen: 4_001, words })],
      [collection, slip({ direction: 'out', amountFen: 1, words })],
    ] as const) {
      expect(decide(of, typed, 'other')).toMatchObject({
        ...{ code: 'SUM_DIFFERS', fields: { amountFen: expect.stringContaining('退回的比付过的还多') } },
      })
    }
    expect(decide(paid, slip({ direction: 'in', words }), 'other').kind).toBe('decided')
    // Too much at the bank is what it is.
    expect(decide(payout(), slip({ amountFen: 100_000, words })).kind).toBe('decided')
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
    expect(decide(paid, back, 'member')).toMatchObject({ code: 'FOUR_EYES' })
    expect(decide(paid, back, 'preparer')).toEqual({ kind: 'decided', dueBy: 'preparer' })
    // Who put a digit of it right did not send it; who sent it has, whoever put it right.
    const putRight = payout({ state: 'paid', transfers: [transfer(10_000, { typedBy: 'preparer', corrections: 1 })] })
    expect(decide(putRight, back)).toMatchObject({ code: 'FOUR_EYES' })
    expect(decide(putRight, back, 'preparer').kind).toBe('decided')
  })

  it('that was said to have come back is not sent anew by who said so, nor by who prepared it', () => {
    const back = transfer(10_000, { direction: 'in', recordedBy: 'third', typedBy: 'third' })
    const returned = payout({ transfers: [...paid.transfers, back], dueBy: 'third' })
    expect(decide(returned, slip(), 'third')).toMatchObject({ code: 'FOUR_EYES' })
    expect(decide(returned, slip(), 'preparer')).toMatchObject({ code: 'FOUR_EYES' })
    expect(decide(returned, slip()).kind).toBe('decided')
  })

  it('of too much is given back by another person than who recorded it', () => {
    const over = decide(payout(), slip({ amountFen: 12_000, words: '柜台多转' }))
    expect(over).toEqual({ kind: 'decided', dueBy: 'recorder' })
    const now = payout({ transfers: [transfer(12_000)], dueBy: 'recorder' })
    const back = slip({ direction: 'in', amountFen: 2_000 })
    expect(decide(now, back)).toMatchObject({ code: 'FOUR_EYES' })
    expect(decide(now, back, 'preparer')).toEqual({ kind: 'decided', dueBy: 'recorder' })
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

  it('is never of a day to come', () => {
    const transferredOn = '2026-11-27'
    expect(decide(payout(), slip({ transferredOn, words: '?' }))).toMatchObject({
      ...{ code: 'BAD_DAY', fields: { transferredOn: expect.any(String) } },
    })
    expect(decideCorrection(paid, transfer(1), slip({ transferredOn }), 'other', NOW)).toMatchObject({
      code: 'BAD_DAY',
    })
  })

  it('of long ago is recorded with words; one recorded long ago is put right whenever that is found', () => {
    const transferredOn = '2026-09-26'
    expect(decide(payout(), slip({ transferredOn }))).toMatchObject({
      ...{ code: 'BAD_DAY', fields: { transferredOn: expect.any(String), words: expect.any(String) } },
    })
    expect(decide(payout(), slip({ transferredOn, words: '经办人离职，查账发现' })).kind).toBe('decided')
    expect(decideCorrection(paid, transfer(1), slip({ transferredOn }), 'other', NOW).kind).toBe('decided')
  })

  it.each(['2026-11-26', '2026-09-27'])('on %s is taken', (transferredOn) => {
    expect(decide(payout(), slip({ transferredOn })).kind).toBe('decided')
  })

  it('is refused when there are too many, but what comes back still finds its place', () => {
    const some = (count: number) => Array.from({ length: count }, () => transfer(1))
    const full = payout({ transfers: some(PAYOUT_TRANSFERS_MAX) })
    expect(decide(full, slip({ words: '又一笔' }))).toMatchObject({ code: 'TOO_MANY_TRANSFERS' })
    const back = slip({ direction: 'in', amountFen: 1, words: '退回' })
    expect(decide(full, back, 'other').kind).toBe('decided')
    const fuller = payout({ transfers: some(PAYOUT_TRANSFERS_MAX + PAYOUT_RETURNS_MAX) })
    expect(decide(fuller, back, 'other')).toMatchObject({ code: 'TOO_MANY_TRANSFERS' })
  })
})

describe('a correction', () => {
  const correct = (of: PayoutInWork, typed: RecordedTransfer, corrector = 'other') =>
    decideCorrection(of, typed, slip(), corrector, NOW)

  it('is made by another person than the one who typed it', () => {
    expect(correct(paid, transfer(10_000))).toMatchObject({ kind: 'decided' })
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

describe('a correction that changes how much moved', () => {
  const to = (amountFen: number) => slip({ amountFen })
  const decided = (of: PayoutInWork, typed: RecordedTransfer, next: Slip | undefined, corrector = 'other') =>
    decideCorrection(of, typed, next, corrector, NOW)

  it('makes the rest due by who corrected: they do not send it as well', () => {
    const [out] = paid.transfers
    if (out === undefined) throw new Error('nothing was paid')
    expect(decided(paid, out, to(1))).toEqual({ kind: 'decided', dueBy: 'other' })
    expect(decided(paid, out, undefined)).toEqual({ kind: 'decided', dueBy: 'other' })
    const less = payout({ transfers: [transfer(1, { typedBy: 'other', corrections: 1 })], dueBy: 'other' })
    expect(decide(less, slip({ amountFen: 9_999 }), 'other')).toMatchObject({ code: 'FOUR_EYES' })
    expect(decide(less, slip({ amountFen: 9_999 })).kind).toBe('decided')
  })

  it('of what came back leaves it due by who said that it came back', () => {
    const back = transfer(5_000, { direction: 'in', recordedBy: 'preparer', typedBy: 'preparer' })
    const half = payout({ transfers: [transfer(10_000), back], dueBy: 'preparer' })
    const more = { ...to(6_000), direction: 'in' } as const
    expect(decided(half, back, more, 'recorder')).toEqual({ kind: 'decided', dueBy: 'preparer' })
    expect(decided(half, back, { ...more, amountFen: 10_001 }, 'recorder')).toMatchObject({ code: 'SUM_DIFFERS' })
    expect(decided(half, back, undefined, 'recorder').kind).toBe('decided')
  })

  it('is not made of what is void, and a void one counts for nothing', () => {
    const voided = transfer(10_000, { voided: {} })
    expect(transferredFen([voided, transfer(1)])).toBe(1)
    expect(decided(payout({ transfers: [voided] }), voided, to(1))).toMatchObject({ code: 'WRONG_STATE' })
    expect(decided(payout({ transfers: [voided] }), voided, undefined)).toMatchObject({ code: 'WRONG_STATE' })
  })

  it('of what is void was nobody’s last word', () => {
    const of = payout({ transfers: [transfer(4_000), transfer(1, { recordedBy: 'third', voided: {} })] })
    const back = slip({ direction: 'in', amountFen: 4_000, words: '退回' })
    expect(decide(of, back)).toMatchObject({ code: 'FOUR_EYES' })
    expect(decide(of, back, 'third').kind).toBe('decided')
  })

  it('too often is voided instead', () => {
    const often = transfer(10_000, { corrections: TRANSFER_CORRECTIONS_MAX })
    expect(decided(paid, often, undefined).kind).toBe('decided')
  })
})

describe('giving up a payout', () => {
  it('is for one of which no money is out', () => {
    const decideDropping = (of: PayoutInWork, dropper = 'other') => decideDrop(of, dropper)
    expect(decideDropping(payout())).toEqual({ kind: 'decided' })
    const back = [transfer(10_000), transfer(10_000, { direction: 'in' })]
    expect(decideDropping(payout({ transfers: back }))).toEqual({ kind: 'decided' })
    // Who says that it came back does not free the statements as well.
    expect(decideDropping(payout({ transfers: back }), 'recorder')).toMatchObject({ code: 'FOUR_EYES' })
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
    /** Puts the last one right instead, or makes it void. */
    instead: fc.constantFrom('record', 'record', 'correct', 'void'),
  })

  it('is paid exactly when what moved is what was due, asks for no more than that, and for nothing by one alone', () => {
    fc.assert(
      fc.property(fc.constantFrom(100, -100), fc.array(step, { maxLength: 14 }), (amountFen, steps) => {
        let now: PayoutInWork = payout({ amountFen, preparedBy: 'a', dueBy: 'a', confirmedBy: [] })
        const way = Math.sign(amountFen)
        const due = ({ transfers }: PayoutInWork) => (amountFen - transferredFen(transfers)) * way
        /** Who did anything since it was prepared, or since it was paid and is not any more. */
        let since = new Set(['a'])
        for (const { by, instead, ...typed } of steps) {
          const last = now.transfers.at(-1)
          const next = { ...typed, transferredOn: '2026-11-26' }
          const decision =
            instead === 'record' || last === undefined
              ? decideTransfer(now, next, by, NOW)
              : decideCorrection(now, last, instead === 'void' ? undefined : next, by, NOW)
          if (decision.kind === 'refused') continue
          const before = due(now)
          const { direction, amountFen: moved } = typed
          const transfers =
            instead === 'record' || last === undefined
              ? [...now.transfers, transfer(moved, { direction, recordedBy: by, typedBy: by })]
              : now.transfers.with(-1, {
                  ...last,
                  ...(instead === 'void'
                    ? { voided: {} }
                    : { direction, amountFen: moved, corrections: last.corrections + 1 }),
                  typedBy: by,
                })
          now = { ...now, transfers, dueBy: decision.dueBy, state: stateByTransfers(amountFen, transfers) }
          since.add(by)
          expect(due(now)).toBeLessThanOrEqual(Math.max(amountFen * way, before))
          // Made due and settled again by the same person alone: that would be money sent twice on one word.
          if (before === 0) since = new Set([by])
          else if (due(now) === 0) expect(since.size).toBeGreaterThan(1)
        }
        expect(now.state === 'paid').toBe(transferredFen(now.transfers) === amountFen)
      }),
      { numRuns: 2_000 },
    )
  })
})
