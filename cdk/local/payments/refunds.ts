import type { ChargeDoc, RefundDoc } from './documents.ts'
import { invalidParam, notFound, refused } from './errors.ts'
import { takeFault } from './faults.ts'
import { recordMovement } from './balance.ts'
import { yuan } from './checkout-sessions.ts'
import { newId } from './ids.ts'
import type { Params } from './params.ts'
import { emit, noCause, nowSeconds, type Cause, type Sandbox } from './sandbox.ts'
import type { Stored } from './store.ts'

function readCharge(sandbox: Sandbox, params: Params): ChargeDoc {
  const intentId = params.string('payment_intent')
  const chargeId = params.string('charge')
  if (intentId === undefined && chargeId === undefined) {
    throw invalidParam(
      'payment_intent',
      'One of the following params should be provided for this request: payment_intent or charge.',
      'parameter_missing',
    )
  }
  if (intentId === undefined) {
    const charge = sandbox.store.get('charge', chargeId ?? '')?.doc
    if (!charge) throw notFound('charge', chargeId ?? '', 'charge')
    return charge
  }
  const intent = sandbox.store.get('payment_intent', intentId)?.doc
  if (!intent) throw notFound('payment_intent', intentId, 'payment_intent')
  const charge = intent.latest_charge === null ? undefined : sandbox.store.get('charge', intent.latest_charge)?.doc
  if (!charge || (chargeId !== undefined && chargeId !== charge.id)) {
    throw refused(
      `This PaymentIntent (${intentId}) does not have a successful charge to refund.`,
      'payment_intent_unexpected_state',
    )
  }
  return charge
}

function checkRefundable(charge: ChargeDoc): void {
  if (charge.status !== 'succeeded') {
    throw refused(
      `This PaymentIntent (${charge.payment_intent}) does not have a successful charge to refund.`,
      'payment_intent_unexpected_state',
    )
  }
  if (charge.disputed)
    throw refused(`Charge ${charge.id} has been charged back; cannot issue a refund.`, 'charge_disputed')
  if (charge.amount_refunded >= charge.amount)
    throw refused(`Charge ${charge.id} has already been refunded.`, 'charge_already_refunded')
}

/**
 * POST /v1/refunds. Wallets answer `pending` and finish later; a card's refund is `succeeded` at once and may still fail later.
 * The money is taken from what is left of the charge at once, so refunds never exceed it.
 */
export function createRefund(sandbox: Sandbox, params: Params, cause: Cause): Stored<'refund'> {
  params.only('payment_intent', 'charge', 'amount', 'reason', 'metadata', 'expand')
  const charge = readCharge(sandbox, params)
  const wanted = params.atLeast('amount', 1)
  const reason = params.oneOf('reason', ['duplicate', 'fraudulent', 'requested_by_customer']) ?? null
  const metadata = params.metadata()
  checkRefundable(charge)
  const left = charge.amount - charge.amount_refunded
  const amount = wanted ?? left
  if (amount > left) {
    throw refused(
      `Refund amount (${yuan(amount)}) is greater than unrefunded amount on charge (${yuan(left)})`,
      undefined,
      'amount',
    )
  }
  const wallet = charge.id.startsWith('py_')
  const id = newId(wallet ? 'pyr_' : 're_')
  const fails = takeFault(sandbox.faults, 'refundFailNext')
  const extra = { fails, open: wallet || fails }
  const doc: RefundDoc = {
    id,
    object: 'refund',
    amount,
    balance_transaction: recordMovement(sandbox, {
      type: wallet ? 'payment_refund' : 'refund',
      amount: -amount,
      source: id,
    }),
    charge: charge.id,
    created: nowSeconds(sandbox),
    currency: 'cny',
    customer: null,
    customer_account: null,
    metadata,
    payment_intent: charge.payment_intent,
    payment_method: null,
    reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: wallet ? 'pending' : 'succeeded',
    transfer_reversal: null,
    ...(wallet && { pending_reason: 'processing' }),
  }
  charge.amount_refunded += amount
  charge.refunded = charge.amount_refunded === charge.amount
  const dueMs = extra.open ? sandbox.nowMs() + sandbox.faults.refundDelayMs : null
  sandbox.store.insert('refund', doc, extra, { ref: charge.payment_intent, dueMs })
  sandbox.store.update('charge', charge, undefined, { ref: charge.payment_intent })
  emit(sandbox, 'refund.created', doc, cause)
  emit(sandbox, 'charge.refunded', charge, cause)
  return { doc, extra }
}

/** The end of a refund, when its time has come: the money is back with the buyer, or back on the balance. */
export function settleRefund(sandbox: Sandbox, refund: Stored<'refund'>): void {
  const { doc, extra } = refund
  delete doc.pending_reason
  extra.open = false
  if (extra.fails) {
    const charge = sandbox.store.get('charge', doc.charge)?.doc
    if (!charge) throw new Error(`refund ${doc.id} has no charge`)
    doc.status = 'failed'
    doc.failure_reason = 'declined'
    doc.failure_balance_transaction = recordMovement(sandbox, {
      type: 'refund_failure',
      amount: doc.amount,
      source: doc.id,
    })
    charge.amount_refunded -= doc.amount
    charge.refunded = false
    sandbox.store.update('charge', charge, undefined, { ref: charge.payment_intent })
  } else {
    doc.status = 'succeeded'
  }
  sandbox.store.update('refund', doc, extra, { ref: doc.payment_intent })
  emit(sandbox, 'refund.updated', doc, noCause)
  emit(sandbox, 'charge.refund.updated', doc, noCause)
  if (extra.fails) emit(sandbox, 'refund.failed', doc, noCause)
}

/** POST /v1/refunds/:id: metadata only. */
export function updateRefund(sandbox: Sandbox, id: string, params: Params, cause: Cause): Stored<'refund'> {
  params.only('metadata', 'expand')
  const refund = sandbox.store.get('refund', id)
  if (!refund) throw notFound('refund', id)
  refund.doc.metadata = { ...refund.doc.metadata, ...params.metadata() }
  const dueMs = refund.extra.open ? sandbox.nowMs() + sandbox.faults.refundDelayMs : null
  sandbox.store.update('refund', refund.doc, refund.extra, { ref: refund.doc.payment_intent, dueMs })
  emit(sandbox, 'refund.updated', refund.doc, cause)
  return refund
}
