import * as z from 'zod'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { fenSchema } from '../kernel/money.ts'
import { instantSchema } from '../kernel/time.ts'
import { refundReasons } from './orders.ts'
import { page, pageQuery, route } from './route.ts'

/** 到货 · 退款 · 成团 · 没成团 · 售后结果 · 快截止 · 快取货 */
export const noticeKinds = [
  'arrived',
  'refunded',
  'group-buy-confirmed',
  'group-buy-failed',
  'claim-decided',
  'closing-soon',
  'pick-up-ends-soon',
] as const
export type NoticeKind = (typeof noticeKinds)[number]

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
  /** Where it leads: to the order, or to the group buy. */
  orderId: clientIdSchema.optional(),
  groupBuyId: idSchema.optional(),
  groupBuyTitle: z.string().optional(),
  /** What goes back; nothing where a claim was declined. */
  amountFen: fenSchema.optional(),
  reason: z.enum(refundReasons).optional(),
  /** The pick-up point's name. */
  place: z.string().optional(),
  pickUpStartsAt: instantSchema.optional(),
  pickUpEndsAt: instantSchema.optional(),
  closesAt: instantSchema.optional(),
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

export const notificationsRoutes = [
  listNotices,
  countUnreadNotices,
  readNotice,
  readAllNotices,
  getReminder,
  askReminder,
  dropReminder,
] as const
