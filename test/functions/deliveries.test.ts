import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { announceDelivery, checkDelivery, type Delivery, listDeliveries } from '#shared/contracts/deliveries.ts'
import { collectShares, getSortingSheet, refundOrder } from '#shared/contracts/orders.ts'
import { getPurchaseOrder } from '#shared/contracts/group-buys.ts'
import { handler as deliveriesHandler } from '#functions/deliveries/index.ts'
import { handler as groupBuysHandler } from '#functions/group-buys/index.ts'
import { handler as ordersHandler } from '#functions/orders/index.ts'
import { handler as paymentsHandler } from '#functions/payments/index.ts'
import { handler as paymentsTick } from '#functions/payments/on-tick.ts'
import { handler as settlementTick } from '#functions/settlement/on-tick.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { killWrites, killWritesAfter } from '../fixtures/interleave.ts'
import { aCoopMember, aMarket, anAdmin, aResident, aWorker, COMPOUND, type OfferGiven } from '../fixtures/market.ts'
import { lookAt, ordering, tick } from '../fixtures/ordering.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'

let backend: Backend
let provider: Provider
let residents: ReturnType<typeof ordering>
beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  residents = ordering(backend, provider)
  for (let n = 1; n <= 4; n++) await aResident(backend, `resident-${n}`)
  await aWorker(backend, 'worker-1')
  await aWorker(backend, 'worker-2', 'community-2')
  await aCoopMember(backend, 'coop-1')
  await aCoopMember(backend, 'coop-2', 'coop-2')
  await anAdmin(backend, 'admin-1')
})
afterAll(async () => {
  await provider.stop()
  await backend.stop()
})
afterEach(() => vi.restoreAllMocks())

const TOMATO: OfferGiven = { offerId: 'tomato', priceFen: 860, stock: 50 }
const CUCUMBER: OfferGiven = { offerId: 'cucumber', priceFen: 430, stock: 50 }

async function aGroupBuy(given: { offers?: OfferGiven[]; shortageRule?: string } = {}) {
  const groupBuyId = `gb-${randomUUID().slice(0, 8)}`
  await aMarket(backend, { groupBuyId, offers: [TOMATO, CUCUMBER], ...given })
  return groupBuyId
}

/** Three orders, closed and confirmed: 3 + 2 + 4 tomatoes, one cucumber. */
async function aConfirmed(given: Parameters<typeof aGroupBuy>[0] = {}) {
  const gb = await aGroupBuy(given)
  const first = await residents.buy(gb, 'resident-1', { tomato: 3 })
  const second = await residents.buy(gb, 'resident-2', { tomato: 2, cucumber: 1 })
  const third = await residents.buy(gb, 'resident-3', { tomato: 4 })
  await residents.close(gb)
  return { gb, first, second, third }
}

const point = (groupBuyId: string) => ({ groupBuyId, compoundId: COMPOUND, pickUpPointId: 'p-1' })
const counted = (tomato: number, cucumber = 1, refusedTomato = 0) => [
  { offerId: 'tomato', arrivedPortions: tomato, refusedPortions: refusedTomato },
  { offerId: 'cucumber', arrivedPortions: cucumber, refusedPortions: 0 },
]
const check = (gb: string, body: Record<string, unknown>, as = 'worker-1') =>
  call(paymentsHandler, checkDelivery, { params: point(gb), body: { version: 0, ...body }, as })
const announce = (gb: string, body: Record<string, unknown>, as = 'coop-1') =>
  call(deliveriesHandler, announceDelivery, { params: point(gb), body: { version: 0, lines: [], ...body }, as })
async function deliveryOf(gb: string): Promise<Delivery> {
  const { groupBuyId, compoundId } = point(gb)
  const answer = await call(deliveriesHandler, listDeliveries, { params: { groupBuyId, compoundId }, as: 'worker-1' })
  const [only] = (answer.body as { items: Delivery[] }).items
  if (only === undefined) throw new Error('no delivery')
  return only
}

