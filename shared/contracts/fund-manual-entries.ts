import * as z from 'zod'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { positiveFenSchema } from '../kernel/money.ts'
import { publicLine } from '../kernel/public-text.ts'
import { instantSchema, shanghaiDaySchema } from '../kernel/time.ts'
import { purposes, type EntryKind } from './fund.ts'
import { paperNumber } from './fund-remittances.ts'
import { page, pageQuery, route } from './route.ts'

/**
 * A manual entry 手工记账: what moves a fund and is neither a sale nor decided by a project. One person proposes it with its
 * voucher, another one looks at the voucher and approves it; only then is it in the ledger, and from then on it is corrected
 * by another entry and never changed.
 *
 * 待复核 · 已入账 · 已放弃
 */
export const manualEntryStates = ['proposed', 'posted', 'dropped'] as const
export type ManualEntryState = (typeof manualEntryStates)[number]

export const manualEntryKinds = ['opening', 'correction', 'in-kind'] as const
export type ManualEntryKind = (typeof manualEntryKinds)[number]

export function isManualEntryKind(kind: EntryKind): kind is ManualEntryKind {
  return (manualEntryKinds as readonly EntryKind[]).includes(kind)
}

export const MANUAL_REASON_MAX = 200
export const MANUAL_WORDS_MAX = 200

const reason = publicLine(
  z.string().trim().min(4, '请写明原因').max(MANUAL_REASON_MAX, `最多 ${MANUAL_REASON_MAX} 个字`),
)

/** Of the paper that proves it, as it is filed: bank slip, hand-over list, minutes. For staff alone. */
export const voucherNumberSchema = paperNumber('凭证号')

const common = {
  /** Above zero, in fen; of gifts in kind, the value that both sides signed for. */
  amountFen: positiveFenSchema,
  /** When it happened: a Shanghai day up to today. */
  occurredOn: shanghaiDaySchema,
  /** Everybody reads it beside the entry: no names of persons. */
  reason,
  voucherNumber: voucherNumberSchema,
}

/** Opening balance 期初余额: money that lay at the host charity for this compound before its ledger began. Once a fund. */
const openingShape = { kind: z.literal('opening'), ...common }

/** Correction 更正: money at the charity that is more (`in`) or less (`out`) than the ledger says. */
const correctionShape = {
  kind: z.literal('correction'),
  direction: z.enum(['in', 'out']),
  ...common,
  /** The number of the entry that it puts right, if it is one. */
  correctsSeq: z.int().min(1).optional(),
}

/** Gift in kind 实物捐赠: given and used at once for a purpose, by a donor whose agreement allows it on that day. */
const inKindShape = {
  kind: z.literal('in-kind'),
  ...common,
  purpose: z.enum(purposes),
  coopId: idSchema,
}

const proposalSchema = z.discriminatedUnion('kind', [
  z.strictObject(openingShape),
  z.strictObject(correctionShape),
  z.strictObject(inKindShape),
])
export type ManualEntryProposal = z.infer<typeof proposalSchema>

const idShape = { manualEntryId: clientIdSchema, fundId: idSchema }

/** What everybody may read of one that is in the ledger. */
const postedShape = {
  kind: z.enum(manualEntryKinds),
  /** With its sign: below zero, the fund has less. */
  movedFen: z.int(),
  occurredOn: shanghaiDaySchema,
  reason: z.string(),
  correctsSeq: z.int().min(1).optional(),
  purpose: z.enum(purposes).optional(),
  coopId: idSchema.optional(),
  coopName: z.string().optional(),
}

export const manualEntryReasonSchema = z.strictObject({ ...idShape, ...postedShape, seq: z.int().min(1) })
export type ManualEntryReason = z.infer<typeof manualEntryReasonSchema>

export const manualEntrySchema = z.strictObject({
  ...idShape,
  ...postedShape,
  compoundName: z.string(),
  state: z.enum(manualEntryStates),
  seq: z.int().min(1).optional(),
  voucherNumber: z.string(),
  /** Of a gift in kind: the agreement that allows it. */
  agreementId: idSchema.optional(),
  agreementVersion: z.int().min(1).optional(),
  proposedAt: instantSchema,
  endedAt: instantSchema.optional(),
  /** Why it was dropped. */
  words: z.string().optional(),
  proposedByCaller: z.boolean(),
  /** What the caller may do next. */
  may: z.array(z.enum(['approve', 'drop'])),
})
export type ManualEntry = z.infer<typeof manualEntrySchema>

