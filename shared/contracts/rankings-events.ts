import * as z from 'zod'
import { idSchema } from '../kernel/ids.ts'
import { instantSchema } from '../kernel/time.ts'
import { rankingIdSchema, rankingStates } from './rankings.ts'

/** A red-black list took a step: where it stands now. What is on it is read where it may be read. */
export const rankingMovedV1 = z.strictObject({
  type: z.literal('ranking.moved.v1'),
  rankingId: rankingIdSchema,
  communityId: idSchema,
  /** The number of the step, from one. */
  step: z.int().min(1),
  state: z.enum(rankingStates),
  occurredAt: instantSchema,
})
export type RankingMoved = z.infer<typeof rankingMovedV1>
