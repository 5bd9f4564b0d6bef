import { type Cell, plainText } from '#shared/domain/catalogue/read-cell.ts'

const MOMENT = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2}):(\d{2})(?::\d{2})?)?$/
const HOUR_MS = 3_600_000

/** A moment of Shanghai as offices write it; of a day alone its beginning, `isDay`. Nothing where it is no moment. */
export function readMoment(cell: Cell): { readonly at: string; readonly isDay: boolean } | undefined {
  const [, year = '', month = '', day = '', hour, minute = '0'] = MOMENT.exec(plainText(cell)) ?? []
  if (year === '') return undefined
  const pad = (part: string) => part.padStart(2, '0')
  const local = `${year}-${pad(month)}-${pad(day)}T${pad(hour ?? '0')}:${pad(minute)}:00.000`
  const ms = Date.parse(`${local}+08:00`)
  if (Number.isNaN(ms)) return undefined
  // 31 November is no day, though it can be parsed.
  const said = new Date(ms + 8 * HOUR_MS).toISOString().slice(0, 16)
  return said === local.slice(0, 16) ? { at: new Date(ms).toISOString(), isDay: hour === undefined } : undefined
}

/** Until when: a day alone is over when the next one begins. */
export function readEnd(cell: Cell): string | undefined {
  const read = readMoment(cell)
  if (read === undefined || !read.isDay) return read?.at
  return new Date(Date.parse(read.at) + 24 * HOUR_MS).toISOString()
}
