import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { cancelOrder, getOrder, placeOrder, startCheckout } from '#shared/contracts/orders.ts'
import { getPayLink, holdLonger, makePayLink, payByLink, withdrawPayLink } from '#shared/contracts/payments.ts'
import { handler as orders } from '#functions/orders/index.ts'
import { giveUp } from '#functions/payments/give-up.ts'
import { handler } from '#functions/payments/index.ts'
import { handler as onTick } from '#functions/payments/on-tick.ts'
import { hashToken } from '#functions/payments/pay-link-store.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import { loadOrderParts } from '#functions/platform/table/order-partition.ts'
import { type Backend, ISSUER, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { beforeWriting } from '../fixtures/interleave.ts'
import { aMarket, aResident, aWorker } from '../fixtures/market.ts'
import { tick } from '../fixtures/ordering.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'

let backend: Backend
let provider: Provider
let gb = ''
beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  for (const sub of ['resident-1', 'resident-2']) await aResident(backend, sub)
  await aResident(backend, 'sister', 'resident-1')
  await aWorker(backend, 'worker-1')
})
afterAll(async () => {
  await provider.stop()
  await backend.stop()
})
beforeEach(async () => {
  gb = `gb-${randomUUID().slice(0, 8)}`
  await aMarket(backend, { groupBuyId: gb })
})
afterEach(() => vi.restoreAllMocks())

const COMPLETED = 'checkout.session.completed'
const MINUTE_MS = 60_000
const HELD_MS = 120 * MINUTE_MS

async function anOrder(as = 'resident-1', groupBuyId = gb): Promise<string> {
  const orderId = randomUUID()
  const lines = [{ groupBuyId, offerId: 'tomato', quantity: 1 }]
  expect(await call(orders, placeOrder, { params: { orderId }, body: { lines }, as })).toMatchObject({ status: 200 })
  return orderId
}

const make = (orderId: string, as = 'resident-1') => call(handler, makePayLink, { params: { orderId }, as })
async function aLink(orderId: string, as = 'resident-1'): Promise<string> {
  const made = await make(orderId, as)
  expect(made).toMatchObject({ status: 200 })
  return (made.body as { token: string }).token
}
const withdraw = (orderId: string, as = 'resident-1') => call(handler, withdrawPayLink, { params: { orderId }, as })
const longer = (orderId: string, as = 'resident-1') => call(handler, holdLonger, { params: { orderId }, as })
const look = (token: string) => call(handler, getPayLink, { params: { token } })
const open = (token: string) => call(handler, payByLink, { params: { token } })
const checkout = (orderId: string, as = 'resident-1') => call(handler, startCheckout, { params: { orderId }, as })
const urlOf = (answer: { body: unknown }) => (answer.body as { checkoutUrl: string }).checkoutUrl
const see = async (orderId: string, as = 'resident-1') =>
  (await call(orders, getOrder, { params: { orderId }, as })).body as Record<string, unknown>

async function payAt(checkoutUrl: string, orderId: string) {
  await provider.pay(checkoutUrl)
  const webhook = await provider.webhook(COMPLETED, orderId)
  return provider.deliver(handler, webhook)
}

async function available(offerId = 'tomato', groupBuyId = gb): Promise<number> {
  const { PK, SK } = keys.bucket(groupBuyId, offerId, 0)
  return Number((await backend.scan('market')).find((item) => item.PK === PK && item.SK === SK)?.available)
}

async function changeOrder(orderId: string, change: Record<string, unknown>): Promise<void> {
  const { PK, SK } = keys.order(orderId)
  const item = (await backend.scan('market')).find((each) => each.PK === PK && each.SK === SK)
  await backend.put('market', { ...item, ...change })
}
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString()
/** Its time is over, and the sweep finds it. */
const passTime = (orderId: string) =>
  changeOrder(orderId, { expiresAt: inMs(-1_000), GSI1SK: `${inMs(-1_000)}#${orderId}` })

