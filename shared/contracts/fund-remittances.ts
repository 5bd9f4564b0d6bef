import * as z from 'zod'
import { bankReferenceSchema } from '../kernel/bank-reference.ts'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { fenSumSchema, positiveFenSchema } from '../kernel/money.ts'
import { instantSchema, shanghaiDaySchema } from '../kernel/time.ts'
import { page, pageQuery, route } from './route.ts'

/**
 * A remittance 划转: the settled gifts of all funds of the district that the host charity has not got yet, moved to it by one
 * transfer. Somebody makes the list, somebody else records the bank's slip, the charity confirms and gives its receipt; then
 * each fund's ledger says that the money has arrived.
 *
 * 正在列表 · 待转账 · 已转账，待慈善组织确认 · 已确认，记账中 · 已入账 · 已放弃
 */
export const remittanceStates = ['preparing', 'prepared', 'sent', 'confirmed', 'posted', 'dropped'] as const
export type RemittanceState = (typeof remittanceStates)[number]

export const REMITTANCE_WORDS_MAX = 200
/** A list longer than this is cut; the sums are whole. */
export const DUE_SHOWN_MAX = 2_000
export const REMITTANCE_STEPS_MAX = 40

const words = z.string().trim().min(2, '请写几个字').max(REMITTANCE_WORDS_MAX, `最多 ${REMITTANCE_WORDS_MAX} 个字`)

/** The number of a paper as it is filed; `what` names the paper to whoever types it. */
export const paperNumber = (what: string) =>
  z
    .string()
    .normalize('NFKC')
    .trim()
    .toUpperCase()
    .regex(/^[A-Z0-9-]{4,40}$/, `${what}是 4 到 40 位字母、数字或短横`)

/** Charity Law, article 38: the receipt of a donation. Its number as the charity's receipt book has it. */
export const receiptNumberSchema = paperNumber('票据号')

const donorShape = {
  compoundId: idSchema,
  compoundName: z.string(),
  communityName: z.string(),
  agreementId: idSchema,
  coopId: idSchema,
  coopName: z.string(),
}

export const dueSchema = z.strictObject({
  charityName: z.string().optional(),
  /** Settled up to the end of this day, the last one that can get no more entries. */
  throughDay: shanghaiDaySchema,
  /** The day behind the last remittance: since then it has been due. Absent when there was none. */
  sinceDay: shanghaiDaySchema.optional(),
  totalFen: fenSumSchema,
  /** Below zero: what the charity has got of gifts that were given back since; the next gifts of the same donors net it. */
  aheadFen: z.int().max(0),
  fundCount: z.int(),
  /** The remittance under way; there is never more than one. */
  openRemittanceId: clientIdSchema.optional(),
  byCoop: z.array(z.strictObject({ coopId: idSchema, coopName: z.string(), dueFen: z.int() })),
  /** By fund, at most 2,000. */
  rows: z.array(z.strictObject({ ...donorShape, dueFen: z.int() })).max(DUE_SHOWN_MAX),
})
export type Due = z.infer<typeof dueSchema>

export const remittanceSteps = ['prepared', 'sent', 'returned', 'confirmed', 'posted', 'dropped'] as const

export const remittanceSchema = z.strictObject({
  remittanceId: clientIdSchema,
  state: z.enum(remittanceStates),
  charityName: z.string(),
  throughDay: shanghaiDaySchema,
  sinceDay: shanghaiDaySchema.optional(),
  totalFen: fenSumSchema,
  fundCount: z.int(),
  lineCount: z.int(),
  /** Lines that are in their fund's ledger. */
  postedCount: z.int(),
  transfer: z.strictObject({ bankReference: z.string(), transferredOn: shanghaiDaySchema }).optional(),
  receipt: z.strictObject({ receiptNumber: z.string(), receivedOn: shanghaiDaySchema }).optional(),
  preparedAt: instantSchema,
  steps: z
    .array(
      z.strictObject({
        step: z.enum(remittanceSteps),
        at: instantSchema,
        words: z.string().optional(),
        /** Whoever asks did it. */
        mine: z.boolean(),
      }),
    )
    .max(REMITTANCE_STEPS_MAX),
  /** What the caller may do next, and why not when it is only for another person. */
  may: z.array(z.enum(['resume', 'record', 'return', 'confirm', 'drop'])),
  waitsFor: z.enum(['another-person', 'charity', 'nobody']),
})
export type Remittance = z.infer<typeof remittanceSchema>

export const remittanceLineSchema = z.strictObject({
  ...donorShape,
  /** What of the donor's gift to this fund was settled by then, exactly (1/10,000 fen) and in whole fen. */
  settledE4Fen: z.int().min(0),
  settledFen: z.int().min(0),
  /** What of it had arrived before, and arrives now. */
  remittedBeforeFen: z.int(),
  amountFen: positiveFenSchema,
  posted: z.boolean(),
})
export type RemittanceLine = z.infer<typeof remittanceLineSchema>

