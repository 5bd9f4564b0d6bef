import { RefusedByHost } from './resource-types.ts'

/** EventBridge's `rate(…)` and `cron(…)`: when does it fire next? Source: EventBridge user guide, "Schedule types". */
export interface Schedule {
  /** First firing after `after` (epoch ms). For a rate it counts from `after`. */
  readonly next: (after: number) => number
  readonly everyMinute: boolean
}

const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const
const MINUTE_MS = UNIT_MS.minute
const DAY_MS = UNIT_MS.day
/** A cron line that fires on no day of eight years fires never. */
const HORIZON_DAYS = 366 * 8

export function parseSchedule(expression: string, offsetMs = 0): Schedule {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression)
  if (rate !== null) {
    const every = Number(rate[1]) * UNIT_MS[rate[2] as keyof typeof UNIT_MS]
    if (every === 0) throw new RefusedByHost(`schedule ${expression} has no length`)
    return { next: (after) => after + every, everyMinute: every === MINUTE_MS }
  }
  const cron = /^cron\((.*)\)$/.exec(expression)?.[1]?.trim().split(/\s+/)
  if (cron?.length !== 6) throw new RefusedByHost(`schedule ${expression} is not simulated here`)
  return parseCron(expression, cron, offsetMs)
}

const MONTH_NAMES = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const DAY_NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

function parseCron(expression: string, fields: readonly string[], offsetMs: number): Schedule {
  const field = (at: number, low: number, high: number, names: readonly string[] = []) =>
    parseField(expression, fields[at] ?? '', low, high, names)
  const minutes = field(0, 0, 59)
  const hours = field(1, 0, 23)
  const daysOfMonth = field(2, 1, 31)
  const months = field(3, 1, 12, MONTH_NAMES)
  const daysOfWeek = field(4, 1, 7, DAY_NAMES)
  const years = field(5, 1970, 2199)
  const matchesDay = (day: Date) =>
    years(day.getUTCFullYear()) &&
    months(day.getUTCMonth() + 1) &&
    daysOfMonth(day.getUTCDate()) &&
    daysOfWeek(day.getUTCDay() + 1)
  const next = (after: number): number => {
    const from = Math.floor((after + offsetMs) / MINUTE_MS) * MINUTE_MS + MINUTE_MS
    const firstDay = Math.floor(from / DAY_MS) * DAY_MS
    for (let day = 0; day < HORIZON_DAYS; day += 1) {
      const midnight = firstDay + day * DAY_MS
      if (!matchesDay(new Date(midnight))) continue
      for (let at = Math.max(from, midnight); at < midnight + DAY_MS; at += MINUTE_MS) {
        const time = new Date(at)
        if (hours(time.getUTCHours()) && minutes(time.getUTCMinutes())) return at - offsetMs
      }
    }
    throw new RefusedByHost(`schedule ${expression} never fires`)
  }
  return { next, everyMinute: fields.slice(0, 5).every((each) => each === '*' || each === '?' || each === '0/1') }
}

function parseField(
  expression: string,
  text: string,
  low: number,
  high: number,
  names: readonly string[],
): (value: number) => boolean {
  if (text === '*' || text === '?') return () => true
  const refuse = () => new RefusedByHost(`schedule ${expression}: ${text} is not simulated here`)
  const number = (part: string): number => {
    const named = names.indexOf(part.toUpperCase())
    const value = named >= 0 ? named + 1 : /^\d+$/.test(part) ? Number(part) : Number.NaN
    if (!(value >= low && value <= high)) throw refuse()
    return value
  }
  const allowed = new Set<number>()
  for (const part of text.split(',')) {
    const [range = '', stepText] = part.split('/')
    const step = stepText === undefined ? 1 : /^[1-9]\d*$/.test(stepText) ? Number(stepText) : 0
    if (step === 0) throw refuse()
    const [from = '', to] = range.split('-')
    const start = from === '*' ? low : number(from)
    const end = to !== undefined ? number(to) : stepText !== undefined || from === '*' ? high : start
    for (let value = start; value <= end; value += step) allowed.add(value)
  }
  return (value) => allowed.has(value)
}
