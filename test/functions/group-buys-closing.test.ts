import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { collectShares, placeOrder, refundOrder } from '#shared/contracts/orders.ts'
import { lineIdOf } from '#shared/kernel/ids.ts'
import { handler as closingTick } from '#functions/group-buys/on-tick.ts'
import { handler as ordersHandler } from '#functions/orders/index.ts'
import { giveUp } from '#functions/payments/give-up.ts'
import { handler as paymentsHandler } from '#functions/payments/index.ts'
import { handler as paymentsTick } from '#functions/payments/on-tick.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import { handler as settlementTick } from '#functions/settlement/on-tick.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { beforeWriting, killWritesAfter } from '../fixtures/interleave.ts'
import { aMarket, aResident, aWorker, type OfferGiven, passClosing } from '../fixtures/market.ts'
import { lookAt, ordering, tick, type Wanted, whenOver } from '../fixtures/ordering.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'

let backend: Backend
let provider: Provider
let residents: ReturnType<typeof ordering>
const PEOPLE = 6
beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  residents = ordering(backend, provider)
  for (let n = 1; n <= PEOPLE; n++) await aResident(backend, `resident-${n}`)
  await aWorker(backend, 'worker-1')
})
afterAll(async () => {
  await provider.stop()
  await backend.stop()
})
afterEach(() => vi.restoreAllMocks())

const TOMATO: OfferGiven = {
  offerId: 'tomato',
  priceFen: 860,
  stock: 50,
  priceSteps: [
    { fromPortions: 6, priceFen: 820 },
    { fromPortions: 12, priceFen: 790 },
  ],
}

async function aGroupBuy(given: { success?: { kind: string; minimum: number }; offers?: OfferGiven[] } = {}) {
  const groupBuyId = `gb-${randomUUID().slice(0, 8)}`
  await aMarket(backend, { groupBuyId, offers: [TOMATO, { offerId: 'cucumber', priceFen: 430, stock: 50 }], ...given })
  return groupBuyId
}

const as = (n: number) => `resident-${n}`
const place = (gb: string, n: number, wanted: Wanted) => residents.place(gb, as(n), wanted)
const pay = (orderId: string, n: number) => residents.pay(orderId, as(n))
const buy = (gb: string, n: number, wanted: Wanted) => residents.buy(gb, as(n), wanted)
const close = (gb: string) => residents.close(gb)
const look = (gb: string) => lookAt(backend, gb)

const sum = (amounts: readonly unknown[]) => amounts.reduce((total: number, each) => total + Number(each), 0)

