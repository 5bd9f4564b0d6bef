import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  bankCash,
  type CashDay,
  countCash,
  getCashDay,
  handBackCash,
  listCashDue,
  reopenCash,
  takeCash,
} from '#shared/contracts/cash.ts'
import { getOrder, type OrderView, refundOrder, startCheckout } from '#shared/contracts/orders.ts'
import type { Route } from '#shared/contracts/route.ts'
import { shanghaiDay } from '#shared/kernel/time.ts'
import { handler as cash } from '#functions/cash/index.ts'
import { handler as orders } from '#functions/orders/index.ts'
import { giveUp } from '#functions/payments/give-up.ts'
import { handler as payments } from '#functions/payments/index.ts'
import { handler as paymentsTick } from '#functions/payments/on-tick.ts'
import { payments as port } from '#functions/platform/payments/stripe.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { beforeReadingItem, beforeWriting, killWritesAfter } from '../fixtures/interleave.ts'
import { aCoopMember, aMarket, anAdmin, aResident, aWorker, COMMUNITY, placeIds } from '../fixtures/market.ts'
import { lookAt, ordering, tick, whenOver } from '../fixtures/ordering.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'

/** Goal: cash pays like any other money, comes back over the counter, and each day's till adds up under four eyes. */
let backend: Backend
let provider: Provider
let buyers: ReturnType<typeof ordering>
let gb = ''
let clock = Date.parse('2026-12-01T02:00:00.000Z')

beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  buyers = ordering(backend, provider)
  for (const person of ['resident-1', 'resident-2']) await aResident(backend, person)
  await aResident(backend, 'worker-lives-here', 'resident-1')
  for (const person of ['worker-1', 'worker-b', 'worker-lives-here']) await aWorker(backend, person)
  await aWorker(backend, 'worker-2', placeIds(2).communityId)
  await aCoopMember(backend, 'coop-1')
  await anAdmin(backend, 'admin-1')
})
afterAll(async () => {
  await provider.stop()
  await backend.stop()
})
/** Each test has a day of its own, so that tills do not mix. */
beforeEach(async () => {
  clock += 86_400_000
  vi.useFakeTimers({ toFake: ['Date'], now: clock })
  gb = `gb-${randomUUID().slice(0, 8)}`
  const offers = [{ offerId: 'apple', priceFen: 1_000, stock: 40, limit: 20 }]
  await aMarket(backend, { groupBuyId: gb, pickUpEndsAt: new Date(clock + 1_800_000).toISOString(), offers })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const place = (apple = 2, as = 'resident-1') => buyers.place(gb, as, { apple })
type Taking = { moveId?: string; amountFen?: number; as?: string }
const take = (orderId: string, { moveId = randomUUID(), amountFen = 2_000, as = 'worker-1' }: Taking = {}) =>
  call(payments, takeCash, { params: { orderId, moveId }, body: { amountFen }, as })
const see = async (orderId: string) =>
  (await call(orders, getOrder, { params: { orderId }, as: 'worker-1' })).body as OrderView
const paidInCash = async (apple = 2): Promise<string> => {
  const orderId = await place(apple)
  expect(await take(orderId, { amountFen: apple * 1_000 })).toMatchObject({ status: 200, body: { state: 'paid' } })
  return orderId
}
const today = () => shanghaiDay(new Date().toISOString())
const ask = (route: Route, as: string, body?: object) =>
  call(cash, route, { params: { communityId: COMMUNITY, day: today() }, ...(body && { body }), as })
const till = async () => (await ask(getCashDay, 'worker-1')).body as CashDay
const salesOf = async (orderId: string) => {
  const { shares } = await lookAt(backend, gb)
  const saleId = shares.get(orderId)?.saleId
  return (await backend.scan('market')).filter((item) => item.type === 'sale.recorded.v1' && item.saleId === saleId)
}
async function refund(orderId: string, amountFen: number, as = 'worker-b'): Promise<string> {
  const saleId = (await lookAt(backend, gb)).shares.get(orderId)?.saleId
  const refundId = randomUUID()
  const body = { refundId, reason: 'refund', lines: [{ saleId, lineId: '1-1', amountFen }] }
  expect(await call(payments, refundOrder, { params: { orderId }, body, as })).toMatchObject({
    ...{ status: 200, body: { state: 'decided' } },
  })
  return refundId
}
const back = (orderId: string, refundId: string, { moveId = randomUUID(), as = 'worker-1' }: Taking = {}) =>
  call(payments, handBackCash, { params: { orderId, refundId, moveId }, as })
const due = async () =>
  (
    (await call(cash, listCashDue, { params: { communityId: COMMUNITY }, query: { limit: '100' }, as: 'worker-1' }))
      .body as { items: { refundId: string; amountFen: number }[] }
  ).items

describe('cash at the desk', () => {
  it('pays an order like any other money: its sale is recorded, and the till knows', async () => {
    const orderId = await paidInCash()
    expect(await see(orderId)).toMatchObject({ state: 'paid', paidInCash: true, pickUpCode: expect.any(String) })
    expect(await salesOf(orderId)).toMatchObject([{ amountFen: 2_000 }])
    expect(await till()).toMatchObject({
      ...{ state: 'open', takenFen: 2_000, handedBackFen: 0, expectedFen: 2_000, moveCount: 1 },
      moves: [{ kind: 'taken', orderId, amountFen: 2_000 }],
    })
  })

  it('is taken once, however often it is sent, also twenty times at once', async () => {
    const orderId = await place()
    const same = { moveId: randomUUID() }
    const answers = await Promise.all(Array.from({ length: 20 }, () => take(orderId, same)))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 200 })
    expect(await take(await place(2, 'resident-2'), same)).toMatchObject({ body: { code: 'CASH_ID_REUSED' } })
    expect(await take(orderId)).toMatchObject({ status: 409, body: { code: 'ORDER_ALREADY_PAID' } })
    expect(await till()).toMatchObject({ takenFen: 2_000, moveCount: 1 })
  })

  it('that was recorded by the same request a moment ago is not taken for another', async () => {
    const orderId = await place()
    const same = { moveId: randomUUID() }
    beforeReadingItem('CASH#MOVE#', async () => expect((await take(orderId, same)).status).toBe(200))
    expect(await take(orderId, same)).toMatchObject({ status: 200, body: { state: 'paid' } })
    expect(await till()).toMatchObject({ moveCount: 1 })
  })

  it('is the sum of the order and nothing else', async () => {
    const orderId = await place()
    for (const amountFen of [1_999, 2_001, 1]) {
      expect(await take(orderId, { amountFen })).toMatchObject({
        ...{ status: 422, body: { code: 'CASH_DIFFERS', fields: { amountFen: expect.stringContaining('20.00') } } },
      })
    }
    expect(await take(orderId, { amountFen: 0 })).toMatchObject({ status: 400 })
    expect((await see(orderId)).state).toBe('pending_payment')
    expect(await till()).toMatchObject({ moveCount: 0 })
  })

  it('is taken by a worker of the community, never of their own household', async () => {
    const orderId = await place()
    expect((await take(orderId, { as: 'worker-2' })).status).toBe(404)
    for (const as of ['resident-1', 'coop-1', 'admin-1']) expect((await take(orderId, { as })).status, as).toBe(403)
    expect(await take(orderId, { as: 'worker-lives-here' })).toMatchObject({ body: { code: 'OWN_ORDER' } })
  })

  it('is refused for an order that is over', async () => {
    const orderId = await place()
    expect(await giveUp(orderId, 'expired', port, whenOver())).toBe('released')
    expect(await take(orderId)).toMatchObject({ status: 409, body: { code: 'ORDER_EXPIRED' } })
    expect(await till()).toMatchObject({ moveCount: 0 })
  })

  it('and a payment by phone at the same time are one payment; the other goes back', async () => {
    const orderId = await place()
    const page = await call(payments, startCheckout, { params: { orderId }, as: 'resident-1' })
    const { checkoutUrl } = page.body as { checkoutUrl: string }
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'cashMove'),
      async () => {
        await provider.pay(checkoutUrl)
        const webhook = await provider.webhook('checkout.session.completed', orderId)
        expect(await provider.deliver(payments, webhook)).toMatchObject({ body: { outcome: 'applied' } })
      },
    )
    expect(await take(orderId)).toMatchObject({ status: 409, body: { code: 'ORDER_ALREADY_PAID' } })
    expect(await till()).toMatchObject({ moveCount: 0 })
    expect(await salesOf(orderId)).toHaveLength(1)
  })

  it('ends the payment page that is open', async () => {
    const orderId = await place()
    const page = await call(payments, startCheckout, { params: { orderId }, as: 'resident-1' })
    const { sessionId } = page.body as { sessionId: string }
    expect((await take(orderId)).status).toBe(200)
    expect((await port.getSession(sessionId)).state).not.toBe('open')
  })

  it('is all there or not at all, wherever the machine dies', async () => {
    const orderId = await place()
    const same = { moveId: randomUUID() }
    killWritesAfter(0)
    await take(orderId, same)
    vi.restoreAllMocks()
    expect(await till()).toMatchObject({ moveCount: 0 })
    expect((await see(orderId)).state).toBe('pending_payment')
    expect((await take(orderId, same)).status).toBe(200)
    expect(await till()).toMatchObject({ moveCount: 1, takenFen: 2_000 })
  })
})

