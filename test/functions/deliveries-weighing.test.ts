import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { checkDelivery, finishWeighing, getWeighIn, saveWeights, type WeighIn } from '#shared/contracts/deliveries.ts'
import { collectShares } from '#shared/contracts/orders.ts'
import { handler as deliveriesHandler } from '#functions/deliveries/index.ts'
import { handler as ordersHandler } from '#functions/orders/index.ts'
import { handler as paymentsHandler } from '#functions/payments/index.ts'
import { handler as paymentsTick } from '#functions/payments/on-tick.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { killWritesAfter } from '../fixtures/interleave.ts'
import { aCoopMember, aMarket, aResident, aWorker, COMPOUND } from '../fixtures/market.ts'
import { lookAt, ordering, tick } from '../fixtures/ordering.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'

let backend: Backend
let provider: Provider
let residents: ReturnType<typeof ordering>
beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  residents = ordering(backend, provider)
  for (let n = 1; n <= 3; n++) await aResident(backend, `resident-${n}`)
  await aWorker(backend, 'worker-1')
  await aWorker(backend, 'worker-2', 'community-2')
  await aCoopMember(backend, 'coop-1')
})
afterAll(async () => {
  await provider.stop()
  await backend.stop()
})
afterEach(() => vi.restoreAllMocks())

/** Melons of about 2.5 kg at ¥10, and tomatoes that nobody weighs. */
const OFFERS = [
  { offerId: 'melon', priceFen: 1_000, stock: 50, weighedGrams: 2_500 },
  { offerId: 'pumpkin', priceFen: 600, stock: 50, weighedGrams: 1_500 },
  { offerId: 'tomato', priceFen: 860, stock: 50 },
]

async function anArrived({ arrived = 3 } = {}) {
  const gb = `gb-${randomUUID().slice(0, 8)}`
  await aMarket(backend, { groupBuyId: gb, offers: OFFERS })
  const first = await residents.buy(gb, 'resident-1', { melon: 1, pumpkin: 1, tomato: 1 })
  const second = await residents.buy(gb, 'resident-2', { melon: 2 })
  const third = await residents.buy(gb, 'resident-3', { tomato: 1 })
  await residents.close(gb)
  if (arrived > 0) {
    const count = (offerId: string, arrivedPortions: number) => ({ offerId, arrivedPortions, refusedPortions: 0 })
    const lines = [count('melon', arrived), count('pumpkin', 1), count('tomato', 2)]
    const params = { groupBuyId: gb, compoundId: COMPOUND, pickUpPointId: 'p-1' }
    const answer = await call(paymentsHandler, checkDelivery, { params, body: { version: 0, lines }, as: 'worker-1' })
    expect(answer.status).toBe(200)
  }
  return { gb, first, second, third }
}
const where = (groupBuyId: string) => ({ groupBuyId, compoundId: COMPOUND })
async function sheet(gb: string): Promise<WeighIn> {
  return (await call(deliveriesHandler, getWeighIn, { params: where(gb), as: 'worker-1' })).body as WeighIn
}
const weigh = (gb: string, weights: { orderId: string; lineId: string; grams: number }[], as = 'worker-1') =>
  call(deliveriesHandler, saveWeights, { params: where(gb), body: { weights }, as })
const finish = (gb: string, body: Record<string, unknown> = {}, as = 'worker-1') =>
  call(paymentsHandler, finishWeighing, { params: where(gb), body, as })

