import * as z from 'zod'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { fenSchema, positiveFenSchema } from '../kernel/money.ts'
import { portionsSchema } from '../kernel/quantity.ts'
import { instantSchema } from '../kernel/time.ts'
import { page, pageQuery, route } from './route.ts'

/** 坏了 · 少了 · 不是我订的 · 其他 */
export const claimReasons = ['broken', 'missing', 'wrong', 'other'] as const
export type ClaimReason = (typeof claimReasons)[number]
export const claimStates = ['open', 'accepted', 'declined'] as const

export const CLAIM_WORDS_MAX = 200
export const CLAIM_PHOTOS_MAX = 3
export const CLAIM_LINES_MAX = 10
/** How often goods of one share may be claimed for. */
export const CLAIMS_PER_SHARE_MAX = 5
export const CLAIM_ANSWER_MAX = 100

const saleIdSchema = z.string().max(80)
const claimedLineSchema = z.strictObject({ lineId: idSchema, portions: portionsSchema })
const photoIdsSchema = z.array(clientIdSchema).max(CLAIM_PHOTOS_MAX, `最多 ${CLAIM_PHOTOS_MAX} 张照片`)

/** What a worker decided: money by line, for so many portions or as a part of the price. */
const decidedSchema = z.strictObject({
  at: instantSchema,
  amountFen: fenSchema,
  lines: z.array(
    z.strictObject({ lineId: idSchema, portions: portionsSchema.optional(), amountFen: positiveFenSchema }),
  ),
  /** For the resident to read. */
  words: z.string().optional(),
})

export const claimSchema = z.strictObject({
  claimId: clientIdSchema,
  saleId: z.string(),
  state: z.enum(claimStates),
  reason: z.enum(claimReasons),
  words: z.string().optional(),
  photoIds: photoIdsSchema,
  lines: z.array(claimedLineSchema),
  filedAt: instantSchema,
  decided: decidedSchema.optional(),
})
export type ClaimView = z.infer<typeof claimSchema>

export const fileClaim = route({
  name: 'fileClaim',
  summary:
    'The household that bought goods says what is wrong with them, from pick-up until the after-sales window ends. The sale is not settled before it is decided. The client makes the id: sending it again returns the first result; the same id with another body is refused.',
  method: 'PUT',
  path: '/api/orders/{orderId}/claims/{claimId}',
  // Who ordered and their family, whatever roles they hold by now; for everybody else the order does not exist.
  access: 'signed-in',
  params: z.strictObject({ orderId: clientIdSchema, claimId: clientIdSchema }),
  body: z
    .strictObject({
      saleId: saleIdSchema,
      lines: z.array(claimedLineSchema).min(1, '请选有问题的商品').max(CLAIM_LINES_MAX, '一次选的样数太多'),
      reason: z.enum(claimReasons, '请选一个原因'),
      words: z.string().trim().max(CLAIM_WORDS_MAX, `说明最多 ${CLAIM_WORDS_MAX} 个字`).optional(),
      photoIds: photoIdsSchema.optional(),
    })
    .refine(({ reason, words }) => reason !== 'other' || (words ?? '') !== '', {
      message: '请写一下是什么问题',
      path: ['words'],
    }),
  output: claimSchema,
  refusals: {
    ORDER_NOT_PAID: 409,
    CLAIM_NOT_YET: 409,
    CLAIM_WINDOW_OVER: 409,
    TOO_MANY_PORTIONS: 409,
    TOO_MANY_CLAIMS: 409,
    CLAIM_ID_REUSED: 409,
    UNKNOWN_LINE: 422,
    DUPLICATE_LINE: 422,
    UNKNOWN_PHOTO: 422,
  },
})

