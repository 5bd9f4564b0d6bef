import type { SunshineFigures } from '#shared/contracts/sunshine.ts'
import {
  type BookCategory,
  type Direction,
  expenseCategories,
  incomeCategories,
  type SunshineEntry,
} from '#shared/contracts/sunshine-book.ts'
import { type BookEntry, deltaFen } from './book.ts'

/** What the entries of one quarter add up to, reversals taken off; a category that nothing was in is left out. */
export function figuresOf(openingFen: number, entries: readonly BookEntry[]): SunshineFigures {
  const sums = (direction: Direction, categories: readonly BookCategory[]) =>
    categories.flatMap((category) => {
      const of = entries.filter((entry) => entry.direction === direction && entry.category === category)
      const amountFen = of.reduce((sum, { amountFen: fen, reverses }) => sum + (reverses === undefined ? fen : -fen), 0)
      return of.length === 0 ? [] : [{ category, amountFen }]
    })
  const income = sums('income', incomeCategories)
  const expense = sums('expense', expenseCategories)
  const incomeFen = total(income)
  const expenseFen = total(expense)
  return { openingFen, income, expense, incomeFen, expenseFen, closingFen: openingFen + incomeFen - expenseFen }
}

export function total(sums: readonly { readonly amountFen: number }[]): number {
  return sums.reduce((sum, { amountFen }) => sum + amountFen, 0)
}

/** The entries of a quarter as they are published: by day, then as they were recorded; the balance runs from the opening one. */
export function publishedEntries(openingFen: number, entries: readonly BookEntry[]): SunshineEntry[] {
  let balanceFen = openingFen
  return [...entries]
    .sort((left, right) => (left.day === right.day ? left.seq - right.seq : left.day < right.day ? -1 : 1))
    .map(({ seq, day, direction, category, amountFen, text, voucher, booking, reverses }) => {
      balanceFen += deltaFen({ direction, amountFen, reverses })
      return {
        ...{ seq, day, direction, category, amountFen, text, voucher, booking },
        ...(reverses === undefined ? {} : { reverses }),
        balanceFen,
      }
    })
}
