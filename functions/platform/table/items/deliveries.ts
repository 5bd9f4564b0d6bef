import * as z from 'zod'
import { certificateSchema, shortageRules } from '#shared/contracts/deliveries.ts'
import { idSchema } from '#shared/kernel/ids.ts'
import { fenSumSchema } from '#shared/kernel/money.ts'
import { portionsSchema } from '#shared/kernel/quantity.ts'
import { instantSchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'

const which = { groupBuyId: idSchema, compoundId: idSchema, pickUpPointId: idSchema }

/** What comes to one pick-up point for one group buy. Announced as often as one likes, checked once. */
export const deliveryItem = stored('delivery', {
  ...which,
  state: z.enum(['announced', 'checked', 'done']),
  version: z.int().min(1),
  lines: z.array(
    z.object({
      offerId: idSchema,
      sentPortions: z.int().optional(),
      arrivedPortions: z.int().optional(),
      refusedPortions: z.int().optional(),
    }),
  ),
  note: z.string().optional(),
  announcedAt: instantSchema.optional(),
  announcedBy: z.string().optional(),
  checkedAt: instantSchema.optional(),
  checkedBy: z.string().optional(),
  /** Of the count: the same one again is the same check. */
  bodyHash: z.string().optional(),
  /** In how many parts it is written what is short, and what that comes to. */
  parts: z.int().optional(),
  short: z.object({ orders: z.int(), portions: z.int(), amountFen: fenSumSchema }).optional(),
})
export type DeliveryItem = z.infer<typeof deliveryItem>

/** What a co-op promises of a batch; corrected until pick-up ends. */
export const certificateItem = stored('certificate', {
  groupBuyId: idSchema,
  ...certificateSchema.omit({ name: true, unitLabel: true, grams: true }).shape,
  issuedBy: z.string(),
  /** Of the request that issued it: sent again it is the same certificate. */
  bodyHash: z.string(),
})
export type CertificateItem = z.infer<typeof certificateItem>

/** What is short of a checked delivery, line by line, with the reason. Written with the check and never changed. */
export const shortageItem = stored('shortage', {
  ...which,
  part: z.int(),
  shortages: z.array(
    z.object({
      orderId: z.string(),
      lineId: idSchema,
      offerId: idSchema,
      short: portionsSchema,
      rule: z.enum(shortageRules),
      ordered: z.int(),
      good: z.int(),
      place: z.int(),
      of: z.int(),
    }),
  ),
})
export type ShortageItem = z.infer<typeof shortageItem>

/** Exists when weighing is finished in a compound; `done` when everything that was too light has been given back. */
export const weighingItem = stored('weighing', {
  groupBuyId: idSchema,
  compoundId: idSchema,
  state: z.enum(['finished', 'done']),
  finishedAt: instantSchema,
  finishedBy: z.string(),
  /** What it came to when it was finished. */
  orders: z.int(),
  refundFen: fenSumSchema,
})
export type WeighingItem = z.infer<typeof weighingItem>

export const openDeliveryItem = z.discriminatedUnion('entity', [deliveryItem, weighingItem])
