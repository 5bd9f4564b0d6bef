import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { fileClaim, listClaims } from '#shared/contracts/claims.ts'
import {
  cancelOrder,
  findHousehold,
  getCounter,
  getOrder,
  giveBack,
  listDoors,
  listMyOrders,
  listPlacedFor,
  placeOrder,
  placeOrderFor,
  startCheckout,
} from '#shared/contracts/orders.ts'
import { takeCash } from '#shared/contracts/cash.ts'
import { holdLonger, makePayLink, payByLink, withdrawPayLink } from '#shared/contracts/payments.ts'
import { handler as claims } from '#functions/claims/index.ts'
import { handler as orders } from '#functions/orders/index.ts'
import { handler as payments } from '#functions/payments/index.ts'
import { forgetCaller } from '#functions/platform/caller.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { type Backend, ISSUER, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { killWrites } from '../fixtures/interleave.ts'
import { aLeader, aMarket, aResident, aWorker, COMPOUND } from '../fixtures/market.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'

/** Goal: a building leader orders for their neighbours as a worker does, in their own building and no further. */
let backend: Backend
let provider: Provider
let gb = ''
let room = ''
let rooms = 100
beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  await aWorker(backend, 'worker-1')
  await aLeader(backend, 'leader-3')
  await aLeader(backend, 'other-3', '3', '张楼长')
  await aLeader(backend, 'leader-4', '4', '赵楼长')
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

const line = (quantity = 1) => ({ groupBuyId: gb, offerId: 'tomato', quantity })
function placeFor(
  as: string,
  more: Record<string, unknown> = {},
  orderId: string = randomUUID(),
  compoundId = COMPOUND,
) {
  const body = { building: '三栋', unit: '2', room, lines: [line()], ...more }
  return call(orders, placeOrderFor, { params: { compoundId, orderId }, body, as })
}
async function placed(as = 'leader-3', more: Record<string, unknown> = {}): Promise<string> {
  const orderId = randomUUID()
  expect(await placeFor(as, more, orderId)).toMatchObject({ status: 200 })
  return orderId
}
const see = (orderId: string, as: string) => call(orders, getOrder, { params: { orderId }, as })
const find = (as: string, query: Record<string, string> = {}, compoundId = COMPOUND) =>
  call(orders, findHousehold, { params: { compoundId }, query: { building: '３幢', unit: '2', room, ...query }, as })
const placedHere = (as: string, query = {}, compoundId = COMPOUND) =>
  call(orders, listPlacedFor, { params: { compoundId }, as, query })
const idsOf = ({ body }: { body: unknown }) =>
  (body as { items: { orderId: string }[] }).items.map(({ orderId }) => orderId)
const link = (orderId: string, as: string) => call(payments, makePayLink, { params: { orderId }, as })
const cancel = (orderId: string, as: string) => call(payments, cancelOrder, { params: { orderId }, as })
const itemAt = async ({ PK, SK }: { PK: string; SK: string }) =>
  (await backend.scan('market')).find((each) => each.PK === PK && each.SK === SK)

async function payBy(token: string, orderId: string): Promise<void> {
  const opened = await call(payments, payByLink, { params: { token } })
  await provider.pay((opened.body as { checkoutUrl: string }).checkoutUrl)
  await provider.deliver(payments, await provider.webhook('checkout.session.completed', orderId))
}

/** Elsewhere, so that nothing here is told of it: what is remembered here still holds the role. */
async function change(sub: string, role: 'leader' | 'resident', building: string, more: Record<string, unknown>) {
  const scopeId = role === 'leader' ? `${COMPOUND}.${building}` : `${COMPOUND}.${building}.9.901`
  await backend.put('market', { ...(await itemAt(keys.membership(`${ISSUER}|${sub}`, role, scopeId))), ...more })
}

