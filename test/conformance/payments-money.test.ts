import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { errorOf, order, paidSession, post, startHarness, until, type Harness } from './payments-harness.ts'

const hourMs = 3_600_000
const pass = () => harness.payments.advanceClock(3600)

let harness: Harness
beforeEach(async () => {
  // What is due later comes when the clock is moved, not when a slow machine happens to get there.
  harness = await startHarness({ faults: { refundDelayMs: hourMs, asyncPaymentDelayMs: hourMs } })
})
afterEach(() => harness.close())

const intents = () => harness.stripe.paymentIntents

describe('payment sandbox: paying', () => {
  it('makes the payment intent at the first attempt, with its own metadata and charge', async () => {
    const { session, intentId } = await paidSession(harness, 'wechat_pay')
    expect(session).toMatchObject({ status: 'complete', payment_status: 'paid', url: null })
    const intent = await intents().retrieve(intentId, { expand: ['latest_charge.balance_transaction'] })
    expect(intent).toMatchObject({
      status: 'succeeded',
      amount: 2920,
      amount_received: 2920,
      metadata: { orderId: 'o1' },
    })
    const charge = intent.latest_charge
    if (charge === null || typeof charge === 'string') throw new Error('not expanded')
    expect(charge.id).toMatch(/^py_/)
    expect(charge).toMatchObject({
      paid: true,
      amount_captured: 2920,
      refunded: false,
      payment_method_details: { type: 'wechat_pay' },
    })
    expect(charge.balance_transaction).toMatchObject({ amount: 2920, fee: 0, net: 2920, type: 'payment' })
    expect((await harness.stripe.charges.retrieve(charge.id)).payment_intent).toBe(intentId)
  })

  it('takes no second payment on a session, twenty posted at once included', async () => {
    const session = await harness.stripe.checkout.sessions.create(order())
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(harness, session.id, 'paid')))
    expect(answers.map((one) => one.status).sort()).toEqual([303, ...Array.from({ length: 19 }, () => 409)])
    expect((await intents().list()).data).toHaveLength(1)
    expect((await harness.stripe.charges.list()).data).toHaveLength(1)
  })

  it('declines, leaves the session open, tells why, and can be paid afterwards with the same intent', async () => {
    const session = await harness.stripe.checkout.sessions.create(order())
    expect((await post(harness, session.id, 'declined', 'card', 'application/json')).status).toBe(402)
    const open = await harness.stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] })
    if (open.payment_intent === null || typeof open.payment_intent === 'string') throw new Error('not expanded')
    expect(open.status).toBe('open')
    expect(open.payment_intent).toMatchObject({
      status: 'requires_payment_method',
      amount_received: 0,
      last_payment_error: { code: 'card_declined', decline_code: 'insufficient_funds' },
    })
    expect((await post(harness, session.id, 'paid')).status).toBe(303)
    const paid = await intents().retrieve(open.payment_intent.id)
    expect(paid).toMatchObject({ status: 'succeeded', last_payment_error: null })
    await until(() => harness.merchant.received.length === 2)
    expect(harness.merchant.types().sort()).toEqual(['checkout.session.completed', 'payment_intent.payment_failed'])
    expect(
      (await harness.stripe.charges.list({ payment_intent: open.payment_intent.id })).data
        .map((one) => one.status)
        .sort(),
    ).toEqual(['failed', 'succeeded'])
  })

  it('declines the next payments when told to', async () => {
    harness.payments.setFaults({ declineNext: 1 })
    const session = await harness.stripe.checkout.sessions.create(order())
    expect((await post(harness, session.id, 'paid', 'alipay', 'application/json')).status).toBe(402)
    expect((await post(harness, session.id, 'paid', 'alipay', 'application/json')).status).toBe(200)
  })

  it('refuses a method that the session does not offer', async () => {
    const session = await harness.stripe.checkout.sessions.create(
      order({ allowed_payment_method_types: ['alipay'], payment_method_options: {} }),
    )
    expect((await post(harness, session.id, 'paid', 'card')).status).toBe(400)
    expect((await post(harness, session.id, 'paid', 'cash')).status).toBe(400)
    expect((await post(harness, session.id, 'given')).status).toBe(400)
    expect((await harness.stripe.checkout.sessions.retrieve(session.id)).status).toBe('open')
  })

  it.each([
    ['async_paid', 'checkout.session.async_payment_succeeded', 'paid', 'succeeded'],
    ['async_failed', 'checkout.session.async_payment_failed', 'unpaid', 'requires_payment_method'],
  ] as const)('completes unpaid at %s and settles later', async (outcome, lastEvent, paymentStatus, intentStatus) => {
    const session = await harness.stripe.checkout.sessions.create(order())
    expect((await post(harness, session.id, outcome)).status).toBe(303)
    const promised = await harness.stripe.checkout.sessions.retrieve(session.id)
    expect(promised).toMatchObject({ status: 'complete', payment_status: 'unpaid' })
    expect((await intents().retrieve(String(promised.payment_intent))).status).toBe('processing')
    expect(
      (await errorOf(harness.stripe.refunds.create({ payment_intent: String(promised.payment_intent) }))).code,
    ).toBe('payment_intent_unexpected_state')
    pass()
    await until(() => harness.merchant.types().includes(lastEvent))
    const completed = harness.merchant.received.find((one) => one.event.type === 'checkout.session.completed')
    expect(completed?.event.data.object).toMatchObject({ payment_status: 'unpaid' })
    const settled = await harness.stripe.checkout.sessions.retrieve(session.id)
    expect(settled).toMatchObject({ status: 'complete', payment_status: paymentStatus })
    expect((await intents().retrieve(String(settled.payment_intent))).status).toBe(intentStatus)
  })

  it('is payable until its time is over, then expires by itself and cancels a declined intent', async () => {
    const session = await harness.stripe.checkout.sessions.create(
      order({ expires_at: Math.floor(Date.now() / 1000) + 1860 }),
    )
    await post(harness, session.id, 'declined')
    const late = await harness.stripe.checkout.sessions.create(
      order({ expires_at: Math.floor(Date.now() / 1000) + 1860 }),
    )
    harness.payments.advanceClock(1800)
    expect((await post(harness, late.id, 'paid')).status).toBe(303)
    harness.payments.advanceClock(61)
    expect((await post(harness, session.id, 'paid')).status).toBe(409)
    const expired = await harness.stripe.checkout.sessions.retrieve(session.id)
    expect(expired.status).toBe('expired')
    expect(await intents().retrieve(String(expired.payment_intent))).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'expired',
    })
    await until(() => harness.merchant.types().includes('checkout.session.expired'))
    expect(harness.merchant.types().filter((type) => type === 'checkout.session.expired')).toHaveLength(1)
  })

  it('lists payment intents by time with their metadata, for a nightly comparison', async () => {
    const { intentId } = await paidSession(harness)
    const boundary = Math.floor(Date.now() / 1000) + 100
    harness.payments.advanceClock(200)
    const { intentId: laterId } = await paidSession(
      harness,
      'card',
      order({ payment_intent_data: { metadata: { orderId: 'o2' } } }),
    )
    const later = await intents().list({ created: { gte: boundary } })
    expect(later.data.map((one) => [one.id, one.metadata.orderId])).toEqual([[laterId, 'o2']])
    const earlier = await intents().list({ created: { lt: boundary } })
    expect(earlier.data.map((one) => one.id)).toEqual([intentId])
  })
})