describe('what arrives', () => {
  it('in full: everybody’s goods are ready, and nothing goes back', async () => {
    const { gb, first, second, third } = await aConfirmed()
    expect(await deliveryOf(gb)).toMatchObject({
      state: 'expected',
      decided: true,
      lines: [
        { offerId: 'tomato', orderedPortions: 9, handedOutPortions: 0 },
        { offerId: 'cucumber', orderedPortions: 1 },
      ],
    })
    expect(await check(gb, { lines: counted(9) })).toMatchObject({
      status: 200,
      body: { short: { orders: 0, portions: 0, amountFen: 0 } },
    })
    const { shares, refunds, groupBuy } = await lookAt(backend, gb)
    expect([first, second, third].map((id) => shares.get(id)?.state)).toEqual(['ready', 'ready', 'ready'])
    expect(refunds).toEqual([])
    expect(groupBuy.state).toBe('distributing')
    expect(await deliveryOf(gb)).toMatchObject({
      state: 'done',
      lines: [{ arrivedPortions: 9, refusedPortions: 0 }, {}],
    })
  })

  it('short: who paid last goes short, gets the money back at once, and can see why', async () => {
    const { gb, first, second, third } = await aConfirmed()
    const lines = counted(8, 1, 2)
    expect(await check(gb, { lines, preview: true })).toMatchObject({
      body: { short: { orders: 1, portions: 3, amountFen: 3 * 860 } },
    })
    expect((await lookAt(backend, gb)).deliveries).toEqual([])
    expect(await check(gb, { lines })).toMatchObject({ body: { short: { orders: 1, portions: 3, amountFen: 2580 } } })
    const { shares, refunds, reversals, backOf } = await lookAt(backend, gb)
    expect(refunds).toHaveLength(1)
    expect(refunds[0]).toMatchObject({ orderId: third, reason: 'shortage', amountFen: 2580 })
    expect(['asked', 'succeeded']).toContain(refunds[0]?.state)
    expect(refunds[0]?.lines).toMatchObject([
      {
        lineId: '1-1',
        amountFen: 2580,
        portions: 3,
        why: { rule: 'first-paid', ordered: 9, good: 6, place: 3, of: 3 },
      },
    ])
    expect(reversals.map(({ reason, amountFen }) => [reason, amountFen])).toEqual([['shortage', 2580]])
    expect(shares.get(third)).toMatchObject({ state: 'ready', refundedFen: 2580, 'd:1-1': 3 })
    expect([first, second].map((id) => backOf(id, 'shortage'))).toEqual([0, 0])
    const where = { groupBuyId: gb, compoundId: COMPOUND }
    const sheet = await call(ordersHandler, getSortingSheet, { params: where, as: 'worker-1' })
    expect(sheet.body).toMatchObject({ portions: 7, products: [{ offerId: 'tomato', portions: 6 }, { portions: 1 }] })
    const purchase = await call(groupBuysHandler, getPurchaseOrder, { params: { groupBuyId: gb }, as: 'coop-1' })
    expect(purchase.body).toMatchObject({ portions: 7, amountFen: 6 * 860 + 430 })
  })

  it('short, dealt out in proportion where the group buy says so', async () => {
    const { gb, first, second, third } = await aConfirmed({ shortageRule: 'pro-rata' })
    await check(gb, { lines: counted(6) })
    const { backOf } = await lookAt(backend, gb)
    expect([first, second, third].map((id) => backOf(id, 'shortage'))).toEqual([860, 860, 860])
  })

  it('not at all: every fen goes back and there is nothing to hand out', async () => {
    const { gb, first, second, third } = await aConfirmed()
    await check(gb, { lines: counted(0, 0) })
    const { shares, backOf } = await lookAt(backend, gb)
    expect([first, second, third].map((id) => shares.get(id)?.state)).toEqual(['refunded', 'refunded', 'refunded'])
    expect([first, second, third].map((id) => backOf(id, 'shortage'))).toEqual([2580, 2150, 3440])
  })

  it('after a price step: what goes back is what it cost in the end', async () => {
    const { gb, third } = await aConfirmed({
      offers: [{ ...TOMATO, priceSteps: [{ fromPortions: 9, priceFen: 800 }] }, CUCUMBER],
    })
    await check(gb, { lines: counted(8) })
    const { shares, backOf } = await lookAt(backend, gb)
    expect(backOf(third, 'price-step')).toBe(240)
    expect(backOf(third, 'shortage')).toBe(800)
    expect(shares.get(third)?.refundedFen).toBe(1040)
  })

  it('never takes back what was handed out already', async () => {
    const { gb, first, third } = await aConfirmed()
    const lines = [{ saleId: `${third}.1`, lineId: '1-1', portions: 3 }]
    const { shares: before } = await lookAt(backend, gb)
    const saleId = String(before.get(third)?.saleId)
    await call(ordersHandler, collectShares, {
      params: { orderId: third },
      body: { pickUpId: randomUUID(), lines: lines.map((line) => ({ ...line, saleId })) },
      as: 'worker-1',
    })
    expect(await check(gb, { lines: counted(2) })).toMatchObject({
      status: 409,
      body: { code: 'LESS_THAN_HANDED_OUT' },
    })
    await check(gb, { lines: counted(5) })
    const { backOf } = await lookAt(backend, gb)
    // Five came, three are out: the first gets two of three, the third keeps three of four.
    expect([first, third].map((id) => backOf(id, 'shortage'))).toEqual([860, 860])
  })

  it('is decided once: the same count again is the same check, another one is refused', async () => {
    const { gb } = await aConfirmed()
    const lines = counted(7)
    const both = await Promise.all([check(gb, { lines }), check(gb, { lines: lines.toReversed() })])
    expect(both.map(({ status }) => status)).toEqual([200, 200])
    expect(await check(gb, { lines })).toMatchObject({ status: 200, body: { short: { portions: 2 } } })
    expect(await check(gb, { lines: counted(6) })).toMatchObject({ status: 409, body: { code: 'DELIVERY_CHECKED' } })
    const { refunds, reversals } = await lookAt(backend, gb)
    expect(refunds).toHaveLength(1)
    expect(reversals).toHaveLength(1)
  })

  it('leaves out who got everything back meanwhile', async () => {
    const { gb, second, third } = await aConfirmed()
    const refund = { refundId: randomUUID(), reason: 'refund' }
    await call(paymentsHandler, refundOrder, { params: { orderId: third }, body: refund, as: 'worker-1' })
    await check(gb, { lines: counted(4) })
    const { backOf, shares } = await lookAt(backend, gb)
    expect(backOf(second, 'shortage')).toBe(860)
    expect(backOf(third, 'shortage')).toBe(0)
    expect(shares.get(third)?.state).toBe('refunded')
  })

  it.each(Array.from({ length: 9 }, (_none, cut) => cut))(
    'ends the same when it is cut off at write %i and goes on with the clock',
    async (cut) => {
      const { gb, first, second, third } = await aConfirmed()
      killWritesAfter(cut)
      const answer = await check(gb, { lines: counted(2) })
      vi.restoreAllMocks()
      if (cut === 0) expect(answer.status).toBe(500)
      // The worker sends it again, or nobody does: the clock goes on with what was decided.
      if (cut % 2 === 0) await check(gb, { lines: counted(2) })
      await tick(paymentsTick)
      if ((await lookAt(backend, gb)).deliveries.length === 0) await check(gb, { lines: counted(2) })
      await tick(paymentsTick)
      const { shares, backOf, reversals, deliveries } = await lookAt(backend, gb)
      expect([first, second, third].map((id) => backOf(id, 'shortage'))).toEqual([860, 1720, 3440])
      expect([first, second, third].map((id) => shares.get(id)?.state)).toEqual(['ready', 'ready', 'refunded'])
      expect(reversals.reduce((sum, event) => sum + Number(event.amountFen), 0)).toBe(860 + 1720 + 3440)
      expect(deliveries).toMatchObject([{ state: 'done' }])
      expect(deliveries[0]).not.toHaveProperty('GSI1PK')
    },
  )
})

