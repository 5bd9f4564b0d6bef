import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  collectShares,
  findPickUps,
  getCounter,
  getOrder,
  listCounterOrders,
  listUncollected,
  placeOrder,
  refundOrder,
  startCheckout,
  undoPickUp,
} from '#shared/contracts/orders.ts'
import type { Output } from '#shared/contracts/route.ts'
import { handler as ordersHandler } from '#functions/orders/index.ts'
import { handler as paymentsHandler } from '#functions/payments/index.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { beforeReadingMany, beforeWriting } from '../fixtures/interleave.ts'
import { aMarket, anAdmin, aResident, aWorker, COMPOUND } from '../fixtures/market.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'

let backend: Backend
let provider: Provider
let gb = ''
beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  for (const room of ['10.1.101', '2.1.1001', '2.1.902', '2.2.101']) await aResident(backend, room, room)
  await aResident(backend, 'resident-2', '1.1.101', 2)
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
  // The day of its pick-up has come: orders remember when that begins.
  await aMarket(backend, { groupBuyId: gb, pickUpEndsAt: ago(-HOUR / 2) })
})

afterEach(() => vi.restoreAllMocks())

async function paidOrder(as = '2.1.902', groupBuyIds = [gb]): Promise<string> {
  const orderId = randomUUID()
  const lines = groupBuyIds.flatMap((groupBuyId) => [
    { groupBuyId, offerId: 'tomato', quantity: 2 },
    { groupBuyId, offerId: 'cucumber', quantity: 1 },
  ])
  expect((await call(ordersHandler, placeOrder, { params: { orderId }, body: { lines }, as })).status).toBe(200)
  const page = await call(paymentsHandler, startCheckout, { params: { orderId }, as })
  await provider.pay((page.body as { checkoutUrl: string }).checkoutUrl)
  const webhook = await provider.webhook('checkout.session.completed', orderId)
  expect((await provider.deliver(paymentsHandler, webhook)).body).toMatchObject({ outcome: 'applied' })
  return orderId
}

const ago = (ms: number) => new Date(Date.now() - ms).toISOString()
const HOUR = 3_600_000
const DAY = 24 * HOUR

/** What the closing leaves behind: the window is over, and every share of the group buy is in this state. */
async function closed({ groupBuyId = gb, state = 'confirmed', startedAgo = HOUR, endedAgo = -5 * HOUR } = {}) {
  const times = { closesAt: ago(2 * DAY), pickUpStartsAt: ago(startedAgo), pickUpEndsAt: ago(endedAgo) }
  if (endedAgo > 0) times.closesAt = ago(endedAgo + 2 * DAY)
  for (const item of await backend.scan('market')) {
    if (item.PK !== `GB#${groupBuyId}`) continue
    if (item.entity === 'groupBuy') await backend.put('market', { ...item, ...times })
    if (item.entity === 'share' && item.state === 'reserved') await backend.put('market', { ...item, state })
  }
  await backend.put('market', {
    ...keys.groupBuyCompound(groupBuyId, COMPOUND),
    ...index.compoundGroupBuys(COMPOUND, times.closesAt, groupBuyId),
    entity: 'groupBuyCompound',
    v: 1,
    groupBuyId,
    compoundId: COMPOUND,
    closesAt: times.closesAt,
  })
}

async function withCode(orderId: string, pickUpCode: string): Promise<void> {
  const { PK, SK } = keys.order(orderId)
  const order = (await backend.scan('market')).find((item) => item.PK === PK && item.SK === SK)
  await backend.put('market', { ...order, pickUpCode })
}

type Order = Output<typeof getOrder>
type Found = Output<typeof findPickUps>
const see = async (orderId: string, as = 'worker-1') =>
  (await call(ordersHandler, getOrder, { params: { orderId }, as })).body as Order
const find = (query: Record<string, string>, as = 'worker-1', compoundId = COMPOUND) =>
  call(ordersHandler, findPickUps, { params: { compoundId }, query, as })
const found = async (query: Record<string, string>) => (await find(query)).body as Found
const collect = (orderId: string, body: object = {}, as = 'worker-1') =>
  call(ordersHandler, collectShares, { params: { orderId }, body: { pickUpId: randomUUID(), ...body }, as })
const undo = (orderId: string, pickUpId: string, reason = '给错了人', as = 'worker-1') =>
  call(ordersHandler, undoPickUp, { params: { orderId, pickUpId }, body: { reason }, as })
