import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { decideClaim, fileClaim } from '#shared/contracts/claims.ts'
import { checkDelivery, finishWeighing, saveWeights } from '#shared/contracts/deliveries.ts'
import {
  askReminder,
  countUnreadNotices,
  dropReminder,
  getReminder,
  listNotices,
  type NoticeView,
  readAllNotices,
  readNotice,
} from '#shared/contracts/notifications.ts'
import { collectShares, getOrder, giveBack, refundOrder, undoPickUp } from '#shared/contracts/orders.ts'
import type { Route } from '#shared/contracts/route.ts'
import { handler as claims } from '#functions/claims/index.ts'
import { handler as deliveries } from '#functions/deliveries/index.ts'
import { endDispute } from '#functions/payments/disputes.ts'
import { handler as notifications } from '#functions/notifications/index.ts'
import { handler as notificationsTick } from '#functions/notifications/on-tick.ts'
import { handler as orders } from '#functions/orders/index.ts'
import { handler as payments } from '#functions/payments/index.ts'
import { handler as paymentsTick } from '#functions/payments/on-tick.ts'
import { forgetCaller } from '#functions/platform/caller.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { type Backend, ISSUER, startBackend } from '../fixtures/backend.ts'
import { call, lambdaContext } from '../fixtures/call.ts'
import { beforeEachWrite, beforeWriting, killWritesAfter } from '../fixtures/interleave.ts'
import { aMarket, aResident, aWorker, COMPOUND } from '../fixtures/market.ts'
import { ordering, tick } from '../fixtures/ordering.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'

/** Goal: a household learns what becomes of its orders, each thing once, and nobody else learns it. */
let backend: Backend
let provider: Provider
let buyers: ReturnType<typeof ordering>
let gb = ''

beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  buyers = ordering(backend, provider)
  await aWorker(backend, 'worker-1')
})
afterAll(async () => {
  await provider.stop()
  await backend.stop()
})

