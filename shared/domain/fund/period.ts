import { assert } from '#shared/kernel/assert.ts'
import { monthStart, plusDays, type ShanghaiDay } from '#shared/kernel/time.ts'

/** A month `2026-11`, a quarter `2026-Q4` or a year `2026`: its first and its last Shanghai day. */
export type Period = { readonly period: string; readonly fromDay: ShanghaiDay; readonly toDay: ShanghaiDay }

const PERIOD = /^(20\d{2})(?:-(0[1-9]|1[0-2])|-Q([1-4]))?$/

export function periodOf(period: string): Period {
  const [, year, month, quarter] = PERIOD.exec(period) ?? []
  assert(year !== undefined, `not a period: ${period}`)
  const first = month === undefined ? (Number(quarter ?? 1) - 1) * 3 + 1 : Number(month)
  const months = month !== undefined ? 1 : quarter !== undefined ? 3 : 12
  const fromDay = `${year}-${String(first).padStart(2, '0')}-01`
  return { period, fromDay, toDay: plusDays(monthsLater(fromDay, months), -1) }
}

function monthsLater(firstOfMonth: ShanghaiDay, months: number): ShanghaiDay {
  let day = firstOfMonth
  for (let each = 0; each < months; each += 1) day = monthStart(plusDays(day, 31))
  return day
}

const MONTHS_MAX = 240

/** Every month, quarter and year that holds a day from the first to the last one; newest first, the longer one first. */
export function periodsOf(first: ShanghaiDay, last: ShanghaiDay): Period[] {
  const periods = new Map<string, Period>()
  let day = monthStart(last)
  for (let each = 0; each < MONTHS_MAX && day >= monthStart(first); each += 1) {
    const [year = '', month = ''] = day.split('-')
    const quarter = Math.ceil(Number(month) / 3)
    for (const period of [year, `${year}-Q${quarter}`, `${year}-${month}`]) periods.set(period, periodOf(period))
    day = monthStart(plusDays(day, -1))
  }
  return [...periods.values()].sort((left, right) => order(right, left))
}

const order = (left: Period, right: Period) =>
  left.toDay === right.toDay ? (left.fromDay < right.fromDay ? 1 : -1) : left.toDay < right.toDay ? -1 : 1
