import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import Stripe from 'stripe'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { placeOrder, refundOrder, startCheckout } from '#shared/contracts/orders.ts'
import {
  getReconciliation,
  reconcilePayments,
  type ReconciliationReport,
} from '#shared/contracts/payments-reconciliation.ts'
import { DAY_MS, plusMs, shanghaiDay } from '#shared/kernel/time.ts'
import { handler as ordersHandler } from '#functions/orders/index.ts'
import { handler as paymentsHandler } from '#functions/payments/index.ts'
import { handler as onNightly } from '#functions/payments/on-nightly.ts'
import { handler as onTick } from '#functions/payments/on-tick.ts'
import { reconcile, reconcileNightly } from '#functions/payments/reconcile.ts'
import { loadLastPart, loadParts } from '#functions/payments/reconcile-store.ts'
import { Busy } from '#functions/platform/busy.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import type { PaymentPort } from '#functions/platform/payments/port.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call, lambdaContext } from '../fixtures/call.ts'
import { aMarket, anAdmin, aResident, aWorker } from '../fixtures/market.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'

let backend: Backend
let provider: Provider
let stripe: Stripe
let gb = ''
beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  const { hostname: host, port } = new URL(provider.sandbox.url)
  stripe = new Stripe(process.env.STRIPE_SECRET_KEY ?? '', { host, port: Number(port), protocol: 'http' })
  await aResident(backend, 'resident-1')
  await aWorker(backend, 'worker-1')
  await anAdmin(backend, 'admin-1')
})
afterAll(async () => {
  await provider.stop()
  await backend.stop()
})
beforeEach(newMarket)
afterEach(() => vi.restoreAllMocks())

/** What a household may buy in one group buy has an end. */
async function newMarket(): Promise<void> {
  gb = `gb-${randomUUID().slice(0, 8)}`
  await aMarket(backend, { groupBuyId: gb })
  const compoundId = 'c-1'
  await tamper(keys.place('compound', compoundId), index.places('compound', 'xinqu', 'community-1', compoundId))
}

const now = () => new Date().toISOString()
const tick = () => (onTick as (event: unknown, context: unknown) => Promise<unknown>)({}, lambdaContext())

async function begunPayment(): Promise<{ orderId: string; paymentId: string }> {
  const orderId = randomUUID()
  const lines = [{ groupBuyId: gb, offerId: 'tomato', quantity: 2 }]
  expect(
    (await call(ordersHandler, placeOrder, { params: { orderId }, body: { lines }, as: 'resident-1' })).status,
  ).toBe(200)
  const opened = await call(paymentsHandler, startCheckout, { params: { orderId }, as: 'resident-1' })
  await provider.pay((opened.body as { checkoutUrl: string }).checkoutUrl)
  const webhook = await provider.webhook('checkout.session.completed', orderId)
  const { data } = JSON.parse(webhook.rawBody) as { data: { object: { payment_intent: string } } }
  return { orderId, paymentId: data.object.payment_intent }
}

/** An order that its payment's message has paid. */
async function paid() {
  const begun = await begunPayment()
  const webhook = await provider.webhook('checkout.session.completed', begun.orderId)
  expect((await provider.deliver(paymentsHandler, webhook)).body).toMatchObject({ outcome: 'applied' })
  return begun
}

/** Decided by a worker, asked of the provider, and seen through. */
async function refunded(orderId: string): Promise<string> {
  const refundId = randomUUID()
  const body = { reason: 'refund', refundId }
  expect((await call(paymentsHandler, refundOrder, { params: { orderId }, body, as: 'worker-1' })).status).toBe(200)
  await provider.deliver(paymentsHandler, await provider.webhook('refund.updated', refundId))
  expect(await stored(keys.refund(orderId, refundId))).toMatchObject({ state: 'succeeded' })
  return refundId
}

async function stored({ PK, SK }: { PK: string; SK: string }) {
  return (await backend.scan('market')).find((item) => item.PK === PK && item.SK === SK) ?? {}
}

async function tamper(key: { PK: string; SK: string }, change: object): Promise<void> {
  const before = await stored(key)
  expect(before).toMatchObject(key)
  await backend.put('market', { ...before, ...change })
}

