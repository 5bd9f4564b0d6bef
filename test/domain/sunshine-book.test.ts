import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  afterPublication,
  type BookEntry,
  deltaFen,
  nextQuarterOf,
  openingOf,
  sumOf,
} from '#shared/domain/sunshine/book.ts'
import { decideRecording, decideReversal } from '#shared/domain/sunshine/decide-entry.ts'
import { decideOpening } from '#shared/domain/sunshine/decide-opening.ts'
import { figuresOf, publishedEntries } from '#shared/domain/sunshine/figures.ts'
import { bookings, ENTRIES_OF_QUARTER_MAX, incomeCategories, bookCategories } from '#shared/contracts/sunshine-book.ts'
import { daysOf, quarterAfter, quarterOf, type Quarter } from '#shared/kernel/quarters.ts'
import { plusDays, shanghaiDay } from '#shared/kernel/time.ts'
import { keep, type Kept, newBook, NOW, Q3, Q4, someMoney } from './sunshine-story.ts'

const today = shanghaiDay(NOW)
const asked = { ...someMoney }
const published = afterPublication(keep({ book: newBook, entries: [] }, someMoney).book, Q3)

describe('a quarter', () => {
  it.each([
    ['2026-01-01', '2026-q1'],
    ['2026-03-31', '2026-q1'],
    ['2026-04-01', '2026-q2'],
    ['2026-09-30', '2026-q3'],
    ['2026-12-31', '2026-q4'],
  ])('%s is in %s', (day, quarter) => expect(quarterOf(day)).toBe(quarter))

  it('has its first and its last day', () => {
    expect(daysOf('2028-q1')).toEqual({ fromDay: '2028-01-01', toDay: '2028-03-31' })
    expect(daysOf('2026-q4')).toEqual({ fromDay: '2026-10-01', toDay: '2026-12-31' })
  })
})

describe('an entry', () => {
  it('counts in the quarter of its day, while that is open', () => {
    expect(decideRecording(newBook, asked, today)).toMatchObject({ kind: 'entry', money: { quarter: Q3 } })
    const now = { ...asked, day: '2026-10-12' }
    expect(decideRecording(newBook, now, today)).toMatchObject({ money: { quarter: Q4, booking: 'in-time' } })
    expect(decideRecording(newBook, { ...asked, day: '2026-10-13' }, today)).toMatchObject({ code: 'DAY_TO_COME' })
    expect(decideRecording(newBook, { ...asked, day: '2026-06-30' }, today)).toMatchObject({ code: 'BEFORE_THE_BOOK' })
  })

  it.each([
    ['2026-08-15', 'in-time', 'QUARTER_PUBLISHED', undefined],
    ['2026-08-15', 'late', undefined, Q4],
    ['2026-08-15', 'correction', undefined, Q3],
    // Nothing of it is published yet: late or not, it is in time.
    ['2026-10-02', 'late', undefined, Q4],
    ['2026-10-02', 'correction', undefined, Q4],
  ] as const)('of %s as %s, when the third quarter is published: %s %s', (day, booking, code, quarter) => {
    const decided = decideRecording(published, { ...asked, day, booking }, today)
    expect(decided.kind === 'refused' ? decided.code : undefined).toBe(code)
    expect(decided.kind === 'entry' ? decided.money.quarter : undefined).toBe(quarter)
    if (day === '2026-10-02') expect(decided).toMatchObject({ money: { booking: 'in-time' } })
  })

  it('corrects the last published quarter only', () => {
    const both = afterPublication(published, Q4)
    const decided = decideRecording(both, { ...asked, booking: 'correction' }, '2027-01-05')
    expect(decided).toMatchObject({ code: 'NOT_CORRECTABLE' })
    const late = decideRecording(both, { ...asked, booking: 'late' }, '2027-01-05')
    expect(late).toMatchObject({ money: { quarter: '2027-q1', booking: 'late' } })
  })

  it('is taken back with the opposite effect, in its own quarter and category, once', () => {
    const { book, entries } = keep({ book: newBook, entries: [] }, someMoney)
    const decided = decideReversal(book, entries[0], false, { text: '录错了', booking: 'in-time' })
    if (decided.kind !== 'entry') throw new Error(decided.code)
    expect(decided.money).toMatchObject({ reverses: 1, category: 'parking', direction: 'income', quarter: Q3 })
    expect(deltaFen(decided.money)).toBe(-500)
    const after = keep({ book, entries }, decided.money)
    expect(after.book.balanceFen).toBe(10_000)
    expect(figuresOf(10_000, after.entries)).toMatchObject({
      income: [{ category: 'parking', amountFen: 0 }],
      closingFen: 10_000,
    })
    const again = { text: '再来一次', booking: 'in-time' } as const
    expect(decideReversal(book, entries[0], true, again)).toMatchObject({ code: 'REVERSED_ONCE' })
    expect(decideReversal(after.book, after.entries[1], false, again)).toMatchObject({ code: 'NOT_REVERSIBLE' })
    expect(decideReversal(book, undefined, false, again)).toMatchObject({ code: 'UNKNOWN_ENTRY' })
  })

  it('is one of four hundred of its quarter at most', () => {
    const full = (entries: number) => ({
      ...newBook,
      quarters: [{ quarter: Q3, entries, deltaFen: 0 }],
    })
    expect(decideRecording(full(ENTRIES_OF_QUARTER_MAX), asked, today)).toMatchObject({ code: 'TOO_MANY' })
    expect(decideRecording(full(ENTRIES_OF_QUARTER_MAX - 1), asked, today).kind).toBe('entry')
  })
})

