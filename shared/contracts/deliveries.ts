import * as z from 'zod'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { fenSchema, fenSumSchema } from '../kernel/money.ts'
import { instantSchema, shanghaiDaySchema } from '../kernel/time.ts'
import { route } from './route.ts'

/**
 * What a co-op brings to one pick-up point for one group buy. `expected`: nobody said anything yet; `announced`: the co-op
 * says what it sends; `checked`: counted on arrival, so that what is short is decided; `done`: every share has been told.
 */
export const deliveryStates = ['expected', 'announced', 'checked', 'done'] as const

/** Who goes short: the last who paid, or everybody in proportion. */
export const shortageRules = ['first-paid', 'pro-rata'] as const
/** Whoever opens a group buy without naming a rule means this one. */
export const DEFAULT_SHORTAGE_RULE = 'first-paid'
export type ShortageRule = (typeof shortageRules)[number]

const DELIVERED_MAX = 1_000_000
const deliveredSchema = z.int().min(0).max(DELIVERED_MAX)
const OFFERS_MAX = 40
const PICK_UP_POINTS_MAX = 50

export const countedLineSchema = z.strictObject({
  offerId: idSchema,
  /** Portions that came off the truck, and those of them that nobody can be given. */
  arrivedPortions: deliveredSchema,
  refusedPortions: deliveredSchema,
})

export const deliverySchema = z.strictObject({
  groupBuyId: idSchema,
  title: z.string(),
  coopName: z.string(),
  villageName: z.string(),
  compoundId: idSchema,
  compoundName: z.string(),
  pickUpPointId: idSchema,
  pickUpPointName: z.string(),
  pickUpStartsAt: instantSchema,
  state: z.enum(deliveryStates),
  /** Of what was last written; a change names the one it was made from. */
  version: z.int().min(0),
  rule: z.enum(shortageRules),
  /** False while the group buy is not decided yet: nothing can be announced or counted. */
  decided: z.boolean(),
  announcedAt: instantSchema.optional(),
  checkedAt: instantSchema.optional(),
  note: z.string().optional(),
  lines: z
    .array(
      z.strictObject({
        offerId: idSchema,
        name: z.string(),
        unitLabel: z.string(),
        /** Portions that are to be handed out here, as things stand. */
        orderedPortions: z.int(),
        handedOutPortions: z.int(),
        sentPortions: z.int().optional(),
        arrivedPortions: z.int().optional(),
        refusedPortions: z.int().optional(),
      }),
    )
    .max(OFFERS_MAX),
})
export type Delivery = z.infer<typeof deliverySchema>

const where = { groupBuyId: idSchema, compoundId: idSchema }

export const listDeliveries = route({
  name: 'listDeliveries',
  summary: 'What is brought to the pick-up points of a compound for a group buy: ordered, announced, counted.',
  method: 'GET',
  path: '/api/group-buys/{groupBuyId}/compounds/{compoundId}/deliveries',
  access: ['coop', 'worker', 'admin'],
  params: z.strictObject(where),
  output: z.strictObject({ items: z.array(deliverySchema).max(PICK_UP_POINTS_MAX) }),
})

export const announceDelivery = route({
  name: 'announceDelivery',
  summary: 'The co-op says what it sends to a pick-up point. It decides nothing: what counts is what is counted there.',
  method: 'PUT',
  path: '/api/group-buys/{groupBuyId}/compounds/{compoundId}/deliveries/{pickUpPointId}',
  access: ['coop', 'admin'],
  params: z.strictObject({ ...where, pickUpPointId: idSchema }),
  body: z.strictObject({
    version: z.int().min(0),
    lines: z.array(z.strictObject({ offerId: idSchema, sentPortions: deliveredSchema })).max(OFFERS_MAX),
    note: z.string().trim().max(200).optional(),
  }),
  output: deliverySchema,
  refusals: {
    GROUP_BUY_NOT_DECIDED: 409,
    DELIVERY_CHECKED: 409,
    DELIVERY_CHANGED: 409,
    UNKNOWN_OFFER: 422,
    DUPLICATE_OFFER: 422,
  },
})

