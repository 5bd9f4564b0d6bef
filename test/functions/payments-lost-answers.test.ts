import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cancelOrder, placeOrder, refundOrder, startCheckout } from '#shared/contracts/orders.ts'
import { handler as ordersHandler } from '#functions/orders/index.ts'
import { askRefund } from '#functions/payments/ask-refund.ts'
import { handler as paymentsHandler } from '#functions/payments/index.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import { refundItem } from '#functions/platform/table/items/orders.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { type LossyEngine, startLossyEngine } from '../fixtures/lossy-engine.ts'
import { aMarket, aResident, aWorker } from '../fixtures/market.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'

/** Goal: a write whose answer is lost was done once, and whoever asked is told so. */
let backend: Backend
let provider: Provider
let engine: LossyEngine
let gb = ''
beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  engine = await startLossyEngine(backend.endpoint)
  process.env['DYNAMODB_ENDPOINT'] = engine.endpoint
  await aResident(backend, 'resident-1')
  await aWorker(backend, 'worker-1')
})
afterAll(async () => {
  await engine.stop()
  await provider.stop()
  await backend.stop()
})
beforeEach(async () => {
  gb = `gb-${randomUUID().slice(0, 8)}`
  await aMarket(backend, { groupBuyId: gb })
})

const as = 'resident-1'

async function place(orderId = randomUUID()) {
  const lines = [{ groupBuyId: gb, offerId: 'tomato', quantity: 2 }]
  const answer = await call(ordersHandler, placeOrder, { params: { orderId }, body: { lines }, as })
  return { orderId, answer }
}

async function left(): Promise<unknown> {
  const bucket = keys.bucket(gb, 'tomato', 0)
  const items = await backend.scan('market')
  return items.find((item) => item['PK'] === bucket.PK && item['SK'] === bucket.SK)?.['available']
}

describe('an answer of the table that is lost', () => {
  it('places the order once', async () => {
    engine.loseNext(1)
    const { answer } = await place()
    expect(answer).toMatchObject({ status: 200, body: { state: 'pending_payment' } })
    expect(await left()).toBe(8)
  })

  it('opens a payment page that can be paid', async () => {
    const { orderId } = await place()
    engine.loseNext(1)
    const answer = await call(paymentsHandler, startCheckout, { params: { orderId }, as })
    expect(answer).toMatchObject({ status: 200 })
    expect(await provider.pay((answer.body as { checkoutUrl: string }).checkoutUrl)).toBe(303)
    expect(await provider.webhook('checkout.session.completed', orderId)).toBeDefined()
  })

  it('gives an order up once and puts its goods back once', async () => {
    const { orderId } = await place()
    expect(await left()).toBe(8)
    engine.loseNext(2)
    const answer = await call(paymentsHandler, cancelOrder, { params: { orderId }, as })
    expect(answer).toMatchObject({ status: 200, body: { state: 'cancelled' } })
    expect(await left()).toBe(10)
  })
})

describe('a provider that does not answer', () => {
  it('is no fault of ours: the buyer is asked to come back, and then the page opens', async () => {
    const { orderId } = await place()
    provider.sandbox.setFaults({ apiFailNext: 2 })
    const answer = await call(paymentsHandler, startCheckout, { params: { orderId }, as })
    expect(answer).toMatchObject({ status: 503 })
    expect(await call(paymentsHandler, startCheckout, { params: { orderId }, as })).toMatchObject({ status: 200 })
  })

  it('opens one page although the answer about it was lost', async () => {
    const { orderId } = await place()
    provider.sandbox.setFaults({ apiLoseAnswerNext: 1 })
    expect(await call(paymentsHandler, startCheckout, { params: { orderId }, as })).toMatchObject({ status: 200 })
  })

  // Last: the provider's clock is not set back.
  it('and has forgotten the key a day later is not asked for the same refund twice', async () => {
    const { orderId } = await place()
    const page = await call(paymentsHandler, startCheckout, { params: { orderId }, as })
    await provider.pay((page.body as { checkoutUrl: string }).checkoutUrl)
    await provider.deliver(paymentsHandler, await provider.webhook('checkout.session.completed', orderId))
    provider.sandbox.setFaults({ apiLoseAnswerNext: 2 })
    const refundId = randomUUID()
    const lines = [{ saleId: await saleOf(orderId), lineId: '1-1', amountFen: 100 }]
    const body = { refundId, reason: 'refund', lines }
    const asked = await call(paymentsHandler, refundOrder, { params: { orderId }, body, as: 'worker-1' })
    expect(asked).toMatchObject({ status: 200, body: { state: 'decided' } })
    const dayMs = 25 * 3_600_000
    provider.sandbox.advanceClock(dayMs / 1_000)
    const items = await backend.scan('market')
    const refund = refundItem.parse(items.find((item) => item['refundId'] === refundId))
    const later = new Date(Date.now() + dayMs).toISOString()
    expect(['asked', 'succeeded']).toContain(await askRefund(refund, payments, later))
    const sent = await fetch(`${provider.sandbox.url}/v1/refunds?payment_intent=${refund.paymentId}`, {
      headers: { authorization: `Bearer ${process.env['STRIPE_SECRET_KEY']}` },
    })
    expect(((await sent.json()) as { data: unknown[] }).data).toHaveLength(1)
  })
})

async function saleOf(orderId: string): Promise<string> {
  const share = (await backend.scan('market')).find((item) => item['entity'] === 'share' && item['orderId'] === orderId)
  return String(share?.['saleId'])
}
