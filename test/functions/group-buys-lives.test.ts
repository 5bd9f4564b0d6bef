import fc from 'fast-check'
import { randomUUID } from 'node:crypto'
import Stripe from 'stripe'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { handBackCash, takeCash } from '#shared/contracts/cash.ts'
import { decideClaim, fileClaim } from '#shared/contracts/claims.ts'
import { checkDelivery, finishWeighing, getWeighIn, saveWeights, type WeighIn } from '#shared/contracts/deliveries.ts'
import { ledgerEntrySchema } from '#shared/contracts/fund.ts'
import { getPurchaseOrder } from '#shared/contracts/group-buys.ts'
import { getSortingSheet, refundOrder } from '#shared/contracts/orders.ts'
import { isCash } from '#shared/kernel/cash.ts'
import { portionsOwed } from '#shared/kernel/owed.ts'
import { handler as claimsHandler } from '#functions/claims/index.ts'
import { handler as deliveriesHandler } from '#functions/deliveries/index.ts'
import { handler as closingTick } from '#functions/group-buys/on-tick.ts'
import { handler as groupBuysHandler } from '#functions/group-buys/index.ts'
import { handler as ordersHandler } from '#functions/orders/index.ts'
import { handler as paymentsHandler } from '#functions/payments/index.ts'
import { handler as paymentsTick } from '#functions/payments/on-tick.ts'
import { giveUp } from '#functions/payments/give-up.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import { orderLinesItem } from '#functions/platform/table/items/order-lines.ts'
import { droppedOfLine, orderItem, refundedOfLine, shareItem } from '#functions/platform/table/items/orders.ts'
import { statementItem } from '#functions/platform/table/items/settlement.ts'
import { handler as settlementTick } from '#functions/settlement/on-tick.ts'
import { type Backend, startBackend, lives } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { killWrites } from '../fixtures/interleave.ts'
import { aCoopMember, aMarket, aResident, aWorker, COMPOUND, passClosing } from '../fixtures/market.ts'
import { lookAt, ordering, tick, whenOver } from '../fixtures/ordering.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'
import { postEverything } from '../fixtures/posting.ts'

/**
 * Goal: from the closing to the last bag, whatever is short, light or claimed, and wherever the machine dies, goods and
 * money add up, on every sheet. Method: random group buys closed, counted, weighed and claimed by the real handlers while
 * writes die at random; then everything runs out, and orders, sheets, events and the provider's books are compared.
 */
const MELON_GRAMS = 2_500
const PRICE = { melon: 1_000, tomato: 860 }
const STEP = { fromPortions: 5, priceFen: 933 }
const STOCK = 40
const AFTER_SALES_MS = 49 * 3_600_000

