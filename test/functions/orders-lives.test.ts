import fc from 'fast-check'
import { orderLinesItem, type OrderLinesItem } from '#functions/platform/table/items/order-lines.ts'
import { randomUUID } from 'node:crypto'
import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cancelOrder, giveBack, placeOrder, refundOrder, startCheckout } from '#shared/contracts/orders.ts'
import { handler as ordersHandler } from '#functions/orders/index.ts'
import { giveUp } from '#functions/payments/give-up.ts'
import { handler as paymentsHandler } from '#functions/payments/index.ts'
import { handler as onTick } from '#functions/payments/on-tick.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import { droppedOfLine, shareItem } from '#functions/platform/table/items/orders.ts'
import { type Backend, startBackend, lives } from '../fixtures/backend.ts'
import { call, lambdaContext } from '../fixtures/call.ts'
import { aMarket, aResident, aWorker } from '../fixtures/market.ts'
import { whenOver } from '../fixtures/ordering.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'

/**
 * Goal: whatever happens to orders, in any order and side by side, goods and money add up at the end. Method: random
 * histories of placing, paying (at once, later, twice), cancelling, expiring, giving portions back, refunding, webhooks shuffled, repeated and
 * held back, and a provider that fails before or after it acted; then everything is let run out, and the books of the
 * table are held against the books of the provider.
 */
const STOCK = 14
const LIMIT = 6
const PEOPLE = ['resident-1', 'resident-2', 'resident-3']
const PRICES: Record<string, number> = { tomato: 860, cucumber: 433 }

let backend: Backend
let provider: Provider
let stripe: Stripe
beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  const at = new URL(provider.sandbox.url)
  stripe = new Stripe('sk_test_xianglai', { host: at.hostname, port: Number(at.port), protocol: 'http' })
  for (const sub of PEOPLE) await aResident(backend, sub)
  await aWorker(backend, 'worker-1')
})
afterAll(async () => {
  await provider.stop()
  await backend.stop()
})

const small = fc.nat({ max: 99 })
const action = fc.oneof(
  fc.record({
    do: fc.constant('place' as const),
    who: fc.nat({ max: 2 }),
    tomato: fc.nat({ max: 4 }),
    cucumber: fc.nat({ max: 3 }),
  }),
  fc.record({
    do: fc.constant('pay' as const),
    which: small,
    outcome: fc.constantFrom('paid' as const, 'paid' as const, 'async_paid' as const, 'declined' as const),
  }),
  fc.record({ do: fc.constant('webhook' as const), which: small }),
  fc.record({ do: fc.constant('expire' as const), which: small }),
  fc.record({ do: fc.constant('cancel' as const), which: small }),
  fc.record({
    do: fc.constant('refund' as const),
    which: small,
    fen: fc.integer({ min: 1, max: 2000 }),
    whole: fc.boolean(),
  }),
  fc.record({
    do: fc.constant('give-back' as const),
    which: small,
    line: fc.nat({ max: 1 }),
    portions: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ do: fc.constant('tick' as const) }),
  fc.record({ do: fc.constant('fault' as const), lose: fc.nat({ max: 1 }), fail: fc.nat({ max: 1 }) }),
)
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never
type Life = { gb: string; orders: { orderId: string; who: string }[] }

const pick = <T>(from: readonly T[], which: number): T | undefined =>
  from.length === 0 ? undefined : from[which % from.length]
const tick = () => (onTick as (event: unknown, context: unknown) => Promise<unknown>)({}, lambdaContext())
const mine = (life: Life) =>
  provider.caught.filter((each) => life.orders.some((order) => each.rawBody.includes(order.orderId)))

async function act(life: Life, step: Action): Promise<void> {
  switch (step.do) {
    case 'place':
      return place(life, step)
    case 'pay': {
      const order = pick(life.orders, step.which)
      if (order === undefined) return
      const answer = await call(paymentsHandler, startCheckout, { params: { orderId: order.orderId }, as: order.who })
      expect([200, 409, 500, 503]).toContain(answer.status)
      if (answer.status === 200) await provider.pay((answer.body as { checkoutUrl: string }).checkoutUrl, step.outcome)
      return
    }
    case 'webhook': {
      const webhook = pick(mine(life), step.which)
      if (webhook !== undefined) expect((await provider.deliver(paymentsHandler, webhook)).status).toBe(200)
      return
    }
    case 'expire': {
      const order = pick(life.orders, step.which)
      if (order !== undefined) await giveUp(order.orderId, 'expired', payments, whenOver())
      return
    }
    case 'cancel': {
      const order = pick(life.orders, step.which)
      if (order === undefined) return
      const answer = await call(paymentsHandler, cancelOrder, { params: { orderId: order.orderId }, as: order.who })
      expect([200, 409, 503]).toContain(answer.status)
      return
    }
    case 'refund':
      return refund(life, step)
    case 'give-back':
      return givePortionsBack(life, step)
    case 'tick':
      await tick()
      return
    case 'fault':
      provider.sandbox.setFaults({ apiLoseAnswerNext: step.lose, apiFailNext: step.fail })
  }
}

