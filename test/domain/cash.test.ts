import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CASH_COUNTS_A_DAY_MAX } from '#shared/contracts/cash.ts'
import { bankingHint, decideBanking } from '#shared/domain/cash/bank.ts'
import {
  balanceOf,
  type BookDay,
  type CashKind,
  bookCount,
  bookedAt,
  bookMove,
  emptyBook,
  overShortSince,
  signed,
  type Till,
} from '#shared/kernel/cash-book.ts'
import { decideCount } from '#shared/domain/cash/count.ts'

const NOW = '2026-11-26T10:00:00.000Z'
const till = (more: Partial<Till> = {}): Till => ({ balanceFen: 4_140, version: 7, lastAt: NOW, ...more })
const count = (countedFen: number, words?: string, version = 7) => ({ version, countedFen, words })

describe('the book of a till', () => {
  it('signs a sum by what it is', () => {
    expect((['taken', 'handed-back', 'banked', 'brought-in'] as const).map((kind) => signed(kind, 5))).toEqual([
      ...[5, -5, -5, 5],
    ])
    expect(() => signed('taken', 0)).toThrow()
    expect(() => bookMove(emptyBook(NOW), undefined, { kind: 'banked', deltaFen: 5 }, NOW)).toThrow()
  })

  it('goes on in time: what was begun earlier and written later is of the later moment', () => {
    expect(bookedAt(till(), '2026-11-26T09:59:59.000Z')).toBe(NOW)
    expect(bookedAt(till(), '2026-11-26T10:00:01.000Z')).toBe('2026-11-26T10:00:01.000Z')
    expect(bookedAt(undefined, NOW)).toBe(NOW)
    const early = () => bookMove(till(), undefined, { kind: 'taken', deltaFen: 1 }, '2026-11-26T09:00:00.000Z')
    expect(early).toThrow()
  })

  it('lays out money only by handing back', () => {
    expect(bookMove(till(), undefined, { kind: 'handed-back', deltaFen: -5_000 }, NOW).balanceFen).toBe(-860)
    expect(() => bookMove(till(), undefined, { kind: 'banked', deltaFen: -5_000 }, NOW)).toThrow()
    // Part of what was laid out comes in again.
    expect(bookMove(till({ balanceFen: -500 }), undefined, { kind: 'taken', deltaFen: 100 }, NOW).balanceFen).toBe(-400)
  })

  it('begins each day with what the last one ended with, and every day adds up, whatever happens', () => {
    const kinds = fc.constantFrom<CashKind>('taken', 'handed-back', 'banked', 'brought-in', 'over-short')
    const move = fc.record({
      kind: kinds,
      amountFen: fc.integer({ min: 1, max: 9_999 }),
      days: fc.constantFrom(0, 0, 1, 9),
    })
    fc.assert(
      fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
        let now = Date.parse(NOW)
        let book: Till = emptyBook(NOW)
        let day: BookDay | undefined
        const days: BookDay[] = []
        let sum = 0
        for (const { kind, amountFen, days: later } of moves) {
          now += later * 86_400_000
          if (later > 0 && day !== undefined) {
            days.push(day)
            day = undefined
          }
          const up = kind === 'over-short' ? amountFen : signed(kind, amountFen)
          if (kind === 'banked' && book.balanceFen + up < 0) continue
          const booked = bookMove(book, day, { kind, deltaFen: up }, new Date(now).toISOString())
          ;[book, day] = [booked.till, booked.day]
          sum += up
          expect(booked.seq).toBe(book.version)
          if (sum < 0) continue
          ;({ till: book, day } = bookCount(book, day, 'worker-1', book.lastAt))
        }
        if (day !== undefined) days.push(day)
        expect(book.balanceFen).toBe(sum)
        days.forEach((each, at) => {
          expect(each.openingFen).toBe(days[at - 1]?.closingFen ?? 0)
          expect(balanceOf(each)).toBe(each.closingFen)
        })
        expect(days.at(-1)?.closingFen ?? 0).toBe(sum)
      }),
    )
  })
})

describe('what was over and short', () => {
  it('is known of the last thirty days, each way for itself', () => {
    const on = (day: string, of: Till, deltaFen: number) =>
      bookMove(of, undefined, { kind: 'over-short', deltaFen }, `${day}T02:00:00.000Z`).till
    let book = on('2026-11-01', emptyBook('2026-11-01T00:00:00.000Z'), 500)
    book = on('2026-11-20', on('2026-11-20', book, -100), 30)
    expect(overShortSince(book, '2026-11-30')).toEqual({ overFen: 530, shortFen: 100 })
    expect(overShortSince(book, '2026-12-01')).toEqual({ overFen: 30, shortFen: 100 })
    expect(overShortSince(on('2027-01-01', book, -7), '2027-01-01')).toEqual({ overFen: 0, shortFen: 7 })
    expect(on('2027-01-01', book, -7).overShort).toHaveLength(1)
    expect(overShortSince(emptyBook(NOW), '2026-11-26')).toEqual({ overFen: 0, shortFen: 0 })
  })
})