async function byHand(body: object = {}): Promise<ReconciliationReport> {
  const answer = await call(paymentsHandler, reconcilePayments, { body, as: 'admin-1' })
  expect(answer).toMatchObject({ status: 200 })
  return answer.body as ReconciliationReport
}

const about = ({ findings }: ReconciliationReport, ...ids: string[]) =>
  findings.filter((each) => ids.some((id) => [each.paymentId, each.orderId].includes(id)))

/** What a comparison finds of one payment; twice, so that looking changes nothing. */
async function found(...ids: string[]) {
  const first = about(await byHand(), ...ids)
  // A refund goes on at the provider by itself.
  const still = first.map(({ theirs: _theirs, ...finding }) => finding)
  expect(about(await byHand(), ...ids)).toMatchObject(still)
  return first
}

async function last(): Promise<ReconciliationReport> {
  const { body } = await call(paymentsHandler, getReconciliation, { as: 'admin-1' })
  const { report } = body as { report?: ReconciliationReport }
  expect(report).toBeDefined()
  return report as ReconciliationReport
}

describe('a comparison with the provider', () => {
  it('that was never made has no report', async () => {
    expect((await call(paymentsHandler, getReconciliation, { as: 'admin-1' })).body).toEqual({ earlier: [] })
  })

  it('finds nothing where both sides agree, and leaves everything as it is', async () => {
    const { orderId } = await paid()
    const other = await paid()
    await refunded(orderId)
    const before = await backend.scan('market')
    const report = await byHand()
    expect(report).toMatchObject({ by: 'admin', done: true, applied: 0, parked: 0, kinds: [], findings: [], left: 0 })
    expect(report.checked).toBeGreaterThanOrEqual(2)
    expect(report.refunds).toBeGreaterThanOrEqual(1)
    expect(report.orders).toBeGreaterThanOrEqual(2)
    const isReport = (item: Record<string, unknown>) => item.entity === 'reconciliationPart'
    const after = await backend.scan('market')
    expect(after.filter((item) => !isReport(item))).toEqual(before.filter((item) => !isReport(item)))
    expect(await last()).toEqual(report)
    expect(about(report, other.orderId)).toEqual([])
  })

  it('applies a payment that no message told of, and says so in its report, once', async () => {
    const { orderId, paymentId } = await begunPayment()
    const report = await byHand()
    expect(report).toMatchObject({ applied: 1, kinds: [{ kind: 'payment-applied', count: 1, sumFen: 1720 }] })
    expect(about(report, orderId)).toEqual([
      { kind: 'payment-applied', paymentId, orderId, amountFen: 1720, theirsFen: 1720 },
    ])
    expect(await stored(keys.order(orderId))).toMatchObject({ state: 'paid', paidBy: paymentId })
    expect(about(await byHand(), orderId)).toEqual([])
  })

  it('parks money of no order, sees it go back, and misses it when the provider has it no more', async () => {
    const { orderId, paymentId } = await begunPayment()
    await tamper(keys.order(orderId), { state: 'expired' })
    const report = await byHand()
    expect(about(report, paymentId)).toMatchObject([{ kind: 'payment-parked', amountFen: 1720 }])
    await tick()
    await provider.deliver(paymentsHandler, await provider.webhook('refund.updated', `parked.${paymentId}`))
    expect(await stored(keys.parked(paymentId))).toMatchObject({ state: 'refunded' })
    expect(await found(paymentId)).toEqual([])
    const gone = {
      ...payments,
      lookForPayment: () => Promise.resolve(undefined),
      listPayments: () => Promise.resolve({ payments: [] }),
    }
    const none = { ...gone, listRefunds: () => Promise.resolve({ refunds: [] }) }
    expect(about(await inParts(none, plusMs(now(), -DAY_MS)), paymentId)).toMatchObject([
      { kind: 'payment-missing', amountFen: 1720 },
      { kind: 'refund-missing', refundId: `parked.${paymentId}` },
    ])
  })

  it('finds a refund made by hand in the provider’s dashboard', async () => {
    const { orderId, paymentId } = await paid()
    const made = await stripe.refunds.create({ payment_intent: paymentId, amount: 120 })
    expect(await found(orderId)).toMatchObject([
      { kind: 'refund-not-ours', paymentId, orderId, providerRefundId: made.id, amountFen: 120 },
    ])
  })

  it('finds it also of a payment that is older than what is looked back to', async () => {
    const { orderId, paymentId } = await paid()
    await sleep(1_100)
    const since = now()
    for (const amount of [120, 30]) await stripe.refunds.create({ payment_intent: paymentId, amount })
    const report = await inParts(payments, since, () => true)
    expect(report.checked).toBe(0)
    expect(
      about(report, orderId)
        .map(({ kind, amountFen }) => [kind, amountFen])
        .sort(),
    ).toEqual([
      ['refund-not-ours', 120],
      ['refund-not-ours', 30],
    ])
  })

  it('finds a refund that we hold as done and the provider does not have, and one of another sum', async () => {
    const { orderId } = await paid()
    const refundId = await refunded(orderId)
    const { PK } = keys.order(orderId)
    const real = await stored(keys.refund(orderId, refundId))
    await backend.put('market', { ...real, PK, SK: 'REFUND#invented', refundId: 'invented', amountFen: 20 })
    await tamper(keys.refund(orderId, refundId), { amountFen: 1700 })
    const kinds = await found(orderId)
    expect(kinds).toMatchObject([
      { kind: 'refund-missing', refundId: 'invented', amountFen: 20, ours: 'succeeded', theirs: 'none' },
      { kind: 'refund-amount-differs', refundId, amountFen: 20, oursFen: 1700, theirsFen: 1720 },
    ])
  })

  it('finds a refund that failed there after all, though no message of it came', async () => {
    const { orderId } = await paid()
    const refundId = await refunded(orderId)
    await tamper(keys.refund(orderId, refundId), { state: 'failed' })
    expect(await found(orderId)).toMatchObject([
      { kind: 'refund-state-differs', refundId, amountFen: 1720, ours: 'failed', theirs: 'succeeded' },
    ])
  })

  it('finds one that was handed back in cash and by the provider', async () => {
    const { orderId } = await paid()
    const refundId = await refunded(orderId)
    await tamper(keys.refund(orderId, refundId), { cashMoveId: randomUUID() })
    const kinds = (await found(orderId)).map(({ kind, amountFen }) => `${kind} ${amountFen}`)
    expect(kinds.sort()).toEqual(['more-back-than-came 1720', 'refunded-twice 1720'])
  })

  it('takes what is under way for no difference, until it has been so for too long', async () => {
    const { orderId } = await paid()
    const refundId = randomUUID()
    provider.sandbox.setFaults({ apiFailNext: 2 })
    const body = { reason: 'refund', refundId }
    await call(paymentsHandler, refundOrder, { params: { orderId }, body, as: 'worker-1' })
    provider.sandbox.setFaults({ apiFailNext: 0 })
    expect(await stored(keys.refund(orderId, refundId))).toMatchObject({ state: 'decided' })
    expect(await found(orderId)).toEqual([])
    await tamper(keys.refund(orderId, refundId), { decidedAt: plusMs(now(), -DAY_MS) })
    expect(await found(orderId)).toMatchObject([{ kind: 'refund-missing', refundId, ours: 'decided', theirs: 'none' }])
  })

  it('finds an order that is paid by a payment the provider does not know, or has for another order', async () => {
    const one = await paid()
    const other = await paid()
    await tamper(keys.order(one.orderId), { paidBy: 'pi_nobody' })
    expect(await found('pi_nobody')).toMatchObject([{ kind: 'payment-missing', orderId: one.orderId, amountFen: 1720 }])
    await tamper(keys.order(one.orderId), { paidBy: other.paymentId })
    expect(await found(other.paymentId)).toMatchObject([{ kind: 'payment-missing', orderId: one.orderId }])
    await tamper(keys.order(one.orderId), { paidBy: one.paymentId })
  })

  it('finds that another sum came than the order is for', async () => {
    const { orderId, paymentId } = await paid()
    await tamper(keys.order(orderId), { amountFen: 1700 })
    expect(await found(orderId)).toMatchObject([
      { kind: 'payment-amount-differs', paymentId, amountFen: 20, oursFen: 1700, theirsFen: 1720 },
    ])
  })

  it('looks back at least as far as a night does, so that it never hides what a night found', async () => {
    const before = await last()
    for (const since of [now(), plusMs(now(), -4 * DAY_MS + 60_000), plusMs(now(), DAY_MS)]) {
      const answer = await call(paymentsHandler, reconcilePayments, { body: { since }, as: 'admin-1' })
      expect(answer).toMatchObject({ status: 400, body: { fields: { since: expect.stringContaining('四天') } } })
    }
    expect(await last()).toEqual(before)
    const since = plusMs(now(), -5 * DAY_MS)
    expect(await byHand({ since })).toMatchObject({ since, done: true })
  })

  it('names what it cannot read, and compares all others', async () => {
    const { orderId, paymentId } = await paid()
    const other = await paid()
    await stripe.refunds.create({ payment_intent: other.paymentId, amount: 1 })
    const { PK } = keys.order(orderId)
    await backend.put('market', { PK, SK: 'REFUND#broken', entity: 'refund', v: 1 })
    expect(await found(orderId, other.orderId)).toMatchObject([
      { kind: 'refund-not-ours', orderId: other.orderId },
      { kind: 'not-compared', paymentId, orderId, amountFen: 0 },
    ])
  })
})

