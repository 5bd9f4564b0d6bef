import chineseDays from 'chinese-days'
import { workClock, type WorkClock } from '#shared/kernel/working-days.ts'
import { governanceDayMs } from './governance-day.ts'

/** At noon: the library looks at the day that the machine's own clock shows, wherever it stands. */
const noonOf = (day: string) => new Date(`${day}T12:00:00`)

/** A year's notice names its first day: with the holiday's name where the library has the notice, with the weekday's where not. */
const isNoticeOut = (year: string): boolean => chineseDays.getDayDetail(noonOf(`${year}-01-01`)).name.includes(',')

export const isWorkday = (day: string): boolean =>
  chineseDays.isWorkday(noonOf(day)) && (isNoticeOut(day.slice(0, 4)) || !isFreeByLaw(day))

const FREE_DAYS = ['01-01', '05-01', '05-02', '10-01', '10-02', '10-03']
/** New Year's first three days, Dragon Boat, Mid-Autumn: month and day of the lunar year. */
const FREE_LUNAR_DAYS = ['1-1', '1-2', '1-3', '5-5', '8-15']

/**
 * What the law itself names (全国年节及纪念日放假办法 as of 2025, art. 2). Days in lieu, and weekends that make up for them, are
 * known with the notice alone.
 */
function isFreeByLaw(day: string): boolean {
  if (FREE_DAYS.includes(day.slice(5))) return true
  const { date, lunarMon, lunarDay, isLeap } = chineseDays.getLunarDate(day)
  if (!isLeap && FREE_LUNAR_DAYS.includes(`${lunarMon}-${lunarDay}`)) return true
  // The library prints dates in the machine's zone: compared as it prints this one.
  return isNewYearsEve(day) || chineseDays.getSolarTermDate(Number(day.slice(0, 4)), 4, 'pure_brightness') === date
}

function isNewYearsEve(day: string): boolean {
  const next = new Date(Date.parse(`${day}T00:00:00.000Z`) + 86_400_000).toISOString().slice(0, 10)
  const { lunarMon, lunarDay } = chineseDays.getLunarDate(next)
  return lunarMon === 1 && lunarDay === 1
}

/**
 * Working days by the State Council's yearly notices of holidays and the weekends that make up for them, as the library
 * publishes them. Of a year whose notice is not out yet: weekends and the days that the law itself names.
 */
export function workClockNow(): WorkClock {
  return workClock(isWorkday, governanceDayMs())
}
