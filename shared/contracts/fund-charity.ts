import * as z from 'zod'
import { idSchema } from '../kernel/ids.ts'
import { fenSumSchema } from '../kernel/money.ts'
import { shanghaiDaySchema } from '../kernel/time.ts'
import { fundSchema } from './fund.ts'
import { route } from './route.ts'

/** A district has about a hundred. */
export const CHARITY_COMMUNITIES_MAX = 1_000
/** The last year of them. */
export const CHARITY_REMITTANCES_MAX = 12

const shareShape = fundSchema.pick({ balances: true, today: true, month: true, total: true }).shape

/** 慈善组织: the host charity keeps the money of all funds of the district; each community's fund is a part of it. */
export const charityFundSchema = z.strictObject({
  charityName: z.string().optional(),
  /** Everything but `today` is as of the end of this Shanghai day, for whoever asks. */
  asOfDay: shanghaiDaySchema,
  /** What the communities add up to. */
  sums: z.strictObject(shareShape),
  compoundCount: z.int().min(0),
  /** By town and name: those in whose funds something was ever posted. */
  communities: z
    .array(
      z.strictObject({
        communityId: idSchema,
        communityName: z.string(),
        townName: z.string(),
        ...shareShape,
      }),
    )
    .max(CHARITY_COMMUNITIES_MAX),
  /** The last ones that are in the ledgers, newest first. */
  remittances: z
    .array(
      z.strictObject({
        /** Settled by the end of this day. */
        throughDay: shanghaiDaySchema,
        /** When the money came to the charity, by its own word. */
        receivedOn: shanghaiDaySchema,
        totalFen: fenSumSchema,
        fundCount: z.int(),
      }),
    )
    .max(CHARITY_REMITTANCES_MAX),
})
export type CharityFund = z.infer<typeof charityFundSchema>

export const getCharityFund = route({
  name: 'getCharityFund',
  summary: 'What the host charity keeps for all communities of the district, and what came to it.',
  method: 'GET',
  path: '/api/fund-charity',
  access: 'public',
  output: charityFundSchema,
})

export const fundCharityRoutes = [getCharityFund] as const
