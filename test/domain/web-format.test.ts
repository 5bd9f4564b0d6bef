import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as kernel from '#shared/kernel/money.ts'
import { shanghaiClock, shanghaiDay } from '#shared/kernel/time.ts'
import { exactYuan, fenFromText, percent, yuan, yuanInput, yuanSign } from '#web/lib/format/money.ts'
import { ruleSum, shareText } from '#web/lib/projects/share.ts'
import { askingWords } from '#web/lib/text/asking.ts'
import { say } from '#web/lib/text/lang.ts'
import { dayOf, dayText, fromLocalInput, leftText, momentText, spanText, toLocalInput } from '#web/lib/format/time.ts'

const amount = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 })
const moment = fc
  .date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2040-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString())

describe('money on pages', () => {
  it('says what the kernel says, with thousands set apart', () => {
    fc.assert(
      fc.property(amount, (fen) => {
        expect(yuan(fen).replaceAll(',', '').replace('−', '-')).toBe(kernel.yuan(fen))
      }),
    )
    expect([yuanSign(860), yuanSign(-390), yuanSign(123_456_789), yuanSign(100_000)]).toEqual([
      '¥8.60',
      '−¥3.90',
      '¥1,234,567.89',
      '¥1,000.00',
    ])
  })

  it('shows an accrual exactly, never rounded', () => {
    expect(exactYuan(860 * 200)).toBe('¥0.1720')
    expect([exactYuan(0), exactYuan(1), exactYuan(25_800_000), exactYuan(-172_000)]).toEqual([
      '¥0.0000',
      '¥0.000001',
      '¥25.8000',
      '−¥0.1720',
    ])
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000_000 }), (e4Fen) => {
        const [whole = '', decimals = ''] = exactYuan(e4Fen).slice(1).split('.')
        expect(Number(whole) * 1_000_000 + Number(decimals.padEnd(6, '0'))).toBe(e4Fen)
      }),
    )
  })

  it('names the sums and shares of rules as people say them', () => {
    expect([ruleSum(200_000), ruleSum(199_950)]).toEqual(['¥2,000', '¥1,999.50'])
    const zh = say(askingWords, 'zh')
    expect([3_000, 4_000, 3_333].map((bps) => shareText(bps, zh))).toEqual(['三成以上', '四成以上', '33.33% 以上'])
  })

  it('reads what people type and refuses what is not an amount', () => {
    expect(['8.6', '8.60', '8', '￥8.05', '1,234.5', '3。20', ' 2 '].map(fenFromText)).toEqual([
      860, 860, 800, 805, 123_450, 320, 200,
    ])
    // As other keyboards write it; a comma sets thousands apart and nothing else.
    expect(['２５．８', '￥１，２３４．５０', '1,234,567.89', '12,345', '123,456'].map(fenFromText)).toEqual([
      2_580, 123_450, 123_456_789, 1_234_500, 12_345_600,
    ])
    expect(['25,8', '25，80', '1,23', '1234,567', ',123', '1,,234', '0,5'].map(fenFromText)).toEqual(
      Array.from({ length: 7 }, () => undefined),
    )
    expect(['', '三块', '8.605', '-1', '1e3', '.5', '8.', 'NaN', '999999999'].map(fenFromText)).toEqual(
      Array.from({ length: 9 }, () => undefined),
    )
    fc.assert(
      fc.property(fc.nat(1_000_000_000), (fen) => {
        expect(fenFromText(yuanInput(fen))).toBe(fen)
      }),
    )
  })

  it('says a rate as people do', () => {
    expect([percent(200), percent(150), percent(0)]).toEqual(['2', '1.5', '0'])
  })
})

describe('time on pages', () => {
  const now = Date.parse('2026-11-23T04:00:00.000Z')

  it('is Shanghai time, whatever the machine thinks', () => {
    fc.assert(
      fc.property(moment, (at) => {
        expect(dayOf(at)).toBe(shanghaiDay(at))
        expect(toLocalInput(at)).toBe(`${shanghaiClock(at).day}T${shanghaiClock(at).time}`)
      }),
    )
  })

  it('reads a form in Shanghai time and gives it back', () => {
    expect(fromLocalInput('2026-11-24T08:00')).toBe('2026-11-24T00:00:00.000Z')
    expect(toLocalInput('2026-11-23T16:30:00.000Z')).toBe('2026-11-24T00:30')
    expect(['', '2026-02-30T08:00', '2026-11-24 08:00', '2026-11-24T25:00'].map(fromLocalInput)).toEqual(
      Array.from({ length: 4 }, () => undefined),
    )
  })

  it('says today and tomorrow by the Shanghai day', () => {
    expect(momentText('2026-11-23T15:59:00.000Z', now, 'zh')).toBe('今天 23:59')
    expect(momentText('2026-11-23T16:00:00.000Z', now, 'zh')).toBe('明天 00:00')
    expect(momentText('2026-11-26T12:00:00.000Z', now, 'zh')).toBe('11月26日 周四 20:00')
    expect(momentText('2026-11-26T12:00:00.000Z', now, 'en')).toBe('Thu 26 Nov 20:00')
    expect(dayText('2026-11-23', 'zh')).toBe('11月23日 周一')
    expect(spanText('2026-11-24T08:30:00.000Z', '2026-11-24T12:00:00.000Z', now, 'zh')).toBe('明天 16:30–20:00')
  })

  it('says how long is left, and nothing once it is over', () => {
    expect(leftText('2026-11-23T04:12:00.000Z', now, 'zh')).toBe('还剩 12 分钟')
    expect(leftText('2026-11-23T09:20:00.000Z', now, 'zh')).toBe('还剩 5 小时 20 分')
    expect(leftText('2026-11-26T04:00:00.000Z', now, 'zh')).toBe('还剩 3 天')
    expect(leftText('2026-11-23T04:00:00.000Z', now, 'zh')).toBeUndefined()
  })
})
