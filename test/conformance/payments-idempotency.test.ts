import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { client, errorOf, order, paidSession, secretKey, startHarness, type Harness } from './payments-harness.ts'

let harness: Harness
beforeEach(async () => {
  harness = await startHarness()
})
afterEach(() => harness.close())

const sessions = () => harness.stripe.checkout.sessions

describe('payment sandbox: idempotency keys', () => {
  it('answers the same request under the same key with the first answer, and does nothing twice', async () => {
    const first = await sessions().create(order(), { idempotencyKey: 'k1' })
    const second = await sessions().create(order(), { idempotencyKey: 'k1' })
    expect(second).toEqual(first)
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true')
    expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined()
    expect((await sessions().list()).data).toHaveLength(1)
  })

  it('answers with the first answer even when the object has changed since, and over a restart', async () => {
    const { intentId } = await paidSession(harness)
    const params = { payment_intent: intentId, amount: 100 }
    const first = await harness.stripe.refunds.create(params, { idempotencyKey: 'r1' })
    await harness.stripe.refunds.update(first.id, { metadata: { later: 'yes' } })
    await harness.restart()
    const replay = await harness.stripe.refunds.create(params, { idempotencyKey: 'r1' })
    expect(replay).toEqual(first)
    expect((await harness.stripe.refunds.list({ payment_intent: intentId })).data).toHaveLength(1)
  })

  it('replays an expanded answer too', async () => {
    const { intentId } = await paidSession(harness)
    const params = { payment_intent: intentId, amount: 100, expand: ['charge'] }
    const first = await harness.stripe.refunds.create(params, { idempotencyKey: 'r2' })
    expect(first.charge).toMatchObject({ object: 'charge', amount_refunded: 100 })
    expect(await harness.stripe.refunds.create(params, { idempotencyKey: 'r2' })).toEqual(first)
  })

  it('refuses another request under a used key', async () => {
    await sessions().create(order(), { idempotencyKey: 'k1' })
    const otherBody = await errorOf(sessions().create(order({ client_reference_id: 'o2' }), { idempotencyKey: 'k1' }))
    expect(otherBody).toBeInstanceOf(Stripe.errors.StripeIdempotencyError)
    expect(otherBody.statusCode).toBe(400)
    const otherPath = await errorOf(harness.stripe.refunds.create({ payment_intent: 'pi_x' }, { idempotencyKey: 'k1' }))
    expect(otherPath.rawType).toBe('idempotency_error')
  })

  it('answers 409 while the first request under a key still runs', async () => {
    harness.payments.setFaults({ apiDelayMs: 400 })
    const calls = await Promise.allSettled([1, 2].map(() => sessions().create(order(), { idempotencyKey: 'k1' })))
    const made = calls.flatMap((one) => (one.status === 'fulfilled' ? [one.value.id] : []))
    const errors: unknown[] = calls.flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []))
    expect(errors).toMatchObject([{ statusCode: 409, code: 'idempotency_key_in_use' }])
    expect((await sessions().create(order(), { idempotencyKey: 'k1' })).id).toBe(made[0])
  })

  it('keeps a refusal by state, but not a mistake of form', async () => {
    const { intentId } = await paidSession(harness)
    await harness.stripe.refunds.create({ payment_intent: intentId })
    const refused = await errorOf(harness.stripe.refunds.create({ payment_intent: intentId }, { idempotencyKey: 'r1' }))
    const again = await errorOf(harness.stripe.refunds.create({ payment_intent: intentId }, { idempotencyKey: 'r1' }))
    expect([again.code, again.message]).toEqual([refused.code, refused.message])
    expect(again.headers?.['idempotent-replayed']).toBe('true')
    await errorOf(sessions().create(order({ line_items: [] }), { idempotencyKey: 'k2' }))
    expect((await sessions().create(order(), { idempotencyKey: 'k2' })).status).toBe('open')
  })

  it('forgets a key after 24 hours: the same refund is then made a second time', async () => {
    const { intentId } = await paidSession(harness)
    const params = { payment_intent: intentId, amount: 100 }
    const first = await harness.stripe.refunds.create(params, { idempotencyKey: 'r1' })
    harness.payments.advanceClock(24 * 3600 - 5)
    expect((await harness.stripe.refunds.create(params, { idempotencyKey: 'r1' })).id).toBe(first.id)
    harness.payments.advanceClock(10)
    expect((await harness.stripe.refunds.create(params, { idempotencyKey: 'r1' })).id).not.toBe(first.id)
  })

  it('makes one session of twenty equal requests at once', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => sessions().create(order(), { idempotencyKey: 'k1' })),
    )
    const ids = new Set(results.flatMap((one) => (one.status === 'fulfilled' ? [one.value.id] : [])))
    expect(ids.size).toBe(1)
    expect((await sessions().list()).data).toHaveLength(1)
  })

  it('lets the SDK come through a lost answer and a broken server with one session', async () => {
    const retrying = new Stripe(secretKey, {
      host: '127.0.0.1',
      port: Number(new URL(harness.payments.url).port),
      protocol: 'http',
      maxNetworkRetries: 3,
      telemetry: false,
    })
    harness.payments.setFaults({ apiFailNext: 1, apiLoseAnswerNext: 1 })
    const session = await retrying.checkout.sessions.create(order())
    expect((await sessions().list()).data.map((one) => one.id)).toEqual([session.id])
    harness.payments.setFaults({ apiFailNext: 1 })
    const broken = await errorOf(client(harness.payments.url).checkout.sessions.create(order()))
    expect(broken.statusCode).toBe(500)
    expect((await sessions().list()).data).toHaveLength(1)
  })
})
