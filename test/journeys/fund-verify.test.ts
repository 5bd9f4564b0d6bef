import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { theSystem, type TheSystem } from '#test/fixtures/system.ts'
import { axeViolations, openBrowser, openPage, phone } from './browser.ts'
import { openShortGroupBuy } from './short-group-buy.ts'

/** Goal: anybody checks a fund's ledger in their own browser, and a ledger that was tampered with does not pass. */
let system: TheSystem
let browser: Browser
let compoundId = ''
let worker: Page
const complaints: string[] = []

const GOODS = [{ offerId: 'tomato', name: '西红柿', picture: 'tomato', priceFen: 860, portionGrams: 500 }] as const
const CHECK = { name: '自己核对账本' } as const

beforeAll(async () => {
  system = await theSystem()
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await system?.close()
})

describe('the check of a ledger in the browser', () => {
  it('passes a right one, says what it compared, and the page has no barrier', async () => {
    const group = await openShortGroupBuy(system, '核对体验', GOODS, {})
    compoundId = group.compoundId
    await group.buy({ tomato: 2 })
    worker = await openPage(browser, phone, complaints)
    await group.signIn(worker, 'worker-1', `/staff/funds/${compoundId}`)
    await expect
      .poll(async () => Number(/第 (\d+) 条/.exec(await worker.locator('#verify .facts').innerText())?.[1]), {
        timeout: 30_000,
        interval: 500,
      })
      .toBeGreaterThan(0)
    await worker.getByRole('button', CHECK).click()
    const verdict = worker.locator('#verify .notice')
    await verdict.waitFor()
    const said = await worker.locator('#verify').innerText()
    expect(said).toContain('核对无误')
    for (const words of [
      /一共核对了 \d+ 条账，都是 \d{4}年/,
      '没有被改过的',
      '误差不到 1 分',
      '都和本页一样',
      '指纹',
    ]) {
      expect(said).toMatch(words)
    }
    expect(await axeViolations(worker)).toEqual([])
  })

  it('finds one changed character and names the line', async () => {
    await worker.context().route('**/ledger-pages*', async (route) => {
      const answer = await route.fetch()
      const text = await answer.text()
      await route.fulfill({
        response: answer,
        body: text.replace(/"amountFen":(\d)/, (_all, digit) => `"amountFen":${digit === '9' ? 8 : 9}`),
      })
    })
    await worker.getByRole('button', { name: '再核对一次' }).click()
    const verdict = worker.getByRole('alert')
    await verdict.getByText('账本对不上').waitFor()
    const said = await worker.locator('#verify .said').innerText()
    expect(said).toContain('第 1 条')
    expect(said).toContain('被改过')
    expect(await axeViolations(worker)).toEqual([])
    await worker.context().unroute('**/ledger-pages*')
  })

  it('stops when it is told to, and says that it was not finished', async () => {
    await worker.context().route('**/ledger-pages*', async () => undefined)
    await worker.getByRole('button', { name: '再核对一次' }).click()
    expect(await worker.locator('#verify progress').count()).toBe(1)
    await worker.getByRole('button', { name: '停下' }).click()
    await worker.getByText('已停下，没有核对完。').waitFor()
    await worker.context().unroute('**/ledger-pages*')
  })

  it('says nothing of a ledger that did not come to its end', async () => {
    await worker.context().route('**/ledger-pages*', (route) => route.fulfill({ status: 503, body: '' }))
    await worker.getByRole('button', { name: '再核对一次' }).click()
    await worker.getByText('账本没有取完').waitFor()
    await worker.context().unroute('**/ledger-pages*')
  })

  it('is there for everybody, without a name, and without scripts it says where else', async () => {
    const anybody = await openPage(browser, phone, complaints)
    await anybody.goto(`${system.url}/funds/${compoundId}`)
    await anybody.getByRole('button', CHECK).click()
    await anybody.locator('#verify .notice').getByText('核对无误').waitFor()
    expect(await axeViolations(anybody)).toEqual([])
    const plain = await openPage(browser, { ...phone, javaScriptEnabled: false }, complaints)
    await plain.goto(`${system.url}/funds/${compoundId}`)
    expect(await plain.locator('#verify').innerText()).toContain('请用下面的“下载与核对”')
    expect(await plain.getByRole('button', CHECK).count()).toBe(0)
  })
})

describe('the statement of a fund', () => {
  it('is live for the worker: on the page, as a table, and it checks itself', async () => {
    await worker.goto(`${system.url}/staff/funds/${compoundId}`)
    await worker.getByRole('link', { name: '收支公示表' }).click()
    await worker.getByText('还没结束', { exact: true }).first().waitFor()
    expect(await axeViolations(worker)).toEqual([])
    await worker.getByRole('link', { name: /月.*还没结束/ }).click()
    await worker.getByText('和账本里记的期末余额一样').waitFor()
    expect(await axeViolations(worker)).toEqual([])
    const { pathname } = new URL(worker.url())
    const csv = await (await worker.request.get(`${system.url}${pathname}/table.csv`)).text()
    expect(csv).toMatch(/期末余额,\d+\.\d{2}/)
    const xlsx = await worker.request.get(`${system.url}${pathname}/table.xlsx`)
    expect((await xlsx.body()).subarray(0, 2).toString()).toBe('PK')
    // What goes on is not for everybody.
    const anybody = await openPage(browser, phone, complaints)
    expect((await anybody.goto(system.url + pathname.replace('/staff', '')))?.status()).toBe(404)
    await anybody.goto(`${system.url}/funds/${compoundId}/statements`)
    await anybody.getByText('第一个月结束以后公布第一张').waitFor()
    expect(await axeViolations(anybody)).toEqual([])
  })
})

describe('the roots of the days', () => {
  it('are explained and compared, without scripts too', async () => {
    const plain = await openPage(browser, { ...phone, javaScriptEnabled: false }, complaints)
    await plain.goto(`${system.url}/funds`)
    await plain.getByRole('link', { name: /每天的账本指纹/ }).click()
    await plain.locator('#day').fill('2026-01-01')
    await plain.locator('#root').fill('DE089BCE C1594D09')
    await plain.getByRole('button', { name: '比一比' }).click()
    await plain.getByText('没有公布过 2026年1月1日').waitFor()
    await plain.locator('#root').fill('abc')
    await plain.getByRole('button', { name: '比一比' }).click()
    await plain.getByText('至少填 16 个字符').waitFor()
    const page = await openPage(browser, phone, complaints)
    await page.goto(`${system.url}/funds/roots`)
    expect(await axeViolations(page)).toEqual([])
  })

  it('complains about nothing on the way', () => {
    expect(complaints).toEqual([])
  })
})