const counter = async () =>
  (await call(ordersHandler, getCounter, { params: { compoundId: COMPOUND }, as: 'worker-1' })).body as Output<
    typeof getCounter
  >
const uncollected = async (groupBuyId = gb) =>
  (
    await call(ordersHandler, listUncollected, {
      params: { compoundId: COMPOUND, groupBuyId },
      as: 'worker-1',
    })
  ).body as Output<typeof listUncollected>
const idOf = (answer: { body: unknown }) => (answer.body as { pickUpId: string }).pickUpId
/** Of the tomatoes and of the cucumbers, in this order. */
const outOf = (order: Order) =>
  ['tomato', 'cucumber'].map((name) => order.shares[0]?.lines.find((line) => line.name === name)?.handedOut)
const part = (order: Order, tomatoes: number, cucumbers = 0) =>
  (order.shares[0]?.lines ?? []).flatMap(({ lineId, name }) => {
    const portions = name === 'tomato' ? tomatoes : cucumbers
    return portions === 0 ? [] : [{ saleId: order.shares[0]?.saleId ?? '', lineId, portions }]
  })

describe('finding what somebody comes for', () => {
  it('by the code: every order that has it, with its room', async () => {
    const [one, two] = [await paidOrder('10.1.101'), await paidOrder('2.1.1001')]
    for (const orderId of [one, two]) await withCode(orderId, '004711')
    await closed()
    const { items, more } = await found({ code: '004711' })
    expect(items.map((item) => item.orderId)).toEqual([two, one])
    expect(items[0]?.householdLabel).toContain('2.1.1001')
    expect(items[0]?.shares).toMatchObject([
      { state: 'confirmed', hasBegun: true, lines: [{ quantity: 1, handedOut: 0, left: 1 }, { left: 2 }] },
    ])
    expect(more).toBe(false)
    expect((await found({ code: '999999' })).items.map((item) => item.orderId)).not.toContain(one)
  })

  it('shows no more than its cap, and says that there are others', async () => {
    const { PK } = keys.groupBuy(gb)
    const orderId = await paidOrder()
    await withCode(orderId, '230023')
    const items = (await backend.scan('market')).filter(
      (item) => item.PK === keys.order(orderId).PK || (item.PK === PK && item.orderId === orderId),
    )
    const copies = Array.from({ length: 20 }, () => randomUUID())
    for (const copy of copies) {
      for (const item of items) {
        const own = item.entity === 'share' ? keys.share(gb, copy) : { PK: keys.order(copy).PK, SK: String(item.SK) }
        await backend.put('market', { ...item, ...own, ...(item.orderId === undefined ? {} : { orderId: copy }) })
      }
    }
    await closed()
    const { items: shown, more } = await found({ code: '230023' })
    expect(shown).toHaveLength(20)
    expect(more).toBe(true)
  })

  it('of its own compound only, though the goods of several lie in one group buy', async () => {
    const orderId = await paidOrder()
    await withCode(orderId, '303030')
    await closed()
    for (const item of await backend.scan('market')) {
      if (item.PK !== keys.order(orderId).PK && item.SK !== keys.share(gb, orderId).SK) continue
      if ('compoundId' in item) await backend.put('market', { ...item, compoundId: 'c-2' })
    }
    expect((await found({ code: '303030' })).items).toEqual([])
    expect((await uncollected()).householdCount).toBe(0)
  })

  it('by building, unit and room, however they are written', async () => {
    const orderId = await paidOrder('2.2.101')
    await closed()
    const { items } = await found({ building: '２号楼', unit: '2单元', room: '0101室' })
    expect(items.map((item) => item.orderId)).toContain(orderId)
    expect(items.every((item) => item.householdLabel.includes('2.2.101'))).toBe(true)
  })

  it.each([
    ['nothing', {}],
    ['half a room', { building: '1' }],
    ['a code and a room', { code: '123456', building: '1', unit: '1', room: '1' }],
    ['no code', { code: '12345' }],
    ['a foreign field', { code: '123456', phone: '1' }],
  ])('is not asked with %s', async (_what, query) => expect((await find(query)).status).toBe(400))

  it('not before the group buy is sure, nor unpaid, nor a week after its pick-up', async () => {
    const orderId = await paidOrder()
    await withCode(orderId, '101010')
    const ids = async () => (await found({ code: '101010' })).items.map((item) => item.orderId)
    await closed({ state: 'reserved' })
    expect(await ids()).toEqual([])
    expect(await uncollected()).toMatchObject({ householdCount: 0 })
    await closed()
    expect(await ids()).toEqual([orderId])
    await closed({ startedAgo: 7 * DAY, endedAgo: 7 * DAY - HOUR })
    expect(await ids()).toEqual([orderId])
    await closed({ startedAgo: 8 * DAY, endedAgo: 7 * DAY + HOUR })
    expect(await ids()).toEqual([])
  })

  it('leaves out an order that is not paid, whatever its share says', async () => {
    const orderId = await paidOrder()
    await withCode(orderId, '202020')
    await closed()
    const { PK, SK } = keys.order(orderId)
    const order = (await backend.scan('market')).find((item) => item.PK === PK && item.SK === SK)
    await backend.put('market', { ...order, state: 'pending_payment' })
    expect((await found({ code: '202020' })).items).toEqual([])
    expect(await uncollected()).toMatchObject({ items: [] })
    expect((await collect(orderId)).body).toMatchObject({ code: 'ORDER_NOT_PAID' })
  })
})

