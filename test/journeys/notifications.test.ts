import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { theSystem, type TheSystem } from '#test/fixtures/system.ts'
import { axeViolations, openBrowser, openPage, phone } from './browser.ts'
import { openShortGroupBuy } from './short-group-buy.ts'

/** What becomes of an order finds its way to the household, on a phone, with and without a script. */
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

const GOODS = [
  { offerId: 'tomato', name: '西红柿', picture: 'tomato', priceFen: 860, portionGrams: 500 },
  { offerId: 'pear', name: '梨', picture: 'pear', priceFen: 500, portionGrams: 500 },
] as const

it('the goods arrive, the resident sees it at the bell, follows the notice to the order, and has read it', async () => {
  const short = await openShortGroupBuy(system, '到货提醒', GOODS)
  const { signIn } = short
  const orderId = await short.buy({ tomato: 2, pear: 1 })
  await short.untilConfirmed(orderId)
  await short.arrive({ tomato: 2, pear: 0 })

  const resident = await openPage(browser, phone, complaints)
  await signIn(resident, 'resident-1', '/shop')
  const bell = resident.getByRole('link', { name: /消息/ })
  await bell.getByLabel(/条没看/).waitFor()
  await bell.click()
  await resident.getByRole('heading', { name: '消息' }).waitFor()
  const card = resident.locator('li.told', { hasText: '到货提醒' }).filter({ hasText: '菜到了，可以取了' })
  await card.getByText('新', { exact: true }).waitFor()
  await resident.locator('li.told', { hasText: '退给您 ¥5.00' }).filter({ hasText: '货不够，原路退回' }).waitFor()
  expect(await axeViolations(resident)).toEqual([])
  expect(await resident.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  await card.getByRole('link').click()
  await resident.waitForURL((url) => url.pathname === `/orders/${orderId}`)
  await resident.goto(`${system.url}/notices`)
  await card.waitFor()
  expect(await card.getByText('新', { exact: true }).count()).toBe(0)

  // All the rest as a plain form.
  const plain = await openPage(
    browser,
    { ...phone, javaScriptEnabled: false, storageState: await resident.context().storageState() },
    complaints,
  )
  await plain.goto(`${system.url}/notices`)
  await plain.locator('li.told', { hasText: '货不够' }).first().getByRole('button', { name: '标为看过' }).click()
  await plain.waitForURL((url) => url.pathname === '/notices')
  expect(await plain.locator('li.told', { hasText: '货不够' }).first().getByText('新', { exact: true }).count()).toBe(0)
  await plain.getByRole('button', { name: '全部标为看过' }).click()
  await plain.getByRole('heading', { name: '消息' }).waitFor()
  expect(await plain.getByText('新', { exact: true }).count()).toBe(0)
  expect(await plain.getByLabel(/条没看/).count()).toBe(0)

  // Nobody else was told.
  const stranger = await openPage(browser, phone, complaints)
  await signIn(stranger, 'resident-2', '/notices')
  expect(await stranger.locator('li.told', { hasText: '到货提醒' }).count()).toBe(0)
  expect(complaints).toEqual([])
})

it('a resident asks to be reminded of a closing, and changes their mind, without a script', async () => {
  const { groupBuyId, signIn } = await openShortGroupBuy(system, '提醒我', GOODS.slice(0, 1), { closesInMs: 7_200_000 })
  const resident = await openPage(browser, phone, complaints)
  await signIn(resident, 'resident-1', `/group-buys/${groupBuyId}`)
  await resident.getByRole('button', { name: '快截止时提醒我' }).waitFor()
  expect(await axeViolations(resident)).toEqual([])
  const storageState = await resident.context().storageState()
  const plain = await openPage(browser, { ...phone, javaScriptEnabled: false, storageState }, complaints)
  await plain.goto(`${system.url}/group-buys/${groupBuyId}`)
  await plain.getByRole('button', { name: '快截止时提醒我' }).click()
  await plain.getByText('提醒您（家里人下了单就不提醒了）').waitFor()
  await resident.reload()
  expect(await axeViolations(resident)).toEqual([])
  await plain.getByRole('button', { name: '不用提醒了' }).click()
  await plain.getByRole('button', { name: '快截止时提醒我' }).waitFor()
  expect(complaints).toEqual([])
})
