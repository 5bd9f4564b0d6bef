import * as z from 'zod'
import { aidCategories, aidParts, aidStates, consentWays } from '#shared/contracts/aid.ts'
import { clientIdSchema, idSchema } from '#shared/kernel/ids.ts'
import { instantSchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'

/** When the table drops it by itself; for everybody it is gone at that very moment. */
const expiresAtSeconds = z.int()

const places = {
  caseId: clientIdSchema,
  compoundId: idSchema,
  compoundName: z.string(),
  communityId: idSchema,
}

/** Where a case stands; all of it follows from its steps. `steps` is its lock. */
export const aidCaseItem = stored('aidCase', {
  ...places,
  householdId: idSchema,
  steps: z.int().min(1),
  state: z.enum(aidStates),
  raisedAt: instantSchema,
  expiresAtSeconds,
})
export type AidCaseItem = z.infer<typeof aidCaseItem>

/** What was written: here alone. It is deleted before everything else of the case. */
export const aidWordsItem = stored('aidWords', {
  caseId: clientIdSchema,
  category: z.enum(aidCategories),
  why: z.string(),
  payee: z.string(),
  askedFen: z.int().min(1),
  home: z.string(),
  ofChild: z.boolean(),
  consentBy: z.enum(consentWays).optional(),
  reason: z.string().optional(),
  expiresAtSeconds,
})
export type AidWordsItem = z.infer<typeof aidWordsItem>

/** One thing that happened to a case, written once; not a word of what is private. */
export const aidStepItem = stored('aidStep', {
  number: z.int().min(1),
  at: instantSchema,
  part: z.enum(aidParts),
  personId: z.string(),
  householdId: idSchema.optional(),
  facts: z.discriminatedUnion('act', [
    z.object({ act: z.literal('raise'), consentVersion: z.string(), consentBy: z.enum(consentWays).optional() }),
    z.object({ act: z.literal('read') }),
    z.object({ act: z.literal('visit') }),
    z.object({ act: z.literal('approve'), amountFen: z.int().min(1), slipId: clientIdSchema }),
    z.object({ act: z.literal('refuse') }),
    z.object({ act: z.literal('recuse') }),
    z.object({ act: z.literal('withdraw'), slipUsed: z.literal(true).optional() }),
  ]),
  expiresAtSeconds,
})

export const aidPartitionItem = z.discriminatedUnion('entity', [aidCaseItem, aidWordsItem, aidStepItem])

/** By which a case is found. */
export const aidMarkItem = stored('aidMark', { caseId: clientIdSchema, expiresAtSeconds })

/** A case that waits for somebody. */
export const aidToDoItem = stored('aidToDo', {
  ...places,
  state: z.enum(aidStates),
  raisedAt: instantSchema,
  expiresAtSeconds,
})
export type AidToDoItem = z.infer<typeof aidToDoItem>
