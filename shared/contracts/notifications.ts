import * as z from 'zod'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { fenSchema } from '../kernel/money.ts'
import { instantSchema } from '../kernel/time.ts'
import { refundReasons } from './orders.ts'
import { page, pageQuery, route } from './route.ts'

/** 到货 · 退款 · 已退现金 · 退不回去 · 成团 · 没成团 · 售后结果 · 快截止 · 快取货 · 出了结算单 · 诉求有进展 · 诉求等您办 · 提案有进展 · 提案等您办 · 各户表决 · 对接停了 */
export const noticeKinds = [
  'arrived',
  'refunded',
  'handed-back',
  'refund-failed',
  'group-buy-confirmed',
  'group-buy-failed',
  'claim-decided',
  'closing-soon',
  'pick-up-ends-soon',
  'statement-made',
  'matter-moved',
  'matter-waits',
  'proposal-moved',
  'proposal-waits',
  'proposal-vote',
  'hook-off',
] as const
export type NoticeKind = (typeof noticeKinds)[number]

/** What happened to a matter, as far as somebody is told of it. */
export const matterNews = [
  'triage',
  'decline',
  'merge',
  'assign',
  'rule',
  'allow',
  'deny',
  'dispute',
  'withdraw',
  'remind',
  'overdue',
  'escalate',
  'supervise',
  'answer',
  'verify',
  'send-back',
  'reopen',
  'link-proposal',
  'come-back',
  'solved',
  'unsolved',
] as const
export type MatterNews = (typeof matterNews)[number]

/** What happened to a proposal, as far as somebody is told of it. */
export const proposalNews = [
  'taken-up',
  'returned',
  'objection-answered',
  'objection-ruled',
  'sign',
  'vote',
  'ratify',
  'passed',
  'not-passed',
  'lapsed',
  'abandoned',
  'paid',
  'project-closed',
  'to-triage',
  'to-answer',
  'to-rule',
  'to-opine',
  'to-accept',
  'to-approve',
  'to-pay',
  'to-review',
  'overdue',
  'home-vote',
  'home-passed',
  'home-not-passed',
  'home-void',
] as const
export type ProposalNews = (typeof proposalNews)[number]

/** E-mail, and a gateway of the operator's for text messages or WeChat. */
export const messageChannels = ['email', 'hook'] as const
export type MessageChannel = (typeof messageChannels)[number]

/** A reminder comes so long before a closing, or before pick-up ends; of a short window, in its middle. */
export const CLOSING_SOON_HOURS = 3
export const PICK_UP_ENDS_SOON_HOURS = 2

/** How many notices a count goes through, newest first, and how old one may be to be counted as not read. */
export const UNREAD_COUNTED_MAX = 50
export const UNREAD_DAYS = 30

/** When it was, what it is, and of what: ids sort as their moments do, and the same fact has the same id for ever. */
export const noticeIdSchema = z.string().regex(/^\d{13}\.[a-z-]{3,30}\.[A-Za-z0-9_.-]{1,100}$/)

export const noticeSchema = z.strictObject({
  noticeId: noticeIdSchema,
  kind: z.enum(noticeKinds),
  at: instantSchema,
  isRead: z.boolean(),
  /** Where it leads: to the order, to a statement of the group buy, or to the group buy. */
  orderId: clientIdSchema.optional(),
  groupBuyId: idSchema.optional(),
  part: z.int().min(1).optional(),
  groupBuyTitle: z.string().optional(),
  /** What goes back; nothing where a claim was declined. */
  amountFen: fenSchema.optional(),
  /** What a statement came to when it was made: below nothing the co-op owes it. */
  dueFen: z.int().optional(),
  reason: z.enum(refundReasons).optional(),
  /** It was paid in cash, and waits at the desk. */
  inCash: z.literal(true).optional(),
  /** Who handed cash back, as colleagues call them. */
  byName: z.string().optional(),
  /** The pick-up point's name. */
  place: z.string().optional(),
  pickUpStartsAt: instantSchema.optional(),
  pickUpEndsAt: instantSchema.optional(),
  closesAt: instantSchema.optional(),
  /** Of a matter: which, what it is called, what happened to it. */
  matterId: clientIdSchema.optional(),
  matterTitle: z.string().optional(),
  news: z.enum(matterNews).optional(),
  /** Of a proposal, likewise. */
  proposalId: clientIdSchema.optional(),
  proposalTitle: z.string().optional(),
  proposalNews: z.enum(proposalNews).optional(),
  /** Of a subscription to events that was turned off: which, and what it is called. */
  hookId: clientIdSchema.optional(),
  hookName: z.string().optional(),
})
export type NoticeView = z.input<typeof noticeSchema>

export const listNotices = route({
  name: 'listNotices',
  summary:
    "What the caller is told, newest first: about their own orders, and about their household's once a worker has verified that they live there.",
  method: 'GET',
  path: '/api/notices',
  access: 'signed-in',
  query: z.strictObject({ ...pageQuery }),
  output: page(noticeSchema),
})

export const countUnreadNotices = route({
  name: 'countUnreadNotices',
  summary: `How many of the caller's last ${UNREAD_COUNTED_MAX} notices they have not read, none older than ${UNREAD_DAYS} days.`,
  method: 'GET',
  path: '/api/notices/unread',
  access: 'signed-in',
  output: z.strictObject({ unread: z.int().min(0).max(UNREAD_COUNTED_MAX) }),
})

