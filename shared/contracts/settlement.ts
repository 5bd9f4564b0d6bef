import * as z from 'zod'
import { bankReferenceSchema } from '../kernel/bank-reference.ts'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { type Fen, FEN_MAX, fenSumSchema, positiveFenSchema } from '../kernel/money.ts'
import { instantSchema, shanghaiDaySchema } from '../kernel/time.ts'
import { GROUP_BUY_COMPOUNDS_MAX, OFFERS_MAX } from './group-buys.ts'
import { refundReasons } from './orders.ts'
import { page, pageQuery, route } from './route.ts'

/** 待确认 · 已确认 · 有异议 · 付款中 · 已付款 · 没有到账 */
export const statementStates = ['open', 'confirmed', 'disputed', 'paying', 'paid', 'missing'] as const
export type StatementState = (typeof statementStates)[number]
/** 待转账 · 已付清 · 已放弃 */
export const payoutStates = ['prepared', 'paid', 'dropped'] as const
export type PayoutState = (typeof payoutStates)[number]
/** 转出给合作社 · 合作社转回或银行退回 */
export const transferDirections = ['out', 'in'] as const
export type TransferDirection = (typeof transferDirections)[number]

export const STATEMENT_WORDS_MAX = 200
/** A quarrel longer than this, or so many reports of missing money, is for the telephone; of what happened to a statement so many last steps are shown. */
export const STATEMENT_DISPUTES_MAX = 15
export const STATEMENT_STEPS_SHOWN = 50
export const STATEMENT_PARTS_MAX = 99
export const PAYOUT_STATEMENTS_MAX = 30
/** Transfers of a payout, sent back or put right included; and how often one of them is put right. */
export const PAYOUT_TRANSFERS_MAX = 20
/** So many more may come back, or be voided, when a payout is full of transfers. */
export const PAYOUT_RETURNS_MAX = 10
export const TRANSFER_CORRECTIONS_MAX = 5
/** A bank transfer is recorded within so many days, or with words. */
export const TRANSFER_RECORDED_WITHIN_DAYS = 60
/** What a co-op has nothing to get for is confirmed by the clock when the co-op has not said otherwise for so many days. */
export const SILENT_AFTER_DAYS = 7

/** Signed: what a statement owes may be less than nothing, when more goes back than was sold. */
const signedFen = z.int()

/**
 * Money of a group buy in fen: what was sold (at the price paid then), what of it went back for whatever reason, and what
 * the co-op gave to the funds of it. `payableFen` = `salesFen` − `reversedFen` − `postedFen`.
 */
export const statementSumsSchema = z.strictObject({
  salesFen: fenSumSchema,
  reversedFen: fenSumSchema,
  postedFen: signedFen,
  payableFen: signedFen,
})
export type StatementSums = z.infer<typeof statementSumsSchema>

const partSchema = z.coerce.number().int().min(1).max(STATEMENT_PARTS_MAX)

const statementSummarySchema = z.strictObject({
  groupBuyId: idSchema,
  /** 1, and for what came after an earlier one was confirmed: 2, 3 … */
  part: z.int().min(1),
  /** Counts up when the figures change before anybody confirmed them. */
  version: z.int().min(1),
  state: z.enum(statementStates),
  coopId: idSchema,
  coopName: z.string(),
  title: z.string(),
  closesAt: instantSchema,
  /** Of the whole group buy, up to this statement. */
  sums: statementSumsSchema,
  /** What earlier statements of it stated already, and what is left to be paid by this one: `payableFen` − `statedFen`. */
  statedFen: signedFen,
  dueFen: signedFen,
  madeAt: instantSchema,
  versionAt: instantSchema,
  payoutId: clientIdSchema.optional(),
  /** How often the co-op said that the money did not come; and what it says now, until that is answered. */
  reports: z.int().min(0),
  missing: z.strictObject({ at: instantSchema, words: z.string() }).optional(),
})
export type StatementSummary = z.infer<typeof statementSummarySchema>

/** What went back of an offer's sales, by reason; the reasons add up to its `reversedFen`. */
const reversedByReason = z.array(z.strictObject({ reason: z.enum(refundReasons), amountFen: positiveFenSchema }))