describe('a count that cannot be', () => {
  it.each([
    [
      'of goods that were not offered',
      [...counted(9), { offerId: 'leek', arrivedPortions: 1, refusedPortions: 0 }],
      422,
      'UNKNOWN_OFFER',
    ],
    ['of the same goods twice', [...counted(9), ...counted(9)], 422, 'DUPLICATE_OFFER'],
    ['that leaves something out', counted(9).slice(0, 1), 422, 'OFFER_NOT_COUNTED'],
    ['that refuses more than came', counted(3, 1, 4), 422, 'MORE_REFUSED_THAN_ARRIVED'],
  ])('%s is refused and changes nothing', async (_what, lines, status, code) => {
    const { gb } = await aConfirmed()
    const answer = await check(gb, { lines })
    expect(answer).toMatchObject({ status, body: { code } })
    expect(Object.keys((answer.body as { fields: object }).fields)).toHaveLength(1)
    expect((await lookAt(backend, gb)).deliveries).toEqual([])
  })

  it('is one of a group buy that is not decided', async () => {
    const gb = await aGroupBuy()
    await residents.buy(gb, 'resident-1', { tomato: 1 })
    expect(await check(gb, { lines: counted(1, 0) })).toMatchObject({ body: { code: 'GROUP_BUY_NOT_DECIDED' } })
    expect(await announce(gb, {})).toMatchObject({ body: { code: 'GROUP_BUY_NOT_DECIDED' } })
  })

  it('is one of a group buy that is settled: then a claim is the way', async () => {
    const { gb } = await aConfirmed()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10 * 86_400_000 })
    await tick(settlementTick)
    vi.useRealTimers()
    expect((await lookAt(backend, gb)).groupBuy.state).toBe('settled')
    expect(await check(gb, { lines: counted(1) })).toMatchObject({ body: { code: 'GROUP_BUY_NOT_DECIDED' } })
  })
})

