import * as z from 'zod'
import {
  correctedCountsSchema,
  quarterSchema,
  rankingFormulaSchema,
  rankingIdSchema,
  rankingStates,
  rankingSubjectSchema,
} from '#shared/contracts/rankings.ts'
import { idSchema } from '#shared/kernel/ids.ts'
import { instantSchema } from '#shared/kernel/time.ts'
import { rankingMovedV1 } from '#shared/contracts/rankings-events.ts'
import { stored } from './stored.ts'

/** Where a list stands, for lists and conditions; all of it follows from its steps. `steps` is its lock. */
export const rankingItem = stored('ranking', {
  rankingId: rankingIdSchema,
  communityId: idSchema,
  communityName: z.string(),
  quarter: quarterSchema,
  steps: z.int().min(1),
  state: z.enum(rankingStates),
  frozenAt: instantSchema,
  previewUntil: instantSchema,
  publishedAt: instantSchema.optional(),
  noticeUntil: instantSchema.optional(),
  finalAt: instantSchema.optional(),
  openAppeals: z.int().min(0),
  /** Who is on it: they judge nothing here, and see their own rows first. */
  bodyIds: z.array(idSchema),
})
export type RankingItem = z.infer<typeof rankingItem>

const rowOf = { bodyId: idSchema, compoundId: idSchema }
const note = z.string()

const factsSchema = z.discriminatedUnion('act', [
  z.object({
    act: z.literal('freeze'),
    formula: rankingFormulaSchema,
    rows: z.array(rankingSubjectSchema),
    hash: z.string(),
    previewUntil: instantSchema,
    withoutHotline: z.literal(true).optional(),
  }),
  z.object({ act: z.literal('appeal'), ...rowOf, note, decideBy: instantSchema }),
  z.object({
    act: z.literal('decide'),
    ...rowOf,
    upheld: z.boolean(),
    note,
    counts: correctedCountsSchema.optional(),
  }),
  z.object({ act: z.literal('publish'), noticeUntil: instantSchema }),
  z.object({ act: z.literal('correct'), ...rowOf, note, counts: correctedCountsSchema }),
  z.object({
    act: z.literal('finish'),
    motions: z.array(z.object({ ...rowOf, quarters: z.array(quarterSchema) })),
  }),
  z.object({ act: z.literal('lapse'), ...rowOf, quarter: quarterSchema }),
])

/** One thing that happened to a list, written once. */
export const rankingStepItem = stored('rankingStep', {
  number: z.int().min(1),
  at: instantSchema,
  actor: z.enum(['admin', 'supervisor', 'body', 'system']),
  personId: z.string().optional(),
  facts: factsSchema,
})

/** Marks by which the clock finds a list, and who is on it. */
export const rankingMarkItem = stored('rankingMark', { rankingId: rankingIdSchema })

export const rankingPartitionItem = z.discriminatedUnion('entity', [rankingItem, rankingStepItem, rankingMarkItem])

export const rankingEventItem = stored('event', rankingMovedV1.shape)
