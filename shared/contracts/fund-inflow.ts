import * as z from 'zod'
import { idSchema } from '../kernel/ids.ts'
import { shanghaiDaySchema } from '../kernel/time.ts'
import { fundSchema, sumsSchema } from './fund.ts'
import { spans } from './fund-spans.ts'
import { route } from './route.ts'

/** `beforePostedFen`: of the same place in the span before, up to the same day of it. */
const compared = { ...sumsSchema.shape, beforePostedFen: z.int() }

/** A year of weekly group buys of several co-ops is some hundreds; the largest are named, the rest is added up. */
export const GROUP_BUYS_NAMED_MAX = 100

export const fundInflowSchema = z.strictObject({
  ...fundSchema.pick({ fundId: true, compoundName: true, communityName: true, view: true, asOfDay: true }).shape,
  span: z.enum(spans),
  fromDay: shanghaiDaySchema,
  toDay: shanghaiDaySchema,
  /** The last day that is counted: `toDay`, or `asOfDay` while the span goes on. */
  countedTo: shanghaiDaySchema,
  sums: sumsSchema,
  before: z.strictObject({
    fromDay: shanghaiDaySchema,
    toDay: shanghaiDaySchema,
    whole: sumsSchema,
    /** The same number of days as are counted above: what a comparison with a span that goes on is fair to. */
    toSameDay: shanghaiDaySchema,
    sameDays: sumsSchema,
  }),
  /** Oldest first: days of a week or month, weeks of a quarter, months of a year; one for a day. */
  bars: z.array(z.strictObject({ fromDay: shanghaiDaySchema, toDay: shanghaiDaySchema, ...sumsSchema.shape })).max(31),
  /** Both channels, also where nothing came. */
  byChannel: z.array(z.strictObject({ channel: z.enum(['group-buy', 'fair']), ...compared })),
  byVillage: z.array(z.strictObject({ villageId: idSchema, name: z.string(), ...compared })),
  byCoop: z.array(z.strictObject({ coopId: idSchema, name: z.string(), ...compared })),
  /** The largest first. */
  byGroupBuy: z
    .array(z.strictObject({ groupBuyId: idSchema, title: z.string(), ...sumsSchema.shape }))
    .max(GROUP_BUYS_NAMED_MAX),
  otherGroupBuys: z.strictObject({ groupBuyCount: z.int(), ...sumsSchema.shape }),
})
export type FundInflow = z.infer<typeof fundInflowSchema>

export const getFundInflow = route({
  name: 'getFundInflow',
  summary: 'What came into a fund in a day, week, month, quarter or year, beside the one before it.',
  method: 'GET',
  path: '/api/funds/{compoundId}/inflow',
  access: 'anyone',
  params: z.strictObject({ compoundId: idSchema }),
  /** `day`: any day of the span; without it the last one that the caller may see. */
  query: z.strictObject({ span: z.enum(spans), day: shanghaiDaySchema.optional() }),
  output: fundInflowSchema,
})

/** Whose part of a fund's inflow: every day is kept in these, so that a sum needs no entry to be read. */
export const inflowPartShape = {
  villageId: idSchema.optional(),
  coopId: idSchema.optional(),
  groupBuyId: idSchema.optional(),
  channel: z.enum(['group-buy', 'fair']).optional(),
}

export const sumFundInflow = route({
  name: 'sumFundInflow',
  summary: 'What the entries of these days, of one village, co-op, group buy or channel, add up to; 366 days at most.',
  method: 'GET',
  path: '/api/funds/{compoundId}/inflow/sums',
  access: 'anyone',
  params: z.strictObject({ compoundId: idSchema }),
  query: z.strictObject({ fromDay: shanghaiDaySchema, toDay: shanghaiDaySchema, ...inflowPartShape }),
  output: z.strictObject({
    fromDay: shanghaiDaySchema,
    /** The last day that is counted: not after `asOfDay`. */
    countedTo: shanghaiDaySchema,
    sums: sumsSchema,
  }),
})

export const fundInflowRoutes = [getFundInflow, sumFundInflow] as const