export const statementRowsSchema = z.strictObject({
  offers: z
    .array(
      z.strictObject({
        offerId: idSchema,
        name: z.string(),
        unitLabel: z.string(),
        /** Portions paid for, and those of them that never came or were given back. */
        portions: z.int(),
        droppedPortions: z.int(),
        salesFen: fenSumSchema,
        reversedFen: fenSumSchema,
        reversed: reversedByReason,
      }),
    )
    .max(OFFERS_MAX),
  compounds: z
    .array(z.strictObject({ compoundId: idSchema, compoundName: z.string(), ...statementSumsSchema.shape }))
    .max(GROUP_BUY_COMPOUNDS_MAX),
})
export type StatementRows = z.infer<typeof statementRowsSchema>

export const statementSteps = [
  'made',
  'revised',
  'confirmed',
  'disputed',
  'answered',
  'prepared',
  'paid',
  'returned',
  'dropped',
  'missing',
  'traced',
] as const

export const transferSchema = z.strictObject({
  transferId: clientIdSchema,
  direction: z.enum(transferDirections),
  amountFen: positiveFenSchema,
  /** The bank's number of the transfer, and the day on its slip. */
  bankReference: z.string(),
  transferredOn: shanghaiDaySchema,
  recordedAt: instantSchema,
  /** Why it is not the sum that was due, or is recorded so late. */
  words: z.string().optional(),
  /** It never took place, or not for this payout: it counts for nothing. */
  voided: z.strictObject({ at: instantSchema, words: z.string() }).optional(),
  /** What was written down wrongly before, oldest first. */
  corrected: z
    .array(
      z.strictObject({
        direction: z.enum(transferDirections),
        amountFen: positiveFenSchema,
        bankReference: z.string(),
        transferredOn: shanghaiDaySchema,
        at: instantSchema,
        words: z.string(),
      }),
    )
    .max(TRANSFER_CORRECTIONS_MAX),
})
export type Transfer = z.infer<typeof transferSchema>

export const statementSchema = z.strictObject({
  ...statementSummarySchema.shape,
  ...statementRowsSchema.shape,
  /** What happened to it, oldest first. */
  steps: z.array(
    z.strictObject({
      step: z.enum(statementSteps),
      at: instantSchema,
      /** Which side did it; the clock makes and revises. */
      by: z.enum(['clock', 'coop', 'district']),
      words: z.string().optional(),
      dueFen: signedFen,
    }),
  ),
  /** What it is paid with, which may be the payout of other statements as well. */
  payout: z
    .strictObject({
      payoutId: clientIdSchema,
      amountFen: signedFen,
      transferredFen: signedFen,
      statementCount: z.int().min(1),
      transfers: z.array(transferSchema),
    })
    .optional(),
  /** The co-op has nothing to get by it: not disputed until then, it counts as confirmed. */
  silentUntilAt: instantSchema.optional(),
})
export type Statement = z.infer<typeof statementSchema>

const statementParams = z.strictObject({ groupBuyId: idSchema, part: partSchema })
/** Who answers says which figures they saw: another version is refused. */
const seen = { version: z.int().min(1) }
const words = (what: string) =>
  z.string().trim().min(1, what).max(STATEMENT_WORDS_MAX, `最多 ${STATEMENT_WORDS_MAX} 个字`)

const answerRefusals = { STATEMENT_MOVED: 409, WRONG_STATE: 409 } as const

export const listStatements = route({
  name: 'listStatements',
  summary: "A co-op's statements, newest first: what was sold, what went back, what went to the funds, what is due.",
  method: 'GET',
  path: '/api/settlement/coops/{coopId}/statements',
  access: ['coop', 'admin'],
  params: z.strictObject({ coopId: idSchema }),
  query: z.strictObject({ ...pageQuery }),
  output: page(statementSummarySchema),
})

/** 还在提货 · 售后期没过 · 有售后没处理 · 等基金记账 · 马上就出 */
export const unstatedBecause = ['pick-up', 'after-sales', 'claims', 'fund', 'clock'] as const
export type UnstatedBecause = (typeof unstatedBecause)[number]

