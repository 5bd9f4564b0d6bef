import * as z from 'zod'
import { ownersDifferSchema } from '#shared/contracts/governance-owners.ts'
import { stored } from './stored.ts'

/**
 * Rows of a list of owners as its first person entered it: there until the second one has entered the same, or until it
 * runs out. Who of a household said what is personal: no step, event, page or log has any of it.
 */
export const ownersRowsItem = stored('ownersRows', {
  /** Of the list: the step that recorded it has the same one. */
  hash: z.string(),
  /** In their canonical form. */
  rows: z.string(),
  /** How often a second person was told which units differ. */
  tells: z.int().min(0),
  /** What the last one was told, and who it was. */
  difference: z.object({ ...ownersDifferSchema.shape, personId: z.string() }).optional(),
  expiresAtSeconds: z.int(),
})
export type OwnersRowsItem = z.infer<typeof ownersRowsItem>
