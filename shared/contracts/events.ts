import * as z from 'zod'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { fenSchema, positiveFenSchema } from '../kernel/money.ts'
import { rateBpsSchema } from '../kernel/quantity.ts'
import { instantSchema, shanghaiDaySchema } from '../kernel/time.ts'
import { proposalStates } from './governance.ts'
import { matterStates } from './matters.ts'
import { refundReasons } from './orders.ts'

/** Events are explicit, immutable, versioned items; nothing depends on the order in which they arrive. */
export const saleRecordedV1 = z.strictObject({
  type: z.literal('sale.recorded.v1'),
  saleId: z.string().min(1).max(80),
  channel: z.enum(['group-buy', 'fair']),
  groupBuyId: idSchema.optional(),
  fairId: idSchema.optional(),
  compoundId: idSchema,
  communityId: idSchema,
  villageId: idSchema,
  coopId: idSchema,
  amountFen: fenSchema,
  rateBps: rateBpsSchema,
  /** Both absent when no agreement was in force: the rate is 0 and the entry is listed. */
  agreementId: idSchema.optional(),
  agreementVersion: z.int().min(1).optional(),
  occurredAt: instantSchema,
})

export const saleReversedV1 = z.strictObject({
  type: z.literal('sale.reversed.v1'),
  reversalId: z.string().min(1).max(80),
  saleId: z.string().min(1).max(80),
  /** Shanghai day of the sale's own event, so that the sale can be read by key. */
  saleDay: shanghaiDaySchema,
  compoundId: idSchema,
  amountFen: positiveFenSchema,
  reason: z.enum(refundReasons),
  occurredAt: instantSchema,
})

export const saleSettledV1 = z.strictObject({
  type: z.literal('sale.settled.v1'),
  saleId: z.string().min(1).max(80),
  saleDay: shanghaiDaySchema,
  compoundId: idSchema,
  occurredAt: instantSchema,
})

/** A proposal took a step: where it stands now. Who took it, and in what words, is read where it may be read. */
export const proposalMovedV1 = z.strictObject({
  type: z.literal('proposal.moved.v1'),
  proposalId: clientIdSchema,
  compoundId: idSchema,
  communityId: idSchema,
  /** The number of the step, from one. */
  step: z.int().min(1),
  state: z.enum(proposalStates),
  /** Of a step that paid: which payment of how many, and its sum. Everybody may read it of the project. */
  payment: z.strictObject({ number: z.int().min(1), count: z.int().min(1), amountFen: z.int().min(1) }).optional(),
  occurredAt: instantSchema,
})
export type ProposalMoved = z.infer<typeof proposalMovedV1>

/** A matter took a step: where it stands now. Whose it is, and in what words, is read where it may be read. */
export const matterMovedV1 = z.strictObject({
  type: z.literal('matter.moved.v1'),
  matterId: clientIdSchema,
  compoundId: idSchema,
  communityId: idSchema,
  /** The number of the step, from one. */
  step: z.int().min(1),
  state: z.enum(matterStates),
  occurredAt: instantSchema,
})
export type MatterMoved = z.infer<typeof matterMovedV1>

export const saleEventSchema = z.discriminatedUnion('type', [saleRecordedV1, saleReversedV1, saleSettledV1])
export type SaleRecorded = z.infer<typeof saleRecordedV1>
export type SaleReversed = z.infer<typeof saleReversedV1>
export type SaleSettled = z.infer<typeof saleSettledV1>
export type SaleEvent = z.infer<typeof saleEventSchema>