describe('a check that was decided and not carried out', () => {
  it('is not done with because a run had no time', async () => {
    const { gb, third } = await aConfirmed()
    // Only the decision itself is made.
    killWrites((writes) => !writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'delivery'))
    expect((await check(gb, { lines: counted(8) })).status).toBe(500)
    vi.restoreAllMocks()
    await tick(paymentsTick, 0)
    const { deliveries, refunds, groupBuy } = await lookAt(backend, gb)
    expect([deliveries[0]?.state, refunds, groupBuy.state]).toEqual(['checked', [], 'receiving'])
    await tick(paymentsTick)
    const after = await lookAt(backend, gb)
    expect([after.deliveries[0]?.state, after.groupBuy.state]).toEqual(['done', 'distributing'])
    expect(after.backOf(third, 'shortage')).toBe(860)
  })
})

describe('what a co-op says it sends', () => {
  it('stands beside what is counted, may be corrected, and only until then', async () => {
    const { gb } = await aConfirmed()
    const lines = [{ offerId: 'tomato', sentPortions: 8 }]
    expect(await announce(gb, { lines, note: '下雨，番茄少 1 份' })).toMatchObject({
      status: 200,
      body: { version: 1 },
    })
    expect(await announce(gb, { lines })).toMatchObject({ status: 409, body: { code: 'DELIVERY_CHANGED' } })
    expect(await announce(gb, { version: 1, lines: [{ offerId: 'tomato', sentPortions: 7 }] })).toMatchObject({
      body: { state: 'announced', version: 2, lines: [{ sentPortions: 7, orderedPortions: 9 }, {}] },
    })
    // The worker saw an older one.
    expect(await check(gb, { version: 1, lines: counted(7) })).toMatchObject({ body: { code: 'DELIVERY_CHANGED' } })
    await check(gb, { version: 2, lines: counted(8) })
    expect(await deliveryOf(gb)).toMatchObject({
      lines: [{ sentPortions: 7, arrivedPortions: 8 }, { arrivedPortions: 1 }],
    })
    expect(await announce(gb, { version: 3, lines })).toMatchObject({ body: { code: 'DELIVERY_CHECKED' } })
  })

  it.each([
    [
      'twice',
      [
        { offerId: 'tomato', sentPortions: 1 },
        { offerId: 'tomato', sentPortions: 2 },
      ],
      'DUPLICATE_OFFER',
    ],
    ['of others', [{ offerId: 'leek', sentPortions: 1 }], 'UNKNOWN_OFFER'],
  ])('names no goods %s', async (_what, lines, code) => {
    const { gb } = await aConfirmed()
    expect(await announce(gb, { lines })).toMatchObject({ status: 422, body: { code } })
  })
})

describe('who may', () => {
  it('announce: the co-op that sells; count: workers of the community; look: both', async () => {
    const { gb } = await aConfirmed()
    for (const as of ['coop-2']) expect((await announce(gb, {}, as)).status).toBe(404)
    for (const as of ['worker-1', 'resident-1']) expect((await announce(gb, {}, as)).status).toBe(403)
    for (const as of ['worker-2']) expect((await check(gb, { lines: counted(9) }, as)).status).toBe(404)
    for (const as of ['coop-1', 'resident-1']) expect((await check(gb, { lines: counted(9) }, as)).status).toBe(403)
    const params = { groupBuyId: gb, compoundId: COMPOUND }
    const look = async (as: string) => (await call(deliveriesHandler, listDeliveries, { params, as })).status
    expect(await Promise.all(['coop-1', 'worker-1', 'admin-1'].map(look))).toEqual([200, 200, 200])
    expect(await Promise.all(['coop-2', 'worker-2'].map(look))).toEqual([404, 404])
    expect((await check(gb, { lines: counted(9) }, 'admin-1')).status).toBe(200)
  })

  it('not at a point or in a compound that does not exist', async () => {
    const { gb } = await aConfirmed()
    const params = { ...point(gb), pickUpPointId: 'p-9' }
    const body = { version: 0, lines: counted(9) }
    expect((await call(paymentsHandler, checkDelivery, { params, body, as: 'worker-1' })).status).toBe(404)
    const elsewhere = { ...point(gb), compoundId: 'c-9' }
    expect((await call(paymentsHandler, checkDelivery, { params: elsewhere, body, as: 'worker-1' })).status).toBe(404)
  })
})
