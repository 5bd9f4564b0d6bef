import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { publicLine, publicLines } from '#shared/kernel/public-text.ts'

const line = publicLine(z.string())
const lines = publicLines(z.string())

describe('text that everybody reads', () => {
  it.each([
    '请打 13800138000',
    '+86 13800138000',
    '8613800138000',
    '2026-11-27 13800138000',
    '138 0013 8000',
    '138.0013.8000',
    '138—0013—8000',
    '１３８００１３８０００',
    '330106199001011234',
    '330106199001011234 2026',
    '330106 19900101 123x',
  ])('holds no telephone or identity number: %s', (text) => {
    expect([line.safeParse(text).success, lines.safeParse(text).success]).toEqual([false, false])
  })

  it.each([
    '建账以前由慈善总会代管的结余',
    '2026-11-27 对账，多记 128600.00 元',
    '凭证 2026110001，第 12 号；2026年1月1日至2026年12月31日',
    '第 1 条至第 19 条，¥1,380.01，380 户',
    '银行手续费 2026-10-01—2026-10-31',
    '流水号 202611270001，20261127134567890123',
    // Of an office.
    '电话 0635-8246000',
  ])('holds dates, sums and numbers of papers: %s', (text) => {
    expect(line.safeParse(text).success).toBe(true)
  })

  it('holds nothing that is not seen, and no mark-up', () => {
    for (const text of ['1\u200b2', 'a\u202eb', 'a\u0007b', '<b>', 'a\u00adb', '\ufeffa']) {
      expect([line.safeParse(text).success, lines.safeParse(text).success]).toEqual([false, false])
    }
    expect([line.safeParse('a\nb').success, lines.safeParse('a\nb').success]).toEqual([false, true])
  })
})
