import * as z from 'zod'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { fenSumSchema, positiveFenSchema } from '../kernel/money.ts'
import { instantSchema, shanghaiDaySchema } from '../kernel/time.ts'
import { GROUP_BUY_COMPOUNDS_MAX, OFFERS_MAX } from './group-buys.ts'
import { refundReasons } from './orders.ts'
import { page, pageQuery, route } from './route.ts'

/** 待确认 · 已确认 · 有异议 · 已付款 */
export const statementStates = ['open', 'confirmed', 'disputed', 'paid'] as const
export type StatementState = (typeof statementStates)[number]
export const payoutStates = ['paid', 'returned'] as const

export const STATEMENT_WORDS_MAX = 200
/** A quarrel longer than this is for the telephone; of what happened to a statement so many last steps are shown. */
export const STATEMENT_DISPUTED_STEPS_MAX = 30
export const STATEMENT_STEPS_SHOWN = 50
export const STATEMENT_PARTS_MAX = 99
export const PAYOUT_STATEMENTS_MAX = 30
/** A bank transfer is recorded within so many days. */
export const PAYOUT_RECORDED_WITHIN_DAYS = 60

/** The number of a bank's slip, as people type it. */
export const bankReferenceSchema = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9-]{4,40}$/, '银行流水号是 4 到 40 位字母、数字或短横')

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

export const statementSteps = ['made', 'revised', 'confirmed', 'disputed', 'answered', 'paid', 'returned'] as const

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
  payout: z.strictObject({ payoutId: clientIdSchema, paidOn: shanghaiDaySchema, bankReference: z.string() }).optional(),
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

export const listUnpaid = route({
  name: 'listUnpaid',
  summary: 'Statements that are not paid yet, of all co-ops or of one, oldest first for each.',
  method: 'GET',
  path: '/api/settlement/unpaid',
  access: ['admin'],
  query: z.strictObject({ ...pageQuery, coopId: idSchema.optional() }),
  output: page(statementSummarySchema),
})

export const payoutSchema = z.strictObject({
  payoutId: clientIdSchema,
  coopId: idSchema,
  state: z.enum(payoutStates),
  amountFen: fenSumSchema,
  /** The bank's number of the transfer. */
  bankReference: z.string(),
  paidOn: shanghaiDaySchema,
  recordedAt: instantSchema,
  statements: z.array(z.strictObject({ groupBuyId: idSchema, part: z.int().min(1), dueFen: signedFen })),
  returned: z.strictObject({ at: instantSchema, words: z.string() }).optional(),
})
export type Payout = z.infer<typeof payoutSchema>

export const recordPayout = route({
  name: 'recordPayout',
  summary:
    'A bank transfer to a co-op that pays confirmed statements, recorded with its number. The sum is typed from the bank’s slip and must be theirs to the fen; who confirmed one of them cannot record it. The client makes the id: the same again is the same payout.',
  method: 'PUT',
  path: '/api/settlement/payouts/{payoutId}',
  access: ['admin'],
  params: z.strictObject({ payoutId: clientIdSchema }),
  body: z.strictObject({
    coopId: idSchema,
    statements: z
      .array(z.strictObject({ groupBuyId: idSchema, part: z.int().min(1).max(STATEMENT_PARTS_MAX) }))
      .min(1, '请选结算单')
      .max(PAYOUT_STATEMENTS_MAX, `一次最多付 ${PAYOUT_STATEMENTS_MAX} 张结算单`),
    amountFen: fenSumSchema,
    bankReference: bankReferenceSchema,
    paidOn: shanghaiDaySchema,
  }),
  output: payoutSchema,
  refusals: {
    PAYOUT_ID_REUSED: 409,
    UNKNOWN_STATEMENT: 422,
    DUPLICATE_STATEMENT: 422,
    NOT_CONFIRMED: 409,
    FOUR_EYES: 409,
    NOTHING_TO_PAY: 422,
    SUM_DIFFERS: 422,
    BAD_DAY: 422,
    BANK_REFERENCE_USED: 409,
  },
})

export const returnPayout = route({
  name: 'returnPayout',
  summary: 'The bank sent a transfer back: its statements are confirmed and unpaid again.',
  method: 'POST',
  path: '/api/settlement/payouts/{payoutId}/return',
  access: ['admin'],
  params: z.strictObject({ payoutId: clientIdSchema }),
  body: z.strictObject({ words: words('请写退回的原因') }),
  output: payoutSchema,
})

export const listPayouts = route({
  name: 'listPayouts',
  summary: 'Transfers to a co-op, newest first.',
  method: 'GET',
  path: '/api/settlement/coops/{coopId}/payouts',
  access: ['coop', 'admin'],
  params: z.strictObject({ coopId: idSchema }),
  query: z.strictObject({ ...pageQuery }),
  output: page(payoutSchema),
})

export const settlementRoutes = [
  listStatements,
  getStatement,
  confirmStatement,
  disputeStatement,
  answerDispute,
  listUnpaid,
  recordPayout,
  returnPayout,
  listPayouts,
] as const
