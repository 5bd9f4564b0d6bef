import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { refundOrder } from '#shared/contracts/orders.ts'
import type { Route } from '#shared/contracts/route.ts'
import {
  answerDispute,
  confirmStatement,
  disputeStatement,
  getStatement,
  listPayouts,
  listStatements,
  listUnpaid,
  type Payout,
  recordPayout,
  returnPayout,
  type Statement,
  type StatementSummary,
} from '#shared/contracts/settlement.ts'
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
  for (const person of ['resident-1', 'resident-2']) await aResident(backend, person)
  await aWorker(backend, 'worker-1')
  for (const person of ['coop-1', 'coop-b', 'both']) await aCoopMember(backend, person)
  await aCoopMember(backend, 'coop-2', 'coop-2')
  for (const person of ['admin-1', 'admin-2', 'both']) await anAdmin(backend, person)
})
afterAll(async () => {
  await provider.stop()
  await backend.stop()
})
beforeEach(async () => {
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

type Paying = {
  payoutId?: string
  as?: string
  amountFen?: number
  parts?: number[]
  reference?: string
  coopId?: string
}
const reference = () => `CCB-${randomUUID().slice(0, 13)}`
async function pay(more: Paying = {}) {
  const parts = more.parts ?? [1]
  const body = {
    coopId: more.coopId ?? COOP,
    statements: parts.map((part) => ({ groupBuyId: gb, part })),
    amountFen: more.amountFen ?? (await see()).dueFen,
    bankReference: more.reference ?? reference(),
    paidOn: new Date(Date.now() + 8 * HOUR).toISOString().slice(0, 10),
  }
  const params = { payoutId: more.payoutId ?? randomUUID() }
  return call(settlement, recordPayout, { params, body, as: more.as ?? 'admin-1' })
}
const stateNow = async (part = 1) => (await see(part)).state

describe('a payout', () => {
  it('pays what was confirmed, and is seen by the co-op with the bank’s number', async () => {
    await settled()
    await confirm()
    const number = reference()
    const answer = await pay({ reference: number })
    expect(answer).toMatchObject({ status: 200, body: { state: 'paid', amountFen: (await see()).dueFen } })
    expect(await see()).toMatchObject({ state: 'paid', payout: { bankReference: number } })
    expect(await unpaid()).toEqual([])
    const list = await call(settlement, listPayouts, { params: { coopId: COOP }, as: 'coop-1' })
    expect((list.body as { items: Payout[] }).items[0]).toEqual(answer.body)
    expect(JSON.stringify(list.body)).not.toMatch(/issuer/)
  })

  it('sent again, or twenty times at once, is one payout', async () => {
    await settled()
    await confirm()
    const same = { payoutId: randomUUID(), reference: reference(), amountFen: (await see()).dueFen }
    const answers = await Promise.all(Array.from({ length: 20 }, () => pay(same)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(await pay({ ...same, reference: reference() })).toMatchObject({ body: { code: 'PAYOUT_ID_REUSED' } })
    expect((await see()).steps.map(({ step }) => step)).toEqual(['made', 'confirmed', 'paid'])
  })

  it('of two persons at once pays once', async () => {
    await settled()
    await confirm()
    const answers = await Promise.all([pay(), pay({ as: 'admin-2' })])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect((await see()).steps.filter(({ step }) => step === 'paid')).toHaveLength(1)
  })

  it('is refused for another sum, an unconfirmed statement, another co-op, and by who is no administrator', async () => {
    await settled()
    expect(await pay()).toMatchObject({ status: 409, body: { code: 'NOT_CONFIRMED' } })
    await confirm()
    const { dueFen } = await see()
    expect(await pay({ amountFen: dueFen + 1 })).toMatchObject({ status: 422, body: { code: 'SUM_DIFFERS' } })
    expect(await pay({ coopId: 'coop-2' })).toMatchObject({ status: 422, body: { code: 'UNKNOWN_STATEMENT' } })
    for (const as of ['coop-1', 'worker-1']) expect((await pay({ as })).status).toBe(403)
    expect(await pay({ reference: '12' })).toMatchObject({ status: 400 })
    expect(await stateNow()).toBe('confirmed')
  })

  it('is not recorded by the person who confirmed, whatever roles they hold', async () => {
    await settled()
    expect((await confirm(1, 'both')).status).toBe(200)
    expect(await pay({ as: 'both' })).toMatchObject({ status: 409, body: { code: 'FOUR_EYES' } })
    expect((await pay()).status).toBe(200)
  })

  it('of a bank number that has paid already is refused', async () => {
    await settled()
    await confirm()
    const number = reference()
    expect((await pay({ reference: number })).status).toBe(200)
    const before = gb
    gb = `gb-${randomUUID().slice(0, 8)}`
    vi.useRealTimers()
    await aMarket(backend, { groupBuyId: gb, pickUpEndsAt: new Date(Date.now() + 1_800_000).toISOString() })
    await buyers.buy(gb, 'resident-1', { tomato: 1 })
    await buyers.close(gb)
    await postEverything(backend)
    later(49)
    await tick(settlementTick)
    expect(gb).not.toBe(before)
    await confirm()
    expect(await pay({ reference: number })).toMatchObject({
      ...{ status: 409, body: { code: 'BANK_REFERENCE_USED', fields: { bankReference: expect.any(String) } } },
    })
    expect(await stateNow()).toBe('confirmed')
  })

  it('and another of the same id at the same time are not both recorded', async () => {
    await settled()
    await confirm()
    const first = gb
    gb = `gb-${randomUUID().slice(0, 8)}`
    vi.useRealTimers()
    await aMarket(backend, { groupBuyId: gb, pickUpEndsAt: new Date(Date.now() + 1_800_000).toISOString() })
    await buyers.buy(gb, 'resident-1', { tomato: 1 })
    await buyers.close(gb)
    await postEverything(backend)
    later(49)
    await tick(settlementTick)
    await confirm()
    const [second, payoutId] = [gb, randomUUID()]
    beforeWriting(
      () => true,
      async () => {
        gb = first
        expect((await pay({ payoutId })).status).toBe(200)
        gb = second
      },
    )
    expect(await pay({ payoutId })).toMatchObject({ status: 409, body: { code: 'PAYOUT_ID_REUSED' } })
    expect(await stateNow()).toBe('confirmed')
  })

  it('that the bank sent back leaves its statements confirmed and unpaid, and they are paid anew', async () => {
    await settled()
    await confirm()
    const paid = await pay()
    const { payoutId } = paid.body as Payout
    const back = (as = 'admin-2') =>
      call(settlement, returnPayout, { params: { payoutId }, body: { words: '账号有误，银行退回' }, as })
    expect((await back('coop-1')).status).toBe(403)
    const returned = await back()
    expect(returned).toMatchObject({
      status: 200,
      body: { state: 'returned', returned: { words: '账号有误，银行退回' } },
    })
    expect(await back()).toEqual(returned)
    expect(await see()).toMatchObject({ state: 'confirmed' })
    expect((await see()).payout).toBeUndefined()
    expect(await unpaid()).toHaveLength(1)
    expect((await pay()).status).toBe(200)
    expect((await see()).steps.map(({ step }) => step)).toEqual(['made', 'confirmed', 'paid', 'returned', 'paid'])
    // The first one stays what it is: returning it again takes nothing from the second.
    expect(await back()).toEqual(returned)
    expect(await stateNow()).toBe('paid')
  })

  it('nets what the co-op owes back with what it is owed', async () => {
    const [first] = await settled()
    await confirm()
    const due = (await see()).dueFen
    await refund(String(first), 1_000)
    await lookAgain()
    expect((await confirm(1, 'coop-1', 2)).status).toBe(200)
    expect(await pay({ parts: [2], amountFen: 0 })).toMatchObject({ status: 422, body: { code: 'NOTHING_TO_PAY' } })
    expect(await pay({ parts: [1, 2], amountFen: due - 980 })).toMatchObject({ status: 200 })
    expect([await stateNow(1), await stateNow(2)]).toEqual(['paid', 'paid'])
  })

  it('that reads its statements while they are paid by itself answers with what stands', async () => {
    await settled()
    await confirm()
    const same = { payoutId: randomUUID(), reference: reference(), amountFen: (await see()).dueFen }
    beforeReadingMany(async () => {
      expect((await pay(same)).status).toBe(200)
    })
    expect((await pay(same)).status).toBe(200)
  })
})
