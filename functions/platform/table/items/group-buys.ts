import * as z from 'zod'
import { listingSchema } from '#shared/contracts/catalogue.ts'
import { shortageRules } from '#shared/contracts/deliveries.ts'
import {
  decidedSchema,
  groupBuyStates,
  priceStepSchema,
  repeatWeekSchema,
  successRuleSchema,
} from '#shared/contracts/group-buys.ts'
import { idSchema } from '#shared/kernel/ids.ts'
import { fenSchema } from '#shared/kernel/money.ts'
import { instantSchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'

export const listingItem = stored('listing', listingSchema.shape)

export const groupBuyItem = stored('groupBuy', {
  groupBuyId: idSchema,
  title: z.string(),
  state: z.enum(groupBuyStates),
  coopId: idSchema,
  coopName: z.string(),
  coopLicence: z.string().optional(),
  villageId: idSchema,
  villageName: z.string(),
  townName: z.string(),
  opensAt: instantSchema,
  closesAt: instantSchema,
  pickUpStartsAt: instantSchema,
  pickUpEndsAt: instantSchema,
  offerCount: z.int(),
  compoundIds: z.array(idSchema),
  /** Of the request that opened it: the same id with another body is refused. */
  bodyHash: z.string(),
  success: successRuleSchema.optional(),
  /** Who goes short when less arrives than was ordered; absent: the last who paid. */
  shortageRule: z.enum(shortageRules).optional(),
  /** Written once, by the closing: what was counted, and what a portion of each offer costs in the end. */
  decided: decidedSchema.optional(),
  finalPrices: z.record(idSchema, fenSchema).optional(),
  /** Set when every share was seen through to its settlement. */
  salesSettledAt: instantSchema.optional(),
})
export type GroupBuyItem = z.infer<typeof groupBuyItem>

/** The request that opens a group buy, written before anything of it: two different ones cannot mix. */
export const groupBuyIntentItem = stored('groupBuyIntent', { groupBuyId: idSchema, bodyHash: z.string() })

/** Where a group buy shows up: one per compound, found by the compound and the closing time. */
export const groupBuyCompoundItem = stored('groupBuyCompound', {
  groupBuyId: idSchema,
  compoundId: idSchema,
  closesAt: instantSchema,
})

/** As long as this exists a clock has to act on the group buy, next at `dueAt`. */
export const groupBuyWatchItem = stored('groupBuyWatch', {
  groupBuyId: idSchema,
  dueAt: instantSchema,
  /** `close` flips the stock, `decide` waits for orders in flight and counts, `refund` gives back, `settle` ends it. */
  due: z.enum(['close', 'decide', 'refund', 'settle']),
})

/** As long as this exists a clock opens the group buy anew each week, the next time at `dueAt`. */
export const groupBuyRepeatItem = stored('groupBuyRepeat', {
  groupBuyId: idSchema,
  coopId: idSchema,
  title: z.string(),
  /** The window that is moved by weeks: that of the group buy itself. */
  opensAt: instantSchema,
  closesAt: instantSchema,
  pickUpStartsAt: instantSchema,
  pickUpEndsAt: instantSchema,
  week: z.int().min(1),
  lastWeek: z.int().min(1).optional(),
  dueAt: instantSchema,
  /** Another one with each write: nobody writes over what they have not read. */
  revision: z.string(),
})
export type GroupBuyRepeatItem = z.infer<typeof groupBuyRepeatItem>

export const repeatWeekItem = stored('repeatWeek', { coopId: idSchema, ...repeatWeekSchema.shape })

/** What is sold, written once with the group buy. */
export const offerItem = stored('offer', {
  groupBuyId: idSchema,
  offerId: idSchema,
  listingId: idSchema,
  /** Place in the list that the co-op made. */
  position: z.int().min(0),
  ...listingSchema.omit({ listingId: true, coopId: true, version: true, state: true, priceFen: true }).shape,
  priceFen: fenSchema,
  priceVersion: z.int(),
  stock: z.int(),
  perHouseholdLimit: z.int(),
  buckets: z.int().min(1),
  priceSteps: z.array(priceStepSchema).optional(),
})
export type OfferItem = z.infer<typeof offerItem>

/**
 * Stock that can still be taken. It repeats what the placing condition must see in the same instant: state, window and
 * price version, so that a request with an old clock or an old price cannot slip past.
 */
export const bucketItem = stored('bucket', {
  groupBuyId: idSchema,
  offerId: idSchema,
  n: z.int(),
  available: z.int().min(0),
  state: z.enum(['open', 'closed']),
  opensAt: instantSchema,
  closesAt: instantSchema,
  priceVersion: z.int(),
})
export type BucketItem = z.infer<typeof bucketItem>

export const groupBuyPartitionItem = z.discriminatedUnion('entity', [
  groupBuyItem,
  groupBuyWatchItem,
  bucketItem,
  groupBuyCompoundItem,
  offerItem,
])
