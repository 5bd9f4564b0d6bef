import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { theSystem, type TheSystem } from '#test/fixtures/system.ts'
import { openBrowser, openPage, phone, signIn } from './browser.ts'

/**
 * Goal: what somebody types or ticks before the page's script has come is not lost when it comes. Method: the script is held
 * back as a slow link holds it, a form is filled in, and the script let go.
 */
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

it('a form that was filled in before the script came stays filled in', async () => {
  const page = await openPage(browser, phone, complaints)
  await signIn(system, page, 'coop-1', '/coop')
  let letGo = () => {}
  const held = new Promise<void>((resolve) => (letGo = resolve))
  await page.route('**/_app/**/*.js', async (route) => {
    await held
    await route.continue()
  })
  // A new listing: text with a value from the server, a choice of several, one with a tick.
  await page.goto(`${system.url}/coop/listings/new`, { waitUntil: 'commit' })
  const name = page.locator('input[name="name"]')
  await name.fill('早市小番茄')
  await page.locator('input[name="price"]').fill('4.20')
  const select = page.locator('select').first()
  const last = await select.locator('option').last().getAttribute('value')
  await select.selectOption(last)
  letGo()
  await page.waitForLoadState('networkidle')
  // Until the script has taken the page over, which shows nowhere: looked at too early this would prove nothing.
  await page.waitForTimeout(1_000)
  expect(await name.inputValue()).toBe('早市小番茄')
  expect(await page.locator('input[name="price"]').inputValue()).toBe('4.20')
  expect(await select.inputValue()).toBe(last)
  expect(complaints).toEqual([])
})