describe('a building leader orders for a neighbour', () => {
  it('whose room they find, by the rules of every order, recorded under the name that the worker gave them', async () => {
    expect(await find('leader-3')).toMatchObject({ status: 200, body: { householdLabel: `3号楼2单元${room}室` } })
    const orderId = randomUUID()
    const answer = await placeFor('leader-3', { placerName: '王社工' }, orderId)
    expect(answer).toMatchObject({
      status: 200,
      body: {
        ...{ orderId, state: 'pending_payment', amountFen: 860, standing: 'placer' },
        householdLabel: `示例小区 3号楼2单元${room}室`,
        placedBy: { name: '李楼长', communityName: '示例社区', leaderOf: '3号楼' },
      },
    })
    expect(await itemAt(keys.order(orderId))).toMatchObject({
      ...{ householdId: `${COMPOUND}.3.2.${room}`, personId: `${ISSUER}|leader-3` },
    })
    // A worker says who they are themselves, and is told when they forget to.
    expect(await placeFor('worker-1')).toMatchObject({ status: 400, body: { fields: { placerName: '请写您的称呼' } } })
  })

  it('once, however often it is sent, also under a name that changed in between', async () => {
    const orderId = randomUUID()
    const answers = await Promise.all(Array.from({ length: 6 }, () => placeFor('leader-3', {}, orderId)))
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    await change('leader-3', 'leader', '3', { knownAs: '李姐' })
    expect(await placeFor('leader-3', {}, orderId)).toMatchObject({
      status: 200,
      body: { placedBy: { name: '李楼长' } },
    })
    await change('leader-3', 'leader', '3', { knownAs: '李楼长' })
    expect(await placeFor('leader-3', { room: '999' }, orderId)).toMatchObject({ body: { code: 'ORDER_ID_REUSED' } })
    expect((await placeFor('other-3', {}, orderId)).status).toBe(404)
  })

  it.each([
    ['another building of the compound', { building: '4' }, COMPOUND],
    ['a building that begins like theirs', { building: '31' }, COMPOUND],
    ['another compound', {}, 'c-2'],
    ['no compound', {}, 'c-9'],
  ])('but not in %s', async (_where, more, compoundId) => {
    await aMarket(backend, { groupBuyId: `gb-${randomUUID().slice(0, 8)}`, place: 2 })
    expect((await find('leader-3', more, compoundId)).status).toBe(404)
    if (compoundId !== COMPOUND) expect((await find('leader-3', { room: '?' }, compoundId)).status).toBe(404)
    expect((await placeFor('leader-3', more, randomUUID(), compoundId)).status).toBe(404)
  })

  it("within the household's own limit, and only in rooms that there are", async () => {
    await placed('worker-1', { placerName: '王姐', lines: [line(3)] })
    expect(await placeFor('leader-3', { lines: [line(3)] })).toMatchObject({ body: { code: 'LIMIT_REACHED' } })
    expect(await placeFor('leader-3', { room: '门卫室' })).toMatchObject({
      ...{ status: 400, body: { fields: { room: expect.any(String) } } },
    })
    const building = { ...keys.building(COMPOUND, 'b-4'), entity: 'building', v: 1, compoundId: COMPOUND }
    await backend.put('market', { ...building, buildingId: 'b-4', label: '4号楼', units: ['1'] })
    expect(await find('leader-3')).toMatchObject({ status: 422, body: { code: 'UNKNOWN_BUILDING' } })
    expect(await placeFor('leader-3')).toMatchObject({ status: 422, body: { code: 'UNKNOWN_BUILDING' } })
    await backend.put('market', { ...building, buildingId: 'b-4', label: '3号楼', units: ['1'] })
    expect((await find('leader-3')).status).toBe(200)
  })

  it('and for their own household it is an ordinary order, theirs to pay', async () => {
    const orderId = randomUUID()
    const answer = await placeFor('leader-3', { unit: '9', room: '901' }, orderId)
    expect(answer).toMatchObject({ status: 200, body: { standing: 'buyer' } })
    expect(answer.body).not.toHaveProperty('placedBy')
    expect(idsOf(await placedHere('leader-3'))).not.toContain(orderId)
    expect(idsOf(await call(orders, listMyOrders, { as: 'leader-3' }))).toContain(orderId)
    expect((await call(payments, startCheckout, { params: { orderId }, as: 'leader-3' })).status).toBe(200)
  })

  it('which costs no more to write than a worker’s', async () => {
    const sizeOf = async (orderId: string) => JSON.stringify(await itemAt(keys.order(orderId))).length
    const orderId = await placed('leader-3')
    expect(await sizeOf(orderId)).toBeLessThan(1_024)
  })
})

