import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import fc from 'fast-check'
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  getOrder,
  getSortingSheet,
  giveBack,
  listMyOrders,
  placeOrder,
  refundOrder,
  startCheckout,
} from '#shared/contracts/orders.ts'
import { getPurchaseOrder } from '#shared/contracts/group-buys.ts'
import { GIVE_BACKS_MAX } from '#shared/domain/payments/give-back.ts'
import { hashBody } from '#functions/platform/body-hash.ts'
import { handler as groupBuysHandler } from '#functions/group-buys/index.ts'
import { handler as closingTick } from '#functions/group-buys/on-tick.ts'
import { handler as ordersHandler } from '#functions/orders/index.ts'
import { handler as paymentsHandler } from '#functions/payments/index.ts'
import { handler as paymentsTick } from '#functions/payments/on-tick.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { type Backend, startBackend, lives } from '../fixtures/backend.ts'
import { call, type Called, lambdaContext } from '../fixtures/call.ts'
import { beforeReadingMany, beforeWriting } from '../fixtures/interleave.ts'
import { type LossyEngine, startLossyEngine } from '../fixtures/lossy-engine.ts'
import { aCoopMember, aMarket, aResident, aWorker, type OfferGiven, passClosing } from '../fixtures/market.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'

/** Goal: until its group buy closes a buyer gets money back for portions at once, and whoever else wants them can buy them. */
let backend: Backend
let provider: Provider
let engine: LossyEngine
let gb = ''
const PEOPLE = ['resident-1', 'resident-2', 'resident-3']
const STOCK = 12
const TOMATO: OfferGiven = { offerId: 'tomato', priceFen: 860, stock: STOCK, limit: 6 }
const CUCUMBER: OfferGiven = { offerId: 'cucumber', priceFen: 430, stock: STOCK, limit: 6 }

beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  engine = await startLossyEngine(backend.endpoint)
  process.env['DYNAMODB_ENDPOINT'] = engine.endpoint
  for (const person of PEOPLE) await aResident(backend, person)
  await aWorker(backend, 'worker-1')
  await aCoopMember(backend, 'coop-1')
})
afterAll(async () => {
  await engine.stop()
  await provider.stop()
  await backend.stop()
})
beforeEach(async () => {
  gb = await aGroupBuy()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

type Given = NonNullable<Parameters<typeof aMarket>[1]>
async function aGroupBuy(given: Given = {}): Promise<string> {
  const groupBuyId = `gb-${randomUUID().slice(0, 8)}`
  await aMarket(backend, { groupBuyId, offers: [TOMATO, CUCUMBER], ...given })
  return groupBuyId
}

type Line = { groupBuyId: string; offerId: string; quantity: number }
const tomatoes = (quantity: number, groupBuyId = gb): Line => ({ groupBuyId, offerId: 'tomato', quantity })
const cucumbers = (quantity: number, groupBuyId = gb): Line => ({ groupBuyId, offerId: 'cucumber', quantity })

const place = (lines: Line[], as: string, orderId: string = randomUUID()) =>
  call(ordersHandler, placeOrder, { params: { orderId }, body: { lines }, as })

async function buy(lines: Line[], as = 'resident-1'): Promise<string> {
  const placed = await place(lines, as)
  expect(placed).toMatchObject({ status: 200 })
  const { orderId } = placed.body as { orderId: string }
  const answer = await call(paymentsHandler, startCheckout, { params: { orderId }, as })
  await provider.pay((answer.body as { checkoutUrl: string }).checkoutUrl)
  const webhook = await provider.webhook('checkout.session.completed', orderId)
  expect(await provider.deliver(paymentsHandler, webhook)).toMatchObject({ body: { outcome: 'applied' } })
  return orderId
}

type Share = {
  saleId: string
  groupBuyId: string
  state: string
  refundedFen: number
  accrualE4Fen: number
  lines: { lineId: string; offerId: string; quantity: number; dropped: number; refundedFen: number }[]
}
type Seen = {
  state: string
  amountFen: number
  refundedFen: number
  shares: Share[]
  refunds: { refundId: string; state: string; reason: string; amountFen: number; lines: object[] }[]
}
const see = async (orderId: string, as = 'worker-1') =>
  (await call(ordersHandler, getOrder, { params: { orderId }, as })).body as Seen

type Portions = Partial<Record<'tomato' | 'cucumber', number>>
/** The wish, by offers, over all shares of the order. */
async function wish(orderId: string, portions: Portions) {
  const { shares } = await see(orderId)
  return shares.flatMap(({ saleId, lines }) =>
    lines.flatMap(({ lineId, offerId }) => {
      const wanted = portions[offerId as keyof Portions]
      return wanted === undefined ? [] : [{ saleId, lineId, portions: wanted }]
    }),
  )
}

type Sending = { as?: string; giveBackId?: string; lines?: object[] }
async function give(orderId: string, portions: Portions, more: Sending = {}): Promise<Called> {
  const lines = more.lines ?? (await wish(orderId, portions))
  const body = { giveBackId: more.giveBackId ?? randomUUID(), lines }
  return call(paymentsHandler, giveBack, { params: { orderId }, body, as: more.as ?? 'resident-1' })
}

type Stored = Record<string, unknown>
const stored = () => backend.scan('market')
const bucketsOf = (items: Stored[], offerId: string, groupBuyId = gb) =>
  items
    .filter((item) => item.entity === 'bucket' && item.groupBuyId === groupBuyId && item.offerId === offerId)
    .sort((left, right) => Number(left.n) - Number(right.n))
    .map((item) => Number(item.available))
const limitOf = (items: Stored[], offerId: string, household = 'c-1.resident-1', groupBuyId = gb) => {
  const { PK, SK } = keys.limit(groupBuyId, household)
  return Number(items.find((item) => item.PK === PK && item.SK === SK)?.[`q:${offerId}`] ?? 0)
}
const reversalsOf = (items: Stored[], saleId: string | undefined) =>
  items.filter((item) => item.entity === 'event' && item.type === 'sale.reversed.v1' && item.saleId === saleId)

/** What must be as before when a wish was refused. */
async function snapshot(orderId: string) {
  const items = await stored()
  const mine = items.filter((item) => item.PK === `ORDER#${orderId}` || String(item.PK).startsWith('GB#'))
  return hashBody(mine.map((item) => `${item.PK} ${item.SK} ${hashBody(item)}`).sort())
}

const isRefund = (writes: readonly TransactWriteItem[]) =>
  writes.some((write) => write.Put?.Item?.['reason']?.S === 'cancelled')

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)

const tick = (handler: unknown) =>
  (handler as (event: unknown, context: unknown) => Promise<Record<string, number>>)({}, lambdaContext())
async function close(groupBuyId = gb): Promise<void> {
  await passClosing(backend, groupBuyId)
  await tick(closingTick)
  await tick(paymentsTick)
}

describe('a buyer who gives portions back', () => {
  it('gets their money at once, and the portions can be bought by others and by them', async () => {
    const orderId = await buy([tomatoes(6), cucumbers(1)])
    expect(await place([tomatoes(1)], 'resident-1')).toMatchObject({ body: { code: 'LIMIT_REACHED' } })
    const answer = await give(orderId, { tomato: 2 })
    expect(answer).toMatchObject({ status: 200, body: { amountFen: 1720 } })
    expect(['asked', 'succeeded']).toContain((answer.body as { state: string }).state)
    const order = await see(orderId)
    expect(order).toMatchObject({
      state: 'paid',
      refundedFen: 1720,
      refunds: [
        { reason: 'cancelled', amountFen: 1720, lines: [{ lineId: expect.any(String), amountFen: 1720, portions: 2 }] },
      ],
    })
    const [share] = order.shares
    // 2 % of what is kept, to a ten-thousandth of a fen.
    expect(share?.accrualE4Fen).toBe((6 * 860 + 430 - 1720) * 200)
    expect(share?.lines.find((line) => line.offerId === 'tomato')).toMatchObject({ quantity: 6, dropped: 2 })
    const items = await stored()
    expect([bucketsOf(items, 'tomato'), bucketsOf(items, 'cucumber')]).toEqual([[STOCK - 4], [STOCK - 1]])
    expect([limitOf(items, 'tomato'), limitOf(items, 'cucumber')]).toEqual([4, 1])
    expect(reversalsOf(items, share?.saleId)).toMatchObject([
      { amountFen: 1720, reason: 'cancelled', compoundId: 'c-1' },
    ])
    expect((await provider.webhook('refund.updated', orderId)).rawBody).toContain('1720')
    expect(await place([tomatoes(2)], 'resident-1')).toMatchObject({ status: 200 })
  })

  it('sees in the list of orders what is still to come, and where and when', async () => {
    const orderId = await buy([tomatoes(3), cucumbers(1)])
    await give(orderId, { tomato: 2, cucumber: 1 })
    const list = await call(ordersHandler, listMyOrders, { query: { limit: '5' }, as: 'resident-1' })
    const items = (list.body as { items: { orderId: string }[] }).items
    expect(items.find((item) => item.orderId === orderId)).toMatchObject({
      compoundId: 'c-1',
      pickUpPoint: { pickUpPointId: 'p-1', name: '东门驿站' },
      shares: [{ groupBuyId: gb, state: 'reserved', lines: [{ portions: 0 }, { portions: 1 }] }],
    })
    const others = await call(ordersHandler, listMyOrders, { as: 'resident-2' })
    expect(others.text).not.toContain(orderId)
  })

  it('for the same wish sent again gets the first result, and nothing twice', async () => {
    const orderId = await buy([tomatoes(4)])
    const giveBackId = randomUUID()
    const lines = await wish(orderId, { tomato: 1 })
    const first = await give(orderId, {}, { giveBackId, lines })
    const again = await Promise.all([1, 2, 3].map(() => give(orderId, {}, { giveBackId, lines })))
    for (const answer of again) {
      expect(answer.status).toBe(200)
      const { refundId, amountFen } = first.body as { refundId: string; amountFen: number }
      expect(answer.body).toMatchObject({ giveBackId, refundId, amountFen })
    }
    expect(await see(orderId)).toMatchObject({ refundedFen: 860, refunds: [{ amountFen: 860 }] })
    expect(bucketsOf(await stored(), 'tomato')).toEqual([STOCK - 3])
  })

  it('five times at once with one id is heard once', async () => {
    const orderId = await buy([tomatoes(4)])
    const giveBackId = randomUUID()
    const lines = await wish(orderId, { tomato: 1 })
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => give(orderId, {}, { giveBackId, lines })))
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200])
    expect(await see(orderId)).toMatchObject({ refundedFen: 860, refunds: [{ amountFen: 860 }] })
  })

  it('of everything, sent again while it is being written, gets the first result', async () => {
    const orderId = await buy([tomatoes(4)])
    const giveBackId = randomUUID()
    const lines = await wish(orderId, { tomato: 4 })
    beforeReadingMany(() => give(orderId, {}, { giveBackId, lines }))
    expect(await give(orderId, {}, { giveBackId, lines })).toMatchObject({ status: 200, body: { amountFen: 3440 } })
    expect(await see(orderId)).toMatchObject({ refundedFen: 3440, refunds: [{ amountFen: 3440 }] })
  })

  it('with the id of another wish is refused, and nothing moves', async () => {
    const orderId = await buy([tomatoes(4)])
    const giveBackId = randomUUID()
    await give(orderId, { tomato: 1 }, { giveBackId })
    await tick(paymentsTick)
    const before = await snapshot(orderId)
    expect(await give(orderId, { tomato: 2 }, { giveBackId })).toMatchObject({
      status: 409,
      body: { code: 'REFUND_ID_REUSED' },
    })
    expect(await snapshot(orderId)).toBe(before)
  })

  it('may use one id for two orders: the provider is asked for both', async () => {
    const giveBackId = randomUUID()
    const orders = [await buy([tomatoes(2)]), await buy([tomatoes(2)])]
    for (const orderId of orders) {
      expect(await give(orderId, { tomato: 1 }, { giveBackId })).toMatchObject({
        status: 200,
        body: { amountFen: 860 },
      })
      expect((await provider.webhook('refund.updated', orderId)).type).toBeDefined()
    }
  })

  it('of two group buys in one order gets one refund and two reversals', async () => {
    const other = await aGroupBuy()
    const orderId = await buy([tomatoes(2), tomatoes(3, other)])
    expect(await give(orderId, { tomato: 1 })).toMatchObject({ status: 200, body: { amountFen: 1720 } })
    const order = await see(orderId)
    expect(order.shares.map((share) => share.refundedFen)).toEqual([860, 860])
    const items = await stored()
    expect([bucketsOf(items, 'tomato'), bucketsOf(items, 'tomato', other)]).toEqual([[STOCK - 1], [STOCK - 2]])
    for (const { saleId } of order.shares) expect(reversalsOf(items, saleId)).toMatchObject([{ amountFen: 860 }])
  })

  it('puts them into the very buckets they came from', async () => {
    gb = await aGroupBuy({ offers: [{ ...TOMATO, stock: 9, limit: 9, buckets: 4 }] })
    const before = bucketsOf(await stored(), 'tomato')
    const orderId = await buy([tomatoes(8)])
    for (const portions of [1, 3, 2, 2])
      expect(await give(orderId, { tomato: portions })).toMatchObject({ status: 200 })
    const items = await stored()
    expect(bucketsOf(items, 'tomato')).toEqual(before)
    expect(limitOf(items, 'tomato')).toBe(0)
  })
})

