import * as z from 'zod'
import { clientIdSchema } from '../kernel/ids.ts'
import { instantSchema } from '../kernel/time.ts'
import { askingSchema, choices, electorates, paperCountSchema, tallySchema, voteRuleSchema } from './governance.ts'

/**
 * The votes of a closed vote as anybody downloads them (`exportVotes`): what they are counted by, then the votes in the order of
 * their commitments. With this file alone the vote is counted again (`npm run verify -- --votes votes.jsonl`).
 */
export const voteHeadSchema = z.strictObject({
  v: z.literal(1),
  proposalId: clientIdSchema,
  closesAt: instantSchema,
  /** What chose the rules: the sum, how this compound's households are asked, and whether an emergency was ratified. */
  costFen: z.int().min(1),
  asking: askingSchema,
  emergency: z.literal(true).optional(),
  rules: z.array(voteRuleSchema).min(1),
  /** Who could vote: members that were not recused when it closed, verified households when it opened. */
  electors: z.partialRecord(z.enum(electorates), z.int().min(0)),
  /** As they were published. */
  tallies: z.partialRecord(z.enum(electorates), tallySchema),
  /** Votes left out: who cast them for their household was no verified member of it any more. */
  voided: z.int().min(1).optional(),
  /** How many of the households' votes below came in on paper, and how many papers were not counted; which ones nobody is told. */
  paper: paperCountSchema.optional(),
})
export type VoteHead = z.infer<typeof voteHeadSchema>

export const voteLineSchema = z.strictObject({
  electorate: z.enum(electorates),
  choice: z.enum(choices),
  /** SHA-256, in hex, of `commitmentText` of the voter's receipt. */
  commitment: z.string().regex(/^[0-9a-f]{64}$/),
})
export type VoteLine = z.infer<typeof voteLineSchema>

/** A receipt as it was given: sixteen random bytes in hex. */
export const RECEIPT_HEX = /^[0-9a-f]{32}$/
