import * as z from 'zod'
import { clientIdSchema, idSchema } from '#shared/kernel/ids.ts'
import { shanghaiDaySchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'

/** A sum that was approved for somebody in a compound. For everybody: nothing in it names, locates or leads to a case. */
export const aidSlipItem = stored('aidSlip', {
  slipId: clientIdSchema,
  compoundId: idSchema,
  amountFen: z.int().min(1),
  approvedOn: shanghaiDaySchema,
  /** The project that pays it. */
  proposalId: clientIdSchema.optional(),
})
export type AidSlipItem = z.infer<typeof aidSlipItem>
