import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { cancelOrder, getOrder, placeOrder, refundOrder, startCheckout } from '#shared/contracts/orders.ts'
import { listParkedMoney, receiveWebhook } from '#shared/contracts/payments.ts'
import { reconcilePayments } from '#shared/contracts/payments-reconciliation.ts'
import { handler as ordersHandler } from '#functions/orders/index.ts'
import { handler as paymentsHandler } from '#functions/payments/index.ts'
import { giveUp } from '#functions/payments/give-up.ts'
import { applyPayment } from '#functions/payments/payment-store.ts'
import { takeRemembered } from '#functions/payments/remembered-orders.ts'
import { handler as onTick } from '#functions/payments/on-tick.ts'
import { handler as settlementTick } from '#functions/settlement/on-tick.ts'
import { keepProviderRefund } from '#functions/payments/refund-store.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import { refundItem } from '#functions/platform/table/items/orders.ts'
import { TableClient } from '#functions/platform/table/client.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { loadOrderParts } from '#functions/platform/table/order-partition.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call, lambdaContext } from '../fixtures/call.ts'
import { beforeReadingMany, beforeWriting } from '../fixtures/interleave.ts'
import { aMarket, anAdmin, aResident, aWorker } from '../fixtures/market.ts'
import { whenOver } from '../fixtures/ordering.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'

let backend: Backend
let provider: Provider
let gb = ''
beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  await aResident(backend, 'resident-1')
  await aResident(backend, 'resident-2')
  await aWorker(backend, 'worker-1')
  await aWorker(backend, 'worker-2', 'community-2')
  await anAdmin(backend, 'admin-1')
})
afterAll(async () => {
  await provider.stop()
  await backend.stop()
})
beforeEach(async () => {
  gb = `gb-${randomUUID().slice(0, 8)}`
  await aMarket(backend, { groupBuyId: gb })
})

type Checkout = { checkoutUrl: string; sessionId: string }
const COMPLETED = 'checkout.session.completed'

async function anOrder(quantity = 2, as = 'resident-1'): Promise<string> {
  const orderId = randomUUID()
  const lines = [
    { groupBuyId: gb, offerId: 'tomato', quantity },
    { groupBuyId: gb, offerId: 'cucumber', quantity: 1 },
  ]
  const placed = await call(ordersHandler, placeOrder, { params: { orderId }, body: { lines }, as })
  expect(placed.status).toBe(200)
  return orderId
}

async function checkout(orderId: string, as = 'resident-1'): Promise<Checkout> {
  const answer = await call(paymentsHandler, startCheckout, { params: { orderId }, as })
  expect(answer).toMatchObject({ status: 200 })
  return answer.body as Checkout
}

async function paidOrder(): Promise<string> {
  const orderId = await anOrder()
  const { checkoutUrl } = await checkout(orderId)
  await provider.pay(checkoutUrl)
  const webhook = await provider.webhook(COMPLETED, orderId)
  expect(await provider.deliver(paymentsHandler, webhook)).toMatchObject({ status: 200, body: { outcome: 'applied' } })
  return orderId
}

async function see(orderId: string) {
  return (await call(ordersHandler, getOrder, { params: { orderId }, as: 'worker-1' })).body as Record<
    string,
    unknown
  > & {
    shares: {
      saleId: string
      refundedFen: number
      accrualE4Fen: number
      lines: { lineId: string; refundedFen: number }[]
    }[]
    refunds: { state: string }[]
  }
}

async function eventsOf(type: string, saleId?: string) {
  const items = await backend.scan('market')
  return items.filter(
    (item) => item.entity === 'event' && item.type === type && (saleId === undefined || item.saleId === saleId),
  )
}

async function available(offerId: string): Promise<number> {
  const items = await backend.scan('market')
  const { PK, SK } = keys.bucket(gb, offerId, 0)
  return Number(items.find((item) => item.PK === PK && item.SK === SK)?.available)
}

const tick = (handler: unknown) =>
  (handler as (event: unknown, context: unknown) => Promise<unknown>)({}, lambdaContext())
