import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  bankCash,
  bringInCash,
  type CashDay,
  type CashMove,
  type CashTill,
  countCash,
  getCashDay,
  getCashTill,
  handBackCash,
  listCashDue,
  listCashTills,
  takeCash,
} from '#shared/contracts/cash.ts'
import {
  findUnpaidOrders,
  getOrder,
  type OrderView,
  placeOrderFor,
  refundOrder,
  startCheckout,
} from '#shared/contracts/orders.ts'
import type { Route } from '#shared/contracts/route.ts'
import { balanceOf } from '#shared/kernel/cash-book.ts'
import { shanghaiDay } from '#shared/kernel/time.ts'
import { handler as cash } from '#functions/cash/index.ts'
import { handler as orders } from '#functions/orders/index.ts'
import { askRefund } from '#functions/payments/ask-refund.ts'
import { isDisputed, markDispute } from '#functions/payments/dispute-mark.ts'
import { giveUp } from '#functions/payments/give-up.ts'
import { closeParkedMoney } from '#shared/contracts/payments.ts'
import { handler as payments } from '#functions/payments/index.ts'
import { handler as notifications } from '#functions/notifications/index.ts'
import { listNotices } from '#shared/contracts/notifications.ts'
import { handler as paymentsTick } from '#functions/payments/on-tick.ts'
import { keepProviderRefund } from '#functions/payments/refund-store.ts'
import { RefusedByProvider } from '#functions/platform/payments/port.ts'
import { payments as port } from '#functions/platform/payments/stripe.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { refundItem } from '#functions/platform/table/items/orders.ts'
import { cashMoveItem } from '#functions/platform/table/items/cash.ts'
import { type Backend, startBackend, lives } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { beforeReadingItem, beforeReadingRange, beforeWriting, killWritesAfter } from '../fixtures/interleave.ts'
import { aCoopMember, aMarket, anAdmin, aResident, aWorker, COMMUNITY, COMPOUND, placeIds } from '../fixtures/market.ts'
import { lookAt, ordering, tick, whenOver } from '../fixtures/ordering.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'

/** Goal: cash pays like any other money, comes back over the counter, and the till's book is right to the fen under four eyes. */
/** What nobody looks at in a refund that is mocked. */
const ANY_REFUND = { paymentId: 'pi_any', amountFen: 100, createdAt: new Date().toISOString() }

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
  await aResident(backend, 'resident-102', '1.1.102')
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
async function openGroupBuy(hours = 0.5): Promise<void> {
  gb = `gb-${randomUUID().slice(0, 8)}`
  const offers = [{ offerId: 'apple', priceFen: 1_000, stock: 400, limit: 200 }]
  const pickUpEndsAt = new Date(clock + hours * 3_600_000).toISOString()
  await aMarket(backend, { groupBuyId: gb, pickUpEndsAt, offers })
  const closesAt = new Date(clock + 86_400_000).toISOString()
  await backend.put('market', {
    ...{ ...keys.groupBuyCompound(gb, COMPOUND), ...index.compoundGroupBuys(COMPOUND, closesAt, gb) },
    ...{ entity: 'groupBuyCompound', v: 1, groupBuyId: gb, compoundId: COMPOUND, closesAt },
  })
}
/** Each test has a day of its own, so that tills do not mix. */
beforeEach(async () => {
  clock += 86_400_000
  vi.useFakeTimers({ toFake: ['Date'], now: clock })
  await openGroupBuy()
  before = (await till()).balanceFen ?? 0
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const place = (apple = 2, as = 'resident-1') => buyers.place(gb, as, { apple })
type Taking = { moveId?: string; amountFen?: number; as?: string }
const take = (orderId: string, { moveId = randomUUID(), amountFen = 2_000, as = 'worker-1' }: Taking = {}) =>
  call(payments, takeCash, { params: { orderId, moveId }, body: { amountFen, byName: '李老师' }, as })
const see = async (orderId: string) =>
  (await call(orders, getOrder, { params: { orderId }, as: 'worker-1' })).body as OrderView
const paidInCash = async (apple = 2): Promise<string> => {
  const orderId = await place(apple)
  expect(await take(orderId, { amountFen: apple * 1_000 })).toMatchObject({ status: 200, body: { state: 'paid' } })
  return orderId
}
const today = () => shanghaiDay(new Date().toISOString())
const ask = (
  route: Route,
  as: string,
  more: { day?: string; id?: string; body?: object; query?: Record<string, string> } = {},
) => {
  const { day = today(), id = randomUUID(), body, query } = more
  const params = { communityId: COMMUNITY, day, countId: id, moveId: id }
  const named = Object.fromEntries(Object.entries(params).filter(([name]) => route.path.includes(`{${name}}`)))
  return call(cash, route, {
    params: named,
    ...(query && { query }),
    ...(body && { body: { byName: '王姐', ...body } }),
    as,
  })
}
const till = async (as = 'admin-1') => (await ask(getCashTill, as)).body as CashTill
const dayOf = async (day = today(), as = 'admin-1') =>
  (await ask(getCashDay, as, { day, query: { limit: '100' } })).body as CashDay
/** What the till gained since a balance of then: tills run on from test to test. */
let before = 0
const gained = async () => Number((await till()).balanceFen) - before
type Counting = { words?: string; as?: string; id?: string; version?: number }
const count = async (countedFen: number, { words, as = 'worker-1', id = randomUUID(), version }: Counting = {}) => {
  const seen = version ?? (await till()).version
  return ask(countCash, as, { id, body: { version: seen, countedFen, ...(words === undefined ? {} : { words }) } })
}
const slipOf = (amountFen: number, more: object = {}) => ({
  ...{ amountFen, bankReference: `ICBC-${randomUUID().slice(0, 12).toUpperCase()}`, bankedOn: today(), ...more },
})
const bank = (body: object, as = 'worker-b', id = randomUUID()) => ask(bankCash, as, { id, body })
const bringIn = (amountFen: number, words = '社区备用金', as = 'worker-1', id = randomUUID()) =>
  ask(bringInCash, as, { id, body: { amountFen, words } })
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
const back = (
  orderId: string,
  refundId: string,
  { moveId = randomUUID(), as = 'worker-1' }: Taking = {},
  more: object = {},
) =>
  call(payments, handBackCash, {
    ...{ params: { orderId, refundId, moveId }, as },
    body: { byName: '李老师', receivedBy: 'buyer', ...more },
  })
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
    expect(await gained()).toBe(2_000)
    expect(await dayOf()).toMatchObject({
      ...{ openingFen: before, closingFen: before + 2_000, moveCount: 1, sums: { takenFen: 2_000, handedBackFen: 0 } },
      items: [{ kind: 'taken', orderId, deltaFen: 2_000, balanceFen: before + 2_000, byName: '李老师' }],
    })
  })

  it('is taken once, however often it is sent, also twenty times at once', async () => {
    const orderId = await place()
    const same = { moveId: randomUUID() }
    const answers = await Promise.all(Array.from({ length: 20 }, () => take(orderId, same)))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 200 })
    expect(await take(await place(2, 'resident-2'), same)).toMatchObject({ body: { code: 'CASH_ID_REUSED' } })
    expect(await take(orderId, { ...same, amountFen: 1_999 })).toMatchObject({ body: { code: 'CASH_ID_REUSED' } })
    expect(await take(orderId)).toMatchObject({ status: 409, body: { code: 'ORDER_ALREADY_PAID' } })
    expect(await dayOf()).toMatchObject({ sums: { takenFen: 2_000 }, moveCount: 1 })
  })

  it('that was recorded by the same request a moment ago is not taken for another', async () => {
    const orderId = await place()
    const same = { moveId: randomUUID() }
    beforeReadingItem('CASH#ID#', async () => expect((await take(orderId, same)).status).toBe(200))
    expect(await take(orderId, same)).toMatchObject({ status: 200, body: { state: 'paid' } })
    expect(await dayOf()).toMatchObject({ moveCount: 1 })
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
    expect(await dayOf()).toMatchObject({ moveCount: 0 })
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
    expect(await dayOf()).toMatchObject({ moveCount: 0 })
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
    expect(await dayOf()).toMatchObject({ moveCount: 0 })
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
    expect(await dayOf()).toMatchObject({ moveCount: 0 })
    expect((await see(orderId)).state).toBe('pending_payment')
    expect((await take(orderId, same)).status).toBe(200)
    expect(await dayOf()).toMatchObject({ moveCount: 1, sums: { takenFen: 2_000 } })
  })
})