export const checkDelivery = route({
  name: 'checkDelivery',
  summary:
    'A worker counts what arrived. What is short is dealt out by the rule and refunded at once. Final; the same count again is the same check. `preview` decides nothing and says what would go back.',
  method: 'POST',
  path: '/api/group-buys/{groupBuyId}/compounds/{compoundId}/deliveries/{pickUpPointId}/check',
  access: ['worker', 'admin'],
  params: z.strictObject({ ...where, pickUpPointId: idSchema }),
  body: z.strictObject({
    version: z.int().min(0),
    lines: z.array(countedLineSchema).max(OFFERS_MAX),
    preview: z.boolean().optional(),
  }),
  output: z.strictObject({
    /** Absent from a preview. */
    checkedAt: instantSchema.optional(),
    /** What goes back for what is short: orders, portions, money. */
    short: z.strictObject({ orders: z.int(), portions: z.int(), amountFen: fenSumSchema }),
  }),
  refusals: {
    GROUP_BUY_NOT_DECIDED: 409,
    DELIVERY_CHECKED: 409,
    DELIVERY_CHANGED: 409,
    LESS_THAN_HANDED_OUT: 409,
    UNKNOWN_OFFER: 422,
    DUPLICATE_OFFER: 422,
    OFFER_NOT_COUNTED: 422,
    MORE_REFUSED_THAN_ARRIVED: 422,
  },
})

/** 承诺依据 of a 承诺达标合格证: 委托检测 · 自我检测 · 内部质量控制 · 自我承诺 (农办质〔2021〕16号). */
export const certificateBases = ['entrusted-test', 'own-test', 'internal-control', 'own-promise'] as const
export const CERTIFICATE_TEXT_MAX = { origin: 80, contact: 40 } as const

const certificateBodySchema = z.strictObject({
  harvestedOn: shanghaiDaySchema,
  /** How many portions the batch has. */
  portions: z.int().min(1, '请写份数').max(DELIVERED_MAX),
  bases: z.array(z.enum(certificateBases)).min(1, '请至少选一项承诺依据').max(certificateBases.length),
  origin: z.string().trim().min(1, '请写产地').max(CERTIFICATE_TEXT_MAX.origin, '产地太长'),
  /** Of the co-op: it stands on paper that everybody may read. */
  contact: z.string().trim().min(1, '请写合作社的联系方式').max(CERTIFICATE_TEXT_MAX.contact, '联系方式太长'),
})

/**
 * The 承诺达标合格证 of one batch: what a co-op harvested of one offer for one group buy. A co-op has to issue it
 * (农产品质量安全法 第三十九条); producer, day of harvest and promise are for everybody to read.
 */
export const certificateSchema = z.strictObject({
  offerId: idSchema,
  name: z.string(),
  unitLabel: z.string(),
  version: z.int().min(1),
  issuedOn: shanghaiDaySchema,
  ...certificateBodySchema.shape,
  /** Of goods sold by weight: of all portions together. */
  grams: z.int().optional(),
})
export type Certificate = z.infer<typeof certificateSchema>

export const listCertificates = route({
  name: 'listCertificates',
  summary: 'The certificates of conformity (承诺达标合格证) of a group buy’s batches: producer, harvest day, promise.',
  method: 'GET',
  path: '/api/group-buys/{groupBuyId}/certificates',
  access: 'public',
  params: z.strictObject({ groupBuyId: idSchema }),
  output: z.strictObject({
    title: z.string(),
    coopName: z.string(),
    villageName: z.string(),
    townName: z.string(),
    items: z.array(certificateSchema).max(OFFERS_MAX),
  }),
})

export const issueCertificate = route({
  name: 'issueCertificate',
  summary:
    'A co-op issues the certificate of a batch, or corrects it until pick-up ends. `version` is the one that was read (0 for a new one).',
  method: 'PUT',
  path: '/api/group-buys/{groupBuyId}/certificates/{offerId}',
  access: ['coop', 'admin'],
  params: z.strictObject({ groupBuyId: idSchema, offerId: idSchema }),
  body: z.strictObject({ version: z.int().min(0), ...certificateBodySchema.shape }),
  output: certificateSchema,
  refusals: {
    GROUP_BUY_NOT_DECIDED: 409,
    CERTIFICATE_FIXED: 409,
    CERTIFICATE_CHANGED: 409,
    UNKNOWN_OFFER: 422,
    BAD_HARVEST_DAY: 422,
  },
})

