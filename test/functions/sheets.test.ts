import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { getPurchaseOrder } from '#shared/contracts/group-buys.ts'
import { getSortingSheet, placeOrder, refundOrder, startCheckout } from '#shared/contracts/orders.ts'
import { handler as groupBuysHandler } from '#functions/group-buys/index.ts'
import { handler as ordersHandler } from '#functions/orders/index.ts'
import { handler as paymentsHandler } from '#functions/payments/index.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { aCoopMember, aMarket, anAdmin, aResident, aWorker, COMPOUND } from '../fixtures/market.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'

let backend: Backend
let provider: Provider
let gb = ''
beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  for (const room of ['10.1.101', '2.1.102', '2.1.1001']) await aResident(backend, `resident-${room}`, room)
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
beforeEach(async () => {
  gb = `gb-${randomUUID().slice(0, 8)}`
  await aMarket(backend, { groupBuyId: gb })
})

/** Lines of an order lie in the order of their offers' ids. */
const [CUCUMBER, TOMATO] = ['1-1', '1-2'] as const

async function anOrder(room: string, tomatoes = 2): Promise<string> {
  const orderId = randomUUID()
  const lines = [
    { groupBuyId: gb, offerId: 'tomato', quantity: tomatoes },
    { groupBuyId: gb, offerId: 'cucumber', quantity: 1 },
  ]
  const as = `resident-${room}`
  expect((await call(ordersHandler, placeOrder, { params: { orderId }, body: { lines }, as })).status).toBe(200)
  return orderId
}

async function paidOrder(room: string, tomatoes?: number): Promise<string> {
  const orderId = await anOrder(room, tomatoes)
  const opened = await call(paymentsHandler, startCheckout, { params: { orderId }, as: `resident-${room}` })
  await provider.pay((opened.body as { checkoutUrl: string }).checkoutUrl)
  const webhook = await provider.webhook('checkout.session.completed', orderId)
  expect(await provider.deliver(paymentsHandler, webhook)).toMatchObject({ body: { outcome: 'applied' } })
  return orderId
}

async function refund(orderId: string, lineId: string, amountFen: number) {
  const share = (await backend.scan('market')).find((item) => item.entity === 'share' && item.orderId === orderId)
  const body = { refundId: randomUUID(), reason: 'refund', lines: [{ saleId: share?.saleId, lineId, amountFen }] }
  const answer = await call(paymentsHandler, refundOrder, { params: { orderId }, body, as: 'worker-1' })
  expect(answer.status).toBe(200)
}

const purchaseOrder = (as = 'coop-1', groupBuyId = gb) =>
  call(groupBuysHandler, getPurchaseOrder, { params: { groupBuyId }, as })
const sheet = (as = 'worker-1', compoundId = COMPOUND, groupBuyId = gb) =>
  call(ordersHandler, getSortingSheet, { params: { compoundId, groupBuyId }, as })

async function close(): Promise<void> {
  const { PK, SK } = keys.groupBuy(gb)
  const item = (await backend.scan('market')).find((each) => each.PK === PK && each.SK === SK)
  await backend.put('market', { ...item, state: 'closing' })
}

describe('the purchase order of a group buy', () => {
  it('counts paid orders only, without lines that were refunded completely, and says nothing of who ordered', async () => {
    const whole = await paidOrder('2.1.102')
    const part = await paidOrder('10.1.101', 1)
    await anOrder('2.1.1001', 3)
    await refund(part, TOMATO, 860)
    await refund(whole, TOMATO, 20)
    const answer = await purchaseOrder()
    expect(answer).toMatchObject({
      status: 200,
      body: {
        groupBuyId: gb,
        final: false,
        paidOrderCount: 2,
        payableOrderCount: 1,
        portions: 4,
        amountFen: 1700 + 860,
        offers: expect.arrayContaining([
          expect.objectContaining({ offerId: 'tomato', portions: 2, grams: 1000, amountFen: 1700 }),
          expect.objectContaining({ offerId: 'cucumber', portions: 2, grams: 1000, amountFen: 860 }),
        ]),
        compounds: [
          { compoundId: COMPOUND, pickUpPoint: { pickUpPointId: 'p-1' }, orderCount: 2, portions: 4, amountFen: 2560 },
        ],
      },
    })
    for (const secret of [whole, part, 'resident', '2.1.102', 'pickUpCode', 'household', 'saleId']) {
      expect(answer.text).not.toContain(secret)
    }
    // By itself: an id drawn by lot may hold these digits.
    expect(answer.text).not.toMatch(/\b102\b/)
  })

  it('is not final before the group buy is closed, nor while somebody can still pay', async () => {
    await paidOrder('2.1.102')
    expect((await purchaseOrder()).body).toMatchObject({ final: false, payableOrderCount: 0 })
    await anOrder('10.1.101')
    await close()
    expect((await purchaseOrder()).body).toMatchObject({ final: false, payableOrderCount: 1 })
    expect((await sheet()).body).toMatchObject({ final: false, payableOrderCount: 1 })
  })

  it('is final when it is closed and all are paid', async () => {
    await paidOrder('2.1.102')
    await close()
    expect((await purchaseOrder()).body).toMatchObject({ final: true, paidOrderCount: 1 })
    expect((await sheet()).body).toMatchObject({ final: true, bagCount: 1 })
  })

  it('leaves out a share whose goods failed', async () => {
    const orderId = await paidOrder('2.1.102')
    const share = (await backend.scan('market')).find((item) => item.entity === 'share' && item.orderId === orderId)
    await backend.put('market', { ...share, state: 'failed' })
    expect((await purchaseOrder()).body).toMatchObject({ paidOrderCount: 0, portions: 0, compounds: [] })
  })

  it('is there for its own co-op and administrators; for others it does not exist', async () => {
    expect((await purchaseOrder('admin-1')).status).toBe(200)
    expect((await purchaseOrder('coop-2')).status).toBe(404)
    expect((await purchaseOrder('worker-1')).status).toBe(403)
    expect((await purchaseOrder('resident-2.1.102')).status).toBe(403)
    expect((await purchaseOrder('coop-1', 'gb-none')).status).toBe(404)
  })
})