describe('an unpaid order at the desk', () => {
  type Found = { householdLabel: string; items: { orderId: string; amountFen: number; expiresAt: string }[] }
  const find = (room: string, as = 'worker-1', compoundId = COMPOUND) =>
    call(orders, findUnpaidOrders, { params: { compoundId }, query: { building: '1', unit: '1', room }, as })
  const idsOf = ({ body }: { body: unknown }) => (body as Found).items.map(({ orderId }) => orderId)

  it('is found by its room while it can be paid, whoever placed it, and no other', async () => {
    const mine = [await place(1, 'resident-102'), await place(2, 'resident-102')]
    await place(1, 'resident-1')
    const body = {
      lines: [{ groupBuyId: gb, offerId: 'apple', quantity: 1 }],
      building: '1',
      unit: '1',
      room: '102',
      placerName: '李老师',
    }
    const orderId = randomUUID()
    expect(
      (await call(orders, placeOrderFor, { params: { compoundId: COMPOUND, orderId }, body, as: 'worker-1' })).status,
    ).toBe(200)
    const found = await find('102')
    expect(idsOf(found).sort()).toEqual([...mine, orderId].sort())
    expect((found.body as Found).items).toContainEqual(expect.objectContaining({ orderId: mine[1], amountFen: 2_000 }))
    expect((found.body as Found).householdLabel).toContain('102')
    expect(idsOf(await find('103'))).toEqual([])
    expect((await take(String(mine[0]), { amountFen: 1_000 })).status).toBe(200)
    expect(await giveUp(String(mine[1]), 'expired', port, whenOver())).toBe('released')
    expect(idsOf(await find('102'))).toEqual([orderId])
    vi.setSystemTime((clock += 16 * 60_000))
    expect(idsOf(await find('102'))).toEqual([])
  })

  it('is found by the community’s own workers, and by a room that can be one', async () => {
    expect((await find('102', 'worker-2')).status).toBe(404)
    expect((await find('102', 'admin-1')).status).toBe(403)
    expect((await find('102', 'worker-1', 'c-none')).status).toBe(404)
    expect(await find('')).toMatchObject({ status: 400, body: { fields: { room: expect.any(String) } } })
    expect(await find('一零二')).toMatchObject({ status: 400, body: { fields: { room: expect.any(String) } } })
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
    expect(await dayOf()).toMatchObject({ sums: { takenFen: 2_000, handedBackFen: -600 }, moveCount: 2 })
    expect((await dayOf()).items.at(-1)).toMatchObject({ kind: 'handed-back', deltaFen: -600, receivedBy: 'buyer' })
    expect(await gained()).toBe(1_400)
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
    expect(await dayOf()).toMatchObject({ sums: { handedBackFen: -600 } })
  })

  it('is handed back by two at once only once', async () => {
    const orderId = await paidInCash()
    const refundId = await refund(orderId, 600)
    const answers = await Promise.all([back(orderId, refundId), back(orderId, refundId)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(await dayOf()).toMatchObject({ sums: { handedBackFen: -600 } })
  })

  it('is not handed back again by who read it a moment before', async () => {
    const orderId = await paidInCash()
    const refundId = await refund(orderId, 600)
    beforeReadingItem('CASH#TILL#', async () => expect((await back(orderId, refundId)).status).toBe(200))
    expect(await back(orderId, refundId)).toMatchObject({ status: 409, body: { code: 'HANDED_BACK' } })
    expect(await dayOf()).toMatchObject({ sums: { handedBackFen: -600 } })
  })

  it('is not handed back by who decided it, by their own household, or elsewhere', async () => {
    const orderId = await paidInCash()
    const refundId = await refund(orderId, 600)
    const orAdmin = expect.stringMatching(/只有一位工作人员时，请区管理员办$/)
    expect(await back(orderId, refundId, { as: 'worker-b' })).toMatchObject({
      body: { code: 'FOUR_EYES', detail: orAdmin },
    })
    expect(await back(orderId, refundId, { as: 'worker-lives-here' })).toMatchObject({
      body: { code: 'OWN_ORDER', detail: orAdmin },
    })
    expect((await back(orderId, refundId, { as: 'worker-2' })).status).toBe(404)
    expect((await back(orderId, 'no-such-refund')).status).toBe(404)
    expect((await back(orderId, refundId, { as: 'resident-1' })).status).toBe(403)
    // Where nobody else is left, an administrator does.
    expect(await back(orderId, refundId, { as: 'admin-1' })).toMatchObject({ status: 200, body: { amountFen: 600 } })
  })

  it('is not handed back by who placed the order for the household, and the list says so', async () => {
    const orderId = randomUUID()
    const placed = await call(orders, placeOrderFor, {
      params: { compoundId: COMPOUND, orderId },
      body: {
        lines: [{ groupBuyId: gb, offerId: 'apple', quantity: 2 }],
        ...{ building: '1', unit: '1', room: '102', placerName: '李老师' },
      },
      as: 'worker-1',
    })
    expect(placed.status).toBe(200)
    expect((await take(orderId)).status).toBe(200)
    const refundId = await refund(orderId, 600)
    expect(await back(orderId, refundId)).toMatchObject({
      ...{ status: 409, body: { code: 'PLACED_BY_YOU', detail: expect.stringMatching(/您代下的.*请区管理员办$/) } },
    })
    const listed = async (as: string) =>
      ((await ask(listCashDue, as, { query: { limit: '100' } })).body as { items: { refundId: string }[] }).items.find(
        (each) => each.refundId === refundId,
      )
    expect(await listed('worker-1')).toMatchObject({ placedByCaller: true })
    expect(await listed('admin-1')).toMatchObject({ placedByCaller: false })
    expect(await dayOf()).toMatchObject({ moveCount: 1 })
    expect((await back(orderId, refundId, { as: 'admin-1' })).status).toBe(200)
  })

  it('is told to the household by who handed it back, in the same moment and once', async () => {
    const orderId = await paidInCash()
    const refundId = await refund(orderId, 600)
    const told = async () =>
      (await backend.scan('market')).filter(
        (item) => item.entity === 'notice' && item.orderId === orderId && item.kind === 'handed-back',
      )
    const same = { moveId: randomUUID() }
    killWritesAfter(0)
    await back(orderId, refundId, same)
    vi.restoreAllMocks()
    expect(await told()).toEqual([])
    for (let n = 0; n < 2; n++) expect((await back(orderId, refundId, same)).status).toBe(200)
    expect(await told()).toMatchObject([{ amountFen: 600, byName: '李老师' }])
    const inbox = (await call(notifications, listNotices, { query: {}, as: 'resident-1' })).body as { items: object[] }
    expect(inbox.items).toContainEqual(
      expect.objectContaining({ kind: 'handed-back', orderId, amountFen: 600, byName: '李老师' }),
    )
  })

  it('is handed back to whoever comes, and who that was is kept; never by name', async () => {
    const orderId = await paidInCash()
    const refundId = await refund(orderId, 600)
    const bad = await back(orderId, refundId, {}, { receivedBy: 'other' })
    expect(bad).toMatchObject({ status: 400, body: { fields: { words: expect.any(String) } } })
    expect((await back(orderId, refundId, {}, { receivedBy: 'stranger' })).status).toBe(400)
    expect((await back(orderId, refundId, {}, { receivedBy: 'other', words: '楼下邻居' })).status).toBe(200)
    expect((await dayOf()).items.at(-1)).toMatchObject({ receivedBy: 'other', words: '楼下邻居' })
    // Of others only: what was typed before somebody chose otherwise is not kept.
    const next = await refund(orderId, 100)
    expect((await back(orderId, next, {}, { receivedBy: 'household', words: '王大妈' })).status).toBe(200)
    expect((await dayOf()).items.at(-1)).not.toHaveProperty('words')
  })

  it('says on the list whose decision it was', async () => {
    const orderId = await paidInCash()
    const refundId = await refund(orderId, 600)
    const listed = async (as: string) => {
      const { body } = await ask(listCashDue, as, { query: { limit: '100' } })
      return (body as { items: { refundId: string; decidedByCaller: boolean }[] }).items.find(
        (each) => each.refundId === refundId,
      )?.decidedByCaller
    }
    expect([await listed('worker-b'), await listed('worker-1')]).toEqual([true, false])
  })

  it('goes back however late: the payment provider’s eighty days are not the desk’s', async () => {
    const orderId = await paidInCash()
    vi.setSystemTime((clock += 200 * 86_400_000))
    const refundId = await refund(orderId, 600)
    expect((await back(orderId, refundId)).status).toBe(200)
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

describe('a refund by phone that the provider refused for good', () => {
  const parkedOf = async (orderId: string) =>
    (await backend.scan('market')).filter((item) => item.entity === 'parked' && item.orderId === orderId)
  const storedRefund = async (refundId: string) =>
    refundItem.parse(
      (await backend.scan('market')).find((item) => item.entity === 'refund' && item.refundId === refundId),
    )
  const later = () => vi.setSystemTime((clock += 20 * 60_000))

  async function aRefusedRefund() {
    const orderId = await buyers.buy(gb, 'resident-1', { apple: 1 })
    const saleId = (await lookAt(backend, gb)).shares.get(orderId)?.saleId
    const refundId = randomUUID()
    const refuse = vi.spyOn(port, 'refund').mockRejectedValue(new RefusedByProvider('too old'))
    const body = { refundId, reason: 'refund', lines: [{ saleId, lineId: '1-1', amountFen: 100 }] }
    const refused = await call(payments, refundOrder, { params: { orderId }, body, as: 'worker-b' })
    expect(refused).toMatchObject({ status: 200, body: { state: 'failed' } })
    expect(await parkedOf(orderId)).toMatchObject([{ reason: 'refund-failed', state: 'open', amountFen: 100 }])
    refuse.mockRestore()
    return { orderId, refundId }
  }

  it('waits at the desk, and handing it back ends it everywhere, once', async () => {
    const { orderId, refundId } = await aRefusedRefund()
    expect(await due()).toContainEqual(expect.objectContaining({ refundId, byPhone: true, amountFen: 100 }))
    expect(await back(orderId, refundId, { as: 'worker-b' })).toMatchObject({ body: { code: 'FOUR_EYES' } })
    expect(await back(orderId, refundId)).toMatchObject({ status: 409, body: { code: 'REFUND_UNDER_WAY' } })
    later()
    const same = { moveId: randomUUID() }
    const answers = await Promise.all([
      ...Array.from({ length: 4 }, () => back(orderId, refundId, same)),
      back(orderId, refundId, { as: 'admin-1' }),
    ])
    // Either the four that are one, or the administrator.
    const done = answers.filter(({ status }) => status === 200)
    expect([1, 4]).toContain(done.length)
    expect(answers.filter((answer) => !done.includes(answer)).map(({ status }) => status)).not.toContain(500)
    expect((await dayOf()).sums).toMatchObject({ handedBackFen: -100 })
    expect(await parkedOf(orderId)).toMatchObject([{ state: 'closed', closedNote: '现金台退还' }])
    expect((await see(orderId)).refunds).toMatchObject([{ state: 'succeeded', inCash: true }])
    expect((await due()).filter((each) => each.refundId === refundId)).toEqual([])
    expect(await back(orderId, refundId)).toMatchObject({ body: { code: 'HANDED_BACK' } })
  })

  const failedNotices = async (orderId: string) =>
    (await backend.scan('market')).filter(
      (item) => item.entity === 'notice' && item.orderId === orderId && item.kind === 'refund-failed',
    )

  it('is told to the household in the same moment, once, however it failed', async () => {
    const { orderId, refundId } = await aRefusedRefund()
    expect(await failedNotices(orderId)).toMatchObject([{ amountFen: 100 }])
    const said = { providerRefundId: 're_1', refundId, orderId, state: 'failed' as const }
    await keepProviderRefund(await storedRefund(refundId), said, new Date().toISOString())
    expect(await failedNotices(orderId)).toHaveLength(1)
    const inbox = (await call(notifications, listNotices, { query: {}, as: 'resident-1' })).body as { items: object[] }
    expect(inbox.items).toContainEqual(expect.objectContaining({ kind: 'refund-failed', orderId, amountFen: 100 }))
    // A refund that fails when it had already been asked for, by the provider's message.
    const bought = await buyers.buy(gb, 'resident-1', { apple: 1 })
    const saleId = (await lookAt(backend, gb)).shares.get(bought)?.saleId
    const id = randomUUID()
    const body = { refundId: id, reason: 'refund', lines: [{ saleId, lineId: '1-1', amountFen: 300 }] }
    await call(payments, refundOrder, { params: { orderId: bought }, body, as: 'worker-b' })
    await keepProviderRefund(await storedRefund(id), said, new Date().toISOString())
    expect(await failedNotices(bought)).toMatchObject([{ amountFen: 300 }])
  })

  it('says at the desk when a family member may have paid it by link', async () => {
    const listed = async (refundId: string) =>
      (await due()).find((each) => each.refundId === refundId) as { byPayLink?: boolean } | undefined
    const { orderId, refundId } = await aRefusedRefund()
    expect(await listed(refundId)).not.toHaveProperty('byPayLink')
    const order = (await backend.scan('market')).find((item) => item.entity === 'order' && item.orderId === orderId)
    await backend.put('market', { ...order, payLink: { tokenHash: 'h', madeAt: new Date().toISOString() } })
    expect(await listed(refundId)).toMatchObject({ byPayLink: true })
  })

  it('closed as paid another way is said to be so, and closing looks at the provider first', async () => {
    const { orderId, refundId } = await aRefusedRefund()
    const close = () =>
      call(payments, closeParkedMoney, {
        ...{ params: { parkedId: `refund-${refundId}` }, body: { note: '银行转账' }, as: 'admin-1' },
      })
    expect(await close()).toMatchObject({ status: 409, body: { code: 'REFUND_UNDER_WAY' } })
    later()
    const known = { providerRefundId: 're_after_all', refundId, orderId, ...ANY_REFUND }
    const look = vi.spyOn(port, 'findRefund').mockResolvedValue({ ...known, state: 'pending' })
    expect(await close()).toMatchObject({ status: 409, body: { code: 'REFUND_UNDER_WAY' } })
    look.mockRejectedValue(new Error('no answer'))
    expect((await close()).status).toBe(503)
    look.mockRestore()
    expect((await see(orderId)).refunds[0]).not.toHaveProperty('paidOtherwise')
    expect(await close()).toMatchObject({ status: 200, body: { state: 'closed' } })
    expect((await see(orderId)).refunds).toMatchObject([{ state: 'failed', paidOtherwise: true }])
    expect((await due()).filter((each) => each.refundId === refundId)).toEqual([])
    const paid = await aRefusedRefund()
    later()
    vi.spyOn(port, 'findRefund').mockResolvedValue({ ...known, refundId: paid.refundId, state: 'succeeded' })
    const late = await call(payments, closeParkedMoney, {
      ...{ params: { parkedId: `refund-${paid.refundId}` }, body: { note: '银行转账' }, as: 'admin-1' },
    })
    expect(late).toMatchObject({ status: 409, body: { code: 'HANDED_BACK' } })
    expect(await storedRefund(paid.refundId)).toMatchObject({ state: 'succeeded', providerRefundId: 're_after_all' })
    expect((await see(paid.orderId)).refunds[0]).not.toHaveProperty('paidOtherwise')
  })

  it('handed back first is never asked of the provider again, whatever list is behind and whatever news come late', async () => {
    const { orderId, refundId } = await aRefusedRefund()
    const stale = await storedRefund(refundId)
    later()
    expect((await back(orderId, refundId)).status).toBe(200)
    const asked = vi.spyOn(port, 'refund')
    await tick(paymentsTick)
    for (const item of [stale, await storedRefund(refundId)]) await askRefund(item, port, new Date().toISOString())
    expect(asked).not.toHaveBeenCalled()
    const said = { providerRefundId: 're_late', refundId, orderId }
    for (const state of ['failed', 'succeeded', 'pending'] as const) {
      await keepProviderRefund(await storedRefund(refundId), { ...said, state }, new Date().toISOString())
    }
    expect(await storedRefund(refundId)).toMatchObject({ state: 'succeeded', cashMoveId: expect.any(String) })
    expect((await dayOf()).sums).toMatchObject({ handedBackFen: -100 })
  })

  it('that the provider has paid after all is not handed back, and stands as paid', async () => {
    const { orderId, refundId } = await aRefusedRefund()
    later()
    const known = { providerRefundId: 're_after_all', refundId, orderId, ...ANY_REFUND }
    const look = vi.spyOn(port, 'findRefund').mockResolvedValue({ ...known, state: 'pending' })
    expect(await back(orderId, refundId)).toMatchObject({ body: { code: 'REFUND_UNDER_WAY' } })
    look.mockRejectedValue(new Error('no answer'))
    expect((await back(orderId, refundId)).status).toBe(503)
    look.mockResolvedValue({ ...known, state: 'succeeded' })
    expect(await back(orderId, refundId)).toMatchObject({ status: 409, body: { code: 'HANDED_BACK' } })
    expect(await storedRefund(refundId)).toMatchObject({ state: 'succeeded', providerRefundId: 're_after_all' })
    expect(await parkedOf(orderId)).toMatchObject([{ state: 'closed', closedBy: 'payment-provider' }])
    expect(await dayOf()).toMatchObject({ moveCount: 0 })
    expect((await due()).filter((each) => each.refundId === refundId)).toEqual([])
  })

  it('that was closed as paid another way is not handed back as well, also not at the same time', async () => {
    const { orderId, refundId } = await aRefusedRefund()
    later()
    const close = () =>
      call(payments, closeParkedMoney, {
        ...{ params: { parkedId: `refund-${refundId}` }, body: { note: '银行转账' }, as: 'admin-1' },
      })
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'cashMove'),
      async () => expect((await close()).status).toBe(200),
    )
    expect(await back(orderId, refundId)).toMatchObject({ status: 409, body: { code: 'HANDED_BACK' } })
    expect(await dayOf()).toMatchObject({ moveCount: 0 })
    expect(
      (await backend.scan('market')).find((item) => item.refundId === refundId && item.entity === 'refund'),
    ).not.toHaveProperty('GSI1PK')
    const behind = await aRefusedRefund()
    const [item] = await parkedOf(behind.orderId)
    await backend.put('market', { ...item, state: 'closed' })
    expect((await due()).filter((each) => each.refundId === behind.refundId)).toEqual([])
    const other = await aRefusedRefund()
    later()
    expect((await back(other.orderId, other.refundId)).status).toBe(200)
    const late = await call(payments, closeParkedMoney, {
      ...{ params: { parkedId: `refund-${other.refundId}` }, body: { note: '银行转账' }, as: 'admin-1' },
    })
    expect(late).toMatchObject({ status: 200, body: { state: 'closed' } })
    expect(await parkedOf(other.orderId)).toMatchObject([{ closedNote: '现金台退还' }])
  })

  it('is not handed back while the bank has, or may have, given the money back', async () => {
    const { orderId, refundId } = await aRefusedRefund()
    later()
    const { paymentId } = await storedRefund(refundId)
    const fact = { disputeId: `dp_${orderId}`, paymentId }
    await markDispute(fact, 'open')
    expect(await back(orderId, refundId)).toMatchObject({ status: 409, body: { code: 'REFUND_DISPUTED' } })
    await markDispute(fact, 'won')
    // Old news change nothing.
    await markDispute(fact, 'open')
    expect(await isDisputed(paymentId)).toBe(false)
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'cashMove'),
      () => markDispute({ ...fact, disputeId: `dq_${orderId}` }, 'lost'),
    )
    expect(await back(orderId, refundId)).toMatchObject({ status: 409, body: { code: 'REFUND_DISPUTED' } })
    await markDispute(fact, 'won')
    expect(await back(orderId, refundId)).toMatchObject({ status: 409, body: { code: 'REFUND_DISPUTED' } })
    expect(await dayOf()).toMatchObject({ moveCount: 0 })
  })
})

describe('the running till', () => {
  it('takes cash right after it was counted, and begins each day with what the last one ended with', async () => {
    await paidInCash()
    const counted = await count(before + 2_000)
    expect(counted).toMatchObject({
      status: 200,
      body: {
        countedFen: before + 2_000,
        expectedFen: before + 2_000,
        differenceFen: 0,
        byCaller: true,
        byName: '王姐',
      },
    })
    await paidInCash(1)
    const first = today()
    vi.setSystemTime((clock += 3 * 86_400_000))
    await openGroupBuy()
    const empty = await dayOf()
    expect(empty).toMatchObject({ openingFen: before + 3_000, closingFen: before + 3_000, moveCount: 0, items: [] })
    await paidInCash(1)
    expect(await dayOf()).toMatchObject({ openingFen: before + 3_000, closingFen: before + 4_000 })
    expect(await dayOf(first)).toMatchObject({
      openingFen: before,
      closingFen: before + 3_000,
      counts: [{ ...Object(counted.body), byCaller: false }],
    })
    expect(await dayOf('2020-01-01')).toMatchObject({ openingFen: 0, closingFen: 0, moveCount: 0 })
    expect(await ask(getCashDay, 'admin-1', { day: '2099-01-01' })).toMatchObject({
      ...{ status: 400, body: { fields: { day: expect.any(String) } } },
    })
  })

  it('that differs is counted again, or with the reason, which stays in the book', async () => {
    await paidInCash()
    const { version } = await till()
    const no = await count(before + 1_990)
    expect(no).toMatchObject({
      status: 422,
      body: { code: 'CASH_DIFFERS', detail: expect.stringContaining('先登记存款再清点') },
    })
    expect(no.text).not.toContain(String(before + 2_000))
    const same = { words: '找错一角', id: randomUUID(), version }
    const counted = await count(before + 1_990, same)
    expect(counted).toMatchObject({ status: 200, body: { differenceFen: -10, words: '找错一角' } })
    expect(await count(before + 1_990, same)).toEqual(counted)
    expect(await count(before + 1_991, same)).toMatchObject({ status: 409, body: { code: 'CASH_ID_REUSED' } })
    expect(await gained()).toBe(1_990)
    const day = await dayOf()
    expect(day).toMatchObject({
      sums: { overShortFen: -10 },
      closingFen: before + 1_990,
      counts: [{ ...Object(counted.body), byCaller: false }],
    })
    expect(day.items.at(-1)).toMatchObject({ kind: 'over-short', deltaFen: -10, words: '找错一角', byName: '王姐' })
    // Counted once more it agrees: the book equals the drawer.
    expect(await count(before + 1_990)).toMatchObject({ status: 200, body: { differenceFen: 0 } })
    expect((await dayOf()).counts).toHaveLength(2)
  })

  it('that moved since it was looked at is not counted', async () => {
    await paidInCash()
    const { version } = await till()
    await paidInCash(3)
    const late = await count(before + 2_000, { version })
    expect(late).toMatchObject({ status: 409, body: { code: 'CASH_MOVED' } })
    const orderId = await place(3)
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'cashCount'),
      async () => expect((await take(orderId, { amountFen: 3_000 })).status).toBe(200),
    )
    expect(await count(before + 5_000)).toMatchObject({ status: 409, body: { code: 'CASH_MOVED' } })
    expect((await dayOf()).counts).toEqual([])
  })

  it('is counted while somebody pays: neither is lost', async () => {
    await paidInCash()
    const orderId = await place(3)
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'cashMove'),
      async () => expect((await count(before + 2_000)).status).toBe(200),
    )
    expect(await take(orderId, { amountFen: 3_000 })).toMatchObject({ status: 200 })
    expect(await dayOf()).toMatchObject({ sums: { takenFen: 5_000 }, moveCount: 2, counts: [{ differenceFen: 0 }] })
  })

  it('takes from many at once, line by line', async () => {
    const orders = []
    for (let n = 0; n < 8; n++) orders.push(await place(1, n % 2 === 0 ? 'resident-1' : 'resident-2'))
    const answers = await Promise.all(orders.map((orderId) => take(orderId, { amountFen: 1_000 })))
    expect(answers.map(({ status }) => status)).toEqual(orders.map(() => 200))
    const day = await dayOf()
    expect(day.items.map(({ balanceFen }) => balanceFen)).toEqual(orders.map((_, n) => before + 1_000 * (n + 1)))
  })

  it('is told to a worker in the answer to their own count; administrators see it', async () => {
    await paidInCash(1)
    await count(before + 1_000, { as: 'worker-b' })
    const earlier = today()
    vi.setSystemTime((clock += 86_400_000))
    await openGroupBuy()
    await paidInCash(1)
    const told = async (as: string) => {
      const [of, day] = [await till(as), await dayOf(today(), as)]
      return [of.balanceFen, day.openingFen, day.sums, day.closingFen, day.items[0]?.balanceFen].map(
        (figure) => figure !== undefined,
      )
    }
    const all = [true, true, true, true, true]
    const none = all.map(() => false)
    expect(await told('worker-1')).toEqual(none)
    expect(await told('admin-1')).toEqual(all)
    /** Of the last count, on the till and in its day; and of the last day with movements. */
    const toldOf = async (as: string, day: string) => {
      const [{ lastCount }, { counts, openingFen, sums, closingFen }] = [await till(as), await dayOf(day, as)]
      const figures = (each: typeof lastCount) => [each?.countedFen, each?.expectedFen, each?.differenceFen]
      return [...figures(lastCount), ...figures(counts.at(-1)), openingFen, sums, closingFen].filter(
        (figure) => figure !== undefined,
      ).length
    }
    expect((await till('worker-1')).lastCount).toMatchObject({ byName: '王姐', at: expect.any(String) })
    expect([await toldOf('worker-1', earlier), await toldOf('worker-b', earlier)]).toEqual([0, 0])
    expect(await toldOf('admin-1', earlier)).toBe(9)
    expect((await dayOf(earlier, 'worker-1')).items[0]).not.toHaveProperty('balanceFen')
    expect(await count(before + 2_000)).toMatchObject({
      ...{ status: 200, body: { countedFen: before + 2_000, expectedFen: before + 2_000, differenceFen: 0 } },
    })
    // It goes on without figures, so that the second count of a day is as blind as the first.
    expect(await told('worker-1')).toEqual(none)
    expect(await toldOf('worker-1', earlier)).toBe(9)
    expect(await toldOf('worker-b', earlier)).toBe(0)
    const day = today()
    vi.setSystemTime((clock += 86_400_000))
    for (const as of ['worker-1', 'worker-b']) {
      expect(await told(as), as).toEqual([...none.slice(0, 4), false])
      expect(await toldOf(as, day), as).toBe(0)
      // Days further back have long been overtaken; the days between are the same as the last.
      expect((await dayOf(earlier, as)).closingFen, as).toBe(before + 1_000)
    }
    vi.setSystemTime((clock += 5 * 86_400_000))
    const between = shanghaiDay(new Date(clock - 2 * 86_400_000).toISOString())
    expect(await dayOf(between, 'worker-1')).not.toHaveProperty('closingFen')
    expect(await dayOf(between)).toMatchObject({ closingFen: before + 2_000 })
    // What a worker writes is answered without the balance as well.
    expect((await bringIn(100, '零钱', 'worker-b')).body).not.toHaveProperty('balanceFen')
  })

  it('lays out money, which is told; nothing is counted or banked until it is made good', async () => {
    const orderId = await paidInCash()
    await count(before + 2_000)
    if (before + 2_000 > 0) expect((await bank(slipOf(before + 2_000))).status).toBe(200)
    const refundId = await refund(orderId, 600)
    expect((await back(orderId, refundId)).status).toBe(200)
    expect(await till('worker-1')).toMatchObject({ laidOutFen: 600 })
    expect(await count(0, { words: '没有了' })).toMatchObject({ status: 409, body: { code: 'CASH_LAID_OUT' } })
    const same = randomUUID()
    for (const amountFen of [0, 500_001]) expect((await bringIn(amountFen)).status).toBe(400)
    expect(await bringIn(600, '')).toMatchObject({ status: 400, body: { fields: { words: expect.any(String) } } })
    const brought = await bringIn(600, '李老师垫的，由备用金补', 'worker-1', same)
    expect(brought).toMatchObject({ status: 200, body: { kind: 'brought-in', deltaFen: 600, byName: '王姐' } })
    expect(await bringIn(600, '李老师垫的，由备用金补', 'worker-1', same)).toEqual(brought)
    expect(await bringIn(601, '李老师垫的，由备用金补', 'worker-1', same)).toMatchObject({
      body: { code: 'CASH_ID_REUSED' },
    })
    expect(await till('worker-1')).not.toHaveProperty('laidOutFen')
    expect(await count(0)).toMatchObject({ status: 200, body: { differenceFen: 0 } })
  })

  it('is seen by the community’s workers and the district alone', async () => {
    const reads = [getCashTill, getCashDay, listCashDue]
    for (const [as, status] of [
      ['worker-1', 200],
      ['admin-1', 200],
      ['worker-2', 404],
      ['coop-1', 403],
      ['resident-1', 403],
    ] as const) {
      for (const route of reads) expect((await ask(route, as)).status, `${route.name} ${as}`).toBe(status)
    }
    for (const [route, body] of [
      [countCash, { version: 0, countedFen: 0 }],
      [bankCash, slipOf(1)],
      [bringInCash, { amountFen: 1, words: '零钱' }],
    ] as const) {
      expect((await ask(route, 'worker-2', { body })).status, route.name).toBe(404)
      expect((await ask(route, 'resident-1', { body })).status, route.name).toBe(403)
    }
    expect((await ask(countCash, 'admin-1', { body: { version: 0, countedFen: 0 } })).status).toBe(403)
    await paidInCash()
    await count(before + 2_000)
    for (const route of reads) expect((await ask(route, 'worker-1')).text).not.toMatch(/worker-|issuer|\|/)
  })

  it('has days of as many lines as there are, page by page', async () => {
    await paidInCash(1)
    for (let n = 0; n < 30; n++) expect((await bringIn(1 + n, '零钱')).status).toBe(200)
    let cursor: string | undefined
    const seen: CashMove[] = []
    do {
      const query = { limit: '7', ...(cursor && { cursor }) }
      const page = (await ask(getCashDay, 'admin-1', { query })).body as CashDay
      seen.push(...page.items)
      cursor = page.nextCursor
    } while (cursor !== undefined)
    const { items, moveCount, closingFen } = await dayOf()
    expect(seen).toEqual(items)
    expect(seen).toHaveLength(moveCount)
    expect(before + seen.reduce((sum, { deltaFen }) => sum + deltaFen, 0)).toBe(closingFen)
  })

  it('is read as one moment: a line that comes meanwhile belongs to the next look', async () => {
    await paidInCash()
    beforeReadingRange('market', async () => expect((await bringIn(50)).status).toBe(200))
    const day = await dayOf()
    expect(day.items).toHaveLength(1)
    expect(day).toMatchObject({ moveCount: 1, closingFen: before + 2_000 })
    expect(await dayOf()).toMatchObject({ moveCount: 2, closingFen: before + 2_050 })
  })

  it('goes on in time across midnight, whatever a slow request thinks', async () => {
    const night = Date.parse(`${today()}T15:59:59.900Z`)
    vi.setSystemTime(night)
    const day = today()
    const orderId = await place(1)
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'cashMove'),
      async () => {
        vi.setSystemTime((clock = night + 200))
        expect((await bringIn(100)).status).toBe(200)
      },
    )
    expect((await take(orderId, { amountFen: 1_000 })).status).toBe(200)
    expect(await dayOf(day)).toMatchObject({ moveCount: 0, closingFen: before })
    expect(await dayOf()).toMatchObject({ openingFen: before, closingFen: before + 1_100, moveCount: 2 })
  })
})

