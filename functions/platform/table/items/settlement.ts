import * as z from 'zod'
import {
  PAYOUT_RETURNS_MAX,
  PAYOUT_TRANSFERS_MAX,
  payoutSchema,
  statementRowsSchema,
  statementStates,
  statementSteps,
  statementSumsSchema,
  transferSchema,
} from '#shared/contracts/settlement.ts'
import { idSchema } from '#shared/kernel/ids.ts'
import { instantSchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'

/** As long as this exists somebody has to look whether the group buy's statement is right. */
export const settlementWatchItem = stored('settlementWatch', {
  groupBuyId: idSchema,
  dueAt: instantSchema,
  /** Another one with each thing that happened: a look ends the watch only when nothing happened since. */
  revision: z.string(),
  /** Looks that found a fund not up to date yet. */
  waits: z.int().min(0),
})
export type SettlementWatchItem = z.infer<typeof settlementWatchItem>

/** What changes about a statement; `steps` counts everything that ever happened to it and is its lock. */
export const statementItem = stored('statement', {
  groupBuyId: idSchema,
  part: z.int().min(1),
  version: z.int().min(1),
  steps: z.int().min(1),
  state: z.enum(statementStates),
  coopId: idSchema,
  coopName: z.string(),
  title: z.string(),
  closesAt: instantSchema,
  sums: statementSumsSchema,
  statedFen: z.int(),
  madeAt: instantSchema,
  versionAt: instantSchema,
  /** How often the co-op disputed it. */
  disputes: z.int().min(0),
  /** Absent though confirmed: by the clock. */
  confirmedBy: z.string().optional(),
  payoutId: z.string().optional(),
  /** How often the co-op said that the money did not come; absent: never. */
  reports: z.int().min(1).optional(),
  /** As long as that is not answered. */
  missing: z.object({ at: instantSchema, words: z.string() }).optional(),
})
export type StatementItem = z.infer<typeof statementItem>

/** The rows of one version of a statement, written once. */
export const statementRowsItem = stored('statementRows', { ...statementRowsSchema.shape })

/** One thing that happened to a statement, written once. */
export const statementStepItem = stored('statementStep', {
  step: z.enum(statementSteps),
  at: instantSchema,
  by: z.enum(['clock', 'coop', 'district']),
  /** Absent: the clock. */
  personId: z.string().optional(),
  words: z.string().optional(),
  dueFen: z.int(),
})
export type StatementStepItem = z.infer<typeof statementStepItem>

/** Exists as long as the statement is not paid, or its money is said not to have come. */
export const unpaidItem = stored('unpaid', { groupBuyId: idSchema, part: z.int().min(1) })

const {
  preparedByCaller: _prepared,
  dueByCaller: _due,
  transfers: _transfers,
  transferredFen: _sum,
  ...payoutFacts
} = payoutSchema.shape

export const storedTransferSchema = z.strictObject({
  ...transferSchema.shape,
  recordedBy: z.string(),
  /** Who typed what stands there now: who recorded it, or who put it right last. */
  typedBy: z.string(),
})
export type StoredTransfer = z.infer<typeof storedTransferSchema>

/** `version` counts everything that happened to it and is its lock. */
export const payoutItem = stored('payout', {
  ...payoutFacts,
  version: z.int().min(1),
  transfers: z.array(storedTransferSchema).max(PAYOUT_TRANSFERS_MAX + PAYOUT_RETURNS_MAX),
  /** Who confirmed its statements: none of them moves its money. */
  confirmedBy: z.array(z.string()),
  /** Who took statements into it last, and answers for the whole. */
  preparedBy: z.string(),
  /** By whom there is something left to move. */
  dueBy: z.string(),
  droppedBy: z.string().optional(),
  /** Statements whose money is said not to have come; absent: none. */
  reported: z.int().min(0).optional(),
  /** Of the request that prepared it. */
  bodyHash: z.string(),
})
export type PayoutItem = z.infer<typeof payoutItem>

/** Beside a co-op's payouts, so that a co-op is found when nothing of it is unpaid. */
export const paidCoopItem = stored('paidCoop', {
  coopId: idSchema,
  coopName: z.string(),
  lastPreparedAt: instantSchema,
})
export type PaidCoopItem = z.infer<typeof paidCoopItem>

/** A bank slip's number is used once, by a payout or by cash that was banked. */
export const bankReferenceItem = stored('bankReference', { usedBy: z.string() })

export const settlementPartitionItem = z.discriminatedUnion('entity', [settlementWatchItem, statementItem])