const fundParams = z.strictObject({ compoundId: idSchema })
const params = z.strictObject({ compoundId: idSchema, manualEntryId: clientIdSchema })

/** Why the ledger cannot take it, when it is proposed or when it is approved. */
const movementRefusalCodes = { OPENING_POSTED: 409, NOT_AVAILABLE: 409, CASH_SHORT: 409 } as const

export const listManualEntries = route({
  name: 'listManualEntries',
  summary: "A fund's manual entries: on the first page all that wait, then those posted or dropped, newest first.",
  method: 'GET',
  path: '/api/funds/{compoundId}/manual-entries',
  access: ['worker', 'charity', 'admin'],
  params: fundParams,
  query: z.strictObject(pageQuery),
  output: page(manualEntrySchema),
})

export const listOpenManualEntries = route({
  name: 'listOpenManualEntries',
  summary: 'Manual entries of all funds that wait for a second person, by fund.',
  method: 'GET',
  path: '/api/manual-entries/open',
  access: ['charity', 'admin'],
  query: z.strictObject(pageQuery),
  output: page(manualEntrySchema),
})

export const getManualEntryReason = route({
  name: 'getManualEntryReason',
  summary: 'The reason of an entry that was posted by hand, for everybody who sees the entry.',
  method: 'GET',
  path: '/api/funds/{compoundId}/entries/{seq}/reason',
  access: 'anyone',
  params: z.strictObject({ compoundId: idSchema, seq: z.coerce.number().int().min(1) }),
  output: manualEntryReasonSchema,
})

export const proposeManualEntry = route({
  name: 'proposeManualEntry',
  summary: 'Proposes a manual entry with its voucher. Nothing is in the ledger before another person approves it.',
  method: 'PUT',
  path: '/api/funds/{compoundId}/manual-entries/{manualEntryId}',
  access: ['charity', 'admin'],
  params,
  body: proposalSchema,
  output: manualEntrySchema,
  refusals: {
    MANUAL_ENTRY_ID_REUSED: 409,
    OCCURRED_ON_WRONG: 422,
    ENTRY_UNKNOWN: 422,
    DONOR_UNKNOWN: 422,
    IN_KIND_NOT_AGREED: 409,
    TOO_MANY_OPEN: 409,
    VOUCHER_USED: 409,
    ...movementRefusalCodes,
  },
})

export const approveManualEntry = route({
  name: 'approveManualEntry',
  summary:
    'Approves a manual entry and posts it: by another person than who proposed it, with the sum typed from the voucher.',
  method: 'POST',
  path: '/api/funds/{compoundId}/manual-entries/{manualEntryId}/approval',
  access: ['charity', 'admin'],
  params,
  body: z.strictObject({ amountFen: positiveFenSchema }),
  output: manualEntrySchema,
  refusals: {
    NOT_PROPOSED: 409,
    SAME_PERSON: 409,
    TYPED_AMOUNT_DIFFERS: 409,
    ...movementRefusalCodes,
  },
})

export const dropManualEntry = route({
  name: 'dropManualEntry',
  summary: 'Drops a manual entry that is not in the ledger.',
  method: 'POST',
  path: '/api/funds/{compoundId}/manual-entries/{manualEntryId}/drop',
  access: ['charity', 'admin'],
  params,
  body: z.strictObject({
    words: z.string().trim().min(2, '请写几个字').max(MANUAL_WORDS_MAX, `最多 ${MANUAL_WORDS_MAX} 个字`),
  }),
  output: manualEntrySchema,
  refusals: { NOT_PROPOSED: 409 },
})

export const manualEntryRoutes = [
  listManualEntries,
  listOpenManualEntries,
  getManualEntryReason,
  proposeManualEntry,
  approveManualEntry,
  dropManualEntry,
] as const
