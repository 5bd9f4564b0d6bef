import * as z from 'zod'
import { handBackCash, takeCash } from './cash.ts'
import { decideClaim } from './claims.ts'
import { clientIdSchema } from '../kernel/ids.ts'
import { fenSchema } from '../kernel/money.ts'
import { portionsSchema } from '../kernel/quantity.ts'
import { instantSchema } from '../kernel/time.ts'
import { checkDelivery, finishWeighing } from './deliveries.ts'
import { cancelOrder, giveBack, ORDER_GROUP_BUYS_MAX, ORDER_LINES_MAX, refundOrder, startCheckout } from './orders.ts'
import { parkedReasons, parkedStates } from './payments-parked.ts'
import { page, pageQuery, route } from './route.ts'

/** The provider's own signed message; its body is read as raw text, for the signature covers the bytes. */
export const receiveWebhook = route({
  name: 'receiveWebhook',
  summary: "The payment provider's signed webhook. 2xx once the message is durable here.",
  method: 'POST',
  path: '/api/payments/webhook',
  access: 'public',
  body: z.unknown(),
  output: z.strictObject({ received: z.literal(true), outcome: z.enum(['applied', 'repeated', 'parked', 'noted']) }),
  refusals: { BAD_SIGNATURE: 422 },
})

export const listParkedMoney = route({
  name: 'listParkedMoney',
  summary: 'Money that came and belongs to no order, or refunds that failed: on this list until it is zero.',
  method: 'GET',
  path: '/api/payments/parked',
  access: ['admin'],
  query: z.strictObject({ ...pageQuery }),
  output: page(
    z.strictObject({
      parkedId: z.string(),
      reason: z.enum(parkedReasons),
      amountFen: z.int(),
      currency: z.string(),
      paymentId: z.string(),
      orderId: z.string().optional(),
      state: z.enum(parkedStates),
      parkedAt: instantSchema,
    }),
  ),
})

/** Failed refunds and disputes wait for a person, who pays another way (or knows why nothing is due) and says so. */
export const closeParkedMoney = route({
  name: 'closeParkedMoney',
  summary:
    'Takes money off the list that a person has seen to: paid another way, or settled with the bank. A failed refund is looked at once more at the payment provider first.',
  method: 'POST',
  path: '/api/payments/parked/{parkedId}/closing',
  access: ['admin'],
  params: z.strictObject({ parkedId: z.string().min(1).max(120) }),
  body: z.strictObject({ note: z.string().trim().min(1).max(500) }),
  output: z.strictObject({ parkedId: z.string(), state: z.literal('closed') }),
  refusals: { GOES_BACK_BY_ITSELF: 409, REFUND_UNDER_WAY: 409, HANDED_BACK: 409 },
})

/** 256 random bits. Whoever has it may see what is to be paid, and pay; nothing else. */
export const payLinkTokenSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

export const makePayLink = route({
  name: 'makePayLink',
  summary:
    'Makes a pay-for-me link for an unpaid order: anyone who has it may pay, without signing in. It is told once, since only its hash is kept; a new one ends the one before.',
  method: 'POST',
  path: '/api/orders/{orderId}/pay-link',
  access: ['resident', 'worker'],
  params: z.strictObject({ orderId: clientIdSchema }),
  output: z.strictObject({ token: payLinkTokenSchema, madeAt: instantSchema, expiresAt: instantSchema }),
  refusals: { ORDER_ALREADY_PAID: 409, ORDER_EXPIRED: 409, ORDER_CANCELLED: 409, TOO_MANY_PAY_LINKS: 409 },
})

export const withdrawPayLink = route({
  name: 'withdrawPayLink',
  summary: 'Ends the pay-for-me link of an unpaid order, and the payment page that may be open.',
  method: 'POST',
  path: '/api/orders/{orderId}/pay-link/withdrawal',
  access: ['resident', 'worker'],
  params: z.strictObject({ orderId: clientIdSchema }),
  output: z.strictObject({ orderId: clientIdSchema, withdrawn: z.literal(true) }),
  refusals: { ORDER_ALREADY_PAID: 409 },
})

export const holdLonger = route({
  name: 'holdLonger',
  summary:
    'Holds an unpaid order that has a pay-for-me link longer: once, for two hours, never past the closing of its group buys, and one unpaid order of a household at a time. Sent again it changes nothing.',
  method: 'POST',
  path: '/api/orders/{orderId}/longer-hold',
  access: ['resident', 'worker'],
  params: z.strictObject({ orderId: clientIdSchema }),
  output: z.strictObject({ orderId: clientIdSchema, expiresAt: instantSchema }),
  refusals: {
    ORDER_ALREADY_PAID: 409,
    ORDER_EXPIRED: 409,
    ORDER_CANCELLED: 409,
    PAY_LINK_NEEDED: 409,
    CLOSES_TOO_SOON: 409,
    HELD_LONGER_ELSEWHERE: 409,
  },
})

export const getPayLink = route({
  name: 'getPayLink',
  summary:
    'What a pay-for-me link is for: goods, seller and sum, while it can be paid. No room, no name, no phone, no code; afterwards nothing of the order.',
  method: 'GET',
  path: '/api/payments/links/{token}',
  access: 'public',
  params: z.strictObject({ token: payLinkTokenSchema }),
  output: z.discriminatedUnion('state', [
    z.strictObject({
      state: z.literal('open'),
      amountFen: fenSchema,
      /** The goods are held until then. */
      expiresAt: instantSchema,
      shares: z
        .array(
          z.strictObject({
            groupBuyTitle: z.string(),
            coopName: z.string(),
            villageName: z.string(),
            lines: z
              .array(
                z.strictObject({
                  name: z.string(),
                  picture: z.string(),
                  unitLabel: z.string(),
                  quantity: portionsSchema,
                  amountFen: fenSchema,
                }),
              )
              .max(ORDER_LINES_MAX),
          }),
        )
        .max(ORDER_GROUP_BUYS_MAX),
    }),
    z.strictObject({ state: z.enum(['checking', 'paid', 'ended']) }),
  ]),
})

export const payByLink = route({
  name: 'payByLink',
  summary: 'Opens (or returns) the hosted payment page of the order that a pay-for-me link is for.',
  method: 'POST',
  path: '/api/payments/links/{token}/checkout',
  access: 'public',
  params: z.strictObject({ token: payLinkTokenSchema }),
  output: z.strictObject({ checkoutUrl: z.url(), expiresAt: instantSchema }),
  refusals: { ORDER_ALREADY_PAID: 409, PAY_LINK_ENDED: 409, PAYMENT_UNDER_WAY: 409, TOO_MANY_CHECKOUTS: 409 },
})

export const paymentsRoutes = [
  receiveWebhook,
  startCheckout,
  cancelOrder,
  refundOrder,
  checkDelivery,
  finishWeighing,
  giveBack,
  decideClaim,
  takeCash,
  handBackCash,
  makePayLink,
  withdrawPayLink,
  holdLonger,
  getPayLink,
  payByLink,
  listParkedMoney,
  closeParkedMoney,
] as const
