import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { decideClaim, fileClaim } from '#shared/contracts/claims.ts'
import {
  cancelOrder,
  findHousehold,
  getOrder,
  giveBack,
  listMyOrders,
  listPlacedFor,
  placeOrder,
  placeOrderFor,
  refundOrder,
  startCheckout,
} from '#shared/contracts/orders.ts'
import { getPayLink, makePayLink, payByLink } from '#shared/contracts/payments.ts'
import { handler as claims } from '#functions/claims/index.ts'
import { handler as orders } from '#functions/orders/index.ts'
import { handler as payments } from '#functions/payments/index.ts'
import { forgetCaller } from '#functions/platform/caller.ts'
import { TableClient } from '#functions/platform/table/client.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { type Backend, ISSUER, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { killWrites } from '../fixtures/interleave.ts'
import { aMarket, anAdmin, aResident, aWorker, COMMUNITY, COMPOUND } from '../fixtures/market.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'
import { writesOf } from '../fixtures/writes.ts'

let backend: Backend
let provider: Provider
let gb = ''
let room = ''
let rooms = 100
beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  await aWorker(backend, 'worker-1')
  await aWorker(backend, 'colleague')
  await aWorker(backend, 'worker-2', 'community-2')
  await anAdmin(backend, 'admin-1')
  await aResident(backend, 'resident-1')
})
afterAll(async () => {
  await provider.stop()
  await backend.stop()
})
beforeEach(async () => {
  gb = `gb-${randomUUID().slice(0, 8)}`
  await aMarket(backend, { groupBuyId: gb })
  room = String(++rooms)
})
afterEach(() => vi.restoreAllMocks())

const householdOf = (number: string) => `${COMPOUND}.3.2.${number}`
const line = (quantity = 1) => ({ groupBuyId: gb, offerId: 'tomato', quantity })

/** Building 3, unit 2 and a room of the test's own. */
function placeFor(
  as: string,
  more: Record<string, unknown> = {},
  orderId: string = randomUUID(),
  compoundId = COMPOUND,
) {
  const body = { building: '3号楼', unit: '2', room, placerName: '王姐', lines: [line()], ...more }
  return call(orders, placeOrderFor, { params: { compoundId, orderId }, body, as })
}

async function placed(more: Record<string, unknown> = {}): Promise<string> {
  const orderId = randomUUID()
  expect(await placeFor('worker-1', more, orderId)).toMatchObject({ status: 200 })
  return orderId
}

/** Somebody who lives in the room, as far as a worker has verified it. */
async function livesThere(sub: string, state: 'claimed' | 'verified', number = room): Promise<void> {
  await aResident(backend, sub, `3.2.${number}`)
  const { PK, SK } = keys.membership(`${ISSUER}|${sub}`, 'resident', householdOf(number))
  const item = (await backend.scan('market')).find((each) => each.PK === PK && each.SK === SK)
  await backend.put('market', { ...item, state })
  forgetCaller(`${ISSUER}|${sub}`)
}

async function endRole(sub: string, forgotten = true): Promise<void> {
  const { PK, SK } = keys.membership(`${ISSUER}|${sub}`, 'worker', COMMUNITY)
  const item = (await backend.scan('market')).find((each) => each.PK === PK && each.SK === SK)
  await backend.put('market', { ...item, toAt: new Date(Date.now() - 1_000).toISOString() })
  if (forgotten) forgetCaller(`${ISSUER}|${sub}`)
}

const see = (orderId: string, as: string) => call(orders, getOrder, { params: { orderId }, as })
const mine = async (as: string, query = {}) =>
  (await call(orders, listMyOrders, { as, query })).body as { items: { orderId: string }[]; nextCursor?: string }
const idsOf = ({ items }: { items: { orderId: string }[] }) => items.map(({ orderId }) => orderId)
const placedHere = async (as: string, query = {}) =>
  (await call(orders, listPlacedFor, { params: { compoundId: COMPOUND }, as, query })).body as {
    items: { orderId: string; mine: boolean; householdLabel: string; placedBy: { name: string } }[]
    nextCursor?: string
  }
