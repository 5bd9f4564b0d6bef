import { describe, expect, it } from 'vitest'
import { cashDayStates } from '#shared/contracts/cash.ts'
import { cashDayTransitions, decideBanking, decideCount, type StoredCashDay } from '#shared/domain/cash/cash-day.ts'

const NOW = '2026-11-26T10:00:00.000Z'
const day = (more: Partial<StoredCashDay> = {}): StoredCashDay => ({
  ...{ day: '2026-11-26', state: 'open', takenFen: 5_000, handedBackFen: 860, moveCount: 3, version: 7 },
  ...more,
})
const count = (countedFen: number, words?: string, version = 7) => ({ version, countedFen, words })

describe('the cash of a day', () => {
  it('has states that are all known, and an end', () => {
    expect(Object.keys(cashDayTransitions).sort()).toEqual([...cashDayStates].sort())
    expect(cashDayTransitions.banked).toEqual([])
  })

  it('is counted as it should be: taken less handed back', () => {
    expect(decideCount(day(), count(4_140))).toEqual({ kind: 'decided' })
  })
  it('may be less than nothing, when more went back than came', () => {
    expect(decideCount(day({ takenFen: 100 }), count(-760))).toEqual({ kind: 'decided' })
  })
  it.each([
    [4_139, '少 ¥0.01'],
    [4_241, '多 ¥1.01'],
  ])('of %d that differs has to say why', (counted, how) => {
    expect(decideCount(day(), count(counted))).toMatchObject({
      ...{ code: 'CASH_DIFFERS', fields: { words: expect.stringContaining(how) } },
    })
    expect(decideCount(day(), count(counted, '找错零钱'))).toEqual({ kind: 'decided' })
  })
  it('is not counted by who has not seen the last movement, nor twice, nor when there was none', () => {
    expect(decideCount(day(), count(4_140, undefined, 6))).toMatchObject({ code: 'CASH_DAY_MOVED' })
    expect(decideCount(day({ state: 'counted' }), count(4_140))).toMatchObject({ code: 'WRONG_STATE' })
    expect(decideCount(day({ moveCount: 0, takenFen: 0, handedBackFen: 0 }), count(0))).toMatchObject({
      code: 'NOTHING_TO_COUNT',
    })
  })

  const counted = day({ state: 'counted', countedBy: 'worker-1' })
  const bank = (bankedOn: string, who = 'worker-2', of = counted) =>
    decideBanking(of, { version: 7, bankedOn }, who, NOW)
  it('is banked by another person than the one who counted', () => {
    expect(bank('2026-11-26')).toEqual({ kind: 'decided' })
    expect(bank('2026-11-26', 'worker-1')).toMatchObject({ code: 'FOUR_EYES' })
  })
  it.each(['2026-11-25', '2026-11-27'])('is not banked on %s: before it was taken, or in time to come', (on) => {
    expect(bank(on)).toMatchObject({ code: 'BAD_DAY' })
  })
  it('is banked within a month, once, and only when it was counted', () => {
    expect(bank('2026-11-26', 'worker-2', { ...counted, day: '2026-10-01' })).toMatchObject({ code: 'BAD_DAY' })
    for (const state of ['open', 'banked'] as const) {
      expect(bank('2026-11-26', 'worker-2', { ...counted, state })).toMatchObject({ code: 'WRONG_STATE' })
    }
  })
})
