import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { getOrder, placeOrder, refundOrder, startCheckout } from '#shared/contracts/orders.ts'
import { closeParkedMoney, listParkedMoney } from '#shared/contracts/payments.ts'
import { handler as ordersHandler } from '#functions/orders/index.ts'
import { endDispute } from '#functions/payments/disputes.ts'
import { handler as paymentsHandler } from '#functions/payments/index.ts'
import { handler as onTick } from '#functions/payments/on-tick.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call, lambdaContext } from '../fixtures/call.ts'
import { aMarket, anAdmin, aResident, aWorker } from '../fixtures/market.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'

let backend: Backend
let provider: Provider
let gb = ''
beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  await aResident(backend, 'resident-1')
  await aWorker(backend, 'worker-1')
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

/** Two tomatoes at ¥8.60 and a cucumber at ¥4.30, paid. */
async function paidOrder(): Promise<{ orderId: string; paymentId: string }> {
  const orderId = randomUUID()
  const lines = [
    { groupBuyId: gb, offerId: 'tomato', quantity: 2 },
    { groupBuyId: gb, offerId: 'cucumber', quantity: 1 },
  ]
  await call(ordersHandler, placeOrder, { params: { orderId }, body: { lines }, as: 'resident-1' })
  const page = await call(paymentsHandler, startCheckout, { params: { orderId }, as: 'resident-1' })
  await provider.pay((page.body as { checkoutUrl: string }).checkoutUrl)
  await provider.deliver(paymentsHandler, await provider.webhook('checkout.session.completed', orderId))
  const order = (await backend.scan('market')).find((item) => item.entity === 'order' && item.orderId === orderId)
  return { orderId, paymentId: String(order?.paidBy) }
}