/** A household of its own for each test, so that no inbox holds what another test told. */
let buyer = ''
let family = ''
let newcomer = ''
let stranger = ''
beforeEach(async () => {
  const home = randomUUID().slice(0, 8)
  ;[buyer, family, newcomer, stranger] = ['buyer', 'family', 'newcomer', 'stranger'].map((who) => `${who}-${home}`) as [
    string,
    string,
    string,
    string,
  ]
  await aResident(backend, buyer, home)
  await aResident(backend, family, home)
  await verify(family)
  await aResident(backend, newcomer, home)
  await aResident(backend, stranger, `other-${home}`)
  await verify(stranger)
  gb = await aGroupBuy()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

async function verify(sub: string) {
  const { PK } = keys.person(`${ISSUER}|${sub}`)
  const membership = (await backend.scan('market')).find((item) => item.PK === PK && item.entity === 'membership')
  await backend.put('market', { ...membership, state: 'verified' })
  forgetCaller(`${ISSUER}|${sub}`)
}

async function aGroupBuy(more: Partial<Parameters<typeof aMarket>[1]> = {}): Promise<string> {
  const groupBuyId = `gb-${randomUUID().slice(0, 8)}`
  const offers = [
    { offerId: 'apple', priceFen: 1001, stock: 40, limit: 20 },
    { offerId: 'cucumber', priceFen: 430, stock: 40, limit: 20 },
  ]
  await aMarket(backend, { groupBuyId, pickUpEndsAt: new Date(Date.now() + 1_800_000).toISOString(), offers, ...more })
  return groupBuyId
}

type Page = { items: NoticeView[]; nextCursor?: string }
const list = async (as: string, query: Record<string, string> = {}) => {
  const answer = await call(notifications, listNotices, { query, as })
  expect(answer.status, answer.text).toBe(200)
  return answer.body as Page
}
const told = async (as: string, kind?: string) =>
  (await list(as, { limit: '100' })).items.filter((notice) => kind === undefined || notice.kind === kind)
const unread = async (as: string) =>
  ((await call(notifications, countUnreadNotices, { as })).body as { unread: number }).unread
const read = (as: string, noticeId: string) => call(notifications, readNotice, { params: { noticeId }, as })

const arrive = (groupBuyId: string, good: Record<string, number>) =>
  call(payments, checkDelivery, {
    params: { groupBuyId, compoundId: COMPOUND, pickUpPointId: 'p-1' },
    body: {
      version: 0,
      lines: Object.entries(good).map(([offerId, arrivedPortions]) => ({
        offerId,
        arrivedPortions,
        refusedPortions: 0,
      })),
    },
    as: 'worker-1',
  })
async function arrived(): Promise<string> {
  const orderId = await buyers.buy(gb, buyer, { apple: 3, cucumber: 1 })
  await buyers.close(gb)
  expect(await arrive(gb, { apple: 3, cucumber: 1 })).toMatchObject({ status: 200 })
  return orderId
}

describe('goods that arrived', () => {
  it('are told to who ordered them and to their verified family, and to nobody else', async () => {
    const orderId = await arrived()
    const expected = {
      kind: 'arrived',
      orderId,
      groupBuyId: gb,
      groupBuyTitle: '示例团购',
      place: '东门驿站',
      isRead: false,
    }
    expect(await told(buyer, 'arrived')).toMatchObject([expected])
    expect(await told(family, 'arrived')).toMatchObject([expected])
    for (const other of [newcomer, stranger, 'worker-1', 'nobody-yet']) expect(await told(other), other).toEqual([])
    expect(await call(notifications, listNotices)).toMatchObject({ status: 401 })
  })

  it('are told once, also when handing out is undone and the clocks strike again', async () => {
    const orderId = await arrived()
    const pickUpId = randomUUID()
    expect(
      await call(orders, collectShares, { params: { orderId }, body: { pickUpId }, as: 'worker-1' }),
    ).toMatchObject({ status: 200 })
    const undone = { params: { orderId, pickUpId }, body: { reason: '给错了人' }, as: 'worker-1' }
    expect(await call(orders, undoPickUp, undone)).toMatchObject({ status: 200 })
    await tick(paymentsTick)
    expect(await arrive(gb, { apple: 3, cucumber: 1 })).toMatchObject({ status: 200 })
    expect(await told(buyer, 'arrived')).toHaveLength(1)
  })

  it('that were handed out in the very instant are not told of: they are not lying there', async () => {
    const orderId = await buyers.buy(gb, buyer, { apple: 3, cucumber: 1 })
    await buyers.close(gb)
    const collected = () =>
      call(orders, collectShares, { params: { orderId }, body: { pickUpId: randomUUID() }, as: 'worker-1' })
    beforeWriting((writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'notice'), collected)
    expect(await arrive(gb, { apple: 3, cucumber: 1 })).toMatchObject({ status: 200 })
    expect((await see(orderId)).shares).toMatchObject([{ state: 'collected' }])
    expect(await told(buyer, 'arrived')).toEqual([])
  })

  it('are told in the write that makes them ready: of what went wholly short there is nothing to collect', async () => {
    await buyers.buy(gb, buyer, { apple: 3 })
    await buyers.close(gb)
    expect(await arrive(gb, { apple: 0 })).toMatchObject({ status: 200 })
    expect(await told(buyer, 'arrived')).toEqual([])
  })
})

type Seen = {
  amountFen: number
  shares: { saleId: string; state: string; groupBuyId: string }[]
  refunds: { refundId: string }[]
}
const see = async (orderId: string) =>
  (await call(orders, getOrder, { params: { orderId }, as: 'worker-1' })).body as Seen
const saleOf = async (orderId: string) => (await see(orderId)).shares[0]?.saleId ?? ''
const paymentOf = async (orderId: string) =>
  String((await backend.scan('market')).find((item) => item.entity === 'order' && item.orderId === orderId)?.paidBy)

describe('money that goes back is told with what it is for, once, whatever way it goes:', () => {
  const refunded = { kind: 'refunded', isRead: false }

  it('a worker refunds', async () => {
    const orderId = await buyers.buy(gb, buyer, { apple: 3 })
    const body = {
      refundId: randomUUID(),
      reason: 'refund',
      lines: [{ saleId: await saleOf(orderId), lineId: '1-1', amountFen: 100 }],
      note: '张三家',
    }
    const refund = () => call(payments, refundOrder, { params: { orderId }, body, as: 'worker-1' })
    expect(await refund()).toMatchObject({ status: 200 })
    expect(await refund()).toMatchObject({ status: 200 })
    const notices = await told(family, 'refunded')
    expect(notices).toMatchObject([{ ...refunded, orderId, groupBuyId: gb, amountFen: 100, reason: 'refund' }])
    expect(
      JSON.stringify(await backend.scan('market').then((all) => all.filter((item) => item.entity === 'notice'))),
    ).not.toContain('张三')
  })

  it('the buyer gives back', async () => {
    const orderId = await buyers.buy(gb, buyer, { apple: 3 })
    const lines = [{ saleId: await saleOf(orderId), lineId: '1-1', portions: 1 }]
    const body = { giveBackId: randomUUID(), lines }
    const back = () => call(payments, giveBack, { params: { orderId }, body, as: buyer })
    expect((await Promise.all([back(), back()])).map(({ status }) => status)).toEqual([200, 200])
    expect(await told(buyer, 'refunded')).toMatchObject([
      { ...refunded, orderId, amountFen: 1001, reason: 'cancelled' },
    ])
  })

  it('the price fell', async () => {
    const offers = [
      { offerId: 'apple', priceFen: 1000, stock: 40, limit: 20, priceSteps: [{ fromPortions: 2, priceFen: 900 }] },
    ]
    gb = await aGroupBuy({ offers })
    const orderId = await buyers.buy(gb, buyer, { apple: 1 })
    await buyers.buy(gb, stranger, { apple: 3 })
    await buyers.close(gb)
    expect(await told(buyer, 'refunded')).toMatchObject([
      { ...refunded, orderId, amountFen: 100, reason: 'price-step' },
    ])
    expect(await told(buyer, 'group-buy-confirmed')).toHaveLength(1)
  })

  it('fewer came', async () => {
    const orderId = await buyers.buy(gb, buyer, { apple: 3 })
    await buyers.close(gb)
    expect(await arrive(gb, { apple: 2 })).toMatchObject({ status: 200 })
    await tick(paymentsTick)
    expect(await told(buyer, 'refunded')).toMatchObject([{ ...refunded, orderId, amountFen: 1001, reason: 'shortage' }])
    expect(await told(buyer, 'arrived')).toHaveLength(1)
  })

  it('it weighs less', async () => {
    gb = await aGroupBuy({ offers: [{ offerId: 'melon', priceFen: 1000, stock: 9, weighedGrams: 2_500 }] })
    const orderId = await buyers.buy(gb, buyer, { melon: 1 })
    await buyers.close(gb)
    await arrive(gb, { melon: 1 })
    const params = { groupBuyId: gb, compoundId: COMPOUND }
    const weights = [{ orderId, lineId: '1-1', grams: 2_000 }]
    expect(await call(deliveries, saveWeights, { params, body: { weights }, as: 'worker-1' })).toMatchObject({
      status: 200,
    })
    expect(await call(payments, finishWeighing, { params, body: {}, as: 'worker-1' })).toMatchObject({ status: 200 })
    expect(await told(buyer, 'refunded')).toMatchObject([{ ...refunded, orderId, amountFen: 200, reason: 'weight' }])
  })

  it('the bank takes it back', async () => {
    const orderId = await buyers.buy(gb, buyer, { apple: 3 })
    const paymentId = await paymentOf(orderId)
    const fact = { disputeId: `dp_${orderId}`, paymentId, amountFen: 500, currency: 'cny' }
    for (const at of [1, 2]) await endDispute(fact, 'lost', new Date(Date.now() + at).toISOString())
    expect(await told(buyer, 'refunded')).toMatchObject([{ ...refunded, orderId, amountFen: 500, reason: 'dispute' }])
  })
})

describe('what telling costs', () => {
  /** How many items each transaction held that wrote a notice. */
  function sizes() {
    const seen: Record<string, number[]> = {}
    beforeEachWrite((writes) => {
      const notice = writes.map(({ Put }) => Put?.Item).find((item) => item?.['entity']?.S === 'notice')
      const kind = notice?.['kind']?.S
      if (kind !== undefined) (seen[kind] ??= []).push(writes.length)
    })
    return seen
  }

  it('is one item more in the transaction of what is told, and none in placing and paying', async () => {
    const placing: number[] = []
    beforeEachWrite((writes) =>
      placing.push(...writes.filter(({ Put }) => Put?.Item?.['entity']?.S === 'notice').map(() => 1)),
    )
    const orderId = await buyers.buy(gb, buyer, { apple: 3, cucumber: 1 })
    expect(placing).toEqual([])
    vi.restoreAllMocks()
    const seen = sizes()
    const lines = [{ saleId: await saleOf(orderId), lineId: '1-1', amountFen: 100 }]
    const body = { refundId: randomUUID(), reason: 'refund', lines }
    await call(payments, refundOrder, { params: { orderId }, body, as: 'worker-1' })
    await buyers.close(gb)
    await arrive(gb, { apple: 3, cucumber: 1 })
    // The refund, the order, the notice, the share and its reversal; with ten shares 3 + 2 × 10.
    expect(seen).toEqual({ refunded: [5], 'group-buy-confirmed': [2], arrived: [2] })
  })
})

describe('a closing', () => {
  it('that succeeds is told once to each household that bought, however often the clocks strike', async () => {
    const orderId = await buyers.buy(gb, buyer, { apple: 3 })
    await buyers.close(gb)
    await buyers.close(gb)
    const expected = [{ kind: 'group-buy-confirmed', orderId, groupBuyId: gb, groupBuyTitle: '示例团购' }]
    expect(await told(family)).toMatchObject(expected)
    expect(await told(stranger)).toEqual([])
  })

  it('that fails is told once, with all the money that goes back', async () => {
    gb = await aGroupBuy({ success: { kind: 'portions', minimum: 30 } })
    const orderId = await buyers.buy(gb, buyer, { apple: 3 })
    await buyers.close(gb)
    await tick(paymentsTick)
    expect(await told(family)).toMatchObject([{ kind: 'group-buy-failed', orderId, groupBuyId: gb, amountFen: 3003 }])
  })

  it('says nothing to who never paid', async () => {
    await buyers.place(gb, buyer, { apple: 3 })
    await buyers.close(gb)
    expect(await told(buyer)).toEqual([])
  })
})

describe('a claim that is decided is told once, to the family too:', () => {
  async function claimed() {
    const orderId = await arrived()
    const claimId = randomUUID()
    const body = { saleId: await saleOf(orderId), lines: [{ lineId: '1-1', portions: 2 }], reason: 'broken' }
    await call(orders, collectShares, { params: { orderId }, body: { pickUpId: randomUUID() }, as: 'worker-1' })
    expect(await call(claims, fileClaim, { params: { orderId, claimId }, body, as: buyer })).toMatchObject({
      status: 200,
    })
    return {
      orderId,
      decide: (how: object) => call(payments, decideClaim, { params: { orderId, claimId }, body: how, as: 'worker-1' }),
    }
  }

  it('accepted, with the money', async () => {
    const { orderId, decide } = await claimed()
    const yes = { decision: 'accept', lines: [{ lineId: '1-1', portions: 1 }], words: '李四家的' }
    expect((await Promise.all([decide(yes), decide(yes)])).map(({ status }) => status)).toEqual([200, 200])
    expect(await told(family, 'claim-decided')).toMatchObject([{ orderId, groupBuyId: gb, amountFen: 1001 }])
    expect(await told(family, 'refunded')).toEqual([])
  })

  it('declined, without', async () => {
    const { orderId, decide } = await claimed()
    const no = { decision: 'decline', words: '照片上看是好的' }
    expect(await decide(no)).toMatchObject({ status: 200 })
    expect(await decide(no)).toMatchObject({ status: 200 })
    const notices = await told(family, 'claim-decided')
    expect(notices).toMatchObject([{ orderId }])
    expect(notices[0]?.amountFen).toBeUndefined()
  })
})

describe('a reminder before the closing', () => {
  const HOUR = 3_600_000
  const reminder = (route: Route, as: string, groupBuyId = gb) =>
    call(notifications, route, { params: { groupBuyId }, as })
  /** The group buy of this test closes in a day; its clock strikes when it is this many hours away. */
  async function atHoursBeforeClosing(hours: number) {
    const closesAt = Number(new Date((await groupBuyItem(gb)).closesAt))
    vi.useFakeTimers({ toFake: ['Date'], now: closesAt - hours * HOUR })
    forgetEverybody()
  }
  const groupBuyItem = async (groupBuyId: string) =>
    (await backend.scan('market')).find(
      ({ PK, entity }) => PK === `GB#${groupBuyId}` && entity === 'groupBuy',
    ) as unknown as {
      closesAt: string
    }
  const forgetEverybody = () => [buyer, family, newcomer, stranger].forEach((who) => forgetCaller(`${ISSUER}|${who}`))

  beforeEach(async () => {
    gb = await aGroupBuy({ pickUpEndsAt: new Date(Date.now() + 72 * HOUR).toISOString() })
  })

  it('reaches those who asked, alone, once', async () => {
    expect(await reminder(getReminder, buyer)).toMatchObject({ status: 200, body: { state: 'open' } })
    for (const n of [1, 2])
      expect(await reminder(askReminder, buyer), String(n)).toMatchObject({ body: { state: 'asked' } })
    await atHoursBeforeClosing(3.01)
    await tick(notificationsTick)
    expect(await told(buyer)).toEqual([])
    await atHoursBeforeClosing(2.99)
    await tick(notificationsTick)
    await tick(notificationsTick)
    expect(await told(buyer)).toMatchObject([{ kind: 'closing-soon', groupBuyId: gb, groupBuyTitle: '示例团购' }])
    for (const other of [family, newcomer, stranger]) expect(await told(other), other).toEqual([])
  })

  it('does not reach who changed their mind, or whose household has ordered', async () => {
    await reminder(askReminder, buyer)
    expect(await reminder(dropReminder, buyer)).toMatchObject({ status: 200, body: { state: 'open' } })
    expect(await reminder(dropReminder, buyer)).toMatchObject({ status: 200 })
    await reminder(askReminder, stranger)
    await buyers.buy(gb, stranger, { apple: 2 })
    await atHoursBeforeClosing(2)
    await tick(notificationsTick)
    expect(await told(buyer)).toEqual([])
    expect(await told(stranger)).toEqual([])
  })

  it('reaches who has an order that is not paid, and leads to it', async () => {
    await atHoursBeforeClosing(2.9)
    const orderId = await buyers.place(gb, buyer, { apple: 3 })
    await buyers.buy(gb, stranger, { apple: 3 })
    await tick(notificationsTick)
    expect(await told(buyer)).toMatchObject([{ kind: 'closing-soon', orderId, groupBuyId: gb }])
    expect(await told(family)).toEqual([])
    expect(await told(stranger)).toEqual([])
  })

  it('is begun again where its time ran out amid many', async () => {
    const many = Array.from({ length: 20 }, (_none, n) => `many-${n}-${gb}`)
    for (const who of many) {
      await aResident(backend, who)
      expect(await reminder(askReminder, who)).toMatchObject({ status: 200 })
    }
    await atHoursBeforeClosing(2)
    many.forEach((who) => forgetCaller(`${ISSUER}|${who}`))
    let leftMs = 30_000
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['groupBuyId']?.S === gb && Put.Item['entity']?.S === 'notice'),
      () => Promise.resolve((leftMs = 0)),
    )
    await notificationsTick({}, { ...lambdaContext(), getRemainingTimeInMillis: () => leftMs })
    vi.restoreAllMocks()
    const reached = async () =>
      (await Promise.all(many.map((who) => told(who)))).filter(({ length }) => length > 0).length
    expect(await reached()).toBeLessThan(many.length)
    await tick(notificationsTick)
    expect(await reached()).toBe(many.length)
  })

  it('does not reach who has paid, though a lagging index says otherwise', async () => {
    await atHoursBeforeClosing(2.9)
    const orderId = await buyers.buy(gb, buyer, { apple: 3 })
    const order = (await backend.scan('market')).find((item) => item.entity === 'order' && item.orderId === orderId)
    await backend.put('market', { ...order, ...index.pendingOrders(orderId, String(order?.expiresAt)) })
    await tick(notificationsTick)
    expect(await told(buyer)).toEqual([])
  })

  it('has gone out once and for all: who orders after it is not told that it closes soon', async () => {
    await atHoursBeforeClosing(2.9)
    await tick(notificationsTick)
    await buyers.place(gb, buyer, { apple: 3 })
    await tick(notificationsTick)
    expect(await told(buyer)).toEqual([])
  })

  it('cannot be asked for when it has gone out, and none goes out when it has closed', async () => {
    await reminder(askReminder, buyer)
    await atHoursBeforeClosing(3)
    expect(await reminder(askReminder, stranger)).toMatchObject({ status: 409, body: { code: 'TOO_LATE_TO_REMIND' } })
    expect(await reminder(getReminder, stranger)).toMatchObject({ body: { state: 'late' } })
    expect(await reminder(askReminder, buyer)).toMatchObject({ status: 200, body: { state: 'asked' } })
    await atHoursBeforeClosing(-0.1)
    await tick(notificationsTick)
    expect(await told(buyer)).toEqual([])
  })

  it('is for residents, of a group buy that there is', async () => {
    expect(await reminder(askReminder, 'worker-1')).toMatchObject({ status: 403 })
    for (const route of [getReminder, askReminder, dropReminder]) {
      expect(await reminder(route, buyer, 'gb-nothing')).toMatchObject({ status: 404 })
    }
  })

  it('goes on where a run without time stopped, and tells nobody twice', async () => {
    for (const who of [buyer, stranger]) await reminder(askReminder, who)
    await atHoursBeforeClosing(2)
    await tick(notificationsTick, 0)
    expect([...(await told(buyer)), ...(await told(stranger))]).toEqual([])
    killWritesAfter(1)
    await tick(notificationsTick).catch(() => undefined)
    vi.restoreAllMocks()
    await tick(notificationsTick)
    expect(await told(buyer)).toHaveLength(1)
    expect(await told(stranger)).toHaveLength(1)
  })
})

