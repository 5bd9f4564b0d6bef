import * as z from 'zod'
import {
  payoutSchema,
  payoutStates,
  statementRowsSchema,
  statementStates,
  statementSteps,
  statementSumsSchema,
} from '#shared/contracts/settlement.ts'
import { idSchema } from '#shared/kernel/ids.ts'
import { instantSchema, shanghaiDaySchema } from '#shared/kernel/time.ts'
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
  confirmedBy: z.string().optional(),
  payoutId: z.string().optional(),
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

/** Exists as long as the statement is not paid. */
export const unpaidItem = stored('unpaid', { groupBuyId: idSchema, part: z.int().min(1) })

export const payoutItem = stored('payout', {
  ...payoutSchema.shape,
  state: z.enum(payoutStates),
  paidOn: shanghaiDaySchema,
  recordedBy: z.string(),
  bodyHash: z.string(),
})
export type PayoutItem = z.infer<typeof payoutItem>

/** A bank slip's number is used once, by a payout or by cash that was banked. */
export const bankReferenceItem = stored('bankReference', { usedBy: z.string() })

export const settlementPartitionItem = z.discriminatedUnion('entity', [settlementWatchItem, statementItem])
