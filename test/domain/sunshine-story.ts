import type { BookEntry, Book, Money } from '#shared/domain/sunshine/book.ts'
import { afterEntry } from '#shared/domain/sunshine/book.ts'
import { firstAwaited } from '#shared/domain/sunshine/awaiting.ts'
import { afterStep, type Disclosure, foldDisclosure } from '#shared/domain/sunshine/disclosure.ts'
import type { SunshinePerson } from '#shared/domain/sunshine/persons.ts'
import type { SunshineFacts } from '#shared/domain/sunshine/steps.ts'
import { DAY_MS, plusMs } from '#shared/kernel/time.ts'

export const Q3 = '2026-q3'
export const Q4 = '2026-q4'
/** In the quarter after. */
export const NOW = '2026-10-12T02:00:00.000Z'
export const later = (days: number, from = NOW) => plusMs(from, days * DAY_MS)

export const person = (personId: string, more: Partial<SunshinePerson> = {}): SunshinePerson => ({
  ...{ personId, isWorker: false, isAdmin: false, isKeeper: false },
  ...more,
})
export const keeper = person('keeper', { isKeeper: true })
export const worker = person('worker', { isWorker: true })
export const admin = person('admin', { isAdmin: true })
export const resident = person('resident', { householdId: 'h-1' })
export const spouse = person('spouse', { householdId: 'h-1' })
export const neighbour = person('neighbour', { householdId: 'h-2' })
export const stranger = person('stranger')

export const newBook: Book = {
  ...{ compoundId: 'c-1', bodyId: 'property', firstQuarter: Q3, openingFen: 10_000, revision: 1, seq: 0 },
  ...{ balanceFen: 10_000, settledFen: 10_000, quarters: [], correcting: false },
}
export const someMoney: Money = {
  ...{ day: '2026-08-15', category: 'parking', direction: 'income', amountFen: 500, text: '八月车位费' },
  ...{ voucher: '收-1', booking: 'in-time', quarter: Q3 },
}

/** A book with its entries, as the store keeps them. */
export type Kept = { readonly book: Book; readonly entries: readonly BookEntry[] }
export function keep({ book, entries }: Kept, money: Money): Kept {
  const after = afterEntry(book, money)
  const entry = { ...money, seq: after.seq, balanceFen: after.balanceFen, recordedAt: NOW, personId: 'keeper' }
  return { book: after, entries: [...entries, entry] }
}

export const publishFacts = (version: number, at = NOW): SunshineFacts => ({
  ...{ act: 'publish', version, sha256: `hash-${version}`, displayUntil: later(30, at), bankFen: 10_500 },
  ...{ openingFen: 10_000, incomeFen: 500, expenseFen: 0, closingFen: 10_500 },
  ...(version > 1 ? { note: '更正了一笔' } : {}),
})
export const awaited = () => foldDisclosure([firstAwaited('property', Q3, NOW, DAY_MS)])
export const taking = (disclosure: Disclosure, facts: SunshineFacts, at = NOW, personId = 'keeper') =>
  afterStep(disclosure, { at, actor: 'keeper', personId, facts })
export const displayed = () => taking(awaited(), publishFacts(1))