const refund = (orderId: string, body: object, as = 'worker-1') =>
  call(paymentsHandler, refundOrder, { params: { orderId }, body: { reason: 'refund', ...body }, as })

describe('an order that was remembered from its payment page', () => {
  const reads = () => vi.spyOn(TableClient.prototype, 'send')
  const readsOf = (spy: ReturnType<typeof reads>) =>
    spy.mock.calls.filter(([{ operation }]) => operation === 'Query' || operation === 'BatchGetItem').length

  it('is paid without being read, and on an instance that knows nothing of it after one reading', async () => {
    for (const [forgotten, expected] of [
      [false, 0],
      [true, 1],
    ] as const) {
      const orderId = await anOrder()
      const { checkoutUrl } = await checkout(orderId)
      await provider.pay(checkoutUrl)
      if (forgotten) takeRemembered(orderId)
      const webhook = await provider.webhook(COMPLETED, orderId)
      const spy = reads()
      expect((await provider.deliver(paymentsHandler, webhook)).body).toMatchObject({ outcome: 'applied' })
      expect(readsOf(spy)).toBe(expected)
      vi.restoreAllMocks()
      const { saleId } = (await see(orderId)).shares[0] ?? { saleId: '' }
      expect(await eventsOf('sale.recorded.v1', saleId)).toHaveLength(1)
    }
  })

  it('and has been given up since, is not paid: the money goes back', async () => {
    const orderId = await anOrder()
    const { sessionId } = await checkout(orderId)
    const { order } = (await loadOrderParts(orderId)) ?? {}
    await giveUp(orderId, 'cancelled', payments, new Date().toISOString() as never)
    expect(order?.sessionIds).toEqual([sessionId])
    const late = { paymentId: `pi_late_${orderId}`, orderId, amountFen: order?.amountFen ?? 0, currency: 'cny' }
    const news = { eventId: `evt_${orderId}`, type: COMPLETED }
    expect(await applyPayment(late, news, new Date().toISOString() as never)).toBe('parked')
    expect(await see(orderId)).toMatchObject({ state: 'cancelled' })
    const parked = (await backend.scan('market')).find((item) => item.parkedId === late.paymentId)
    expect(parked).toMatchObject({ reason: 'closed-order', state: 'open' })
  })

  it('pays a wrong sum no more than one that was read', async () => {
    const orderId = await anOrder()
    await checkout(orderId)
    const wrong = { paymentId: `pi_wrong_${orderId}`, orderId, amountFen: 1, currency: 'cny' }
    const news = { eventId: `evt_${orderId}`, type: COMPLETED }
    expect(await applyPayment(wrong, news, new Date().toISOString() as never)).toBe('parked')
    expect(await see(orderId)).toMatchObject({ state: 'pending_payment' })
  })
})

