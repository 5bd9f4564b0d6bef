import { chargeDefaults, intentDefaults } from './defaults.ts'
import { methodTypes, type ChargeDoc, type MethodType, type PaymentIntentDoc } from './documents.ts'
import { takeFault } from './faults.ts'
import { recordMovement } from './balance.ts'
import { loadSession } from './checkout-sessions.ts'
import { newId } from './ids.ts'
import { emit, nowSeconds, noCause, type Sandbox } from './sandbox.ts'
import type { Stored } from './store.ts'

/** What the person on the payment page does. */
export const outcomes = ['paid', 'declined', 'async_paid', 'async_failed'] as const
export type Outcome = (typeof outcomes)[number]

/** What became of it: paid, promised (an asynchronous payment under way) or declined; else why nothing happened. */
export type PayResult = 'paid' | 'promised' | 'declined' | 'expired' | 'already_complete' | 'method_not_offered'

export function isMethod(value: string): value is MethodType {
  return methodTypes.some((type) => type === value)
}

/** The payment intent is made at the first attempt, as with hosted Checkout, and kept for further ones. */
function intentOf(sandbox: Sandbox, session: Stored<'checkout.session'>): PaymentIntentDoc {
  const { doc, extra } = session
  const known = doc.payment_intent === null ? undefined : sandbox.store.get('payment_intent', doc.payment_intent)?.doc
  if (known) return known
  const id = newId('pi_')
  const intent: PaymentIntentDoc = {
    ...intentDefaults,
    id,
    object: 'payment_intent',
    amount: doc.amount_total,
    amount_received: 0,
    canceled_at: null,
    cancellation_reason: null,
    created: nowSeconds(sandbox),
    description: extra.intent.description,
    last_payment_error: null,
    latest_charge: null,
    metadata: extra.intent.metadata,
    payment_method: null,
    payment_method_types: doc.payment_method_types,
    receipt_email: doc.customer_email,
    status: 'requires_payment_method',
    transfer_group: extra.intent.transferGroup,
  }
  doc.payment_intent = id
  sandbox.store.insert('payment_intent', intent, undefined)
  return intent
}

function methodDetails(method: MethodType): NonNullable<ChargeDoc['payment_method_details']> {
  const transaction = { fingerprint: null, transaction_id: newId('') }
  switch (method) {
    case 'alipay':
      return { type: 'alipay', alipay: transaction }
    case 'wechat_pay':
      return { type: 'wechat_pay', wechat_pay: transaction }
    case 'card':
      return { type: 'card' }
  }
}