describe('what a building leader sees', () => {
  it('are the orders that they placed in their building, newest first, page by page, and nobody else’s', async () => {
    await aLeader(backend, 'lister', '3', '钱楼长')
    const foreign = [await placed('other-3'), await placed('worker-1', { placerName: '王姐' })]
    const all: string[] = []
    for (let n = 0; n < 5; n++) all.unshift(await placed('lister', { room: `70${n}` }))
    const page = await placedHere('lister')
    const [newest] = (page.body as { items: object[] }).items
    expect(newest).toMatchObject({ mine: true, placedBy: { name: '钱楼长', leaderOf: '3号楼' } })
    expect(idsOf(page)).toEqual(all)
    const first = await placedHere('lister', { limit: '2' })
    const { nextCursor } = first.body as { nextCursor?: string }
    expect([...idsOf(first), ...idsOf(await placedHere('lister', { cursor: nextCursor }))]).toEqual(all)
    for (const orderId of foreign) expect((await see(orderId, 'lister')).status).toBe(404)
    // Its workers see all, with who placed it.
    expect(idsOf(await placedHere('worker-1')).slice(0, 7)).toEqual([...all, foreign[1], foreign[0]])
    expect((await placedHere('lister', {}, 'c-2')).status).toBe(404)
    expect(idsOf(await placedHere('leader-4'))).toEqual([])
  })

  it('also when they were cut off right after placing one: sent again it is complete', async () => {
    const orderId = randomUUID()
    killWrites((writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'placedFor'))
    expect((await placeFor('leader-3', {}, orderId)).status).toBe(500)
    vi.restoreAllMocks()
    expect((await placeFor('leader-3', {}, orderId)).status).toBe(200)
    expect(idsOf(await placedHere('leader-3'))).toContain(orderId)
  })

  it('is no order of a neighbour, and no desk of a worker', async () => {
    await aResident(backend, 'granny', `3.2.${room}`)
    forgetCaller(`${ISSUER}|granny`)
    const orderId = randomUUID()
    await call(orders, placeOrder, { params: { orderId }, body: { lines: [line()] }, as: 'granny' })
    expect((await see(orderId, 'leader-3')).status).toBe(404)
    expect((await cancel(orderId, 'leader-3')).status).toBe(404)
    expect((await link(orderId, 'leader-3')).status).toBe(404)
    const params = { compoundId: COMPOUND }
    for (const route of [getCounter, listDoors]) {
      expect((await call(orders, route, { params, as: 'leader-3' })).status).toBe(403)
    }
    expect((await call(claims, listClaims, { params, as: 'leader-3' })).status).toBe(403)
    const theirs = await placed()
    const cash = { params: { orderId: theirs, moveId: randomUUID() }, body: { amountFen: 860 }, as: 'leader-3' }
    expect((await call(payments, takeCash, cash)).status).toBe(403)
  })
})

