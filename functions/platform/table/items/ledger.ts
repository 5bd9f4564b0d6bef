import * as z from 'zod'
import { saleRecordedV1, saleReversedV1, saleSettledV1 } from '#shared/contracts/events.ts'
import { balancesSchema, donorSumsSchema, ledgerEntrySchema, movementKinds, purposes } from '#shared/contracts/fund.ts'
import { dayRootSchema, standingOfFundSchema } from '#shared/contracts/fund-days.ts'
import { idSchema } from '#shared/kernel/ids.ts'
import { instantSchema, shanghaiDaySchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'

const fenOrCount = z.int().min(0)
const hash = z.string().regex(/^[0-9a-f]{64}$/)

const totals = z.strictObject({
  salesFen: fenOrCount,
  reversedFen: fenOrCount,
  saleCount: fenOrCount,
  unagreedSaleCount: fenOrCount,
  unagreedSalesFen: fenOrCount,
})

const cell = z.strictObject({
  villageId: idSchema,
  coopId: idSchema,
  groupBuyId: idSchema.optional(),
  fairId: idSchema.optional(),
  salesFen: fenOrCount,
  reversedFen: fenOrCount,
  postedFen: z.int(),
  saleCount: fenOrCount,
})

const flow = z.strictObject({
  kind: z.enum(movementKinds),
  purpose: z.enum(purposes).optional(),
  movedFen: z.int(),
})

const daySums = {
  day: shanghaiDaySchema,
  entryCount: z.int().min(1),
  cells: z.array(cell),
  flows: z.array(flow).optional(),
}

const standing = {
  seq: z.int().min(1),
  hash,
  balances: balancesSchema,
  donors: z.array(donorSumsSchema),
  totals,
}

/** Rewritten with every posting; its `seq` is the lock of the fund. */
export const fundHeadItem = stored('fundHead', {
  fundId: idSchema,
  ...standing,
  lastPostedAt: instantSchema,
  openDay: z.strictObject(daySums),
})

/** Written once, never changed. The entry's own `v` is the item's. */
export const entryItem = z.object({ entity: z.literal('entry'), ...ledgerEntrySchema.shape })

/** Written once, when a later day begins. */
export const closedDayItem = stored('closedDay', { fundId: idSchema, ...daySums, ...standing })

/** Written once with the entry that it repeats: a few of many, found without reading the ledger. */
export const takeBackItem = stored('takeBack', {
  seq: z.int().min(1),
  takenFen: z.int().min(1),
  saleId: z.string().optional(),
})

export const postedSaleItem = stored('postedSale', {
  saleId: z.string(),
  channel: z.enum(['group-buy', 'fair']),
  groupBuyId: idSchema.optional(),
  fairId: idSchema.optional(),
  villageId: idSchema,
  coopId: idSchema,
  agreementId: idSchema.optional(),
  agreementVersion: z.int().optional(),
  amountFen: fenOrCount,
  rateBps: z.int(),
  reversedFen: fenOrCount,
  settled: z.boolean(),
  seqs: z.array(z.int().min(1)),
})

export const postedReversalItem = stored('postedReversal', {
  reversalId: z.string(),
  saleId: z.string(),
  amountFen: z.int().min(1),
  seq: z.int().min(1),
})

export const postedMovementItem = stored('postedMovement', {
  /** As the entry has it; put once, so that a name is used once. */
  eventId: z.string(),
  kind: z.enum(movementKinds),
  agreementId: idSchema.optional(),
  coopId: idSchema.optional(),
  proposalId: idSchema.optional(),
  purpose: z.enum(purposes).optional(),
  movedFen: z.int(),
  seq: z.int().min(1),
})

export const postedProjectItem = stored('postedProject', {
  proposalId: idSchema,
  purpose: z.enum(purposes),
  reservedFen: fenOrCount,
  spentFen: fenOrCount,
  seqs: z.array(z.int().min(1)),
})

export const markerItem = z.discriminatedUnion('entity', [
  postedSaleItem,
  postedReversalItem,
  postedMovementItem,
  postedProjectItem,
])

/** An event day whose every event was found in the ledger, and what both tables counted then. Written once. */
export const sealItem = stored('seal', {
  fundId: idSchema,
  day: shanghaiDaySchema,
  eventCount: fenOrCount,
  /** Sales minus reversals of the day's events. */
  netFen: z.int(),
})

/** How far the sweep has come; only the sweep moves it. */
export const checkItem = stored('check', {
  fundId: idSchema,
  /** Every event day up to this one is sealed. */
  sealedThrough: shanghaiDaySchema,
  /** When a check last went to its end, and what it said; absent as long as none did. */
  checkedAt: instantSchema.optional(),
  ok: z.boolean().optional(),
})

/** The root of a day over all funds. Written once, together with all its parts. */
export const dayRootItem = stored('dayRoot', dayRootSchema.shape)

/** Some of the funds that a day's root was made of, in order. Written once. */
export const rootPartItem = stored('rootPart', {
  day: shanghaiDaySchema,
  part: z.int().min(1),
  funds: z.array(standingOfFundSchema),
})

/** What the market's event items tell the fund; other attributes (keys, `entity`) are left aside. */
export const saleEventItem = z.discriminatedUnion('type', [
  z.object(saleRecordedV1.shape),
  z.object(saleReversedV1.shape),
  z.object(saleSettledV1.shape),
])
