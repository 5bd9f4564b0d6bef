import * as z from 'zod'
import { noticeIdSchema, noticeKinds, noticeSchema } from '#shared/contracts/notifications.ts'
import { idSchema } from '#shared/kernel/ids.ts'
import { instantSchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'

/**
 * One thing that people are told, written in the transaction that makes it true and never changed. What stands in it is
 * ids and amounts; titles and times are those of the order and the group buy.
 */
export const noticeItem = stored('notice', {
  ...noticeSchema.pick({
    noticeId: true,
    kind: true,
    at: true,
    orderId: true,
    groupBuyId: true,
    amountFen: true,
    reason: true,
    place: true,
  }).shape,
  /** Who ordered, or who asked to be told: they see it wherever they live by now. */
  personId: z.string(),
})
export type NoticeItem = z.infer<typeof noticeItem>

/** Exists when a person has read a notice. */
export const noticeReadItem = stored('noticeRead', { noticeId: noticeIdSchema })

/** A resident asked to be told before the group buy closes. */
export const reminderItem = stored('reminder', {
  groupBuyId: idSchema,
  personId: z.string(),
  householdId: idSchema,
  askedAt: instantSchema,
})
export type ReminderItem = z.infer<typeof reminderItem>

/** Exists when everybody who was to be reminded has been. */
export const remindedItem = stored('reminded', { groupBuyId: idSchema, kind: z.enum(noticeKinds), at: instantSchema })
