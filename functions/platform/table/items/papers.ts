import * as z from 'zod'
import { actors, choices } from '#shared/contracts/governance.ts'
import { idSchema } from '#shared/kernel/ids.ts'
import { instantSchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'

/** What one or two persons entered of a household's paper. It stays when the household votes by itself, and says then what nobody counts. */
export const paperItem = stored('paper', {
  householdId: idSchema,
  ...{ building: z.string(), unit: z.string(), room: z.string() },
  /** How often it was written: its lock. */
  version: z.int().min(1),
  entries: z
    .array(
      z.object({
        personId: z.string(),
        memberId: idSchema,
        actor: z.enum(actors),
        homes: z.array(idSchema),
        choice: z.enum(choices),
        at: instantSchema,
      }),
    )
    .min(1)
    .max(2),
})
export type PaperItem = z.infer<typeof paperItem>

/** There while a paper is no ballot and its household has not voted by itself. */
export const waitingPaperItem = stored('waitingPaper', { householdId: idSchema })
