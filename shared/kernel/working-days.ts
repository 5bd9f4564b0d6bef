import { assert } from './assert.ts'
import {
  DAY_MS,
  plusDays,
  plusMs,
  shanghaiDay,
  startOfShanghaiDay,
  toMs,
  type Instant,
  type ShanghaiDay,
} from './calendar.ts'

/** Whether offices work on a day: weekends and public holidays are free, and some weekends make up for them (调休). */
export type IsWorkday = (day: ShanghaiDay) => boolean

/** Terms in working days, as the law counts them. */
export type WorkClock = {
  /** When a term of so many working days ends that begins now. */
  readonly after: (at: Instant, days: number) => Instant
  /** When the last working day of a term begins. */
  readonly lastDayOf: (until: Instant) => Instant
  /** Working days that have passed: 0 on the day itself. */
  readonly between: (from: Instant, to: Instant) => number
}

/** Longer than any run of free days. */
const FREE_DAYS_MAX = 30

/**
 * The day on which something happens is not counted, and a term ends with its last day at 24:00 (Civil Code art. 201, 203).
 * `dayMs` other than a day: a demonstration, where days are short and each is worked on.
 */
export function workClock(isWorkday: IsWorkday, dayMs: number = DAY_MS): WorkClock {
  if (dayMs !== DAY_MS) {
    return {
      after: (at, days) => plusMs(at, days * dayMs),
      lastDayOf: (until) => plusMs(until, -dayMs),
      between: (from, to) => Math.max(0, Math.floor((toMs(to) - toMs(from)) / dayMs)),
    }
  }
  return {
    after(at, days) {
      let day = shanghaiDay(at)
      for (let count = 0; count < days; count++) day = next(day, isWorkday)
      return startOfShanghaiDay(plusDays(day, 1))
    },
    lastDayOf(until) {
      return startOfShanghaiDay(plusDays(shanghaiDay(until), -1))
    },
    between(from, to) {
      const last = shanghaiDay(to)
      let count = 0
      for (let day = plusDays(shanghaiDay(from), 1); day <= last; day = plusDays(day, 1)) if (isWorkday(day)) count++
      return count
    },
  }
}

function next(day: ShanghaiDay, isWorkday: IsWorkday): ShanghaiDay {
  let found = plusDays(day, 1)
  for (let free = 0; !isWorkday(found); free++) {
    assert(free < FREE_DAYS_MAX, 'somebody works again')
    found = plusDays(found, 1)
  }
  return found
}
