import type { Instant } from '#shared/kernel/time.ts'

/**
 * What we need of a payment provider, and all we use of one. A district plugs its own licensed provider in behind it.
 * Every call may be repeated: each carries a key that makes a repeat harmless at the provider.
 */
export type PaymentPort = {
  /** Opens a hosted payment page. The same `key` gives the same page. */
  createSession(wanted: NewSession): Promise<Session>
  getSession(sessionId: string): Promise<Session>
  /** Ends a page that is still open. One that is not open any more is returned as it is: perhaps it was paid. */
  expireSession(sessionId: string): Promise<Session>
  /** Throws `RefusedByProvider` when asking again will never help. */
  refund(wanted: NewRefund): Promise<ProviderRefund>
  getRefund(providerRefundId: string): Promise<ProviderRefund>
  /** Looks for the refund that was asked with this id: after 20 h the provider may have forgotten the key. */
  findRefund(paymentId: string, refundId: string): Promise<ProviderRefund | undefined>
  getPayment(paymentId: string): Promise<ProviderPayment>
  /** A payment of which money came, with what went back of it; `undefined` when there is none of this id. */
  lookForPayment(paymentId: string): Promise<ListedPayment | undefined>
  /** Payments of which money came, made since a moment, newest first, page by page: whole seconds, the moment's own included. */
  listPayments(
    since: Instant,
    cursor: string | undefined,
  ): Promise<{ payments: readonly ListedPayment[]; nextCursor?: string }>
  /** Refunds of any state made since a moment, likewise: ours, and those that a person made by hand at the provider. */
  listRefunds(
    since: Instant,
    cursor: string | undefined,
  ): Promise<{ refunds: readonly ProviderRefund[]; nextCursor?: string }>
  /** All refunds of one payment, of any state. */
  refundsOf(paymentId: string): Promise<readonly ProviderRefund[]>
  /**
   * Moves a seller's part to its account at the provider; production needs a provider that may do this. Nothing calls it
   * yet: a payout is a bank transfer that persons write down, so that there are no transfers to be compared.
   */
  transfer(wanted: {
    key: string
    amountFen: number
    destination: string
    group: string
  }): Promise<{ transferId: string }>
}

export type NewSession = {
  readonly key: string
  readonly orderId: string
  readonly lines: readonly { readonly name: string; readonly unitFen: number; readonly quantity: number }[]
  readonly successUrl: string
  readonly cancelUrl: string
  readonly expiresAt: Instant
}

export type Session = {
  readonly sessionId: string
  readonly state: 'open' | 'complete' | 'expired'
  readonly url: string | undefined
  readonly expiresAt: Instant
  /** There when money has really come. */
  readonly payment: ProviderPayment | undefined
}

export type ProviderPayment = {
  readonly paymentId: string
  readonly orderId: string | undefined
  readonly amountFen: number
  readonly currency: string
}

/** A payment as the provider lists it. */
export type ListedPayment = ProviderPayment & {
  /** When it was begun; the money may have come a day later. */
  readonly createdAt: Instant
  /** Whole fen: the sum of its refunds that have not failed. */
  readonly refundedFen: number
}

export type NewRefund = {
  readonly refundId: string
  /** Absent for money that belongs to no order. */
  readonly orderId?: string
  readonly paymentId: string
  readonly amountFen: number
}

export type ProviderRefund = {
  readonly providerRefundId: string
  readonly refundId: string | undefined
  readonly orderId: string | undefined
  readonly paymentId: string
  readonly amountFen: number
  readonly createdAt: Instant
  readonly state: 'pending' | 'succeeded' | 'failed'
}

/** A buyer's bank takes back, or wants to take back, this much of a payment. */
export type DisputeFact = {
  readonly disputeId: string
  readonly paymentId: string
  readonly amountFen: number
  readonly currency: string
}

/** The provider has understood and says no for good: disputed, too old, refunded already. */
export class RefusedByProvider extends Error {
  override name = 'RefusedByProvider'
}

/** What a verified webhook tells us, in our words. */
export type WebhookFact =
  | { readonly kind: 'paid'; readonly payment: ProviderPayment }
  | { readonly kind: 'refund'; readonly refund: ProviderRefund }
  | { readonly kind: 'disputed'; readonly dispute: DisputeFact }
  | { readonly kind: 'dispute-ended'; readonly dispute: DisputeFact; readonly outcome: 'won' | 'lost' }
  | { readonly kind: 'nothing' }

export type Webhook = { readonly eventId: string; readonly type: string; readonly fact: WebhookFact }