describe('a pay-for-me link', () => {
  it('shows anybody the goods, the seller, the sum and how long they are held, and nothing of the household', async () => {
    const orderId = await anOrder()
    const token = await aLink(orderId)
    const { body, text } = await look(token)
    expect(body).toEqual({
      state: 'open',
      amountFen: 860,
      expiresAt: (await see(orderId))['expiresAt'],
      shares: [
        {
          groupBuyTitle: '示例团购',
          coopName: '示例合作社',
          villageName: '示例村',
          lines: [{ name: 'tomato', picture: 'tomato', unitLabel: '500 克', quantity: 1, amountFen: 860 }],
        },
      ],
    })
    const item = (await loadOrderParts(orderId))?.order
    for (const hidden of [orderId, 'resident-1', '示例小区', '东门', item?.pickUpCode ?? '?']) {
      expect(text).not.toContain(hidden)
    }
  })

  it('is kept nowhere, only its hash', async () => {
    const orderId = await anOrder()
    const token = await aLink(orderId)
    const stored = JSON.stringify(await backend.scan('market'))
    expect(stored).not.toContain(token)
    expect(stored).toContain(hashToken(token))
    expect(await see(orderId)).toMatchObject({ payLink: { madeAt: expect.any(String) } })
    expect(JSON.stringify(await see(orderId))).not.toContain(hashToken(token))
  })

  it('lets anybody pay, once: the webhook makes the order paid, and the link says so and no more', async () => {
    const orderId = await anOrder()
    const token = await aLink(orderId)
    const opened = await open(token)
    expect(opened).toMatchObject({ status: 200 })
    expect(Object.keys(opened.body as object).sort()).toEqual(['checkoutUrl', 'expiresAt'])
    expect(await payAt(urlOf(opened), orderId)).toMatchObject({ body: { outcome: 'applied' } })
    expect(await see(orderId)).toMatchObject({ state: 'paid' })
    expect((await look(token)).body).toEqual({ state: 'paid' })
    expect(await open(token)).toMatchObject({ status: 409, body: { code: 'ORDER_ALREADY_PAID' } })
    expect(await checkout(orderId)).toMatchObject({ body: { code: 'ORDER_ALREADY_PAID' } })
  })

  it('leads to the very page that its buyer has open, so that two people cannot pay twice', async () => {
    const orderId = await anOrder()
    const token = await aLink(orderId)
    const mine = await checkout(orderId)
    expect(urlOf(await open(token))).toBe(urlOf(mine))
    const pages = await Promise.all([open(token), checkout(orderId), open(token)])
    expect(new Set(pages.map(urlOf))).toEqual(new Set([urlOf(mine)]))
  })

  it('and its buyer, at the same instant and with no page open yet, come to one page', async () => {
    const orderId = await anOrder()
    const token = await aLink(orderId)
    const pages = await Promise.all([open(token), checkout(orderId), open(token), checkout(orderId)])
    expect(new Set(pages.map(urlOf)).size).toBe(1)
    expect((await loadOrderParts(orderId))?.order.sessionIds).toHaveLength(1)
  })

  it('ends with the order: given up or run out of time it tells nothing any more', async () => {
    const cancelled = await anOrder()
    const token = await aLink(cancelled)
    await call(handler, cancelOrder, { params: { orderId: cancelled }, as: 'resident-1' })
    expect((await look(token)).body).toEqual({ state: 'ended' })
    expect(await open(token)).toMatchObject({ status: 409, body: { code: 'PAY_LINK_ENDED' } })
    const late = await anOrder()
    const lateToken = await aLink(late)
    await passTime(late)
    expect((await look(lateToken)).body).toEqual({ state: 'checking' })
    expect(await open(lateToken)).toMatchObject({ status: 409, body: { code: 'PAYMENT_UNDER_WAY' } })
    await tick(onTick)
    expect((await look(lateToken)).body).toEqual({ state: 'ended' })
  })

  it('that nobody made does not exist', async () => {
    expect((await look('a'.repeat(43))).status).toBe(404)
    expect((await open('a'.repeat(43))).status).toBe(404)
    expect((await look('short')).status).toBe(404)
  })

  it('is made by whoever may, for an order that can be paid', async () => {
    const orderId = await anOrder()
    // Somebody who merely claims the same room, strangers, and workers who did not place it.
    for (const stranger of ['sister', 'resident-2', 'worker-1']) {
      expect((await make(orderId, stranger)).status).toBe(404)
      expect((await withdraw(orderId, stranger)).status).toBe(404)
      expect((await longer(orderId, stranger)).status).toBe(404)
    }
    const { checkoutUrl } = (await checkout(orderId)).body as { checkoutUrl: string }
    await payAt(checkoutUrl, orderId)
    expect(await make(orderId)).toMatchObject({ status: 409, body: { code: 'ORDER_ALREADY_PAID' } })
  })

  it('ends when a new one is made, and no order has more than ten', async () => {
    const orderId = await anOrder()
    const first = await aLink(orderId)
    const second = await aLink(orderId)
    expect((await look(first)).body).toEqual({ state: 'ended' })
    expect((await look(second)).body).toMatchObject({ state: 'open' })
    const more = await Promise.all(Array.from({ length: 12 }, () => make(orderId)))
    expect(more.filter(({ status }) => status === 200)).toHaveLength(8)
    const codes = more.filter(({ status }) => status !== 200).map(({ body }) => (body as { code: string }).code)
    expect(new Set(codes)).toEqual(new Set(['TOO_MANY_PAY_LINKS']))
  })

  it('is not made for an order that is given up in the same instant', async () => {
    const orderId = await anOrder()
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'payLink'),
      () => giveUp(orderId, 'cancelled', payments, new Date().toISOString()),
    )
    expect(await make(orderId)).toMatchObject({ status: 409, body: { code: 'ORDER_CANCELLED' } })
    expect((await loadOrderParts(orderId))?.order.payLink).toBeUndefined()
  })
})

