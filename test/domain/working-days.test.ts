import { describe, expect, it } from 'vitest'
import { isWorkday } from '#functions/platform/work-calendar.ts'
import { workClock } from '#shared/kernel/working-days.ts'

const clock = workClock(isWorkday)
/** 24:00 of a day in Shanghai. */
const endOf = (day: string) => new Date(Date.parse(`${day}T16:00:00.000Z`)).toISOString()
const at = (day: string, time = '10:00') => new Date(Date.parse(`${day}T${time}:00.000+08:00`)).toISOString()

describe('terms in working days', () => {
  it.each([
    // Civil Code art. 201: the day itself is not counted; art. 203: the last one ends at 24:00.
    ['a Monday and five days', '2026-11-23', 5, '2026-11-30'],
    ['a Friday and one day', '2026-11-27', 1, '2026-11-30'],
    ['a Saturday and one day', '2026-11-28', 1, '2026-11-30'],
    // National Day 2026: free from 1 to 7 October; Saturday 10 October makes up for it (国办发明电〔2025〕7号).
    ['over National Day', '2026-09-30', 3, '2026-10-10'],
    ['a weekend that is worked', '2026-09-19', 1, '2026-09-20'],
    // Spring Festival 2026: free from 15 to 23 February; 14 and 28 February are worked.
    ['over Spring Festival', '2026-02-13', 2, '2026-02-24'],
    ['no day at all', '2026-11-23', 0, '2026-11-23'],
  ])('%s', (_name, from, days, last) => {
    expect(clock.after(at(from), days)).toBe(endOf(last))
    // At whatever hour of the day.
    expect(clock.after(at(from, '00:00'), days)).toBe(endOf(last))
    expect(clock.after(at(from, '23:59'), days)).toBe(endOf(last))
  })

  it.each(['America/Los_Angeles', 'Asia/Shanghai', 'UTC', 'Pacific/Kiritimati'])(
    'are the same on a machine in %s',
    (zone) => {
      const before = process.env['TZ']
      process.env['TZ'] = zone
      try {
        const days = ['2026-10-01', '2026-10-10', '2026-11-27', '2026-11-28', '2026-11-30', '2027-02-05', '2027-04-05']
        expect(days.map(isWorkday)).toEqual([false, true, true, false, true, false, false])
      } finally {
        if (before === undefined) delete process.env['TZ']
        else process.env['TZ'] = before
      }
    },
  )

  // Lunar dates by the almanac: New Year's Eve 2027 is 5 February, Dragon Boat 9 June, Mid-Autumn 15 September; Qingming is 5 April.
  it.each([
    ['New Year’s Day', ['2027-01-01'], '2027-01-04'],
    ['Spring Festival with its eve', ['2027-02-05', '2027-02-08'], '2027-02-09'],
    ['Qingming', ['2027-04-05'], '2027-04-06'],
    ['Labour Day', ['2028-05-01', '2028-05-02'], '2028-05-03'],
    ['Dragon Boat', ['2027-06-09'], '2027-06-10'],
    ['Mid-Autumn', ['2027-09-15'], '2027-09-16'],
    ['National Day', ['2027-10-01'], '2027-10-04'],
    ['National Day, all three', ['2029-10-01', '2029-10-02', '2029-10-03'], '2029-10-04'],
  ])('of a year whose notice is not out yet leave out what the law itself names: %s', (_name, free, next) => {
    expect(free.map(isWorkday)).toEqual(free.map(() => false))
    expect(isWorkday(next)).toBe(true)
  })

  it('of a year whose notice is out are those of the notice alone', () => {
    // The Saturday and the Sunday around National Day 2026 that are worked, and the eve that is not.
    expect(['2026-10-10', '2026-02-14', '2026-02-28', '2026-02-16'].map(isWorkday)).toEqual([true, true, true, false])
    // 24 and 27 September 2025 were Wednesday and Saturday; Sunday 28 September was worked.
    expect(['2025-09-24', '2025-09-27', '2025-09-28'].map(isWorkday)).toEqual([true, false, true])
  })

  it('begin their last day at midnight', () => {
    expect(clock.lastDayOf(endOf('2026-11-30'))).toBe(at('2026-11-30', '00:00'))
  })

  it('are counted back: none on the day itself, none on free days', () => {
    expect(clock.between(at('2026-11-27'), at('2026-11-27', '23:00'))).toBe(0)
    expect(clock.between(at('2026-11-27'), at('2026-11-29'))).toBe(0)
    expect(clock.between(at('2026-09-30'), at('2026-10-10'))).toBe(3)
    expect(clock.between(at('2026-11-30'), at('2026-11-27'))).toBe(0)
  })

  it('are plain short days in a demonstration', () => {
    const short = workClock(() => false, 1_000)
    expect(short.after('2026-11-27T00:00:00.000Z', 5)).toBe('2026-11-27T00:00:05.000Z')
    expect(short.lastDayOf('2026-11-27T00:00:05.000Z')).toBe('2026-11-27T00:00:04.000Z')
    expect(short.between('2026-11-27T00:00:00.000Z', '2026-11-27T00:00:03.900Z')).toBe(3)
  })

  it('stop loudly where nobody ever works', () => {
    expect(() => workClock(() => false).after(at('2026-11-27'), 1)).toThrow()
  })
})