describe('what was paid in cash', () => {
  it('goes back in cash: it waits at the desk, and no provider is asked', async () => {
    const orderId = await paidInCash()
    const asked = vi.spyOn(port, 'refund')
    const refundId = await refund(orderId, 600)
    await tick(paymentsTick)
    expect(asked).not.toHaveBeenCalled()
    expect((await see(orderId)).refunds).toMatchObject([{ refundId, state: 'decided', amountFen: 600 }])
    const told = (await backend.scan('market')).find((item) => item.entity === 'notice' && item.orderId === orderId)
    expect(told).toMatchObject({ kind: 'refunded', amountFen: 600, inCash: true })
    expect(await due()).toContainEqual(expect.objectContaining({ refundId, amountFen: 600, orderId }))
    expect(await back(orderId, refundId)).toMatchObject({ status: 200, body: { amountFen: 600 } })
    expect((await see(orderId)).refunds).toMatchObject([{ state: 'succeeded', endedAt: expect.any(String) }])
    expect((await due()).filter((each) => each.refundId === refundId)).toEqual([])
    expect(await till()).toMatchObject({ takenFen: 2_000, handedBackFen: 600, expectedFen: 1_400, moveCount: 2 })
  })

  it('is handed back once, however often it is sent', async () => {
    const orderId = await paidInCash()
    const refundId = await refund(orderId, 600)
    const same = { moveId: randomUUID() }
    const answers = await Promise.all(Array.from({ length: 8 }, () => back(orderId, refundId, same)))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(answers[0]?.status).toBe(200)
    expect(await back(orderId, refundId)).toMatchObject({ status: 409, body: { code: 'HANDED_BACK' } })
    const other = await refund(orderId, 100)
    expect(await back(orderId, other, same)).toMatchObject({ status: 409, body: { code: 'CASH_ID_REUSED' } })
    expect(await till()).toMatchObject({ handedBackFen: 600 })
  })

  it('is handed back by two at once only once', async () => {
    const orderId = await paidInCash()
    const refundId = await refund(orderId, 600)
    const answers = await Promise.all([back(orderId, refundId), back(orderId, refundId)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(await till()).toMatchObject({ handedBackFen: 600 })
  })

  it('is not handed back by who decided it, by their own household, or elsewhere', async () => {
    const orderId = await paidInCash()
    const refundId = await refund(orderId, 600)
    expect(await back(orderId, refundId, { as: 'worker-b' })).toMatchObject({ body: { code: 'FOUR_EYES' } })
    expect(await back(orderId, refundId, { as: 'worker-lives-here' })).toMatchObject({ body: { code: 'OWN_ORDER' } })
    expect((await back(orderId, refundId, { as: 'worker-2' })).status).toBe(404)
    expect((await back(orderId, 'no-such-refund')).status).toBe(404)
    expect((await back(orderId, refundId, { as: 'resident-1' })).status).toBe(403)
  })

  it('and only that: money that came by phone goes back by phone', async () => {
    const orderId = await buyers.buy(gb, 'resident-1', { apple: 1 })
    const saleId = (await lookAt(backend, gb)).shares.get(orderId)?.saleId
    const refundId = randomUUID()
    const body = { refundId, reason: 'refund', lines: [{ saleId, lineId: '1-1', amountFen: 100 }] }
    expect((await call(payments, refundOrder, { params: { orderId }, body, as: 'worker-b' })).status).toBe(200)
    expect(await back(orderId, refundId)).toMatchObject({ status: 409, body: { code: 'NOT_IN_CASH' } })
  })

  it('goes back at the desk when the group buy fails, too', async () => {
    const failing = `gb-${randomUUID().slice(0, 8)}`
    gb = failing
    const offers = [{ offerId: 'apple', priceFen: 1_000, stock: 40, limit: 20 }]
    await aMarket(backend, { groupBuyId: gb, offers, success: { kind: 'portions', minimum: 30 } })
    const orderId = await paidInCash()
    await buyers.close(gb)
    const [only] = (await see(orderId)).refunds
    expect(only).toMatchObject({ state: 'decided', amountFen: 2_000, reason: 'failed-group' })
    expect((await back(orderId, String(only?.refundId))).status).toBe(200)
  })
})

describe('the till of a day', () => {
  it('is counted by one and banked by another, and takes nothing in between', async () => {
    const orderId = await paidInCash()
    const refundId = await refund(orderId, 500)
    const { version } = await till()
    expect(await ask(countCash, 'worker-1', { version, countedFen: 1_999 })).toMatchObject({
      ...{ status: 422, body: { code: 'CASH_DIFFERS', fields: { words: expect.any(String) } } },
    })
    const counted = await ask(countCash, 'worker-1', { version, countedFen: 2_000 })
    expect(counted).toMatchObject({ status: 200, body: { state: 'counted', counted: { countedFen: 2_000 } } })
    expect(await ask(countCash, 'worker-1', { version, countedFen: 2_000 })).toEqual(counted)
    expect(await take(await place(2, 'resident-2'))).toMatchObject({ body: { code: 'CASH_DAY_COUNTED' } })
    expect(await back(orderId, refundId)).toMatchObject({ body: { code: 'CASH_DAY_COUNTED' } })
    const slip = { version: version + 1, bankReference: `ICBC-${randomUUID().slice(0, 12)}`, bankedOn: today() }
    expect(await ask(bankCash, 'worker-1', slip)).toMatchObject({ body: { code: 'FOUR_EYES' } })
    expect(await ask(reopenCash, 'coop-1', { version: version + 1 })).toMatchObject({ status: 403 })
    const banked = await ask(bankCash, 'worker-b', slip)
    expect(banked).toMatchObject({
      status: 200,
      body: { state: 'banked', banked: { bankReference: slip.bankReference } },
    })
    expect(await ask(bankCash, 'worker-b', slip)).toEqual(banked)
    expect(await ask(reopenCash, 'worker-1', { version: version + 2 })).toMatchObject({ body: { code: 'WRONG_STATE' } })
    expect(JSON.stringify(banked.body)).not.toMatch(/worker-|issuer/)
    clock += 86_400_000
    vi.setSystemTime(clock)
    expect((await back(orderId, refundId)).status).toBe(200)
    const next = await till()
    expect(next).toMatchObject({ expectedFen: -500 })
    await ask(countCash, 'worker-1', { version: next.version, countedFen: -500 })
    expect(await ask(bankCash, 'worker-b', { ...slip, version: next.version + 1, bankedOn: today() })).toMatchObject({
      ...{ status: 409, body: { code: 'BANK_REFERENCE_USED' } },
    })
  })

  it('that moved since it was looked at is not counted', async () => {
    await paidInCash()
    const { version } = await till()
    await paidInCash(3)
    expect(await ask(countCash, 'worker-1', { version, countedFen: 2_000 })).toMatchObject({
      ...{ status: 409, body: { code: 'CASH_DAY_MOVED' } },
    })
  })

  it('is counted, or takes more, but not both at once', async () => {
    await paidInCash()
    const orderId = await place(3)
    const { version } = await till()
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'cashDay'),
      async () => expect((await take(orderId, { amountFen: 3_000 })).status).toBe(200),
    )
    expect(await ask(countCash, 'worker-1', { version, countedFen: 2_000 })).toMatchObject({
      ...{ status: 409, body: { code: 'CASH_DAY_MOVED' } },
    })
    vi.restoreAllMocks()
    const now = await till()
    const late = await place(1)
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'cashMove'),
      async () =>
        expect((await ask(countCash, 'worker-1', { version: now.version, countedFen: 5_000 })).status).toBe(200),
    )
    expect(await take(late, { amountFen: 1_000 })).toMatchObject({ body: { code: 'CASH_DAY_COUNTED' } })
    expect((await see(late)).state).toBe('pending_payment')
    expect(await till()).toMatchObject({ state: 'counted', takenFen: 5_000 })
  })

  it('is opened again before it is banked, and counted anew', async () => {
    await paidInCash()
    const { version } = await till()
    await ask(countCash, 'worker-1', { version, countedFen: 1_990, words: '少了一角' })
    expect(await till()).toMatchObject({ counted: { countedFen: 1_990, words: '少了一角', byCaller: true } })
    const opened = await ask(reopenCash, 'worker-b', { version: version + 1 })
    expect(opened).toMatchObject({ status: 200, body: { state: 'open' } })
    expect((opened.body as CashDay).counted).toBeUndefined()
    expect(await ask(reopenCash, 'worker-b', { version: version + 1 })).toEqual(opened)
    await paidInCash(1)
    expect(await till()).toMatchObject({ takenFen: 3_000 })
  })

  it('is seen by the community’s workers and the district alone', async () => {
    for (const [as, status] of [
      ['worker-1', 200],
      ['admin-1', 200],
      ['worker-2', 404],
      ['coop-1', 403],
      ['resident-1', 403],
    ] as const) {
      expect((await ask(getCashDay, as)).status, as).toBe(status)
      expect((await call(cash, listCashDue, { params: { communityId: COMMUNITY }, as })).status, as).toBe(status)
    }
    for (const [route, body] of [
      [countCash, { version: 0, countedFen: 0 }],
      [reopenCash, { version: 0 }],
      [bankCash, { version: 0, bankReference: 'SLIP-1', bankedOn: today() }],
    ] as const) {
      expect((await ask(route, 'worker-2', body)).status, route.name).toBe(404)
      expect((await ask(route, 'resident-1', body)).status, route.name).toBe(403)
    }
    expect(await ask(countCash, 'worker-1', { version: 0, countedFen: 0 })).toMatchObject({
      body: { code: 'NOTHING_TO_COUNT' },
    })
  })
})
