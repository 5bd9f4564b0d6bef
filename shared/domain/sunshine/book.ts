import type { Booking, BookCategory, Direction, SunshineEntry } from '#shared/contracts/sunshine-book.ts'
import { assert } from '#shared/kernel/assert.ts'
import { quarterAfter, type Quarter } from '#shared/kernel/quarters.ts'
import type { Instant, ShanghaiDay } from '#shared/kernel/time.ts'

/** What the entries of a quarter add up to. */
export type QuarterSum = { readonly quarter: Quarter; readonly entries: number; readonly deltaFen: number }

/**
 * A compound's second book as it stands. Entries are in partitions of their own, by the quarter that they count in; this is
 * their sum and their lock: each write is one `revision` more.
 */
export type Book = {
  readonly compoundId: string
  readonly bodyId: string
  readonly firstQuarter: Quarter
  readonly openingFen: number
  readonly revision: number
  /** The number of the last entry: 1, 2, 3, without a gap. */
  readonly seq: number
  readonly balanceFen: number
  readonly publishedThrough?: Quarter | undefined
  /** What the book was before the first of `quarters`: it can change no more. */
  readonly settledFen: number
  /** The last published quarter and all after it that have entries. */
  readonly quarters: readonly QuarterSum[]
  /** Correcting entries that no publication shows yet. */
  readonly correcting: boolean
}

/** An entry as it is kept: written once. */
export type BookEntry = Omit<SunshineEntry, 'balanceFen'> & {
  /** In which it counts. */
  readonly quarter: Quarter
  /** Of the whole book after it. */
  readonly balanceFen: number
  readonly recordedAt: Instant
  readonly personId: string
}

export type Money = {
  readonly day: ShanghaiDay
  readonly category: BookCategory
  readonly direction: Direction
  readonly amountFen: number
  readonly text: string
  readonly voucher: string
  readonly booking: Booking
  readonly quarter: Quarter
  readonly reverses?: number
}

/** What an entry changes: a reversal takes back what its entry did. */
export function deltaFen({
  direction,
  amountFen,
  reverses,
}: {
  readonly direction: Direction
  readonly amountFen: number
  readonly reverses?: number | undefined
}): number {
  const isMore = (direction === 'income') === (reverses === undefined)
  return isMore ? amountFen : -amountFen
}

/** The quarter that is published next. */
export function nextQuarterOf({ publishedThrough, firstQuarter }: Book): Quarter {
  return publishedThrough === undefined ? firstQuarter : quarterAfter(publishedThrough)
}

export function openingOf(book: Book, quarter: Quarter): number {
  return book.quarters
    .filter((each) => each.quarter < quarter)
    .reduce((sum, each) => sum + each.deltaFen, book.settledFen)
}

export function sumOf(book: Book, quarter: Quarter): QuarterSum {
  return book.quarters.find((each) => each.quarter === quarter) ?? { quarter, entries: 0, deltaFen: 0 }
}

/** The book with one entry more. */
export function afterEntry(book: Book, money: Money): Book {
  const change = deltaFen(money)
  const sum = sumOf(book, money.quarter)
  const changed = { ...sum, entries: sum.entries + 1, deltaFen: sum.deltaFen + change }
  const others = book.quarters.filter(({ quarter }) => quarter !== money.quarter)
  return balanced({
    ...book,
    revision: book.revision + 1,
    seq: book.seq + 1,
    balanceFen: book.balanceFen + change,
    quarters: [...others, changed].sort((left, right) => (left.quarter < right.quarter ? -1 : 1)),
    correcting: book.correcting || money.booking === 'correction',
  })
}

/** The book after a publication of a quarter: the next one, or the last one corrected. */
export function afterPublication(book: Book, quarter: Quarter): Book {
  const isFirst = quarter !== book.publishedThrough
  assert(!isFirst || quarter === nextQuarterOf(book), 'quarters are published one after the other')
  return balanced({
    ...book,
    revision: book.revision + 1,
    publishedThrough: quarter,
    correcting: false,
    settledFen: openingOf(book, quarter),
    quarters: book.quarters.filter((each) => each.quarter >= quarter),
  })
}

function balanced(book: Book): Book {
  const sum = book.quarters.reduce((total, each) => total + each.deltaFen, book.settledFen)
  assert(sum === book.balanceFen, 'the balance is what its quarters add up to')
  assert(Number.isSafeInteger(book.balanceFen), 'a balance is whole fen')
  return book
}
