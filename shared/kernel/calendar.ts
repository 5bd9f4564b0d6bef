import { assert } from './assert.ts'

/** A moment: UTC, ISO-8601 with milliseconds and `Z`, so that text order is time order. */
export type Instant = string

/** A day as people in Shanghai see it: `2026-11-23`. */
export type ShanghaiDay = string

// China has kept UTC+8 the year round, without summer time, since 1991-09-15 (IANA tz: Asia/Shanghai), and every moment
// this system handles lies after that. A fixed offset is therefore the exact rule and needs no time-zone data in the browser.
const SHANGHAI_OFFSET_MS = 8 * 60 * 60 * 1000

export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

export function instant(ms: number): Instant {
  assert(Number.isFinite(ms), `not a moment: ${ms}`)
  return new Date(ms).toISOString()
}

export function toMs(at: Instant): number {
  const ms = Date.parse(at)
  assert(!Number.isNaN(ms), `not a moment: ${at}`)
  return ms
}

export function plusMs(at: Instant, ms: number): Instant {
  return instant(toMs(at) + ms)
}

export function shanghaiDay(at: Instant): ShanghaiDay {
  return new Date(toMs(at) + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10)
}

/** The moment at which a Shanghai day begins. */
export function startOfShanghaiDay(day: ShanghaiDay): Instant {
  return instant(Date.parse(`${day}T00:00:00.000Z`) - SHANGHAI_OFFSET_MS)
}

export function plusDays(day: ShanghaiDay, days: number): ShanghaiDay {
  return new Date(Date.parse(`${day}T00:00:00.000Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** Monday of the week that holds the day (weeks begin on Monday in China, GB/T 7408). */
export function weekStart(day: ShanghaiDay): ShanghaiDay {
  const weekday = (new Date(`${day}T00:00:00.000Z`).getUTCDay() + 6) % 7
  return plusDays(day, -weekday)
}

export function monthStart(day: ShanghaiDay): ShanghaiDay {
  return `${day.slice(0, 7)}-01`
}

/** `11-23 20:00` in Shanghai, for pages. */
export function shanghaiClock(at: Instant): { day: ShanghaiDay; time: string } {
  const local = new Date(toMs(at) + SHANGHAI_OFFSET_MS).toISOString()
  return { day: local.slice(0, 10), time: local.slice(11, 16) }
}