const link = (orderId: string, as: string) => call(payments, makePayLink, { params: { orderId }, as })

async function payBy(token: string, orderId: string): Promise<void> {
  const opened = await call(payments, payByLink, { params: { token } })
  await provider.pay((opened.body as { checkoutUrl: string }).checkoutUrl)
  await provider.deliver(payments, await provider.webhook('checkout.session.completed', orderId))
}

describe('a worker orders for a household', () => {
  it('that has no account: by the rules of every order, recorded as placed by them', async () => {
    const orderId = randomUUID()
    const answer = await placeFor('worker-1', { building: '三栋', unit: '２单元', room: `0${room}室` }, orderId)
    expect(answer).toMatchObject({
      status: 200,
      body: {
        orderId,
        state: 'pending_payment',
        amountFen: 860,
        householdLabel: `示例小区 3号楼2单元${room}室`,
        compoundName: '示例小区',
        standing: 'placer',
        placedBy: { name: '王姐', communityName: '示例社区' },
        shares: [{ rateBps: 200 }],
      },
    })
    const items = await backend.scan('market')
    const order = items.find((item) => item.PK === `ORDER#${orderId}` && item.SK === 'ORDER')
    expect(order).toMatchObject({ householdId: householdOf(room), personId: `${ISSUER}|worker-1` })
    const share = items.find((item) => item.entity === 'share' && item.orderId === orderId)
    expect(share).toMatchObject({ householdId: householdOf(room), compoundId: COMPOUND })
  })

  it('once, however often it is sent, also at the same instant', async () => {
    const orderId = randomUUID()
    const answers = await Promise.all(Array.from({ length: 8 }, () => placeFor('worker-1', {}, orderId)))
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(idsOf(await placedHere('worker-1')).filter((id) => id === orderId)).toHaveLength(1)
    for (const more of [{ room: '999' }, { lines: [line(2)] }, { placerName: '李姐' }]) {
      expect(await placeFor('worker-1', more, orderId)).toMatchObject({
        status: 409,
        body: { code: 'ORDER_ID_REUSED' },
      })
    }
    expect((await placeFor('colleague', {}, orderId)).status).toBe(404)
  })

  it('and is found by their colleagues although they were cut off right after it: sent again it is complete', async () => {
    const orderId = randomUUID()
    killWrites((writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'placedFor'))
    expect((await placeFor('worker-1', {}, orderId)).status).toBe(500)
    vi.restoreAllMocks()
    expect((await placeFor('worker-1', {}, orderId)).status).toBe(200)
    expect(idsOf(await placedHere('colleague'))).toContain(orderId)
  })

  it("within the household's own limit, whoever orders", async () => {
    await livesThere('granny', 'verified')
    await placed({ lines: [line(3)] })
    const own = () =>
      call(orders, placeOrder, { params: { orderId: randomUUID() }, body: { lines: [line(3)] }, as: 'granny' })
    expect(await own()).toMatchObject({ status: 409, body: { code: 'LIMIT_REACHED' } })
    expect(await placeFor('worker-1', { lines: [line(3)] })).toMatchObject({ body: { code: 'LIMIT_REACHED' } })
    expect(await placeFor('worker-1', { lines: [line(3)], room: '9999' })).toMatchObject({ status: 200 })
  })

  it('only for what is open there, and for rooms that there are', async () => {
    await aMarket(backend, { groupBuyId: gb, closesAt: new Date(Date.now() - 1_000).toISOString() })
    expect(await placeFor('worker-1')).toMatchObject({ status: 409, body: { code: 'GROUP_BUY_CLOSED' } })
    const elsewhere = `gb-${randomUUID().slice(0, 8)}`
    await aMarket(backend, { groupBuyId: elsewhere, place: 2 })
    const foreign = { lines: [{ ...line(), groupBuyId: elsewhere }] }
    expect(await placeFor('worker-1', foreign)).toMatchObject({ body: { code: 'NOT_YOUR_COMPOUND' } })
    expect(await placeFor('worker-1', { room: '门卫室' })).toMatchObject({
      status: 400,
      body: { fields: { room: expect.any(String) } },
    })
    expect(await placeFor('worker-1', { placerName: ' ' })).toMatchObject({
      status: 400,
      body: { fields: { placerName: '请写您的称呼' } },
    })
  })

  it('not for a building or a room that the register does not know', async () => {
    await aMarket(backend, { groupBuyId: gb, place: 2 })
    const forTwo = (more: Record<string, unknown>) => placeFor('worker-2', more, randomUUID(), 'c-2')
    const building = { ...keys.building('c-2', 'b-3'), entity: 'building', v: 1, compoundId: 'c-2' }
    await backend.put('market', { ...building, buildingId: 'b-3', label: '3号楼', units: ['1', '2'] })
    const find = (rooms: Record<string, string>, as = 'worker-2') =>
      call(orders, findHousehold, {
        params: { compoundId: 'c-2' },
        query: { building: '三栋', unit: '2', room, ...rooms },
        as,
      })
    expect((await find({}, 'worker-1')).status).toBe(404)
    expect(await find({ building: '4' })).toMatchObject({ status: 422, body: { code: 'UNKNOWN_BUILDING' } })
    expect(await find({})).toMatchObject({ status: 200, body: { householdLabel: `3号楼2单元${room}室` } })
    expect(await find({ room: '?' })).toMatchObject({ status: 400, body: { fields: { room: expect.any(String) } } })
    expect(await forTwo({ building: '4' })).toMatchObject({ status: 422, body: { code: 'UNKNOWN_BUILDING' } })
    expect(await forTwo({})).toMatchObject({ status: 200 })
    const register = { ...keys.roomRegister('c-2'), entity: 'roomRegister', v: 1, compoundId: 'c-2' }
    await backend.put('market', register)
    expect(await find({})).toMatchObject({ status: 422, body: { code: 'UNKNOWN_ROOM' } })
    expect(await forTwo({})).toMatchObject({ status: 422, body: { code: 'UNKNOWN_ROOM' } })
    const id = `c-2.3.2.${room}`
    const known = { householdId: id, compoundId: 'c-2', building: '3号楼', unit: '2单元', room: `${room}室` }
    await backend.put('market', { ...keys.household('c-2', id), entity: 'household', v: 1, ...known })
    expect(await forTwo({})).toMatchObject({ status: 200 })
  })

  it('is for workers of that community', async () => {
    expect((await placeFor('worker-2')).status).toBe(404)
    expect((await placeFor('worker-1', {}, randomUUID(), 'c-9')).status).toBe(404)
    expect((await placeFor('resident-1')).status).toBe(403)
    expect((await placeFor('admin-1')).status).toBe(403)
    await aWorker(backend, 'former')
    expect((await placeFor('former')).status).toBe(200)
    // Elsewhere, so that nothing here is told of it.
    await endRole('former', false)
    expect((await placeFor('former')).status).toBe(403)
  })

  it('for their own household it is an ordinary order', async () => {
    await aWorker(backend, 'neighbour')
    await livesThere('neighbour', 'claimed')
    const orderId = randomUUID()
    const answer = await placeFor('neighbour', {}, orderId)
    expect(answer).toMatchObject({ status: 200, body: { standing: 'buyer' } })
    expect(answer.body).not.toHaveProperty('placedBy')
    expect(idsOf(await mine('neighbour'))).toEqual([orderId])
    expect(idsOf(await placedHere('neighbour'))).not.toContain(orderId)
    expect((await call(payments, startCheckout, { params: { orderId }, as: 'neighbour' })).status).toBe(200)
  })

  it('costs no more to write than an order of its own', async () => {
    await aResident(backend, 'own', `9.9.${room}`)
    const sizes = async (place: () => Promise<{ status: number }>) => {
      const units: number[] = []
      const send = TableClient.prototype.send
      const spy = vi.spyOn(TableClient.prototype, 'send').mockImplementation(function (
        this: TableClient,
        ...sending: unknown[]
      ) {
        const writes = writesOf(sending[0])
        if (writes.length > 1) units.push(...writes.map((write) => unitsOf(write.Put?.Item)))
        return Reflect.apply(send, this, sending) as never
      })
      expect((await place()).status).toBe(200)
      spy.mockRestore()
      return units
    }
    const lines = [line(), { ...line(), offerId: 'cucumber' }]
    const params = { orderId: randomUUID() }
    const ordinary = await sizes(() => call(orders, placeOrder, { params, body: { lines }, as: 'own' }))
    const forSomebody = await sizes(() => placeFor('worker-1', { lines, placerName: '三号楼的李楼长大姐' }))
    expect(ordinary.length).toBeGreaterThan(4)
    expect(forSomebody).toEqual(ordinary)
  })
})

