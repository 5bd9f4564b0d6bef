import * as z from 'zod'
import { instantSchema } from '../kernel/time.ts'
import { route } from './route.ts'

/**
 * What a comparison with the payment provider finds. The first two are what it did; all others are differences, which it
 * only reports: whoever looks into them decides what is right.
 *
 * | kind                     | what                                                                                      |
 * |--------------------------|-------------------------------------------------------------------------------------------|
 * | `payment-applied`        | a payment no message had told us of (yet); its order is paid by it now                    |
 * | `payment-parked`         | likewise, but it pays no order: on the list of parked money now, from where it goes back   |
 * | `payment-unknown`        | the provider has a payment that neither pays an order nor is parked                       |
 * | `payment-missing`        | an order is paid, or money parked, by a payment that the provider does not know as paid   |
 * | `payment-amount-differs` | the provider received another sum, or currency, than we hold                              |
 * | `refund-not-ours`        | a refund at the provider that is none of ours: made by hand in the provider's dashboard    |
 * | `refund-missing`         | a refund we hold as asked or done, or decided long ago, that the provider does not have   |
 * | `refund-amount-differs`  | the provider gives back another sum than was decided                                      |
 * | `refund-state-differs`   | we say done and the provider failed, or the reverse; or the provider has long been done   |
 * | `refunded-twice`         | one decided refund was paid twice: twice by the provider, or by it and in another way     |
 * | `more-back-than-came`    | all that went back of a payment, whichever way, is more than the payment                  |
 * | `not-compared`           | our records of it could not be read: it was not compared                                  |
 */
export const findingKinds = [
  'payment-applied',
  'payment-parked',
  'payment-unknown',
  'payment-missing',
  'payment-amount-differs',
  'refund-not-ours',
  'refund-missing',
  'refund-amount-differs',
  'refund-state-differs',
  'refunded-twice',
  'more-back-than-came',
  'not-compared',
] as const
export type FindingKind = (typeof findingKinds)[number]

/** How a refund stands: ours first is decided, then asked of the provider. `none`: the provider has no such refund. */
export const refundStandings = ['decided', 'asked', 'succeeded', 'failed', 'none', 'pending'] as const

/** Sums may be larger than any one amount of ours, and what the provider says may be anything. */
const sumSchema = z.int().min(0)

export const findingSchema = z.strictObject({
  kind: z.enum(findingKinds),
  /** The provider's id of the payment (`pi_…`). */
  paymentId: z.string(),
  orderId: z.string().optional(),
  /** Ours; `parked.<payment>` is parked money that goes back. */
  refundId: z.string().optional(),
  /** The provider's (`re_…`, `pyr_…`). */
  providerRefundId: z.string().optional(),
  /**
   * Whole fen that are in question, never negative: the whole payment or refund where one side has none or another state,
   * else by how much the two sides differ. Minor units of `currency` where that is given.
   */
  amountFen: sumSchema,
  /** Only if it is not yuan. */
  currency: z.string().optional(),
  /** Whole fen by our records and by the provider's; absent where a side has nothing. */
  oursFen: sumSchema.optional(),
  theirsFen: sumSchema.optional(),
  ours: z.enum(refundStandings).optional(),
  theirs: z.enum(refundStandings).optional(),
})

/** The most findings that a part of a comparison keeps, and a report shows; counts and sums are of all. */
export const FINDINGS_MAX = 200

export const kindSumSchema = z.strictObject({
  kind: z.enum(findingKinds),
  count: z.int().min(1),
  /** Sum of `amountFen` of all of this kind, in fen; what is not in yuan is counted and not summed. */
  sumFen: sumSchema,
})

/** How many were looked at. */
export const checkedShape = {
  /** Payments that the provider lists since the moment looked back to. */
  checked: z.int().min(0),
  /** Of these: paid their order now, and parked now. */
  applied: z.int().min(0),
  parked: z.int().min(0),
  /** Refunds that the provider lists since then. */
  refunds: z.int().min(0),
  /** Our orders that were paid, or gave something back, since the Shanghai day of that moment. */
  orders: z.int().min(0),
  /** Parked money: all that is open, and what went back since that moment. */
  parkedMoney: z.int().min(0),
}

/** The most parts that one comparison may have. */
export const PARTS_MAX = 1_000

const reportSchema = z.strictObject({
  runId: z.string(),
  by: z.enum(['night', 'admin']),
  since: instantSchema,
  startedAt: instantSchema,
  /** When its last part ended. */
  endedAt: instantSchema,
  /** False: the time ran out. Asked again with `cursor` it goes on. */
  done: z.boolean(),
  cursor: z.string().optional(),
  ...checkedShape,
  kinds: z.array(kindSumSchema),
  /** The first findings by kind; `left` more are counted in `kinds` only. */
  findings: z.array(findingSchema).max(FINDINGS_MAX),
  left: z.int().min(0),
})
export type ReconciliationReport = z.infer<typeof reportSchema>

/** How long a difference stays listed that a later comparison does not find again. */
export const EARLIER_DAYS = 30

/** A difference of an earlier comparison; `foundAt`: when the last one that found it began. */
const earlierFindingSchema = z.strictObject({ ...findingSchema.shape, foundAt: instantSchema })

export const reconcilePayments = route({
  name: 'reconcilePayments',
  summary:
    "Compares the payment provider with our records, both ways: payments and refunds it lists since a moment, then our own orders, refunds and parked money of that time. A payment that a lost message left out is applied (and reported as applied); every other difference is only reported. When the time runs out the answer has a cursor, and asked with it the comparison goes on. Payouts to co-ops are not compared: they are bank transfers with the bank's own number, the provider makes no transfer for us. Default: the last four days; `since` may be earlier, and is refused if it is later.",
  method: 'POST',
  path: '/api/payments/reconciliation',
  access: ['admin'],
  /** With `cursor`, of an earlier answer, `since` is not looked at. */
  body: z.strictObject({ since: instantSchema.optional(), cursor: z.string().max(1024).optional() }),
  output: reportSchema,
})

export const getReconciliation = route({
  name: 'getReconciliation',
  summary:
    'The last comparison with the payment provider, of a night or by hand, all its parts together: kinds with counts and sums, and the first findings. No report: none was ever made. `earlier`: differences of the last 30 days that it does not have, newest first: settled since, or only older than what it looked back to.',
  method: 'GET',
  path: '/api/payments/reconciliation',
  access: ['admin'],
  output: z.strictObject({
    report: reportSchema.optional(),
    earlier: z.array(earlierFindingSchema).max(FINDINGS_MAX),
  }),
})

/** The rest of the routes of payments; apart, so that whoever needs a word of theirs does not load these schemas. */
export const reconciliationRoutes = [reconcilePayments, getReconciliation] as const