describe('payment sandbox: refunds', () => {
  it('refunds a wallet payment in parts, pending first, and never more than is left', async () => {
    const { intentId } = await paidSession(harness)
    const part = await harness.stripe.refunds.create({
      payment_intent: intentId,
      amount: 920,
      metadata: { refundId: 'r1' },
      reason: 'requested_by_customer',
    })
    expect(part).toMatchObject({
      amount: 920,
      status: 'pending',
      payment_intent: intentId,
      metadata: { refundId: 'r1' },
    })
    expect(part.id).toMatch(/^pyr_/)
    const tooMuch = await errorOf(harness.stripe.refunds.create({ payment_intent: intentId, amount: 2001 }))
    expect(tooMuch.message).toBe('Refund amount (¥20.01) is greater than unrefunded amount on charge (¥20.00)')
    const rest = await harness.stripe.refunds.create({ payment_intent: intentId })
    expect(rest.amount).toBe(2000)
    expect((await errorOf(harness.stripe.refunds.create({ payment_intent: intentId }))).code).toBe(
      'charge_already_refunded',
    )
    const statuses = async () =>
      (await harness.stripe.refunds.list({ payment_intent: intentId })).data.map((one) => one.status)
    expect(await statuses()).toEqual(['pending', 'pending'])
    pass()
    expect(await statuses()).toEqual(['succeeded', 'succeeded'])
    const charge = await harness.stripe.charges.retrieve(String(rest.charge))
    expect(charge).toMatchObject({ amount_refunded: 2920, refunded: true })
    await until(() => harness.merchant.received.length === 9)
    expect(countTypes(harness.merchant.types())).toEqual({
      'checkout.session.completed': 1,
      'refund.created': 2,
      'charge.refunded': 2,
      'refund.updated': 2,
      'charge.refund.updated': 2,
    })
    expect((await harness.stripe.balance.retrieve()).available[0]?.amount).toBe(0)
  })

  it('refunds a card at once', async () => {
    const { intentId } = await paidSession(harness, 'card')
    expect((await harness.stripe.refunds.create({ payment_intent: intentId })).status).toBe('succeeded')
  })

  it.each(['alipay', 'card'])('lets a refund of %s fail later, and the money can be refunded again', async (method) => {
    harness.payments.setFaults({ refundFailNext: 1 })
    const { intentId } = await paidSession(harness, method)
    const refund = await harness.stripe.refunds.create({ payment_intent: intentId, metadata: { refundId: 'r1' } })
    expect(refund.status).toBe(method === 'card' ? 'succeeded' : 'pending')
    const renamed = await harness.stripe.refunds.update(refund.id, { metadata: { note: 'seen' } })
    expect(renamed.metadata).toEqual({ refundId: 'r1', note: 'seen' })
    pass()
    await until(() => harness.merchant.types().includes('refund.failed'))
    const failed = await harness.stripe.refunds.retrieve(refund.id)
    expect(failed).toMatchObject({
      status: 'failed',
      failure_reason: 'declined',
      metadata: { refundId: 'r1', note: 'seen' },
    })
    expect(await harness.stripe.charges.retrieve(String(refund.charge))).toMatchObject({
      amount_refunded: 0,
      refunded: false,
    })
    expect((await harness.stripe.balance.retrieve()).available[0]?.amount).toBe(2920)
    expect((await harness.stripe.refunds.create({ payment_intent: intentId })).amount).toBe(2920)
  })

  it('refuses refunds of nothing, of strangers and of amounts that are none', async () => {
    const { intentId } = await paidSession(harness)
    expect((await errorOf(harness.stripe.refunds.create({}))).code).toBe('parameter_missing')
    expect((await errorOf(harness.stripe.refunds.create({ payment_intent: 'pi_none' }))).code).toBe('resource_missing')
    expect((await errorOf(harness.stripe.refunds.create({ charge: 'ch_none' }))).code).toBe('resource_missing')
    for (const amount of [0, -1, 1.5]) {
      expect((await errorOf(harness.stripe.refunds.create({ payment_intent: intentId, amount }))).code).toBe(
        'parameter_invalid_integer',
      )
    }
    expect(
      (
        await errorOf(
          harness.stripe.refunds.create({
            payment_intent: intentId,
            reason: 'duplicate',
            metadata: { k: 'v'.repeat(501) },
          }),
        )
      ).message,
    ).toMatch(/500/)
    expect((await harness.stripe.refunds.list({ payment_intent: intentId })).data).toEqual([])
  })

  it('never refunds more than was paid, whatever comes at once', async () => {
    const { intentId } = await paidSession(harness)
    const results = await Promise.allSettled(
      Array.from({ length: 12 }, () => harness.stripe.refunds.create({ payment_intent: intentId, amount: 500 })),
    )
    expect(results.filter((one) => one.status === 'fulfilled')).toHaveLength(5)
  })
})

