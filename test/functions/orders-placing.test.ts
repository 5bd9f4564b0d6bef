import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { getOrder, listMyOrders, placeOrder } from '#shared/contracts/orders.ts'
import { handler } from '#functions/orders/index.ts'
import { savePlaced } from '#functions/orders/placing-store.ts'
import { loadForPlacing } from '#functions/orders/placing-facts.ts'
import { decidePlaceOrder } from '#shared/domain/orders/place-order.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { personPartitionItem } from '#functions/platform/table/items/places.ts'
import { queryAll } from '#functions/platform/table/table.ts'
import { type Backend, ISSUER, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { aMarket, aResident, aWorker, COMMUNITY, COMPOUND } from '../fixtures/market.ts'

let backend: Backend
let gb = ''
beforeAll(async () => {
  backend = await startBackend()
  for (const sub of ['resident-1', 'resident-2']) await aResident(backend, sub)
  await aResident(backend, 'sister', 'resident-1')
  await aWorker(backend, 'worker-1')
  await aWorker(backend, 'worker-2', 'community-2')
})
afterAll(() => backend.stop())
beforeEach(() => {
  gb = `gb-${randomUUID().slice(0, 8)}`
})

const place = (as: string, lines: object[], orderId: string = randomUUID(), more = {}) =>
  call(handler, placeOrder, { params: { orderId }, body: { lines, ...more }, as })
const line = (offerId = 'tomato', quantity = 1, more = {}) => ({ groupBuyId: gb, offerId, quantity, ...more })

async function left(offerId: string): Promise<number> {
  const items = await backend.scan('market')
  return items
    .filter((item) => item.entity === 'bucket' && item.groupBuyId === gb && item.offerId === offerId)
    .reduce((sum, bucket) => sum + Number(bucket.available), 0)
}

describe('placing an order', () => {
  it('knows at once who has left a household, moved, or joined, whatever it remembers', async () => {
    await aMarket(backend, { groupBuyId: gb })
    expect((await place('mover', [line()])).status).toBe(403)
    await aResident(backend, 'mover', 'old-home')
    expect(await place('mover', [line()])).toMatchObject({
      status: 200,
      body: { householdLabel: '1号楼 1单元 old-home' },
    })
    // Elsewhere, so that nothing here is told of it.
    await endMembership('mover', 'old-home')
    expect((await place('mover', [line()])).status).toBe(403)
    await aResident(backend, 'mover', 'new-home')
    expect(await place('mover', [line()])).toMatchObject({
      status: 200,
      body: { householdLabel: '1号楼 1单元 new-home' },
    })
  })

  it('is refused, not broken, when what is left lies in more buckets than one transaction can touch', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const offers = names.map((offerId) => ({ offerId, priceFen: 500, stock: 20, limit: 999, buckets: 20 }))
    await aMarket(backend, { groupBuyId: gb, offers })
    const all = await place(
      'resident-1',
      names.map((offerId) => line(offerId, 20)),
    )
    expect(all).toMatchObject({ status: 409, body: { code: 'OFFER_SOLD_OUT' } })
    expect(
      (
        await place(
          'resident-1',
          names.slice(0, 3).map((offerId) => line(offerId, 20)),
        )
      ).status,
    ).toBe(200)
    expect([await left('a'), await left('f')]).toEqual([0, 20])
  })

  it('is refused when the village is not paired with the community any more', async () => {
    await aMarket(backend, { groupBuyId: gb, pairedToDay: '2020-12-31' })
    expect((await place('resident-1', [line()])).body).toMatchObject({ code: 'PAIRING_ENDED' })
    expect(await left('tomato')).toBe(10)
  })

  it('keeps on the line that each portion is weighed, for goods that are', async () => {
    const offers = [
      { offerId: 'melon', priceFen: 1_000, stock: 5, weighedGrams: 2_500 },
      { offerId: 'tomato', priceFen: 500, stock: 5 },
    ]
    await aMarket(backend, { groupBuyId: gb, offers })
    const placed = await place('resident-1', [line('melon'), line('tomato')])
    const [melon, tomato] = (placed.body as { shares: { lines: unknown[] }[] }).shares.flatMap(({ lines }) => lines)
    expect(melon).toMatchObject({ weighed: true, portionGrams: 2_500, unitLabel: '约 2.5 千克' })
    expect(tomato).not.toHaveProperty('weighed')
  })

  it('holds the stock, shows the order to its buyer and lists it', async () => {
    await aMarket(backend, { groupBuyId: gb })
    const orderId = randomUUID()
    const placed = await place('resident-1', [line('tomato', 2), line('cucumber', 1)], orderId)
    expect(placed.status).toBe(200)
    expect(placed.body).toMatchObject({
      orderId,
      state: 'pending_payment',
      amountFen: 2150,
      shares: [{ amountFen: 2150, rateBps: 200, accrualE4Fen: 430_000, lines: [{ quantity: 1 }, { quantity: 2 }] }],
    })
    expect(placed.body).not.toHaveProperty('pickUpCode')
    expect([await left('tomato'), await left('cucumber')]).toEqual([8, 9])
    expect((await call(handler, getOrder, { params: { orderId }, as: 'resident-1' })).body).toMatchObject(
      placed.body as object,
    )
    const list = await call(handler, listMyOrders, { as: 'resident-1', query: { limit: '1' } })
    expect(list.body).toMatchObject({ items: [{ orderId, amountFen: 2150 }] })
  })

  it('sent again returns the first result, also after the group buy has closed', async () => {
    await aMarket(backend, { groupBuyId: gb })
    const orderId = randomUUID()
    const first = await place('resident-1', [line('tomato', 2), line('cucumber')], orderId)
    const again = await place('resident-1', [line('cucumber'), line('tomato', 1), line('tomato', 1)], orderId)
    expect(again).toMatchObject({ status: 200, body: first.body })
    await aMarket(backend, { groupBuyId: gb, closesAt: new Date(Date.now() - 1000).toISOString() })
    expect(await place('resident-1', [line('tomato', 2), line('cucumber')], orderId)).toMatchObject({ status: 200 })
  })

  it('refuses the same id with another basket, and does not know it for somebody else', async () => {
    await aMarket(backend, { groupBuyId: gb })
    const orderId = randomUUID()
    await place('resident-1', [line()], orderId)
    expect(await place('resident-1', [line('tomato', 2)], orderId)).toMatchObject({
      status: 409,
      body: { code: 'ORDER_ID_REUSED' },
    })
    expect((await place('resident-2', [line()], orderId)).status).toBe(404)
    expect(await left('tomato')).toBe(9)
  })

  it('is one order when the same id is sent 20 times at once', async () => {
    await aMarket(backend, { groupBuyId: gb })
    const orderId = randomUUID()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => place('resident-1', [line('tomato', 2)], orderId)),
    )
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]))
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1)
    expect(await left('tomato')).toBe(8)
  })

  it('refuses what is sold out with what is left, and changes nothing', async () => {
    await aMarket(backend, {
      groupBuyId: gb,
      offers: [
        { offerId: 'tomato', priceFen: 860, stock: 2 },
        { offerId: 'cucumber', priceFen: 430, stock: 9 },
      ],
    })
    const answer = await place('resident-1', [line('cucumber', 2), line('tomato', 3)])
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'OFFER_SOLD_OUT', fields: { tomato: expect.stringContaining('只剩 2 份') } },
    })
    expect([await left('tomato'), await left('cucumber')]).toEqual([2, 9])
    const orders = (await backend.scan('market')).filter((item) => item.entity === 'share' && item.groupBuyId === gb)
    expect(orders).toEqual([])
  })

  it('never sells more than there is: 60 at once for 25 portions', async () => {
    await aMarket(backend, { groupBuyId: gb, offers: [{ offerId: 'tomato', priceFen: 860, stock: 25, limit: 999 }] })
    const answers = await Promise.all(Array.from({ length: 60 }, () => place('resident-1', [line()])))
    const codes = answers.map((answer) => (answer.status === 200 ? 'ok' : (answer.body as { code: string }).code))
    expect(codes.filter((code) => code === 'ok').length).toBe(25)
    expect(new Set(codes)).toEqual(new Set(['ok', 'OFFER_SOLD_OUT']))
    expect(await left('tomato')).toBe(0)
  })

  it('splits a line over several buckets and refuses only when their sum is short', async () => {
    await aMarket(backend, {
      groupBuyId: gb,
      offers: [{ offerId: 'tomato', priceFen: 860, stock: 10, limit: 99, buckets: 4 }],
    })
    expect((await place('resident-1', [line('tomato', 7)])).status).toBe(200)
    expect(await left('tomato')).toBe(3)
    expect(await place('resident-2', [line('tomato', 4)])).toMatchObject({ body: { code: 'OFFER_SOLD_OUT' } })
    expect((await place('resident-2', [line('tomato', 3)])).status).toBe(200)
    expect(await left('tomato')).toBe(0)
  })

  it('counts the limit over all orders of a household, whoever of it orders', async () => {
    await aMarket(backend, { groupBuyId: gb, offers: [{ offerId: 'tomato', priceFen: 860, stock: 50, limit: 3 }] })
    expect((await place('resident-1', [line('tomato', 2)])).status).toBe(200)
    expect(await place('sister', [line('tomato', 2)])).toMatchObject({ status: 409, body: { code: 'LIMIT_REACHED' } })
    expect((await place('sister', [line('tomato', 1)])).status).toBe(200)
    expect((await place('resident-2', [line('tomato', 3)])).status).toBe(200)
    const answers = await Promise.all(Array.from({ length: 6 }, () => place('sister', [line()])))
    expect(answers.every((answer) => answer.status === 409)).toBe(true)
    expect(await left('tomato')).toBe(44)
  })

  it('cannot be done by a slow request with an old clock once the buckets are closed', async () => {
    await aMarket(backend, { groupBuyId: gb })
    const before = new Date().toISOString()
    const decision = await decideAt(before)
    await backend.put('market', {
      ...(await bucketOf('tomato')),
      state: 'closed',
    })
    expect(await savePlaced(decision.placed, decision.buyer, 'hash', () => before)).toMatchObject({
      kind: 'refused',
      code: 'GROUP_BUY_CLOSED',
    })
    expect(await left('tomato')).toBe(10)
  })

  it('cannot be done by a slow request whose fresh clock is past the window', async () => {
    await aMarket(backend, { groupBuyId: gb })
    const decision = await decideAt(new Date().toISOString())
    const late = new Date(Date.now() + 2 * 86_400_000).toISOString()
    expect(await savePlaced(decision.placed, decision.buyer, 'hash', () => late)).toMatchObject({
      code: 'GROUP_BUY_CLOSED',
    })
  })

  it('cannot be done at a price that changed after the decision', async () => {
    await aMarket(backend, { groupBuyId: gb })
    const decision = await decideAt(new Date().toISOString())
    await backend.put('market', { ...(await bucketOf('tomato')), priceVersion: 2 })
    expect(await savePlaced(decision.placed, decision.buyer, 'hash', () => new Date().toISOString())).toMatchObject({
      code: 'PRICE_CHANGED',
    })
  })

  it('stamps 0 when no donation agreement is in force', async () => {
    await aMarket(backend, { groupBuyId: gb, agreement: false })
    expect(await place('resident-1', [line()])).toMatchObject({
      status: 200,
      body: { shares: [{ rateBps: 0, accrualE4Fen: 0 }] },
    })
  })

  it('names the field that is wrong', async () => {
    await aMarket(backend, { groupBuyId: gb })
    expect(await place('resident-1', [])).toMatchObject({ status: 400, body: { fields: { lines: '菜篮是空的' } } })
    expect(await place('resident-1', [line('tomato', 0)])).toMatchObject({
      status: 400,
      body: { fields: { 'lines.0.quantity': expect.any(String) } },
    })
    expect(await place('resident-1', [line('tomato', 1.5)])).toMatchObject({ status: 400 })
    expect((await place('resident-1', [line()], 'not-a-uuid')).status).toBe(404)
    expect(await place('resident-1', [{ ...line(), discount: 100 }])).toMatchObject({ status: 400 })
  })

  it('is for residents: no token 401, a worker 403', async () => {
    await aMarket(backend, { groupBuyId: gb })
    expect(
      (await call(handler, placeOrder, { params: { orderId: randomUUID() }, body: { lines: [line()] } })).status,
    ).toBe(401)
    expect((await place('worker-1', [line()])).status).toBe(403)
  })

  it('is seen by its buyer and the worker of its community, and does not exist for others', async () => {
    await aMarket(backend, { groupBuyId: gb })
    const orderId = randomUUID()
    await place('resident-1', [line()], orderId)
    const see = async (as: string) => (await call(handler, getOrder, { params: { orderId }, as })).status
    expect(await see('worker-1')).toBe(200)
    for (const stranger of ['worker-2', 'resident-2', 'nobody']) expect(await see(stranger)).toBe(404)
    // Somebody who merely claims the same room does not see what the household bought.
    expect(await see('sister')).toBe(404)
  })
})

