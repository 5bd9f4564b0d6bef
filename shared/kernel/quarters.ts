import { plusDays, startOfShanghaiDay, type Instant, type ShanghaiDay } from './calendar.ts'

/** A quarter of a year in Shanghai: `2026-q3`. Text order is time order. */
export type Quarter = string

const partsOf = (quarter: Quarter) => ({ year: Number(quarter.slice(0, 4)), number: Number(quarter.slice(6)) })

export function quarterAfter(quarter: Quarter): Quarter {
  const { year, number } = partsOf(quarter)
  return number === 4 ? `${year + 1}-q1` : `${year}-q${number + 1}`
}

export function quarterBefore(quarter: Quarter): Quarter {
  const { year, number } = partsOf(quarter)
  return number === 1 ? `${year - 1}-q4` : `${year}-q${number - 1}`
}

/** Its three months: `2026-07`. */
export function monthsOf(quarter: Quarter): string[] {
  const { year, number } = partsOf(quarter)
  return [1, 2, 3].map((month) => `${year}-${String((number - 1) * 3 + month).padStart(2, '0')}`)
}

export function quarterOf(day: ShanghaiDay): Quarter {
  return `${day.slice(0, 4)}-q${Math.ceil(Number(day.slice(5, 7)) / 3)}`
}

/** Its first and its last day. */
export function daysOf(quarter: Quarter): { readonly fromDay: ShanghaiDay; readonly toDay: ShanghaiDay } {
  return { fromDay: `${monthsOf(quarter)[0]}-01`, toDay: plusDays(`${monthsOf(quarterAfter(quarter))[0]}-01`, -1) }
}

export function endOf(quarter: Quarter): Instant {
  return startOfShanghaiDay(`${monthsOf(quarterAfter(quarter))[0]}-01`)
}
