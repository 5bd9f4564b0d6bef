import { DeleteItemCommand } from '@aws-sdk/client-dynamodb'
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { decideClaim, fileClaim } from '#shared/contracts/claims.ts'
import { refundOrder } from '#shared/contracts/orders.ts'
import type { Route } from '#shared/contracts/route.ts'
import {
  answerDispute,
  confirmStatement,
  disputeStatement,
  getStatement,
  listPaidCoops,
  listPayouts,
  listStatements,
  listUnpaid,
  listUnstated,
  type Payout,
  type Statement,
  type StatementSummary,
} from '#shared/contracts/settlement.ts'
import { handler as claims } from '#functions/claims/index.ts'
import { handler as onSale } from '#functions/fund/on-sale.ts'
import { handler as payments } from '#functions/payments/index.ts'
import { cellsOfGroupBuy } from '#functions/platform/table/fund-cells.ts'
import { handler as settlement } from '#functions/settlement/index.ts'
import { handler as settlementTick } from '#functions/settlement/on-tick.ts'
import { sale } from '../domain/fund-story.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { beforeReadingMany, beforeReadingRange, beforeWriting, killWritesAfter } from '../fixtures/interleave.ts'
import { aCoopMember, aMarket, aResident, aWorker, anAdmin, COOP } from '../fixtures/market.ts'
import { lookAt, ordering, tick } from '../fixtures/ordering.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'
import {
  bankReference,
  correctCall,
  dropCall,
  extendCall,
  prepareCall,
  type Preparing,
  transferCall,
  voidCall,
} from '../fixtures/payout-calls.ts'
import { postEverything } from '../fixtures/posting.ts'
import { deliver } from './fund-table.ts'

/** Goal: a co-op is owed exactly what was sold less what went back less what its funds got, says so, and is paid once. */
let backend: Backend
let provider: Provider
let buyers: ReturnType<typeof ordering>
let gb = ''

beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  buyers = ordering(backend, provider)
})
afterAll(async () => {
  await provider.stop()
  await backend.stop()
})
beforeEach(async () => {
  // Each test with tables of its own: the clocks and the fund look at all that is there.
  await backend.empty()
  for (const person of ['resident-1', 'resident-2']) await aResident(backend, person)
  await aWorker(backend, 'worker-1')
  for (const person of ['coop-1', 'coop-b', 'both']) await aCoopMember(backend, person)
  await aCoopMember(backend, 'coop-2', 'coop-2')
  for (const person of ['admin-1', 'admin-2', 'admin-3', 'both']) await anAdmin(backend, person)
  gb = `gb-${randomUUID().slice(0, 8)}`
  const offers = [
    { offerId: 'apple', priceFen: 1_050, stock: 40, limit: 20, priceSteps: [{ fromPortions: 5, priceFen: 1_000 }] },
    { offerId: 'cucumber', priceFen: 430, stock: 40, limit: 20 },
  ]
  await aMarket(backend, { groupBuyId: gb, pickUpEndsAt: new Date(Date.now() + 1_800_000).toISOString(), offers })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const HOUR = 3_600_000
const later = (hours: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hours * HOUR })

const ask = (route: Route, as: string, body?: object, params: Record<string, string> = {}) =>
  call(settlement, route, { params: { groupBuyId: gb, part: '1', ...params }, ...(body && { body }), as })
const see = async (part = 1, as = 'coop-1') =>
  (await ask(getStatement, as, undefined, { part: String(part) })).body as Statement
const listed = async (as = 'coop-1') => {
  const answer = await call(settlement, listStatements, { params: { coopId: COOP }, query: { limit: '100' }, as })
  return (answer.body as { items: StatementSummary[] }).items.filter((each) => each.groupBuyId === gb)
}
const unpaid = async () =>
  (
    (await call(settlement, listUnpaid, { query: { limit: '100' }, as: 'admin-1' })).body as {
      items: StatementSummary[]
    }
  ).items.filter((each) => each.groupBuyId === gb)
const confirm = (version = 1, as = 'coop-1', part = 1) => ask(confirmStatement, as, { version }, { part: String(part) })

async function refund(orderId: string, amountFen?: number, lineId = '1-1'): Promise<void> {
  const { shares } = await lookAt(backend, gb)
  const saleId = shares.get(orderId)?.saleId
  const lines = amountFen === undefined ? {} : { lines: [{ saleId, lineId, amountFen }] }
  const body = { refundId: randomUUID(), reason: 'refund', ...lines }
  expect(await call(payments, refundOrder, { params: { orderId }, body, as: 'worker-1' })).toMatchObject({
    status: 200,
  })
}

/** Six apples and a cucumber sold; closed, settled and posted. Apples became cheaper for all: 6 × 50 fen went back. */
async function settled(): Promise<string[]> {
  const orders = [
    await buyers.buy(gb, 'resident-1', { apple: 4, cucumber: 1 }),
    await buyers.buy(gb, 'resident-2', { apple: 2 }),
  ]
  await buyers.close(gb)
  await postEverything(backend)
  later(49)
  await tick(settlementTick)
  return orders
}
/** The next look of the clock, after the fund has heard of everything. */
async function lookAgain(): Promise<void> {
  await postEverything(backend)
  vi.setSystemTime(Date.now() + 7 * HOUR)
  await tick(settlementTick)
}

const SOLD = 4 * 1_050 + 430 + 2 * 1_050
const posted = async () => {
  const items = (await backend.scan('ledger')).filter((item) => item.entity === 'entry' && item.groupBuyId === gb)
  const given = items.flatMap((item) => item.postings as { account: string; deltaFen: number }[])
  return given
    .filter(({ account }) => account === 'pending' || account === 'available')
    .reduce((sum, { deltaFen }) => sum + deltaFen, 0)
}

describe('the statement of a group buy', () => {
  it('is made when its sales are settled: sales less what went back less what the fund got', async () => {
    await settled()
    const statement = await see()
    const postedFen = await posted()
    expect(postedFen).toBeGreaterThan(100)
    expect(statement).toMatchObject({
      ...{ state: 'open', version: 1, part: 1, statedFen: 0, coopId: COOP },
      sums: { salesFen: SOLD, reversedFen: 300, postedFen, payableFen: SOLD - 300 - postedFen },
      dueFen: SOLD - 300 - postedFen,
      offers: [
        {
          offerId: 'apple',
          portions: 6,
          salesFen: 6_300,
          reversedFen: 300,
          reversed: [{ reason: 'price-step', amountFen: 300 }],
        },
        { offerId: 'cucumber', portions: 1, salesFen: 430, reversedFen: 0, reversed: [] },
      ],
      compounds: [{ compoundName: '示例小区', salesFen: SOLD, reversedFen: 300, postedFen }],
      steps: [{ step: 'made', by: 'clock' }],
    })
    expect(JSON.stringify(statement)).not.toMatch(/resident|号楼|worker-1|issuer/)
    expect(await listed()).toMatchObject([{ groupBuyId: gb, part: 1, state: 'open' }])
    expect(await unpaid()).toMatchObject([{ groupBuyId: gb, part: 1 }])
    const of = async (coopId: string) =>
      (await call(settlement, listUnpaid, { query: { coopId, limit: '100' }, as: 'admin-1' })).body
    expect(await of('coop-2')).toEqual({ items: [] })
    expect(await of(COOP)).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ groupBuyId: gb })]),
    })
  })

  it('is made once, however often the clock strikes', async () => {
    await settled()
    const first = await see()
    await lookAgain()
    await lookAgain()
    expect(await see()).toEqual(first)
    expect(await listed()).toHaveLength(1)
  })

  it('is not made before the after-sales window is over', async () => {
    await buyers.buy(gb, 'resident-1', { apple: 1 })
    await buyers.close(gb)
    await postEverything(backend)
    later(47)
    await tick(settlementTick)
    expect((await ask(getStatement, 'coop-1')).status).toBe(404)
  })

  it('is not made while goods are still handed out, even where there is no after-sales window', async () => {
    process.env.AFTER_SALES_HOURS = '0'
    try {
      await buyers.buy(gb, 'resident-1', { apple: 1 })
      await buyers.close(gb)
      await tick(settlementTick)
      await postEverything(backend)
      await tick(settlementTick)
      expect((await ask(getStatement, 'coop-1')).status).toBe(404)
      expect((await lookAt(backend, gb)).groupBuy.state).toBe('confirmed')
      later(1)
      await tick(settlementTick)
      expect(await see()).toMatchObject({ state: 'open', sums: { salesFen: 1_050 } })
    } finally {
      process.env.AFTER_SALES_HOURS = '48'
    }
  })

  it('that is not made yet says what it waits for, to its co-op and the district', async () => {
    const unstated = async (as = 'coop-1') => {
      const answer = await call(settlement, listUnstated, { params: { coopId: COOP }, query: { limit: '100' }, as })
      return answer.status === 200
        ? (answer.body as { items: { groupBuyId: string }[] }).items.filter((each) => each.groupBuyId === gb)
        : answer.status
    }
    const orderId = await buyers.buy(gb, 'resident-1', { apple: 1 })
    expect(await unstated()).toEqual([])
    await buyers.close(gb)
    expect(await unstated('admin-1')).toMatchObject([{ because: 'pick-up', openClaims: 0 }])
    for (const as of ['coop-2', 'worker-1']) expect(await unstated(as)).toBe(403)
    later(1)
    expect(await unstated()).toMatchObject([{ because: 'after-sales', untilAt: expect.any(String) }])
    const saleId = (await lookAt(backend, gb)).shares.get(orderId)?.saleId
    const body = { saleId, lines: [{ lineId: '1-1', portions: 1 }], reason: 'broken' }
    const claim = { orderId, claimId: randomUUID() }
    expect((await call(claims, fileClaim, { params: claim, body, as: 'resident-1' })).status).toBe(200)
    later(49)
    await tick(settlementTick)
    expect(await unstated()).toMatchObject([{ because: 'claims', openClaims: 1 }])
    const decision = { decision: 'decline', words: '照片看不出来' }
    expect((await call(payments, decideClaim, { params: claim, body: decision, as: 'worker-1' })).status).toBe(200)
    expect(await unstated()).toMatchObject([{ because: 'clock' }])
    await tick(settlementTick)
    expect(await unstated()).toMatchObject([{ because: 'fund' }])
    await lookAgain()
    expect(await unstated()).toEqual([])
    expect(await listed()).toHaveLength(1)
  })

  it('waits until the fund has posted every sale and every reversal, and then is made', async () => {
    await buyers.buy(gb, 'resident-1', { apple: 5 })
    await buyers.close(gb)
    later(49)
    expect(await tick(settlementTick)).toMatchObject({ waiting: 1 })
    expect((await ask(getStatement, 'coop-1')).status).toBe(404)
    await lookAgain()
    expect(await see()).toMatchObject({ state: 'open', sums: { salesFen: 5_250, reversedFen: 250 } })
  })

  it('is not made of a group buy of which all money went back, unless a fund keeps a fen', async () => {
    const orderId = await buyers.buy(gb, 'resident-1', { cucumber: 1 })
    await buyers.close(gb)
    await refund(orderId)
    await postEverything(backend)
    later(49)
    await tick(settlementTick)
    const kept = await posted()
    expect((await ask(getStatement, 'coop-1')).status).toBe(kept === 0 ? 404 : 200)
    if (kept !== 0) expect((await see()).dueFen).toBe(-kept)
  })

  it('is made whole or not at all, wherever the machine dies', async () => {
    await buyers.buy(gb, 'resident-1', { apple: 2 })
    await buyers.close(gb)
    await postEverything(backend)
    later(49)
    for (let made = 0; made < 6; made++) {
      killWritesAfter(made)
      await tick(settlementTick).catch(() => undefined)
      vi.restoreAllMocks()
      const answer = await ask(getStatement, 'coop-1')
      expect(answer.status).toBe((await unpaid()).length === 1 ? 200 : 404)
    }
    await tick(settlementTick)
    expect(await see()).toMatchObject({ state: 'open', version: 1, sums: { salesFen: 2_100 } })
    expect(await listed()).toHaveLength(1)
  })

  it('that nobody has confirmed is revised when money goes back later, in the state it has', async () => {
    const [first] = await settled()
    await refund(String(first), 1_000)
    // The fund has not heard of it yet.
    vi.setSystemTime(Date.now() + 60_000)
    await tick(settlementTick)
    expect(await see()).toMatchObject({ version: 1 })
    await lookAgain()
    expect(await see()).toMatchObject({
      ...{ version: 2, state: 'open', statedFen: 0, sums: { salesFen: SOLD, reversedFen: 1_300 } },
      offers: [{ reversed: [{ reason: 'price-step' }, { reason: 'refund', amountFen: 1_000 }] }, {}],
      steps: [{ step: 'made' }, { step: 'revised' }],
    })
    expect(await ask(disputeStatement, 'coop-1', { version: 2, words: '少了' })).toMatchObject({ status: 200 })
    await refund(String(first), 100)
    await lookAgain()
    expect(await see()).toMatchObject({ version: 3, state: 'disputed', sums: { reversedFen: 1_400 } })
  })

  it('that is confirmed never changes: what goes back later is stated by another one', async () => {
    const [first] = await settled()
    const before = await see()
    expect((await confirm()).status).toBe(200)
    await refund(String(first), 1_000)
    await lookAgain()
    expect(await see()).toMatchObject({ state: 'confirmed', sums: before.sums, dueFen: before.dueFen })
    const second = await see(2)
    expect(second).toMatchObject({ state: 'open', statedFen: before.dueFen, sums: { reversedFen: 1_300 } })
    // 1,000 fen less for the co-op, of which the fund bears its 2 %.
    expect(second.dueFen).toBe(-(1_000 - 20))
    expect(before.dueFen + second.dueFen).toBe(second.sums.payableFen)
    expect(await listed()).toHaveLength(2)
  })

  it('sees a refund that is decided while it is being made', async () => {
    const first = await buyers.buy(gb, 'resident-1', { apple: 4 })
    await buyers.close(gb)
    await postEverything(backend)
    later(49)
    // It reads shares, then (many at once) the names of compounds: between these the refund comes.
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'statement'),
      async () => refund(first, 1_000),
    )
    await tick(settlementTick)
    expect((await ask(getStatement, 'coop-1')).status).toBe(404)
    await lookAgain()
    expect(await see()).toMatchObject({ version: 1, sums: { salesFen: 4_200, reversedFen: 1_000 } })
  })

  it('counts a day of the ledger once that ends while it is read', async () => {
    const post = (saleId: string) =>
      deliver(onSale, [sale(saleId, 500, { compoundId: 'c-race', occurredAt: new Date().toISOString() })])
    await post('s-1')
    beforeReadingRange('ledger', async () => {
      later(24)
      await post('s-2')
    })
    const cells = await cellsOfGroupBuy('c-race', 'gb-1', '2020-01-01')
    expect(cells.map(({ salesFen }) => salesFen)).toEqual([500])
    expect(await cellsOfGroupBuy('c-race', 'gb-1', '2020-01-01')).toHaveLength(2)
  })

  it('sees a refund that was believed to come before the settling', async () => {
    const first = await buyers.buy(gb, 'resident-1', { apple: 4 })
    await buyers.close(gb)
    await postEverything(backend)
    // The refund has read its share as not settled yet; then everything is settled and stated.
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'refund'),
      async () => {
        later(49)
        await tick(settlementTick)
      },
    )
    await refund(first, 1_000)
    expect(await see()).toMatchObject({ version: 1, sums: { reversedFen: 0 } })
    await lookAgain()
    expect(await see()).toMatchObject({ version: 2, sums: { reversedFen: 1_000 } })
  })
})

