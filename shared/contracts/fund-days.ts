import * as z from 'zod'
import { idSchema } from '../kernel/ids.ts'
import { instantSchema, shanghaiDaySchema } from '../kernel/time.ts'
import { balancesSchema } from './fund.ts'
import { page, pageQuery, route } from './route.ts'

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/)

/** A finished day of one fund: how it stood when the day ended. `hash` is its last entry's, the day's root. */
export const fundDaySchema = z.strictObject({
  day: shanghaiDaySchema,
  seq: z.int().min(1),
  hash: hashSchema,
  /** Entries of this day; days without one are not listed. */
  entryCount: z.int().min(1),
  balances: balancesSchema,
})

export const listFundDays = route({
  name: 'listFundDays',
  summary: 'Finished days of a fund that have entries, newest first: the day’s root and the balances at its end.',
  method: 'GET',
  path: '/api/funds/{compoundId}/days',
  access: 'public',
  params: z.strictObject({ compoundId: idSchema }),
  query: z.strictObject(pageQuery),
  output: page(fundDaySchema),
})

/** A fund as it stood when the day ended. */
export const standingOfFundSchema = z.strictObject({ fundId: idSchema, seq: z.int().min(1), hash: hashSchema })

/** `root` covers every fund and, by `prevRoot`, every root before it. */
const rootShape = {
  day: shanghaiDaySchema,
  root: hashSchema,
  prevRoot: hashSchema,
  fundCount: z.int().min(0),
  /** When it was written; no part of what is hashed. */
  publishedAt: instantSchema,
}
export const dayRootSchema = z.strictObject(rootShape)
export type DayRoot = z.infer<typeof dayRootSchema>

export const listDayRoots = route({
  name: 'listDayRoots',
  summary: 'The roots of the days over all funds, newest first. A root that is published never changes.',
  method: 'GET',
  path: '/api/fund-roots',
  access: 'public',
  query: z.strictObject(pageQuery),
  output: page(dayRootSchema),
})

export const getDayRoot = route({
  name: 'getDayRoot',
  summary: 'The root of a day with what it was made of: each fund that had an entry by the end of the day, by fund id.',
  method: 'GET',
  path: '/api/fund-roots/{day}',
  access: 'public',
  params: z.strictObject({ day: shanghaiDaySchema }),
  output: z.strictObject({ v: z.literal(1), ...rootShape, funds: z.array(standingOfFundSchema) }),
})

export const fundDayRoutes = [listFundDays, listDayRoots, getDayRoot] as const