describe('the tills of all communities', () => {
  it('are listed for administrators, page by page, with what is in them and since when', async () => {
    // Tills run on from test to test; after so long nothing of theirs is looked at any more.
    vi.setSystemTime((clock += 40 * 86_400_000))
    await openGroupBuy()
    await paidInCash()
    await count(before + 1_900, { words: '找错零钱' })
    await count(before + 1_930, { words: '又多了' })
    const other = placeIds(2).communityId
    const params = { communityId: other, moveId: randomUUID() }
    await aMarket(backend, { place: 2, groupBuyId: `gb-${randomUUID().slice(0, 8)}` })
    const body = { amountFen: 300, words: '零钱', byName: '王姐' }
    expect((await call(cash, bringInCash, { params, body, as: 'worker-2' })).status).toBe(200)
    const list = async (query: Record<string, string>) =>
      (await call(cash, listCashTills, { query, as: 'admin-1' })).body as {
        items: { communityId: string; balanceFen: number; communityName: string }[]
        nextCursor?: string
      }
    const first = await list({ limit: '1' })
    expect(first.items).toMatchObject([
      { communityId: COMMUNITY, communityName: '示例社区', balanceFen: before + 1_930, startedAt: expect.any(String) },
    ])
    expect(first.items).toMatchObject([{ lastDifferenceFen: 30, overFen: 30, shortFen: 100 }])
    const second = await list({ limit: '1', cursor: String(first.nextCursor) })
    expect(second.items).toMatchObject([{ communityId: other, overFen: 0, shortFen: 0 }])
    if (second.nextCursor !== undefined) {
      expect(await list({ limit: '1', cursor: second.nextCursor })).toEqual({ items: [] })
    }
    for (const as of ['worker-1', 'coop-1', 'resident-1']) {
      expect((await call(cash, listCashTills, { as })).status, as).toBe(403)
    }
  })
})