/** The same comparison, each page another call. */
async function inParts(port: PaymentPort, since: string, hasTime = () => false): Promise<ReconciliationReport> {
  let part = await reconcile(port, aWish(since), now(), hasTime)
  for (let calls = 1; part.cursor !== undefined; calls++) {
    expect(calls).toBeLessThan(100)
    expect(await last()).toMatchObject({ runId: part.runId, done: false, cursor: part.cursor })
    part = await reconcile(port, wishOf(part.cursor), now(), hasTime)
  }
  return last()
}

const aWish = (since: string) => ({ runId: randomUUID(), by: 'admin' as const, since, startedAt: now(), part: 1 })
const wishOf = (cursor: string) =>
  JSON.parse(Buffer.from(cursor, 'base64url').toString()) as ReturnType<typeof aWish> & { place: { list: 'payments' } }
const YESTERDAY = plusMs(now(), -DAY_MS)

describe('a comparison that the time does not suffice for', () => {
  it('stops at a page, goes on with its cursor, and finds the same as one that was not broken off, each once', async () => {
    const hand = await paid()
    const made = await stripe.refunds.create({ payment_intent: hand.paymentId, amount: 5 })
    await provider.webhook('refund.updated', made.id)
    const lost = await paid()
    await tamper(keys.order(lost.orderId), { paidBy: 'pi_lost' })
    await newMarket()
    const older = await begunPayment()
    await tamper(keys.order(older.orderId), { state: 'expired' })
    await byHand()
    const whole = await inParts(payments, YESTERDAY, () => true)
    const parts = await inParts(payments, YESTERDAY)
    const { checked, refunds, orders, parkedMoney, kinds, findings, left } = whole
    expect(kinds.length).toBeGreaterThan(2)
    expect(parts).toMatchObject({ done: true, checked, refunds, orders, parkedMoney, kinds, left })
    const names = (all: typeof findings) => all.map((each) => JSON.stringify(each)).sort()
    expect(names(parts.findings)).toEqual(names(findings))
    expect(new Set(names(findings)).size).toBe(findings.length)
    expect((await loadParts(parts)).length).toBeGreaterThan(4)
  })

  it('compares an order on the first of the days on which it did something, and on no other', async () => {
    const { orderId } = await paid()
    const today = (await backend.scan('market')).filter((item) => item.entity === 'share' && item.orderId === orderId)
    const sale = (await backend.scan('market')).find(
      (item) => item.entity === 'event' && item.saleId === today[0]?.saleId && item.type === 'sale.recorded.v1',
    )
    const yesterday = keys.event('c-1', shanghaiDay(YESTERDAY), 'sale.recorded.v1', String(sale?.saleId))
    await backend.put('market', { ...sale, ...yesterday })
    await tamper(keys.order(orderId), { paidBy: 'pi_two_days', paidAt: YESTERDAY })
    const parts = await inParts(payments, plusMs(YESTERDAY, -1_000))
    expect(about(parts, 'pi_two_days')).toMatchObject([{ kind: 'payment-missing', amountFen: 1720 }])
    expect((await inParts(payments, plusMs(YESTERDAY, -1_000), () => true)).orders).toBe(parts.orders)
    await tamper(keys.order(orderId), { paidBy: 'cash_1' })
  })

  it('is gone on with by hand; the same cursor twice adds nothing, and one that is made up is refused', async () => {
    const first = await reconcile(payments, aWish(YESTERDAY), now(), () => false)
    const once = await byHand({ cursor: first.cursor })
    expect(once).toMatchObject({ runId: first.runId, done: true })
    // Not even what it would do by itself: its report is written already.
    const { orderId } = await begunPayment()
    expect(await byHand({ cursor: first.cursor })).toEqual(once)
    expect(await stored(keys.order(orderId))).toMatchObject({ state: 'pending_payment' })
    expect(about(await byHand(), orderId)).toMatchObject([{ kind: 'payment-applied' }])
    const before = await last()
    const real = wishOf(first.cursor ?? '')
    const madeUp = [
      {},
      { ...aWish(YESTERDAY), runId: first.runId, startedAt: first.startedAt },
      { ...aWish(YESTERDAY), startedAt: '9999-01-01T00:00:00.000Z', part: 2, place: { list: 'parked-back' } },
      { ...real, place: { list: 'parked-back' } },
      { ...real, since: now() },
      { ...real, part: 3 },
    ].map((wish) => Buffer.from(JSON.stringify(wish)).toString('base64url'))
    for (const cursor of ['nonsense', ...madeUp]) {
      const answer = await call(paymentsHandler, reconcilePayments, { body: { cursor }, as: 'admin-1' })
      expect(answer).toMatchObject({ status: 400, body: { fields: { cursor: 'not a cursor of this list' } } })
    }
    expect(await last()).toEqual(before)
  })

  it('keeps what it did when the provider stops answering, and goes on there', async () => {
    const { orderId, paymentId } = await begunPayment()
    await stripe.refunds.create({ payment_intent: paymentId, amount: 7 })
    const refundsOf = () => Promise.reject(new Busy())
    const broken = await reconcile({ ...payments, refundsOf }, aWish(YESTERDAY), now(), () => true)
    expect(broken.findings).toMatchObject([{ kind: 'payment-applied', orderId }])
    expect(wishOf(broken.cursor ?? '').place).toMatchObject({ list: 'payments' })
    const whole = await byHand({ cursor: broken.cursor })
    expect(about(whole, orderId).map(({ kind }) => kind)).toEqual(['refund-not-ours', 'payment-applied'])
    const silent = { ...payments, listPayments: refundsOf }
    await expect(reconcile(silent, aWish(YESTERDAY), now(), () => true)).rejects.toThrow(Busy)
    expect(await last()).toEqual(whole)
  })
})

