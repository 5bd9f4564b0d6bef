import * as z from 'zod'
import { quarterSchema } from '#shared/contracts/rankings.ts'
import {
  disclosureIdSchema,
  disclosureSummarySchema,
  snapshotSchema,
  sunshineBooks,
  sunshineTodos,
} from '#shared/contracts/sunshine.ts'
import { sunshineEntrySchema } from '#shared/contracts/sunshine-book.ts'
import { clientIdSchema, idSchema } from '#shared/kernel/ids.ts'
import { instantSchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'

/** A compound's second book: sums of its entries. `revision` is its lock. */
export const sunshineBookItem = stored('sunshineBook', {
  compoundId: idSchema,
  compoundName: z.string(),
  communityId: idSchema,
  bodyId: idSchema,
  bodyName: z.string(),
  firstQuarter: quarterSchema,
  openingFen: z.int(),
  openingNote: z.string(),
  openedAt: instantSchema,
  revision: z.int().min(1),
  seq: z.int().min(0),
  balanceFen: z.int(),
  publishedThrough: quarterSchema.optional(),
  settledFen: z.int(),
  quarters: z.array(z.object({ quarter: quarterSchema, entries: z.int().min(1), deltaFen: z.int() })),
  correcting: z.boolean(),
})
export type SunshineBookItem = z.infer<typeof sunshineBookItem>

/** Money that came or went, written once. */
export const sunshineEntryItem = stored('sunshineEntry', {
  ...sunshineEntrySchema.shape,
  quarter: quarterSchema,
  recordedAt: instantSchema,
  personId: z.string(),
})

/** That an entry was taken back, beside it. */
export const sunshineReversedItem = stored('sunshineReversed', { seq: z.int().min(1), reversedBy: z.int().min(1) })
export const sunshineQuarterItem = z.discriminatedUnion('entity', [sunshineEntryItem, sunshineReversedItem])

/** Which entry a request made. */
export const sunshineSentItem = stored('sunshineSent', {
  entryId: clientIdSchema,
  bodyHash: z.string(),
  quarter: quarterSchema,
  seq: z.int().min(1),
})

/** Where a disclosure stands, for lists and conditions; all of it follows from its steps. `steps` is its lock. */
export const disclosureItem = stored('sunshineDisclosure', {
  ...disclosureSummarySchema.shape,
  steps: z.int().min(1),
})
export type DisclosureItem = z.infer<typeof disclosureItem>

const number = z.int().min(1)
const text = z.string()
const factsSchema = z.discriminatedUnion('act', [
  z.object({ act: z.literal('begin'), dueAt: instantSchema }),
  z.object({
    act: z.literal('publish'),
    version: z.int().min(1),
    sha256: z.string(),
    openingFen: z.int(),
    incomeFen: z.int(),
    expenseFen: z.int(),
    closingFen: z.int(),
    displayUntil: instantSchema,
    bankFen: z.int().optional(),
    differenceNote: text.optional(),
    note: text.optional(),
  }),
  z.object({
    act: z.literal('object'),
    number,
    version: z.int().min(1),
    seq: z.int().min(1).optional(),
    text,
    householdId: idSchema,
    answerBy: instantSchema,
  }),
  z.object({ act: z.literal('answer'), number, text, insistBy: instantSchema }),
  z.object({ act: z.literal('insist'), number, text, ruleBy: instantSchema }),
  z.object({ act: z.literal('rule'), number, text, upheld: z.boolean(), correctBy: instantSchema.optional() }),
  z.object({ act: z.literal('late') }),
  z.object({ act: z.literal('answer-late'), number, ruleBy: instantSchema }),
  z.object({ act: z.literal('settle'), number }),
  z.object({ act: z.literal('rule-late'), number }),
  z.object({ act: z.literal('correction-late') }),
  z.object({ act: z.literal('end-display') }),
])

/** One thing that happened to a disclosure, written once. */
export const disclosureStepItem = stored('sunshineStep', {
  number: z.int().min(1),
  at: instantSchema,
  actor: z.enum(['keeper', 'resident', 'worker', 'admin', 'system']),
  personId: z.string().optional(),
  facts: factsSchema,
})

/** Marks by which the clock finds a disclosure, and who has to do something about it. */
export const disclosureMarkItem = stored('sunshineMark', { disclosureId: disclosureIdSchema })
export const disclosureTaskItem = stored('sunshineTask', {
  disclosureId: disclosureIdSchema,
  book: z.enum(sunshineBooks),
  compoundId: idSchema,
  compoundName: z.string(),
  quarter: quarterSchema,
  todo: z.enum(sunshineTodos),
  by: instantSchema,
})

export const disclosurePartitionItem = z.discriminatedUnion('entity', [
  disclosureItem,
  disclosureStepItem,
  disclosureMarkItem,
  disclosureTaskItem,
])

/** What everybody reads, written once. */
export const publicationItem = stored('sunshinePublication', { sha256: z.string(), snapshot: snapshotSchema })

export const walkedItem = stored('sunshineWalked', { day: z.string() })