describe('cash that goes to the bank', () => {
  it('that was recorded by the same request a moment ago is not refused', async () => {
    await paidInCash()
    await count(before + 2_000)
    const [slip, id] = [slipOf(500), randomUUID()]
    beforeReadingItem('CASH#TILL#', async () => expect((await bank(slip, 'worker-b', id)).status).toBe(200))
    expect(await bank(slip, 'worker-b', id)).toMatchObject({ status: 200, body: { deltaFen: -500 } })
    expect(await gained()).toBe(1_500)
  })

  it('is the slip’s sum, once, by another person than the one who counted, after each count once', async () => {
    await paidInCash(4)
    const all = before + 4_000
    await count(all)
    expect((await bank(slipOf(500))).status).toBe(200)
    expect(await bank(slipOf(1))).toMatchObject({ status: 409, body: { code: 'NOT_COUNTED' } })
    await bringIn(500)
    await count(all)
    expect(await bank(slipOf(1), 'worker-1')).toMatchObject({ status: 409, body: { code: 'FOUR_EYES' } })
    expect((await till('worker-1')).banking).toBe('FOUR_EYES')
    expect((await till('worker-b')).banking).toBe('allowed')
    expect(await bank(slipOf(all + 1))).toMatchObject({
      status: 422,
      body: { code: 'MORE_THAN_IN_TILL', fields: { amountFen: expect.any(String) } },
    })
    expect(await bank(slipOf(1, { bankedOn: '2099-01-01' }))).toMatchObject({ status: 422, body: { code: 'BAD_DAY' } })
    const [slip, id] = [slipOf(3_000), randomUUID()]
    const banked = await bank(slip, 'worker-b', id)
    expect(banked).toMatchObject({
      status: 200,
      body: { kind: 'banked', deltaFen: -3_000, bankReference: slip.bankReference, byName: '王姐' },
    })
    expect(await bank(slip, 'worker-b', id)).toEqual(banked)
    expect(await bank({ ...slip, amountFen: 1 }, 'worker-b', id)).toMatchObject({ body: { code: 'CASH_ID_REUSED' } })
    expect(await gained()).toBe(1_000)
    expect(await bank(slipOf(1), 'admin-1')).toMatchObject({ body: { code: 'NOT_COUNTED' } })
    await count(all - 3_000)
    expect(await bank(slip, 'admin-1')).toMatchObject({
      ...{ status: 409, body: { code: 'BANK_REFERENCE_USED', fields: { bankReference: expect.any(String) } } },
    })
    const typed = ` ${slip.bankReference.toLowerCase().replace('icbc-', 'ｉｃｂｃ－')} `
    expect(await bank({ ...slip, bankReference: typed }, 'admin-1')).toMatchObject({
      body: { code: 'BANK_REFERENCE_USED' },
    })
    expect((await bank(slipOf(all - 3_000), 'admin-1')).status).toBe(200)
    expect((await till()).balanceFen).toBe(0)
    expect((await dayOf()).sums).toMatchObject({ bankedFen: -all - 500 })
  })

  it('is no more than was counted last, however much came since', async () => {
    await paidInCash()
    await count(before + 2_000)
    await paidInCash(3)
    expect(await bank(slipOf(before + 2_001))).toMatchObject({
      ...{ status: 422, body: { code: 'MORE_THAN_COUNTED', fields: { amountFen: expect.any(String) } } },
    })
    expect(await gained()).toBe(5_000)
    expect((await bank(slipOf(before + 2_000))).status).toBe(200)
    await count(3_000)
    expect((await bank(slipOf(3_000))).status).toBe(200)
    expect((await till()).balanceFen).toBe(0)
  })

  it('is several days’ at once', async () => {
    await paidInCash()
    vi.setSystemTime((clock += 40 * 86_400_000))
    await openGroupBuy()
    await paidInCash(1)
    await count(before + 3_000)
    expect((await bank(slipOf(before + 3_000))).status).toBe(200)
    expect((await till()).balanceFen).toBe(0)
  })

  it('and the same slip by two at once is one banking', async () => {
    await paidInCash()
    await count(before + 2_000)
    const slip = slipOf(500)
    const answers = await Promise.all([bank(slip, 'worker-b'), bank(slip, 'admin-1')])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const id = randomUUID()
    await count(before + 1_500)
    const twice = slipOf(500)
    const same = await Promise.all(Array.from({ length: 6 }, () => bank(twice, 'worker-b', id)))
    expect(new Set(same.map(({ text }) => text)).size).toBe(1)
    expect(same[0]?.status).toBe(200)
    expect(await gained()).toBe(1_000)
  })
})

