import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countNames } from '#shared/contracts/rankings.ts'
import { mayFreeze } from '#shared/domain/rankings/decide-act.ts'
import { quarterAfter, quarterBefore } from '#shared/kernel/quarters.ts'
import { countFields, pointsText, previewWordOf, quartersOver, shortPoints } from '#web/lib/rankings/points.ts'

describe('a list on pages', () => {
  it('tells basis points as points of a hundred, to the last of them', () => {
    expect([0, 5, 8_345, 7_500, 10_000].map(pointsText)).toEqual(['0.00', '0.05', '83.45', '75.00', '100.00'])
    expect([7_500, 8_345].map(shortPoints)).toEqual(['75', '83.45'])
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), (points) => {
        expect(Number(pointsText(points).replace('.', ''))).toBe(points)
      }),
    )
  })

  it('has a field for every count', () => expect(countFields).toEqual(countNames))

  it.each([
    [-1, 0, 'previewLine'],
    [-1, undefined, 'previewLine'],
    [0, 0, 'previewSoon'],
    [0, 2, 'previewWaits'],
    // Who sees their own rows is not told of appeals, so nothing is said of any.
    [0, undefined, 'previewOver'],
  ] as const)('%i ms after its preview, with %s open appeals, is in the words of %s', (ms, openAppeals, word) => {
    const previewUntil = '2026-10-19T16:00:00.000Z'
    expect(previewWordOf({ previewUntil, openAppeals }, Date.parse(previewUntil) + ms)).toBe(word)
  })

  it('can be frozen of the newest quarter that is over, and not of the next', () => {
    const moment = fc.date({
      min: new Date('2026-01-02T00:00:00Z'),
      max: new Date('2099-01-01T00:00:00Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(moment, (date) => {
        const [newest = '', before = ''] = quartersOver(date.getTime(), 2)
        expect(before).toBe(quarterBefore(newest))
        // Some time after it is over, so that what was under way has ended.
        expect(mayFreeze(newest, new Date(date.getTime() + 3_600_000).toISOString())).toBe(true)
        expect(mayFreeze(quarterAfter(newest), date.toISOString())).toBe(false)
      }),
    )
  })
})