let backend: Backend
let provider: Provider
let stripe: Stripe
let residents: ReturnType<typeof ordering>
beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  residents = ordering(backend, provider)
  const at = new URL(provider.sandbox.url)
  stripe = new Stripe('sk_test_xianglai', { host: at.hostname, port: Number(at.port), protocol: 'http' })
  for (let n = 1; n <= 4; n++) await aResident(backend, `resident-${n}`)
  for (const worker of ['worker-1', 'worker-b']) await aWorker(backend, worker)
  await aCoopMember(backend, 'coop-1')
})
afterAll(async () => {
  await provider.stop()
  await backend.stop()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const basket = fc
  .record({ who: fc.integer({ min: 1, max: 4 }), melon: fc.nat(2), tomato: fc.nat(3), cash: fc.boolean() })
  .filter(({ melon, tomato }) => melon + tomato > 0)
const history = fc.record({
  baskets: fc.array(basket, { minLength: 2, maxLength: 5 }),
  /** One more that is placed in time and paid while the group buy closes. */
  late: fc.option(basket, { nil: undefined }),
  neverPaid: fc.boolean(),
  minimum: fc.constantFrom(1, 1, 1, 30),
  shortageRule: fc.constantFrom('first-paid', 'pro-rata'),
  short: fc.record({ melon: fc.nat(3), tomato: fc.nat(4) }),
  refused: fc.nat(1),
  /** Per mille of the nominal weight, line by line. */
  scales: fc.array(fc.integer({ min: 0, max: 1_400 }), { minLength: 5, maxLength: 5 }),
  early: fc.option(fc.nat(4), { nil: undefined }),
  claims: fc.array(
    fc.record({
      /** Pick-up has begun: somebody may claim before anything was counted. */
      when: fc.constantFrom('before-arrival', 'at-the-end'),
      which: fc.nat(4),
      portions: fc.integer({ min: 1, max: 3 }),
      /** Nothing: money for the portions. */
      fen: fc.oneof(fc.constant(undefined), fc.integer({ min: 1, max: 900 })),
    }),
    { maxLength: 3 },
  ),
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  dies: fc.constantFrom(0, 0.15, 0.4),
})
type History = typeof history extends fc.Arbitrary<infer H> ? H : never

/** Runs something while each write dies with this chance, before it is made; whatever it answers is no matter. */
async function dying(life: { random: () => number; dies: number }, work: () => Promise<unknown>): Promise<void> {
  if (life.dies > 0) killWrites(() => life.random() < life.dies)
  try {
    await work()
  } catch (error) {
    expect(String(error)).toContain('killed')
  } finally {
    vi.restoreAllMocks()
  }
}

function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

const wantedOf = ({ melon, tomato }: { melon: number; tomato: number }) =>
  Object.fromEntries(Object.entries({ melon, tomato }).filter(([, portions]) => portions > 0))

/** First under fire, then once more as the clock or the person would. */
async function surely(life: { random: () => number; dies: number }, work: () => Promise<unknown>): Promise<void> {
  await dying(life, work)
  await dying(life, work)
  await work()
}

async function liveThrough(given: History): Promise<void> {
  const gb = `gb-${randomUUID().slice(0, 8)}`
  const life = { random: randomOf(given.seed), dies: given.dies }
  await aMarket(backend, {
    groupBuyId: gb,
    offers: [
      {
        offerId: 'melon',
        priceFen: PRICE.melon,
        stock: STOCK,
        limit: 40,
        weighedGrams: MELON_GRAMS,
        priceSteps: [STEP],
      },
      { offerId: 'tomato', priceFen: PRICE.tomato, stock: STOCK, limit: 40 },
    ],
    success: { kind: 'portions', minimum: given.minimum },
    shortageRule: given.shortageRule,
    // Pick-up began half an hour ago, so that there is something to claim for.
    pickUpEndsAt: new Date(Date.now() + 1_800_000).toISOString(),
  })
  const paid: string[] = []
  for (const each of given.baskets) paid.push(await buy(gb, each, life))
  const early = given.early === undefined ? undefined : paid[given.early % paid.length]
  if (early !== undefined) await refundAll(early)
  const late = given.late
  const lateId = late === undefined ? undefined : await residents.place(gb, `resident-${late.who}`, wantedOf(late))
  const never = given.neverPaid ? await residents.place(gb, 'resident-1', { tomato: 1 }) : undefined

  await passClosing(backend, gb)
  await surely(life, () => tick(closingTick))
  if (lateId !== undefined && late !== undefined) {
    await residents.pay(lateId, `resident-${late.who}`)
    paid.push(lateId)
  }
  if (never !== undefined) await giveUp(never, 'expired', payments, whenOver())
  await surely(life, async () => {
    await tick(closingTick)
    await tick(paymentsTick)
  })
  const { groupBuy } = await lookAt(backend, gb)
  expect(['confirmed', 'ended']).toContain(groupBuy.state)
  if (groupBuy.state === 'confirmed') {
    for (const each of given.claims) if (each.when === 'before-arrival') await claim(gb, each, life)
    await deliver(gb, given, life)
    for (const each of given.claims) if (each.when === 'at-the-end') await claim(gb, each, life)
  }
  await settleProvider()
  await handBackAll(gb, life)
  await checkBooks(gb, paid, groupBuy.state === 'confirmed' ? given : undefined)
  await checkStatements(gb, paid, life)
}

/** With the phone, or with cash at the desk. */
async function buy(gb: string, basket: History['baskets'][number], life: Life): Promise<string> {
  const as = `resident-${basket.who}`
  if (!basket.cash) return residents.buy(gb, as, wantedOf(basket))
  const orderId = await residents.place(gb, as, wantedOf(basket))
  const amountFen = basket.melon * PRICE.melon + basket.tomato * PRICE.tomato
  const params = { orderId, moveId: randomUUID() }
  const take = () => call(paymentsHandler, takeCash, { params, body: { amountFen, byName: '李老师' }, as: 'worker-1' })
  await surely(life, take)
  expect(await take()).toMatchObject({ status: 200, body: { state: 'paid' } })
  return orderId
}

/** Everything that waits at the desk is handed back, by somebody who decided none of it. */
async function handBackAll(gb: string, life: Life): Promise<void> {
  const { items, orders } = await booksOf(gb)
  const waiting = items.filter(
    (item) => item.entity === 'refund' && item.state === 'decided' && orders.has(String(item.orderId)),
  )
  for (const { orderId, refundId } of waiting) {
    const params = { orderId: String(orderId), refundId: String(refundId), moveId: randomUUID() }
    const back = () =>
      call(paymentsHandler, handBackCash, { params, body: { receivedBy: 'household', byName: '王姐' }, as: 'worker-b' })
    await surely(life, back)
    expect(await back()).toMatchObject({ status: 200 })
  }
}

async function refundAll(orderId: string): Promise<void> {
  const body = { refundId: randomUUID(), reason: 'refund' }
  expect((await call(paymentsHandler, refundOrder, { params: { orderId }, body, as: 'worker-1' })).status).toBe(200)
}

const where = (groupBuyId: string) => ({ groupBuyId, compoundId: COMPOUND })

async function deliver(gb: string, given: History, life: { random: () => number; dies: number }): Promise<void> {
  const owed = await owedNow(gb)
  const lines = (['melon', 'tomato'] as const).map((offerId) => {
    const arrivedPortions = Math.max(0, (owed.get(offerId) ?? 0) - given.short[offerId])
    return { offerId, arrivedPortions, refusedPortions: Math.min(arrivedPortions, given.refused) }
  })
  const check = () =>
    call(paymentsHandler, checkDelivery, {
      params: { ...where(gb), pickUpPointId: 'p-1' },
      body: { version: 0, lines },
      as: 'worker-1',
    })
  await surely(life, check)
  expect((await check()).status).toBe(200)
  await surely(life, () => tick(paymentsTick))
  const sheet = (await call(deliveriesHandler, getWeighIn, { params: where(gb), as: 'worker-1' })).body as WeighIn
  expect(sheet.notArrivedCount).toBe(0)
  if (sheet.lines.length > 0) {
    const weights = sheet.lines.map(({ orderId, lineId, nominalGrams }, at) => {
      const grams = Math.floor((nominalGrams * (given.scales[at % given.scales.length] ?? 0)) / 1_000)
      return { orderId, lineId, grams: Math.max(1, grams) }
    })
    const weigh = () => call(deliveriesHandler, saveWeights, { params: where(gb), body: { weights }, as: 'worker-1' })
    await surely(life, weigh)
    const finish = () => call(paymentsHandler, finishWeighing, { params: where(gb), body: {}, as: 'worker-1' })
    await surely(life, finish)
    expect((await finish()).status).toBe(200)
    await surely(life, () => tick(paymentsTick))
  }
}

type Life = { readonly random: () => number; readonly dies: number }

/** A resident claims, and a worker accepts; what is more than is left is refused, and the claim declined. */
async function claim(gb: string, wish: History['claims'][number], life: Life): Promise<void> {
  const { shares, orders } = await booksOf(gb)
  const held = shares.filter(({ state }) => state === 'ready' || state === 'confirmed')
  const share = held[wish.which % held.length]
  const as = orders.get(share?.orderId ?? '')?.personId.split('|')[1]
  if (share === undefined || as === undefined) return
  const lineId = String(share.lines[wish.which % share.lines.length]?.lineId)
  const params = { orderId: share.orderId, claimId: randomUUID() }
  const lines = [{ lineId, portions: wish.portions }]
  const body = { saleId: share.saleId, lines, reason: 'broken' }
  const file = () => call(claimsHandler, fileClaim, { params, body, as })
  await surely(life, file)
  const filed = await file()
  expect([200, 409]).toContain(filed.status)
  if (filed.status !== 200) return
  const accepted = { lineId, ...(wish.fen === undefined ? { portions: wish.portions } : { amountFen: wish.fen }) }
  const decide = (decision: object) => call(paymentsHandler, decideClaim, { params, body: decision, as: 'worker-1' })
  const accept = () => decide({ decision: 'accept', lines: [accepted] })
  await surely(life, accept)
  const answer = await accept()
  expect([200, 409]).toContain(answer.status)
  if (answer.status === 409) {
    expect(await decide({ decision: 'decline', words: '已经退过' })).toMatchObject({ status: 200 })
  }
}

/** The provider takes its own time over refunds; not too much, for its clock must not run away from ours. */
async function settleProvider(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    provider.sandbox.advanceClock(1)
    await new Promise((done) => setTimeout(done, 100))
    await tick(paymentsTick)
  }
}

async function booksOf(gb: string) {
  const items = await backend.scan('market')
  const shares = items
    .filter((item) => item.entity === 'share' && item.groupBuyId === gb)
    .map((item) => shareItem.parse(item))
  const ids = new Set(shares.map((share) => share.orderId))
  const mine = (entity: string) =>
    items.filter((item) => item.entity === entity && ids.has(String(item.PK).replace('ORDER#', '')))
  const orders = new Map(
    mine('order')
      .map((item) => orderItem.parse(item))
      .map((order) => [order.orderId, order]),
  )
  const bought = new Map(
    mine('orderLines')
      .map((item) => orderLinesItem.parse(item))
      .map((of) => [of.orderId, of]),
  )
  const lines = shares
    .filter((share) => orders.get(share.orderId)?.state === 'paid')
    .flatMap((share) =>
      (bought.get(share.orderId)?.shares[0]?.lines ?? []).map((line) => ({
        ...line,
        share,
        dropped: droppedOfLine(share, line.lineId),
        refundedFen: refundedOfLine(share, line.lineId),
        grams: share[`g:${line.lineId}`] as number | undefined,
      })),
    )
  return { items, shares, orders, lines }
}

/** Taken less handed back, as the tills have it. */
function cashKept(items: readonly Record<string, unknown>[], orderId: string): number {
  const moves = items.filter((item) => item.entity === 'cashMove' && item.orderId === orderId)
  return moves.reduce((sum, { deltaFen }) => sum + Number(deltaFen), 0)
}

async function owedNow(gb: string): Promise<Map<string, number>> {
  const { lines } = await booksOf(gb)
  const byOffer = Map.groupBy(lines, (line) => line.offerId)
  return new Map([...byOffer].map(([offerId, of]) => [offerId, of.reduce((sum, line) => sum + portionsOwed(line), 0)]))
}

async function checkBooks(gb: string, paidIds: readonly string[], confirmed: History | undefined): Promise<void> {
  const { items, shares, orders, lines } = await booksOf(gb)
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
  expect(
    [...orders.values()]
      .filter((order) => order.state === 'paid')
      .map((order) => order.orderId)
      .sort(),
  ).toEqual([...paidIds].sort())
  // No order is paid without goods or its money back.
  for (const share of shares) {
    const isPaid = orders.get(share.orderId)?.state === 'paid'
    expect(isPaid ? (confirmed === undefined ? ['refunded'] : ['ready', 'refunded']) : ['failed']).toContain(
      share.state,
    )
    if (isPaid && share.state === 'refunded') expect(share.refundedFen).toBe(share.amountFen)
    // Every claim was decided: nothing holds back the settling.
    expect(share.openClaims ?? 0).toBe(0)
  }
  // No oversell: what is on the shelf and what was paid for is the stock.
  for (const offerId of ['melon', 'tomato'] as const) {
    const bucket = items.find((item) => item.entity === 'bucket' && item.groupBuyId === gb && item.offerId === offerId)
    const sold = sum(lines.filter((line) => line.offerId === offerId).map((line) => line.quantity))
    expect(Number(bucket?.available) + sold).toBe(STOCK)
  }
  // Money: order by order with its lines, its events and the provider.
  const intents = []
  for await (const intent of stripe.paymentIntents.list({ limit: 100 })) intents.push(intent)
  for (const order of orders.values()) {
    const mine = lines.filter((line) => line.share.orderId === order.orderId)
    const events = items.filter(
      (item) => item.entity === 'event' && mine.some((line) => line.share.saleId === item.saleId),
    )
    const told = (type: string) =>
      sum(events.filter((event) => event.type === type).map((event) => Number(event.amountFen)))
    if (order.state !== 'paid') continue
    expect(sum(mine.map((line) => line.refundedFen))).toBe(order.refundedFen)
    expect(told('sale.recorded.v1')).toBe(order.amountFen)
    expect(told('sale.reversed.v1')).toBe(order.refundedFen)
    if (isCash(order.paidBy)) {
      expect(cashKept(items, order.orderId)).toBe(order.amountFen - order.refundedFen)
      continue
    }
    const intent = intents.find((each) => each.id === order.paidBy)
    let back = 0
    for await (const refund of stripe.refunds.list({ payment_intent: String(order.paidBy), limit: 100 })) {
      if (refund.status !== 'failed') back += refund.amount
    }
    expect((intent?.amount_received ?? 0) - back).toBe(order.amountFen - order.refundedFen)
  }
  if (confirmed === undefined) return
  checkPrices(lines, confirmed)
  await checkSheets(gb, lines)
}

/** Money in = payable to the co-op + the fund + what went back, to the fen, as the bank's, the ledger's and our books have it. */
async function checkStatements(gb: string, paidIds: readonly string[], life: Life): Promise<void> {
  let kept = 0
  const { orders, items } = await booksOf(gb)
  for (const orderId of paidIds) {
    const { paidBy } = orders.get(orderId) ?? {}
    if (isCash(paidBy)) {
      kept += cashKept(items, orderId)
      continue
    }
    const intent = await stripe.paymentIntents.retrieve(String(paidBy))
    kept += intent.amount_received
    for await (const refund of stripe.refunds.list({ payment_intent: intent.id, limit: 100 })) {
      if (refund.status !== 'failed') kept -= refund.amount
    }
  }
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + AFTER_SALES_MS })
  // Some of the ledger is late, and writes die.
  await dying(life, () => tick(settlementTick))
  await postEverything(backend)
  await surely(life, () => {
    vi.setSystemTime(Date.now() + 3_600_000)
    return tick(settlementTick)
  })
  vi.useRealTimers()
  const statements = (await backend.scan('market'))
    .filter((item) => item.entity === 'statement' && item.groupBuyId === gb)
    .map((item) => statementItem.parse(item))
  const payable = statements.reduce((sum, { sums, statedFen }) => sum + sums.payableFen - statedFen, 0)
  const entries = (await backend.scan('ledger')).filter((item) => item.entity === 'entry' && item.groupBuyId === gb)
  const posted = entries
    .flatMap((item) => ledgerEntrySchema.shape.postings.parse(item.postings))
    .filter(({ account }) => account === 'pending' || account === 'available')
    .reduce((sum, { deltaFen }) => sum + deltaFen, 0)
  expect(kept).toBe(payable + posted)
  if (kept > 0) expect(statements.length).toBeGreaterThan(0)
}