describe('handing out', () => {
  it('everything at once: the share is collected, and its buyer sees what and when', async () => {
    const orderId = await paidOrder()
    await closed()
    const answer = await collect(orderId, { proxy: 'neighbour' })
    expect(answer).toMatchObject({
      status: 200,
      body: { proxy: 'neighbour', lines: [{ portions: 1 }, { portions: 2 }] },
    })
    const order = await see(orderId, '2.1.902')
    expect(order.shares).toMatchObject([{ state: 'collected' }])
    expect(outOf(order)).toEqual([2, 1])
    expect(order.pickUps).toMatchObject([{ proxy: 'neighbour', lines: [{ name: 'cucumber' }, { name: 'tomato' }] }])
    const item = (await backend.scan('market')).find((each) => each.entity === 'pickUp' && each.orderId === orderId)
    expect(item).toMatchObject({ by: expect.stringContaining('worker-1'), at: order.pickUps[0]?.at })
  })

  it('in parts, never more than was bought', async () => {
    const orderId = await paidOrder()
    await closed({ state: 'ready' })
    const order = await see(orderId)
    expect((await collect(orderId, { lines: part(order, 1) })).status).toBe(200)
    expect(await see(orderId)).toMatchObject({ shares: [{ state: 'ready' }] })
    expect((await collect(orderId, { lines: part(order, 2) })).body).toMatchObject({ code: 'TOO_MANY_PORTIONS' })
    expect((await collect(orderId)).body).toMatchObject({ lines: [{ portions: 1 }, { portions: 1 }] })
    expect(await see(orderId)).toMatchObject({ shares: [{ state: 'collected' }] })
    expect((await collect(orderId)).body).toMatchObject({ code: 'NOTHING_TO_HAND_OUT' })
  })

  it('the same id again is the same hand-out; with another body it is refused', async () => {
    const orderId = await paidOrder()
    await closed()
    const pickUpId = randomUUID()
    const lines = part(await see(orderId), 1)
    const first = await collect(orderId, { pickUpId, lines })
    expect(await collect(orderId, { pickUpId, lines })).toMatchObject({ status: 200, body: first.body })
    expect(await collect(orderId, { pickUpId, lines, proxy: 'self' })).toMatchObject({ status: 200, body: first.body })
    for (const other of [{}, { lines: part(await see(orderId), 2) }, { lines, proxy: 'family' }]) {
      expect(await collect(orderId, { pickUpId, ...other })).toMatchObject({
        status: 409,
        body: { code: 'PICK_UP_ID_REUSED' },
      })
    }
    expect(outOf(await see(orderId))).toEqual([1, 0])
  })

  it('twice at once from two browsers hands out once', async () => {
    const orderId = await paidOrder()
    await closed()
    // The second browser is served between what the first one reads and what it writes.
    beforeWriting(
      (writes) => writes.some((write) => write.Put?.Item?.entity?.S === 'pickUp'),
      async () => expect((await collect(orderId)).status).toBe(200),
    )
    expect((await collect(orderId)).body).toMatchObject({ code: 'NOTHING_TO_HAND_OUT' })
    vi.restoreAllMocks()
    const many = await Promise.all([1, 2, 3, 4].map(() => collect(orderId)))
    expect(many.every((answer) => answer.status === 409)).toBe(true)
    expect(outOf(await see(orderId))).toEqual([2, 1])
    expect((await see(orderId)).pickUps).toHaveLength(1)
  })

  it('the same request twice at once gets one answer, also when one is served while the other reads', async () => {
    const orderId = await paidOrder()
    await closed()
    const pickUpId = randomUUID()
    beforeReadingMany(async () => expect((await collect(orderId, { pickUpId })).status).toBe(200))
    expect(await collect(orderId, { pickUpId })).toMatchObject({ status: 200, body: { pickUpId } })
    expect(outOf(await see(orderId))).toEqual([2, 1])
  })

  it('two parts of different lines at once: both count, and the share is collected', async () => {
    const orderId = await paidOrder()
    await closed()
    const order = await see(orderId)
    beforeWriting(
      (writes) => writes.some((write) => write.Put?.Item?.entity?.S === 'pickUp'),
      async () => expect((await collect(orderId, { lines: part(order, 2) })).status).toBe(200),
    )
    expect((await collect(orderId, { lines: part(order, 0, 1) })).status).toBe(200)
    vi.restoreAllMocks()
    expect(await see(orderId)).toMatchObject({ shares: [{ state: 'collected' }] })
  })

  it('does not hand out what is refunded in the same moment', async () => {
    const orderId = await paidOrder()
    await closed()
    const { saleId, lines } = (await see(orderId)).shares[0] ?? { saleId: '', lines: [] }
    const tomato = lines.find((line) => line.name === 'tomato')
    const back = [{ saleId, lineId: tomato?.lineId, amountFen: tomato?.amountFen }]
    beforeWriting(
      (writes) => writes.some((write) => write.Put?.Item?.entity?.S === 'pickUp'),
      async () => {
        const body = { refundId: randomUUID(), reason: 'claim', lines: back }
        const refunded = await call(paymentsHandler, refundOrder, { params: { orderId }, body, as: 'worker-1' })
        expect(refunded.status).toBe(200)
      },
    )
    expect((await collect(orderId)).body).toMatchObject({ lines: [{ name: 'cucumber', portions: 1 }] })
    vi.restoreAllMocks()
    expect(outOf(await see(orderId))).toEqual([0, 1])
    expect(await see(orderId)).toMatchObject({ shares: [{ state: 'collected' }] })
  })

  it('does not hand out what is called off in the same moment', async () => {
    const orderId = await paidOrder()
    await closed()
    const { PK, SK } = keys.share(gb, orderId)
    const share = (await backend.scan('market')).find((item) => item.PK === PK && item.SK === SK)
    beforeWriting(
      (writes) => writes.some((write) => write.Put?.Item?.entity?.S === 'pickUp'),
      () => backend.put('market', { ...share, state: 'refunded' }),
    )
    expect((await collect(orderId)).body).toMatchObject({ code: 'NOTHING_TO_HAND_OUT' })
    expect(await see(orderId)).toMatchObject({ shares: [{ state: 'refunded' }], pickUps: [] })
  })

  it('one id is one hand-out, also of two group buys at once', async () => {
    const other = `${gb}-2`
    await aMarket(backend, { groupBuyId: other, pickUpEndsAt: ago(-HOUR / 2) })
    const orderId = await paidOrder('2.1.902', [gb, other])
    await closed()
    await closed({ groupBuyId: other })
    const { shares } = await see(orderId)
    const [one = [], two = []] = shares.map(({ saleId, lines }) =>
      lines.map(({ lineId }) => ({ saleId, lineId, portions: 1 })),
    )
    const pickUpId = randomUUID()
    beforeWriting(
      (writes) => writes.some((write) => write.Put?.Item?.entity?.S === 'pickUp'),
      async () => expect((await collect(orderId, { pickUpId, lines: one })).status).toBe(200),
    )
    expect((await collect(orderId, { pickUpId, lines: two })).body).toMatchObject({ code: 'PICK_UP_ID_REUSED' })
    expect((await collect(orderId)).body).toMatchObject({ lines: [{}, {}, {}] })
    expect(await see(orderId)).toMatchObject({ shares: [{ state: 'collected' }, { state: 'collected' }] })
  })

  it('is not begun before its day, unless the goods are named', async () => {
    await aMarket(backend, { groupBuyId: gb })
    const orderId = await paidOrder()
    await closed({ startedAgo: -2 * DAY, endedAgo: -3 * DAY })
    expect((await collect(orderId)).body).toMatchObject({ code: 'PICK_UP_NOT_BEGUN' })
    expect((await collect(orderId, { lines: part(await see(orderId), 1) })).status).toBe(200)
  })

  it('ends somewhere: an order is not handed out for ever', async () => {
    const orderId = await paidOrder()
    await closed()
    const first = idOf(await collect(orderId))
    await undo(orderId, first)
    const pickUp = (await backend.scan('market')).find((item) => item.pickUpId === first && item.entity === 'pickUp')
    for (let n = 1; n < 50; n++) {
      const pickUpId = randomUUID()
      await backend.put('market', { ...pickUp, ...keys.pickUp(orderId, pickUpId), pickUpId })
    }
    expect((await collect(orderId)).body).toMatchObject({ code: 'TOO_MANY_PICK_UPS' })
  })
})