describe('a reminder before pick-up ends', () => {
  it('reaches the households whose goods are there and not collected, once', async () => {
    const orderId = await buyers.buy(gb, buyer, { apple: 1 })
    const collected = await buyers.buy(gb, stranger, { apple: 1 })
    await buyers.close(gb)
    await arrive(gb, { apple: 2 })
    await call(orders, collectShares, {
      params: { orderId: collected },
      body: { pickUpId: randomUUID() },
      as: 'worker-1',
    })
    await tick(notificationsTick)
    await tick(notificationsTick)
    const expected = [{ kind: 'pick-up-ends-soon', orderId, groupBuyId: gb, place: '东门驿站' }]
    expect(await told(buyer, 'pick-up-ends-soon')).toMatchObject(expected)
    expect(await told(family, 'pick-up-ends-soon')).toMatchObject(expected)
    expect(await told(newcomer)).toEqual([])
    expect(await told(stranger, 'pick-up-ends-soon')).toEqual([])
  })

  it('does not go out while goods are not there', async () => {
    await buyers.buy(gb, buyer, { apple: 1 })
    await buyers.close(gb)
    await tick(notificationsTick)
    expect(await told(buyer, 'pick-up-ends-soon')).toEqual([])
  })
})

describe('the list', () => {
  it('is walked page by page, newest first, each notice once', async () => {
    const orderId = await buyers.buy(gb, buyer, { apple: 20 })
    for (let n = 0; n < 7; n++) {
      const body = {
        refundId: randomUUID(),
        reason: 'refund',
        lines: [{ saleId: await saleOf(orderId), lineId: '1-1', amountFen: 10 + n }],
      }
      expect(await call(payments, refundOrder, { params: { orderId }, body, as: 'worker-1' })).toMatchObject({
        status: 200,
      })
    }
    for (const limit of ['1', '3', '7', '100']) {
      const amounts: (number | undefined)[] = []
      let cursor: string | undefined
      do {
        const page = await list(family, { limit, ...(cursor === undefined ? {} : { cursor }) })
        expect(page.items.length).toBeLessThanOrEqual(Number(limit))
        amounts.push(...page.items.map(({ amountFen }) => amountFen))
        cursor = page.nextCursor
      } while (cursor !== undefined)
      expect(amounts, limit).toEqual([16, 15, 14, 13, 12, 11, 10])
    }
    const { nextCursor } = await list(family, { limit: '3' })
    const borrowed = { query: { cursor: nextCursor ?? '' }, as: stranger }
    expect(await call(notifications, listNotices, borrowed)).toMatchObject({ status: 400 })
    expect(await call(notifications, listNotices, { query: { limit: '101' }, as: buyer })).toMatchObject({
      status: 400,
    })
  })

  it('goes with who ordered when they move; those who live there then see it no more than before', async () => {
    await arrived()
    const home = (await backend.scan('market')).find(
      ({ PK, entity }) => PK === keys.person(`${ISSUER}|${buyer}`).PK && entity === 'membership',
    )
    await backend.put('market', { ...home, toAt: new Date(Date.now() - 1000).toISOString() })
    await aResident(backend, buyer, `new-${buyer.slice(-8)}`)
    forgetCaller(`${ISSUER}|${buyer}`)
    expect(await told(buyer, 'arrived')).toHaveLength(1)
    expect(await told(newcomer)).toEqual([])
  })

  it('of somebody who moved away from a family shows nothing of that family any more', async () => {
    await arrived()
    expect(await told(family, 'arrived')).toHaveLength(1)
    const home = (await backend.scan('market')).find(
      ({ PK, entity }) => PK === keys.person(`${ISSUER}|${family}`).PK && entity === 'membership',
    )
    await backend.put('market', { ...home, toAt: new Date(Date.now() - 1000).toISOString() })
    forgetCaller(`${ISSUER}|${family}`)
    expect(await told(family)).toEqual([])
  })
})