describe('opening a book', () => {
  const property = { bodyKind: 'property', communityId: 'x' } as const
  it.each([
    [property, 'x', false, Q4, undefined],
    [property, 'x', true, Q4, 'INTERESTED'],
    [property, 'y', false, Q4, 'NOT_A_PROPERTY_COMPANY'],
    [{ bodyKind: 'property' } as const, 'x', false, Q4, 'NOT_A_PROPERTY_COMPANY'],
    [{ ...property, bodyKind: 'owners-committee' } as const, 'x', false, Q4, 'NOT_A_PROPERTY_COMPANY'],
    [undefined, 'x', false, Q4, 'NOT_A_PROPERTY_COMPANY'],
    [property, 'x', false, '2025-q4', undefined],
    [property, 'x', false, '2025-q3', 'QUARTER_OUT_OF_RANGE'],
    [property, 'x', false, '2027-q1', 'QUARTER_OUT_OF_RANGE'],
  ])('%j in %s, by one of its own: %s, from %s: %s', (body, community, isKeeper, firstQuarter, code) => {
    expect(decideOpening({ firstQuarter }, body, community, isKeeper, Q4)?.code).toBe(code)
  })
})

describe('any life of a book', () => {
  const act = fc.oneof(
    fc.record({
      act: fc.constant('record' as const),
      day: fc.integer({ min: 0, max: 500 }).map((days) => plusDays('2026-07-01', days)),
      category: fc.constantFrom(...bookCategories),
      amountFen: fc.integer({ min: 1, max: 1_000_000_000 }),
      booking: fc.constantFrom(...bookings),
    }),
    fc.record({
      act: fc.constant('reverse' as const),
      which: fc.nat(),
      booking: fc.constantFrom(...bookings),
    }),
    fc.record({ act: fc.constant('publish' as const) }),
    fc.record({ act: fc.constant('correct' as const) }),
  )

  it('balances to the fen, and what was published never changes', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        let kept: Kept = { book: newBook, entries: [] }
        const reversed = new Set<number>()
        /** Of each quarter what its last publication froze. */
        const frozen = new Map<Quarter, { entries: readonly BookEntry[]; closingFen: number }>()
        const of = (quarter: Quarter) => kept.entries.filter((entry) => entry.quarter === quarter)
        const freeze = (quarter: Quarter) => {
          const openingFen = openingOf(kept.book, quarter)
          const entries = of(quarter)
          const figures = figuresOf(openingFen, entries)
          // A snapshot is its entries, begins where the one before ended, and ends where its own lines end.
          expect(figures.closingFen).toBe(openingFen + sumOf(kept.book, quarter).deltaFen)
          expect(publishedEntries(openingFen, entries).at(-1)?.balanceFen ?? openingFen).toBe(figures.closingFen)
          const before = [...frozen.keys()]
            .filter((each) => each < quarter)
            .sort()
            .at(-1)
          expect(openingFen).toBe(before === undefined ? newBook.openingFen : frozen.get(before)?.closingFen)
          kept = { ...kept, book: afterPublication(kept.book, quarter) }
          frozen.set(quarter, { entries, closingFen: figures.closingFen })
        }
        for (const each of acts) {
          const { book } = kept
          if (each.act === 'publish') {
            if (!book.correcting) freeze(nextQuarterOf(book))
          } else if (each.act === 'correct') {
            if (book.publishedThrough !== undefined) freeze(book.publishedThrough)
          } else {
            const entry =
              each.act === 'reverse' ? kept.entries[each.which % Math.max(1, kept.entries.length)] : undefined
            const decided =
              each.act === 'record'
                ? decideRecording(book, { ...someMoney, ...each }, '2028-01-01')
                : decideReversal(book, entry, reversed.has(entry?.seq ?? 0), { text: '录错了', booking: each.booking })
            if (decided.kind === 'refused') continue
            if (entry !== undefined) reversed.add(entry.seq)
            kept = keep(kept, decided.money)
          }
          const sum = kept.entries.reduce((total, entry) => total + deltaFen(entry), newBook.openingFen)
          expect(kept.book.balanceFen).toBe(sum)
          expect(kept.entries.map(({ seq }) => seq)).toEqual(kept.entries.map((_, at) => at + 1))
          for (const [quarter, { entries }] of frozen) {
            const since = of(quarter).slice(entries.length)
            expect(of(quarter).slice(0, entries.length)).toEqual(entries)
            expect(since.every(({ booking }) => booking === 'correction')).toBe(true)
            if (since.length > 0) expect([quarter, kept.book.correcting]).toEqual([kept.book.publishedThrough, true])
          }
        }
        expect(reversed.size).toBe(kept.entries.filter(({ reverses }) => reverses !== undefined).length)
      }),
      { numRuns: 300 },
    )
  })

  it('says what came in by income and what went by expense', () => {
    const entries = bookCategories.map((category, at): BookEntry => ({
      ...{ ...someMoney, category, seq: at + 1, amountFen: at + 1, balanceFen: 0, recordedAt: NOW, personId: 'k' },
      direction: incomeCategories.some((each) => each === category) ? 'income' : 'expense',
    }))
    const figures = figuresOf(0, entries)
    expect([figures.incomeFen, figures.expenseFen, figures.closingFen]).toEqual([10, 45, -35])
    expect(quarterAfter('2026-q4')).toBe('2027-q1')
  })
})