type Line = Awaited<ReturnType<typeof booksOf>>['lines'][number]

/** Worked out again by hand: the final price, the portions that came, the weight; only claims are left out. */
function checkPrices(lines: readonly Line[], { claims, early }: History): void {
  const melons = lines.filter((line) => line.offerId === 'melon' && portionsOwed(line) > 0)
  for (const line of lines) {
    expect(line.refundedFen).toBeLessThanOrEqual(line.amountFen)
    if (claims.length > 0 || early !== undefined || portionsOwed(line) === 0) continue
    const bought = lines.filter((each) => each.offerId === line.offerId).reduce((sum, each) => sum + each.quantity, 0)
    const unit = line.offerId === 'melon' && bought >= STEP.fromPortions ? STEP.priceFen : line.unitPriceFen
    const came = line.quantity - line.dropped
    const nominal = came * MELON_GRAMS
    const weighs = line.offerId === 'melon' ? Math.min(line.grams ?? nominal, nominal) : nominal
    expect(line.amountFen - line.refundedFen).toBe(Math.floor((unit * came * weighs) / nominal))
  }
  expect(melons.every((line) => line.share.weighedAt !== undefined)).toBe(true)
}

async function checkSheets(gb: string, lines: readonly Line[]): Promise<void> {
  const owed = lines.reduce((sum, line) => sum + portionsOwed(line), 0)
  const kept = lines.reduce((sum, line) => sum + line.amountFen - line.refundedFen, 0)
  const purchase = await call(groupBuysHandler, getPurchaseOrder, { params: { groupBuyId: gb }, as: 'coop-1' })
  expect(purchase.body).toMatchObject({ final: true, portions: owed, amountFen: kept })
  const sorting = await call(ordersHandler, getSortingSheet, { params: where(gb), as: 'worker-1' })
  expect(sorting.body).toMatchObject({ final: true, portions: owed })
}

it('any group buy ends with goods and money that add up, wherever the machine dies', { timeout: 240_000 }, async () => {
  await fc.assert(fc.asyncProperty(history, liveThrough), { numRuns: lives(6), endOnFailure: true })
})