async function place(life: Life, step: { who: number; tomato: number; cucumber: number }): Promise<void> {
  const orderId = randomUUID()
  const who = PEOPLE[step.who] ?? 'resident-1'
  const lines = [
    { groupBuyId: life.gb, offerId: 'tomato', quantity: step.tomato },
    { groupBuyId: life.gb, offerId: 'cucumber', quantity: step.cucumber },
  ].filter((line) => line.quantity > 0)
  if (lines.length === 0) return
  const send = () => call(ordersHandler, placeOrder, { params: { orderId }, body: { lines }, as: who })
  const [first, second] = await Promise.all([send(), send()])
  expect([200, 409, 422]).toContain(first.status)
  expect(second.status).toBe(first.status)
  if (first.status === 200) life.orders.push({ orderId, who })
}

function linesIn(items: readonly Record<string, unknown>[]): OrderLinesItem[] {
  return items.filter((item) => item.entity === 'orderLines').map((item) => orderLinesItem.parse(item))
}

async function refund(life: Life, step: { which: number; fen: number; whole: boolean }): Promise<void> {
  const order = pick(life.orders, step.which)
  if (order === undefined) return
  const bought = linesIn(await backend.scan('market')).find((lines) => lines.orderId === order.orderId)
  const share = bought?.shares[0]
  const lines = [{ saleId: share?.saleId, lineId: share?.lines[0]?.lineId, amountFen: step.fen }]
  const body = { refundId: randomUUID(), reason: 'refund', ...(step.whole ? {} : { lines }) }
  const answer = await call(paymentsHandler, refundOrder, { params: { orderId: order.orderId }, body, as: 'worker-1' })
  expect([200, 409, 503]).toContain(answer.status)
}

async function givePortionsBack(life: Life, step: { which: number; line: number; portions: number }): Promise<void> {
  const order = pick(life.orders, step.which)
  if (order === undefined) return
  const bought = linesIn(await backend.scan('market')).find((lines) => lines.orderId === order.orderId)
  const share = bought?.shares[0]
  const line = share?.lines[step.line] ?? share?.lines[0]
  const body = {
    giveBackId: randomUUID(),
    lines: [{ saleId: share?.saleId, lineId: line?.lineId, portions: step.portions }],
  }
  const send = () => call(paymentsHandler, giveBack, { params: { orderId: order.orderId }, body, as: order.who })
  const answers = await Promise.all([send(), send()])
  for (const answer of answers) expect([200, 409, 503]).toContain(answer.status)
}

/** Lets every promise come true: later payments arrive, all webhooks come (again), time runs out for the unpaid. */
async function letRunOut(life: Life): Promise<void> {
  provider.sandbox.setFaults({ apiLoseAnswerNext: 0, apiFailNext: 0 })
  provider.sandbox.advanceClock(5)
  await new Promise((done) => setTimeout(done, 150))
  for (const webhook of [...mine(life)].reverse()) await provider.deliver(paymentsHandler, webhook)
  for (const { orderId } of life.orders) await giveUp(orderId, 'expired', payments, whenOver())
  for (let round = 0; round < 4; round++) {
    await tick()
    provider.sandbox.advanceClock(5)
    await new Promise((done) => setTimeout(done, 120))
  }
  for (const webhook of mine(life)) await provider.deliver(paymentsHandler, webhook)
  await tick()
}

/** The provider takes its own time, more of it on a busy machine: the books have to add up in the end. */
async function untilBooksAddUp(life: Life, tries = 5): Promise<void> {
  await letRunOut(life)
  try {
    await checkBooks(life)
  } catch (error) {
    if (tries <= 1) throw error
    await untilBooksAddUp(life, tries - 1)
  }
}

