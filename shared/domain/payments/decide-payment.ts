import type { parkedReasons } from '../../contracts/payments-parked.ts'

export type ParkedReason = (typeof parkedReasons)[number]

/** What the provider says happened. */
export type Payment = {
  readonly paymentId: string
  readonly orderId: string | undefined
  readonly amountFen: number
  readonly currency: string
}

export type PayableOrder = {
  readonly state: string
  readonly amountFen: number
  readonly paidBy?: string | undefined
}

export type PaymentDecision =
  { readonly kind: 'pay' } | { readonly kind: 'repeated' } | { readonly kind: 'park'; readonly reason: ParkedReason }

/**
 * Decides what a payment that has succeeded does. Money is never lost between two chairs: it pays its order, or it was
 * counted already, or it is parked and goes back.
 */
export function decidePayment(payment: Payment, order: PayableOrder | undefined): PaymentDecision {
  if (order === undefined) return { kind: 'park', reason: 'unknown-order' }
  if (order.paidBy === payment.paymentId) return { kind: 'repeated' }
  if (payment.currency !== 'cny') return { kind: 'park', reason: 'wrong-currency' }
  if (payment.amountFen !== order.amountFen) return { kind: 'park', reason: 'wrong-amount' }
  if (order.state === 'paid') return { kind: 'park', reason: 'second-payment' }
  if (order.state === 'pending_payment' || order.state === 'expiring') return { kind: 'pay' }
  return { kind: 'park', reason: 'closed-order' }
}
