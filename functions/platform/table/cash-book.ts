import { setTimeout as sleep } from 'node:timers/promises'
import {
  type BookDay,
  type Booked,
  bookCount,
  bookedAt,
  bookMove,
  emptyBook,
  type Till,
} from '#shared/kernel/cash-book.ts'
import { type Instant, shanghaiDay } from '#shared/kernel/time.ts'
import { Busy } from '../busy.ts'
import {
  type CashCountItem,
  cashCountItem,
  type CashDayItem,
  cashDayItem,
  type CashIdItem,
  cashIdItem,
  type CashMoveItem,
  cashMoveItem,
  type CashTillItem,
  cashTillItem,
} from './items/cash.ts'
import { index, keys } from './keys.ts'
import { get, NOT_EXISTS, type Write } from './table.ts'

/** A till’s book as it was read, at the moment at which its next line is written. */
export type Book = {
  readonly communityId: string
  readonly at: Instant
  readonly stored: CashTillItem | undefined
  readonly storedDay: CashDayItem | undefined
  readonly till: Till
  readonly day: BookDay | undefined
}

/** So many lines at once are written one after the other before somebody is asked to come back. */
export const BOOK_TRIES_MAX = 16
const WAIT_MAX_MS = 25

export async function loadTill(communityId: string): Promise<CashTillItem | undefined> {
  return get(cashTillItem, keys.cashTill(communityId))
}

/** A till and its day as one line left them both: read between two lines they are read again. */
export async function loadBook(communityId: string, now: Instant): Promise<Book> {
  for (let attempt = 0; attempt < BOOK_TRIES_MAX; attempt++) {
    const stored = await loadTill(communityId)
    const at = bookedAt(stored, now)
    const day = await get(cashDayItem, keys.cashDay(communityId, shanghaiDay(at)))
    if (day !== undefined && day.lastSeq !== stored?.version) continue
    return { communityId, at, stored, storedDay: day, till: stored ?? emptyBook(at), day }
  }
  throw new Busy()
}

/** Another line was written first: a moment, so that two do not meet again. */
export async function waitForBook(attempt: number): Promise<void> {
  if (attempt > 0) await sleep(Math.random() * WAIT_MAX_MS * Math.min(attempt, 8))
}

type By = { readonly by: string; readonly byName: string; readonly hash: string }
export type Move = Pick<CashMoveItem, 'moveId' | 'kind' | 'deltaFen'> &
  Partial<Pick<CashMoveItem, 'orderId' | 'refundId' | 'receivedBy' | 'bankReference' | 'bankedOn' | 'words'>> &
  By
export type Count = Pick<CashCountItem, 'countId' | 'countedFen' | 'expectedFen' | 'words'> & By

/**
 * The next line of the book, for the transaction that it belongs to: the movement, its id, the till and its day. All hang on
 * the till’s version, so that the lines of a book are one row whoever writes them.
 */
export function moveWrites(book: Book, move: Move): { writes: Write[]; item: CashMoveItem } {
  const booked = bookMove(book.till, book.day, move, book.at)
  const { item, writes } = moveLine(book, move, booked)
  return { item, writes: [...writes, ...bookWrites(book, booked, book.stored?.lastCount)] }
}

/** A count; what differs is a movement of its own, before it and in the same transaction, under an id made from the count’s. */
export function countWrites(book: Book, count: Count, differenceId: string): { writes: Write[]; item: CashCountItem } {
  const { communityId, at } = book
  const { hash, ...said } = count
  const deltaFen = count.countedFen - count.expectedFen
  const writes: Write[] = []
  let { till, day } = book
  if (deltaFen !== 0) {
    const { by, byName, words } = count
    const move: Move = { moveId: differenceId, kind: 'over-short', deltaFen, by, byName, hash, words }
    const booked = bookMove(till, day, move, at)
    writes.push(...moveLine(book, move, booked).writes)
    ;({ till, day } = booked)
  }
  const counted = bookCount(till, day, count.by, at)
  const { seq } = counted
  const item = cashCountItem.parse({
    ...{ entity: 'cashCount', v: 1, communityId, at, seq, day: counted.day.day },
    ...said,
  })
  writes.push(
    { put: { ...keys.cashCount(communityId, item.day, seq), ...item }, condition: NOT_EXISTS },
    idWrite(count.countId, { communityId, day: item.day, seq, what: 'count', hash }),
    ...bookWrites(book, counted, {
      ...{ seq, at, by: count.by, day: item.day, countId: count.countId },
      ...{ countedFen: count.countedFen, differenceFen: deltaFen },
    }),
  )
  return { writes, item }
}

function moveLine({ communityId, at }: Book, { hash, ...move }: Move, { seq, balanceFen, day: { day } }: MoveBooked) {
  const item = cashMoveItem.parse({ entity: 'cashMove', v: 1, communityId, day, seq, balanceFen, at, ...move })
  const writes: Write[] = [
    { put: { ...keys.cashMove(communityId, day, seq), ...item }, condition: NOT_EXISTS },
    idWrite(move.moveId, { communityId, day, seq, what: 'move', hash }),
  ]
  return { item, writes }
}
type MoveBooked = ReturnType<typeof bookMove>

function idWrite(id: string, of: Omit<CashIdItem, 'entity' | 'v'>): Write {
  return {
    put: { ...keys.cashId(id), ...cashIdItem.parse({ entity: 'cashId', v: 1, ...of }) },
    condition: NOT_EXISTS,
  }
}

function bookWrites(before: Book, { till, day }: Booked, lastCount: CashTillItem['lastCount']): Write[] {
  const { communityId, stored, storedDay } = before
  const item = cashTillItem.parse({
    ...{ entity: 'cashTill', v: 1, communityId, startedAt: stored?.startedAt ?? before.at },
    ...{ ...till, lastCount },
  })
  const dayItem = cashDayItem.parse({ entity: 'cashDay', v: 1, communityId, ...day })
  return [
    {
      put: { ...keys.cashTill(communityId), ...index.cashTills(communityId), ...item },
      ...(stored === undefined ? { condition: NOT_EXISTS } : asRead('version', stored.version)),
    },
    {
      put: { ...keys.cashDay(communityId, day.day), ...dayItem },
      ...(storedDay === undefined ? { condition: NOT_EXISTS } : asRead('lastSeq', storedDay.lastSeq)),
    },
  ]
}

function asRead(name: string, value: number) {
  return { condition: '#was = :was', expression: { names: { '#was': name }, values: { ':was': value } } }
}

export async function findCashId(id: string): Promise<CashIdItem | undefined> {
  return get(cashIdItem, keys.cashId(id))
}

export async function getCashMove({ communityId, day, seq }: CashIdItem): Promise<CashMoveItem | undefined> {
  return get(cashMoveItem, keys.cashMove(communityId, day, seq))
}

export async function getCashCount({ communityId, day, seq }: Pick<CashIdItem, 'communityId' | 'day' | 'seq'>) {
  return get(cashCountItem, keys.cashCount(communityId, day, seq))
}
