import {
  type Booking,
  type BookCategory,
  ENTRIES_OF_QUARTER_MAX,
  incomeCategories,
} from '#shared/contracts/sunshine-book.ts'
import { type Refused, refused } from '#shared/kernel/outcome.ts'
import { quarterAfter, quarterOf, type Quarter } from '#shared/kernel/quarters.ts'
import type { ShanghaiDay } from '#shared/kernel/time.ts'
import { type Book, type BookEntry, type Money, sumOf } from './book.ts'

export type DecidedEntry<Code extends string> = { readonly kind: 'entry'; readonly money: Money } | Refused<Code>

type Booked = 'QUARTER_PUBLISHED' | 'NOT_CORRECTABLE' | 'TOO_MANY'

export function decideRecording(
  book: Book,
  asked: {
    readonly day: ShanghaiDay
    readonly category: BookCategory
    readonly amountFen: number
    readonly text: string
    readonly voucher: string
    readonly booking: Booking
  },
  today: ShanghaiDay,
): DecidedEntry<Booked | 'DAY_TO_COME' | 'BEFORE_THE_BOOK'> {
  const { day, category } = asked
  if (day > today) return refused('DAY_TO_COME', '日期还没有到', { day: '日期还没有到' })
  const quarter = quarterOf(day)
  if (quarter < book.firstQuarter) {
    return refused('BEFORE_THE_BOOK', '这一天在启用账簿以前，已经算在期初余额里', { day: '在启用账簿以前' })
  }
  const direction = incomeCategories.some((each) => each === category) ? 'income' : 'expense'
  return booked(book, { ...asked, direction, quarter })
}

/**
 * An entry is never changed: another one takes it back, and counts with it in the same quarter, or in a later one once that
 * is published.
 */
export function decideReversal(
  book: Book,
  entry: BookEntry | undefined,
  isReversed: boolean,
  asked: { readonly text: string; readonly booking: Booking },
): DecidedEntry<Booked | 'UNKNOWN_ENTRY' | 'REVERSED_ONCE' | 'NOT_REVERSIBLE'> {
  if (entry === undefined) return refused('UNKNOWN_ENTRY', '账上没有这一笔')
  if (entry.reverses !== undefined) return refused('NOT_REVERSIBLE', '这一笔本身是冲销，请重新记一笔')
  if (isReversed) return refused('REVERSED_ONCE', '这一笔已经冲销过')
  const { day, category, direction, amountFen, voucher, quarter, seq } = entry
  return booked(book, { ...asked, day, category, direction, amountFen, voucher, quarter, reverses: seq })
}

/** Puts it in the quarter where it may still be: nothing enters a published one but what corrects the last of them. */
function booked(book: Book, money: Money): DecidedEntry<Booked> {
  const through = book.publishedThrough
  const isPublished = through !== undefined && money.quarter <= through
  const placed = isPublished ? placedLater(through, money) : ({ ...money, booking: 'in-time' } as const)
  if ('kind' in placed) return placed
  if (sumOf(book, placed.quarter).entries >= ENTRIES_OF_QUARTER_MAX) {
    return refused('TOO_MANY', `一个季度最多 ${ENTRIES_OF_QUARTER_MAX} 笔`)
  }
  return { kind: 'entry', money: placed }
}

function placedLater(through: Quarter, money: Money): Money | Refused<Booked> {
  switch (money.booking) {
    case 'in-time':
      return refused('QUARTER_PUBLISHED', '这个季度已经公示，请选“补记”或“更正”', { booking: '这个季度已经公示' })
    case 'late':
      return { ...money, quarter: quarterAfter(through) }
    case 'correction':
      return money.quarter === through
        ? money
        : refused('NOT_CORRECTABLE', '只能更正最近公示的一个季度，更早的请补记', { booking: '只能更正最近一期' })
  }
}