export const listUnstated = route({
  name: 'listUnstated',
  summary: 'Group buys of a co-op that took place and have no statement yet, newest first, and what each waits for.',
  method: 'GET',
  path: '/api/settlement/coops/{coopId}/unstated',
  access: ['coop', 'admin'],
  params: z.strictObject({ coopId: idSchema }),
  query: z.strictObject({ ...pageQuery }),
  output: page(
    z.strictObject({
      groupBuyId: idSchema,
      title: z.string(),
      closesAt: instantSchema,
      because: z.enum(unstatedBecause),
      /** Of pick-up, or of the after-sales window. */
      untilAt: instantSchema.optional(),
      openClaims: z.int().min(0),
    }),
  ),
})

export const getStatement = route({
  name: 'getStatement',
  summary: 'One statement with its rows by goods and by compound and what happened to it; never who bought.',
  method: 'GET',
  path: '/api/settlement/statements/{groupBuyId}/{part}',
  access: ['coop', 'admin'],
  params: statementParams,
  output: statementSchema,
})

export const confirmStatement = route({
  name: 'confirmStatement',
  summary: 'A member of the co-op says that the figures are right. Then they are paid, and no longer change.',
  method: 'POST',
  path: '/api/settlement/statements/{groupBuyId}/{part}/confirm',
  access: ['coop'],
  params: statementParams,
  body: z.strictObject(seen),
  output: statementSchema,
  refusals: answerRefusals,
})

export const disputeStatement = route({
  name: 'disputeStatement',
  summary: 'A member of the co-op says what is wrong; it is not paid before the district has answered.',
  method: 'POST',
  path: '/api/settlement/statements/{groupBuyId}/{part}/dispute',
  access: ['coop'],
  params: statementParams,
  body: z.strictObject({ ...seen, words: words('请写哪里不对') }),
  output: statementSchema,
  refusals: { ...answerRefusals, TOO_MANY_STEPS: 409 },
})

export const answerDispute = route({
  name: 'answerDispute',
  summary: 'The district answers what the co-op said; the co-op looks again, and confirms or goes on.',
  method: 'POST',
  path: '/api/settlement/statements/{groupBuyId}/{part}/answer',
  access: ['admin'],
  params: statementParams,
  body: z.strictObject({ ...seen, words: words('请写答复') }),
  output: statementSchema,
  refusals: answerRefusals,
})

/** Who speaks of missing money says how many reports of it they saw: what was said since is not passed over. */
const seenReports = { seenReports: z.int().min(0).max(STATEMENT_DISPUTES_MAX) }

export const reportMissing = route({
  name: 'reportMissing',
  summary:
    'A member of the co-op says that the money of a paid statement did not come. It stays open until the district records that the money came back, or answers with the bank’s evidence; nothing is paid anew by it.',
  method: 'POST',
  path: '/api/settlement/statements/{groupBuyId}/{part}/missing',
  access: ['coop'],
  params: statementParams,
  body: z.strictObject({ ...seenReports, words: words('请写怎么没有到账') }),
  output: statementSchema,
  refusals: { ...answerRefusals, NOTHING_SENT: 409, TOO_MANY_STEPS: 409 },
})

export const answerMissing = route({
  name: 'answerMissing',
  summary:
    'The district answers with the bank’s evidence that the money came, by another person than the one who recorded the transfer. That closes the report.',
  method: 'POST',
  path: '/api/settlement/statements/{groupBuyId}/{part}/missing/answer',
  access: ['admin'],
  params: statementParams,
  body: z.strictObject({ ...seenReports, words: words('请写银行凭证上的内容') }),
  output: statementSchema,
  refusals: { ...answerRefusals, FOUR_EYES: 409 },
})

export const listUnpaid = route({
  name: 'listUnpaid',
  summary:
    'Statements that are not paid yet, or whose money did not come as their co-op says, of all co-ops or of one, oldest first for each.',
  method: 'GET',
  path: '/api/settlement/unpaid',
  access: ['admin'],
  query: z.strictObject({ ...pageQuery, coopId: idSchema.optional() }),
  output: page(statementSummarySchema),
})