describe('payment sandbox: balance, transfers, disputes', () => {
  it('takes its fee on the balance transaction and lists movements by source', async () => {
    const own = await startHarness({ feeBps: 60 })
    const { session } = await paidSession(own)
    const intent = await own.stripe.paymentIntents.retrieve(String(session.payment_intent))
    const movements = await own.stripe.balanceTransactions.list({ source: String(intent.latest_charge) })
    expect(movements.data).toMatchObject([{ amount: 2920, fee: 18, net: 2902, type: 'payment' }])
    expect((await own.stripe.balance.retrieve()).available[0]).toMatchObject({ amount: 2902, currency: 'cny' })
    await own.close()
  })

  it('transfers what is there, and no more', async () => {
    await paidSession(harness)
    const transfer = await harness.stripe.transfers.create({
      amount: 2900,
      currency: 'cny',
      destination: 'acct_coop1',
      transfer_group: 'g1',
      metadata: { settlementId: 's1' },
    })
    expect(transfer).toMatchObject({ amount: 2900, destination: 'acct_coop1', metadata: { settlementId: 's1' } })
    expect((await harness.stripe.transfers.list({ transfer_group: 'g1' })).data.map((one) => one.id)).toEqual([
      transfer.id,
    ])
    const error = await errorOf(
      harness.stripe.transfers.create({ amount: 21, currency: 'cny', destination: 'acct_coop1' }),
    )
    expect(error.code).toBe('balance_insufficient')
    expect(
      (await errorOf(harness.stripe.transfers.create({ amount: 1, currency: 'cny', destination: 'nobody' }))).code,
    ).toBe('resource_missing')
    expect(
      (await errorOf(harness.stripe.transfers.create({ amount: 1, currency: 'usd', destination: 'acct_coop1' }))).param,
    ).toBe('currency')
  })

  it('lists refunds of all payments since a moment, newest first, page by page', async () => {
    const made: string[] = []
    for (let n = 0; n < 5; n++) {
      if (n === 2) harness.payments.advanceClock(60)
      const { intentId } = await paidSession(harness, n % 2 === 0 ? 'card' : 'alipay')
      made.unshift((await harness.stripe.refunds.create({ payment_intent: intentId, amount: 100 })).id)
    }
    const third = await harness.stripe.refunds.retrieve(made[2] ?? '')
    const created = { gte: third.created }
    const first = await harness.stripe.refunds.list({ created, limit: 2 })
    expect([first.data.map(({ id }) => id), first.has_more]).toEqual([made.slice(0, 2), true])
    const rest = await harness.stripe.refunds.list({ created, limit: 2, starting_after: made[1] ?? '' })
    expect([rest.data.map(({ id }) => id), rest.has_more]).toEqual([[made[2]], false])
    const intents = await harness.stripe.paymentIntents.list({ limit: 1, expand: ['data.latest_charge'] })
    expect(intents.data[0]?.latest_charge).toMatchObject({ amount_refunded: 100 })
  })

  it.each([
    ['won', 2920],
    ['lost', 0],
  ] as const)('opens a dispute, blocks refunds, and closes it as %s', async (outcome, balance) => {
    const { intentId } = await paidSession(harness, 'card')
    const dispute = await control<Stripe.Dispute>('/_sandbox/disputes', { paymentIntent: intentId })
    expect(dispute).toMatchObject({ status: 'needs_response', amount: 2920, payment_intent: intentId })
    expect((await errorOf(harness.stripe.refunds.create({ payment_intent: intentId }))).code).toBe('charge_disputed')
    expect((await harness.stripe.balance.retrieve()).available[0]?.amount).toBe(0)
    if (outcome === 'lost') await harness.stripe.disputes.close(dispute.id)
    else await control('/_sandbox/disputes/close', { dispute: dispute.id, outcome })
    expect((await harness.stripe.disputes.retrieve(dispute.id)).status).toBe(outcome)
    expect((await harness.stripe.disputes.list({ payment_intent: intentId })).data).toHaveLength(1)
    expect((await harness.stripe.balance.retrieve()).available[0]?.amount).toBe(balance)
    expect((await errorOf(harness.stripe.disputes.close(dispute.id))).message).toMatch(/already closed/)
    await until(() => harness.merchant.received.length === 3)
    expect(harness.merchant.types().sort()).toEqual([
      'charge.dispute.closed',
      'charge.dispute.created',
      'checkout.session.completed',
    ])
  })
})

async function control<T>(path: string, body: object): Promise<T> {
  const response = await fetch(harness.payments.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(response.status).toBe(200)
  const answer: T = await response.json()
  return answer
}

function countTypes(types: string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const type of types) counts[type] = (counts[type] ?? 0) + 1
  return counts
}