describe('what cannot be given back', () => {
  const refusals: [string, number, string, (orderId: string) => Promise<Called>][] = [
    ['more than was bought', 409, 'TOO_MANY_PORTIONS', (id) => give(id, { tomato: 3 })],
    [
      'more than was bought, in two lines',
      409,
      'TOO_MANY_PORTIONS',
      async (id) => give(id, {}, { lines: [...(await wish(id, { tomato: 2 })), ...(await wish(id, { tomato: 1 }))] }),
    ],
    [
      'a line that is not there',
      422,
      'UNKNOWN_LINE',
      async (id) => give(id, {}, { lines: [{ ...(await wish(id, { tomato: 1 }))[0], lineId: '9-9' }] }),
    ],
    ['nothing', 400, 'INVALID', (id) => give(id, {}, { lines: [] })],
    ['no portion', 400, 'INVALID', (id) => give(id, { tomato: 0 })],
    ['less than nothing', 400, 'INVALID', (id) => give(id, { tomato: -1 })],
    ['half a portion', 400, 'INVALID', (id) => give(id, { tomato: 0.5 })],
  ]
  it.each(refusals)('%s', async (_, status, code, send) => {
    const orderId = await buy([tomatoes(2)])
    const before = await snapshot(orderId)
    expect(await send(orderId)).toMatchObject({ status, body: { code } })
    expect(await snapshot(orderId)).toBe(before)
  })

  it.each([
    [undefined, 401],
    ['resident-2', 404],
    ['worker-1', 404],
    ['coop-1', 404],
  ] as const)('what %s has not ordered', async (as, status) => {
    const orderId = await buy([tomatoes(2)])
    const before = await snapshot(orderId)
    const body = { giveBackId: randomUUID(), lines: await wish(orderId, { tomato: 1 }) }
    const answer = await call(paymentsHandler, giveBack, {
      params: { orderId },
      body,
      ...(as === undefined ? {} : { as }),
    })
    expect(answer.status).toBe(status)
    expect(await snapshot(orderId)).toBe(before)
  })

  it('what is not paid', async () => {
    const { orderId } = (await place([tomatoes(2)], 'resident-1')).body as { orderId: string }
    expect(await give(orderId, { tomato: 1 })).toMatchObject({ status: 409, body: { code: 'ORDER_NOT_PAID' } })
  })

  it('portions of an order that was changed far too often', async () => {
    const orderId = await buy([tomatoes(2)])
    await give(orderId, { tomato: 1 })
    const one = (await stored()).find((item) => item.entity === 'refund' && item.orderId === orderId)
    for (let n = 1; n < GIVE_BACKS_MAX; n++) {
      const refundId = `back-${n}`
      await backend.put('market', { ...one, ...keys.refund(orderId, refundId), refundId, state: 'succeeded' })
    }
    expect(await give(orderId, { tomato: 1 })).toMatchObject({ status: 409, body: { code: 'TOO_MANY_GIVE_BACKS' } })
  })
})

