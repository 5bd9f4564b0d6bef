import chineseDays from 'chinese-days'
import { workClock, type WorkClock } from '#shared/kernel/working-days.ts'
import { governanceDayMs } from './governance-day.ts'

/**
 * Working days by the State Council's yearly notices of holidays and the weekends that make up for them, as the library
 * publishes them. A year whose notice is not out yet has its weekends only.
 */
export function workClockNow(): WorkClock {
  return workClock((day) => chineseDays.isWorkday(day), governanceDayMs())
}
