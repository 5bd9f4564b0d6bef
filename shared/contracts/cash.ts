import * as z from 'zod'
import { bankReferenceSchema } from '../kernel/bank-reference.ts'
import { cashKinds } from '../kernel/cash-book.ts'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { positiveFenSchema } from '../kernel/money.ts'
import { instantSchema, shanghaiDaySchema } from '../kernel/time.ts'
import { orderStates } from './orders.ts'
import { page, pageQuery, route } from './route.ts'

/** 本人 · 家里人 · 其他人 */
export const cashReceivers = ['buyer', 'household', 'other'] as const
export const CASH_WORDS_MAX = 120
/** Of why a count differs: a dash is no reason. */
export const CASH_REASON_MIN = 2
/** A slip is recorded within so many days of the banking. */
export const CASH_BANKED_WITHIN_DAYS = 60
/** What is put into a till at once: change and a day's refunds, not a loan. */
export const CASH_BROUGHT_IN_MAX_FEN = 500_000
/** Notes in one drawer. */
export const CASH_COUNTED_MAX_FEN = 99_999_999
/** Nobody counts one drawer more often than this in a day. */
export const CASH_COUNTS_A_DAY_MAX = 50

/** Signed: what came into the till, or (below nothing) went out of it; and balances, for a desk may have laid out money. */
const signedFen = z.int()
const words = z.string().trim().max(CASH_WORDS_MAX, `最多 ${CASH_WORDS_MAX} 个字`)
/** As colleagues call whoever does it, kept with what they did. */
const byName = z.string().trim().min(1, '请写您的称呼').max(20, '称呼最多 20 个字')

/** One line of a till's book; it is written once and never changed. */
export const cashMoveSchema = z.strictObject({
  moveId: clientIdSchema,
  /** Its place in the till's book, which has no gaps but those of counts. */
  seq: z.int().min(1),
  kind: z.enum(cashKinds),
  deltaFen: signedFen,
  /** What the till has to hold afterwards; left out where who looks has to count first. */
  balanceFen: signedFen.optional(),
  at: instantSchema,
  byName: z.string(),
  /** Of cash taken and handed back. */
  orderId: clientIdSchema.optional(),
  /** Of cash handed back. */
  receivedBy: z.enum(cashReceivers).optional(),
  /** Of cash banked: what the slip says. */
  bankReference: z.string().optional(),
  bankedOn: shanghaiDaySchema.optional(),
  /** Where it came from, why it differs, who received it. */
  words: z.string().optional(),
})
export type CashMove = z.infer<typeof cashMoveSchema>

/** What was in the drawer. `countedFen` is what the till holds from then on: a difference is a movement of its own. */
export const cashCountSchema = z.strictObject({
  countId: clientIdSchema,
  seq: z.int().min(1),
  at: instantSchema,
  byName: z.string(),
  byCaller: z.boolean(),
  countedFen: z.int().min(0),
  expectedFen: z.int().min(0),
  /** `countedFen` less `expectedFen`. */
  differenceFen: signedFen,
  words: z.string().optional(),
})
export type CashCount = z.infer<typeof cashCountSchema>
/** As others look at it: without its figures for a worker who has to count first. */
export const cashCountShownSchema = cashCountSchema.partial({
  countedFen: true,
  expectedFen: true,
  differenceFen: true,
})
export type CashCountShown = z.infer<typeof cashCountShownSchema>

/** Whether the caller may record a banking now, or why not. */
export const bankingHints = ['allowed', 'NOT_COUNTED', 'FOUR_EYES'] as const

export const cashTillSchema = z.strictObject({
  communityId: idSchema,
  communityName: z.string(),
  /** Counts up with each line of the book: who counts says what they saw. */
  version: z.int().min(0),
  /** For administrators. A worker is told it in the answer to their own count: one is worth something while nobody knows. */
  balanceFen: signedFen.optional(),
  /** More was handed back than was there: so much somebody laid out. Always told. */
  laidOutFen: z.int().min(1).optional(),
  lastCount: cashCountShownSchema.optional(),
  lastBankedAt: instantSchema.optional(),
  banking: z.enum(bankingHints),
})
export type CashTill = z.infer<typeof cashTillSchema>

export const cashSumsSchema = z.strictObject({
  takenFen: signedFen,
  handedBackFen: signedFen,
  bankedFen: signedFen,
  broughtInFen: signedFen,
  overShortFen: signedFen,
})

