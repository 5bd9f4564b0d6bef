import { describe, expect, it } from 'vitest'
import { ENTRIES_PER_PART, ledgerParts, lineSeq, linesOfPart } from '#web/lib/funds/ledger-parts.ts'

describe('a ledger in parts', () => {
  it('covers each entry once, in order', () => {
    for (const seq of [0, 1, ENTRIES_PER_PART, ENTRIES_PER_PART + 1, 25_000]) {
      const parts = ledgerParts(seq)
      expect(parts[0]?.from).toBe(1)
      expect(parts.at(-1)?.to).toBe(seq)
      parts.slice(1).forEach((part, index) => expect(part.from).toBe((parts[index]?.to ?? 0) + 1))
    }
  })

  it('put together is the export to the byte', () => {
    const lines = Array.from({ length: 9 }, (_each, index) => `{"kind":"sale","seq":${index + 1}}\n`)
    const head = '{"kind":"head","seq":9}\n'
    const first = linesOfPart('jsonl', [...lines.slice(0, 7)].join(''), 4)
    const last = linesOfPart('jsonl', [...lines.slice(4), head].join(''), undefined)
    expect(first + last).toBe(lines.join('') + head)
  })

  it('knows an entry from a header and from the head', () => {
    expect(lineSeq('jsonl', '{"amountFen":1,"kind":"sale","seq":7}')).toBe(7)
    expect(lineSeq('jsonl', '{"kind":"head","seq":7}')).toBeUndefined()
    expect(lineSeq('csv', '7,2026-11-23 20:00,成交')).toBe(7)
    expect(lineSeq('csv', '\ufeff序号,记账时间')).toBeUndefined()
  })
})
