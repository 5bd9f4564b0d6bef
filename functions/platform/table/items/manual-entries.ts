import * as z from 'zod'
import { manualEntryKinds, manualEntryStates } from '#shared/contracts/fund-manual-entries.ts'
import { purposes } from '#shared/contracts/fund.ts'
import { clientIdSchema, idSchema } from '#shared/kernel/ids.ts'
import { instantSchema, shanghaiDaySchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'

/** `version` is its lock. The reason is public; the voucher and the persons are not. */
export const manualEntryItem = stored('manualEntry', {
  manualEntryId: clientIdSchema,
  fundId: idSchema,
  compoundName: z.string(),
  version: z.int().min(1),
  bodyHash: z.string(),
  state: z.enum(manualEntryStates),
  kind: z.enum(manualEntryKinds),
  /** With its sign. */
  movedFen: z.int(),
  occurredOn: shanghaiDaySchema,
  reason: z.string(),
  voucherNumber: z.string(),
  correctsSeq: z.int().min(1).optional(),
  purpose: z.enum(purposes).optional(),
  coopId: idSchema.optional(),
  coopName: z.string().optional(),
  agreementId: idSchema.optional(),
  agreementVersion: z.int().min(1).optional(),
  proposedAt: instantSchema,
  proposedBy: z.string(),
  endedAt: instantSchema.optional(),
  endedBy: z.string().optional(),
  /** Of one that was dropped. */
  words: z.string().optional(),
  /** Its number in the ledger, written with the entry. */
  seq: z.int().min(1).optional(),
})
export type ManualEntryItem = z.infer<typeof manualEntryItem>

/** There while it waits for a second person. */
export const openManualEntryItem = stored('openManualEntry', { fundId: idSchema, manualEntryId: clientIdSchema })

/** A voucher proves one entry of a fund: whoever types it a second time is told so. */
export const manualVoucherItem = stored('manualVoucher', { manualEntryId: clientIdSchema })

/** From an entry of the ledger to its reason. */
export const manualSeqItem = stored('manualSeq', { manualEntryId: clientIdSchema })