describe('paying', () => {
  it('makes the order paid and records one sale per share, once, however often the webhook comes', async () => {
    const orderId = await paidOrder()
    const webhook = await provider.webhook(COMPLETED, orderId)
    const again = await Promise.all([1, 2, 3].map(() => provider.deliver(paymentsHandler, webhook)))
    expect(again.map((answer) => answer.body)).toEqual(Array(3).fill({ received: true, outcome: 'repeated' }))
    const order = await see(orderId)
    expect(order).toMatchObject({ state: 'paid', pickUpCode: expect.stringMatching(/^\d{6}$/) })
    const sales = await eventsOf('sale.recorded.v1', order.shares[0]?.saleId)
    expect(sales).toMatchObject([
      { amountFen: 2150, rateBps: 200, agreementId: 'agreement-1', agreementVersion: 1, channel: 'group-buy' },
    ])
  })

  it('is not believed from a forged, altered or old webhook', async () => {
    const orderId = await anOrder()
    await provider.pay((await checkout(orderId)).checkoutUrl)
    const webhook = await provider.webhook(COMPLETED, orderId)
    const altered = { ...webhook, rawBody: webhook.rawBody.replace('"livemode":false', '"livemode":true') }
    for (const bad of [
      altered,
      { ...webhook, signature: '' },
      { ...webhook, signature: webhook.signature.replace(/t=\d+/, 't=1') },
    ]) {
      expect((await provider.deliver(paymentsHandler, bad)).status).toBe(422)
    }
    expect((await see(orderId)).state).toBe('pending_payment')
    expect((await call(paymentsHandler, receiveWebhook, { rawBody: '{}' })).status).toBe(422)
  })

  it('gives the same payment page to two browsers that ask at once, and a new one only when that was used up', async () => {
    const orderId = await anOrder()
    const pages = await Promise.all([1, 2, 3].map(() => checkout(orderId)))
    expect(new Set(pages.map((page) => page.sessionId)).size).toBe(1)
    expect((await checkout(orderId)).sessionId).toBe(pages[0]?.sessionId)
  })

  it('twice over two pages of one order: the second is parked and refunded', async () => {
    const orderId = await anOrder()
    const first = await checkout(orderId)
    // The wallet promises to pay later; meanwhile the buyer opens another page and pays there.
    await provider.pay(first.checkoutUrl, 'async_paid')
    const second = await checkout(orderId)
    expect(second.sessionId).not.toBe(first.sessionId)
    await provider.pay(second.checkoutUrl)
    for (let tries = 0; tries < 200; tries++) {
      const all = provider.caught.filter((each) => each.rawBody.includes(orderId))
      if (
        all.some((each) => each.type === 'checkout.session.async_payment_succeeded') &&
        all.filter((each) => each.type === COMPLETED).length === 2
      )
        break
      await new Promise((done) => setTimeout(done, 25))
    }
    const webhooks = provider.caught.filter((each) => each.rawBody.includes(orderId))
    const outcomes: unknown[] = []
    for (const webhook of webhooks) outcomes.push((await provider.deliver(paymentsHandler, webhook)).body)
    expect(outcomes).toContainEqual({ received: true, outcome: 'applied' })
    expect(outcomes).toContainEqual({ received: true, outcome: 'parked' })
    const parked = async () =>
      (
        (await call(paymentsHandler, listParkedMoney, { as: 'admin-1' })).body as {
          items: { orderId: string; reason: string; state: string }[]
        }
      ).items.filter((item) => item.orderId === orderId)
    expect(await parked()).toMatchObject([{ reason: 'second-payment', state: 'open' }])
    await tick(onTick)
    expect(await parked()).toMatchObject([{ state: 'refunding' }])
    await new Promise((done) => setTimeout(done, 800))
    await tick(onTick)
    expect(await parked()).toEqual([])
    expect((await see(orderId)).refundedFen).toBe(0)
    expect((await eventsOf('sale.recorded.v1', (await see(orderId)).shares[0]?.saleId)).length).toBe(1)
  })

  it('by eight payments at the same instant is one paid order and seven parked payments', async () => {
    const orderId = await anOrder()
    const at = new Date().toISOString()
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, n) => {
        const payment = { paymentId: `pi_${n}_${orderId}`, orderId, amountFen: 2150, currency: 'cny' }
        return applyPayment(payment, { eventId: `evt_${n}_${orderId}`, type: 'test' }, at)
      }),
    )
    expect(outcomes.sort()).toEqual(['applied', ...Array<string>(7).fill('parked')])
    expect((await eventsOf('sale.recorded.v1', (await see(orderId)).shares[0]?.saleId)).length).toBe(1)
  })

  it('and being given up at the same instant ends as one of the two, never as both', async () => {
    for (let round = 0; round < 4; round++) {
      const orderId = await anOrder(1)
      const before = await available('tomato')
      const at = new Date().toISOString()
      const payment = { paymentId: `pi_${orderId}`, orderId, amountFen: 1290, currency: 'cny' }
      const [paid] = await Promise.all([
        applyPayment(payment, { eventId: `evt_${orderId}`, type: 'test' }, at),
        giveUp(orderId, 'expired', payments, whenOver()),
      ])
      expect([(await see(orderId)).state, await available('tomato')]).toEqual(
        paid === 'applied' ? ['paid', before] : ['expired', before + 1],
      )
    }
  })

  it('that meets an order given up between reading and writing is parked, and nothing is sold', async () => {
    const orderId = await anOrder()
    const now = new Date().toISOString()
    const payment = { paymentId: `pi_late_${orderId}`, orderId, amountFen: 2150, currency: 'cny' }
    beforeWriting(
      (writes) => writes.some((write) => write.Put?.Item?.['type']?.S === 'sale.recorded.v1'),
      () => giveUp(orderId, 'expired', payments, whenOver()),
    )
    expect(await applyPayment(payment, { eventId: `evt_${orderId}`, type: COMPLETED }, now)).toBe('parked')
    vi.restoreAllMocks()
    expect((await see(orderId)).state).toBe('expired')
    expect(await eventsOf('sale.recorded.v1', (await see(orderId)).shares[0]?.saleId)).toEqual([])
    expect(await available('tomato')).toBe(10)
  })

  it('between the marking and the release of an order given up makes it paid, and its stock stays taken', async () => {
    const orderId = await anOrder()
    const now = new Date().toISOString()
    const payment = { paymentId: `pi_close_${orderId}`, orderId, amountFen: 2150, currency: 'cny' }
    beforeWriting(
      (writes) => writes.length > 2 && writes.every((write) => write.Update !== undefined),
      () => applyPayment(payment, { eventId: `evt_${orderId}`, type: COMPLETED }, now),
    )
    expect(await giveUp(orderId, 'expired', payments, whenOver())).toBe('paid')
    vi.restoreAllMocks()
    expect((await see(orderId)).state).toBe('paid')
    expect(await available('tomato')).toBe(8)
  })

  it('that was declined is noted once and changes nothing', async () => {
    const orderId = await anOrder()
    await provider.pay((await checkout(orderId)).checkoutUrl, 'declined')
    const webhook = await provider.webhook('payment_intent.payment_failed', orderId)
    expect((await provider.deliver(paymentsHandler, webhook)).body).toMatchObject({ outcome: 'noted' })
    expect((await provider.deliver(paymentsHandler, webhook)).body).toMatchObject({ outcome: 'repeated' })
    expect((await see(orderId)).state).toBe('pending_payment')
  })

  it('that no webhook told of is found by the reconcile, once', async () => {
    const orderId = await anOrder()
    await provider.pay((await checkout(orderId)).checkoutUrl)
    const run = () => call(paymentsHandler, reconcilePayments, { body: {}, as: 'admin-1' })
    expect((await run()).body).toMatchObject({ applied: expect.any(Number) })
    expect((await see(orderId)).state).toBe('paid')
    expect((await run()).body).toMatchObject({ applied: 0, parked: 0 })
    const webhook = await provider.webhook(COMPLETED, orderId)
    expect((await provider.deliver(paymentsHandler, webhook)).body).toMatchObject({ outcome: 'repeated' })
  })

  it('is for the buyer alone: others are told that the order does not exist', async () => {
    const orderId = await anOrder()
    expect((await call(paymentsHandler, startCheckout, { params: { orderId }, as: 'resident-2' })).status).toBe(404)
    expect((await call(paymentsHandler, cancelOrder, { params: { orderId }, as: 'resident-2' })).status).toBe(404)
    expect((await call(paymentsHandler, startCheckout, { params: { orderId }, as: 'worker-1' })).status).toBe(403)
    expect((await call(paymentsHandler, startCheckout, { params: { orderId } })).status).toBe(401)
  })
})

