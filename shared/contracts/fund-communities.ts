import * as z from 'zod'
import { idSchema } from '../kernel/ids.ts'
import { fundSchema } from './fund.ts'
import { route } from './route.ts'

/** Figures of a compound's share, as on its own page. */
const shareShape = fundSchema.pick({ balances: true, today: true, month: true, total: true }).shape

/** A community has some dozens. */
export const SHARES_MAX = 500

/** 社区慈善基金: the compounds of a community hold one fund, each its share of it. */
export const communityFundSchema = z.strictObject({
  communityId: idSchema,
  communityName: z.string(),
  townName: z.string(),
  /** As on a fund's page: live for the community's workers; for everybody else only `today` is of now. */
  ...fundSchema.pick({ view: true, asOfDay: true }).shape,
  /** What the shares add up to. */
  sums: z.strictObject(shareShape),
  /** By name; also those that have no entry yet. */
  shares: z.array(z.strictObject({ fundId: idSchema, compoundName: z.string(), ...shareShape })).max(SHARES_MAX),
})
export type CommunityFund = z.infer<typeof communityFundSchema>

export const getCommunityFund = route({
  name: 'getCommunityFund',
  summary: 'The fund of a community: the share of each of its compounds, and what they add up to.',
  method: 'GET',
  path: '/api/fund-communities/{communityId}',
  access: 'anyone',
  params: z.strictObject({ communityId: idSchema }),
  output: communityFundSchema,
})

export const fundCommunityRoutes = [getCommunityFund] as const