describe('a group buy that closes', () => {
  it('takes place: shares are confirmed and everybody gets the last price', async () => {
    const gb = await aGroupBuy()
    const first = await buy(gb, 1, { tomato: 4, cucumber: 1 })
    const second = await buy(gb, 2, { tomato: 3 })
    const third = await buy(gb, 3, { cucumber: 2 })
    await close(gb)
    const { groupBuy, watch, shares, refunds, reversals } = await look(gb)
    expect(groupBuy).toMatchObject({
      state: 'confirmed',
      decided: { orders: 3, households: 3, portions: 10, amountFen: 7 * 860 + 3 * 430 },
      finalPrices: { tomato: 820, cucumber: 430 },
    })
    expect(watch).toBe('settle')
    expect([first, second, third].map((id) => shares.get(id)?.state)).toEqual(['confirmed', 'confirmed', 'confirmed'])
    expect([first, second, third].map((id) => shares.get(id)?.refundedFen)).toEqual([160, 120, 0])
    expect(refunds.map((refund) => [refund.reason, refund.amountFen]).sort()).toEqual([
      ['price-step', 120],
      ['price-step', 160],
    ])
    expect(reversals.map((event) => [event.reason, event.amountFen]).sort()).toEqual([
      ['price-step', 120],
      ['price-step', 160],
    ])
  })

  it('fails its rule: every fen goes back, at the provider too, and nothing is sold', async () => {
    const gb = await aGroupBuy({ success: { kind: 'portions', minimum: 8 } })
    const first = await buy(gb, 1, { tomato: 4 })
    const second = await buy(gb, 2, { tomato: 3 })
    await close(gb)
    const { groupBuy, watch, shares, refunds, reversals } = await look(gb)
    expect(groupBuy).toMatchObject({ state: 'ended', decided: { orders: 2, portions: 7 } })
    expect(watch).toBe('settle')
    expect([first, second].map((id) => shares.get(id)?.state)).toEqual(['refunded', 'refunded'])
    expect(sum(refunds.map((refund) => refund.amountFen))).toBe(7 * 860)
    expect(sum(reversals.map((event) => event.amountFen))).toBe(7 * 860)
    expect(new Set(refunds.map((refund) => refund.reason))).toEqual(new Set(['failed-group']))
    for (const { refundId } of refunds)
      expect((await provider.webhook('refund.updated', String(refundId))).type).toBeDefined()
  })

  it('without any order has failed and has nothing to give back', async () => {
    const gb = await aGroupBuy()
    await close(gb)
    expect(await look(gb)).toMatchObject({ groupBuy: { state: 'ended', decided: { orders: 0 } }, refunds: [] })
  })

  it('waits for whoever may still pay, and counts them once they have', async () => {
    const gb = await aGroupBuy({ success: { kind: 'households', minimum: 2 } })
    await buy(gb, 1, { tomato: 1 })
    const late = await place(gb, 2, { tomato: 1 })
    await passClosing(backend, gb)
    expect(await tick(closingTick)).toMatchObject({ closed: 1, decided: 0, waiting: 1 })
    await tick(paymentsTick)
    expect(await look(gb)).toMatchObject({ groupBuy: { state: 'closing' }, watch: 'decide', refunds: [] })
    await pay(late, 2)
    expect(await tick(closingTick)).toMatchObject({ decided: 1 })
    expect((await look(gb)).groupBuy).toMatchObject({ state: 'confirmed', decided: { households: 2 } })
  })

  it('does not count who gave up while it waited', async () => {
    const gb = await aGroupBuy({ success: { kind: 'households', minimum: 2 } })
    const paid = await buy(gb, 1, { tomato: 1 })
    const late = await place(gb, 2, { tomato: 1 })
    await passClosing(backend, gb)
    await tick(closingTick)
    await giveUp(late, 'expired', payments, whenOver())
    await tick(closingTick)
    await tick(paymentsTick)
    const { groupBuy, shares } = await look(gb)
    expect(groupBuy).toMatchObject({ state: 'ended', decided: { households: 1 } })
    expect([shares.get(paid)?.state, shares.get(late)?.state]).toEqual(['refunded', 'failed'])
  })

  it('leaves the other group buys of the same order alone', async () => {
    const fails = await aGroupBuy({ success: { kind: 'portions', minimum: 40 } })
    const goesOn = await aGroupBuy()
    const orderId = randomUUID()
    const lines = [fails, goesOn].map((groupBuyId) => ({ groupBuyId, offerId: 'tomato', quantity: 2 }))
    await call(ordersHandler, placeOrder, { params: { orderId }, body: { lines }, as: 'resident-1' })
    await pay(orderId, 1)
    await close(fails)
    expect((await look(fails)).shares.get(orderId)).toMatchObject({ state: 'refunded', refundedFen: 1720 })
    expect((await look(goesOn)).shares.get(orderId)).toMatchObject({ state: 'reserved', refundedFen: 0 })
  })

  it('gives back the difference of what is still paid for, after a worker refunded a part or all', async () => {
    const gb = await aGroupBuy()
    const part = await buy(gb, 1, { tomato: 5 })
    const whole = await buy(gb, 2, { tomato: 1 })
    const others = await buy(gb, 3, { tomato: 5 })
    for (const [orderId, lines] of [
      [part, [{ saleId: String((await look(gb)).shares.get(part)?.saleId), lineId: lineIdOf(0, 0), amountFen: 860 }]],
      [whole, undefined],
    ] as const) {
      const body = { refundId: randomUUID(), reason: 'refund', ...(lines === undefined ? {} : { lines }) }
      const answer = await call(paymentsHandler, refundOrder, { params: { orderId }, body, as: 'worker-1' })
      expect(answer).toMatchObject({ status: 200 })
    }
    await close(gb)
    const { groupBuy, shares } = await look(gb)
    expect(groupBuy).toMatchObject({ decided: { orders: 2, portions: 10 }, finalPrices: { tomato: 820 } })
    expect(shares.get(part)).toMatchObject({ state: 'confirmed', refundedFen: 860 + 160 })
    expect(shares.get(whole)).toMatchObject({ state: 'refunded', refundedFen: 860 })
    expect(shares.get(others)).toMatchObject({ state: 'confirmed', refundedFen: 200 })
  })

  it('run again, and by two at once, does nothing more', async () => {
    const gb = await aGroupBuy()
    await buy(gb, 1, { tomato: 4 })
    await buy(gb, 2, { tomato: 3 })
    await passClosing(backend, gb)
    await Promise.all([tick(closingTick), tick(closingTick)])
    await Promise.all([tick(paymentsTick), tick(paymentsTick)])
    const once = await look(gb)
    expect(once.refunds).toHaveLength(2)
    expect(sum([...once.shares.values()].map((share) => share.refundedFen))).toBe(280)
    await tick(closingTick)
    await tick(paymentsTick)
    const again = await look(gb)
    expect(again.groupBuy).toEqual(once.groupBuy)
    expect(again.shares).toEqual(once.shares)
    expect(again.reversals).toEqual(once.reversals)
  })

  it.each(['confirmed', 'failed'] as const)(
    'cut off between any two of its writes ends the same: %s',
    async (outcome) => {
      const success = { kind: 'portions', minimum: outcome === 'failed' ? 40 : 2 }
      for (let cutAfter = 0; cutAfter < 15; cutAfter++) {
        const gb = await aGroupBuy({ success })
        await buy(gb, 1, { tomato: 4 })
        await buy(gb, 2, { tomato: 3 })
        await passClosing(backend, gb)
        killWritesAfter(cutAfter)
        await tick(closingTick)
        await tick(paymentsTick)
        vi.restoreAllMocks()
        await tick(closingTick)
        await tick(paymentsTick)
        const { groupBuy, watch, shares, refunds, reversals } = await look(gb)
        expect([cutAfter, groupBuy.state, watch]).toEqual([
          cutAfter,
          outcome === 'failed' ? 'ended' : 'confirmed',
          'settle',
        ])
        const expected = outcome === 'failed' ? [4 * 860, 3 * 860] : [160, 120]
        expect([...shares.values()].map((share) => Number(share.refundedFen)).sort()).toEqual(expected.toSorted())
        expect(refunds).toHaveLength(2)
        expect(sum(reversals.map((event) => event.amountFen))).toBe(sum(expected))
        expect(new Set(refunds.map((refund) => refund.state))).not.toContain('decided')
      }
    },
    60_000,
  )

  it('settles its sales when the after-sales window is over, and only then is nothing left to do', async () => {
    const gb = await aGroupBuy()
    await buy(gb, 1, { tomato: 2 })
    await close(gb)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10 * 86_400_000 })
    await tick(settlementTick)
    vi.useRealTimers()
    const { groupBuy, watch, shares } = await look(gb)
    expect(watch).toBeUndefined()
    expect(groupBuy.salesSettledAt).toBeDefined()
    expect([...shares.values()].map((share) => share.settledAt !== undefined)).toEqual([true])
  })

  it('does not settle before everything is given back', async () => {
    const gb = await aGroupBuy({ success: { kind: 'portions', minimum: 40 } })
    await buy(gb, 1, { tomato: 2 })
    await passClosing(backend, gb)
    await tick(closingTick)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10 * 86_400_000 })
    await tick(settlementTick)
    vi.useRealTimers()
    expect((await look(gb)).watch).toBe('refund')
  })

  it('does not bring back goods that were handed out while a slow run was under way', async () => {
    const gb = await aGroupBuy()
    const orderId = await buy(gb, 1, { cucumber: 1 })
    await passClosing(backend, gb)
    await tick(closingTick)
    let met = false
    beforeWriting(
      ([write]) => write?.Update?.ExpressionAttributeValues?.[':state']?.S === 'confirmed',
      async () => {
        met = true
        // Another run is faster, and so is the counter.
        await tick(paymentsTick)
        const { shares } = await look(gb)
        const lines = [{ saleId: shares.get(orderId)?.saleId, lineId: '1-1', portions: 1 }]
        const body = { pickUpId: randomUUID(), lines }
        const collected = await call(ordersHandler, collectShares, { params: { orderId }, body, as: 'worker-1' })
        expect(collected).toMatchObject({ status: 200 })
      },
    )
    await tick(paymentsTick)
    vi.restoreAllMocks()
    expect(met).toBe(true)
    expect((await look(gb)).shares.get(orderId)?.state).toBe('collected')
  })

  it('is not done with because a run had no time', async () => {
    const gb = await aGroupBuy({ success: { kind: 'portions', minimum: 40 } })
    const orderId = await buy(gb, 1, { tomato: 2 })
    await passClosing(backend, gb)
    await tick(closingTick)
    await tick(paymentsTick, 0)
    const before = await look(gb)
    expect([before.watch, before.shares.get(orderId)?.state, before.refunds]).toEqual(['refund', 'reserved', []])
    await tick(paymentsTick)
    expect((await look(gb)).shares.get(orderId)?.state).toBe('refunded')
  })
})