async function control(path: string, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(`${provider.sandbox.url}/_sandbox/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await answer.json()) as Record<string, unknown>
}

const see = async (orderId: string) =>
  (await call(ordersHandler, getOrder, { params: { orderId }, as: 'worker-1' })).body as Record<string, unknown>
const refund = (orderId: string, body: object) =>
  call(paymentsHandler, refundOrder, {
    params: { orderId },
    body: { refundId: randomUUID(), reason: 'refund', ...body },
    as: 'worker-1',
  })
const tick = () => onTick({ time: new Date().toISOString() } as never, lambdaContext() as never)

async function parkedOf(orderId: string) {
  const list = (await call(paymentsHandler, listParkedMoney, { as: 'admin-1' })).body as {
    items: { orderId?: string; parkedId: string }[]
  }
  return list.items.filter((item) => item.orderId === orderId)
}

async function reversalsOf(orderId: string) {
  const items = await backend.scan('market')
  const sales = items.filter((item) => item.entity === 'share' && item.orderId === orderId).map((item) => item.saleId)
  return items.filter((item) => item.type === 'sale.reversed.v1' && sales.includes(item.saleId))
}

/** What the desk goes by before it hands back such money. */
const markOf = async (paymentId: string) =>
  (await backend.scan('market')).find((item) => item.entity === 'disputeMark' && item.paymentId === paymentId)?.state

async function dispute(paymentId: string): Promise<string> {
  const { id } = await control('disputes', { paymentIntent: paymentId })
  await provider.deliver(paymentsHandler, await provider.webhook('charge.dispute.created', String(id)))
  return String(id)
}

describe('a payment that its buyer disputes at the bank', () => {
  it('stands on the list under its order; lost, the sale is reversed once and the list is clear', async () => {
    const { orderId, paymentId } = await paidOrder()
    const disputeId = await dispute(paymentId)
    expect(await markOf(paymentId)).toBe('open')
    expect(await parkedOf(orderId)).toMatchObject([{ reason: 'disputed', amountFen: 2150, state: 'open' }])
    expect(await reversalsOf(orderId)).toEqual([])
    await control('disputes/close', { dispute: disputeId, outcome: 'lost' })
    const closed = await provider.webhook('charge.dispute.closed', disputeId)
    const answers = await Promise.all([1, 2, 3].map(() => provider.deliver(paymentsHandler, closed)))
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200])
    expect(await reversalsOf(orderId)).toMatchObject([{ amountFen: 2150, reason: 'dispute' }])
    expect(await markOf(paymentId)).toBe('lost')
    expect(await see(orderId)).toMatchObject({
      refundedFen: 2150,
      refunds: [{ state: 'succeeded', amountFen: 2150, reason: 'dispute' }],
    })
    expect(await parkedOf(orderId)).toEqual([])
  })

  it('in part and lost takes that part once, however often it is told', async () => {
    const { orderId, paymentId } = await paidOrder()
    const fact = { disputeId: `dp_${orderId}`, paymentId, amountFen: 1800, currency: 'cny' }
    const now = new Date().toISOString()
    for (let n = 0; n < 3; n++) expect(await endDispute(fact, 'lost', now)).toBe('applied')
    const [reversal, more] = await reversalsOf(orderId)
    expect([reversal?.amountFen, more]).toEqual([1800, undefined])
    expect(await see(orderId)).toMatchObject({
      refundedFen: 1800,
      shares: [{ lines: [{ refundedFen: 430 }, { refundedFen: 1370 }] }],
    })
  })

  it('won, nothing is reversed and the list is clear', async () => {
    const { orderId, paymentId } = await paidOrder()
    const disputeId = await dispute(paymentId)
    await control('disputes/close', { dispute: disputeId, outcome: 'won' })
    await provider.deliver(paymentsHandler, await provider.webhook('charge.dispute.closed', disputeId))
    expect(await reversalsOf(orderId)).toEqual([])
    expect(await markOf(paymentId)).toBe('won')
    expect(await parkedOf(orderId)).toEqual([])
    expect(await see(orderId)).toMatchObject({ refundedFen: 0 })
  })

  it('after a part was refunded takes only what was left; news of the end that come first still end it', async () => {
    const { orderId, paymentId } = await paidOrder()
    const [share] = (await see(orderId)).shares as { saleId: string; lines: { lineId: string }[] }[]
    const lines = [{ saleId: share?.saleId, lineId: share?.lines[0]?.lineId, amountFen: 130 }]
    expect((await refund(orderId, { lines })).status).toBe(200)
    const { id } = await control('disputes', { paymentIntent: paymentId })
    const created = await provider.webhook('charge.dispute.created', String(id))
    await control('disputes/close', { dispute: String(id), outcome: 'lost' })
    await provider.deliver(paymentsHandler, await provider.webhook('charge.dispute.closed', String(id)))
    await provider.deliver(paymentsHandler, created)
    const sum = (await reversalsOf(orderId)).reduce((fen, each) => fen + Number(each.amountFen), 0)
    expect(sum).toBe(2150)
    expect(await see(orderId)).toMatchObject({ refundedFen: 2150 })
    expect(await parkedOf(orderId)).toEqual([])
  })
})

describe('a refund that the provider refuses for good', () => {
  it('is not asked again for ever: it has failed, and its money is on the list until a person closes it', async () => {
    const { orderId, paymentId } = await paidOrder()
    // Disputed money cannot be refunded: the provider refuses.
    await control('disputes', { paymentIntent: paymentId })
    expect((await refund(orderId, {})).body).toMatchObject({ state: 'failed' })
    expect(await see(orderId)).toMatchObject({ refunds: [{ state: 'failed' }] })
    const [parked] = await parkedOf(orderId)
    expect(parked).toMatchObject({ reason: 'refund-failed', amountFen: 2150, state: 'open' })
    await tick()
    expect(await parkedOf(orderId)).toHaveLength(1)
    const close = (body: object, as = 'admin-1') =>
      call(paymentsHandler, closeParkedMoney, { params: { parkedId: parked?.parkedId ?? '' }, body, as })
    expect((await close({ note: '' })).status).toBe(400)
    expect((await close({ note: '柜台现金退还，收据 12 号' }, 'worker-1')).status).toBe(403)
    expect(await close({ note: '柜台现金退还，收据 12 号' })).toMatchObject({ body: { code: 'REFUND_UNDER_WAY' } })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 17 * 60_000 })
    try {
      const closed = { status: 200, body: { state: 'closed' } }
      for (let n = 0; n < 2; n++) expect(await close({ note: '柜台现金退还，收据 12 号' })).toMatchObject(closed)
    } finally {
      vi.useRealTimers()
    }
    expect(await parkedOf(orderId)).toEqual([])
    const item = (await backend.scan('market')).find((each) => each.entity === 'parked' && each.orderId === orderId)
    expect(item).toMatchObject({ closedNote: '柜台现金退还，收据 12 号', state: 'closed' })
    expect(item?.closedBy).toMatch(/admin-1$/)
  })

  it('does not let money be closed that is on its way back by itself', async () => {
    const stranger = await call(paymentsHandler, closeParkedMoney, {
      params: { parkedId: 'pi_nobody' },
      body: { note: '没有这笔' },
      as: 'admin-1',
    })
    expect(stranger.status).toBe(404)
  })
})