describe('reading', () => {
  it('is each person’s own: one reads, the other still counts it', async () => {
    await arrived()
    const [notice] = await told(buyer, 'arrived')
    const before = await unread(buyer)
    expect(before).toBeGreaterThan(0)
    expect(await read(buyer, notice?.noticeId ?? '')).toMatchObject({ status: 200, body: { isRead: true } })
    expect(await read(buyer, notice?.noticeId ?? '')).toMatchObject({ status: 200 })
    expect(await told(buyer, 'arrived')).toMatchObject([{ isRead: true }])
    expect(await unread(buyer)).toBe(before - 1)
    expect(await told(family, 'arrived')).toMatchObject([{ isRead: false }])
    expect(await unread(family)).toBe(before)
  })

  it('all at once leaves none', async () => {
    await arrived()
    const count = await unread(buyer)
    const all = () => call(notifications, readAllNotices, { as: buyer })
    expect(await all()).toMatchObject({ status: 200, body: { read: count } })
    expect(await all()).toMatchObject({ body: { read: 0 } })
    expect(await unread(buyer)).toBe(0)
    expect((await told(buyer)).every(({ isRead }) => isRead)).toBe(true)
    expect(await unread(family)).toBe(count)
  })

  it('is for one’s own: what is others’ does not exist', async () => {
    await arrived()
    const [notice] = await told(buyer, 'arrived')
    for (const as of [newcomer, stranger, 'worker-1']) {
      expect(await read(as, notice?.noticeId ?? ''), as).toMatchObject({ status: 404 })
    }
    expect(await read(buyer, '1700000000000.arrived.nothing')).toMatchObject({ status: 404 })
    expect(await read(buyer, 'no id')).toMatchObject({ status: 404 })
  })
})
