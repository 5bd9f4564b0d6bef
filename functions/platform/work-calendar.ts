import chineseDays from 'chinese-days'
import { workClock, type WorkClock } from '#shared/kernel/working-days.ts'
import { governanceDayMs } from './governance-day.ts'

/** At noon: the library looks at the day that the machine's own clock shows, wherever it stands. */
export const isWorkday = (day: string): boolean => chineseDays.isWorkday(new Date(`${day}T12:00:00`))

/**
 * Working days by the State Council's yearly notices of holidays and the weekends that make up for them, as the library
 * publishes them. A year whose notice is not out yet has its weekends only.
 */
export function workClockNow(): WorkClock {
  return workClock(isWorkday, governanceDayMs())
}