describe('a hand-out that is recorded later', () => {
  it('keeps when it happened and when we learned of it', async () => {
    const orderId = await paidOrder()
    await closed()
    const [pickUpId, handedOutAt, before] = [randomUUID(), ago(3 * HOUR), ago(0)]
    const answer = await collect(orderId, { pickUpId, handedOutAt })
    expect(answer).toMatchObject({ status: 200, body: { pickUpId, handedOutAt } })
    expect((answer.body as { at: string }).at >= before).toBe(true)
    expect((await see(orderId, '2.1.902')).pickUps).toMatchObject([{ handedOutAt }])
    expect((await counter()).pickUps).toContainEqual(expect.objectContaining({ pickUpId, handedOutAt }))
    // Sent again it is the same one, and of another time it is another.
    expect((await collect(orderId, { pickUpId, handedOutAt })).body).toEqual(answer.body)
    expect((await collect(orderId, { pickUpId })).body).toMatchObject({ code: 'PICK_UP_ID_REUSED' })
    expect((await collect(orderId, { pickUpId, handedOutAt: ago(HOUR) })).body).toMatchObject({
      code: 'PICK_UP_ID_REUSED',
    })
  })

  it.each([
    ['long ago', 7 * DAY + HOUR, 'HANDED_OUT_TOO_LONG_AGO'],
    ['in the future', -HOUR / 4, 'HANDED_OUT_IN_FUTURE'],
  ])('%s is refused by name, and hands nothing out', async (_when, agoMs, code) => {
    const orderId = await paidOrder()
    await closed()
    expect(await collect(orderId, { handedOutAt: ago(agoMs) })).toMatchObject({ status: 422, body: { code } })
    expect(outOf(await see(orderId))).toEqual([0, 0])
    expect((await collect(orderId, { handedOutAt: 'yesterday' })).status).toBe(400)
  })

  it('may be a little ahead of us, and nearly a week old', async () => {
    const orderId = await paidOrder()
    await closed()
    const [one, two] = [part(await see(orderId), 1), part(await see(orderId), 0, 1)]
    expect((await collect(orderId, { lines: one, handedOutAt: ago(-HOUR / 15) })).status).toBe(200)
    expect((await collect(orderId, { lines: two, handedOutAt: ago(7 * DAY - HOUR) })).status).toBe(200)
  })
})