describe('a statement', () => {
  it('is seen by members of its co-op and by the district, and exists for nobody else', async () => {
    await settled()
    for (const as of ['coop-1', 'admin-1']) expect((await ask(getStatement, as)).status, as).toBe(200)
    expect((await ask(getStatement, 'coop-2')).status).toBe(404)
    for (const as of ['worker-1', 'resident-1']) expect((await ask(getStatement, as)).status, as).toBe(403)
    expect((await call(settlement, listStatements, { params: { coopId: COOP }, as: 'coop-2' })).status).toBe(403)
    expect((await call(settlement, listPayouts, { params: { coopId: COOP }, as: 'coop-2' })).status).toBe(403)
    expect((await ask(getStatement, 'coop-1', undefined, { part: '0' })).status).toBe(404)
    expect((await ask(getStatement, 'coop-1', undefined, { part: '2' })).status).toBe(404)
  })

  it('is confirmed by its co-op alone, once, and not by the district for it', async () => {
    await settled()
    expect((await confirm(1, 'coop-2')).status).toBe(404)
    expect((await confirm(1, 'admin-1')).status).toBe(403)
    const answer = await confirm()
    expect(answer).toMatchObject({
      status: 200,
      body: { state: 'confirmed', steps: [{}, { step: 'confirmed', by: 'coop' }] },
    })
    expect(await confirm()).toEqual(answer)
    expect(await confirm(1, 'coop-b')).toMatchObject({ status: 409, body: { code: 'WRONG_STATE' } })
    expect((await see()).steps).toHaveLength(2)
  })

  it('is not confirmed by who saw other figures', async () => {
    const [first] = await settled()
    await refund(String(first), 500)
    await lookAgain()
    expect(await confirm(1)).toMatchObject({ status: 409, body: { code: 'STATEMENT_MOVED' } })
    expect((await confirm(2)).status).toBe(200)
  })

  it('that is revised while it is confirmed is one or the other', async () => {
    const [first] = await settled()
    await refund(String(first), 500)
    await postEverything(backend)
    vi.setSystemTime(Date.now() + HOUR)
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'statement'),
      async () => {
        expect(await tick(settlementTick)).toMatchObject({ stated: 1 })
      },
    )
    expect(await confirm(1)).toMatchObject({ status: 409, body: { code: 'STATEMENT_MOVED' } })
    expect(await see()).toMatchObject({ version: 2, state: 'open' })
  })

  it('that is disputed is not confirmed before the district has answered', async () => {
    await settled()
    const words = '黄瓜少算了一份'
    expect(await ask(disputeStatement, 'coop-1', { version: 1, words: '' })).toMatchObject({
      ...{ status: 400, body: { fields: { words: '请写哪里不对' } } },
    })
    const disputed = await ask(disputeStatement, 'coop-1', { version: 1, words })
    expect(disputed).toMatchObject({ status: 200, body: { state: 'disputed' } })
    expect(await ask(disputeStatement, 'coop-1', { version: 1, words })).toEqual(disputed)
    expect(await confirm()).toMatchObject({ status: 409, body: { code: 'WRONG_STATE' } })
    expect((await ask(answerDispute, 'coop-1', { version: 1, words: '对的' })).status).toBe(403)
    const answer = { version: 1, words: '那一份已经退给居民' }
    expect(await ask(answerDispute, 'admin-1', answer)).toMatchObject({
      status: 200,
      body: {
        state: 'open',
        steps: [{}, { by: 'coop', words }, { step: 'answered', by: 'district', words: answer.words }],
      },
    })
    expect((await confirm()).status).toBe(200)
  })
})