/** A new charge. Wallet payments have ids of their own kind (`py_`), as with Stripe: nobody may rely on `ch_`. */
function newCharge(
  sandbox: Sandbox,
  intent: PaymentIntentDoc,
  method: MethodType,
  status: 'succeeded' | 'pending' | 'failed',
): ChargeDoc {
  const failed = status === 'failed'
  return {
    ...chargeDefaults,
    id: newId(method === 'card' ? 'ch_' : 'py_'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: failed ? 0 : intent.amount,
    amount_refunded: 0,
    balance_transaction: null,
    captured: !failed,
    created: nowSeconds(sandbox),
    description: intent.description,
    disputed: false,
    failure_code: failed ? 'card_declined' : null,
    failure_message: failed ? declineMessage : null,
    metadata: intent.metadata,
    paid: status === 'succeeded',
    payment_intent: intent.id,
    payment_method: newId('pm_'),
    payment_method_details: methodDetails(method),
    refunded: false,
    status,
    transfer_group: intent.transfer_group,
  }
}

const declineMessage = 'Your card has insufficient funds.'

function declineError(charge: ChargeDoc): NonNullable<PaymentIntentDoc['last_payment_error']> {
  const method = charge.payment_method_details?.type ?? 'card'
  if (method === 'card') {
    return {
      type: 'card_error',
      code: 'card_declined',
      decline_code: 'insufficient_funds',
      message: declineMessage,
      charge: charge.id,
      payment_method_type: method,
    }
  }
  const message = 'The customer declined the payment, or has insufficient funds.'
  return {
    type: 'card_error',
    code: 'payment_intent_payment_attempt_failed',
    message,
    charge: charge.id,
    payment_method_type: method,
  }
}

function succeed(sandbox: Sandbox, intent: PaymentIntentDoc, charge: ChargeDoc): void {
  charge.status = 'succeeded'
  charge.paid = true
  const feeFen = Math.round((charge.amount * sandbox.feeBps) / 10_000)
  charge.balance_transaction = recordMovement(sandbox, {
    type: charge.id.startsWith('py_') ? 'payment' : 'charge',
    amount: charge.amount,
    feeFen,
    source: charge.id,
  })
  intent.status = 'succeeded'
  intent.amount_received = intent.amount
  intent.last_payment_error = null
}

function fail(intent: PaymentIntentDoc, charge: ChargeDoc): void {
  charge.status = 'failed'
  charge.paid = false
  charge.captured = false
  charge.amount_captured = 0
  charge.failure_code = 'card_declined'
  charge.failure_message = declineMessage
  intent.status = 'requires_payment_method'
  intent.last_payment_error = declineError(charge)
}

/**
 * One attempt to pay on the hosted page. A declined one leaves the session open; a session that is complete or expired takes no
 * money, whatever is posted.
 */
export function pay(sandbox: Sandbox, sessionId: string, method: MethodType, wanted: Outcome): PayResult | undefined {
  return sandbox.store.write(() => {
    const session = loadSession(sandbox, sessionId)
    if (!session) return undefined
    if (session.doc.status === 'expired') return 'expired'
    if (session.doc.status !== 'open') return 'already_complete'
    if (!session.doc.payment_method_types.includes(method)) return 'method_not_offered'
    const outcome = wanted === 'paid' && takeFault(sandbox.faults, 'declineNext') ? 'declined' : wanted
    return attempt(sandbox, session, method, outcome)
  })
}

function attempt(
  sandbox: Sandbox,
  session: Stored<'checkout.session'>,
  method: MethodType,
  outcome: Outcome,
): PayResult {
  const { doc, extra } = session
  const intent = intentOf(sandbox, session)
  const charge = newCharge(
    sandbox,
    intent,
    method,
    outcome === 'paid' ? 'succeeded' : outcome === 'declined' ? 'failed' : 'pending',
  )
  intent.latest_charge = charge.id
  intent.payment_method = charge.payment_method
  let dueMs: number | null = null
  if (outcome === 'declined') {
    fail(intent, charge)
    dueMs = doc.expires_at * 1000
  } else {
    doc.status = 'complete'
    doc.url = null
    doc.customer_details = {
      address: null,
      business_name: null,
      email: doc.customer_email,
      individual_name: null,
      name: null,
      phone: null,
      tax_exempt: 'none',
      tax_ids: [],
    }
    if (outcome === 'paid') {
      succeed(sandbox, intent, charge)
      doc.payment_status = 'paid'
    } else {
      intent.status = 'processing'
      extra.asyncOutcome = outcome === 'async_paid' ? 'succeeds' : 'fails'
      dueMs = sandbox.nowMs() + sandbox.faults.asyncPaymentDelayMs
    }
  }
  sandbox.store.insert('charge', charge, undefined, { ref: intent.id })
  sandbox.store.update('payment_intent', intent, undefined)
  sandbox.store.update('checkout.session', doc, extra, { ref: intent.id, dueMs })
  if (outcome === 'declined') emit(sandbox, 'payment_intent.payment_failed', intent, noCause)
  else emit(sandbox, 'checkout.session.completed', doc, noCause)
  return outcome === 'declined' ? 'declined' : outcome === 'paid' ? 'paid' : 'promised'
}

/** The end of an asynchronous payment, when its time has come. */
export function settleAsyncPayment(sandbox: Sandbox, session: Stored<'checkout.session'>): void {
  const { doc, extra } = session
  const intent = doc.payment_intent === null ? undefined : sandbox.store.get('payment_intent', doc.payment_intent)?.doc
  const charge = intent?.latest_charge ? sandbox.store.get('charge', intent.latest_charge)?.doc : undefined
  if (!intent || !charge || extra.asyncOutcome === undefined)
    throw new Error(`session ${doc.id} has no payment under way`)
  const succeeds = extra.asyncOutcome === 'succeeds'
  delete extra.asyncOutcome
  if (succeeds) {
    succeed(sandbox, intent, charge)
    doc.payment_status = 'paid'
  } else {
    fail(intent, charge)
  }
  sandbox.store.update('charge', charge, undefined, { ref: intent.id })
  sandbox.store.update('payment_intent', intent, undefined)
  sandbox.store.update('checkout.session', doc, extra, { ref: intent.id })
  if (!succeeds) emit(sandbox, 'payment_intent.payment_failed', intent, noCause)
  emit(
    sandbox,
    succeeds ? 'checkout.session.async_payment_succeeded' : 'checkout.session.async_payment_failed',
    doc,
    noCause,
  )
}
