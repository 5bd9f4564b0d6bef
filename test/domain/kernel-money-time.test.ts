import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fen, priceOfWeightFen, timesFen, unitPriceFen, yuan } from '#shared/kernel/money.ts'
import {
  instantSchema,
  monthStart,
  plusDays,
  shanghaiDay,
  shanghaiDaySchema,
  startOfShanghaiDay,
  weekStart,
} from '#shared/kernel/time.ts'
import { clientIdSchema, idSchema } from '#shared/kernel/ids.ts'

describe('money', () => {
  it('is whole fen: a fraction, infinity or a number past 2^53 is a bug', () => {
    for (const wrong of [0.5, Number.NaN, Infinity, 2 ** 53]) expect(() => fen(wrong)).toThrow()
  })

  it('prices a weight per 斤 with one rounding, half up', () => {
    expect(priceOfWeightFen(fen(860), 500)).toBe(860)
    expect(priceOfWeightFen(fen(1), 250)).toBe(1)
    expect(priceOfWeightFen(fen(1), 249)).toBe(0)
    expect(priceOfWeightFen(fen(399), 875)).toBe(698)
  })

  it('shows 元/斤 and 元/kg half up, and exactly where it can', () => {
    expect([unitPriceFen(fen(860), 1000, 500), unitPriceFen(fen(860), 1000, 1000)]).toEqual([430, 860])
    expect(unitPriceFen(fen(1), 1000, 500)).toBe(1)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 50_000 }), (price, grams) => {
        const exact = (price * 500) / grams
        expect(Math.abs(unitPriceFen(fen(price), grams, 500) - exact)).toBeLessThanOrEqual(0.5)
      }),
    )
  })

  it('reads as yuan with two digits, also below zero', () => {
    expect([yuan(860), yuan(5), yuan(-120), yuan(1_000_000)]).toEqual(['8.60', '0.05', '-1.20', '10000.00'])
  })

  it('multiplies by whole counts only', () => {
    expect(timesFen(fen(860), 3)).toBe(2580)
    expect(() => timesFen(fen(860), 1.5)).toThrow()
  })
})

describe('time', () => {
  it('begins a Shanghai day at 16:00 UTC of the day before', () => {
    expect(startOfShanghaiDay('2026-11-23')).toBe('2026-11-22T16:00:00.000Z')
    expect(shanghaiDay('2026-11-22T15:59:59.999Z')).toBe('2026-11-22')
    expect(shanghaiDay('2026-11-22T16:00:00.000Z')).toBe('2026-11-23')
  })

  it('agrees with the time-zone data of the platform', () => {
    const local = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' })
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2099, 0, 1) }), (ms) => {
        expect(shanghaiDay(new Date(ms).toISOString())).toBe(local.format(new Date(ms)))
      }),
    )
  })

  it('begins weeks on Monday and months on the first', () => {
    expect([weekStart('2026-11-23'), weekStart('2026-11-29'), weekStart('2027-01-01')]).toEqual([
      '2026-11-23',
      '2026-11-23',
      '2026-12-28',
    ])
    expect(monthStart('2026-11-23')).toBe('2026-11-01')
    expect(plusDays('2026-12-31', 1)).toBe('2027-01-01')
  })

  it('takes moments in one form only, and days that exist', () => {
    for (const wrong of [
      '2026-11-23',
      '2026-11-23T00:00:00Z',
      '2026-11-23T00:00:00.000+08:00',
      '2026-13-01T00:00:00.000Z',
    ]) {
      expect(instantSchema.safeParse(wrong).success).toBe(false)
    }
    expect(shanghaiDaySchema.safeParse('2026-02-29').success).toBe(false)
    expect(shanghaiDaySchema.safeParse('2028-02-29').success).toBe(true)
  })
})

describe('ids', () => {
  it('cannot reach across a key, a path or a cell', () => {
    for (const wrong of ['', 'a#b', 'a/b', '../a', 'A', 'a b', '=1+1', '-a', 'a-', 'x'.repeat(65)]) {
      expect(idSchema.safeParse(wrong).success).toBe(false)
    }
    for (const right of ['c-371502001001-01', 'a', 'coop-371502100265.xihongshi'])
      expect(idSchema.safeParse(right).success).toBe(true)
  })

  it('made by a client are UUIDs in lower case', () => {
    expect(clientIdSchema.safeParse('0B8F7C1E-0000-4000-8000-000000000001').success).toBe(false)
    expect(clientIdSchema.safeParse('0b8f7c1e-0000-4000-8000-000000000001').success).toBe(true)
  })
})