describe('the sorting sheet of a compound', () => {
  it('goes by building, unit and room, and adds up to the purchase order', async () => {
    await paidOrder('10.1.101', 1)
    const second = await paidOrder('2.1.1001', 1)
    const first = await paidOrder('2.1.102')
    await anOrder('2.1.102', 1)
    await refund(second, CUCUMBER, 430)
    const answer = await sheet()
    expect(answer).toMatchObject({
      status: 200,
      body: {
        bagCount: 3,
        portions: 6,
        payableOrderCount: 1,
        households: [
          { householdLabel: expect.stringContaining('2.1.102'), orders: [{ orderId: first }] },
          { orders: [{ orderId: second, pickUpPointName: '东门驿站', lines: [{ offerId: 'tomato', portions: 1 }] }] },
          { householdLabel: expect.stringContaining('10.1.101') },
        ],
      },
    })
    const body = answer.body as { products: { offerId: string; portions: number; grams: number }[] }
    const whole = (await purchaseOrder()).body as { compounds: { offers: typeof body.products }[] }
    const plain = (rows: typeof body.products = []) =>
      rows.map(({ offerId, portions, grams }) => ({ offerId, portions, grams }))
    expect(plain(body.products)).toEqual(plain(whole.compounds[0]?.offers))
    for (const { pickUpCode } of (
      answer.body as { households: { orders: { pickUpCode: string }[] }[] }
    ).households.flatMap(({ orders }) => orders)) {
      expect(pickUpCode).toMatch(/^\d{6}$/)
    }
  })

  it('holds the orders of that compound and no other', async () => {
    const orderId = await paidOrder('2.1.102')
    const share = (await backend.scan('market')).find((item) => item.entity === 'share' && item.orderId === orderId)
    await backend.put('market', { ...share, compoundId: 'c-elsewhere' })
    expect((await sheet()).body).toMatchObject({ bagCount: 0, households: [], products: [] })
  })

  it('is there for workers of the community and administrators; for others it does not exist', async () => {
    expect((await sheet('admin-1')).status).toBe(200)
    expect((await sheet('worker-2')).status).toBe(404)
    expect((await sheet('coop-1')).status).toBe(403)
    expect((await sheet('resident-2.1.102')).status).toBe(403)
    expect((await sheet('worker-1', 'c-none')).status).toBe(404)
    expect((await sheet('worker-1', COMPOUND, 'gb-none')).status).toBe(404)
    await aMarket(backend, { groupBuyId: `${gb}-other`, place: 2 })
    expect((await sheet('worker-1', COMPOUND, `${gb}-other`)).status).toBe(404)
  })
})

describe('three hundred orders', () => {
  it('are all on both sheets', { timeout: 120_000 }, async () => {
    const orderId = await paidOrder('2.1.102', 1)
    const mine = (await backend.scan('market')).filter(
      (item) => item.orderId === orderId || item.PK === keys.order(orderId).PK,
    )
    const copies = Number(process.env.SHEET_ORDERS ?? 300) - 1
    for (let n = 0; n < copies; n++) {
      const copy = randomUUID()
      for (const item of mine.filter(({ entity }) => ['order', 'orderLines', 'share'].includes(String(entity)))) {
        const key = Object.fromEntries(
          ['PK', 'SK', 'GSI1SK'].flatMap((name) =>
            typeof item[name] === 'string' ? [[name, item[name].replace(orderId, copy)]] : [],
          ),
        )
        const householdId = `${COMPOUND}.${(n % 12) + 1}.1.${n + 1}`
        const own = item.entity === 'orderLines' ? {} : { orderId: copy, householdId }
        await backend.put('market', { ...item, ...key, ...own })
      }
    }
    for (const [name, read] of [
      ['purchase order', purchaseOrder],
      ['sorting sheet', sheet],
    ] as const) {
      const startedMs = performance.now()
      const answer = await read()
      const tookMs = Math.round(performance.now() - startedMs)
      console.log(`${name} of ${copies + 1} orders: ${tookMs} ms, ${Math.round(answer.text.length / 1024)} KiB`)
      expect(answer.body).toMatchObject({ portions: 2 * (copies + 1) })
    }
  })
})
