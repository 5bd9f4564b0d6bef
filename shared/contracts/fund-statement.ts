import * as z from 'zod'
import { idSchema } from '../kernel/ids.ts'
import { shanghaiDaySchema } from '../kernel/time.ts'
import { purposes } from './fund.ts'
import { route } from './route.ts'

/** A month `2026-11`, a quarter `2026-Q4` or a year `2026`, of Shanghai days. */
export const periodSchema = z.string().regex(/^20\d{2}(-(0[1-9]|1[0-2])|-Q[1-4])?$/)

const sums = z.strictObject({
  salesFen: z.int(),
  reversedFen: z.int(),
  /** What moved into the fund, reversals taken off. */
  postedFen: z.int(),
  saleCount: z.int(),
})

/** How a fund stood: `balanceFen` is what it owns, in after-sales, available and reserved, less what it owes back. */
const standing = z.strictObject({
  balanceFen: z.int(),
  pendingFen: z.int(),
  availableFen: z.int(),
  reservedFen: z.int(),
  clawbackFen: z.int(),
  dueFen: z.int(),
  cashFen: z.int(),
  paidFen: z.int(),
})

const periodShape = {
  period: periodSchema,
  fromDay: shanghaiDaySchema,
  toDay: shanghaiDaySchema,
  /** False: it still grows; only workers of the community see it. */
  isOver: z.boolean(),
}

export const fundStatementSchema = z.strictObject({
  fundId: idSchema,
  compoundName: z.string(),
  communityName: z.string(),
  ...periodShape,
  /** Up to the end of this day it is counted: `toDay`, or today while the period goes on. */
  asOfDay: shanghaiDaySchema,
  /** The last entry that is counted and its hash: the root of that day. 0: there is none. */
  seq: z.int(),
  hash: z.string(),
  opening: standing,
  inflow: sums,
  byVillage: z.array(z.strictObject({ villageId: idSchema, name: z.string(), ...sums.shape })),
  byCoop: z.array(z.strictObject({ coopId: idSchema, name: z.string(), ...sums.shape })),
  byChannel: z.array(z.strictObject({ channel: z.enum(['group-buy', 'fair']), ...sums.shape })),
  /** Opening balance and corrections: what came another way than by sales. */
  otherFen: z.int(),
  /** Paid out, by purpose. */
  outflowFen: z.int(),
  byPurpose: z.array(z.strictObject({ purpose: z.enum(purposes), spentFen: z.int() })),
  /** Goods that were given and used, at their stated value: never part of the balance. */
  inKind: z.array(z.strictObject({ purpose: z.enum(purposes), valueFen: z.int() })),
  /** What arrived at the charity of what was due. */
  remittedFen: z.int(),
  closing: standing,
  /** Opening + inflow + other − outflow, added up from the days; and the balance that was kept with the last entry. */
  check: z.strictObject({ computedFen: z.int(), keptFen: z.int(), ok: z.boolean() }),
})
export type FundStatementView = z.infer<typeof fundStatementSchema>

export const getFundStatement = route({
  name: 'getFundStatement',
  summary:
    'What came in and went out in a month, quarter or year that is over; workers of the community also see the one that goes on.',
  method: 'GET',
  path: '/api/funds/{compoundId}/statements/{period}',
  access: 'anyone',
  params: z.strictObject({ compoundId: idSchema, period: periodSchema }),
  output: fundStatementSchema,
})

export const listFundStatements = route({
  name: 'listFundStatements',
  summary: 'The months, quarters and years since the first entry that the caller may see, newest first.',
  method: 'GET',
  path: '/api/funds/{compoundId}/statements',
  access: 'anyone',
  params: z.strictObject({ compoundId: idSchema }),
  output: z.strictObject({
    compoundName: z.string(),
    communityName: z.string(),
    items: z.array(z.strictObject(periodShape)).max(500),
  }),
})

export const fundStatementRoutes = [getFundStatement, listFundStatements] as const
