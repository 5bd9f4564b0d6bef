import * as z from 'zod'

// The calendar itself has no schemas, so that a page that only counts days does not load them.
export * from './calendar.ts'

export const instantSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)
  .refine((text) => !Number.isNaN(Date.parse(text)), 'not a moment')

export const shanghaiDaySchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .refine((text) => {
    const ms = Date.parse(`${text}T00:00:00.000Z`)
    return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text)
  }, 'not a day')