describe('the closing ends it', () => {
  it('from its very moment, although no clock has closed anything yet', async () => {
    const orderId = await buy([tomatoes(2)])
    await passClosing(backend, gb)
    const before = await snapshot(orderId)
    expect(await give(orderId, { tomato: 1 })).toMatchObject({ status: 409, body: { code: 'GROUP_BUY_CLOSED' } })
    expect(await snapshot(orderId)).toBe(before)
  })

  it('also for a request with an old clock: the stock itself is closed', async () => {
    const start = Date.now()
    gb = await aGroupBuy({ closesAt: new Date(start + 60_000).toISOString() })
    const orderId = await buy([tomatoes(2)])
    const lines = await wish(orderId, { tomato: 1 })
    // Between reading and writing the group buy closes and is counted; the request's clock stands still.
    beforeWriting(isRefund, async () => {
      vi.useFakeTimers({ toFake: ['Date'], now: start + 61_000 })
      await tick(closingTick)
      await tick(paymentsTick)
      vi.useFakeTimers({ toFake: ['Date'], now: start + 1_000 })
    })
    expect(await give(orderId, {}, { lines })).toMatchObject({ status: 409, body: { code: 'GROUP_BUY_CLOSED' } })
    vi.useRealTimers()
    const items = await stored()
    expect(items.find((item) => item.PK === `GB#${gb}` && item.entity === 'groupBuy')).toMatchObject({
      state: 'confirmed',
      decided: { portions: 2 },
    })
    expect(await see(orderId)).toMatchObject({ refundedFen: 0, refunds: [] })
    expect(bucketsOf(items, 'tomato')).toEqual([STOCK - 2])
  })

  it('when the stock is closed and nothing else yet: the stock is the truth', async () => {
    const orderId = await buy([tomatoes(2)])
    const lines = await wish(orderId, { tomato: 1 })
    const bucket = (await stored()).find(
      (item) => item.entity === 'bucket' && item.PK === `GB#${gb}` && item.offerId === 'tomato',
    )
    await backend.put('market', { ...bucket, state: 'closed' })
    expect(await give(orderId, {}, { lines })).toMatchObject({ status: 409, body: { code: 'GROUP_BUY_CLOSED' } })
    expect(await see(orderId)).toMatchObject({ refundedFen: 0, refunds: [] })
  })

  it('and a request that was begun in time and written after the hour, before any clock closed the stock', async () => {
    const orderId = await buy([tomatoes(2)])
    const lines = await wish(orderId, { tomato: 1 })
    beforeWriting(isRefund, () => passClosing(backend, gb))
    expect(await give(orderId, {}, { lines })).toMatchObject({ status: 409, body: { code: 'GROUP_BUY_CLOSED' } })
    expect(await see(orderId)).toMatchObject({ refundedFen: 0, refunds: [] })
  })

  it('for one of two group buys: the wish is refused as a whole', async () => {
    const other = await aGroupBuy()
    const orderId = await buy([tomatoes(2), tomatoes(2, other)])
    await close(other)
    const before = await snapshot(orderId)
    expect(await give(orderId, { tomato: 1 })).toMatchObject({ status: 409, body: { code: 'GROUP_BUY_CLOSED' } })
    expect(await snapshot(orderId)).toBe(before)
  })

  it('but whoever was in time and did not hear the answer still gets it', async () => {
    const orderId = await buy([tomatoes(2)])
    const giveBackId = randomUUID()
    const lines = await wish(orderId, { tomato: 1 })
    await give(orderId, {}, { giveBackId, lines })
    await close()
    expect(await give(orderId, {}, { giveBackId, lines })).toMatchObject({ status: 200, body: { amountFen: 860 } })
  })

  it('counts without what was given back: success, price step and sheets', async () => {
    const steps = [
      { fromPortions: 4, priceFen: 820 },
      { fromPortions: 6, priceFen: 790 },
    ]
    gb = await aGroupBuy({
      offers: [{ ...TOMATO, priceSteps: steps }, CUCUMBER],
      success: { kind: 'portions', minimum: 5 },
    })
    const first = await buy([tomatoes(5), cucumbers(1)])
    await buy([tomatoes(1)], 'resident-2')
    expect(await give(first, { tomato: 2 })).toMatchObject({ status: 200 })
    await close()
    const items = await stored()
    expect(items.find((item) => item.PK === `GB#${gb}` && item.entity === 'groupBuy')).toMatchObject({
      state: 'confirmed',
      decided: { orders: 2, portions: 5, amountFen: 4 * 860 + 430 },
      finalPrices: { tomato: 820 },
    })
    // Three kept portions became 40 fen cheaper each; those given back had brought their whole price.
    expect(await see(first)).toMatchObject({ refundedFen: 2 * 860 + 3 * 40, shares: [{ state: 'confirmed' }] })
    const sheet = await call(ordersHandler, getSortingSheet, {
      params: { compoundId: 'c-1', groupBuyId: gb },
      as: 'worker-1',
    })
    const portionsOf = (body: unknown, list: string) =>
      new Map(
        (body as Record<string, { offerId: string; portions: number }[]>)[list]?.map((each) => [
          each.offerId,
          each.portions,
        ]),
      )
    expect(portionsOf(sheet.body, 'products')).toEqual(
      new Map([
        ['tomato', 4],
        ['cucumber', 1],
      ]),
    )
    const harvest = await call(groupBuysHandler, getPurchaseOrder, { params: { groupBuyId: gb }, as: 'coop-1' })
    expect(portionsOf(harvest.body, 'offers')).toEqual(
      new Map([
        ['tomato', 4],
        ['cucumber', 1],
      ]),
    )
  })

  it('finds a rule missed by what was given back, and returns the rest', async () => {
    gb = await aGroupBuy({ success: { kind: 'portions', minimum: 4 } })
    const orderId = await buy([tomatoes(4)])
    await give(orderId, { tomato: 1 })
    await close()
    const order = await see(orderId)
    expect(order).toMatchObject({ refundedFen: 4 * 860, shares: [{ state: 'refunded' }] })
    expect(order.refunds.map(({ reason, amountFen }) => [reason, amountFen])).toEqual([
      ['cancelled', 860],
      ['failed-group', 3 * 860],
    ])
  })

  it.each([
    ['takes place for others', 1, 'confirmed'],
    ['is left with nobody', 0, 'ended'],
  ] as const)(
    'a share of which everything was given back ends as refunded, and the group buy %s',
    async (_, others, state) => {
      const orderId = await buy([tomatoes(2), cucumbers(1)])
      for (let n = 0; n < others; n++) await buy([tomatoes(1)], 'resident-2')
      await give(orderId, { tomato: 2 })
      expect(await give(orderId, { cucumber: 1 })).toMatchObject({ status: 200 })
      await close()
      const items = await stored()
      expect(items.find((item) => item.PK === `GB#${gb}` && item.entity === 'groupBuy')).toMatchObject({ state })
      const order = await see(orderId)
      expect(order).toMatchObject({ refundedFen: order.amountFen, shares: [{ state: 'refunded', accrualE4Fen: 0 }] })
      expect(order.refunds).toHaveLength(2)
    },
  )
})