describe('withdrawing a pay-for-me link', () => {
  it('ends it and the page that it led to; the buyer pays on a new one', async () => {
    const orderId = await anOrder()
    const token = await aLink(orderId)
    const page = urlOf(await open(token))
    expect(await withdraw(orderId)).toMatchObject({ status: 200, body: { withdrawn: true } })
    expect(await withdraw(orderId)).toMatchObject({ status: 200, body: { withdrawn: true } })
    expect((await look(token)).body).toEqual({ state: 'ended' })
    expect(await open(token)).toMatchObject({ body: { code: 'PAY_LINK_ENDED' } })
    const [sessionId = ''] = (await loadOrderParts(orderId))?.order.sessionIds ?? []
    expect((await payments.getSession(sessionId)).state).toBe('expired')
    const next = urlOf(await checkout(orderId))
    expect(next).not.toBe(page)
    expect(await payAt(next, orderId)).toMatchObject({ body: { outcome: 'applied' } })
    expect((await look(token)).body).toEqual({ state: 'ended' })
  })

  it('and opening a page by it in the same instant: no page comes of it', async () => {
    const orderId = await anOrder()
    const token = await aLink(orderId)
    beforeWriting(
      (writes) => writes.some(({ Update }) => Update?.UpdateExpression?.includes('#sessionIds') === true),
      () => withdraw(orderId),
    )
    expect(await open(token)).toMatchObject({ status: 409, body: { code: 'PAY_LINK_ENDED' } })
    expect((await loadOrderParts(orderId))?.order.sessionIds).toEqual([])
  })

  it('is told when somebody has just paid: nothing is lost', async () => {
    const orderId = await anOrder()
    const token = await aLink(orderId)
    await provider.pay(urlOf(await open(token)))
    // Its webhook has not come yet.
    expect(await withdraw(orderId)).toMatchObject({ status: 409, body: { code: 'ORDER_ALREADY_PAID' } })
    expect(await see(orderId)).toMatchObject({ state: 'paid' })
    expect(await withdraw(orderId)).toMatchObject({ status: 409, body: { code: 'ORDER_ALREADY_PAID' } })
  })

  it('is done although the provider does not answer, and done again ends its page as well', async () => {
    const orderId = await anOrder()
    const token = await aLink(orderId)
    const page = urlOf(await open(token))
    vi.spyOn(payments, 'expireSession').mockRejectedValueOnce(new Error('no answer'))
    expect((await withdraw(orderId)).status).toBe(503)
    expect((await look(token)).body).toEqual({ state: 'ended' })
    expect(await withdraw(orderId)).toMatchObject({ status: 200 })
    expect(await provider.pay(page)).toBe(409)
  })

  it('in the instant in which somebody pays leaves the link to say that it is paid', async () => {
    const orderId = await anOrder()
    const token = await aLink(orderId)
    const page = urlOf(await open(token))
    beforeWriting(
      (writes) => writes.some(({ Update }) => Update?.UpdateExpression === 'REMOVE #payLink'),
      () => payAt(page, orderId),
    )
    expect(await withdraw(orderId)).toMatchObject({ status: 409, body: { code: 'ORDER_ALREADY_PAID' } })
    expect((await look(token)).body).toEqual({ state: 'paid' })
  })
})

