import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listParkedMoney } from '#shared/contracts/payments.ts'
import { refundOrder } from '#shared/contracts/orders.ts'
import { checkoutQuick, lookQuick, payQuick, placeQuick } from '../../cdk/tools/bench/quick-order.ts'
import {
  type Household,
  makeDistrict,
  openOffers,
  settleIn,
  type SmallDistrict,
} from '../../cdk/tools/bench/small-district.ts'
import { mintOf } from '../../cdk/tools/bench/tokens.ts'
import { eachOf, must, send } from '../../cdk/tools/demo/http-client.ts'
import { type OwnSystem, startOwnSystem } from '../../cdk/tools/demo/own-system.ts'
import { SandboxControl } from '../../cdk/tools/demo/sandbox.ts'
import { countBy, leftOf, salesIn, soundEntries, until } from './system-order-life.ts'

/** Goal: whatever happens at once, exactly what exists is sold. Method: a whole system, asked over HTTP as fast as it goes. */
const HOUSEHOLDS = 1_000
const IN_FLIGHT = 300
const PORTIONS = 200
const TICK_MS = 2_000

let system: OwnSystem
let district: SmallDistrict
let households: Household[]

beforeAll(async () => {
  system = await startOwnSystem({
    seed: false,
    tickSeconds: TICK_MS / 1_000,
    reservationMinutes: 15,
    afterSalesHours: 48,
  })
  district = await makeDistrict(system.url, await mintOf(system.dataDir), 2)
  households = await settleIn(district, HOUSEHOLDS)
})
afterAll(async () => system?.close())

/** A thousand households want one portion each, all at once; who gets one pays for it. */
async function rush(groupBuyId: string, buckets: number): Promise<void> {
  const { offerIds } = await openOffers(district, groupBuyId, [{ priceFen: 860, stock: PORTIONS, limit: 1, buckets }])
  const offerId = offerIds[0] ?? ''
  let inFlight = 0
  let most = 0
  const won: { orderId: string; household: Household }[] = []
  const lost: string[] = []
  await eachOf(households, IN_FLIGHT, async (household) => {
    most = Math.max(most, ++inFlight)
    const placed = await placeQuick(system.url, household, [{ groupBuyId, offerId, quantity: 1 }])
    inFlight -= 1
    if (placed.status === 200) won.push({ orderId: placed.orderId, household })
    else lost.push(`${placed.status} ${placed.code}`)
    expect(placed.tries, 'nobody is told to come back later').toBe(1)
  })
  expect(most).toBeGreaterThanOrEqual(256)
  expect(countBy(lost, (answer) => answer)).toEqual({ '409 OFFER_SOLD_OUT': HOUSEHOLDS - PORTIONS })
  expect(won).toHaveLength(PORTIONS)
  expect(await leftOf(district, groupBuyId, offerId)).toBe(0)
  await eachOf(won, 32, async ({ orderId, household }) => payQuick(await checkoutQuick(system.url, household, orderId)))
  const entries = await until(
    60_000,
    () => soundEntries(district),
    (found) => salesIn(found, groupBuyId).length >= PORTIONS,
  )
  const sales = salesIn(entries, groupBuyId)
  expect(sales).toHaveLength(PORTIONS)
  expect(new Set(sales.map(({ saleId }) => saleId)).size).toBe(PORTIONS)
  expect(await leftOf(district, groupBuyId, offerId)).toBe(0)
}

describe('a thousand households and two hundred portions', () => {
  it('sells exactly two hundred', () => rush('gb-hot', 1))

  it('sells exactly two hundred out of several buckets', () => rush('gb-hot-buckets', 5))

  it('sells exactly two hundred while transactions conflict, are throttled, and answers get lost', async () => {
    await system.setFaults({
      seed: 7,
      conflictRate: 0.08,
      throttleRate: 0.03,
      timeoutAfterCommitRate: 0.04,
      streamRepeatRate: 0.2,
      streamDelayMs: 50,
    })
    const before = await injected()
    await rush('gb-hot-faults', 1)
    const after = await injected()
    await system.setFaults(null)
    for (const kind of ['conflicts', 'throttled', 'lostAnswers'] as const) {
      expect(after[kind] - before[kind], `${kind} were injected`).toBeGreaterThan(10)
    }
  })
})

async function injected() {
  const { functions } = await system.stats()
  const sum = (of: (each: (typeof functions)[number]) => number) =>
    functions.reduce((total, each) => total + of(each), 0)
  return {
    conflicts: sum((each) => each.injected.conflicts),
    throttled: sum((each) => each.injected.throttled),
    lostAnswers: sum((each) => each.injected.lostAnswers),
  }
}