export const donationSchema = z.strictObject({
  remittanceId: clientIdSchema,
  charityName: z.string(),
  throughDay: shanghaiDaySchema,
  receiptNumber: z.string(),
  receivedOn: shanghaiDaySchema,
  ...remittanceLineSchema.shape,
})
export type Donation = z.infer<typeof donationSchema>

const params = z.strictObject({ remittanceId: clientIdSchema })

export const listDue = route({
  name: 'listDue',
  summary: 'What is due to the host charity, by fund and co-op, settled up to the last closed Shanghai day.',
  method: 'GET',
  path: '/api/remittances/due',
  access: ['charity', 'admin'],
  output: dueSchema,
})

export const listRemittances = route({
  name: 'listRemittances',
  summary: 'Remittances, newest first.',
  method: 'GET',
  path: '/api/remittances',
  access: ['charity', 'admin'],
  query: z.strictObject(pageQuery),
  output: page(remittanceSchema),
})

export const getRemittance = route({
  name: 'getRemittance',
  summary: 'A remittance.',
  method: 'GET',
  path: '/api/remittances/{remittanceId}',
  access: ['charity', 'admin'],
  params,
  output: remittanceSchema,
})

export const listRemittanceLines = route({
  name: 'listRemittanceLines',
  summary: 'Lines of a remittance: one for each fund and donor.',
  method: 'GET',
  path: '/api/remittances/{remittanceId}/lines',
  access: ['charity', 'admin'],
  params,
  query: z.strictObject(pageQuery),
  output: page(remittanceLineSchema),
})

export const prepareRemittance = route({
  name: 'prepareRemittance',
  summary:
    'Lists what is due up to the last closed day and keeps the list. Sent again it goes on where it stopped; while one is under way there is no other.',
  method: 'PUT',
  path: '/api/remittances/{remittanceId}',
  access: ['admin'],
  params,
  output: remittanceSchema,
  refusals: { REMITTANCE_OPEN: 409, NOTHING_DUE: 409, NO_CHARITY: 409 },
})

export const recordRemittanceTransfer = route({
  name: 'recordRemittanceTransfer',
  summary: 'Records the bank transfer: by another person than who made the list, of exactly its sum.',
  method: 'PUT',
  path: '/api/remittances/{remittanceId}/transfer',
  access: ['admin'],
  params,
  body: z.strictObject({
    /** Typed from the slip. */
    amountFen: positiveFenSchema,
    bankReference: bankReferenceSchema,
    transferredOn: shanghaiDaySchema,
  }),
  output: remittanceSchema,
  refusals: {
    NOT_PREPARED: 409,
    SAME_PERSON: 409,
    AMOUNT_DIFFERS: 409,
    TRANSFERRED_ON_WRONG: 409,
    BANK_REFERENCE_USED: 409,
    TOO_MANY_TRANSFERS: 409,
  },
})

export const returnRemittanceTransfer = route({
  name: 'returnRemittanceTransfer',
  summary: 'The bank sent the money back, or the slip was another one: the list waits for a transfer again.',
  method: 'POST',
  path: '/api/remittances/{remittanceId}/transfer/return',
  access: ['admin'],
  params,
  body: z.strictObject({ bankReference: bankReferenceSchema, words }),
  output: remittanceSchema,
  refusals: { NOT_SENT: 409, REFERENCE_DIFFERS: 409 },
})

export const confirmRemittance = route({
  name: 'confirmRemittance',
  summary: 'The charity confirms that the sum has arrived and gives its receipt; then the ledgers are posted.',
  method: 'PUT',
  path: '/api/remittances/{remittanceId}/receipt',
  access: ['charity'],
  params,
  body: z.strictObject({
    /** Typed from the charity's own bank statement. */
    amountFen: positiveFenSchema,
    receiptNumber: receiptNumberSchema,
    receivedOn: shanghaiDaySchema,
  }),
  output: remittanceSchema,
  refusals: { NOT_SENT: 409, SAME_PERSON: 409, AMOUNT_DIFFERS: 409, RECEIVED_ON_WRONG: 409, RECEIPT_USED: 409 },
})

export const dropRemittance = route({
  name: 'dropRemittance',
  summary: 'Drops a list that no money was sent for.',
  method: 'POST',
  path: '/api/remittances/{remittanceId}/drop',
  access: ['admin'],
  params,
  body: z.strictObject({ words }),
  output: remittanceSchema,
  refusals: { NOT_PREPARED: 409 },
})

export const listDonations = route({
  name: 'listDonations',
  summary: "A co-op's gifts that arrived at the charity, newest first, with the charity's receipt.",
  method: 'GET',
  path: '/api/coops/{coopId}/donations',
  access: ['coop', 'charity', 'admin'],
  params: z.strictObject({ coopId: idSchema }),
  query: z.strictObject(pageQuery),
  output: page(donationSchema),
})

export const remittanceRoutes = [
  listDue,
  listRemittances,
  getRemittance,
  listRemittanceLines,
  prepareRemittance,
  recordRemittanceTransfer,
  returnRemittanceTransfer,
  confirmRemittance,
  dropRemittance,
  listDonations,
] as const