async function endMembership(sub: string, household: string): Promise<void> {
  const { PK, SK } = keys.membership(`${ISSUER}|${sub}`, 'resident', `${COMPOUND}.${household}`)
  const item = (await backend.scan('market')).find((each) => each.PK === PK && each.SK === SK)
  await backend.put('market', { ...item, toAt: new Date(Date.now() - 1_000).toISOString() })
}

async function bucketOf(offerId: string) {
  const { PK, SK } = keys.bucket(gb, offerId, 0)
  const item = (await backend.scan('market')).find((each) => each.PK === PK && each.SK === SK)
  return item ?? {}
}

async function decideAt(at: string) {
  const lines = [line()]
  const facts = await loadForPlacing(
    {
      lines,
      compoundId: COMPOUND,
      communityId: COMMUNITY,
      personId: `${ISSUER}|resident-1`,
      householdId: 'none',
    },
    at,
  )
  const orderId = randomUUID()
  const placed = decidePlaceOrder(
    { orderId, lines },
    { ...facts, compoundId: COMPOUND, reservationMinutes: 15, minimumChargeFen: 400 },
    at,
  )
  if (placed.kind !== 'placed') throw new Error(placed.code)
  const person = await queryAll(personPartitionItem, { pk: keys.person(`${ISSUER}|resident-1`).PK, max: 9 })
  const household = person.find((item) => item.entity === 'membership')
  if (household === undefined) throw new Error('no household')
  const home = { ...household, compoundId: COMPOUND, communityId: COMMUNITY }
  return { placed, buyer: { personId: `${ISSUER}|resident-1`, household: home } }
}