describe('the same thing told again', () => {
  it('takes one order of twenty requests with the same id sent at once', async () => {
    const { groupBuyId, offerIds } = await openOffers(district, 'gb-again', [{ priceFen: 700, stock: 100, limit: 50 }])
    const offerId = offerIds[0] ?? ''
    const [household] = households
    if (household === undefined) throw new Error('somebody lives here')
    const orderId = randomUUID()
    const lines = [{ groupBuyId, offerId, quantity: 2 }]
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => placeQuick(system.url, household, lines, orderId)),
    )
    expect(countBy(answers, ({ status }) => String(status))).toEqual({ 200: 20 })
    expect(await leftOf(district, groupBuyId, offerId)).toBe(98)
    const other = await placeQuick(system.url, household, [{ groupBuyId, offerId, quantity: 3 }], orderId)
    expect(other.code).toBe('ORDER_ID_REUSED')
    await payQuick(await checkoutQuick(system.url, household, orderId))
    const isPaid = (seen: { state: string }) => seen.state === 'paid'
    const { shares } = await until(10_000, () => lookQuick(system.url, household, orderId), isPaid)
    expect(shares).toHaveLength(1)
    const inFund = () => soundEntries(district)
    const entries = await until(20_000, inFund, (found) => salesIn(found, groupBuyId).length > 0)
    expect(salesIn(entries, groupBuyId).map(({ saleId }) => saleId)).toEqual([shares[0]?.saleId])
  })

  it('records one sale of each webhook that comes three times in any order', async () => {
    const { groupBuyId, offerIds } = await openOffers(district, 'gb-webhooks', [
      { priceFen: 930, stock: 500, limit: 9 },
    ])
    const lines = [{ groupBuyId, offerId: offerIds[0] ?? '', quantity: 1 }]
    const sandbox = new SandboxControl(system.payUrl)
    const before = await sandbox.now()
    await sandbox.setFaults({ webhookCopies: 3, webhookDisorderMs: 600, asyncPaymentDelayMs: 150 })
    const buyers = households.slice(0, 60)
    const orders: { orderId: string; household: Household }[] = []
    await eachOf(buyers, 20, async (household, at) => {
      const { orderId, status } = await placeQuick(system.url, household, lines)
      expect(status).toBe(200)
      const page = await checkoutQuick(system.url, household, orderId)
      await (at % 3 === 0 ? payLater(page) : payQuick(page))
      orders.push({ orderId, household })
    })
    await eachOf(orders, 20, async ({ orderId, household }) => {
      await until(
        20_000,
        () => lookQuick(system.url, household, orderId),
        ({ state }) => state === 'paid',
      )
    })
    const token = await district.mint('worker-1')
    const refunded = orders.slice(0, 10)
    await eachOf(refunded, 5, async ({ orderId }) => {
      await must(system.url, refundOrder, {
        params: { orderId },
        body: { refundId: randomUUID(), reason: 'refund' },
        token,
      })
    })
    await until(
      20_000,
      () => sandbox.pending(),
      (pending) => pending === 0,
    )
    await sandbox.setFaults({ webhookCopies: 1, webhookDisorderMs: 0, asyncPaymentDelayMs: 1_000 })
    const told = (await sandbox.deliveries(0)).filter(({ objectId }) => objectId?.startsWith('cs_'))
    expect(Math.max(...Object.values(countBy(told, ({ eventId }) => eventId)))).toBe(3)
    const entries = await until(
      20_000,
      () => soundEntries(district),
      (found) =>
        salesIn(found, groupBuyId).length >= 60 &&
        found.filter((entry) => entry.kind === 'reversal' && entry.groupBuyId === groupBuyId).length >= 10,
    )
    expect(salesIn(entries, groupBuyId)).toHaveLength(60)
    const reversals = entries.filter((entry) => entry.kind === 'reversal' && entry.groupBuyId === groupBuyId)
    expect(reversals).toHaveLength(10)
    expect((await must(system.url, listParkedMoney, { token: district.admin })).items).toEqual([])
    // Had a repeated message been taken for a second payment, its money would be on its way back by now.
    await sleep(2 * TICK_MS)
    const given = (await sandbox.deliveries(before)).filter(({ type }) => type === 'refund.created')
    expect(new Set(given.map(({ objectId }) => objectId)).size).toBe(refunded.length)
  })
})

async function payLater(page: string): Promise<void> {
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await send(page, { method: 'POST', headers, body: 'method=alipay&outcome=async_paid' })
  expect(answer.status).toBe(200)
}