describe('whatever happens at a desk', () => {
  const happenings = fc.array(
    fc.record({
      what: fc.constantFrom('take', 'take', 'refund', 'bring', 'count', 'miscount', 'bank', 'tomorrow'),
      sum: fc.integer({ min: 1, max: 3 }),
      /** Who counts: the one who banks, or another. */
      isBanker: fc.boolean(),
      /** All that the book says is there is banked, counted or not. */
      isAll: fc.boolean(),
      /** The machine dies before so many writes, or not. */
      dies: fc.option(fc.integer({ min: 0, max: 1 }), { freq: 3 }),
    }),
    { minLength: 4, maxLength: 14 },
  )

  it('the till is taken − handed back + brought in ± over/short − banked, to the fen and day by day', async () => {
    await fc.assert(
      fc.asyncProperty(happenings, async (all) => {
        let expected = Number((await till()).balanceFen)
        const open: string[] = []
        await openGroupBuy()
        if (expected < 0) await bringIn(-expected)
        expected = Math.max(0, expected)
        expect((await count(expected)).status).toBe(200)
        /** The last count that nothing was banked after: what was there, and by whom. */
        let counted: { readonly fen: number; readonly by: string } | undefined = { fen: expected, by: 'worker-1' }
        for (const { what, sum, isBanker, isAll, dies } of all) {
          /** Sent while the machine dies, then sent again until it is answered. */
          const surely = async (send: () => Promise<{ status: number }>) => {
            if (dies !== null) {
              killWritesAfter(dies)
              await send()
              vi.restoreAllMocks()
            }
            const answer = await send()
            expect(await send()).toEqual(answer)
            return answer
          }
          const id = randomUUID()
          if (what === 'tomorrow') {
            vi.setSystemTime((clock += sum * 86_400_000))
            open.length = 0
            await openGroupBuy()
          } else if (what === 'take') {
            const orderId = await place(sum)
            expect((await surely(() => take(orderId, { moveId: id, amountFen: sum * 1_000 }))).status).toBe(200)
            open.push(orderId)
            expected += sum * 1_000
          } else if (what === 'refund') {
            const orderId = open.pop()
            if (orderId === undefined) continue
            const refundId = await refund(orderId, sum * 100)
            expect((await surely(() => back(orderId, refundId, { moveId: id }))).status).toBe(200)
            expected -= sum * 100
          } else if (what === 'bring') {
            expect((await surely(() => bringIn(sum * 7, '零钱', 'worker-1', id))).status).toBe(200)
            expected += sum * 7
          } else if (what === 'bank') {
            const amountFen = isAll && expected > 0 ? expected : sum * 50
            const slip = slipOf(amountFen)
            const may = counted?.by === 'worker-1' && amountFen <= Math.min(counted.fen, expected)
            const answer = await surely(() => bank(slip, 'worker-b', id))
            expect(answer.status === 200).toBe(may)
            if (may) {
              expected -= amountFen
              counted = undefined
            }
          } else {
            const { version } = await till()
            const off = what === 'miscount' ? sum : 0
            const words = off === 0 ? {} : { words: '多了' }
            const as = isBanker ? 'worker-b' : 'worker-1'
            const answer = await surely(() => count(Math.max(0, expected) + off, { ...words, id, version, as }))
            expect(answer.status).toBe(expected < 0 ? 409 : 200)
            if (answer.status === 200) counted = { fen: (expected += off), by: as }
          }
          expect((await till()).balanceFen).toBe(expected)
        }
        await checkBook()
      }),
      { numRuns: lives(10) },
    )
  }, 120_000)

  /** The whole book, from its first line: no line is missing, each day begins as the last one ended, and every day adds up. */
  async function checkBook(): Promise<void> {
    const items = (await backend.scan('market')).filter(({ communityId }) => communityId === COMMUNITY)
    const moves = items.flatMap((item) => {
      const parsed = cashMoveItem.safeParse(item)
      return parsed.success ? [parsed.data] : []
    })
    const seqs = items.flatMap((item) =>
      item.entity === 'cashMove' || item.entity === 'cashCount' ? [Number(item.seq)] : [],
    )
    expect(seqs.sort((a, b) => a - b)).toEqual(seqs.map((_, n) => n + 1))
    moves.sort((a, b) => a.seq - b.seq)
    let balance = 0
    for (const { deltaFen, balanceFen } of moves) expect((balance += deltaFen)).toBe(balanceFen)
    const of = (kind: string) =>
      moves.filter((move) => move.kind === kind).reduce((sum, { deltaFen }) => sum + Math.abs(deltaFen), 0)
    const over = moves.filter(({ kind }) => kind === 'over-short').reduce((sum, { deltaFen }) => sum + deltaFen, 0)
    const sum = of('taken') - of('handed-back') + of('brought-in') + over - of('banked')
    expect((await till()).balanceFen).toBe(sum)
    let opening = 0
    for (const day of [...new Set(moves.map((move) => move.day))].sort()) {
      const sheet = await dayOf(day)
      expect(sheet.openingFen).toBe(opening)
      opening = Number(sheet.closingFen)
      const lines = moves.filter((move) => move.day === day)
      expect(sheet.moveCount).toBe(lines.length)
      expect(lines.reduce((total, { deltaFen }) => total + deltaFen, Number(sheet.openingFen))).toBe(opening)
      if (sheet.sums === undefined) throw new Error('an administrator sees the sums')
      expect(balanceOf({ openingFen: Number(sheet.openingFen), ...sheet.sums })).toBe(opening)
    }
    expect(opening).toBe(sum)
  }
})