export const payoutSchema = z.strictObject({
  payoutId: clientIdSchema,
  coopId: idSchema,
  coopName: z.string(),
  state: z.enum(payoutStates),
  /** What its statements come to together: below nothing the co-op pays the district. */
  amountFen: signedFen,
  /** What really moved so far, out less in; a payout is paid when this is its amount. */
  transferredFen: signedFen,
  preparedAt: instantSchema,
  /** Who asks prepared it, so somebody else transfers. */
  preparedByCaller: z.boolean(),
  /** Of so many of its statements the co-op says that the money did not come, and nobody has answered. */
  reported: z.int().min(0),
  /** By who asks there is something left to move, so somebody else records that it moved. */
  dueByCaller: z.boolean(),
  statements: z.array(
    z.strictObject({ groupBuyId: idSchema, part: z.int().min(1), title: z.string(), dueFen: signedFen }),
  ),
  /** In the order of their recording. */
  transfers: z
    .array(z.strictObject({ ...transferSchema.shape, recordedByCaller: z.boolean(), typedByCaller: z.boolean() }))
    .max(PAYOUT_TRANSFERS_MAX + PAYOUT_RETURNS_MAX),
  dropped: z.strictObject({ at: instantSchema, words: z.string() }).optional(),
})
export type Payout = z.infer<typeof payoutSchema>

const chosenStatements = z
  .array(z.strictObject({ groupBuyId: idSchema, part: z.int().min(1).max(STATEMENT_PARTS_MAX) }))
  .min(1, '请选结算单')
  .max(PAYOUT_STATEMENTS_MAX, `一次最多付 ${PAYOUT_STATEMENTS_MAX} 张结算单`)

export const preparePayout = route({
  name: 'preparePayout',
  summary:
    'Confirmed statements of a co-op are taken together to be paid: from now on no other payout can pay them. What the co-op owes back is always taken off. Only then the money is transferred at the bank, and another person records it. Statements that come to nothing are paid by this alone. The client makes the id: the same again is the same payout.',
  method: 'PUT',
  path: '/api/settlement/payouts/{payoutId}',
  access: ['admin'],
  params: z.strictObject({ payoutId: clientIdSchema }),
  body: z.strictObject({
    coopId: idSchema,
    statements: chosenStatements,
  }),
  output: payoutSchema,
  refusals: {
    PAYOUT_ID_REUSED: 409,
    UNKNOWN_STATEMENT: 422,
    DUPLICATE_STATEMENT: 422,
    NOT_CONFIRMED: 409,
    FOUR_EYES: 409,
    OWES_BACK: 409,
    TOO_MANY_STATEMENTS: 422,
  },
})

export const extendPayout = route({
  name: 'extendPayout',
  summary:
    'More confirmed statements are taken into a payout that is not paid yet: what was paid too much, or still owed, evens out with them. Who does it has prepared the whole from then on.',
  method: 'POST',
  path: '/api/settlement/payouts/{payoutId}/statements',
  access: ['admin'],
  params: z.strictObject({ payoutId: clientIdSchema }),
  body: z.strictObject({ statements: chosenStatements }),
  output: payoutSchema,
  refusals: {
    WRONG_STATE: 409,
    UNKNOWN_STATEMENT: 422,
    DUPLICATE_STATEMENT: 422,
    NOT_CONFIRMED: 409,
    FOUR_EYES: 409,
    OWES_BACK: 409,
    TOO_MANY_STATEMENTS: 422,
  },
})

/** What people type is answered in their words. */
const slip = {
  direction: z.enum(transferDirections),
  amountFen: z
    .int('请写金额')
    .min(1, '金额要大于 0')
    .max(FEN_MAX, '金额太大')
    .transform((amount) => amount as Fen),
  bankReference: bankReferenceSchema,
  transferredOn: z.iso.date('请写日期'),
}
const transferParams = z.strictObject({ payoutId: clientIdSchema, transferId: clientIdSchema })

