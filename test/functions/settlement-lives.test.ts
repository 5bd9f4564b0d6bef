import fc from 'fast-check'
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { refundOrder } from '#shared/contracts/orders.ts'
import {
  answerDispute,
  answerMissing,
  confirmStatement,
  disputeStatement,
  type Payout,
  reportMissing,
} from '#shared/contracts/settlement.ts'
import { transferredFen } from '#shared/domain/settlement/decide-transfer.ts'
import { handler as payments } from '#functions/payments/index.ts'
import { bankReferenceItem, payoutItem, statementItem, unpaidItem } from '#functions/platform/table/items/settlement.ts'
import { handler as settlement } from '#functions/settlement/index.ts'
import { handler as settlementTick } from '#functions/settlement/on-tick.ts'
import { type Backend, startBackend, lives } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { killWrites } from '../fixtures/interleave.ts'
import { aCoopMember, aMarket, aResident, aWorker, anAdmin } from '../fixtures/market.ts'
import { lookAt, ordering, tick } from '../fixtures/ordering.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'
import {
  bankReference,
  correctCall,
  dropCall,
  extendCall,
  prepareCall,
  transferCall,
  voidCall,
} from '../fixtures/payout-calls.ts'
import { postEverything } from '../fixtures/posting.ts'

/**
 * Goal: whatever is refunded, disputed, prepared, transferred, sent back, mistyped and given up, in whatever order, by
 * whomever, and wherever the machine dies: no statement is paid twice, and in the end the co-op has got what it is due, to
 * the fen. Method: random histories on two group buys by the real handlers, the books compared after every step; then
 * everything that waits is brought to its end, and what moved at the bank is compared with what was sold.
 */
const HOUR = 3_600_000
const DAY = 24 * HOUR
let backend: Backend
let provider: Provider
let buyers: ReturnType<typeof ordering>

beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  buyers = ordering(backend, provider)
  for (const person of ['resident-1', 'resident-2']) await aResident(backend, person)
  await aWorker(backend, 'worker-1')
  await aCoopMember(backend, 'coop-1')
  await aCoopMember(backend, 'both')
  for (const person of ['admin-1', 'admin-2', 'admin-3', 'both']) await anAdmin(backend, person)
})
afterAll(async () => {
  await provider.stop()
  await backend.stop()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const who = fc.constantFrom('admin-1', 'admin-2', 'admin-3', 'both')
const step = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('refund'), which: fc.nat(3), fen: fc.integer({ min: 1, max: 900 }) }),
  },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('confirm'), by: fc.constantFrom('coop-1', 'both') }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('dispute') }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('report'), which: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('trace'), by: who, which: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('wait'), days: fc.integer({ min: 1, max: 8 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({ does: fc.constant('prepare'), by: who, mask: fc.integer({ min: 1, max: 255 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('transfer'),
      by: who,
      which: fc.nat(3),
      /** Nothing: just what is left. */
      fen: fc.option(fc.integer({ min: 1, max: 20_000 }), { nil: undefined }),
      back: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('correct'),
      by: who,
      which: fc.nat(3),
      fen: fc.integer({ min: 1, max: 20_000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('void'), by: who, which: fc.nat(3) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('extend'),
      by: who,
      which: fc.nat(3),
      mask: fc.integer({ min: 1, max: 7 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('drop'), by: who, which: fc.nat(3) }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never
const history = fc.record({
  portions: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 4, maxLength: 4 }),
  steps: fc.array(step, { minLength: 8, maxLength: 22 }),
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  dies: fc.constantFrom(0, 0.2, 0.5),
})

type Life = {
  readonly random: () => number
  readonly dies: number
  readonly gbs: readonly string[]
  readonly orders: readonly string[]
}

function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/** First under fire, then once more as the person or the clock would: the same answer as if nothing had died. */
async function surely<T>({ random, dies }: Life, work: () => Promise<T>): Promise<T> {
  if (dies > 0) killWrites(() => random() < dies)
  await work().catch((error: unknown) => expect(String(error)).toContain('killed'))
  vi.restoreAllMocks()
  return work()
}

/** Payouts that more was taken into: what moved before may go the other way. */
const extended = new Set<string>()

async function booksOf(gbs: readonly string[]) {
  const items = await backend.scan('market')
  const statements = items
    .filter((item) => item.entity === 'statement' && gbs.includes(String(item.groupBuyId)))
    .map((item) => statementItem.parse(item))
    .sort((left, right) => left.groupBuyId.localeCompare(right.groupBuyId) || left.part - right.part)
  const payouts = items
    .filter((item) => item.entity === 'payout')
    .map((item) => payoutItem.parse(item))
    .filter((payout) => payout.statements.some(({ groupBuyId }) => gbs.includes(groupBuyId)))
    .sort((left, right) => left.payoutId.localeCompare(right.payoutId))
  return { items, statements, payouts }
}
type Books = Awaited<ReturnType<typeof booksOf>>
const due = ({ sums, statedFen }: Books['statements'][number]) => sums.payableFen - statedFen

/** What holds at every moment. */
async function check({ gbs }: Life): Promise<void> {
  const { items, statements, payouts } = await booksOf(gbs)
  const keyOf = ({ groupBuyId, part }: { groupBuyId: string; part: number }) => `${groupBuyId} ${part}`
  for (const statement of statements) {
    const holding = payouts.filter(
      (payout) => payout.state !== 'dropped' && payout.statements.some((each) => keyOf(each) === keyOf(statement)),
    )
    // No statement is in two payouts.
    expect(holding.map(({ payoutId }) => payoutId)).toEqual(
      statement.payoutId === undefined ? [] : [statement.payoutId],
    )
    const [payout] = holding
    const held = payout?.state === 'paid' ? ['paid', 'missing'] : ['paying']
    const led = payout === undefined ? ['open', 'disputed', 'confirmed'] : held
    expect(led).toContain(statement.state)
  }
  for (const payout of payouts) {
    const moved = transferredFen(payout.transfers)
    expect(payout.amountFen).toBe(payout.statements.reduce((sum, { dueFen }) => sum + dueFen, 0))
    if (payout.state === 'dropped') expect(moved).toBe(0)
    else expect(payout.state === 'paid').toBe(moved === payout.amountFen)
    // Nobody who confirmed has moved its money, or says what moved; and nobody alone has paid.
    const persons = payout.transfers.flatMap(({ recordedBy, typedBy }) => [recordedBy, typedBy])
    for (const person of [payout.preparedBy, ...persons]) expect(payout.confirmedBy).not.toContain(person)
    if (payout.state === 'paid' && payout.amountFen !== 0) {
      expect(new Set([payout.preparedBy, ...persons]).size).toBeGreaterThan(1)
    }
    // What is left to move is never more than all of it.
    const way = Math.sign(payout.amountFen)
    if (payout.statements.length > 0 && !extended.has(payout.payoutId)) {
      expect((payout.amountFen - moved) * way).toBeLessThanOrEqual(Math.abs(payout.amountFen))
    }
  }
  const unpaid = items.filter((item) => item.entity === 'unpaid').map((item) => unpaidItem.parse(item))
  expect(
    unpaid
      .filter(({ groupBuyId }) => gbs.includes(groupBuyId))
      .map(keyOf)
      .sort(),
  ).toEqual(
    statements
      .filter(({ state }) => state !== 'paid')
      .map(keyOf)
      .sort(),
  )
  // What is reported of a payout is what its statements say.
  for (const { payoutId, reported } of payouts) {
    const missing = statements.filter((each) => each.state === 'missing' && each.payoutId === payoutId)
    expect(reported ?? 0).toBe(missing.length)
  }
  for (const each of statements) expect(each.missing !== undefined).toBe(each.state === 'missing')
  // Each slip's number stands for one transfer.
  const numbers = items
    .filter((item) => item.entity === 'bankReference')
    .map((item) => bankReferenceItem.parse(item))
    .filter(({ usedBy }) => payouts.some(({ payoutId }) => payoutId === usedBy))
  expect(numbers).toHaveLength(
    payouts.reduce((sum, { transfers }) => sum + transfers.filter(({ voided }) => voided === undefined).length, 0),
  )
}

const viewOf = (payout: Books['payouts'][number]) => payout as unknown as Payout
const accountOf = (personId: string) => personId.split('|')[1]

const pick = <Each>(from: readonly Each[], which = 0): Each | undefined => from[which % Math.max(1, from.length)]

async function act(life: Life, wish: Step): Promise<void> {
  const { statements, payouts } = await booksOf(life.gbs)
  const of = (state: string) => statements.filter((each) => each.state === state)
  switch (wish.does) {
    case 'refund':
      return refund(life, wish.which ?? 0, wish.fen ?? 1)
    case 'confirm': {
      const [open] = of('open')
      if (open === undefined) return
      const params = { groupBuyId: open.groupBuyId, part: String(open.part) }
      await surely(life, () =>
        call(settlement, confirmStatement, { params, body: { version: open.version }, as: wish.by ?? '' }),
      )
      return
    }
    case 'dispute': {
      const [open] = of('open')
      if (open === undefined) return
      const params = { groupBuyId: open.groupBuyId, part: String(open.part) }
      const body = { version: open.version, words: '请再看' }
      await surely(life, () => call(settlement, disputeStatement, { params, body, as: 'coop-1' }))
      await surely(life, () => call(settlement, answerDispute, { params, body, as: 'admin-1' }))
      return
    }
    case 'report': {
      const paid = pick(of('paid'), wish.which)
      if (paid === undefined) return
      const params = { groupBuyId: paid.groupBuyId, part: String(paid.part) }
      const body = { seenReports: paid.reports ?? 0, words: '没有到账' }
      const answer = await surely(life, () => call(settlement, reportMissing, { params, body, as: 'coop-1' }))
      const payout = payouts.find(({ payoutId }) => payoutId === paid.payoutId)
      expect(answer.status).toBe((payout?.amountFen ?? 0) > 0 ? 200 : 409)
      return
    }
    case 'trace': {
      const missing = pick(of('missing'), wish.which)
      if (missing === undefined) return
      const params = { groupBuyId: missing.groupBuyId, part: String(missing.part) }
      const body = { seenReports: missing.reports ?? 0, words: '已入账' }
      const answer = await surely(life, () => call(settlement, answerMissing, { params, body, as: wish.by ?? '' }))
      expect([200, 409]).toContain(answer.status)
      return
    }
    case 'wait':
      return pass(life, wish.days ?? 1)
    case 'prepare': {
      const chosen = of('confirmed').filter((_each, at) => ((wish.mask ?? 1) >> at) % 2 === 1)
      if (chosen.length === 0) return
      const keys = chosen.map(({ groupBuyId, part }) => ({ groupBuyId, part }))
      const same = { payoutId: randomUUID(), as: wish.by ?? '' }
      const answer = await surely(life, () => prepareCall(keys, same))
      const collecting = payouts.filter(({ state, amountFen }) => state === 'prepared' && amountFen < 0)
      const isCollected = ({ payoutId }: Books['statements'][number]) =>
        collecting.some((each) => each.payoutId === payoutId)
      const left = statements.filter(
        (each) => !chosen.includes(each) && due(each) < 0 && (each.state === 'confirmed' || isCollected(each)),
      )
      const isOwing = chosen.reduce((sum, each) => sum + due(each), 0) > 0 && left.length > 0
      const isOwn = chosen.some(({ confirmedBy }) => confirmedBy !== undefined && accountOf(confirmedBy) === wish.by)
      expect(answer.status).toBe(isOwing || isOwn ? 409 : 200)
      return
    }
    case 'transfer': {
      const payout = pick(
        payouts.filter(({ state }) => state !== 'dropped'),
        wish.which,
      )
      if (payout === undefined) return
      const left = payout.amountFen - transferredFen(payout.transfers)
      const isOut = left > 0 !== wish.back
      const amountFen = wish.fen ?? Math.abs(left)
      if (amountFen === 0) return
      const more = { transferId: randomUUID(), reference: bankReference(), as: wish.by ?? '', words: '照回单' }
      const body = { ...more, amountFen, direction: isOut ? 'out' : 'in' } as const
      const answer = await surely(life, () => transferCall(viewOf(payout), body))
      expect([200, 409, 422]).toContain(answer.status)
      return
    }
    case 'correct': {
      const payout = pick(
        payouts.filter(({ transfers }) => transfers.length > 0),
        wish.which,
      )
      const transfer = payout?.transfers.at(-1)
      if (payout === undefined || transfer === undefined) return
      const seenCorrections = transfer.corrected.length
      const body = {
        direction: transfer.direction,
        amountFen: wish.fen ?? 1,
        bankReference: bankReference(),
        seenCorrections,
      }
      const answer = await surely(life, () => correctCall(payout.payoutId, transfer.transferId, body, wish.by))
      expect([200, 409, 422]).toContain(answer.status)
      return
    }
    case 'void': {
      const payout = pick(
        payouts.filter(({ transfers }) => transfers.length > 0),
        wish.which,
      )
      const transfer = payout?.transfers.at(-1)
      if (payout === undefined || transfer === undefined) return
      const answer = await surely(life, () => voidCall(payout.payoutId, transfer.transferId, wish.by))
      expect([200, 409, 422]).toContain(answer.status)
      return
    }
    case 'extend': {
      const payout = pick(
        payouts.filter(({ state }) => state === 'prepared'),
        wish.which,
      )
      const chosen = of('confirmed').filter((_each, at) => ((wish.mask ?? 1) >> at) % 2 === 1)
      if (payout === undefined || chosen.length === 0) return
      const keys = chosen.map(({ groupBuyId, part }) => ({ groupBuyId, part }))
      const answer = await surely(life, () => extendCall(payout.payoutId, keys, wish.by))
      extended.add(payout.payoutId)
      expect([200, 409]).toContain(answer.status)
      return
    }
    case 'drop': {
      const payout = pick(payouts, wish.which)
      if (payout === undefined) return
      const answer = await surely(life, () => dropCall(payout.payoutId, wish.by))
      expect([200, 409]).toContain(answer.status)
    }
  }
}

async function refund({ gbs, orders }: Life, which: number, amountFen: number): Promise<void> {
  const orderId = orders[which] ?? ''
  for (const gb of gbs) {
    const share = (await lookAt(backend, gb)).shares.get(orderId)
    if (share === undefined) continue
    const lines = [{ saleId: share.saleId, lineId: '1-1', amountFen }]
    const body = { refundId: randomUUID(), reason: 'refund', lines }
    const answer = await call(payments, refundOrder, { params: { orderId }, body, as: 'worker-1' })
    // More than is left of the line is refused.
    expect([200, 409, 422]).toContain(answer.status)
  }
}

async function pass(life: Life, days: number): Promise<void> {
  await postEverything(backend)
  vi.setSystemTime(Date.now() + days * DAY)
  await surely(life, () => tick(settlementTick))
}

/** Everything that waits is brought to its end by people who do as they should. */
async function finish(life: Life): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await pass(life, 8)
    for (const { state, groupBuyId, part, version } of (await booksOf(life.gbs)).statements) {
      if (state !== 'open') continue
      const params = { groupBuyId, part: String(part) }
      const answer = await call(settlement, confirmStatement, { params, body: { version }, as: 'coop-1' })
      expect(answer.status).toBe(200)
    }
    for (const payout of (await booksOf(life.gbs)).payouts) if (payout.state === 'prepared') await payUp(payout)
    const confirmed = (await booksOf(life.gbs)).statements.filter(({ state }) => state === 'confirmed')
    if (confirmed.length === 0) continue
    const keys = confirmed.map(({ groupBuyId, part }) => ({ groupBuyId, part }))
    const same = { payoutId: randomUUID() }
    const answer = await surely(life, () => prepareCall(keys, same))
    expect(answer).toMatchObject({ status: 200 })
    for (const payout of (await booksOf(life.gbs)).payouts) if (payout.state === 'prepared') await payUp(payout)
  }
}

async function payUp(payout: Books['payouts'][number]): Promise<void> {
  const left = payout.amountFen - transferredFen(payout.transfers)
  const busy = [payout.preparedBy, payout.dueBy, ...payout.confirmedBy].map(accountOf)
  const as = ['admin-1', 'admin-2', 'admin-3'].find((account) => !busy.includes(account)) ?? ''
  const body = { amountFen: Math.abs(left), direction: left > 0 ? 'out' : 'in', words: '补齐', as } as const
  expect(await transferCall(viewOf(payout), body)).toMatchObject({ status: 200, body: { state: 'paid' } })
}

async function liveThrough(given: { portions: number[]; steps: Step[]; seed: number; dies: number }): Promise<void> {
  vi.useRealTimers()
  const gbs = [0, 1].map(() => `gb-${randomUUID().slice(0, 8)}`)
  const orders: string[] = []
  for (const [at, gb] of gbs.entries()) {
    const offers = [{ offerId: 'apple', priceFen: 1_050, stock: 40, limit: 20 }]
    await aMarket(backend, { groupBuyId: gb, pickUpEndsAt: new Date(Date.now() + 1_800_000).toISOString(), offers })
    for (const resident of [0, 1]) {
      orders.push(await buyers.buy(gb, `resident-${resident + 1}`, { apple: given.portions[2 * at + resident] ?? 1 }))
    }
    await buyers.close(gb)
  }
  const life = { random: randomOf(given.seed), dies: given.dies, gbs, orders }
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 49 * HOUR })
  await pass(life, 0)
  for (const each of given.steps) {
    await act(life, each)
    await check(life)
  }
  await finish(life)
  await check(life)
  const { statements, payouts } = await booksOf(gbs)
  expect(statements.map(({ state }) => state)).toEqual(
    statements.map(({ missing }) => (missing === undefined ? 'paid' : 'missing')),
  )
  const moved = payouts.reduce((sum, { transfers }) => sum + transferredFen(transfers), 0)
  expect(moved).toBe(statements.reduce((sum, each) => sum + due(each), 0))
  for (const gb of gbs) {
    const last = statements.filter(({ groupBuyId }) => groupBuyId === gb).at(-1)
    const shares = [...(await lookAt(backend, gb)).shares.values()]
    const kept = shares.reduce((sum, share) => sum + Number(share.amountFen) - Number(share.refundedFen), 0)
    expect((last?.sums.payableFen ?? 0) + (last?.sums.postedFen ?? 0)).toBe(kept)
  }
}

it(
  'any settlement ends with the co-op paid what it is due, once, wherever the machine dies',
  { timeout: 240_000 },
  async () => {
    await fc.assert(fc.asyncProperty(history, liveThrough), { numRuns: lives(5), endOnFailure: true })
  },
)
