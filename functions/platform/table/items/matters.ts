import * as z from 'zod'
import { matterMovedV1 } from '#shared/contracts/events.ts'
import {
  bodyNameSchema,
  categories,
  channels,
  matterActors,
  matterActSchema,
  matterContentSchema,
  matterKinds,
  matterStates,
  ratingSumsSchema,
} from '#shared/contracts/matters.ts'
import { clientIdSchema, idSchema } from '#shared/kernel/ids.ts'
import { instantSchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'

/** Where a matter stands, for lists and conditions; all of it follows from its steps. `steps` is its lock. */
export const matterItem = stored('matter', {
  matterId: clientIdSchema,
  compoundId: idSchema,
  compoundName: z.string(),
  communityId: idSchema,
  /** How many steps it has. */
  steps: z.int().min(1),
  state: z.enum(matterStates),
  category: z.enum(categories),
  kind: z.enum(matterKinds).optional(),
  title: z.string(),
  where: z.string(),
  raisedAt: instantSchema,
  dueAt: instantSchema.optional(),
  isPublic: z.boolean(),
  lead: bodyNameSchema.optional(),
  extended: z.boolean(),
  extensionAsked: z.boolean(),
  escalated: z.boolean(),
  reopened: z.int(),
  /** Whether somebody may still follow it. */
  isOpen: z.boolean(),
  /** While ratings are taken: until then. */
  takesUntil: instantSchema.optional(),
})
export type MatterItem = z.infer<typeof matterItem>

const reporterSchema = z.object({ personId: z.string().optional(), householdId: idSchema.optional() })
const note = z.string()

// What somebody sent is kept as it was; bodies by the names that they had. The order of the keys is that of the decision.
const factsSchema = z.union([
  z.object({
    act: z.literal('raise'),
    channel: z.enum(channels),
    content: matterContentSchema,
    reporter: reporterSchema,
    ticket: z.object({ ticketNumber: z.string(), receivedAt: instantSchema }).optional(),
  }),
  z.object({
    act: z.literal('assign'),
    termDays: z.int(),
    basis: note.optional(),
    lead: bodyNameSchema,
    helpers: z.array(bodyNameSchema),
  }),
  z.object({
    act: z.literal('rule'),
    upheld: z.boolean(),
    note,
    termDays: z.int().optional(),
    lead: bodyNameSchema.optional(),
  }),
  z.object({ act: z.literal('supervise'), note, termDays: z.int().optional(), lead: bodyNameSchema.optional() }),
  matterActSchema,
  z.object({ act: z.enum(['remind', 'overdue', 'overtime', 'presume']) }),
  z.object({ act: z.literal('take-in'), matterIds: z.array(clientIdSchema), reporters: z.array(reporterSchema) }),
  z.object({ act: z.literal('come-back'), proposalId: clientIdSchema }),
  z.object({ act: z.literal('close'), solved: z.boolean(), tookDays: z.int(), ratings: ratingSumsSchema }),
])

/** One thing that happened, written once. */
export const matterStepItem = stored('matterStep', {
  number: z.int().min(1),
  at: instantSchema,
  actor: z.enum(matterActors),
  personId: z.string().optional(),
  memberId: idSchema.optional(),
  householdId: idSchema.optional(),
  bodyId: idSchema.optional(),
  facts: factsSchema,
  term: z.object({ until: instantSchema, remindAt: instantSchema, overtimeAt: instantSchema }).optional(),
  until: instantSchema.optional(),
  closeAt: instantSchema.optional(),
})

/** How many follow it; those of matters that were merged into it included. */
export const matterFollowersItem = stored('matterFollowers', { matterId: clientIdSchema, count: z.int().min(0) })

/** Marks by which lists find a matter: that it is public, waits for somebody, for the clock, is at a body, goes on as a proposal; whose it is. */
export const matterMarkItem = stored('matterMark', { matterId: clientIdSchema })

/** The members of a matter's partition. */
export const matterPartitionItem = z.discriminatedUnion('entity', [
  matterItem,
  matterStepItem,
  matterFollowersItem,
  matterMarkItem,
])

export const followingItem = stored('matterFollowing', { matterId: clientIdSchema, followedAt: instantSchema })

/** By household, or by the person who raised it. */
export const matterRatingItem = stored('matterRating', {
  ratedBy: z.string(),
  ratedAt: instantSchema,
  answered: z.boolean(),
  solved: z.boolean(),
  score: z.int().min(1).max(5),
  byReporter: z.boolean(),
  /** Written down by a worker for who told it. */
  byWorker: z.boolean(),
})

const sum = z.int().default(0)
const ratingSums = {
  ratings: sum,
  ratedAnswered: sum,
  ratedSolved: sum,
  score1: sum,
  score2: sum,
  score3: sum,
  score4: sum,
  score5: sum,
}

/** Sums of a compound's Shanghai month. */
export const matterMonthItem = stored('matterMonth', {
  month: z.string(),
  ...{ raised: sum, solved: sum, unsolved: sum, declined: sum, proposed: sum },
  ...{ tookDays: sum, overdue: sum, reopened: sum },
  /** Tickets of the hotline 12345 that came in as matters; and all of the month, where only their number is told. */
  ...{ hotline: sum, hotlineCount: z.int().optional() },
  ...ratingSums,
})

/** Sums of a body in a compound and Shanghai quarter. */
export const bodyQuarterItem = stored('bodyQuarter', {
  bodyId: idSchema,
  quarter: z.string(),
  /** `left`: of those assigned, what left it without its answer and before it was late. */
  ...{ assigned: sum, left: sum, overdue: sum, solved: sum, unsolved: sum, reopened: sum },
  ...ratingSums,
})

/** How many somebody raised on a Shanghai day. */
export const raisedOnItem = stored('matterRaisedOn', { count: z.int() })

/** Thin: who may read more reads it where it is. */
export const matterEventItem = stored('event', matterMovedV1.shape)
