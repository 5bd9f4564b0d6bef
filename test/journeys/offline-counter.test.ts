import { randomUUID } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { theSystem, type TheSystem } from '#test/fixtures/system.ts'
import { axeViolations, openBrowser, openPage, phone } from './browser.ts'

/** A pick-up counter whose network goes away and comes back. */
let system: TheSystem
let browser: Browser
const complaints: string[] = []
const groupBuyId = `gb-offline-${randomUUID().slice(0, 8)}`

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

/** Tomatoes of a paired village; the window ends in a moment. */
async function openShortly(coopId: string, compoundId: string, closesInMs: number): Promise<void> {
  const listingId = `${coopId}.offline-${groupBuyId.slice(-8)}`
  await ask('PUT', `/api/catalogue/coops/${coopId}/listings/${listingId}`, 'coop-1', {
    ...{ version: 0, name: '西红柿', category: 'fruit', picture: 'tomato', priceFen: 860, state: 'active' },
    ...{ saleUnit: { by: 'weight', portionGrams: 500 }, temperatureZone: 'ambient' },
  })
  const at = (ms: number) => new Date(Date.now() + ms).toISOString()
  await ask('PUT', `/api/group-buys/${groupBuyId}`, 'coop-1', {
    ...{ coopId, title: '断网也能取', compoundIds: [compoundId] },
    ...{ opensAt: at(-60_000), closesAt: at(closesInMs), pickUpStartsAt: at(closesInMs), pickUpEndsAt: at(7_200_000) },
    offers: [{ offerId: 'tomato', listingId, priceFen: 860, stock: 20, perHouseholdLimit: 5 }],
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
    .poll(async () => (await ask('GET', `/api/orders/${orderId}`, as)).state, { timeout: 15_000 })
    .toBe('paid')
  return orderId
}

it('hands out without a network, once, and records it when the network is back', async () => {
  const compoundId = String((await memberships('resident-1')).find(({ role }) => role === 'resident')?.compoundId)
  const coopId = String((await memberships('coop-1')).find(({ role }) => role === 'coop')?.scopeId)
  await openShortly(coopId, compoundId, 6_000)
  const orderId = await buy('resident-1', { tomato: 2 })
  const order = () => ask('GET', `/api/orders/${orderId}`, 'resident-1')
  const shareState = async () => ((await order()).shares as { state: string }[])[0]?.state
  await expect.poll(shareState, { timeout: 30_000, interval: 250 }).toBe('confirmed')
  const code = String((await order()).pickUpCode)
  const pickUps = async () => (await order()).pickUps as { handedOutAt?: string; at: string }[]

  const page = await openPage(browser, phone, complaints)
  const counter = `/staff/compounds/${compoundId}/pick-up`
  await signIn(page, 'worker-1', counter)
  await page.getByText('断网也能取货').waitFor()

  await page.context().setOffline(true)
  await page.reload()
  await page.getByText('离线中', { exact: false }).waitFor()
  expect(new URL(page.url()).pathname).toBe(`${counter}/offline`)
  await page.reload()
  await page.locator('#code').fill(code)
  await page.getByRole('button', { name: '查找' }).first().click()
  const card = page.locator('section.card', { hasText: code }).filter({ hasText: '断网也能取' })
  await card.getByText('西红柿').first().waitFor()
  expect(await axeViolations(page)).toEqual([])
  await card.getByRole('button', { name: '全部取走（2 份）' }).click()
  await page.getByText('有 1 次取货还没上传').waitFor()
  expect(await axeViolations(page)).toEqual([])

  // Once more, in this tab and after a reload: it is out.
  await page.reload()
  await page.locator('#code').fill(code)
  await page.getByRole('button', { name: '查找' }).first().click()
  await card.getByText('已在这台设备上取走').waitFor()
  expect(await card.getByRole('button', { name: '全部取走' }).count()).toBe(0)
  expect(await pickUps()).toEqual([])

  await page.context().setOffline(false)
  await page.getByText('都上传了').waitFor()
  await page.reload()
  await page.getByText('已上传').first().waitFor()
  const [recorded, ...more] = await pickUps()
  expect(more).toEqual([])
  expect(String(recorded?.handedOutAt) < String(recorded?.at)).toBe(true)

  // The server shows it, at the time it happened; signing out leaves nothing behind.
  await page.goto(`${system.url}${counter}?code=${code}`)
  await page.getByText('都取走了').first().waitFor()
  await page.locator('details.me summary').click()
  await page.getByRole('button', { name: '退出' }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/staff'))
  await page.goto(`${system.url}/privacy`)
  const left = () =>
    page.evaluate(async () => [...(await caches.keys()), ...(await indexedDB.databases()).map(({ name }) => name)])
  expect(await left()).toEqual([])
  expect(complaints).toEqual([])
})
