import * as z from 'zod'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { fenSumSchema, positiveFenSchema } from '../kernel/money.ts'
import { instantSchema, shanghaiDaySchema } from '../kernel/time.ts'
import { orderStates } from './orders.ts'
import { page, pageQuery, route } from './route.ts'
import { bankReferenceSchema } from './settlement.ts'

/** 收 · 退 */
export const cashKinds = ['taken', 'handed-back'] as const
/** 收退中 · 已清点 · 已存银行 */
export const cashDayStates = ['open', 'counted', 'banked'] as const
export const CASH_MOVES_MAX = 1_000
export const CASH_WORDS_MAX = 120
/** Cash is brought to the bank, and recorded, within so many days. */
export const CASH_BANKED_WITHIN_DAYS = 30

/** Signed: on a day on which more was handed back than taken, the desk has laid out money. */
const signedFen = z.int()

export const cashMoveSchema = z.strictObject({
  moveId: clientIdSchema,
  kind: z.enum(cashKinds),
  at: instantSchema,
  orderId: clientIdSchema,
  amountFen: positiveFenSchema,
})
export type CashMove = z.infer<typeof cashMoveSchema>

export const cashDaySchema = z.strictObject({
  communityId: idSchema,
  day: shanghaiDaySchema,
  state: z.enum(cashDayStates),
  takenFen: fenSumSchema,
  handedBackFen: fenSumSchema,
  /** What has to be in the till of this day: taken less handed back. */
  expectedFen: signedFen,
  moveCount: z.int(),
  /** Oldest first. */
  moves: z.array(cashMoveSchema).max(CASH_MOVES_MAX),
  counted: z
    .strictObject({ countedFen: signedFen, at: instantSchema, words: z.string().optional(), byCaller: z.boolean() })
    .optional(),
  banked: z.strictObject({ bankReference: z.string(), bankedOn: shanghaiDaySchema, at: instantSchema }).optional(),
  /** Counts up with each change: who acts says what they saw. */
  version: z.int().min(0),
})
export type CashDay = z.infer<typeof cashDaySchema>

const deskParams = z.strictObject({ communityId: idSchema, day: shanghaiDaySchema })
const words = z.string().trim().max(CASH_WORDS_MAX, `最多 ${CASH_WORDS_MAX} 个字`)
const seen = { version: z.int().min(0) }

export const takeCash = route({
  name: 'takeCash',
  summary:
    'A worker takes cash at the desk for an unpaid order: exactly its sum. It is paid from then on, like any other. The client makes the id: sending it again is the same cash.',
  method: 'PUT',
  path: '/api/orders/{orderId}/cash/{moveId}',
  access: ['worker'],
  params: z.strictObject({ orderId: clientIdSchema, moveId: clientIdSchema }),
  body: z.strictObject({ amountFen: positiveFenSchema }),
  output: z.strictObject({ orderId: clientIdSchema, state: z.enum(orderStates), amountFen: positiveFenSchema }),
  refusals: {
    CASH_ID_REUSED: 409,
    ORDER_ALREADY_PAID: 409,
    ORDER_EXPIRED: 409,
    ORDER_CANCELLED: 409,
    OWN_ORDER: 409,
    CASH_DAY_COUNTED: 409,
    CASH_DIFFERS: 422,
  },
})

export const handBackCash = route({
  name: 'handBackCash',
  summary:
    'A worker hands back in cash what is due of an order that was paid in cash. Who decided the refund cannot hand it out. The client makes the id: sending it again is the same cash.',
  method: 'PUT',
  path: '/api/orders/{orderId}/refunds/{refundId}/cash/{moveId}',
  access: ['worker'],
  params: z.strictObject({ orderId: clientIdSchema, refundId: z.string().min(1).max(80), moveId: clientIdSchema }),
  output: z.strictObject({ refundId: z.string(), amountFen: positiveFenSchema }),
  refusals: {
    CASH_ID_REUSED: 409,
    NOT_IN_CASH: 409,
    HANDED_BACK: 409,
    OWN_ORDER: 409,
    FOUR_EYES: 409,
    CASH_DAY_COUNTED: 409,
  },
})

export const listCashDue = route({
  name: 'listCashDue',
  summary: 'Refunds of orders paid in cash that nobody has handed back yet, oldest first.',
  method: 'GET',
  path: '/api/cash/communities/{communityId}/due',
  access: ['worker', 'admin'],
  params: z.strictObject({ communityId: idSchema }),
  query: z.strictObject({ ...pageQuery }),
  output: page(
    z.strictObject({
      refundId: z.string(),
      orderId: clientIdSchema,
      compoundName: z.string(),
      householdLabel: z.string(),
      pickUpCode: z.string(),
      amountFen: positiveFenSchema,
      decidedAt: instantSchema,
    }),
  ),
})

export const getCashDay = route({
  name: 'getCashDay',
  summary:
    'The cash of a community’s desk on one Shanghai day: every movement, what should be there, what was counted.',
  method: 'GET',
  path: '/api/cash/communities/{communityId}/days/{day}',
  access: ['worker', 'admin'],
  params: deskParams,
  output: cashDaySchema,
})

const dayRefusals = { CASH_DAY_MOVED: 409, WRONG_STATE: 409 } as const

export const countCash = route({
  name: 'countCash',
  summary:
    'The cash of the day is counted; nothing comes to that day afterwards. A difference is written down with its reason, and stays.',
  method: 'POST',
  path: '/api/cash/communities/{communityId}/days/{day}/count',
  access: ['worker'],
  params: deskParams,
  body: z.strictObject({ ...seen, countedFen: signedFen.min(-99_999_999).max(99_999_999), words: words.optional() }),
  output: cashDaySchema,
  refusals: { ...dayRefusals, NOTHING_TO_COUNT: 409, CASH_DIFFERS: 422 },
})

export const reopenCash = route({
  name: 'reopenCash',
  summary: 'A day that was counted, and not brought to the bank yet, takes cash again; it is counted anew.',
  method: 'POST',
  path: '/api/cash/communities/{communityId}/days/{day}/reopening',
  access: ['worker'],
  params: deskParams,
  body: z.strictObject({ ...seen }),
  output: cashDaySchema,
  refusals: dayRefusals,
})

export const bankCash = route({
  name: 'bankCash',
  summary: 'Another person than the one who counted writes down that the cash is in the bank, with the slip’s number.',
  method: 'POST',
  path: '/api/cash/communities/{communityId}/days/{day}/banking',
  access: ['worker', 'admin'],
  params: deskParams,
  body: z.strictObject({
    ...seen,
    bankReference: bankReferenceSchema,
    bankedOn: shanghaiDaySchema,
  }),
  output: cashDaySchema,
  refusals: { ...dayRefusals, FOUR_EYES: 409, BAD_DAY: 422, BANK_REFERENCE_USED: 409 },
})

/** `takeCash` and `handBackCash` pay an order and end a refund, so the context of payments answers them. */
export const cashRoutes = [listCashDue, getCashDay, countCash, reopenCash, bankCash] as const
