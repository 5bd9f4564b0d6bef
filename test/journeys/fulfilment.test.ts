import { randomUUID } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { theSystem, type TheSystem } from '#test/fixtures/system.ts'
import { axeViolations, openBrowser, openPage, phone } from './browser.ts'

/** From the closing of a group buy to the last bag, as the co-op and the worker live it. */
let system: TheSystem
let browser: Browser
const complaints: string[] = []
const groupBuyId = `gb-life-${randomUUID().slice(0, 8)}`

beforeAll(async () => {
  system = await theSystem()
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await system?.close()
})

type Json = Record<string, unknown>
async function ask(method: string, path: string, as: string, body?: Json): Promise<Json> {
  const answer = await fetch(system.url + path, {
    method,
    headers: { authorization: `Bearer ${await system.token(as)}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const found = (await answer.json()) as Json
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(found)}`)
  return found
}

type Membership = { role: string; scopeId: string; compoundId?: string }
async function memberships(as: string): Promise<Membership[]> {
  return (await ask('GET', '/api/places/me', as)).memberships as Membership[]
}

async function signIn(page: Page, account: string, path: string): Promise<void> {
  await page.goto(`${system.url}/sign-in?returnTo=${encodeURIComponent(path)}`)
  await page.locator('#account').fill(account)
  await page.locator('button.go').click()
  await page.waitForURL((url) => url.origin === system.url)
}

/** A co-op of a paired village sells melons that are weighed and tomatoes that are not; the window ends in a moment. */
async function openShortly(coopId: string, compoundId: string, closesInMs: number): Promise<void> {
  const listing = (name: string, picture: string, priceFen: number, saleUnit: Json) => ({
    ...{
      version: 0,
      name,
      category: 'fruit',
      picture,
      saleUnit,
      priceFen,
      temperatureZone: 'ambient',
      state: 'active',
    },
  })
  const melon = `${coopId}.life-melon-${groupBuyId.slice(-8)}`
  const tomato = `${coopId}.life-tomato-${groupBuyId.slice(-8)}`
  const weighed = { by: 'weight', portionGrams: 2500, weighed: true }
  await ask(
    'PUT',
    `/api/catalogue/coops/${coopId}/listings/${melon}`,
    'coop-1',
    listing('冬瓜（整个）', 'melon', 1000, weighed),
  )
  const plain = { by: 'weight', portionGrams: 500 }
  await ask(
    'PUT',
    `/api/catalogue/coops/${coopId}/listings/${tomato}`,
    'coop-1',
    listing('西红柿', 'tomato', 860, plain),
  )
  const at = (ms: number) => new Date(Date.now() + ms).toISOString()
  await ask('PUT', `/api/group-buys/${groupBuyId}`, 'coop-1', {
    ...{ coopId, title: '周末尝鲜', compoundIds: [compoundId] },
    ...{ opensAt: at(-60_000), closesAt: at(closesInMs), pickUpStartsAt: at(closesInMs), pickUpEndsAt: at(7_200_000) },
    offers: [
      { offerId: 'melon', listingId: melon, priceFen: 1000, stock: 20, perHouseholdLimit: 5 },
      { offerId: 'tomato', listingId: tomato, priceFen: 860, stock: 20, perHouseholdLimit: 5 },
    ],
  })
}

async function buy(as: string, wanted: Record<string, number>): Promise<string> {
  const orderId = randomUUID()
  const lines = Object.entries(wanted).map(([offerId, quantity]) => ({ groupBuyId, offerId, quantity }))
  await ask('PUT', `/api/orders/${orderId}`, as, { lines })
  const { checkoutUrl } = await ask('POST', `/api/orders/${orderId}/checkout`, as)
  const paid = await fetch(String(checkoutUrl), {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'method=alipay&outcome=paid',
  })
  expect(paid.ok).toBe(true)
  await expect
    .poll(async () => (await ask('GET', `/api/orders/${orderId}`, as)).state, { timeout: 30_000 })
    .toBe('paid')
  return orderId
}

it('what is short and what is too light goes back by itself, and the rest is handed out', async () => {
  const compoundId = String((await memberships('resident-1')).find(({ role }) => role === 'resident')?.compoundId)
  const coopId = String((await memberships('coop-1')).find(({ role }) => role === 'coop')?.scopeId)
  await openShortly(coopId, compoundId, 20_000)
  const first = await buy('resident-1', { melon: 1, tomato: 2 })
  const second = await buy('resident-1', { tomato: 3 })
  const state = async () => (await ask('GET', `/api/group-buys/${groupBuyId}`, 'coop-1')).state
  await expect.poll(state, { timeout: 60_000, interval: 250 }).toBe('confirmed')
  const shareOf = async (orderId: string) =>
    ((await ask('GET', `/api/orders/${orderId}`, 'resident-1')).shares as { state: string }[])[0]?.state
  await expect.poll(() => shareOf(second), { timeout: 60_000, interval: 250 }).toBe('confirmed')

  const coop = await openPage(browser, phone, complaints)
  await signIn(coop, 'coop-1', `/coop/group-buys/${groupBuyId}/purchase-order`)
  await coop.getByRole('link', { name: '登记送货' }).click()
  await coop.locator('input[name="sent:tomato"]').fill('4')
  await coop.locator('input[name=note]').fill('下雨，西红柿少摘了一份')
  await coop.getByRole('button', { name: '登记送货' }).click()
  await coop.getByText('已登记，社区到货时会看到。').waitFor()
  expect(await axeViolations(coop)).toEqual([])

  const worker = await openPage(browser, phone, complaints)
  const base = `/staff/compounds/${compoundId}/group-buys/${groupBuyId}`
  await signIn(worker, 'worker-1', base)
  await worker.getByRole('link', { name: '到货清点' }).click()
  await worker.getByText('下雨，西红柿少摘了一份').waitFor()
  expect(await worker.locator('input[name="arrived:tomato"]').inputValue()).toBe('4')
  await worker.getByRole('button', { name: '看看缺多少' }).click()
  await worker.getByText('缺 1 份，涉及 1 个订单，退 ¥8.60').waitFor()
  // Changed after it was looked at: it is looked at again, not confirmed.
  await worker.locator('input[name="refused:tomato"]').fill('1')
  await worker.getByRole('button', { name: '确认清点并退款' }).click()
  await worker.getByText('缺 2 份，涉及 1 个订单，退 ¥17.20').waitFor()
  expect(await axeViolations(worker)).toEqual([])
  await worker.getByRole('button', { name: '确认清点并退款' }).click()
  await worker.getByText('已清点').first().waitFor()

  await worker.goto(`${system.url}${base}/weigh-in`)
  await worker.locator('input[name^="g:"]').fill('２４００')
  await worker.keyboard.press('Enter')
  await worker.getByText('已称 1 / 1').waitFor()
  await worker.getByText('现在结束，一共退 ¥0.40').waitFor()
  expect(await axeViolations(worker)).toEqual([])
  await worker.getByRole('button', { name: '结束称重并退款' }).click()
  await worker.getByRole('alertdialog').getByRole('button', { name: '结束称重并退款' }).click()
  await worker.getByText('差价已退').waitFor()

  const order = await ask('GET', `/api/orders/${second}`, 'resident-1')
  expect(order).toMatchObject({ refundedFen: 1720, refunds: [{ reason: 'shortage', amountFen: 1720 }] })
  expect(await ask('GET', `/api/orders/${first}`, 'resident-1')).toMatchObject({
    refundedFen: 40,
    refunds: [{ reason: 'weight', lines: [{ why: { kind: 'weight', nominalGrams: 2500, grams: 2400 } }] }],
  })

  await worker.goto(`${system.url}/staff/compounds/${compoundId}/pick-up?code=${String(order.pickUpCode)}`)
  const card = worker.locator('section.card', { hasText: String(order.pickUpCode) }).first()
  await card.getByRole('button', { name: '全部取走（1 份）' }).click()
  await worker.getByRole('status').getByText('已取走').waitFor()
  expect(complaints).toEqual([])
})
