import * as z from 'zod'
import { idSchema } from '../kernel/ids.ts'
import { FEN_MAX, fenSchema, fenSumSchema, positiveFenSchema } from '../kernel/money.ts'
import { portionsSchema, STOCK_MAX, stockSchema } from '../kernel/quantity.ts'
import { instantSchema } from '../kernel/time.ts'
import { listingBodySchema } from './catalogue.ts'
import { shortageRules } from './deliveries.ts'
import { page, pageQuery, route } from './route.ts'

/** The whole life of a group buy; the closing machine drives the later states. */
export const groupBuyStates = [
  'draft',
  'scheduled',
  'open',
  'closing',
  'confirmed',
  'failed',
  'refunding',
  'receiving',
  'distributing',
  'settled',
  'ended',
  'cancelled',
] as const

/** What must be sold, and paid, at the closing for the group buy to take place. */
export const successKinds = ['portions', 'households', 'amount'] as const
export const successRuleSchema = z.strictObject({
  kind: z.enum(successKinds),
  /** Portions, households, or fen. */
  minimum: z.int().min(1).max(FEN_MAX),
})
export type SuccessRule = z.infer<typeof successRuleSchema>

export const PRICE_STEPS_MAX = 5
/** Sold so many portions of the offer, all of them cost this much each: who paid more gets the difference back. */
export const priceStepSchema = z.strictObject({
  fromPortions: z.int().min(2).max(STOCK_MAX),
  priceFen: positiveFenSchema,
})
export type PriceStep = z.infer<typeof priceStepSchema>

/** What was counted when the group buy was decided: paid orders, without what had been refunded whole. */
export const decidedSchema = z.strictObject({
  decidedAt: instantSchema,
  orders: z.int(),
  households: z.int(),
  portions: z.int(),
  amountFen: fenSumSchema,
})

export const OFFERS_MAX = 40
export const GROUP_BUY_COMPOUNDS_MAX = 60

const what = listingBodySchema.omit({ state: true, priceFen: true })

export const offerSchema = z.strictObject({
  offerId: idSchema,
  listingId: idSchema,
  ...what.shape,
  /** Price of one portion today. */
  priceFen: fenSchema,
  /** 元/斤（500 克） and 元/kg, half-up to fen; absent for goods sold by piece. */
  perJinFen: fenSchema.optional(),
  perKgFen: fenSchema.optional(),
  stock: z.int(),
  /** Portions still to be had now. */
  left: z.int(),
  perHouseholdLimit: portionsSchema,
  /** Cheaper for all, the more is sold; the cheapest last. */
  priceSteps: z.array(priceStepSchema).max(PRICE_STEPS_MAX),
  /** What a portion costs in the end, once the group buy is decided. */
  finalPriceFen: fenSchema.optional(),
})
export type Offer = z.infer<typeof offerSchema>

export const groupBuySummarySchema = z.strictObject({
  groupBuyId: idSchema,
  title: z.string(),
  state: z.enum(groupBuyStates),
  coopId: idSchema,
  coopName: z.string(),
  /** The seller's licence or exemption, as it was when the group buy opened. */
  coopLicence: z.string().optional(),
  villageId: idSchema,
  villageName: z.string(),
  townName: z.string(),
  opensAt: instantSchema,
  closesAt: instantSchema,
  pickUpStartsAt: instantSchema,
  pickUpEndsAt: instantSchema,
  offerCount: z.int(),
  /** Absent: one paid order is enough. */
  success: successRuleSchema.optional(),
  /** Who goes short when less arrives than was ordered. */
  shortageRule: z.enum(shortageRules),
})
export type GroupBuySummary = z.infer<typeof groupBuySummarySchema>

export const groupBuySchema = z.strictObject({
  ...groupBuySummarySchema.shape,
  compoundIds: z.array(idSchema),
  offers: z.array(offerSchema),
  /** How far the success rule is, with what is held and not paid yet; absent where there is none. */
  reached: z.int().optional(),
})
export type GroupBuyView = z.infer<typeof groupBuySchema>

export const listGroupBuys = route({
  name: 'listGroupBuys',
  summary: 'What is open (or opens soon) for a compound: group buys of paired villages only, soonest closing first.',
  method: 'GET',
  path: '/api/group-buys',
  access: 'public',
  query: z.strictObject({
    compoundId: idSchema,
    /** `offers` brings the offers of each group buy too: one call draws the shop. */
    with: z.enum(['offers']).optional(),
    ...pageQuery,
  }),
  output: page(
    z.strictObject({
      ...groupBuySummarySchema.shape,
      offers: z.array(offerSchema).optional(),
      reached: z.int().optional(),
    }),
  ),
})