describe('several at once', () => {
  it('never give back more than was bought', async () => {
    const orderId = await buy([tomatoes(3)])
    const answers = await Promise.all([2, 2, 2].map((portions) => give(orderId, { tomato: portions })))
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409])
    for (const answer of answers.filter(({ status }) => status === 409))
      expect(answer.body).toMatchObject({ code: 'TOO_MANY_PORTIONS' })
    expect(await see(orderId)).toMatchObject({ refundedFen: 1720 })
    const items = await stored()
    expect([bucketsOf(items, 'tomato'), limitOf(items, 'tomato')]).toEqual([[STOCK - 1], 1])
  })

  it('each get theirs when there is enough', async () => {
    const orderId = await buy([tomatoes(4)])
    const answers = await Promise.all([1, 1, 2].map((portions) => give(orderId, { tomato: portions })))
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200])
    const items = await stored()
    expect(await see(orderId)).toMatchObject({ refundedFen: 4 * 860 })
    expect([bucketsOf(items, 'tomato'), limitOf(items, 'tomato')]).toEqual([[STOCK], 0])
  })

  it('a worker who refunds a part in between is reckoned with', async () => {
    const orderId = await buy([tomatoes(2)])
    const lines = await wish(orderId, { tomato: 1 })
    const [line] = lines
    beforeWriting(isRefund, async () => {
      const part = [{ saleId: line?.saleId, lineId: line?.lineId, amountFen: 720 }]
      const body = { refundId: randomUUID(), reason: 'claim', lines: part }
      await call(paymentsHandler, refundOrder, { params: { orderId }, body, as: 'worker-1' })
    })
    // 1720 − 720 were left for two portions.
    expect(await give(orderId, {}, { lines })).toMatchObject({ status: 200, body: { amountFen: 500 } })
    expect(await see(orderId)).toMatchObject({ refundedFen: 1220 })
  })
})