describe('an order that is not paid', () => {
  it('gives its stock and limits back once when its time is over, and its page cannot be paid any more', async () => {
    const orderId = await anOrder()
    const { checkoutUrl } = await checkout(orderId)
    const later = new Date(Date.now() + 16 * 60_000).toISOString()
    const outcomes = await Promise.all([1, 2, 3].map(() => giveUp(orderId, 'expired', payments, later)))
    expect(new Set(outcomes)).toEqual(new Set(['released']))
    expect((await see(orderId)).state).toBe('expired')
    expect([await available('tomato'), await available('cucumber')]).toEqual([10, 10])
    expect(await provider.pay(checkoutUrl)).toBe(409)
    expect(await call(paymentsHandler, startCheckout, { params: { orderId }, as: 'resident-1' })).toMatchObject({
      status: 409,
      body: { code: 'ORDER_EXPIRED' },
    })
    const full = await anOrder(5)
    await giveUp(full, 'cancelled', payments, later)
    expect(await available('tomato')).toBe(10)
  })

  it('is left alone by the tick before its time, and swept by it after', async () => {
    const orderId = await anOrder()
    await tick(onTick)
    expect((await see(orderId)).state).toBe('pending_payment')
    const items = await backend.scan('market')
    const order = items.find((item) => item.entity === 'order' && item.orderId === orderId)
    const past = new Date(Date.now() - 60_000).toISOString()
    await backend.put('market', { ...order, expiresAt: past, GSI1SK: `${past}#${orderId}` })
    await tick(onTick)
    expect((await see(orderId)).state).toBe('expired')
  })

  it('that was paid at the last moment is paid, although it was being given up', async () => {
    const orderId = await anOrder()
    await provider.pay((await checkout(orderId)).checkoutUrl)
    expect(await giveUp(orderId, 'expired', payments, whenOver())).toBe('paid')
    expect((await see(orderId)).state).toBe('paid')
    expect(await available('tomato')).toBe(8)
    const webhook = await provider.webhook(COMPLETED, orderId)
    expect((await provider.deliver(paymentsHandler, webhook)).body).toMatchObject({ outcome: 'repeated' })
  })

  it('whose page brought a wrong amount ends all the same, and the money is parked', async () => {
    const orderId = await anOrder()
    await checkout(orderId)
    const payment = { paymentId: `pi_wrong_${orderId}`, orderId, amountFen: 1, currency: 'cny' }
    const wrong = {
      ...payments,
      expireSession: async (id: string) => ({
        ...(await payments.getSession(id)),
        state: 'complete' as const,
        payment,
      }),
    }
    expect(await giveUp(orderId, 'expired', wrong, whenOver())).toBe('released')
    expect([(await see(orderId)).state, await available('tomato')]).toEqual(['expired', 10])
  })

  it('and cannot even be read does not keep the others waiting', async () => {
    const [bad, good] = [await anOrder(1), await anOrder(1)]
    const past = new Date(Date.now() - 60_000).toISOString()
    const items = await backend.scan('market')
    for (const orderId of [bad, good]) {
      const order = items.find((item) => item.entity === 'order' && item.orderId === orderId)
      // Both in one shard of the index, the bad one first.
      const late = { expiresAt: past, GSI1PK: 'ORDER#PENDING#0', GSI1SK: `${past}#${orderId === bad ? '0' : '1'}` }
      await backend.put('market', { ...order, ...late, ...(orderId === bad ? { amountFen: -1 } : {}) })
    }
    await tick(onTick)
    expect((await see(good)).state).toBe('expired')
    const order = items.find((item) => item.entity === 'order' && item.orderId === bad)
    await backend.put('market', { ...order, state: 'expired', GSI1PK: undefined, GSI1SK: undefined })
  })

  it('keeps its stock while the provider does not answer, and ends with the next tick', async () => {
    const orderId = await anOrder()
    await checkout(orderId)
    const silent = { ...payments, expireSession: () => Promise.reject(new Error('no answer')) }
    expect(await giveUp(orderId, 'expired', silent, whenOver())).toBe('later')
    expect([(await see(orderId)).state, await available('tomato')]).toEqual(['expiring', 8])
    expect(await giveUp(orderId, 'expired', payments, whenOver())).toBe('released')
    expect(await available('tomato')).toBe(10)
  })

  it('paid late, after its stock went back: the money is parked, nothing is sold', async () => {
    const orderId = await anOrder()
    await provider.pay((await checkout(orderId)).checkoutUrl, 'async_paid')
    await giveUp(orderId, 'expired', payments, whenOver())
    const webhook = await provider.webhook('checkout.session.async_payment_succeeded', orderId)
    expect((await provider.deliver(paymentsHandler, webhook)).body).toMatchObject({ outcome: 'parked' })
    expect((await see(orderId)).state).toBe('expired')
    expect(await eventsOf('sale.recorded.v1', (await see(orderId)).shares[0]?.saleId)).toEqual([])
  })

  it('can be cancelled by its buyer, not once it is paid', async () => {
    const orderId = await anOrder()
    const cancel = (id: string) => call(paymentsHandler, cancelOrder, { params: { orderId: id }, as: 'resident-1' })
    expect((await cancel(orderId)).body).toEqual({ orderId, state: 'cancelled' })
    expect((await cancel(orderId)).body).toEqual({ orderId, state: 'cancelled' })
    expect(await available('tomato')).toBe(10)
    expect(await cancel(await paidOrder())).toMatchObject({ status: 409, body: { code: 'ORDER_ALREADY_PAID' } })
  })
})