async function checkBooks(life: Life): Promise<void> {
  const items = await backend.scan('market')
  const ids = new Set(life.orders.map((order) => order.orderId))
  const of = (entity: string) => items.filter((item) => item.entity === entity && ids.has(String(item.orderId)))
  const orders = of('order') as {
    orderId: string
    state: string
    amountFen: number
    refundedFen: number
    paidBy?: string
    householdId: string
  }[]
  const lines = new Map(linesIn(items).map((each) => [each.orderId, each]))
  const paid = orders.filter((order) => order.state === 'paid')
  expect(orders.length).toBe(ids.size)
  for (const order of orders) expect(['paid', 'expired', 'cancelled']).toContain(order.state)
  const shares = of('share').map((share) => shareItem.parse(share))
  checkGoods(
    items,
    life.gb,
    paid.map((order) => ({
      ...order,
      lines: (lines.get(order.orderId)?.shares ?? []).flatMap((bought) => {
        const share = shares.find((each) => each.saleId === bought.saleId)
        // Portions that were given back are not bought any more: they lie in stock, and count for no limit.
        return bought.lines.map((line) => ({
          ...line,
          quantity: line.quantity - (share === undefined ? 0 : droppedOfLine(share, line.lineId)),
        }))
      }),
    })),
  )
  for (const order of orders) {
    const saleIds = lines.get(order.orderId)?.shares.map((share) => share.saleId) ?? []
    const events = items.filter((item) => item.entity === 'event' && saleIds.includes(String(item.saleId)))
    const sum = (type: string) =>
      events.filter((event) => event.type === type).reduce((total, event) => total + Number(event.amountFen), 0)
    expect(sum('sale.recorded.v1')).toBe(order.state === 'paid' ? order.amountFen : 0)
    expect(sum('sale.reversed.v1')).toBe(order.refundedFen)
    expect(order.refundedFen).toBeLessThanOrEqual(order.amountFen)
    await checkMoney(order)
  }
}

function checkGoods(
  items: Record<string, unknown>[],
  gb: string,
  paid: { householdId: string; lines: { offerId: string; quantity: number }[] }[],
) {
  for (const offerId of Object.keys(PRICES)) {
    const available = items
      .filter((item) => item.entity === 'bucket' && item.groupBuyId === gb && item.offerId === offerId)
      .reduce((sum, bucket) => sum + Number(bucket.available), 0)
    const sold = paid
      .flatMap((order) => order.lines)
      .filter((line) => line.offerId === offerId)
      .reduce((sum, line) => sum + line.quantity, 0)
    expect(STOCK - available).toBe(sold)
    for (const household of new Set(paid.map((order) => order.householdId))) {
      const had = paid
        .filter((order) => order.householdId === household)
        .flatMap((order) => order.lines)
        .filter((line) => line.offerId === offerId)
        .reduce((sum, line) => sum + line.quantity, 0)
      expect(had).toBeLessThanOrEqual(LIMIT)
      const counted = items.find(
        (item) => item.entity === 'limit' && item.PK === `GB#${gb}` && item.SK === `P-LIMIT#${household}`,
      )
      expect(Number(counted?.[`q:${offerId}`] ?? 0)).toBe(had)
    }
  }
}

/** The provider's own books: what an order's payments brought, less what went back, is what the order says it keeps. */
async function checkMoney(order: {
  orderId: string
  state: string
  amountFen: number
  refundedFen: number
  paidBy?: string
}): Promise<void> {
  const intents = []
  for await (const intent of stripe.paymentIntents.list({ limit: 100 }))
    if (intent.metadata.orderId === order.orderId && intent.status === 'succeeded') intents.push(intent)
  for (const intent of intents) {
    let back = 0
    for await (const refund of stripe.refunds.list({ payment_intent: intent.id, limit: 100 }))
      if (refund.status !== 'failed') back += refund.amount
    const keeps = intent.id === order.paidBy ? order.amountFen - order.refundedFen : 0
    expect(intent.amount_received - back).toBe(keeps)
  }
  expect(intents.some((intent) => intent.id === order.paidBy)).toBe(order.state === 'paid')
}

describe('any life of a group buy', () => {
  it('ends with goods and money that add up, in our books and in the provider’s', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(action, { minLength: 1, maxLength: 3 }), { minLength: 8, maxLength: 22 }),
        async (history) => {
          const life: Life = { gb: `gb-${randomUUID().slice(0, 8)}`, orders: [] }
          const offers = Object.entries(PRICES).map(([offerId, priceFen]) => ({
            offerId,
            priceFen,
            stock: STOCK,
            limit: LIMIT,
            buckets: offerId === 'tomato' ? 2 : 1,
          }))
          await aMarket(backend, { groupBuyId: life.gb, offers })
          for (const sideBySide of history) await Promise.all(sideBySide.map((step) => act(life, step)))
          await untilBooksAddUp(life)
        },
      ),
      { numRuns: lives(4), endOnFailure: true },
    )
  }, 120_000)
})
