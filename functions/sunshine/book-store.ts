import { ENTRIES_OF_QUARTER_MAX } from '#shared/contracts/sunshine-book.ts'
import { afterEntry, type Book, type BookEntry, type Money } from '#shared/domain/sunshine/book.ts'
import type { Quarter } from '#shared/kernel/quarters.ts'
import type { Instant } from '#shared/kernel/time.ts'
import {
  sunshineBookItem,
  type SunshineBookItem,
  sunshineEntryItem,
  sunshineQuarterItem,
  sunshineReversedItem,
  sunshineSentItem,
} from '#functions/platform/table/items/sunshine.ts'
import { sunshineIndex, sunshineKeys } from '#functions/platform/table/sunshine-keys.ts'
import { get, NOT_EXISTS, queryAll, transact, type Write } from '#functions/platform/table/table.ts'

const BOOKS_OF_BODY_MAX = 100

/** A compound's book (pattern S1). */
export function loadBook(compoundId: string): Promise<SunshineBookItem | undefined> {
  return get(sunshineBookItem, sunshineKeys.book(compoundId))
}

/** Books that a body keeps (pattern S4). */
export function booksOf(bodyId: string): Promise<SunshineBookItem[]> {
  const { GSI1PK: pk } = sunshineIndex.keptBy(bodyId, '')
  return queryAll(sunshineBookItem, { pk, index: 'GSI1', max: BOOKS_OF_BODY_MAX })
}

export type QuarterEntries = {
  readonly entries: readonly BookEntry[]
  /** Entry to the one that took it back. */
  readonly reversedBy: ReadonlyMap<number, number>
}

/** All entries that count in a quarter, in their order, read consistently (pattern S2). */
export async function loadQuarter(compoundId: string, quarter: Quarter): Promise<QuarterEntries> {
  const { PK: pk } = sunshineKeys.entry(compoundId, quarter, 0)
  const items = await queryAll(sunshineQuarterItem, { pk, max: 2 * ENTRIES_OF_QUARTER_MAX })
  const entries = items.flatMap((item) => {
    if (item.entity !== 'sunshineEntry') return []
    const { entity: _entity, v: _v, ...entry } = item
    return [entry as BookEntry]
  })
  const reversed = items.flatMap((item) =>
    item.entity === 'sunshineReversed' ? [[item.seq, item.reversedBy] as const] : [],
  )
  return { entries, reversedBy: new Map(reversed) }
}

/** The entry that this id made already (pattern S3). */
export function loadSent(compoundId: string, entryId: string) {
  return get(sunshineSentItem, sunshineKeys.sent(compoundId, entryId))
}

export async function loadEntry(compoundId: string, quarter: Quarter, seq: number): Promise<BookEntry | undefined> {
  const item = await get(sunshineEntryItem, sunshineKeys.entry(compoundId, quarter, seq))
  if (item === undefined) return undefined
  const { entity: _entity, v: _v, ...entry } = item
  return entry as BookEntry
}

export function saveOpened(item: SunshineBookItem, also: readonly Write[]) {
  return transact([{ ...putBook(item), condition: NOT_EXISTS }, ...also])
}

type Sent = { readonly entryId: string; readonly bodyHash: string; readonly personId: string; readonly at: Instant }

/** The entry, the sums with it, and the id that made it: all or nothing, and only if nobody wrote in the book meanwhile. */
export async function saveEntry(
  before: SunshineBookItem,
  money: Money,
  { entryId, bodyHash, personId, at }: Sent,
  reversed?: BookEntry,
): Promise<BookEntry | 'again'> {
  const book = afterEntry(before, money)
  const { compoundId } = before
  const { seq, balanceFen } = book
  const entry: BookEntry = { ...money, seq, balanceFen, recordedAt: at, personId }
  const done = await transact([
    bookWrite(before, book),
    {
      put: {
        ...sunshineKeys.entry(compoundId, money.quarter, seq),
        ...sunshineEntryItem.parse({ entity: 'sunshineEntry', v: 1, ...entry }),
      },
      condition: NOT_EXISTS,
    },
    {
      put: {
        ...sunshineKeys.sent(compoundId, entryId),
        ...sunshineSentItem.parse({ entity: 'sunshineSent', v: 1, entryId, bodyHash, quarter: money.quarter, seq }),
      },
      condition: NOT_EXISTS,
    },
    ...(reversed === undefined ? [] : [reversedWrite(compoundId, reversed, seq)]),
  ])
  return done.kind === 'done' ? entry : 'again'
}

/** Taken back once, whoever else asks at the same moment. */
function reversedWrite(compoundId: string, { quarter, seq }: BookEntry, reversedBy: number): Write {
  return {
    put: {
      ...sunshineKeys.reversed(compoundId, quarter, seq),
      ...sunshineReversedItem.parse({ entity: 'sunshineReversed', v: 1, seq, reversedBy }),
    },
    condition: NOT_EXISTS,
  }
}

/** The book as it is now, if it still is what was read. */
export function bookWrite(before: SunshineBookItem, book: Book): Write {
  return {
    ...putBook({ ...before, ...book, quarters: [...book.quarters] }),
    condition: '#revision = :before',
    expression: { names: { '#revision': 'revision' }, values: { ':before': before.revision } },
  }
}

function putBook(item: SunshineBookItem): { readonly put: Extract<Write, { put: unknown }>['put'] } {
  const { compoundId, bodyId } = item
  return {
    put: {
      ...sunshineKeys.book(compoundId),
      ...sunshineIndex.keptBy(bodyId, compoundId),
      ...sunshineBookItem.parse(item),
    },
  }
}