const WEIGHED_LINES_MAX = 5_000
const WEIGHTS_AT_ONCE = 100
/** Three times the heaviest line of nominal weight is no vegetable but a slip of the finger. */
export const WEIGHT_GRAMS_MAX = 500_000

const weighInLineSchema = z.strictObject({
  orderId: clientIdSchema,
  lineId: idSchema,
  householdLabel: z.string(),
  pickUpCode: z.string(),
  offerId: idSchema,
  name: z.string(),
  portions: z.int(),
  /** What was paid for, and what it costs as things stand. */
  nominalGrams: z.int(),
  amountFen: fenSchema,
  /** What the scale said, and what the line costs by it; absent until weighed. */
  grams: z.int().optional(),
  weighedAmountFen: fenSchema.optional(),
})

export const weighInSchema = z.strictObject({
  groupBuyId: idSchema,
  title: z.string(),
  compoundId: idSchema,
  compoundName: z.string(),
  /** Set when weighing is finished and what was too light goes back. */
  finishedAt: instantSchema.optional(),
  /** Orders whose goods have not been counted on arrival: they are not on the list. */
  notArrivedCount: z.int(),
  lines: z.array(weighInLineSchema).max(WEIGHED_LINES_MAX),
  weighedCount: z.int(),
  /** What goes back when weighing is finished now. */
  refundFen: fenSumSchema,
})
export type WeighIn = z.infer<typeof weighInSchema>

export const getWeighIn = route({
  name: 'getWeighIn',
  summary: 'Lines of weighed goods of a group buy in a compound, by product and room, with what the scale said.',
  method: 'GET',
  path: '/api/group-buys/{groupBuyId}/compounds/{compoundId}/weigh-in',
  access: ['worker', 'admin'],
  params: z.strictObject(where),
  output: weighInSchema,
})

export const saveWeights = route({
  name: 'saveWeights',
  summary: 'Keeps what the scale said; it may be corrected until weighing is finished.',
  method: 'PUT',
  path: '/api/group-buys/{groupBuyId}/compounds/{compoundId}/weigh-in',
  access: ['worker', 'admin'],
  params: z.strictObject(where),
  body: z.strictObject({
    weights: z
      .array(
        z.strictObject({
          orderId: clientIdSchema,
          lineId: idSchema,
          grams: z.int('请写整数克').min(1, '克数要大于 0').max(WEIGHT_GRAMS_MAX, '克数太大'),
        }),
      )
      .min(1)
      .max(WEIGHTS_AT_ONCE),
  }),
  output: z.strictObject({ saved: z.int() }),
  refusals: {
    UNKNOWN_LINE: 422,
    NOT_WEIGHED_GOODS: 422,
    WEIGHT_TOO_LARGE: 422,
    NOT_ARRIVED: 409,
    WEIGHING_FINISHED: 409,
  },
})

export const finishWeighing = route({
  name: 'finishWeighing',
  summary:
    'Ends weighing: each order that weighs less gets the difference back at once, in one refund. Final. `acceptMissing` lets lines that were not weighed count as what was paid for.',
  method: 'POST',
  path: '/api/group-buys/{groupBuyId}/compounds/{compoundId}/weigh-in/finish',
  access: ['worker', 'admin'],
  params: z.strictObject(where),
  body: z.strictObject({ acceptMissing: z.boolean().optional() }),
  output: z.strictObject({ finishedAt: instantSchema, orders: z.int(), refundFen: fenSumSchema }),
  refusals: { NOT_ARRIVED: 409, LINES_NOT_WEIGHED: 409, NOTHING_TO_WEIGH: 409 },
})

/** `checkDelivery` and `finishWeighing` give money back, so the context of payments answers them. */
export const deliveriesRoutes = [
  listDeliveries,
  announceDelivery,
  listCertificates,
  issueCertificate,
  getWeighIn,
  saveWeights,
] as const
