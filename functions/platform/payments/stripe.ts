import { Agent as HttpAgent } from 'node:http'
import Stripe from 'stripe'
import { assert } from '#shared/kernel/assert.ts'
import { type Instant, instant, toMs } from '#shared/kernel/time.ts'
import { Busy } from '../busy.ts'
import { optionalEnv } from '../env.ts'
import { paymentSecrets } from './secrets.ts'
import {
  type DisputeFact,
  type ListedPayment,
  type NewRefund,
  type NewSession,
  type PaymentPort,
  type ProviderPayment,
  type ProviderRefund,
  RefusedByProvider,
  type Session,
  type Webhook,
} from './port.ts'

/** How old a signed webhook may be, in seconds: the SDK's own default, stated. */
const WEBHOOK_TOLERANCE_SECONDS = 300
const TIMEOUT_MS = 8_000
const PAGE = 100
const REFUND_PAGES_MAX = 20
const PROVIDER_BUSY_SECONDS = 3

let made: { readonly stripe: Stripe; readonly secretKey: string } | undefined
const agent = new HttpAgent({ keepAlive: true, maxSockets: 64 })

async function client(): Promise<Stripe> {
  const { secretKey } = await paymentSecrets()
  if (made?.secretKey === secretKey) return made.stripe
  const base = optionalEnv('STRIPE_API_BASE')
  const at = base === undefined ? undefined : new URL(base)
  const stripe = new Stripe(secretKey, {
    timeout: TIMEOUT_MS,
    maxNetworkRetries: 1,
    telemetry: false,
    ...(at === undefined ? {} : whereabouts(at)),
  })
  made = { stripe, secretKey }
  return stripe
}

function whereabouts(at: URL) {
  const protocol = at.protocol === 'http:' ? ('http' as const) : ('https' as const)
  const port = at.port === '' ? (protocol === 'http' ? 80 : 443) : Number(at.port)
  return { host: at.hostname, port, protocol, ...(protocol === 'http' ? { httpAgent: agent } : {}) }
}

/** The provider as the official SDK speaks to it, at a configurable base. */
export const payments: PaymentPort = {
  async createSession(wanted) {
    const stripe = await client()
    return sessionOf(
      await answered(stripe.checkout.sessions.create(sessionParams(wanted), { idempotencyKey: wanted.key })),
    )
  },
  async getSession(sessionId) {
    const stripe = await client()
    return sessionOf(await answered(stripe.checkout.sessions.retrieve(sessionId)))
  },
  async expireSession(sessionId) {
    const stripe = await client()
    try {
      return sessionOf(await answered(stripe.checkout.sessions.expire(sessionId)))
    } catch (error) {
      // Not open any more: the provider refuses, and what it became is what we must know.
      if (error instanceof Stripe.errors.StripeInvalidRequestError) return this.getSession(sessionId)
      throw error
    }
  },
  async refund({ refundId, orderId, paymentId, amountFen }: NewRefund) {
    const stripe = await client()
    const params = {
      payment_intent: paymentId,
      amount: amountFen,
      metadata: { refundId, ...(orderId === undefined ? {} : { orderId }) },
    }
    try {
      return refundOf(await answered(stripe.refunds.create(params, { idempotencyKey: `refund-${refundId}` })))
    } catch (error) {
      if (isFinal(error)) throw new RefusedByProvider(error.code)
      throw error
    }
  },
  async getRefund(providerRefundId) {
    const stripe = await client()
    return refundOf(await answered(stripe.refunds.retrieve(providerRefundId)))
  },
  async findRefund(paymentId, refundId) {
    const stripe = await client()
    for await (const refund of stripe.refunds.list({ payment_intent: paymentId, limit: PAGE })) {
      if (refund.metadata?.refundId === refundId) return refundOf(refund)
    }
    return undefined
  },
  async getPayment(paymentId) {
    const stripe = await client()
    return paymentOfIntent(await answered(stripe.paymentIntents.retrieve(paymentId)))
  },
  async lookForPayment(paymentId) {
    const stripe = await client()
    try {
      const intent = await answered(stripe.paymentIntents.retrieve(paymentId, { expand: ['latest_charge'] }))
      return intent.status === 'succeeded' ? listedPaymentOf(intent) : undefined
    } catch (error) {
      if (isUnknown(error)) return undefined
      throw error
    }
  },
  async listPayments(since, cursor) {
    const stripe = await client()
    const params = { ...pageOf(since, cursor), expand: ['data.latest_charge'] }
    const page = await answered(stripe.paymentIntents.list(params))
    return {
      payments: page.data.filter((intent) => intent.status === 'succeeded').map(listedPaymentOf),
      ...nextOf(page),
    }
  },
  async listRefunds(since, cursor) {
    const stripe = await client()
    const page = await answered(stripe.refunds.list(pageOf(since, cursor)))
    return { refunds: page.data.map(refundOf), ...nextOf(page) }
  },
  async refundsOf(paymentId) {
    const stripe = await client()
    const refunds: ProviderRefund[] = []
    let after: Pick<Stripe.RefundListParams, 'starting_after'> = {}
    for (let pages = 0; ; pages++) {
      assert(pages < REFUND_PAGES_MAX, 'a payment has few refunds')
      const page = await answered(stripe.refunds.list({ payment_intent: paymentId, limit: PAGE, ...after }))
      refunds.push(...page.data.map(refundOf))
      const { nextCursor } = nextOf(page)
      if (nextCursor === undefined) return refunds
      after = { starting_after: nextCursor }
    }
  },
  async transfer({ key, amountFen, destination, group }) {
    const stripe = await client()
    const params = { amount: amountFen, currency: 'cny', destination, transfer_group: group }
    const transfer = await stripe.transfers.create(params, { idempotencyKey: key })
    return { transferId: transfer.id }
  },
}