describe('the nightly comparison', () => {
  it('goes on with an unfinished night also when an administrator compared in between', async () => {
    await reconcileNightly(payments, now(), () => false)
    const broken = await last()
    expect(await byHand()).toMatchObject({ by: 'admin', done: true })
    await reconcileNightly(payments, now(), () => true)
    expect((await loadParts(broken)).at(-1)?.cursor).toBeUndefined()
    expect(await loadParts(broken)).toHaveLength(2)
  })

  it('is kept for the administrator, and one that was too short is gone on with in the next night', async () => {
    const short = await reconcileNightly(payments, now(), () => false)
    expect(short).toMatchObject({ unfinished: 1, orders: 0 })
    const broken = await last()
    expect(broken).toMatchObject({ by: 'night', done: false })
    const next = await reconcileNightly(payments, now(), () => true)
    expect(next.unfinished).toBe(0)
    const [, ...rest] = await loadParts(broken)
    expect(rest).toHaveLength(1)
    expect(rest[0]?.cursor).toBeUndefined()
    const report = await last()
    expect(report).toMatchObject({ by: 'night', done: true })
    expect(report.runId).not.toBe(broken.runId)
    expect(Date.parse(report.startedAt) - Date.parse(report.since)).toBe(4 * DAY_MS)
  })

  it('is made also when the one before it cannot be gone on with', async () => {
    await reconcileNightly(payments, now(), () => false)
    const { runId } = await last()
    const gone = { ...payments, listRefunds: () => Promise.reject(new Error('no such cursor')) }
    await reconcileNightly(gone, now(), () => true)
    const next = await last()
    expect(next).toMatchObject({ by: 'night', done: false })
    expect(next.runId).not.toBe(runId)
    expect(next.checked).toBeGreaterThan(0)
    await reconcileNightly(payments, now(), () => true)
    expect(await last()).toMatchObject({ done: true })
  })

  it('runs as the job that the platform calls, and counts what differs', async () => {
    const { paymentId } = await paid()
    await stripe.refunds.create({ payment_intent: paymentId, amount: 3 })
    const run = onNightly as (event: unknown, context: unknown) => Promise<Record<string, number>>
    const counts = await run({}, lambdaContext())
    const report = await last()
    expect(about(report, paymentId)).toMatchObject([{ kind: 'refund-not-ours', amountFen: 3 }])
    expect(counts).toMatchObject({ checked: report.checked, unfinished: 0 })
    expect(counts.differences).toBeGreaterThan(0)
    expect(await loadLastPart()).toMatchObject({ by: 'night', part: 1 })
  })
})

