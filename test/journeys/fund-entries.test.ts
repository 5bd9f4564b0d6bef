import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { theSystem, type TheSystem } from '#test/fixtures/system.ts'
import { axeViolations, desktop, openBrowser, openPage, phone } from './browser.ts'
import { openShortGroupBuy } from './short-group-buy.ts'

/** Goal: a worker asks of a figure "why?", and comes from it to its entries, the order behind one of them, and back. */
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

const GOODS = [{ offerId: 'apple', name: '账目苹果', picture: 'apple', priceFen: 1_000, portionGrams: 500 }] as const
/** `¥1,234.50` in fen. */
const fenOf = (text: string) => Math.round(Number(text.replace(/[^\d.−-]/g, '').replace('−', '-')) * 100)
const listedFen = async (page: Page) =>
  (await page.locator('li.entry .money .strong').allInnerTexts()).map(fenOf).reduce((sum, fen) => sum + fen, 0)

it.each([
  ['a phone', '账目体验', phone],
  ['a computer', '账目再看', desktop],
] as const)(
  'a worker on %s goes from a figure to its entries, from an entry to its order, and back',
  async (_on, title, device) => {
    const { groupBuyId, compoundId, buy, giveBack, signIn } = await openShortGroupBuy(system, title, GOODS, {
      // It need not close: only what is sold counts here.
      closesInMs: 3_600_000,
    })
    const first = await buy({ apple: 2 })
    await buy({ apple: 3 })
    await giveBack(first, 500)
    const base = `/staff/funds/${compoundId}`
    const page = await openPage(browser, device, complaints)
    await signIn(page, 'worker-1', `${base}/inflow?span=day`)
    // 2 % of ¥20 and of ¥30, less 2 % of the ¥5 that went back.
    const row = page.locator('li.line', { hasText: title }).filter({ has: page.locator(`a[href*="${groupBuyId}"]`) })
    await expect
      .poll(
        async () => {
          await page.reload()
          return (await row.count()) === 0 ? '' : row.locator('.sum .strong').innerText()
        },
        { timeout: 30_000, interval: 500 },
      )
      .toBe('¥0.90')
    expect(await axeViolations(page)).toEqual([])

    await row.getByRole('link').click()
    await page.getByRole('heading', { name: '查账目' }).waitFor()
    await page.getByText('这里列全了：3 条，加起来转入 ¥0.90。').waitFor()
    expect(await page.locator('.card-green .huge').innerText()).toBe('¥0.90')
    expect(await listedFen(page)).toBe(90)
    expect(await axeViolations(page)).toEqual([])

    // What went back is found by its sum; and what cannot be a sum is said at its field, with what was typed still there.
    await page.locator('summary', { hasText: '条件' }).click()
    await page.getByLabel('金额至少（元）').fill('五元')
    await page.getByRole('button', { name: '查', exact: true }).click()
    await page.getByText('写成 8 或 8.60 这样').waitFor()
    expect(await page.getByLabel('金额至少（元）').inputValue()).toBe('五元')
    expect(await axeViolations(page)).toEqual([])
    await page.getByLabel('金额至少（元）').fill('5')
    await page.getByLabel('金额至多（元）').fill('5.00')
    await page.getByRole('button', { name: '查', exact: true }).click()
    await page.getByText('这里列全了：1 条，加起来转入 −¥0.10。').waitFor()

    await page.locator('li.entry a').first().click()
    await page.getByRole('heading', { name: /^第 \d+ 条账目$/ }).waitFor()
    await page.getByText('精确应捐').waitFor()
    expect(await page.getByText('−¥0.1000').count()).toBe(1)
    // Of the same sale: the sale itself.
    expect(await page.locator('li.entry').count()).toBe(1)
    expect(await axeViolations(page)).toEqual([])
    await page.getByRole('link', { name: '看这笔成交的订单' }).click()
    await page.waitForURL((url) => url.pathname === `/staff/orders/${first}`)
    // And back, from the order to the entries of its sale.
    await page.getByRole('link', { name: '这笔成交的账目' }).first().click()
    await page.getByRole('heading', { name: '查账目' }).waitFor()
    expect(await page.locator('li.entry').count()).toBe(2)

    await page.goto(`${system.url}${base}/entries?account=pending`)
    const held = fenOf((await page.getByText(/“售后期内”现在是/).innerText()).split('：')[0] ?? '')
    expect(held).toBeGreaterThan(0)
    const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    expect(wide).toBeLessThanOrEqual(0)
    await page.close()
  },
)

it('everybody sees the same pages up to the last closed day, and no entry of today', async () => {
  const page = await openPage(browser, phone, complaints)
  const { compoundId } = await openShortGroupBuy(system, '账目公开', GOODS, { closesInMs: 3_600_000 })
  await page.goto(`${system.url}/funds/${compoundId}`)
  await page.getByRole('link', { name: '转入对比' }).click()
  await page.getByRole('heading', { name: '转入对比' }).waitFor()
  expect(await axeViolations(page)).toEqual([])
  await page.goto(`${system.url}/funds/${compoundId}/entries`)
  await page.getByText('没有这样的账目。').waitFor()
  expect((await page.goto(`${system.url}/funds/${compoundId}/entries/1`))?.status()).toBe(404)
  expect(complaints).toEqual([])
})