/** `openingFen` and the sums, each signed, make `closingFen`. All three are left out for workers while the day goes on, and of the last day before it as long as they have not counted. */
export const cashDaySchema = page(cashMoveSchema).extend({
  communityId: idSchema,
  communityName: z.string(),
  day: shanghaiDaySchema,
  openingFen: signedFen.optional(),
  sums: cashSumsSchema.optional(),
  closingFen: signedFen.optional(),
  moveCount: z.int().min(0),
  /** Oldest first; with every page. */
  counts: z.array(cashCountShownSchema).max(CASH_COUNTS_A_DAY_MAX),
})
export type CashDay = z.infer<typeof cashDaySchema>

const deskParams = z.strictObject({ communityId: idSchema })

export const takeCash = route({
  name: 'takeCash',
  summary:
    'A worker takes cash at the desk for an unpaid order: exactly its sum. It is paid from then on, like any other. The client makes the id: sending it again is the same cash.',
  method: 'PUT',
  path: '/api/orders/{orderId}/cash/{moveId}',
  access: ['worker'],
  params: z.strictObject({ orderId: clientIdSchema, moveId: clientIdSchema }),
  body: z.strictObject({ amountFen: positiveFenSchema, byName }),
  output: z.strictObject({ orderId: clientIdSchema, state: z.enum(orderStates), amountFen: positiveFenSchema }),
  refusals: {
    CASH_ID_REUSED: 409,
    ORDER_ALREADY_PAID: 409,
    ORDER_EXPIRED: 409,
    ORDER_CANCELLED: 409,
    OWN_ORDER: 409,
    CASH_DIFFERS: 422,
  },
})

export const handBackCash = route({
  name: 'handBackCash',
  summary:
    'What is due of an order that was paid in cash is handed back in cash; and so is a refund that the payment provider refused for good, which is then closed. Who decided the refund, or placed the order for the household, does not hand it out, and the household is told; where nobody else is left, an administrator does. The client makes the id: sending it again is the same cash.',
  method: 'PUT',
  path: '/api/orders/{orderId}/refunds/{refundId}/cash/{moveId}',
  access: ['worker', 'admin'],
  params: z.strictObject({ orderId: clientIdSchema, refundId: z.string().min(1).max(80), moveId: clientIdSchema }),
  body: z
    .strictObject({ receivedBy: z.enum(cashReceivers, '请选是谁领的'), words: words.optional(), byName })
    .refine(({ receivedBy, words: said }) => receivedBy !== 'other' || (said ?? '') !== '', {
      message: '请写领款人和住户是什么关系',
      path: ['words'],
    }),
  output: z.strictObject({ refundId: z.string(), amountFen: positiveFenSchema }),
  refusals: {
    CASH_ID_REUSED: 409,
    NOT_IN_CASH: 409,
    HANDED_BACK: 409,
    REFUND_UNDER_WAY: 409,
    REFUND_DISPUTED: 409,
    OWN_ORDER: 409,
    PLACED_BY_YOU: 409,
    FOUR_EYES: 409,
  },
})

export const listCashDue = route({
  name: 'listCashDue',
  summary: 'Refunds that nobody has handed back in cash yet, oldest first.',
  method: 'GET',
  path: '/api/cash/communities/{communityId}/due',
  access: ['worker', 'admin'],
  params: deskParams,
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
      /** Somebody else hands it back. */
      decidedByCaller: z.boolean(),
      /** The caller ordered for the household: somebody else hands it back as well. */
      placedByCaller: z.boolean(),
      /** It came by phone, and the payment provider cannot send it back. */
      byPhone: z.literal(true).optional(),
      /** Of those: there was a pay-for-me link, so that the money may be somebody else’s. */
      byPayLink: z.literal(true).optional(),
    }),
  ),
})

export const getCashTill = route({
  name: 'getCashTill',
  summary:
    'The till of a community’s desk: what it has to hold, how it was counted last, and whether the caller may record a banking. A worker is told the balance when they have counted.',
  method: 'GET',
  path: '/api/cash/communities/{communityId}/till',
  access: ['worker', 'admin'],
  params: deskParams,
  output: cashTillSchema,
})