describe('a difference that a later comparison does not find', () => {
  const earlierOf = async (orderId: string) => {
    const { body } = await call(paymentsHandler, getReconciliation, { as: 'admin-1' })
    return (body as { earlier: { orderId?: string }[] }).earlier.filter((each) => each.orderId === orderId)
  }

  it('stays listed for thirty days, with the moment it was found last, and not while the last one has it', async () => {
    const { orderId } = await paid()
    const refundId = await refunded(orderId)
    await tamper(keys.refund(orderId, refundId), { amountFen: 1700 })
    const report = await byHand()
    expect(about(report, orderId)).toMatchObject([{ kind: 'refund-amount-differs' }])
    expect(await earlierOf(orderId)).toEqual([])
    await tamper(keys.refund(orderId, refundId), { amountFen: 1720 })
    expect(about(await byHand(), orderId)).toEqual([])
    const listed = await earlierOf(orderId)
    expect(listed).toMatchObject([{ refundId, amountFen: 20, foundAt: report.startedAt }])
    // As it would be a month later.
    const parts = (await loadParts(report)).map((part) => ({ ...part, startedAt: plusMs(now(), -31 * DAY_MS) }))
    for (const part of parts) {
      const key = keys.reconciliationPart(report.startedAt, report.runId, part.part)
      await backend.put('market', { ...key, ...part, findings: [] })
      await backend.put('market', { ...keys.reconciliationPart(part.startedAt, part.runId, part.part), ...part })
    }
    expect(await earlierOf(orderId)).toEqual([])
  })
})