describe('weighing', () => {
  it('shows what has to be weighed, product by product, and what it would cost', async () => {
    const { gb, first, second } = await anArrived()
    expect(await sheet(gb)).toMatchObject({
      notArrivedCount: 0,
      weighedCount: 0,
      refundFen: 0,
      lines: [
        { orderId: first, lineId: '1-1', offerId: 'melon', portions: 1, nominalGrams: 2_500, amountFen: 1_000 },
        { orderId: second, lineId: '1-1', offerId: 'melon', portions: 2, nominalGrams: 5_000, amountFen: 2_000 },
        { orderId: first, lineId: '1-2', offerId: 'pumpkin', portions: 1, nominalGrams: 1_500, amountFen: 600 },
      ],
    })
    expect((await weigh(gb, [{ orderId: first, lineId: '1-1', grams: 2_400 }])).body).toEqual({ saved: 1 })
    expect(await sheet(gb)).toMatchObject({
      weighedCount: 1,
      refundFen: 40,
      lines: [{ grams: 2_400, weighedAmountFen: 960 }, {}, {}],
    })
  })

  it('gives back once for each order what is too light, and never asks for more', async () => {
    const { gb, first, second, third } = await anArrived()
    await weigh(
      gb,
      [
        { orderId: first, lineId: '1-1', grams: 9_999 },
        { orderId: second, lineId: '1-1', grams: 5_300 },
      ].map((each, at) => (at === 0 ? { ...each, grams: 2_400 } : each)),
    )
    await weigh(gb, [{ orderId: first, lineId: '1-2', grams: 1_400 }])
    expect(await finish(gb)).toMatchObject({ status: 200, body: { orders: 1, refundFen: 80 } })
    const { refunds, backOf, shares, reversals } = await lookAt(backend, gb)
    expect(refunds).toHaveLength(1)
    expect(refunds[0]?.lines).toEqual([
      expect.objectContaining({
        lineId: '1-1',
        amountFen: 40,
        why: { kind: 'weight', nominalGrams: 2_500, grams: 2_400 },
      }),
      expect.objectContaining({
        lineId: '1-2',
        amountFen: 40,
        why: { kind: 'weight', nominalGrams: 1_500, grams: 1_400 },
      }),
    ])
    expect([first, second, third].map((id) => backOf(id, 'weight'))).toEqual([80, 0, 0])
    expect(reversals.map(({ reason, amountFen }) => [reason, amountFen])).toEqual([['weight', 80]])
    expect(shares.get(second)).toHaveProperty('weighedAt')
    expect(shares.get(first)).toMatchObject({ state: 'ready', refundedFen: 80 })
    expect(await sheet(gb)).toMatchObject({ refundFen: 0, lines: [{ amountFen: 960 }, {}, {}] })
  })

  it('prices what came after a shortage', async () => {
    const { gb, second, first } = await anArrived({ arrived: 2 })
    await weigh(gb, [
      { orderId: second, lineId: '1-1', grams: 2_000 },
      { orderId: first, lineId: '1-1', grams: 2_500 },
      { orderId: first, lineId: '1-2', grams: 1_500 },
    ])
    await finish(gb)
    const { backOf } = await lookAt(backend, gb)
    expect([backOf(second, 'shortage'), backOf(second, 'weight')]).toEqual([1_000, 200])
  })

  it('is finished once, and not before everything is weighed unless somebody says so', async () => {
    const { gb, first } = await anArrived()
    await weigh(gb, [{ orderId: first, lineId: '1-1', grams: 2_000 }])
    expect(await finish(gb)).toMatchObject({
      status: 409,
      body: { code: 'LINES_NOT_WEIGHED', detail: '还有 2 行没有称重' },
    })
    expect(await finish(gb, { acceptMissing: true })).toMatchObject({ body: { orders: 1, refundFen: 200 } })
    expect(await finish(gb)).toMatchObject({ status: 200, body: { orders: 1, refundFen: 200 } })
    expect(await weigh(gb, [{ orderId: first, lineId: '1-1', grams: 1_000 }])).toMatchObject({
      status: 409,
      body: { code: 'WEIGHING_FINISHED' },
    })
    expect((await lookAt(backend, gb)).refunds).toHaveLength(1)
  })

  it('keeps goods from being handed out before they are weighed', async () => {
    const { gb, first, third } = await anArrived()
    const collect = (orderId: string) =>
      call(ordersHandler, collectShares, {
        params: { orderId },
        body: { pickUpId: randomUUID(), lines: undefined },
        as: 'worker-1',
      })
    expect(await collect(third)).toMatchObject({ status: 200 })
    expect(await collect(first)).toMatchObject({ status: 409, body: { code: 'NOT_WEIGHED' } })
    await weigh(gb, [
      { orderId: first, lineId: '1-1', grams: 2_400 },
      { orderId: first, lineId: '1-2', grams: 1_500 },
    ])
    expect(await collect(first)).toMatchObject({ status: 200 })
    // Handed out already, it is priced all the same.
    await finish(gb, { acceptMissing: true })
    expect((await lookAt(backend, gb)).backOf(first, 'weight')).toBe(40)
  })

  it.each([0, 1, 2, 3, 4])('ends the same when it is cut off at write %i', async (cut) => {
    const { gb, first, second } = await anArrived()
    await weigh(gb, [
      { orderId: first, lineId: '1-1', grams: 2_400 },
      { orderId: first, lineId: '1-2', grams: 1_500 },
      { orderId: second, lineId: '1-1', grams: 4_000 },
    ])
    killWritesAfter(cut)
    await finish(gb)
    vi.restoreAllMocks()
    if (cut === 0) await finish(gb)
    await tick(paymentsTick)
    await tick(paymentsTick)
    const { backOf, shares, refunds } = await lookAt(backend, gb)
    expect([first, second].map((id) => backOf(id, 'weight'))).toEqual([40, 400])
    expect(refunds).toHaveLength(2)
    expect([first, second].every((id) => shares.get(id)?.weighedAt !== undefined)).toBe(true)
  })
})