describe('a count', () => {
  it('of what is there closes nothing and changes nothing', () => {
    expect(decideCount(till(), undefined, count(4_140))).toEqual({
      ...{ kind: 'counted', expectedFen: 4_140, differenceFen: 0 },
    })
    const booked = bookCount(till(), undefined, 'worker-1', NOW)
    const lastCount = { by: 'worker-1', seq: 8, countedFen: 4_140 }
    expect(booked.till).toMatchObject({ balanceFen: 4_140, version: 8, lastCount })
    expect(booked.day).toMatchObject({ openingFen: 4_140, closingFen: 4_140, countCount: 1, countedBy: ['worker-1'] })
  })

  it.each([4_139, 4_241, 0])('of %d that differs has to say why, and is not told what it should be', (counted) => {
    const no = decideCount(till(), undefined, count(counted))
    expect(no).toMatchObject({ code: 'CASH_DIFFERS', fields: { words: expect.any(String) } })
    expect(JSON.stringify(no)).not.toMatch(/\d|多|少/)
    expect(decideCount(till(), undefined, count(counted, '找错零钱'))).toEqual({
      ...{ kind: 'counted', expectedFen: 4_140, differenceFen: counted - 4_140 },
    })
  })

  it.each(['', '错', undefined])('that differs says why in words, not in a dash: %s', (words) => {
    expect(decideCount(till(), undefined, count(1, words))).toMatchObject({
      ...{ code: 'CASH_DIFFERS', fields: { words: expect.stringContaining('两个字以上') } },
    })
    expect(decideCount(till(), undefined, count(4_140, words))).toMatchObject({ kind: 'counted' })
  })

  it('is not made by who has not seen the last movement, nor while somebody has laid out money', () => {
    expect(decideCount(till(), undefined, count(4_140, undefined, 6))).toMatchObject({ code: 'CASH_MOVED' })
    expect(decideCount(till({ balanceFen: -1 }), undefined, count(0, '没钱'))).toMatchObject({ code: 'CASH_LAID_OUT' })
  })

  it('is made so often and no more', () => {
    const often = { countCount: CASH_COUNTS_A_DAY_MAX }
    expect(decideCount(till(), often, count(4_140))).toMatchObject({ code: 'TOO_MANY_COUNTS' })
    expect(decideCount(till(), { countCount: CASH_COUNTS_A_DAY_MAX - 1 }, count(4_140))).toMatchObject({
      kind: 'counted',
    })
  })
})

describe('a banking', () => {
  const counted = till({ lastCount: { seq: 7, at: NOW, by: 'worker-1', day: '2026-11-26', countedFen: 4_140 } })
  const bank = (amountFen: number, bankedOn = '2026-11-26', who = 'worker-2', of = counted) =>
    decideBanking(of, { amountFen, bankedOn }, who, NOW)

  it('is of the slip’s sum, up to all that is there', () => {
    expect(bank(1)).toEqual({ kind: 'decided' })
    expect(bank(4_140)).toEqual({ kind: 'decided' })
    expect(bank(4_141)).toMatchObject({ code: 'MORE_THAN_IN_TILL', fields: { amountFen: expect.any(String) } })
    expect(JSON.stringify(bank(4_141))).not.toContain('41')
  })
  it('is of no more than was counted last: what came later is counted first', () => {
    const more = { ...counted, balanceFen: 9_000 }
    expect(bank(4_140, '2026-11-26', 'worker-2', more)).toEqual({ kind: 'decided' })
    const no = bank(4_141, '2026-11-26', 'worker-2', more)
    expect(no).toMatchObject({ code: 'MORE_THAN_COUNTED', fields: { amountFen: expect.stringContaining('请先清点') } })
    // A worker who has to count first learns nothing from it.
    expect(JSON.stringify(no)).not.toMatch(/41/)
    const { countedFen: _unknown, ...old } = counted.lastCount ?? { countedFen: 0 }
    expect(bank(1, '2026-11-26', 'worker-2', { ...counted, lastCount: old as never })).toMatchObject({
      code: 'NOT_COUNTED',
    })
  })
  it('is recorded by another person than the one who counted', () => {
    expect(bank(1, '2026-11-26', 'worker-1')).toMatchObject({ code: 'FOUR_EYES' })
  })
  it('needs a count of its own', () => {
    expect(bank(1, '2026-11-26', 'worker-2', till())).toMatchObject({ code: 'NOT_COUNTED' })
    const banked = { ...counted, lastBanked: { seq: 8, at: NOW } }
    expect(bank(1, '2026-11-26', 'worker-2', banked)).toMatchObject({ code: 'NOT_COUNTED' })
    expect(bankingHint({ ...counted, lastBanked: { seq: 6, at: NOW } }, 'worker-2')).toBe('allowed')
  })
  it.each([
    ['2026-11-27', 'BAD_DAY'],
    ['2026-09-26', 'BAD_DAY'],
    ['2026-09-27', undefined],
  ])('of %s: in time to come or long ago is no day for a slip', (on, code) => {
    const decision = bank(1, on)
    expect('code' in decision ? decision.code : undefined).toBe(code)
    if (code !== undefined) expect(decision).toMatchObject({ fields: { bankedOn: expect.any(String) } })
  })
})