describe('taking a hand-out back', () => {
  it.each(['confirmed', 'ready'])('gives the portions back once, to a share that was %s', async (state) => {
    const orderId = await paidOrder()
    await closed({ state })
    const pickUpId = idOf(await collect(orderId))
    const answers = await Promise.all([1, 2, 3].map(() => undo(orderId, pickUpId)))
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200])
    const order = await see(orderId)
    expect(order.shares).toMatchObject([{ state }])
    expect(outOf(order)).toEqual([0, 0])
    expect(order.pickUps).toMatchObject([{ pickUpId, undoneAt: expect.any(String) }])
    expect(JSON.stringify(order)).not.toContain('给错了人')
    expect((await undo(orderId, pickUpId, '另一个原因')).body).toMatchObject({ code: 'PICK_UP_UNDONE' })
    expect((await counter()).pickUps[0]).toMatchObject({ pickUpId, undoReason: '给错了人' })
    expect((await collect(orderId)).body).toMatchObject({ lines: [{ portions: 1 }, { portions: 2 }] })
    expect(outOf(await see(orderId))).toEqual([2, 1])
  })

  it('twice at once gives back once', async () => {
    const orderId = await paidOrder()
    await closed()
    const order = await see(orderId)
    await collect(orderId, { lines: part(order, 1) })
    const pickUpId = idOf(await collect(orderId, { lines: part(order, 1) }))
    beforeWriting(
      (writes) => writes.some((write) => write.Put?.Item?.entity?.S === 'pickUpUndo'),
      async () => expect((await undo(orderId, pickUpId)).status).toBe(200),
    )
    expect((await undo(orderId, pickUpId)).status).toBe(200)
    vi.restoreAllMocks()
    expect(outOf(await see(orderId))).toEqual([1, 0])
  })

  it('late, does not take back what was handed out anew', async () => {
    const orderId = await paidOrder()
    await closed()
    const pickUpId = idOf(await collect(orderId))
    beforeWriting(
      (writes) => writes.some((write) => write.Put?.Item?.entity?.S === 'pickUpUndo'),
      async () => {
        expect((await undo(orderId, pickUpId)).status).toBe(200)
        expect((await collect(orderId)).status).toBe(200)
      },
    )
    expect((await undo(orderId, pickUpId)).status).toBe(200)
    expect(outOf(await see(orderId))).toEqual([2, 1])
  })

  it('twice, the one while the other reads, gives back once as well', async () => {
    const orderId = await paidOrder()
    await closed()
    const pickUpId = idOf(await collect(orderId))
    beforeReadingMany(async () => expect((await undo(orderId, pickUpId)).status).toBe(200))
    expect((await undo(orderId, pickUpId)).status).toBe(200)
    expect(outOf(await see(orderId))).toEqual([0, 0])
  })

  it('and the lost request that comes again hands nothing out', async () => {
    const orderId = await paidOrder()
    await closed()
    const pickUpId = randomUUID()
    await collect(orderId, { pickUpId })
    await undo(orderId, pickUpId)
    expect((await collect(orderId, { pickUpId })).body).toMatchObject({ pickUpId, undoneAt: expect.any(String) })
    expect(outOf(await see(orderId))).toEqual([0, 0])
  })

  it.each([' 错 ', '', '错'.repeat(101)])('needs a reason: not %j', async (reason) => {
    const orderId = await paidOrder()
    await closed()
    const pickUpId = idOf(await collect(orderId))
    expect((await undo(orderId, pickUpId, reason)).status).toBe(400)
  })

  it('of a hand-out that never was does not exist', async () => {
    expect((await undo(await paidOrder(), randomUUID())).status).toBe(404)
  })
})