function pageOf(since: Instant, cursor: string | undefined) {
  return {
    created: { gte: Math.floor(toMs(since) / 1000) },
    limit: PAGE,
    ...(cursor === undefined ? {} : { starting_after: cursor }),
  }
}

function nextOf({ data, has_more }: { data: readonly { id: string }[]; has_more: boolean }): { nextCursor?: string } {
  const last = data.at(-1)
  return has_more && last !== undefined ? { nextCursor: last.id } : {}
}

const BAD_REQUEST = 400
const NOT_FOUND = 404

function isUnknown(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode === NOT_FOUND
}

/** 409 says that the same question is being answered, 429 that there are too many: both may well be granted. */
function isFinal(error: unknown): error is InstanceType<typeof Stripe.errors.StripeInvalidRequestError> {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode === BAD_REQUEST
}

/** A provider that cannot be reached, is broken or wants less of us: our caller comes back later, nothing is broken here. */
async function answered<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    const { StripeConnectionError, StripeAPIError, StripeRateLimitError } = Stripe.errors
    const later = [StripeConnectionError, StripeAPIError, StripeRateLimitError].some((kind) => error instanceof kind)
    throw later ? new Busy(PROVIDER_BUSY_SECONDS) : error
  }
}

function sessionParams(wanted: NewSession): Stripe.Checkout.SessionCreateParams {
  return {
    mode: 'payment',
    client_reference_id: wanted.orderId,
    metadata: { orderId: wanted.orderId },
    payment_intent_data: { metadata: { orderId: wanted.orderId } },
    allowed_payment_method_types: ['alipay', 'wechat_pay', 'card'],
    // WeChat Pay is refused without it.
    payment_method_options: {
      wechat_pay: { client: 'web' },
    } as Stripe.Checkout.SessionCreateParams.PaymentMethodOptions,
    line_items: wanted.lines.map((line) => ({
      quantity: line.quantity,
      price_data: { currency: 'cny', unit_amount: line.unitFen, product_data: { name: line.name } },
    })),
    expires_at: Math.floor(toMs(wanted.expiresAt) / 1000),
    success_url: wanted.successUrl,
    cancel_url: wanted.cancelUrl,
    locale: 'zh',
  }
}

