import * as z from 'zod'
import { idSchema } from '#shared/kernel/ids.ts'
import { stored } from './stored.ts'

/** A photo as it is kept. Whoever may see one of a claim is written down when it comes in, and never looked up again. */
export const photoItem = stored('photo', {
  photoId: z.string(),
  personId: z.string(),
  bodyHash: z.string(),
  width: z.int(),
  height: z.int(),
  bytes: z.int(),
  /** Base64: items hold no binary values. */
  webp: z.string(),
  /** Absent on photos of matters and of projects. */
  coopId: idSchema.optional(),
  of: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('listing') }),
    z.object({
      kind: z.literal('claim'),
      orderId: z.string(),
      saleId: z.string(),
      /** Whose the order is; `personId` above is who sent the photo. Absent where a worker ordered for the household. */
      personId: z.string().optional(),
      householdId: idSchema,
      communityId: idSchema,
    }),
    z.object({ kind: z.literal('matter'), compoundId: idSchema }),
    z.object({ kind: z.literal('project'), proposalId: z.string() }),
  ]),
  /** Set by the claim that shows it; until then it is its sender's alone. */
  claimId: z.string().optional(),
  /** Set by the matter that it was sent for. */
  matterId: z.string().optional(),
  /** When it is gone: a day after it came, unless something keeps it. Absent on photos of listings that were saved. */
  expiresAtSeconds: z.int().optional(),
})
export type PhotoItem = z.infer<typeof photoItem>