describe('any wishes, one after the other and side by side', () => {
  const wanted = fc.record({
    buyer: fc.nat({ max: 1 }),
    offer: fc.constantFrom('tomato' as const, 'cucumber' as const),
    portions: fc.integer({ min: 1, max: 3 }),
  })

  it('keep stock and portions owed in sum, and limits, money and reversals as the portions say', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(wanted, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 4 }),
        async (rounds) => {
          gb = await aGroupBuy({ offers: [{ ...TOMATO, buckets: 3 }, CUCUMBER] })
          const buyers = ['resident-1', 'resident-2']
          const orders = [await buy([tomatoes(5), cucumbers(2)]), await buy([tomatoes(4), cucumbers(3)], 'resident-2')]
          for (const round of rounds) {
            const answers = await Promise.all(
              round.map(({ buyer, offer, portions }) =>
                give(orders[buyer] ?? '', { [offer]: portions }, { as: buyers[buyer] ?? '' }),
              ),
            )
            for (const { status } of answers) expect([200, 409]).toContain(status)
            await addUp(orders, buyers)
          }
        },
      ),
      { numRuns: lives(5), endOnFailure: true },
    )
  }, 60_000)

  async function addUp(orders: readonly string[], buyers: readonly string[]): Promise<void> {
    const seen = await Promise.all(orders.map((orderId) => see(orderId)))
    const items = await stored()
    for (const [offerId, priceFen] of [
      ['tomato', 860],
      ['cucumber', 430],
    ] as const) {
      const owed = seen.map(({ shares }) =>
        sum((shares[0]?.lines ?? []).map((line) => (line.offerId === offerId ? line.quantity - line.dropped : 0))),
      )
      expect(sum(bucketsOf(items, offerId)) + sum(owed)).toBe(STOCK)
      expect(buyers.map((buyer) => limitOf(items, offerId, `c-1.${buyer}`))).toEqual(owed)
      for (const { shares } of seen)
        for (const line of shares[0]?.lines.filter((each) => each.offerId === offerId) ?? [])
          expect(line.refundedFen).toBe(line.dropped * priceFen)
    }
    for (const { refundedFen, refunds, shares } of seen) {
      expect(sum(refunds.map((refund) => refund.amountFen))).toBe(refundedFen)
      expect(sum(reversalsOf(items, shares[0]?.saleId).map((event) => Number(event.amountFen)))).toBe(refundedFen)
    }
  }
})

describe('a crash', () => {
  it('between deciding and asking is seen through by the tick', async () => {
    const orderId = await buy([tomatoes(2)])
    provider.sandbox.setFaults({ apiFailNext: 2 })
    expect(await give(orderId, { tomato: 1 })).toMatchObject({
      status: 200,
      body: { state: 'decided', amountFen: 860 },
    })
    provider.sandbox.setFaults({ apiFailNext: 0 })
    await tick(paymentsTick)
    expect((await see(orderId)).refunds).toMatchObject([
      { amountFen: 860, state: expect.stringMatching(/asked|succeeded/) },
    ])
    expect((await provider.webhook('refund.updated', orderId)).type).toBeDefined()
  })

  it('that loses the table’s answer gives back once', async () => {
    const orderId = await buy([tomatoes(3)])
    const lines = await wish(orderId, { tomato: 1 })
    engine.loseNext(1)
    expect(await give(orderId, {}, { lines })).toMatchObject({ status: 200, body: { amountFen: 860 } })
    expect(await see(orderId)).toMatchObject({ refundedFen: 860, refunds: [{ amountFen: 860 }] })
    expect(bucketsOf(await stored(), 'tomato')).toEqual([STOCK - 2])
  })
})
