import * as z from 'zod'
import {
  actors,
  askingSchema,
  checkStops,
  checkVerdicts,
  choices,
  electorates,
  milestoneSchema,
  plainActSchema,
  paperCountSchema,
  proposalContentSchema,
  proposalStates,
  proposalVariants,
  tallySchema,
  voteRuleSchema,
} from '#shared/contracts/governance.ts'
import { ownersFactsSchema } from '#shared/contracts/governance-owners.ts'
import { proposalMovedV1 } from '#shared/contracts/events.ts'
import { purposes } from '#shared/contracts/fund.ts'
import { proposalNews } from '#shared/contracts/notifications.ts'
import { clientIdSchema, idSchema } from '#shared/kernel/ids.ts'
import { instantSchema, shanghaiDaySchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'

/** Where a proposal stands, for lists and conditions; all of it follows from its steps. `steps` is its lock. */
export const proposalItem = stored('proposal', {
  proposalId: clientIdSchema,
  compoundId: idSchema,
  compoundName: z.string(),
  communityId: idSchema,
  /** How many steps it has. */
  steps: z.int().min(1),
  authorId: z.string(),
  state: z.enum(proposalStates),
  title: z.string(),
  purpose: z.enum(purposes),
  costFen: z.int().min(1),
  submittedAt: instantSchema,
  triaged: z.boolean(),
  suspended: z.boolean(),
  variant: z.enum(proposalVariants).optional(),
  dueAt: instantSchema.optional(),
  /** While votes, or ratings, are taken: until then. */
  takesUntil: instantSchema.optional(),
})
export type ProposalItem = z.infer<typeof proposalItem>

const memberSchema = z.object({ personId: z.string(), memberId: idSchema, householdId: idSchema.optional() })

const factsSchema = z.union([
  plainActSchema,
  // No row of a list has a place here.
  ownersFactsSchema,
  z.object({ act: z.literal('submit'), content: proposalContentSchema, asking: askingSchema.optional() }),
  // Kept before an override named its stop.
  z.strictObject({ act: z.literal('override-check'), note: z.string() }),
  z.object({
    act: z.literal('open'),
    rules: z.array(voteRuleSchema),
    members: z.array(memberSchema),
    households: z.int().min(0),
  }),
  z.object({ act: z.enum(['shut', 'lapse', 'close']) }),
  z.object({ act: z.literal('overdue'), objectionId: clientIdSchema.optional() }),
  z.object({
    act: z.literal('decide'),
    tallies: z.partialRecord(z.enum(electorates), tallySchema),
    passed: z.boolean(),
    paper: paperCountSchema.optional(),
  }),
  z.object({ act: z.literal('reserve'), amountFen: z.int().min(1), seq: z.int().min(1) }),
  z.object({ act: z.literal('release'), seq: z.int().min(1) }),
  z.object({
    act: z.literal('checked'),
    verdict: z.enum(checkStops),
    checkIds: z.array(clientIdSchema),
    note: z.string().optional(),
    stops: z
      .array(z.object({ checkId: clientIdSchema, verdict: z.enum(checkStops), note: z.string().optional() }))
      .optional(),
  }),
  z.object({ act: z.literal('rated'), counts: z.array(z.int().min(0)).length(5) }),
  z.object({
    act: z.literal('pay'),
    bankReference: z.string(),
    paidOn: shanghaiDaySchema,
    paidFen: z.int().min(1),
    releasedFen: z.int().min(0),
    seq: z.int().min(1),
    milestone: milestoneSchema.optional(),
    checks: z.array(z.object({ checkId: clientIdSchema, verdict: z.enum(checkVerdicts) })).optional(),
  }),
])

/** One thing that happened, written once. */
export const proposalStepItem = stored('proposalStep', {
  number: z.int().min(1),
  at: instantSchema,
  actor: z.enum(actors),
  personId: z.string().optional(),
  memberId: idSchema.optional(),
  householdId: idSchema.optional(),
  facts: factsSchema,
  until: instantSchema.optional(),
})

/** There while a proposal has not ended: found by community and deadline. */
export const openProposalItem = stored('openProposal', { proposalId: clientIdSchema })
/** There while the system has something to do by itself: found by whose job it is and from when on. */
export const dueProposalItem = stored('dueProposal', {
  proposalId: clientIdSchema,
  act: z.string(),
  dueAt: instantSchema,
})

/** The members of a proposal's partition. */
export const proposalPartitionItem = z.discriminatedUnion('entity', [
  proposalItem,
  proposalStepItem,
  openProposalItem,
  dueProposalItem,
])

/** A vote. Who cast it is in its key and told to nobody. `receipt` finds it in the export, which holds only its hash. */
export const ballotItem = stored('ballot', {
  electorate: z.enum(electorates),
  voterId: z.string(),
  /** Absent of one that came in on paper. */
  castBy: z.string().optional(),
  castAt: instantSchema,
  choice: z.enum(choices),
  receipt: z.string(),
  /** Who entered it, first and second; and who could have voted for the household then, one of whom has to live there still. */
  paper: z.object({ enteredBy: z.array(z.string()).length(2), voices: z.array(z.string()).min(1) }).optional(),
  /** When it was counted, whoever cast it was no verified member of the household any more. */
  voided: z.literal(true).optional(),
})
export type BallotItem = z.infer<typeof ballotItem>

export const ratingItem = stored('rating', {
  householdId: idSchema,
  ratedBy: z.string(),
  ratedAt: instantSchema,
  score: z.int().min(1).max(5),
})

/** One of the emergencies that a compound may have in a quarter: which one has it. */
export const emergencySlotItem = stored('emergencySlot', { proposalId: clientIdSchema })
/** Which emergency was not ratified, and until when there are no others. */
export const emergencyShutItem = stored('emergencyShut', { proposalId: clientIdSchema, until: instantSchema })

export const receiptOfProjectItem = stored('receiptOfProject', { proposalId: clientIdSchema })

/** A payment of a compound's fund, by its number in the ledger. Written once. */
export const paidProjectItem = stored('paidProject', {
  proposalId: clientIdSchema,
  paidFen: z.int().min(1),
  seq: z.int().min(1),
})

/** There while households of the compound are still to be told something; `cursor`: those before it have been. */
export const homesToTellItem = stored('homesToTell', {
  proposalId: clientIdSchema,
  compoundId: idSchema,
  title: z.string(),
  news: z.enum(proposalNews),
  at: instantSchema,
  step: z.int().min(1),
  cursor: z.string().optional(),
})
export type HomesToTellItem = z.infer<typeof homesToTellItem>

/** There while matters that went on as this proposal, which ended without being carried out, are still to come back. */
export const proposalInVainItem = stored('proposalInVain', { proposalId: clientIdSchema, at: instantSchema })

/** Thin: who may read more reads it where it is. */
export const proposalEventItem = stored('event', proposalMovedV1.shape)
