import { disputeDefaults } from './defaults.ts'
import type { DisputeDoc } from './documents.ts'
import { notFound, refused } from './errors.ts'
import { recordMovement } from './balance.ts'
import { newId } from './ids.ts'
import { emit, noCause, nowSeconds, type Cause, type Sandbox } from './sandbox.ts'
import type { Stored } from './store.ts'

const answerSeconds = 7 * 24 * 3600

/** A buyer goes to the bank: the disputed money leaves the balance until the case is closed. Asked of the control API. */
export function openDispute(sandbox: Sandbox, intentId: string, reason: string): DisputeDoc {
  const intent = sandbox.store.get('payment_intent', intentId)?.doc
  const charge = intent?.latest_charge ? sandbox.store.get('charge', intent.latest_charge)?.doc : undefined
  if (!intent || charge?.status !== 'succeeded') throw notFound('payment_intent', intentId, 'paymentIntent')
  if (charge.disputed) throw refused(`Charge ${charge.id} is disputed already.`)
  const amount = charge.amount - charge.amount_refunded
  if (amount === 0) throw refused(`Charge ${charge.id} has already been refunded.`, 'charge_already_refunded')
  const id = newId('dp_')
  const created = nowSeconds(sandbox)
  const doc: DisputeDoc = {
    ...disputeDefaults,
    id,
    object: 'dispute',
    amount,
    balance_transactions: [],
    charge: charge.id,
    created,
    evidence_details: {
      due_by: created + answerSeconds,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'manual',
    },
    is_charge_refundable: false,
    payment_intent: intent.id,
    reason,
    status: 'needs_response',
  }
  charge.disputed = true
  sandbox.store.write(() => {
    recordMovement(sandbox, { type: 'adjustment', amount: -amount, source: id })
    sandbox.store.insert('dispute', doc, undefined, { ref: intent.id })
    sandbox.store.update('charge', charge, undefined, { ref: intent.id })
    emit(sandbox, 'charge.dispute.created', doc, noCause)
  })
  return doc
}

/** The case ends: won (the money comes back) or lost. `POST /v1/disputes/:id/close` means lost: the merchant accepts it. */
export function closeDispute(sandbox: Sandbox, id: string, outcome: 'won' | 'lost', cause: Cause): Stored<'dispute'> {
  const dispute = sandbox.store.get('dispute', id)
  if (!dispute) throw notFound('dispute', id, 'dispute')
  const { doc } = dispute
  if (doc.status !== 'needs_response') throw refused(`This dispute is already closed.`)
  doc.status = outcome
  sandbox.store.write(() => {
    if (outcome === 'won') recordMovement(sandbox, { type: 'adjustment', amount: doc.amount, source: id })
    sandbox.store.update('dispute', doc, undefined, { ref: doc.payment_intent })
    emit(sandbox, 'charge.dispute.closed', doc, cause)
  })
  return dispute
}