describe('an order that a building leader placed', () => {
  it('is paid by a link that they make, take back, and hold it longer with; they are not asked to pay', async () => {
    const orderId = await placed()
    expect((await call(payments, startCheckout, { params: { orderId }, as: 'leader-3' })).status).toBe(404)
    for (const other of ['other-3', 'leader-4', 'worker-1']) expect((await link(orderId, other)).status).toBe(404)
    expect((await link(orderId, 'leader-3')).status).toBe(200)
    const act = (route: typeof holdLonger | typeof withdrawPayLink) =>
      call(payments, route, { params: { orderId }, as: 'leader-3' })
    expect((await act(holdLonger)).status).toBe(200)
    expect((await act(withdrawPayLink)).status).toBe(200)
    const { token } = (await link(orderId, 'leader-3')).body as { token: string }
    await payBy(token, orderId)
    expect((await see(orderId, 'leader-3')).body).toMatchObject({ state: 'paid', standing: 'placer' })
    expect((await see(orderId, 'worker-1')).body).toMatchObject({
      ...{ standing: 'staff', placedBy: { name: '李楼长', leaderOf: '3号楼' } },
    })
  })

  it('is cancelled, given back and claimed for by them', async () => {
    await aMarket(backend, { groupBuyId: gb, pickUpEndsAt: new Date(Date.now() + 3_540_000).toISOString() })
    expect(await cancel(await placed(), 'leader-3')).toMatchObject({ status: 200, body: { state: 'cancelled' } })
    const orderId = await placed('leader-3', { lines: [line(3)] })
    await payBy(((await link(orderId, 'leader-3')).body as { token: string }).token, orderId)
    const { shares } = (await see(orderId, 'leader-3')).body as { shares: { saleId: string }[] }
    const saleId = shares[0]?.saleId
    const lines = [{ saleId, lineId: '1-1', portions: 1 }]
    const back = (as: string) =>
      call(payments, giveBack, { params: { orderId }, body: { giveBackId: randomUUID(), lines }, as })
    expect((await back('other-3')).status).toBe(404)
    expect(await back('leader-3')).toMatchObject({ status: 200, body: { amountFen: 860 } })
    const share = (await backend.scan('market')).find((item) => item.entity === 'share' && item.orderId === orderId)
    await backend.put('market', { ...share, state: 'confirmed' })
    const claim = (as: string) => {
      const body = { saleId, lines: [{ lineId: '1-1', portions: 1 }], reason: 'broken' }
      return call(claims, fileClaim, { params: { orderId, claimId: randomUUID() }, body, as })
    }
    expect((await claim('other-3')).status).toBe(404)
    expect((await claim('leader-3')).status).toBe(200)
  })

  it('shows them that the household claimed, and not what it wrote or photographed', async () => {
    await aMarket(backend, { groupBuyId: gb, pickUpEndsAt: new Date(Date.now() + 3_540_000).toISOString() })
    await aResident(backend, 'claimant', `3.2.${room}`)
    const home = await itemAt(keys.membership(`${ISSUER}|claimant`, 'resident', `${COMPOUND}.3.2.${room}`))
    await backend.put('market', { ...home, state: 'verified' })
    forgetCaller(`${ISSUER}|claimant`)
    const orderId = await placed('leader-3', { lines: [line(3)] })
    await payBy(((await link(orderId, 'leader-3')).body as { token: string }).token, orderId)
    const share = (await backend.scan('market')).find((item) => item.entity === 'share' && item.orderId === orderId)
    await backend.put('market', { ...share, state: 'confirmed' })
    const claim = (as: string, words: string) => {
      const body = { saleId: share?.saleId, lines: [{ lineId: '1-1', portions: 1 }], reason: 'broken', words }
      return call(claims, fileClaim, { params: { orderId, claimId: randomUUID() }, body, as })
    }
    expect((await claim('claimant', '住院了没法来')).status).toBe(200)
    expect((await claim('leader-3', '我看到是坏的')).status).toBe(200)
    const stored = (await backend.scan('market')).find(
      (item) => item.entity === 'claim' && item.words === '住院了没法来',
    )
    const photoIds = [randomUUID()]
    const decided = { at: new Date().toISOString(), amountFen: 0, lines: [], words: '知道您住院了' }
    await backend.put('market', { ...stored, photoIds, state: 'declined', decided })
    const seen = await see(orderId, 'leader-3')
    expect(seen.body).toMatchObject({
      claims: [{ state: 'declined', reason: 'broken', photoIds: [] }, { words: '我看到是坏的' }],
    })
    for (const hidden of ['住院', photoIds[0]]) expect(seen.text).not.toContain(hidden)
    for (const whole of ['claimant', 'worker-1']) {
      expect((await see(orderId, whole)).body).toMatchObject({
        claims: [{ words: '住院了没法来', photoIds, decided }, {}],
      })
    }
  })

  it.each([
    ['leads no more', 'leader', { toAt: '2026-01-02T00:00:00.000Z' }],
    ['has moved away', 'resident', { toAt: '2026-01-02T00:00:00.000Z' }],
    ['is verified there no more', 'resident', { state: 'rejected' }],
    ['left and came back', 'resident', { claimedAt: '2026-01-03T00:00:00.000Z' }],
  ] as const)('is nothing any more to one who %s', async (_why, role, more) => {
    const leaving = `leaving-${room}`
    await aLeader(backend, leaving)
    const orderId = await placed(leaving)
    expect((await see(orderId, leaving)).status).toBe(200)
    await change(leaving, role, '3', more)
    // What moves money or stock asks anew.
    expect((await placeFor(leaving)).status).toBe(403)
    const params = { orderId }
    const body = { giveBackId: randomUUID(), lines: [{ saleId: 'nothing', lineId: '1-1', portions: 1 }] }
    expect((await call(payments, giveBack, { params, body, as: leaving })).status).toBe(404)
    for (const route of [makePayLink, withdrawPayLink, holdLonger, cancelOrder]) {
      expect([403, 404]).toContain((await call(payments, route, { params, as: leaving })).status)
    }
    forgetCaller(`${ISSUER}|${leaving}`)
    expect((await see(orderId, leaving)).status).toBe(404)
    expect((await find(leaving)).status).toBe(403)
    expect((await placedHere(leaving)).status).toBe(403)
  })
})