const prepare = ({ parts = [1], ...more }: Preparing & { parts?: number[] } = {}) =>
  prepareCall(
    parts.map((part) => ({ groupBuyId: gb, part })),
    more,
  )
const prepared = async (more: Parameters<typeof prepare>[0] = {}): Promise<Payout> => {
  const answer = await prepare(more)
  expect(answer).toMatchObject({ status: 200, body: { state: 'prepared' } })
  return answer.body as Payout
}

const stateNow = async (part = 1) => (await see(part)).state
const stepsNow = async () => (await see()).steps.map(({ step }) => step)
/** A second group buy of the same co-op, stated and confirmed. Its id is `gb` from then on; the first one's is returned. */
async function anotherConfirmed(): Promise<string> {
  const before = gb
  gb = `gb-${randomUUID().slice(0, 8)}`
  vi.useRealTimers()
  await aMarket(backend, { groupBuyId: gb, pickUpEndsAt: new Date(Date.now() + 1_800_000).toISOString() })
  await buyers.buy(gb, 'resident-1', { tomato: 1 })
  await buyers.close(gb)
  await postEverything(backend)
  later(49)
  await tick(settlementTick)
  expect((await confirm()).status).toBe(200)
  return before
}
/** A confirmed statement, and another part by which the co-op owes 9.80 yuan back. */
async function owing(): Promise<void> {
  const [first] = await settled()
  await confirm()
  await refund(String(first), 1_000)
  await lookAgain()
  expect(await see(2)).toMatchObject({ state: 'open', dueFen: -980 })
}
/** What is left unpaid would be taken off in the tests that follow, and what is watched would keep the clock busy. */
afterEach(async () => {
  for (const { entity, PK, SK } of await backend.scan('market')) {
    if (entity !== 'unpaid' && entity !== 'settlementWatch') continue
    const Key = { PK: { S: String(PK) }, SK: { S: String(SK) } }
    await backend.client.send(new DeleteItemCommand({ TableName: 'market', Key }))
  }
})

