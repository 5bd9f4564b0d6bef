import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { theSystem, type TheSystem } from '#test/fixtures/system.ts'
import { axeViolations, openBrowser, openPage, phone } from './browser.ts'
import { openShortGroupBuy } from './short-group-buy.ts'

/** A pick-up counter whose network goes away and comes back. */
let system: TheSystem
let browser: Browser
const complaints: string[] = []

beforeAll(async () => {
  system = await theSystem()
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await system?.close()
})

const TOMATO = { offerId: 'tomato', name: '西红柿', picture: 'tomato', priceFen: 860, portionGrams: 500 }

const keptIn = (page: Page) =>
  page.evaluate(async () => [...(await caches.keys()), ...(await indexedDB.databases()).map(({ name }) => name)])

it('hands out without a network, once, and records it when the network is back', async () => {
  const {
    compoundId,
    buy,
    order: orderOf,
    untilConfirmed,
    signIn,
  } = await openShortGroupBuy(system, '断网也能取', [TOMATO])
  const orderId = await buy({ tomato: 2 })
  const order = () => orderOf(orderId)
  await untilConfirmed(orderId)
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
  expect(await keptIn(page)).toEqual([])
  expect(complaints).toEqual([])
})

it('keeps nothing that was still on its way when the worker signed out', async () => {
  const { compoundId, signIn } = await openShortGroupBuy(system, '退出就不留', [TOMATO])
  const counter = `/staff/compounds/${compoundId}/pick-up`
  const page = await openPage(browser, phone, complaints)
  const other = await page.context().newPage()
  await signIn(page, 'worker-1', '/staff')

  // Two tabs wait for their lists, which the server has answered already.
  let answer = () => {}
  const answered = new Promise<void>((resolve) => (answer = resolve))
  const asked: Promise<unknown>[] = []
  for (const tab of [page, other]) {
    await tab.route('**/offline/list', async (route) => {
      const response = await route.fetch()
      await answered
      await route.fulfill({ response }).catch(() => undefined)
    })
    asked.push(tab.waitForRequest('**/offline/list'))
    await tab.goto(system.url + counter)
  }
  await Promise.all(asked)
  await page.locator('details.me summary').click()
  await page.getByRole('button', { name: '退出' }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/staff'))
  answer()
  await page.waitForTimeout(2_000)
  expect(await keptIn(page)).toEqual([])
  expect(await keptIn(other)).toEqual([])
  expect(complaints).toEqual([])
})
