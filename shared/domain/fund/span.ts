import type { Span } from '#shared/contracts/fund-spans.ts'
import { DAY_MS, plusDays, weekStart, type ShanghaiDay } from '#shared/kernel/time.ts'
import { periodOf } from './period.ts'

/** From one Shanghai day to another, both included. */
export type Days = { readonly fromDay: ShanghaiDay; readonly toDay: ShanghaiDay }

/** The day, week (from Monday), month, quarter or year that holds this day. */
export function spanOf(span: Span, day: ShanghaiDay): Days {
  switch (span) {
    case 'day':
      return { fromDay: day, toDay: day }
    case 'week':
      return { fromDay: weekStart(day), toDay: plusDays(weekStart(day), 6) }
    case 'month':
      return daysOf(day.slice(0, 7))
    case 'quarter':
      return daysOf(`${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`)
    case 'year':
      return daysOf(day.slice(0, 4))
  }
}

/** The span of the same kind that ends where this one begins. */
export function spanBefore(span: Span, { fromDay }: Days): Days {
  return spanOf(span, plusDays(fromDay, -1))
}

/**
 * As many days of the span before as this one has come to. A longer month is compared with the whole of a shorter one; a
 * span that is over is compared with the whole of the one before, whichever is longer.
 */
export function sameDaysBefore(span: Days, countedTo: ShanghaiDay, before: Days): Days {
  if (countedTo >= span.toDay) return before
  const toDay = plusDays(before.fromDay, daysBetween(span.fromDay, countedTo))
  return { fromDay: before.fromDay, toDay: toDay < before.toDay ? toDay : before.toDay }
}

/** How a span is drawn: a week and a month by days, a quarter by weeks, a year by months. The first and last may be short. */
export function barsOf(span: Span, { fromDay, toDay }: Days): Days[] {
  const bars: Days[] = []
  for (let day = fromDay; day <= toDay;) {
    const { toDay: end } = spanOf(span === 'quarter' ? 'week' : span === 'year' ? 'month' : 'day', day)
    bars.push({ fromDay: day, toDay: end < toDay ? end : toDay })
    day = plusDays(end, 1)
  }
  return bars
}

function daysOf(period: string): Days {
  const { fromDay, toDay } = periodOf(period)
  return { fromDay, toDay }
}

function daysBetween(from: ShanghaiDay, to: ShanghaiDay): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)
}