describe('a payout', () => {
  it('holds what was confirmed, and pays it by the transfer that another person recorded', async () => {
    await settled()
    await confirm()
    const payout = await prepared()
    const due = (await see()).dueFen
    expect(payout).toMatchObject({ amountFen: due, transferredFen: 0, preparedByCaller: true, coopName: '示例合作社' })
    expect(await see()).toMatchObject({ state: 'paying', payout: { transfers: [] } })
    expect(await unpaid()).toMatchObject([{ state: 'paying' }])
    const number = bankReference()
    const paid = await transferCall(payout, { reference: number })
    expect(paid).toMatchObject({
      ...{ status: 200, body: { state: 'paid', transferredFen: due, preparedByCaller: false } },
    })
    expect((paid.body as Payout).transfers).toMatchObject([
      { bankReference: number, recordedByCaller: true, typedByCaller: true },
    ])
    expect(await see()).toMatchObject({ state: 'paid', payout: { transfers: [{ bankReference: number }] } })
    expect(await unpaid()).toEqual([])
    expect(await stepsNow()).toEqual(['made', 'confirmed', 'prepared', 'paid'])
    const list = await call(settlement, listPayouts, { params: { coopId: COOP }, as: 'coop-1' })
    expect((list.body as { items: Payout[] }).items[0]).toMatchObject({ payoutId: payout.payoutId, state: 'paid' })
    expect(`${list.text}${JSON.stringify(await see())}`).not.toMatch(/issuer|admin-/)
    const coops = await call(settlement, listPaidCoops, { as: 'admin-1' })
    expect(coops.body).toMatchObject({ items: [{ coopId: COOP, coopName: '示例合作社' }] })
  })

  it('prepared again, or twenty times at once, is one payout', async () => {
    await settled()
    await confirm()
    const same = { payoutId: randomUUID() }
    const answers = await Promise.all(Array.from({ length: 20 }, () => prepare(same)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(await prepare({ ...same, as: 'admin-2' })).toMatchObject({ body: { code: 'PAYOUT_ID_REUSED' } })
    expect(await stepsNow()).toEqual(['made', 'confirmed', 'prepared'])
  })

  it('prepared by two persons at once is prepared by one: nobody transfers twice', async () => {
    await settled()
    await confirm()
    const answers = await Promise.all([prepare(), prepare({ as: 'admin-2' })])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(answers.find(({ status }) => status === 409)).toMatchObject({ body: { code: 'NOT_CONFIRMED' } })
    expect(await stepsNow()).toEqual(['made', 'confirmed', 'prepared'])
  })

  it('is refused for an unconfirmed statement, another co-op, and who is no administrator', async () => {
    await settled()
    expect(await prepare()).toMatchObject({ status: 409, body: { code: 'NOT_CONFIRMED' } })
    await confirm()
    expect(await prepare({ coopId: 'coop-2' })).toMatchObject({ status: 422, body: { code: 'UNKNOWN_STATEMENT' } })
    for (const as of ['coop-1', 'worker-1']) expect((await prepare({ as })).status).toBe(403)
    expect(await stateNow()).toBe('confirmed')
    const payout = await prepared()
    for (const as of ['coop-1', 'worker-1']) {
      expect((await transferCall(payout, { as })).status).toBe(403)
      expect((await dropCall(payout.payoutId, as)).status).toBe(403)
    }
    expect(await dropCall(randomUUID())).toMatchObject({ status: 404 })
  })

  it('is neither prepared nor transferred by the person who confirmed, whatever roles they hold', async () => {
    await settled()
    expect((await confirm(1, 'both')).status).toBe(200)
    expect(await prepare({ as: 'both' })).toMatchObject({ status: 409, body: { code: 'FOUR_EYES' } })
    const payout = await prepared()
    expect(await transferCall(payout, { as: 'both' })).toMatchObject({ status: 409, body: { code: 'FOUR_EYES' } })
    expect(await transferCall(payout, { as: 'admin-1' })).toMatchObject({ status: 409, body: { code: 'FOUR_EYES' } })
    expect((await transferCall(payout)).status).toBe(200)
  })

  it('takes nothing more in from the person who confirmed what it holds', async () => {
    await settled()
    expect((await confirm(1, 'both')).status).toBe(200)
    const payout = await prepared()
    await anotherConfirmed()
    const more = [{ groupBuyId: gb, part: 1 }]
    expect(await extendCall(payout.payoutId, more, 'both')).toMatchObject({ status: 409, body: { code: 'FOUR_EYES' } })
    expect((await extendCall(payout.payoutId, more, 'admin-2')).status).toBe(200)
  })

  it('and another of the same id at the same time are not both prepared', async () => {
    await settled()
    await confirm()
    const first = await anotherConfirmed()
    const [second, payoutId] = [gb, randomUUID()]
    beforeWriting(
      () => true,
      async () => {
        gb = first
        expect((await prepare({ payoutId })).status).toBe(200)
        gb = second
      },
    )
    expect(await prepare({ payoutId })).toMatchObject({ status: 409, body: { code: 'PAYOUT_ID_REUSED' } })
    expect(await stateNow()).toBe('confirmed')
  })

  it('that reads its statements while it is prepared by itself answers with what stands', async () => {
    await settled()
    await confirm()
    const same = { payoutId: randomUUID() }
    beforeReadingMany(async () => {
      expect((await prepare(same)).status).toBe(200)
    })
    expect((await prepare(same)).status).toBe(200)
  })

  it('is prepared whole or not at all, and paid whole or not at all, wherever the machine dies', async () => {
    await settled()
    await confirm()
    const same = { payoutId: randomUUID() }
    killWritesAfter(0)
    await prepare(same).catch(() => undefined)
    vi.restoreAllMocks()
    expect(await stateNow()).toBe('confirmed')
    const payout = await prepared(same)
    const sameTransfer = { transferId: randomUUID(), reference: bankReference() }
    killWritesAfter(0)
    await transferCall(payout, sameTransfer).catch(() => undefined)
    vi.restoreAllMocks()
    expect(await stateNow()).toBe('paying')
    expect((await transferCall(payout, sameTransfer)).status).toBe(200)
    expect(await stateNow()).toBe('paid')
  })

  it('is given up, and its statements paid by another; who would give it up again changes nothing', async () => {
    await settled()
    await confirm()
    const { payoutId } = await prepared()
    const dropped = await dropCall(payoutId)
    expect(dropped).toMatchObject({ status: 200, body: { state: 'dropped', dropped: { words: '不付了' } } })
    expect(await dropCall(payoutId)).toEqual(dropped)
    expect(await dropCall(payoutId, 'admin-2')).toMatchObject({ status: 409, body: { code: 'WRONG_STATE' } })
    expect(await see()).toMatchObject({ state: 'confirmed' })
    expect((await see()).payout).toBeUndefined()
    const second = await prepared()
    expect(await transferCall(dropped.body as Payout)).toMatchObject({ status: 409, body: { code: 'WRONG_STATE' } })
    expect(await dropCall(payoutId)).toEqual(dropped)
    expect((await transferCall(second)).status).toBe(200)
    expect(await stepsNow()).toEqual(['made', 'confirmed', 'prepared', 'dropped', 'prepared', 'paid'])
  })

  it('given up while its transfer is recorded is one or the other', async () => {
    await settled()
    await confirm()
    const payout = await prepared()
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'payout'),
      async () => {
        expect((await transferCall(payout)).status).toBe(200)
      },
    )
    expect(await dropCall(payout.payoutId)).toMatchObject({ status: 409, body: { code: 'WRONG_STATE' } })
    expect(await stateNow()).toBe('paid')
  })
})

