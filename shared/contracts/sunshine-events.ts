import * as z from 'zod'
import { idSchema } from '../kernel/ids.ts'
import { instantSchema } from '../kernel/time.ts'
import { quarterSchema } from './rankings.ts'
import { disclosureIdSchema, disclosureStates, sunshineBooks } from './sunshine.ts'

/** Accounts of a quarter took a step: published, objected to, answered, late. What was said is read where it may be read. */
export const disclosureMovedV1 = z.strictObject({
  type: z.literal('disclosure.moved.v1'),
  disclosureId: disclosureIdSchema,
  book: z.enum(sunshineBooks),
  quarter: quarterSchema,
  compoundId: idSchema,
  communityId: idSchema,
  /** The number of the step, from one. */
  step: z.int().min(1),
  state: z.enum(disclosureStates),
  occurredAt: instantSchema,
})
export type DisclosureMoved = z.infer<typeof disclosureMovedV1>
