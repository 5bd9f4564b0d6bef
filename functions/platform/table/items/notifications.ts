import * as z from 'zod'
import { messageChannels, noticeIdSchema, noticeKinds, noticeSchema } from '#shared/contracts/notifications.ts'
import { idSchema } from '#shared/kernel/ids.ts'
import { instantSchema, shanghaiDaySchema } from '#shared/kernel/time.ts'
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
    part: true,
    amountFen: true,
    dueFen: true,
    reason: true,
    inCash: true,
    byName: true,
    place: true,
    matterId: true,
    matterTitle: true,
    news: true,
    proposalId: true,
    proposalTitle: true,
    proposalNews: true,
    hookId: true,
    hookName: true,
  }).shape,
  /** Where it lies, and the compound of the household it is for. */
  inbox: z.string(),
  compoundId: idSchema.optional(),
  /** Who ordered, or who asked to be told: they see it wherever they live by now. Nobody, of what is a household's alone. */
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

/** How a person wants to be told outside the app; without it nothing leaves. The address is theirs: it is nowhere else. */
export const noticeSettingsItem = stored('noticeSettings', {
  personId: z.string(),
  email: z
    .object({
      address: z.string(),
      confirmedAt: instantSchema,
      isOn: z.boolean(),
      /** When a letter last could not be brought there. */
      failedAt: instantSchema.optional(),
    })
    .optional(),
  /** By the operator's gateway for text messages or WeChat. */
  messages: z.boolean(),
  kinds: z.array(z.enum(noticeKinds)),
  /** Another one with each write: nobody writes over what they have not read. */
  revision: z.int().min(1),
})
export type NoticeSettingsItem = z.infer<typeof noticeSettingsItem>

/** An address that waits for its code. */
export const emailToConfirmItem = stored('emailToConfirm', {
  personId: z.string(),
  /** Empty when it was confirmed, given up, or the time was over: only how often codes were sent is left. */
  address: z.string(),
  codeHash: z.string(),
  sentAt: instantSchema,
  expiresAt: instantSchema,
  triesLeft: z.int().min(0),
  day: shanghaiDaySchema,
  sentThatDay: z.int().min(1),
})
export type EmailToConfirmItem = z.infer<typeof emailToConfirmItem>

export const settingsPartitionItem = z.discriminatedUnion('entity', [noticeSettingsItem, emailToConfirmItem])

/** A notice on its way to one person by one channel. It says who, never where: the address is looked up when it is sent. */
export const outgoingItem = stored('outgoing', {
  noticeId: noticeIdSchema,
  inbox: z.string(),
  personId: z.string(),
  channel: z.enum(messageChannels),
  /** `dropped`: they turned it off meanwhile, or there was no point in it any more. */
  state: z.enum(['due', 'sent', 'given-up', 'dropped']),
  attempts: z.int().min(0),
  createdAt: instantSchema,
  nextAt: instantSchema,
  endedAt: instantSchema.optional(),
  /** What the channel said last; no address in it. */
  why: z.string().optional(),
})
export type OutgoingItem = z.infer<typeof outgoingItem>
