import type { SunshineBook } from '#shared/contracts/sunshine.ts'
import { endOf, quarterAfter, type Quarter } from '#shared/kernel/quarters.ts'
import { plusMs, type Instant } from '#shared/kernel/time.ts'
import type { Disclosure } from './disclosure.ts'
import { FUND_DUE_DAYS, PROPERTY_DUE_DAYS } from './rules.ts'
import type { SunshineStep } from './steps.ts'

const daysOf = (book: SunshineBook) => (book === 'fund' ? FUND_DUE_DAYS : PROPERTY_DUE_DAYS)
const later = (left: Instant, right: Instant) => (left > right ? left : right)

/** The first disclosure of a book. One that begins with a quarter that is over has its time from now on. */
export function firstAwaited(book: SunshineBook, quarter: Quarter, now: Instant, dayMs: number): SunshineStep {
  const dueAt = plusMs(later(endOf(quarter), now), daysOf(book) * dayMs)
  return { at: now, actor: 'system', facts: { act: 'begin', dueAt } }
}

/** The next one begins when this one is published, or late: whoever is late with one is not late with the next because of it. */
export function nextAwaited(
  { dueAt: before }: Disclosure,
  book: SunshineBook,
  quarter: Quarter,
  now: Instant,
  dayMs: number,
): SunshineStep {
  const dueAt = later(plusMs(endOf(quarterAfter(quarter)), daysOf(book) * dayMs), before)
  return { at: now, actor: 'system', facts: { act: 'begin', dueAt } }
}

/** Whether this step is what makes the next quarter awaited. */
export function beginsNext({ state }: Disclosure, { facts }: SunshineStep): boolean {
  return state === 'awaited' && (facts.act === 'publish' || facts.act === 'late')
}
