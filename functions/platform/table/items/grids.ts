import * as z from 'zod'
import { idSchema } from '#shared/kernel/ids.ts'
import { instantSchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'

/** All grids of a community in one item: that a compound is in one of them at most is a condition of every change. */
export const gridsItem = stored('grids', {
  communityId: idSchema,
  version: z.int().min(1),
  grids: z.array(
    z.object({
      gridId: idSchema,
      name: z.string(),
      compoundIds: z.array(idSchema),
      posts: z.array(
        z.object({
          personId: z.string(),
          knownAs: z.string(),
          fromAt: instantSchema.optional(),
          toAt: instantSchema.optional(),
        }),
      ),
    }),
  ),
})
export type GridsItem = z.infer<typeof gridsItem>