describe('a weight that cannot be', () => {
  it.each([
    ['of an order that is not there', { orderId: randomUUID() }, 422, 'UNKNOWN_LINE'],
    ['of a line that is not there', { lineId: '9-9' }, 422, 'UNKNOWN_LINE'],
    ['of goods that are not weighed', { lineId: '1-3' }, 422, 'NOT_WEIGHED_GOODS'],
    ['of three times what was paid for and more', { grams: 7_501 }, 422, 'WEIGHT_TOO_LARGE'],
    ['of nothing', { grams: 0 }, 400, 'INVALID'],
    ['of half a gram', { grams: 0.5 }, 400, 'INVALID'],
  ])('%s is refused, and names its field', async (_what, change, status, code) => {
    const { gb, first } = await anArrived()
    const good = { orderId: first, lineId: '1-2', grams: 1_400 }
    const answer = await weigh(gb, [good, { orderId: first, lineId: '1-1', grams: 2_400, ...change }])
    expect(answer).toMatchObject({ status, body: { code } })
    expect(Object.keys((answer.body as { fields: object }).fields)).toHaveLength(1)
    expect((await sheet(gb)).weighedCount).toBe(0)
  })

  it('is one of goods that nobody counted yet', async () => {
    const { gb, first } = await anArrived({ arrived: 0 })
    expect(await sheet(gb)).toMatchObject({ lines: [], notArrivedCount: 2 })
    const answer = await weigh(gb, [{ orderId: first, lineId: '1-1', grams: 2_400 }])
    expect(answer).toMatchObject({ status: 409, body: { code: 'NOT_ARRIVED' } })
    expect(await finish(gb)).toMatchObject({ status: 409, body: { code: 'NOT_ARRIVED' } })
  })

  it('is one of another community, or by anybody who is no worker', async () => {
    const { gb, first } = await anArrived()
    const weights = [{ orderId: first, lineId: '1-1', grams: 2_400 }]
    expect((await weigh(gb, weights, 'worker-2')).status).toBe(404)
    expect((await finish(gb, {}, 'worker-2')).status).toBe(404)
    for (const as of ['coop-1', 'resident-1']) {
      expect((await weigh(gb, weights, as)).status).toBe(403)
      expect((await finish(gb, {}, as)).status).toBe(403)
    }
  })
})