function sessionOf(session: Stripe.Checkout.Session): Session {
  return {
    sessionId: session.id,
    state: sessionState(session.status),
    url: session.url ?? undefined,
    expiresAt: instant(session.expires_at * 1000),
    payment: session.payment_status === 'paid' ? paymentOfSession(session) : undefined,
  }
}

function sessionState(status: string | null): Session['state'] {
  return status === 'open' || status === 'complete' ? status : 'expired'
}

function paymentOfSession(session: Stripe.Checkout.Session): ProviderPayment {
  return {
    paymentId: idOf(session.payment_intent) ?? session.id,
    orderId: session.metadata?.orderId ?? session.client_reference_id ?? undefined,
    amountFen: session.amount_total ?? 0,
    currency: session.currency ?? '',
  }
}

function paymentOfIntent(intent: Stripe.PaymentIntent): ProviderPayment {
  return {
    paymentId: intent.id,
    orderId: intent.metadata.orderId,
    amountFen: intent.amount_received,
    currency: intent.currency,
  }
}

/** With its charge: the last one is the one that succeeded. Its `amount_refunded` counts a refund from when it is asked for. */
function listedPaymentOf(intent: Stripe.PaymentIntent): ListedPayment {
  const charge = intent.latest_charge
  assert(charge === null || typeof charge === 'object', 'a payment is listed with its charge')
  return {
    ...paymentOfIntent(intent),
    createdAt: instant(intent.created * 1000),
    refundedFen: charge?.amount_refunded ?? 0,
  }
}

function refundOf(refund: Stripe.Refund): ProviderRefund {
  return {
    providerRefundId: refund.id,
    refundId: refund.metadata?.refundId,
    orderId: refund.metadata?.orderId,
    paymentId: idOf(refund.payment_intent) ?? '',
    amountFen: refund.amount,
    createdAt: instant(refund.created * 1000),
    state: refundState(refund.status),
  }
}

function refundState(status: string | null): ProviderRefund['state'] {
  if (status === 'succeeded') return 'succeeded'
  return status === 'failed' || status === 'canceled' ? 'failed' : 'pending'
}

function idOf(reference: string | { id: string } | null): string | undefined {
  if (reference === null) return undefined
  return typeof reference === 'string' ? reference : reference.id
}

/** A webhook whose signature is good and fresh, in our words; `undefined` when it is not. */
export async function readWebhook(rawBody: string, signature: string | undefined): Promise<Webhook | undefined> {
  const { webhookSecret } = await paymentSecrets()
  let event: Stripe.Event
  try {
    event = (await client()).webhooks.constructEvent(rawBody, signature ?? '', webhookSecret, WEBHOOK_TOLERANCE_SECONDS)
  } catch {
    return undefined
  }
  return { eventId: event.id, type: event.type, fact: factOf(event) }
}

function factOf(event: Stripe.Event): Webhook['fact'] {
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded': {
      // `completed` also comes for wallets that pay later; only money that came is money.
      const session = event.data.object
      return session.payment_status === 'paid'
        ? { kind: 'paid', payment: paymentOfSession(session) }
        : { kind: 'nothing' }
    }
    case 'refund.updated':
    case 'refund.failed':
      return { kind: 'refund', refund: refundOf(event.data.object) }
    case 'charge.dispute.created':
      return { kind: 'disputed', dispute: disputeOf(event.data.object) }
    case 'charge.dispute.closed': {
      const { status } = event.data.object
      // An inquiry that is closed (`warning_closed`) never took any money.
      const outcome = status === 'lost' ? 'lost' : 'won'
      return { kind: 'dispute-ended', dispute: disputeOf(event.data.object), outcome }
    }
    default:
      return { kind: 'nothing' }
  }
}

function disputeOf({ id, payment_intent, amount, currency }: Stripe.Dispute): DisputeFact {
  return { disputeId: id, paymentId: idOf(payment_intent) ?? '', amountFen: amount, currency }
}
