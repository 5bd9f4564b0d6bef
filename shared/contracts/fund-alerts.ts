import * as z from 'zod'
import { idSchema } from '../kernel/ids.ts'
import { instantSchema, shanghaiDaySchema } from '../kernel/time.ts'
import { route } from './route.ts'

const pairingShape = { pairingId: idSchema, villageName: z.string() }

/** What a worker should look at, each with what tells since when or until when. */
export const fundAlertSchema = z.discriminatedUnion('kind', [
  /** The last nightly check found the books not in order. */
  z.strictObject({ kind: z.literal('check-failed'), since: instantSchema }),
  /** No check went to its end for too long: since the last one, or since the first entry. */
  z.strictObject({ kind: z.literal('check-late'), since: instantSchema }),
  /** Recorded sales, reversals or settlements are not in the ledger; `since` is when the oldest of them happened. */
  z.strictObject({ kind: z.literal('posting-late'), since: instantSchema, eventCount: z.int().min(1) }),
  /** More was given back than is there: the fund owes its donors, and what comes in goes there first. */
  z.strictObject({ kind: z.literal('owes-donors'), clawbackFen: z.int().min(1) }),
  /** The finished days of this month brought much less than the same days of the month before. */
  z.strictObject({
    kind: z.literal('inflow-fell'),
    fromDay: shanghaiDaySchema,
    toDay: shanghaiDaySchema,
    postedFen: z.int(),
    beforePostedFen: z.int().min(1),
    fellPercent: z.int().min(1),
  }),
  /** A pairing whose sales post 0 because no agreement is in force. */
  z.strictObject({ kind: z.literal('agreement-missing'), ...pairingShape, sinceDay: shanghaiDaySchema }),
  /** The last day with an agreement in force is near, and no other version follows. */
  z.strictObject({ kind: z.literal('agreement-ends'), ...pairingShape, lastDay: shanghaiDaySchema }),
])
export type FundAlert = z.infer<typeof fundAlertSchema>

/** The first ones are the gravest; who has mended these sees the others. */
export const ALERTS_MAX = 50

export const listFundAlerts = route({
  name: 'listFundAlerts',
  summary: 'What a worker of the community should look at: late posting, checks, falling inflow, agreements, debts.',
  method: 'GET',
  path: '/api/funds/{compoundId}/alerts',
  access: ['worker', 'admin'],
  params: z.strictObject({ compoundId: idSchema }),
  output: z.strictObject({ items: z.array(fundAlertSchema).max(ALERTS_MAX), count: z.int().min(0) }),
})

export const fundAlertRoutes = [listFundAlerts] as const
