import * as z from 'zod'
import { checkedShape, findingSchema, FINDINGS_MAX, kindSumSchema } from '#shared/contracts/payments-reconciliation.ts'
import { instantSchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'

/**
 * What one call found of a comparison with the payment provider, written once; a comparison that the time did not suffice
 * for has several. Ids and sums only.
 */
export const reconciliationPartItem = stored('reconciliationPart', {
  runId: z.string(),
  by: z.enum(['night', 'admin']),
  since: instantSchema,
  startedAt: instantSchema,
  part: z.int().min(1),
  endedAt: instantSchema,
  /** Where it goes on; absent: all is compared. */
  cursor: z.string().optional(),
  ...checkedShape,
  kinds: z.array(kindSumSchema),
  findings: z.array(findingSchema).max(FINDINGS_MAX),
})
export type ReconciliationPartItem = z.infer<typeof reconciliationPartItem>
