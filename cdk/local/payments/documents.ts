import type Stripe from 'stripe'

/** A price made on the fly. On the wire the decimal amount is a string; only the SDK turns it into its own class. */
export type PriceDoc = Omit<Stripe.Price, 'unit_amount_decimal'> & { unit_amount_decimal: string }
export type LineItemDoc = Omit<Stripe.LineItem, 'price'> & { price: PriceDoc }

export type SessionDoc = Stripe.Checkout.Session & {
  amount_total: number
  payment_intent: string | null
  success_url: string
}
export type PaymentIntentDoc = Stripe.PaymentIntent & { latest_charge: string | null }
export type ChargeDoc = Stripe.Charge & { payment_intent: string; balance_transaction: string | null }
export type RefundDoc = Stripe.Refund & { charge: string; payment_intent: string; metadata: Stripe.Metadata }
export type DisputeDoc = Stripe.Dispute & { charge: string; payment_intent: string }
export type TransferDoc = Stripe.Transfer & { balance_transaction: string | null }
export type BalanceTransactionDoc = Stripe.BalanceTransaction & { source: string }
export interface EventDoc {
  id: string
  object: 'event'
  api_version: string
  created: number
  data: { object: unknown }
  livemode: false
  pending_webhooks: number
  request: { id: string | null; idempotency_key: string | null }
  type: EventType
}

/** Every event that the sandbox sends. */
export const eventTypes = [
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'checkout.session.expired',
  'payment_intent.payment_failed',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.refunded',
  'charge.refund.updated',
  'charge.dispute.created',
  'charge.dispute.closed',
] as const satisfies Stripe.Event['type'][]
export type EventType = (typeof eventTypes)[number]

/** What is stored, by kind; `kind` is the word of Stripe's "No such …" errors. */
export interface Documents {
  'checkout.session': SessionDoc
  payment_intent: PaymentIntentDoc
  charge: ChargeDoc
  refund: RefundDoc
  dispute: DisputeDoc
  transfer: TransferDoc
  balance_transaction: BalanceTransactionDoc
  event: EventDoc
}
export type Kind = keyof Documents
export const kinds = [
  'checkout.session',
  'payment_intent',
  'charge',
  'refund',
  'dispute',
  'transfer',
  'balance_transaction',
  'event',
] as const satisfies Kind[]

/** What a line item is made from. */
export interface Line {
  id: string
  name: string
  quantity: number
  unitFen: number
  metadata: Record<string, string>
}

/** What the sandbox must remember beside the public document. */
export interface Extras {
  'checkout.session': {
    lineItems: Line[]
    intent: { metadata: Record<string, string>; description: string | null; transferGroup: string | null }
    /** Set while an asynchronous payment is under way. */
    asyncOutcome?: 'succeeds' | 'fails'
  }
  /** `open` until its end has come: a card's refund says `succeeded` from the start and may still fail. */
  refund: { fails: boolean; open: boolean }
}
export type ExtraOf<K extends Kind> = K extends keyof Extras ? Extras[K] : undefined

export const methodTypes = ['alipay', 'wechat_pay', 'card'] as const
export type MethodType = (typeof methodTypes)[number]