describe('a transfer', () => {
  it('sent again, or twenty times at once, is one transfer', async () => {
    await settled()
    await confirm()
    const payout = await prepared()
    const same = { transferId: randomUUID(), reference: bankReference() }
    const answers = await Promise.all(Array.from({ length: 20 }, () => transferCall(payout, same)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(await transferCall(payout, { ...same, reference: bankReference() })).toMatchObject({
      ...{ status: 409, body: { code: 'TRANSFER_ID_REUSED' } },
    })
    expect((await see()).payout?.transfers).toHaveLength(1)
  })

  it('of a bank number that was used already is refused', async () => {
    await settled()
    await confirm()
    const number = bankReference()
    expect((await transferCall(await prepared(), { reference: number })).status).toBe(200)
    await anotherConfirmed()
    const second = await prepared()
    expect(await transferCall(second, { reference: number })).toMatchObject({
      ...{ status: 409, body: { code: 'BANK_REFERENCE_USED', fields: { bankReference: expect.any(String) } } },
    })
    expect(await transferCall(second, { reference: '12' })).toMatchObject({ status: 400 })
    expect(await stateNow()).toBe('paying')
  })

  it('of another sum is recorded as it was, and the rest stays due', async () => {
    await settled()
    await confirm()
    const payout = await prepared()
    expect(await transferCall(payout, { amountFen: 1_000 })).toMatchObject({
      status: 422,
      body: { code: 'SUM_DIFFERS' },
    })
    expect(await transferCall(payout, { amountFen: 1_000, words: '柜台少转' })).toMatchObject({
      ...{ status: 200, body: { state: 'prepared', transferredFen: 1_000 } },
    })
    expect(await stateNow()).toBe('paying')
    expect(await dropCall(payout.payoutId)).toMatchObject({ status: 409, body: { code: 'MONEY_IS_OUT' } })
    const rest = await transferCall(payout, { amountFen: payout.amountFen - 1_000 })
    expect(rest).toMatchObject({ status: 200, body: { state: 'paid', transferredFen: payout.amountFen } })
    expect(await stateNow()).toBe('paid')
  })

  it('recorded while another one is loses neither', async () => {
    await settled()
    await confirm()
    const payout = await prepared()
    const part = { amountFen: 1_000, words: '分两次转' }
    beforeWriting(
      () => true,
      async () => {
        expect((await transferCall(payout, part)).status).toBe(200)
      },
    )
    expect(await transferCall(payout, part)).toMatchObject({ status: 200, body: { transferredFen: 2_000 } })
    expect((await see()).payout?.transfers).toHaveLength(2)
  })

  it('that came back is recorded by another person; the statements wait to be paid anew, held by the same payout', async () => {
    await settled()
    await confirm()
    const payout = await prepared()
    await transferCall(payout)
    const back = { direction: 'in', words: '账号有误，银行退回' } as const
    expect(await transferCall(payout, back)).toMatchObject({ status: 409, body: { code: 'FOUR_EYES' } })
    expect(await transferCall(payout, { ...back, as: 'admin-1' })).toMatchObject({
      ...{ status: 200, body: { state: 'prepared', transferredFen: 0 } },
    })
    expect(await see()).toMatchObject({ state: 'paying' })
    expect((await see()).steps.at(-1)).toMatchObject({
      step: 'returned',
      words: expect.stringContaining('账号有误，银行退回'),
    })
    expect(await unpaid()).toHaveLength(1)
    expect(await prepare()).toMatchObject({ status: 409, body: { code: 'NOT_CONFIRMED' } })
    expect((await transferCall(payout)).status).toBe(200)
    expect(await stepsNow()).toEqual(['made', 'confirmed', 'prepared', 'paid', 'returned', 'paid'])
    expect(await unpaid()).toEqual([])
  })

  it('that came back leaves the payout to be given up', async () => {
    await settled()
    await confirm()
    const payout = await prepared()
    await transferCall(payout)
    await transferCall(payout, { direction: 'in', words: '销户', as: 'admin-1' })
    expect(await dropCall(payout.payoutId)).toMatchObject({ status: 409, body: { code: 'FOUR_EYES' } })
    expect((await dropCall(payout.payoutId, 'admin-2')).status).toBe(200)
    expect(await stateNow()).toBe('confirmed')
    expect(await unpaid()).toHaveLength(1)
  })

  it('that was typed wrongly is put right by another person, and what stood there stays readable', async () => {
    await settled()
    await confirm()
    const payout = await prepared()
    const [wrong, right, transferId] = [bankReference(), bankReference(), randomUUID()]
    await transferCall(payout, { transferId, reference: wrong })
    const body = { amountFen: payout.amountFen, bankReference: right }
    expect(await correctCall(payout.payoutId, transferId, body, 'admin-2')).toMatchObject({
      ...{ status: 409, body: { code: 'FOUR_EYES' } },
    })
    const done = await correctCall(payout.payoutId, transferId, body)
    expect(done).toMatchObject({
      status: 200,
      body: {
        state: 'paid',
        transfers: [{ bankReference: right, corrected: [{ bankReference: wrong, words: '看错一位' }] }],
      },
    })
    expect(await correctCall(payout.payoutId, transferId, body)).toEqual(done)
    // It is still the transfer that was recorded: the form sent once more records nothing.
    expect(await transferCall(payout, { transferId, reference: wrong })).toMatchObject({
      ...{ status: 200, body: { transfers: [{ bankReference: right }] } },
    })
    // The number that was none is free for the transfer that it belongs to; the right one is taken.
    await anotherConfirmed()
    const second = await prepared()
    expect(await transferCall(second, { reference: right })).toMatchObject({ body: { code: 'BANK_REFERENCE_USED' } })
    expect((await transferCall(second, { reference: wrong })).status).toBe(200)
    const again = { ...body, bankReference: wrong, seenCorrections: 1 }
    expect(await correctCall(payout.payoutId, transferId, again, 'admin-2')).toMatchObject({
      ...{ status: 409, body: { code: 'BANK_REFERENCE_USED' } },
    })
    // Whose form is older than the last correction looks once more.
    expect(await correctCall(payout.payoutId, transferId, { ...again, seenCorrections: 0 }, 'admin-2')).toMatchObject({
      ...{ status: 409, body: { code: 'TRANSFER_MOVED' } },
    })
    expect(await correctCall(payout.payoutId, randomUUID(), body)).toMatchObject({ status: 404 })
  })

  it('of another payout is made void: its number is free for the one it belongs to', async () => {
    await settled()
    await confirm()
    const first = await prepared()
    const [transferId, number] = [randomUUID(), bankReference()]
    await transferCall(first, { transferId, reference: number })
    expect(await voidCall(first.payoutId, transferId, 'admin-2')).toMatchObject({ body: { code: 'FOUR_EYES' } })
    expect((await voidCall(first.payoutId, transferId, 'coop-1')).status).toBe(403)
    const voided = await voidCall(first.payoutId, transferId)
    expect(voided).toMatchObject({
      status: 200,
      body: {
        state: 'prepared',
        transferredFen: 0,
        transfers: [{ bankReference: number, voided: { words: expect.any(String) } }],
      },
    })
    expect(await voidCall(first.payoutId, transferId)).toEqual(voided)
    expect(await stateNow()).toBe('paying')
    await anotherConfirmed()
    expect((await transferCall(await prepared(), { reference: number })).status).toBe(200)
    expect(await stateNow()).toBe('paid')
    // Whom it is due by since then does not send it.
    expect(await transferCall(first, { as: 'admin-1' })).toMatchObject({ body: { code: 'FOUR_EYES' } })
    expect((await transferCall(first)).status).toBe(200)
  })

  it('put right by two at once is put right by one', async () => {
    await settled()
    await confirm()
    const payout = await prepared()
    const transferId = randomUUID()
    await transferCall(payout, { transferId })
    const body = { amountFen: payout.amountFen, bankReference: bankReference() }
    beforeWriting(
      () => true,
      async () => {
        const other = { ...body, bankReference: bankReference() }
        expect((await correctCall(payout.payoutId, transferId, other, 'admin-3')).status).toBe(200)
      },
    )
    expect(await correctCall(payout.payoutId, transferId, body)).toMatchObject({ body: { code: 'TRANSFER_MOVED' } })
  })

  it('is answered in words when somebody typed nothing, or nonsense', async () => {
    await settled()
    await confirm()
    const payout = await prepared()
    expect(await transferCall(payout, { amountFen: 0 })).toMatchObject({
      ...{ status: 400, body: { fields: { amountFen: '金额要大于 0' } } },
    })
    expect(await transferCall(payout, { amountFen: 1e12 })).toMatchObject({
      body: { fields: { amountFen: '金额太大' } },
    })
  })

  it('whose sum was typed wrongly is unpaid again when it is put right, to the fen', async () => {
    await settled()
    await confirm()
    const payout = await prepared()
    const [transferId, number] = [randomUUID(), bankReference()]
    await transferCall(payout, { transferId, reference: number })
    const less = { amountFen: payout.amountFen - 1, bankReference: number }
    expect(await correctCall(payout.payoutId, transferId, less)).toMatchObject({
      ...{ status: 200, body: { state: 'prepared', transferredFen: payout.amountFen - 1 } },
    })
    expect(await stateNow()).toBe('paying')
    expect((await transferCall(payout, { amountFen: 1 })).status).toBe(200)
    expect(await stateNow()).toBe('paid')
  })
})

describe('what a co-op owes back', () => {
  it('is taken off the next payout: nobody is paid while they owe', async () => {
    await owing()
    const due = (await see()).dueFen
    // Not confirmed yet: the co-op may still say that it is wrong.
    const early = await prepared()
    await dropCall(early.payoutId)
    expect((await confirm(1, 'coop-1', 2)).status).toBe(200)
    expect(await prepare()).toMatchObject({ status: 409, body: { code: 'OWES_BACK' } })
    const payout = await prepared({ parts: [1, 2] })
    expect(payout.amountFen).toBe(due - 980)
    expect((await transferCall(payout)).status).toBe(200)
    expect([await stateNow(1), await stateNow(2)]).toEqual(['paid', 'paid'])
  })

  it('is confirmed by the clock when the co-op says nothing for seven days', async () => {
    await owing()
    const day = 24 * HOUR
    const made = Date.parse((await see(2)).versionAt)
    vi.setSystemTime(made + 7 * day - 60_000)
    await tick(settlementTick)
    expect(await stateNow(2)).toBe('open')
    vi.setSystemTime(made + 7 * day)
    expect(await tick(settlementTick)).toMatchObject({ confirmed: 1 })
    expect(await see(2)).toMatchObject({ state: 'confirmed', steps: [{}, { step: 'confirmed', by: 'clock' }] })
    expect((await prepared({ parts: [1, 2] })).amountFen).toBeGreaterThan(0)
    await tick(settlementTick)
    expect((await see(2)).steps).toHaveLength(3)
  })

  it('is not confirmed by the clock when it is disputed, and from the answer on only after another seven days', async () => {
    await owing()
    const made = Date.parse((await see(2)).versionAt)
    const part = { part: '2' }
    vi.setSystemTime(made + 6 * 24 * HOUR)
    expect(await ask(disputeStatement, 'coop-1', { version: 1, words: '没有退过' }, part)).toMatchObject({
      status: 200,
    })
    vi.setSystemTime(made + 8 * 24 * HOUR)
    await tick(settlementTick)
    expect(await stateNow(2)).toBe('disputed')
    expect(await ask(answerDispute, 'admin-1', { version: 1, words: '退了，见附图' }, part)).toMatchObject({
      status: 200,
    })
    await tick(settlementTick)
    vi.setSystemTime(made + 14 * 24 * HOUR)
    await tick(settlementTick)
    expect(await stateNow(2)).toBe('open')
    vi.setSystemTime(made + 15 * 24 * HOUR)
    expect(await tick(settlementTick)).toMatchObject({ confirmed: 1 })
    expect(await stateNow(2)).toBe('confirmed')
  })

  it('that is revised starts the seven days anew', async () => {
    const [first] = await settled()
    await confirm()
    await refund(String(first), 1_000)
    await lookAgain()
    vi.setSystemTime(Date.parse((await see(2)).versionAt) + 6 * 24 * HOUR)
    await refund(String(first), 100)
    await postEverything(backend)
    await tick(settlementTick)
    const revised = await see(2)
    expect(revised).toMatchObject({ version: 2, state: 'open' })
    vi.setSystemTime(Date.parse(revised.versionAt) + 6 * 24 * HOUR)
    await tick(settlementTick)
    expect(await stateNow(2)).toBe('open')
    vi.setSystemTime(Date.parse(revised.versionAt) + 7 * 24 * HOUR)
    expect(await tick(settlementTick)).toMatchObject({ confirmed: 1 })
  })

  it('and nothing else is confirmed by silence', async () => {
    await settled()
    vi.setSystemTime(Date.now() + 60 * 24 * HOUR)
    await tick(settlementTick)
    expect(await stateNow()).toBe('open')
  })

  it('confirmed by the co-op while the clock does is confirmed once', async () => {
    await owing()
    vi.setSystemTime(Date.parse((await see(2)).versionAt) + 7 * 24 * HOUR)
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'statement'),
      async () => {
        expect((await confirm(1, 'coop-1', 2)).status).toBe(200)
      },
    )
    await tick(settlementTick)
    expect((await see(2)).steps.map(({ by }) => by)).toEqual(['clock', 'coop'])
  })

  it('is paid to the district when it is not owed anything: received by another person, with the bank’s number', async () => {
    await owing()
    await confirm(1, 'coop-1', 2)
    const payout = await prepared({ parts: [2] })
    expect(payout.amountFen).toBe(-980)
    expect(await transferCall(payout, { as: 'admin-1' })).toMatchObject({ body: { code: 'FOUR_EYES' } })
    expect(await transferCall(payout)).toMatchObject({ status: 200, body: { state: 'paid', transferredFen: -980 } })
    expect([await stateNow(1), await stateNow(2)]).toEqual(['confirmed', 'paid'])
  })

  it('is not forgotten while the district waits for it: nothing is paid, until it is taken off or received', async () => {
    await owing()
    await confirm(1, 'coop-1', 2)
    const due = (await see()).dueFen
    const collecting = await prepared({ parts: [2] })
    expect(await prepare()).toMatchObject({ status: 409, body: { code: 'OWES_BACK' } })
    expect(await transferCall(collecting, { amountFen: 100, words: '先收一部分' })).toMatchObject({
      ...{ status: 200, body: { state: 'prepared', transferredFen: -100 } },
    })
    expect(await prepare()).toMatchObject({ status: 409, body: { code: 'OWES_BACK' } })
    // What it gets is taken into the same payout, by another person than the one who recorded the money.
    const key = [{ groupBuyId: gb, part: 1 }]
    expect((await extendCall(collecting.payoutId, key, 'coop-1')).status).toBe(403)
    expect(await extendCall(collecting.payoutId, key, 'admin-2')).toMatchObject({ body: { code: 'FOUR_EYES' } })
    const extended = await extendCall(collecting.payoutId, key)
    expect(extended).toMatchObject({
      status: 200,
      body: { state: 'prepared', amountFen: due - 980, transferredFen: -100, statements: [{ part: 2 }, { part: 1 }] },
    })
    expect(await extendCall(collecting.payoutId, key)).toEqual(extended)
    expect([await stateNow(1), await stateNow(2)]).toEqual(['paying', 'paying'])
    const rest = { amountFen: due - 880, direction: 'out' } as const
    expect(await transferCall(extended.body as Payout, rest)).toMatchObject({ body: { state: 'paid' } })
    expect([await stateNow(1), await stateNow(2)]).toEqual(['paid', 'paid'])
    expect(await unpaid()).toEqual([])
  })

  it('and what was paid too much evens out with the next statement, without a transfer', async () => {
    await settled()
    await confirm()
    const payout = await prepared()
    const first = await anotherConfirmed()
    const more = (await see()).dueFen
    const paid = await transferCall(payout, { amountFen: payout.amountFen + more, words: '柜台多转' })
    expect(paid).toMatchObject({ body: { state: 'prepared' } })
    const extended = await extendCall(payout.payoutId, [{ groupBuyId: gb, part: 1 }])
    expect(extended).toMatchObject({ status: 200, body: { state: 'paid', amountFen: payout.amountFen + more } })
    expect(await stateNow()).toBe('paid')
    gb = first
    expect(await stateNow()).toBe('paid')
    expect(await unpaid()).toEqual([])
    expect(await extendCall(payout.payoutId, [{ groupBuyId: gb, part: 1 }], 'admin-3')).toMatchObject({
      ...{ status: 409, body: { code: 'WRONG_STATE' } },
    })
  })

  it('taken in by the same request twice at once is taken in once', async () => {
    await settled()
    await confirm()
    const { payoutId } = await prepared()
    await anotherConfirmed()
    const key = [{ groupBuyId: gb, part: 1 }]
    beforeReadingMany(async () => {
      expect((await extendCall(payoutId, key)).status).toBe(200)
    })
    expect(await extendCall(payoutId, key)).toMatchObject({
      status: 200,
      body: { statements: [{}, { groupBuyId: gb }] },
    })
  })

  it('says to the co-op until when it may say that it is wrong', async () => {
    await owing()
    const { versionAt, silentUntilAt } = await see(2)
    expect(Date.parse(String(silentUntilAt))).toBe(Date.parse(versionAt) + 7 * 24 * HOUR)
    expect((await see()).silentUntilAt).toBeUndefined()
  })

  it('that evens out what it is owed is paid without a transfer', async () => {
    const orders = await settled()
    await confirm()
    // Everything goes back but what was given back before.
    for (const orderId of orders) await refund(orderId)
    await lookAgain()
    const [one, two] = [await see(1), await see(2)]
    expect(one.dueFen + two.dueFen).toBe(two.sums.payableFen)
    await confirm(1, 'coop-1', 2)
    const answer = await prepare({ parts: [1, 2] })
    expect(two.sums.payableFen).toBe(0)
    expect(answer).toMatchObject({ status: 200, body: { state: 'paid', amountFen: 0, transfers: [] } })
    expect([await stateNow(1), await stateNow(2)]).toEqual(['paid', 'paid'])
    expect(await unpaid()).toEqual([])
  })
})
