import * as z from 'zod'
import { bodyKinds } from '#shared/contracts/places-bodies.ts'
import { idSchema } from '#shared/kernel/ids.ts'
import { stored } from './stored.ts'

/** Who can be given residents' matters. Apart from other places: hardly any function knows of them. */
export const bodyItem = stored('body', {
  bodyId: idSchema,
  name: z.string(),
  bodyKind: z.enum(bodyKinds),
  districtId: idSchema,
  communityId: idSchema.optional(),
})