/** As a worker needs it to decide: where it belongs, what was bought, and what of it can still go back. */
export const deskClaimSchema = claimSchema.omit({ lines: true }).extend({
  orderId: clientIdSchema,
  householdLabel: z.string(),
  pickUpCode: z.string(),
  groupBuyTitle: z.string(),
  coopName: z.string(),
  /** Nobody decided it within three days. */
  isOverdue: z.boolean(),
  /** What goes back waits at the desk, in cash. */
  paidInCash: z.literal(true).optional(),
  lines: z.array(
    claimedLineSchema.extend({
      name: z.string(),
      unitLabel: z.string(),
      quantity: portionsSchema,
      /** What is left of what was paid for the line, and what of it the claimed portions are. */
      leftFen: fenSchema,
      claimedFen: fenSchema,
      /** Portions that can still go back, at most those claimed. */
      leftPortions: z.int().min(0),
    }),
  ),
})
export type DeskClaim = z.infer<typeof deskClaimSchema>

/** A count of what waits goes no further than this. */
export const OPEN_CLAIMS_COUNTED_MAX = 100

export const listClaims = route({
  name: 'listClaims',
  summary: "A compound's claims: those to be decided, oldest first, or those decided, newest first.",
  method: 'GET',
  path: '/api/claims/compounds/{compoundId}',
  access: ['worker', 'admin'],
  params: z.strictObject({ compoundId: idSchema }),
  query: z.strictObject({ ...pageQuery, state: z.enum(['open', 'decided']).optional() }),
  output: page(deskClaimSchema).extend({ openCount: z.int().min(0).max(OPEN_CLAIMS_COUNTED_MAX) }),
})

export const listGroupBuyClaims = route({
  name: 'listGroupBuyClaims',
  summary:
    "Claims about a co-op's goods in one group buy, newest first: goods, portions, reason, photos and what was decided; never whose they were.",
  method: 'GET',
  path: '/api/claims/group-buys/{groupBuyId}',
  access: ['coop', 'admin'],
  params: z.strictObject({ groupBuyId: idSchema }),
  query: z.strictObject({ ...pageQuery }),
  output: page(
    claimSchema.pick({ claimId: true, state: true, reason: true, photoIds: true, filedAt: true }).extend({
      lines: z.array(claimedLineSchema.extend({ name: z.string(), unitLabel: z.string() })),
      refundedFen: fenSchema,
    }),
  ).extend({ title: z.string() }),
})

const acceptedLineSchema = z
  .strictObject({
    lineId: idSchema,
    portions: portionsSchema.optional(),
    amountFen: positiveFenSchema.optional(),
  })
  .refine(({ portions, amountFen }) => (portions === undefined) !== (amountFen === undefined), {
    message: '请写份数或金额，二选一',
  })

export const decideClaim = route({
  name: 'decideClaim',
  summary:
    'A worker decides a claim, once: accepts it, wholly or for fewer portions or a part of the price, and the money goes back at once; or declines it with a reason for the resident. Nobody decides a claim of their own household.',
  method: 'POST',
  path: '/api/orders/{orderId}/claims/{claimId}/decision',
  access: ['worker', 'admin'],
  params: z.strictObject({ orderId: clientIdSchema, claimId: clientIdSchema }),
  body: z.discriminatedUnion('decision', [
    z.strictObject({
      decision: z.literal('accept'),
      lines: z.array(acceptedLineSchema).min(1, '请至少选一样退').max(CLAIM_LINES_MAX),
      words: z.string().trim().max(CLAIM_ANSWER_MAX).optional(),
    }),
    z.strictObject({
      decision: z.literal('decline'),
      words: z
        .string()
        .trim()
        .min(2, '请写原因，至少两个字')
        .max(CLAIM_ANSWER_MAX, `原因最多 ${CLAIM_ANSWER_MAX} 个字`),
    }),
  ]),
  output: claimSchema,
  refusals: {
    CLAIM_DECIDED: 409,
    OWN_CLAIM: 409,
    ORDER_NOT_PAID: 409,
    NOTHING_TO_REFUND: 409,
    REFUND_TOO_LARGE: 409,
    TOO_MANY_PORTIONS: 409,
    REFUND_WINDOW_OVER: 409,
    UNKNOWN_LINE: 422,
    DUPLICATE_LINE: 422,
  },
})

/** `decideClaim` gives money back, so the context of payments answers it. */
export const claimsRoutes = [fileClaim, listClaims, listGroupBuyClaims] as const