export const readNotice = route({
  name: 'readNotice',
  summary: 'The caller has read a notice. Each person reads for themselves.',
  method: 'PUT',
  path: '/api/notices/{noticeId}/read',
  access: 'signed-in',
  params: z.strictObject({ noticeId: noticeIdSchema }),
  output: noticeSchema,
})

export const readAllNotices = route({
  name: 'readAllNotices',
  summary: 'The caller has read all notices that are counted as not read.',
  method: 'POST',
  path: '/api/notices/read',
  access: 'signed-in',
  output: z.strictObject({ read: z.int().min(0) }),
})

const ofGroupBuy = z.strictObject({ groupBuyId: idSchema })
const reminderSchema = z.strictObject({
  /** `late`: what could be asked for has been sent out, or there is nothing to wait for. */
  state: z.enum(['open', 'asked', 'late']),
  /** When it comes. */
  remindsAt: instantSchema,
})

export const getReminder = route({
  name: 'getReminder',
  summary: 'Whether the caller is reminded before a group buy closes.',
  method: 'GET',
  path: '/api/group-buys/{groupBuyId}/reminder',
  access: ['resident'],
  params: ofGroupBuy,
  output: reminderSchema,
})

export const askReminder = route({
  name: 'askReminder',
  summary: `The caller is reminded once, some ${CLOSING_SOON_HOURS} hours before the group buy closes, unless their household has ordered by then.`,
  method: 'PUT',
  path: '/api/group-buys/{groupBuyId}/reminder',
  access: ['resident'],
  params: ofGroupBuy,
  output: reminderSchema,
  refusals: { TOO_LATE_TO_REMIND: 409 },
})

export const dropReminder = route({
  name: 'dropReminder',
  summary: 'The caller is not reminded of the group buy any more.',
  method: 'DELETE',
  path: '/api/group-buys/{groupBuyId}/reminder',
  access: ['resident'],
  params: ofGroupBuy,
  output: reminderSchema,
})

/** As people type it; what it means is the mail server's business. One address and nothing else. */
const addressSchema = z.string().trim().max(254, '邮箱太长了').pipe(z.email('请写正确的邮箱'))

export const noticeSettingsSchema = z.strictObject({
  /** Which channels the operator has set up. */
  channels: z.strictObject({ email: z.boolean(), messages: z.boolean() }),
  email: z
    .strictObject({
      address: z.string(),
      isOn: z.boolean(),
      /** When a letter last could not be brought there. */
      failedAt: instantSchema.optional(),
    })
    .optional(),
  /** An address that waits for its code. */
  toConfirm: z.strictObject({ address: z.string(), expiresAt: instantSchema }).optional(),
  messages: z.boolean(),
  /** Of which kinds; all, while nothing was chosen. */
  kinds: z.array(z.enum(noticeKinds)),
})
export type NoticeSettings = z.input<typeof noticeSettingsSchema>

export const getNoticeSettings = route({
  name: 'getNoticeSettings',
  summary: 'How the caller wants to be told outside the app. Quiet until they say otherwise.',
  method: 'GET',
  path: '/api/notice-settings',
  access: 'signed-in',
  output: noticeSettingsSchema,
})

export const saveNoticeSettings = route({
  name: 'saveNoticeSettings',
  summary: 'Turns confirmed e-mail and text messages on or off, and says which kinds are sent.',
  method: 'PUT',
  path: '/api/notice-settings',
  access: 'signed-in',
  body: z.strictObject({
    email: z.boolean(),
    messages: z.boolean(),
    kinds: z.array(z.enum(noticeKinds)).max(noticeKinds.length),
  }),
  output: noticeSettingsSchema,
  refusals: { EMAIL_NOT_CONFIRMED: 409, CHANNEL_OFF: 409 },
})

export const sendEmailCode = route({
  name: 'sendEmailCode',
  summary:
    'Sends a code to an address, to show that it is the caller’s. Nothing else is sent there before the code comes back.',
  method: 'POST',
  path: '/api/notice-settings/email',
  access: 'signed-in',
  body: z.strictObject({ address: addressSchema }),
  output: noticeSettingsSchema,
  refusals: { CHANNEL_OFF: 409, CODE_JUST_SENT: 409, TOO_MANY_CODES: 409, EMAIL_NOT_SENT: 409, EMAIL_REFUSED: 422 },
})

export const confirmEmail = route({
  name: 'confirmEmail',
  summary: 'The code that was sent: from now on e-mail is on.',
  method: 'POST',
  path: '/api/notice-settings/email/confirmation',
  access: 'signed-in',
  body: z.strictObject({
    code: z
      .string()
      .trim()
      .regex(/^\d{6}$/, '验证码是 6 位数字'),
  }),
  output: noticeSettingsSchema,
  refusals: { CODE_EXPIRED: 409, WRONG_CODE: 422 },
})

export const dropEmail = route({
  name: 'dropEmail',
  summary: 'Forgets the address, and any that waits to be confirmed.',
  method: 'DELETE',
  path: '/api/notice-settings/email',
  access: 'signed-in',
  output: noticeSettingsSchema,
})

export const notificationsRoutes = [
  listNotices,
  countUnreadNotices,
  readNotice,
  readAllNotices,
  getReminder,
  askReminder,
  dropReminder,
  getNoticeSettings,
  saveNoticeSettings,
  sendEmailCode,
  confirmEmail,
  dropEmail,
] as const