export const getGroupBuy = route({
  name: 'getGroupBuy',
  summary: 'One group buy with its offers and what is left of each.',
  method: 'GET',
  path: '/api/group-buys/{groupBuyId}',
  access: 'public',
  params: z.strictObject({ groupBuyId: idSchema }),
  output: groupBuySchema,
})

export const openGroupBuy = route({
  name: 'openGroupBuy',
  summary:
    'A co-op opens a group buy for compounds of paired communities. The same id and body again is the same group buy.',
  method: 'PUT',
  path: '/api/group-buys/{groupBuyId}',
  access: ['coop', 'admin'],
  params: z.strictObject({ groupBuyId: idSchema }),
  body: z.strictObject({
    coopId: idSchema,
    title: z.string().trim().min(1, '请写标题').max(60),
    compoundIds: z.array(idSchema).min(1, '请选小区').max(GROUP_BUY_COMPOUNDS_MAX),
    opensAt: instantSchema,
    closesAt: instantSchema,
    pickUpStartsAt: instantSchema,
    pickUpEndsAt: instantSchema,
    success: successRuleSchema.optional(),
    /** Who goes short when less arrives than was ordered; left out: the last who paid. */
    shortageRule: z.enum(shortageRules).optional(),
    offers: z
      .array(
        z.strictObject({
          offerId: idSchema,
          listingId: idSchema,
          priceFen: positiveFenSchema,
          stock: stockSchema,
          perHouseholdLimit: portionsSchema,
          /** Stock buckets: 1 unless the offer will be very hot. */
          buckets: z.int().min(1).max(20).optional(),
          priceSteps: z.array(priceStepSchema).max(PRICE_STEPS_MAX).optional(),
        }),
      )
      .min(1, '请选商品')
      .max(OFFERS_MAX),
  }),
  output: groupBuySchema,
  refusals: {
    NOT_PAIRED: 422,
    BAD_WINDOW: 422,
    UNKNOWN_LISTING: 422,
    LISTING_PAUSED: 409,
    DUPLICATE_OFFER: 422,
    GROUP_BUY_EXISTS: 409,
    NO_PICK_UP_POINT: 422,
    BAD_PRICE_STEPS: 422,
    OUT_OF_REACH: 422,
  },
})

export const listCoopGroupBuys = route({
  name: 'listCoopGroupBuys',
  summary: "A co-op's group buys with what is sold so far: totals, never a name.",
  method: 'GET',
  path: '/api/group-buys/coops/{coopId}',
  access: ['coop', 'admin'],
  params: z.strictObject({ coopId: idSchema }),
  query: z.strictObject({ ...pageQuery }),
  output: page(
    z.strictObject({
      ...groupBuySummarySchema.shape,
      compoundCount: z.int(),
      decided: decidedSchema.optional(),
      /** Portions taken (paid, or reserved and still payable) per offer, and their money at the offer's price. */
      offers: z.array(
        z.strictObject({
          offerId: idSchema,
          name: z.string(),
          unitLabel: z.string(),
          stock: z.int(),
          taken: z.int(),
          takenFen: fenSumSchema,
        }),
      ),
      takenFen: fenSumSchema,
    }),
  ),
})

/** Compounds a co-op may choose from: those of communities its village is paired with today. */
export const listPairedCompounds = route({
  name: 'listPairedCompounds',
  summary: 'Compounds of the communities that the co-op’s village is paired with today.',
  method: 'GET',
  path: '/api/group-buys/coops/{coopId}/compounds',
  access: ['coop', 'admin'],
  params: z.strictObject({ coopId: idSchema }),
  output: z.strictObject({
    items: z.array(
      z.strictObject({
        compoundId: idSchema,
        name: z.string(),
        communityId: idSchema,
        communityName: z.string(),
        townName: z.string(),
        hasPickUpPoint: z.boolean(),
      }),
    ),
  }),
})

export const REPEAT_WEEKS_MAX = 52
export const REPEATS_PER_COOP_MAX = 20
export const REPEAT_WEEKS_SHOWN = 30

const windowShape = {
  opensAt: instantSchema,
  closesAt: instantSchema,
  pickUpStartsAt: instantSchema,
  pickUpEndsAt: instantSchema,
}

/** A group buy that a clock opens anew each week; `week` counts from the one that it repeats. */
export const repeatSchema = z.strictObject({
  groupBuyId: idSchema,
  coopId: idSchema,
  title: z.string(),
  /** The edition that comes next, and when the clock opens it: a day ahead, so that residents see it coming. */
  next: z.strictObject({ week: z.int().min(1), dueAt: instantSchema, ...windowShape }),
  /** The last edition; absent: until somebody stops it. */
  lastWeek: z.int().min(1).optional(),
})
export type Repeat = z.infer<typeof repeatSchema>

/** `missed`: no clock ran while there was still time to order. */
export const repeatOutcomes = ['opened', 'refused', 'missed'] as const