/** Two units for each begun KiB in a transaction, and one for an entry of the index. Updates are of items that stay small. */
function unitsOf(item: Record<string, AttributeValue> | undefined): number {
  if (item === undefined) return 2
  return 2 * Math.ceil(sizeOf(item) / 1024) + (item['GSI1PK'] === undefined ? 0 : 1)
}

function sizeOf(item: Record<string, AttributeValue>): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0)
}

function valueSize(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S)
  if (value.N !== undefined) return Math.ceil(value.N.length / 2) + 1
  if (value.BOOL !== undefined) return 1
  if (value.L !== undefined) return 3 + value.L.reduce((sum, each) => sum + 1 + valueSize(each), 0)
  return 3 + Object.keys(value.M ?? {}).length + sizeOf(value.M ?? {})
}

describe('an order that a worker placed', () => {
  it('is among the orders of the household, for whom a worker has verified, and does not exist for who only claims', async () => {
    await livesThere('granny-1', 'verified')
    await livesThere('claimant', 'claimed')
    const own = randomUUID()
    await call(orders, placeOrder, { params: { orderId: own }, body: { lines: [line()] }, as: 'granny-1' })
    const orderId = await placed()
    const after = randomUUID()
    await call(orders, placeOrder, { params: { orderId: after }, body: { lines: [line()] }, as: 'granny-1' })
    expect(idsOf(await mine('granny-1'))).toEqual([after, orderId, own])
    expect((await mine('granny-1')).items[1]).toMatchObject({ placedBy: { name: '王姐' } })
    expect((await see(orderId, 'granny-1')).body).toMatchObject({ standing: 'member', placedBy: { name: '王姐' } })
    expect(idsOf(await mine('claimant'))).toEqual([])
    expect((await see(orderId, 'claimant')).status).toBe(404)
    // Its own orders are not the worker's own.
    expect((await call(orders, listMyOrders, { as: 'worker-1' })).status).toBe(403)
  })

  it('and the household’s own come as one list, page by page, none left out and none twice', async () => {
    await aMarket(backend, { groupBuyId: gb, offers: [{ offerId: 'tomato', priceFen: 860, stock: 99, limit: 99 }] })
    await livesThere('granny-2', 'verified')
    const all: string[] = []
    for (let n = 0; n < 7; n++) {
      const orderId = randomUUID()
      if (n % 3 === 0) {
        await call(orders, placeOrder, { params: { orderId }, body: { lines: [line()] }, as: 'granny-2' })
      } else await placeFor('worker-1', {}, orderId)
      all.unshift(orderId)
    }
    for (const limit of ['1', '2', '3', '7']) {
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await mine('granny-2', { limit, ...(cursor === undefined ? {} : { cursor }) })
        expect(page.items.length).toBeLessThanOrEqual(Number(limit))
        seen.push(...idsOf(page))
        cursor = page.nextCursor
      } while (cursor !== undefined)
      expect(seen).toEqual(all)
    }
  })

  it('long before a household registered is not listed for it: somebody else lived there', async () => {
    await livesThere('newcomer', 'verified')
    const orderId = await placed()
    const own: string[] = []
    for (let n = 0; n < 3; n++) {
      own.unshift(randomUUID())
      const params = { orderId: own[0] ?? '' }
      await call(orders, placeOrder, { params, body: { lines: [{ ...line(), offerId: 'cucumber' }] }, as: 'newcomer' })
    }
    const claimedAt = async (days: number) => {
      const { PK, SK } = keys.membership(`${ISSUER}|newcomer`, 'resident', householdOf(room))
      const item = (await backend.scan('market')).find((each) => each.PK === PK && each.SK === SK)
      await backend.put('market', { ...item, claimedAt: new Date(Date.now() + days * 86_400_000).toISOString() })
      forgetCaller(`${ISSUER}|newcomer`)
    }
    await claimedAt(29)
    expect(idsOf(await mine('newcomer'))).toEqual([...own, orderId])
    await claimedAt(31)
    expect(idsOf(await mine('newcomer'))).toEqual(own)
    const first = await mine('newcomer', { limit: '2' })
    expect(idsOf(await mine('newcomer', { limit: '2', cursor: first.nextCursor }))).toEqual(own.slice(2))
  })

  it('stands on the list of the compound, with who placed it, newest first', async () => {
    const first = await placed()
    const second = randomUUID()
    await placeFor('colleague', { placerName: '李楼长', lines: [{ ...line(), offerId: 'cucumber' }] }, second)
    const list = await placedHere('worker-1', { limit: '2' })
    expect(list.items).toMatchObject([
      { orderId: second, mine: false, placedBy: { name: '李楼长' }, householdLabel: `示例小区 3号楼2单元${room}室` },
      { orderId: first, mine: true, placedBy: { name: '王姐' } },
    ])
    const params = { compoundId: COMPOUND }
    expect((await call(orders, listPlacedFor, { params, as: 'worker-2' })).status).toBe(404)
    expect((await call(orders, listPlacedFor, { params, as: 'resident-1' })).status).toBe(403)
  })

  it('is cancelled by the household or by who placed it, and by nobody else', async () => {
    await livesThere('granny-3', 'verified')
    await livesThere('claimant-3', 'claimed')
    const cancel = (orderId: string, as: string) => call(payments, cancelOrder, { params: { orderId }, as })
    const orderId = await placed()
    for (const other of ['colleague', 'worker-2', 'claimant-3', 'resident-1']) {
      expect((await cancel(orderId, other)).status).toBe(404)
    }
    expect(await cancel(orderId, 'granny-3')).toMatchObject({ status: 200, body: { state: 'cancelled' } })
    const again = await placed()
    expect(await cancel(again, 'worker-1')).toMatchObject({ status: 200, body: { state: 'cancelled' } })
    const { PK, SK } = keys.bucket(gb, 'tomato', 0)
    const bucket = (await backend.scan('market')).find((item) => item.PK === PK && item.SK === SK)
    expect(bucket).toMatchObject({ available: 10 })
  })

  it('is paid by the household, or by a link that the household or the worker makes; the worker is not asked to pay', async () => {
    await livesThere('granny-4', 'verified')
    const pay = (orderId: string, as: string) => call(payments, startCheckout, { params: { orderId }, as })
    const orderId = await placed()
    expect((await pay(orderId, 'worker-1')).status).toBe(403)
    expect((await pay(orderId, 'granny-4')).status).toBe(200)
    expect((await link(orderId, 'colleague')).status).toBe(404)
    expect((await link(orderId, 'granny-4')).status).toBe(200)
    const made = await link(orderId, 'worker-1')
    expect(made.status).toBe(200)
    const { token } = made.body as { token: string }
    const told = (await call(payments, getPayLink, { params: { token } })).text
    for (const hidden of ['王姐', '示例社区', '3号楼', room]) expect(told).not.toContain(hidden)
    await payBy(token, orderId)
    expect((await see(orderId, 'granny-4')).body).toMatchObject({ state: 'paid', pickUpCode: expect.any(String) })
    expect((await see(orderId, 'worker-1')).body).toMatchObject({ state: 'paid', standing: 'placer' })
    expect((await see(orderId, 'colleague')).body).toMatchObject({ standing: 'staff', placedBy: { name: '王姐' } })
  })

  it('is given back by the household or who placed it, and who did stands on the refund', async () => {
    await livesThere('granny-5', 'verified')
    const orderId = await placed({ lines: [line(3)] })
    await payBy(((await link(orderId, 'worker-1')).body as { token: string }).token, orderId)
    const view = (await see(orderId, 'granny-5')).body as { shares: { saleId: string; lines: { lineId: string }[] }[] }
    const saleId = view.shares[0]?.saleId ?? ''
    const back = (as: string) => {
      const body = { giveBackId: randomUUID(), lines: [{ saleId, lineId: '1-1', portions: 1 }] }
      return call(payments, giveBack, { params: { orderId }, body, as })
    }
    expect((await back('colleague')).status).toBe(404)
    expect(await back('granny-5')).toMatchObject({ status: 200, body: { amountFen: 860 } })
    expect(await back('worker-1')).toMatchObject({ status: 200, body: { amountFen: 860 } })
    const refunds = (await backend.scan('market')).filter(
      (item) => item.entity === 'refund' && item.orderId === orderId,
    )
    expect(refunds.map(({ decidedBy }) => decidedBy).sort()).toEqual([`${ISSUER}|granny-5`, `${ISSUER}|worker-1`])
    const refund = { params: { orderId }, body: { refundId: randomUUID(), reason: 'refund' }, as: 'worker-2' }
    expect((await call(payments, refundOrder, refund)).status).toBe(404)
    expect(await call(payments, refundOrder, { ...refund, as: 'colleague' })).toMatchObject({
      status: 200,
      body: { amountFen: 860 },
    })
  })

  it('is claimed for by the household or who placed it, who decides nothing of it', async () => {
    await aMarket(backend, { groupBuyId: gb, pickUpEndsAt: new Date(Date.now() + 3_600_000 - 60_000).toISOString() })
    await livesThere('granny-6', 'verified')
    const orderId = await placed({ lines: [line(3)] })
    await payBy(((await link(orderId, 'worker-1')).body as { token: string }).token, orderId)
    const items = await backend.scan('market')
    const share = items.find((item) => item.entity === 'share' && item.orderId === orderId)
    await backend.put('market', { ...share, state: 'confirmed' })
    const claim = (as: string, claimId: string = randomUUID()) => {
      const body = { saleId: share?.saleId, lines: [{ lineId: '1-1', portions: 1 }], reason: 'broken' }
      return call(claims, fileClaim, { params: { orderId, claimId }, body, as })
    }
    expect((await claim('colleague')).status).toBe(404)
    const [theirs, placers] = [randomUUID(), randomUUID()]
    expect(await claim('granny-6', theirs)).toMatchObject({ status: 200 })
    expect(await claim('worker-1', placers)).toMatchObject({ status: 200 })
    const decide = (claimId: string, as: string) => {
      const body = { decision: 'accept', lines: [{ lineId: '1-1', portions: 1 }] }
      return call(payments, decideClaim, { params: { orderId, claimId }, body, as })
    }
    for (const claimId of [theirs, placers]) {
      expect(await decide(claimId, 'worker-1')).toMatchObject({ status: 409, body: { code: 'OWN_CLAIM' } })
      expect(await decide(claimId, 'colleague')).toMatchObject({ status: 200, body: { state: 'accepted' } })
    }
  })

  it('is nothing any more to a worker who works there no longer', async () => {
    await aWorker(backend, 'leaving')
    const orderId = randomUUID()
    expect((await placeFor('leaving', {}, orderId)).status).toBe(200)
    expect((await see(orderId, 'leaving')).status).toBe(200)
    await aResident(backend, 'leaving', `8.8.${room}`)
    forgetCaller(`${ISSUER}|leaving`)
    expect((await see(orderId, 'leaving')).status).toBe(200)
    // Elsewhere, so that nothing here is told of it: what moves money or stock asks anew.
    await endRole('leaving', false)
    const params = { orderId }
    const body = { giveBackId: randomUUID(), lines: [{ saleId: 'nothing', lineId: '1-1', portions: 1 }] }
    expect((await call(payments, giveBack, { params, body, as: 'leaving' })).status).toBe(404)
    expect((await link(orderId, 'leaving')).status).toBe(404)
    expect((await call(payments, cancelOrder, { params, as: 'leaving' })).status).toBe(404)
    forgetCaller(`${ISSUER}|leaving`)
    expect((await see(orderId, 'leaving')).status).toBe(404)
    expect(idsOf(await mine('leaving'))).toEqual([])
  })
})