describe('a refund by a worker', () => {
  it('by line: the line, the share, the order, one reversal, and the money seen through to its end', async () => {
    const orderId = await paidOrder()
    const [share] = (await see(orderId)).shares
    const refundId = randomUUID()
    const lines = [{ saleId: share?.saleId, lineId: share?.lines[0]?.lineId, amountFen: 100 }]
    const answer = await refund(orderId, { refundId, lines })
    expect(answer).toMatchObject({ status: 200, body: { refundId, amountFen: 100, state: 'asked' } })
    expect((await refund(orderId, { refundId, lines })).body).toMatchObject({ refundId, amountFen: 100 })
    expect(await see(orderId)).toMatchObject({
      refundedFen: 100,
      shares: [{ refundedFen: 100, accrualE4Fen: 2050 * 200, lines: [{ refundedFen: 100 }, { refundedFen: 0 }] }],
    })
    expect(await eventsOf('sale.reversed.v1', share?.saleId)).toMatchObject([{ amountFen: 100, reason: 'refund' }])
    const webhook = await provider.webhook('refund.updated', refundId)
    await provider.deliver(paymentsHandler, webhook)
    expect((await see(orderId)).refunds).toMatchObject([{ state: 'succeeded', amountFen: 100 }])
  })

  it('under an id that is used for another one already is refused', async () => {
    const orderId = await paidOrder()
    const refundId = randomUUID()
    const [share] = (await see(orderId)).shares
    const lines = [{ saleId: share?.saleId, lineId: share?.lines[0]?.lineId, amountFen: 100 }]
    expect((await refund(orderId, { refundId, lines })).status).toBe(200)
    expect(await refund(orderId, { refundId })).toMatchObject({ status: 409, body: { code: 'REFUND_ID_REUSED' } })
    expect((await see(orderId)).refundedFen).toBe(100)
  })

  it('of everything, then of nothing more; two at once never give back more than was paid', async () => {
    const orderId = await paidOrder()
    const answers = await Promise.all([1, 2, 3, 4].map(() => refund(orderId, { refundId: randomUUID() })))
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409, 409])
    expect(await see(orderId)).toMatchObject({ refundedFen: 2150, shares: [{ refundedFen: 2150 }] })
    expect((await eventsOf('sale.reversed.v1', (await see(orderId)).shares[0]?.saleId)).length).toBe(1)
  })

  it('of everything, asked for again while it is being written, is the same refund', async () => {
    const orderId = await paidOrder()
    const refundId = randomUUID()
    beforeReadingMany(() => refund(orderId, { refundId }))
    expect(await refund(orderId, { refundId })).toMatchObject({ status: 200, body: { refundId } })
    expect(await see(orderId)).toMatchObject({ refundedFen: 2150, refunds: [{}] })
  })

  it('in parts at once, each within the line: together never more than the line', async () => {
    const orderId = await paidOrder()
    const [share] = (await see(orderId)).shares
    const lineId = share?.lines[0]?.lineId
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map(() =>
        refund(orderId, { refundId: randomUUID(), lines: [{ saleId: share?.saleId, lineId, amountFen: 200 }] }),
      ),
    )
    expect(answers.filter((answer) => answer.status === 200).length).toBe(2)
    expect((await see(orderId)).refundedFen).toBe(400)
  })

  it('that the provider fails stands on the list of money to see to', async () => {
    const orderId = await paidOrder()
    provider.sandbox.setFaults({ refundFailNext: 1 })
    const refundId = randomUUID()
    await refund(orderId, { refundId })
    const webhook = await provider.webhook('refund.failed', refundId)
    await provider.deliver(paymentsHandler, webhook)
    expect((await see(orderId)).refunds).toMatchObject([{ state: 'failed' }])
    const list = (await call(paymentsHandler, listParkedMoney, { as: 'admin-1' })).body as {
      items: { orderId: string }[]
    }
    expect(list.items.filter((item) => item.orderId === orderId)).toMatchObject([
      { reason: 'refund-failed', amountFen: 2150 },
    ])
  })

  it('that fails after it had succeeded stands on the list too', async () => {
    const orderId = await paidOrder()
    const refundId = randomUUID()
    await refund(orderId, { refundId })
    await provider.deliver(paymentsHandler, await provider.webhook('refund.updated', refundId))
    expect((await see(orderId)).refunds).toMatchObject([{ state: 'succeeded' }])
    const item = (await backend.scan('market')).find((each) => each.entity === 'refund' && each.refundId === refundId)
    const said = { providerRefundId: String(item?.providerRefundId), refundId, orderId, state: 'failed' as const }
    await keepProviderRefund(refundItem.parse(item), said, new Date().toISOString())
    expect((await see(orderId)).refunds).toMatchObject([{ state: 'failed' }])
    const parked = (await backend.scan('market')).filter((each) => each.entity === 'parked' && each.orderId === orderId)
    expect(parked).toMatchObject([{ reason: 'refund-failed', state: 'open' }])
  })

  it('whose answer was lost is asked again by the tick and happens once', async () => {
    const orderId = await paidOrder()
    provider.sandbox.setFaults({ apiLoseAnswerNext: 2 })
    const refundId = randomUUID()
    expect((await refund(orderId, { refundId })).body).toMatchObject({ state: 'decided' })
    await tick(onTick)
    expect((await see(orderId)).refunds).toMatchObject([{ state: 'asked' }])
    const known = await payments.findRefund(await paymentOf(orderId), refundId)
    expect(known).toMatchObject({ refundId })
  })

  it('is for workers of the community; for others the order does not exist', async () => {
    const orderId = await paidOrder()
    expect((await refund(orderId, { refundId: randomUUID() }, 'worker-2')).status).toBe(404)
    expect((await refund(orderId, { refundId: randomUUID() }, 'resident-1')).status).toBe(403)
    expect((await refund(orderId, { refundId: randomUUID() }, 'admin-1')).status).toBe(403)
  })

  it('of an unpaid order is refused', async () => {
    expect(await refund(await anOrder(), { refundId: randomUUID() })).toMatchObject({
      status: 409,
      body: { code: 'ORDER_NOT_PAID' },
    })
  })
})

describe('settlement', () => {
  it('settles a paid sale once when the window is over, never an unpaid one', async () => {
    const paid = await paidOrder()
    await anOrder()
    await tick(settlementTick)
    const saleId = (await see(paid)).shares[0]?.saleId
    expect(await eventsOf('sale.settled.v1', saleId)).toEqual([])
    process.env.AFTER_SALES_HOURS = '0'
    await Promise.all([tick(settlementTick), tick(settlementTick)])
    process.env.AFTER_SALES_HOURS = '48'
    expect((await eventsOf('sale.settled.v1', saleId)).length).toBe(1)
    const settled = (await backend.scan('market')).filter(
      (item) => item.entity === 'share' && item.groupBuyId === gb && item.settledAt !== undefined,
    )
    expect(settled.length).toBe(1)
  })
})

async function paymentOf(orderId: string): Promise<string> {
  const order = (await backend.scan('market')).find((item) => item.entity === 'order' && item.orderId === orderId)
  return String(order?.paidBy)
}