export const getCashDay = route({
  name: 'getCashDay',
  summary:
    'One Shanghai day of a till’s book: what it began with, every movement (by page), the sums, the counts, and what it ended with.',
  method: 'GET',
  path: '/api/cash/communities/{communityId}/days/{day}',
  access: ['worker', 'admin'],
  params: z.strictObject({ communityId: idSchema, day: shanghaiDaySchema }),
  query: z.strictObject({ ...pageQuery }),
  output: cashDaySchema,
})

export const countCash = route({
  name: 'countCash',
  summary:
    'A worker counts the drawer, without being told what it should hold. A difference needs its reason, and is written into the book beside the count. Nothing is closed by it. The client makes the id: sending it again is the same count.',
  method: 'PUT',
  path: '/api/cash/communities/{communityId}/counts/{countId}',
  access: ['worker'],
  params: z.strictObject({ communityId: idSchema, countId: clientIdSchema }),
  body: z.strictObject({
    /** Of the till as it was looked at: what moves while somebody counts makes the count worthless. */
    version: z.int().min(0),
    countedFen: z.int().min(0).max(CASH_COUNTED_MAX_FEN),
    words: words.optional(),
    byName,
  }),
  output: cashCountSchema,
  refusals: { CASH_ID_REUSED: 409, CASH_MOVED: 409, CASH_LAID_OUT: 409, TOO_MANY_COUNTS: 409, CASH_DIFFERS: 422 },
})

export const bankCash = route({
  name: 'bankCash',
  summary:
    'Another person than the one who counted last writes down that cash was brought to the bank: the slip’s sum, its number and its day. One count allows one banking, of no more than was counted. The client makes the id: sending it again is the same banking.',
  method: 'PUT',
  path: '/api/cash/communities/{communityId}/bankings/{moveId}',
  access: ['worker', 'admin'],
  params: z.strictObject({ communityId: idSchema, moveId: clientIdSchema }),
  body: z.strictObject({
    amountFen: positiveFenSchema,
    bankReference: bankReferenceSchema,
    bankedOn: shanghaiDaySchema,
    byName,
  }),
  output: cashMoveSchema,
  refusals: {
    CASH_ID_REUSED: 409,
    NOT_COUNTED: 409,
    FOUR_EYES: 409,
    BANK_REFERENCE_USED: 409,
    MORE_THAN_IN_TILL: 422,
    MORE_THAN_COUNTED: 422,
    BAD_DAY: 422,
  },
})

export const bringInCash = route({
  name: 'bringInCash',
  summary:
    'Money is put into the till, as change or because the desk has laid out more than it took, with where it comes from. The client makes the id: sending it again is the same money.',
  method: 'PUT',
  path: '/api/cash/communities/{communityId}/brought-in/{moveId}',
  access: ['worker', 'admin'],
  params: z.strictObject({ communityId: idSchema, moveId: clientIdSchema }),
  body: z.strictObject({
    amountFen: z
      .int()
      .min(1)
      .max(CASH_BROUGHT_IN_MAX_FEN, `一次最多补入 ¥${CASH_BROUGHT_IN_MAX_FEN / 100}`),
    words: words.min(2, '请写钱从哪里来，至少两个字'),
    byName,
  }),
  output: cashMoveSchema,
  refusals: { CASH_ID_REUSED: 409 },
})

export const listCashTills = route({
  name: 'listCashTills',
  summary:
    'The tills of all communities that have one, for administrators: what is in each, how long ago it was banked, and what was over and short in the last 30 days.',
  method: 'GET',
  path: '/api/cash/tills',
  access: ['admin'],
  query: z.strictObject({ ...pageQuery }),
  output: page(
    z.strictObject({
      communityId: idSchema,
      communityName: z.string(),
      balanceFen: signedFen,
      startedAt: instantSchema,
      lastCountAt: instantSchema.optional(),
      /** Of the last count: over, or below nothing short. */
      lastDifferenceFen: signedFen.optional(),
      /** Of the last 30 days, each way for itself. */
      overFen: z.int().min(0),
      shortFen: z.int().min(0),
      lastBankedAt: instantSchema.optional(),
    }),
  ),
})

/** `takeCash` and `handBackCash` pay an order and end a refund, so the context of payments answers them. */
export const cashRoutes = [
  listCashDue,
  getCashTill,
  getCashDay,
  countCash,
  bankCash,
  bringInCash,
  listCashTills,
] as const
