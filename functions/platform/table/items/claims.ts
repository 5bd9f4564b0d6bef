import * as z from 'zod'
import { claimSchema } from '#shared/contracts/claims.ts'
import { idSchema } from '#shared/kernel/ids.ts'
import { instantSchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'

/** What a household says of goods it got, beside the order; written once by it and once by the worker who decides. */
export const claimItem = stored('claim', {
  ...claimSchema.shape,
  orderId: z.string(),
  groupBuyId: idSchema,
  compoundId: idSchema,
  filedBy: z.string(),
  bodyHash: z.string(),
  decidedBy: z.string().optional(),
  decisionHash: z.string().optional(),
})
export type ClaimItem = z.infer<typeof claimItem>

/** Beside the group buy, so that its co-op finds the claim; it never changes. */
export const groupBuyClaimItem = stored('groupBuyClaim', {
  groupBuyId: idSchema,
  claimId: z.string(),
  orderId: z.string(),
  filedAt: instantSchema,
})