describe('what still lies there', () => {
  it('is listed by building, unit and room as numbers, household by household', async () => {
    const orders: string[] = []
    for (const room of ['10.1.101', '2.2.101', '2.1.1001', '2.1.902']) orders.push(await paidOrder(room))
    await closed()
    await collect(orders[1] ?? '')
    await collect(orders[3] ?? '', { lines: part(await see(orders[3] ?? ''), 2) })
    const list = await uncollected()
    expect(list).toMatchObject({ householdCount: 3, portionsLeft: 7, more: false })
    const rooms = list.items.map((item) => item.householdLabel.split(' ').at(-1))
    expect(rooms).toEqual(['2.1.902', '2.1.1001', '10.1.101'])
    expect(list.items[0]?.orders).toMatchObject([{ lines: [{ name: 'cucumber', left: 1 }] }])
  })

  it('knows two orders of one household, and no compound that the group buy does not serve', async () => {
    await paidOrder()
    await paidOrder()
    await closed()
    expect((await uncollected()).items).toMatchObject([{ orders: [{}, {}] }])
    await aMarket(backend, { groupBuyId: `${gb}-2`, place: 2 })
    const foreign = { compoundId: COMPOUND, groupBuyId: `${gb}-2` }
    expect((await call(ordersHandler, listUncollected, { params: foreign, as: 'worker-1' })).status).toBe(404)
  })
})

