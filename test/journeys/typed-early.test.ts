import type { Browser, Page } from 'playwright-core'
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

/** Holds the page's script back until it is let go, and has taken the page over. */
async function holdScript(page: Page): Promise<() => Promise<void>> {
  let letGo = () => {}
  const held = new Promise<void>((resolve) => (letGo = resolve))
  await page.route('**/_app/**/*.js', async (route) => {
    await held
    await route.continue()
  })
  return async () => {
    letGo()
    await page.waitForLoadState('networkidle')
    // Which shows nowhere: looked at too early this would prove nothing.
    await page.waitForTimeout(1_000)
  }
}

it('a form that was filled in before the script came stays filled in', async () => {
  const page = await openPage(browser, phone, complaints)
  await signIn(system, page, 'coop-1', '/coop')
  const letGo = await holdScript(page)
  // A new listing: text with a value from the server, a choice of several, one with a tick.
  await page.goto(`${system.url}/coop/listings/new`, { waitUntil: 'commit' })
  const name = page.locator('input[name="name"]')
  await name.fill('早市小番茄')
  await page.locator('input[name="price"]').fill('4.20')
  const select = page.locator('select').first()
  const last = await select.locator('option').last().getAttribute('value')
  await select.selectOption(last)
  await letGo()
  expect(await name.inputValue()).toBe('早市小番茄')
  expect(await page.locator('input[name="price"]').inputValue()).toBe('4.20')
  expect(await select.inputValue()).toBe(last)
  expect(complaints).toEqual([])
})

it('a code that was typed before the counter’s script came is there when it comes', async () => {
  const page = await openPage(browser, phone, complaints)
  const counter = '/staff/compounds/c-371502001001-01/pick-up'
  await signIn(system, page, 'worker-1', '/staff')
  const letGo = await holdScript(page)
  await page.goto(`${system.url}${counter}/offline`, { waitUntil: 'commit' })
  await page.locator('#code').fill('385367')
  await letGo()
  expect(await page.locator('#code').inputValue()).toBe('385367')
  expect(complaints).toEqual([])
})