describe('what moves while it is compared', () => {
  it('is no difference: a refund that is decided and asked after the provider was read', async () => {
    const { orderId } = await paid()
    const refundId = randomUUID()
    let asked = false
    const meanwhile: PaymentPort = {
      ...payments,
      async listPayments(...args) {
        const page = await payments.listPayments(...args)
        if (asked) return page
        asked = true
        const body = { reason: 'refund', refundId }
        await call(paymentsHandler, refundOrder, { params: { orderId }, body, as: 'worker-1' })
        expect(await stored(keys.refund(orderId, refundId))).toMatchObject({ state: 'asked' })
        return page
      },
    }
    expect(about(await inParts(meanwhile, YESTERDAY, () => true), orderId)).toEqual([])
    expect(asked).toBe(true)
  })
})

describe('many refunds', () => {
  it('are paged through as the provider lists them, and capped in the report, not in its sums', async () => {
    const since = now()
    const { paymentId } = await paid()
    for (let n = 0; n < 205; n++) await stripe.refunds.create({ payment_intent: paymentId, amount: 1 })
    expect(await payments.refundsOf(paymentId)).toHaveLength(205)
    const pages: number[] = []
    const ids = new Set<string>()
    let cursor: string | undefined
    do {
      const page = await payments.listRefunds(since, cursor)
      pages.push(page.refunds.length)
      for (const each of page.refunds) ids.add(each.providerRefundId)
      cursor = page.nextCursor
    } while (cursor !== undefined)
    expect(pages.slice(0, 2)).toEqual([100, 100])
    expect(ids.size).toBe(pages.reduce((sum, count) => sum + count, 0))
    const report = await inParts(payments, since, () => true)
    const sum = report.kinds.find(({ kind }) => kind === 'refund-not-ours')
    expect(sum?.count).toBeGreaterThanOrEqual(205)
    expect(report.findings).toHaveLength(200)
    expect(report.left).toBe(report.kinds.reduce((total, { count }) => total + count, 0) - 200)
  })
})