/** What became of one week of a repeated group buy. */
export const repeatWeekSchema = z.strictObject({
  groupBuyId: idSchema,
  title: z.string(),
  week: z.int().min(1),
  opensAt: instantSchema,
  outcome: z.enum(repeatOutcomes),
  /** The group buy that was opened. */
  editionId: idSchema.optional(),
  /** Why it was not, by code and as a sentence: the same as by hand. */
  code: z.string().optional(),
  detail: z.string().optional(),
  decidedAt: instantSchema,
  /** False while the clock tries again: until the week's opening time. */
  final: z.boolean(),
})
export type RepeatWeek = z.infer<typeof repeatWeekSchema>

export const repeatGroupBuy = route({
  name: 'repeatGroupBuy',
  summary:
    'Opens a group buy anew each week by the clock, for so many weeks or until it is stopped. Sent again it changes how long.',
  method: 'PUT',
  path: '/api/group-buys/{groupBuyId}/repeat',
  access: ['coop', 'admin'],
  params: z.strictObject({ groupBuyId: idSchema }),
  body: z.strictObject({ weeks: z.int().min(1).max(REPEAT_WEEKS_MAX).optional() }),
  output: repeatSchema,
  refusals: { GROUP_BUY_CANCELLED: 409, TOO_MANY_REPEATS: 409 },
})

export const stopRepeating = route({
  name: 'stopRepeating',
  summary: 'Opens no further edition of a repeated group buy. What is open already stays open.',
  method: 'DELETE',
  path: '/api/group-buys/{groupBuyId}/repeat',
  access: ['coop', 'admin'],
  params: z.strictObject({ groupBuyId: idSchema }),
  output: z.strictObject({ groupBuyId: idSchema }),
})

export const listRepeats = route({
  name: 'listRepeats',
  summary:
    "A co-op's repeated group buys, and what became of the latest weeks: opened, refused with the reason, missed.",
  method: 'GET',
  path: '/api/group-buys/coops/{coopId}/repeats',
  access: ['coop', 'admin'],
  params: z.strictObject({ coopId: idSchema }),
  output: z.strictObject({
    items: z.array(repeatSchema),
    /** Newest first. */
    weeks: z.array(repeatWeekSchema).max(REPEAT_WEEKS_SHOWN),
  }),
})

/** Portions, weight where sold by weight, and money net of refunds, of one offer. */
const offerSumSchema = z.strictObject({
  offerId: idSchema,
  name: z.string(),
  unitLabel: z.string(),
  portionGrams: z.int().optional(),
  /** Portions that fill one box, where the co-op packs in boxes. */
  boxPortions: z.int().optional(),
  portions: z.int(),
  grams: z.int().optional(),
  amountFen: fenSumSchema,
})

const PICK_UP_POINTS_MAX = 50

export const purchaseOrderSchema = z.strictObject({
  ...groupBuySummarySchema.omit({ opensAt: true, offerCount: true }).shape,
  computedAt: instantSchema,
  /** False as long as an order can still be placed or paid: the sums may change. Refunds may lower them at any time. */
  final: z.boolean(),
  /** Paid orders with something to harvest, and orders that can still be paid. */
  paidOrderCount: z.int(),
  payableOrderCount: z.int(),
  /** Over all compounds, in the order in which they were offered. */
  offers: z.array(offerSumSchema).max(OFFERS_MAX),
  compounds: z
    .array(
      z.strictObject({
        compoundId: idSchema,
        compoundName: z.string(),
        pickUpPoint: z.strictObject({
          pickUpPointId: idSchema,
          name: z.string(),
          address: z.string(),
          hours: z.string(),
        }),
        orderCount: z.int(),
        offers: z.array(offerSumSchema).max(OFFERS_MAX),
        portions: z.int(),
        amountFen: fenSumSchema,
      }),
    )
    .max(GROUP_BUY_COMPOUNDS_MAX * PICK_UP_POINTS_MAX),
  portions: z.int(),
  amountFen: fenSumSchema,
})

export const getPurchaseOrder = route({
  name: 'getPurchaseOrder',
  summary:
    'What to harvest for a group buy and where to bring it: paid orders without what was refunded, by compound and by offer; never who ordered it.',
  method: 'GET',
  path: '/api/group-buys/{groupBuyId}/purchase-order',
  access: ['coop', 'admin'],
  params: z.strictObject({ groupBuyId: idSchema }),
  output: purchaseOrderSchema,
})

export const groupBuysRoutes = [
  listGroupBuys,
  getGroupBuy,
  openGroupBuy,
  listCoopGroupBuys,
  listPairedCompounds,
  repeatGroupBuy,
  stopRepeating,
  listRepeats,
  getPurchaseOrder,
] as const