describe('the list for a counter without a network', () => {
  const listed = async () =>
    (await call(ordersHandler, listCounterOrders, { params: { compoundId: COMPOUND }, as: 'worker-1' })).body as Output<
      typeof listCounterOrders
    >
  const ofThis = async (orderId: string) => (await listed()).items.find((each) => each.orderId === orderId)

  it('tells the same as the counter does: room, code, and what of each line is left', async () => {
    const orderId = await paidOrder()
    await withCode(orderId, '404040')
    await closed()
    await collect(orderId, { lines: part(await see(orderId), 1) })
    const [counted] = (await found({ code: '404040' })).items
    const { pickUps: _pickUps, ...same } = counted ?? {}
    expect(await ofThis(orderId)).toEqual(same)
    expect(await ofThis(orderId)).toMatchObject({
      pickUpCode: '404040',
      shares: [{ lines: [{ left: 1 }, { left: 1 }] }],
    })
    expect(JSON.stringify(await listed())).not.toMatch(/Fen|person/i)
  })

  it('holds what is handed out as well, after what still lies there', async () => {
    const [first, second] = [await paidOrder(), await paidOrder('2.2.101')]
    await closed()
    await collect(first)
    const ids = (await listed()).items.map((each) => each.orderId)
    expect(ids.indexOf(second)).toBeGreaterThanOrEqual(0)
    expect(ids.indexOf(first)).toBeGreaterThan(ids.indexOf(second))
    expect(await ofThis(first)).toMatchObject({ shares: [{ state: 'collected', lines: [{ left: 0 }, { left: 0 }] }] })
    expect((await listed()).more).toBe(false)
  })

  it('says what nobody weighed yet', async () => {
    const orderId = await paidOrder()
    const { PK, SK } = keys.orderLines(orderId)
    const lines = (await backend.scan('market')).find((item) => item.PK === PK && item.SK === SK)
    const shares = lines?.shares as { lines: object[] }[]
    const weighed = shares.map((each) => ({ ...each, lines: each.lines.map((one) => ({ ...one, weighed: true })) }))
    await backend.put('market', { ...lines, shares: weighed })
    await closed()
    expect((await ofThis(orderId))?.shares[0]?.lines).toMatchObject([{ awaitsWeight: true }, { awaitsWeight: true }])
  })

  it('has no order of a group buy that is not sure, nor one that is not paid', async () => {
    const orderId = await paidOrder()
    await closed({ state: 'reserved' })
    expect(await ofThis(orderId)).toBeUndefined()
    await closed()
    expect(await ofThis(orderId)).toBeDefined()
    const { PK, SK } = keys.order(orderId)
    const order = (await backend.scan('market')).find((item) => item.PK === PK && item.SK === SK)
    await backend.put('market', { ...order, state: 'pending_payment' })
    expect(await ofThis(orderId)).toBeUndefined()
  })
})

describe('the counter of a compound', () => {
  it('tells today’s last hand-outs, newest first, and the group buys that are handed out', async () => {
    const orderId = await paidOrder()
    await closed()
    const order = await see(orderId)
    const one = idOf(await collect(orderId, { lines: part(order, 1) }))
    const two = idOf(await collect(orderId))
    const { pickUps, groupBuys } = await counter()
    expect(pickUps.slice(0, 2).map((each) => each.pickUpId)).toEqual([two, one])
    expect(pickUps[0]).toMatchObject({ orderId, householdLabel: order.householdLabel, pickUpCode: order.pickUpCode })
    expect(groupBuys.map((each) => each.groupBuyId)).toContain(gb)
    expect(pickUps.length).toBeLessThanOrEqual(20)
  })

  it('is that of the worker’s own community: all others do not exist', async () => {
    const orderId = await paidOrder()
    await closed()
    const pickUpId = idOf(await collect(orderId, { lines: part(await see(orderId), 1) }))
    const params = { compoundId: COMPOUND }
    const as = (who: string) => [
      find({ code: '123456' }, who),
      collect(orderId, {}, who),
      undo(orderId, pickUpId, '给错了人', who),
      call(ordersHandler, listUncollected, { params: { ...params, groupBuyId: gb }, as: who }),
      call(ordersHandler, getCounter, { params, as: who }),
      call(ordersHandler, listCounterOrders, { params, as: who }),
    ]
    const statuses = async (who: string) => (await Promise.all(as(who))).map((answer) => answer.status)
    expect(await statuses('worker-2')).toEqual(Array(6).fill(404))
    expect(await statuses('2.1.902')).toEqual(Array(6).fill(403))
    expect(await statuses('admin-1')).toEqual(Array(6).fill(200))
    expect((await find({ code: '123456' }, 'worker-1', 'c-nowhere')).status).toBe(404)
  })
})