export const recordTransfer = route({
  name: 'recordTransfer',
  summary:
    'A bank transfer of a payout, typed from the bank’s slip by another person than the one who prepared it; what came back, by another than the one who recorded the transfer before it. A sum that is not the one due needs words, and leaves the rest due. The client makes the id: the same again is the same transfer.',
  method: 'PUT',
  path: '/api/settlement/payouts/{payoutId}/transfers/{transferId}',
  access: ['admin'],
  params: transferParams,
  body: z.strictObject({
    ...slip,
    words: z.string().trim().min(1).max(STATEMENT_WORDS_MAX, `最多 ${STATEMENT_WORDS_MAX} 个字`).optional(),
  }),
  output: payoutSchema,
  refusals: {
    TRANSFER_ID_REUSED: 409,
    WRONG_STATE: 409,
    FOUR_EYES: 409,
    SUM_DIFFERS: 422,
    BAD_DAY: 422,
    BANK_REFERENCE_USED: 409,
    TOO_MANY_TRANSFERS: 409,
  },
})

export const correctTransfer = route({
  name: 'correctTransfer',
  summary:
    'What was typed wrongly from a bank’s slip is put right by another person than the one who typed it; what stood there stays readable.',
  method: 'POST',
  path: '/api/settlement/payouts/{payoutId}/transfers/{transferId}/correction',
  access: ['admin'],
  params: transferParams,
  body: z.strictObject({
    ...slip,
    words: words('请写原因'),
    /** How often it was put right before, as the person saw it. */
    seenCorrections: z.int().min(0),
  }),
  output: payoutSchema,
  refusals: {
    WRONG_STATE: 409,
    TRANSFER_MOVED: 409,
    FOUR_EYES: 409,
    SUM_DIFFERS: 422,
    BAD_DAY: 422,
    BANK_REFERENCE_USED: 409,
    TOO_MANY_CORRECTIONS: 409,
  },
})

export const voidTransfer = route({
  name: 'voidTransfer',
  summary:
    'A transfer that never took place, or was recorded for the wrong payout, counts for nothing; its number is free again, and what stood there stays readable. By another person than the one who typed it.',
  method: 'POST',
  path: '/api/settlement/payouts/{payoutId}/transfers/{transferId}/void',
  access: ['admin'],
  params: transferParams,
  body: z.strictObject({ words: words('请写原因') }),
  output: payoutSchema,
  refusals: { WRONG_STATE: 409, FOUR_EYES: 409, SUM_DIFFERS: 422, BAD_DAY: 422, TOO_MANY_CORRECTIONS: 409 },
})

export const dropPayout = route({
  name: 'dropPayout',
  summary: 'A payout of which no money is out is given up: its statements are confirmed and free to be paid again.',
  method: 'POST',
  path: '/api/settlement/payouts/{payoutId}/drop',
  access: ['admin'],
  params: z.strictObject({ payoutId: clientIdSchema }),
  body: z.strictObject({ words: words('请写为什么放弃') }),
  output: payoutSchema,
  refusals: { WRONG_STATE: 409, MONEY_IS_OUT: 409, FOUR_EYES: 409 },
})

export const listPayouts = route({
  name: 'listPayouts',
  summary:
    'Payouts of a co-op with their transfers: those that wait to be transferred or whose money did not come, then the newest.',
  method: 'GET',
  path: '/api/settlement/coops/{coopId}/payouts',
  access: ['coop', 'admin'],
  params: z.strictObject({ coopId: idSchema }),
  query: z.strictObject({ ...pageQuery }),
  output: page(payoutSchema),
})

export const listPaidCoops = route({
  name: 'listPaidCoops',
  summary: 'Co-ops that a payout was ever prepared for, the latest first.',
  method: 'GET',
  path: '/api/settlement/paid-coops',
  access: ['admin'],
  query: z.strictObject({ ...pageQuery }),
  output: page(z.strictObject({ coopId: idSchema, coopName: z.string(), lastPreparedAt: instantSchema })),
})

export const settlementRoutes = [
  listStatements,
  listUnstated,
  getStatement,
  confirmStatement,
  disputeStatement,
  answerDispute,
  reportMissing,
  answerMissing,
  listUnpaid,
  preparePayout,
  extendPayout,
  recordTransfer,
  correctTransfer,
  voidTransfer,
  dropPayout,
  listPayouts,
  listPaidCoops,
] as const
