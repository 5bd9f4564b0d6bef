import * as z from 'zod'
import { decideClaim } from './claims.ts'
import { instantSchema } from '../kernel/time.ts'
import { checkDelivery, finishWeighing } from './deliveries.ts'
import { cancelOrder, giveBack, refundOrder, startCheckout } from './orders.ts'
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

export const parkedReasons = [
  'unknown-order',
  'closed-order',
  'wrong-amount',
  'wrong-currency',
  'second-payment',
  'refund-failed',
  'disputed',
] as const

export const parkedStates = ['open', 'refunding', 'refunded', 'failed', 'closed'] as const

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
  summary: 'Takes money off the list that a person has seen to: paid another way, or settled with the bank.',
  method: 'POST',
  path: '/api/payments/parked/{parkedId}/closing',
  access: ['admin'],
  params: z.strictObject({ parkedId: z.string().min(1).max(120) }),
  body: z.strictObject({ note: z.string().trim().min(1).max(500) }),
  output: z.strictObject({ parkedId: z.string(), state: z.literal('closed') }),
  refusals: { GOES_BACK_BY_ITSELF: 409 },
})

export const reconcilePayments = route({
  name: 'reconcilePayments',
  summary: "Compares the provider's payments since a moment with our orders and applies what a lost webhook left out.",
  method: 'POST',
  path: '/api/payments/reconciliation',
  access: ['admin'],
  body: z.strictObject({ since: instantSchema.optional() }),
  output: z.strictObject({ checked: z.int(), applied: z.int(), parked: z.int() }),
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
  listParkedMoney,
  closeParkedMoney,
  reconcilePayments,
] as const