/** Of a household that has nothing held longer. */
async function somebodyNew(): Promise<string> {
  const sub = `person-${randomUUID().slice(0, 8)}`
  await aResident(backend, sub)
  return sub
}

describe('holding an order longer for its link', () => {
  it('lasts two hours, once, and the sweep keeps to it', async () => {
    const me = await somebodyNew()
    const orderId = await anOrder(me)
    expect(await longer(orderId, me)).toMatchObject({ status: 409, body: { code: 'PAY_LINK_NEEDED' } })
    const token = await aLink(orderId, me)
    const first = await longer(orderId, me)
    const { expiresAt } = first.body as { expiresAt: string }
    expect(Math.abs(Date.parse(expiresAt) - Date.now() - HELD_MS)).toBeLessThan(30_000)
    await new Promise((done) => setTimeout(done, 20))
    expect(await longer(orderId, me)).toMatchObject({ status: 200, body: { expiresAt } })
    expect((await look(token)).body).toMatchObject({ state: 'open', expiresAt })
    expect(await see(orderId, me)).toMatchObject({ expiresAt, heldLongerAt: expect.any(String) })
    // By its new time and not by the old one.
    const { GSI1SK } =
      (await backend.scan('market')).find((item) => item.PK === `ORDER#${orderId}` && item.SK === 'ORDER') ?? {}
    expect(GSI1SK).toBe(`${expiresAt}#${orderId}`)
    await passTime(orderId)
    await tick(onTick)
    expect(await see(orderId, me)).toMatchObject({ state: 'expired' })
    expect(await available()).toBe(10)
  })

  it('its payment page lives as long, within what the provider allows', async () => {
    const me = await somebodyNew()
    const orderId = await anOrder(me)
    const token = await aLink(orderId, me)
    const { expiresAt } = (await longer(orderId, me)).body as { expiresAt: string }
    const page = (await open(token)).body as { expiresAt: string }
    expect(Date.parse(page.expiresAt)).toBeGreaterThan(Date.parse(expiresAt))
    expect(Date.parse(page.expiresAt) - Date.parse(expiresAt)).toBeLessThanOrEqual(MINUTE_MS)
  })

  it('never goes past the closing', async () => {
    const me = await somebodyNew()
    const soon = `gb-${randomUUID().slice(0, 8)}`
    const closesAt = inMs(40 * MINUTE_MS)
    await aMarket(backend, { groupBuyId: soon, closesAt })
    const orderId = await anOrder(me, soon)
    await aLink(orderId, me)
    expect(await longer(orderId, me)).toMatchObject({ status: 200, body: { expiresAt: closesAt } })
    await call(handler, cancelOrder, { params: { orderId }, as: me })
    const sooner = `gb-${randomUUID().slice(0, 8)}`
    await aMarket(backend, { groupBuyId: sooner, closesAt: inMs(10 * MINUTE_MS) })
    const late = await anOrder(me, sooner)
    await aLink(late, me)
    expect(await longer(late, me)).toMatchObject({ status: 409, body: { code: 'CLOSES_TOO_SOON' } })
  })

  it('is not done when the group buy closes earlier in the same instant', async () => {
    const me = await somebodyNew()
    const orderId = await anOrder(me)
    await aLink(orderId, me)
    const closesAt = inMs(30 * MINUTE_MS)
    beforeWriting(
      (writes) => writes.some(({ ConditionCheck }) => ConditionCheck !== undefined),
      () => aMarket(backend, { groupBuyId: gb, closesAt }),
    )
    expect(await longer(orderId, me)).toMatchObject({ status: 200, body: { expiresAt: closesAt } })
    await call(handler, cancelOrder, { params: { orderId }, as: me })
  })

  it('is for one unpaid order of a household at a time, however many ask at once', async () => {
    await aResident(backend, 'grabber')
    const mine = await Promise.all(Array.from({ length: 4 }, () => anOrder('grabber')))
    for (const orderId of mine) await aLink(orderId, 'grabber')
    const answers = await Promise.all(mine.map((orderId) => longer(orderId, 'grabber')))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const refusals = answers.filter(({ status }) => status !== 200).map(({ body }) => (body as { code: string }).code)
    expect(refusals).toEqual(Array(3).fill('HELD_LONGER_ELSEWHERE'))
    const [held = ''] = mine.filter((_, at) => answers[at]?.status === 200)
    const [next = '', other = ''] = mine.filter((orderId) => orderId !== held)
    // Over its time but not given up: its stock is still held.
    await passTime(held)
    expect(await longer(next, 'grabber')).toMatchObject({ body: { code: 'HELD_LONGER_ELSEWHERE' } })
    await tick(onTick)
    // Now it is over, and both of the others are asked for at once.
    const again = await Promise.all([next, other].map((orderId) => longer(orderId, 'grabber')))
    expect(again.map(({ status }) => status).sort()).toEqual([200, 409])
    const [second, third] = again[0]?.status === 200 ? [next, other] : [other, next]
    // A paid one is not unpaid: the next may be held.
    await payAt(urlOf(await checkout(second, 'grabber')), second)
    expect(await longer(third, 'grabber')).toMatchObject({ status: 200 })
  })

  it('and the sweep at the same instant: whoever is second does nothing', async () => {
    const me = await somebodyNew()
    const orderId = await anOrder(me)
    await aLink(orderId, me)
    const before = (await loadOrderParts(orderId))?.order.expiresAt ?? ''
    // The sweep read it as over (its clock is ahead); before it marks it, the household is given two hours.
    beforeWriting(
      (writes) => writes.some(({ Update }) => Update?.ExpressionAttributeValues?.[':expiring']?.S === 'expiring'),
      () => longer(orderId, me),
    )
    expect(await giveUp(orderId, 'expired', payments, before)).toBe('held')
    expect(await see(orderId, me)).toMatchObject({ state: 'pending_payment' })
    vi.restoreAllMocks()
    // The other way round: it is marked before the hold is written.
    const you = await somebodyNew()
    const other = await anOrder(you)
    await aLink(other, you)
    beforeWriting(
      (writes) => writes.some(({ ConditionCheck }) => ConditionCheck !== undefined),
      async () => {
        await passTime(other)
        await giveUp(other, 'expired', payments, new Date().toISOString())
      },
    )
    expect(await longer(other, you)).toMatchObject({ status: 409, body: { code: 'ORDER_EXPIRED' } })
    expect(await see(other, you)).toMatchObject({ state: 'expired' })
  })

  it('is not done for a link that is withdrawn in the same instant', async () => {
    const me = await somebodyNew()
    const orderId = await anOrder(me)
    await aLink(orderId, me)
    beforeWriting(
      (writes) => writes.some(({ ConditionCheck }) => ConditionCheck !== undefined),
      () => withdraw(orderId, me),
    )
    expect(await longer(orderId, me)).toMatchObject({ status: 409, body: { code: 'PAY_LINK_NEEDED' } })
  })

  it('asked for six times at once is one hold with one answer', async () => {
    const me = await somebodyNew()
    const orderId = await anOrder(me)
    await aLink(orderId, me)
    const answers = await Promise.all(Array.from({ length: 6 }, () => longer(orderId, me)))
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
  })

  it('and paying at the same instant: paid is paid', async () => {
    const me = await somebodyNew()
    const orderId = await anOrder(me)
    const token = await aLink(orderId, me)
    const page = urlOf(await open(token))
    beforeWriting(
      (writes) => writes.some(({ ConditionCheck }) => ConditionCheck !== undefined),
      () => payAt(page, orderId),
    )
    expect(await longer(orderId, me)).toMatchObject({ status: 409, body: { code: 'ORDER_ALREADY_PAID' } })
    const item = (await loadOrderParts(orderId))?.order
    expect(item).toMatchObject({ state: 'paid' })
    expect(item).not.toHaveProperty('heldLongerAt')
  })
})

it('a link leaves no trace in what is logged', async () => {
  const lines: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0)
  vi.spyOn(console, 'log').mockImplementation((...all) => void lines.push(all.join(' ')))
  const token = await aLink(await anOrder())
  await look(token)
  await open(token)
  vi.restoreAllMocks()
  expect(lines.length).toBeGreaterThan(0)
  for (const secret of [token, hashToken(token), ISSUER]) expect(lines.join('\n')).not.toContain(secret)
})
