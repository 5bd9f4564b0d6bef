import { createHash } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { quartersOver } from '#web/lib/rankings/points.ts'
import { theSystem, type TheSystem } from '../fixtures/system.ts'
import { desktop, lookTwice, openBrowser, openPage, phone, signIn, sound } from './browser.ts'

/**
 * Goal: owners see what their common parts bring in, object to it, are answered and put right; and the charity's fund is told
 * beside it, apart. Method: the book that the seed keeps, with a quarter that waits to be published. Terms are days; that the
 * clock keeps them is for `test/functions/sunshine.test.ts`.
 */
const COMMUNITY = '371502001001'
const COMPOUND = `c-${COMMUNITY}-01`
const [QUARTER = '', BEFORE = ''] = quartersOver(Date.now(), 2)
const CALENDAR = `/sunshine/${COMPOUND}`
const BOOK = `/sunshine/book/${COMPOUND}`
const PAGE = `${CALENDAR}/property.${QUARTER}`

let system: TheSystem
let browser: Browser
const complaints: string[] = []

beforeAll(async () => {
  system = await theSystem()
  browser = await openBrowser()
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await system?.close()
})

async function as(account: string, path: string, options: object): Promise<Page> {
  const page = await openPage(browser, options, complaints)
  await signIn(system, page, account, path)
  await page.waitForLoadState('networkidle')
  return page
}

/** The question before a publication comes with the page's script. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(system.url + path)
  await page.waitForLoadState('networkidle')
}

async function publish(page: Page): Promise<void> {
  await page.getByRole('button', { name: '公示', exact: true }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: '公示', exact: true }).click()
}

/** Opens a fold if it is shut, as it is without JavaScript too. */
async function unfold(page: Page, text: string): Promise<void> {
  const fold = page.locator('details', { has: page.locator('summary', { hasText: text }) }).first()
  if (!(await fold.evaluate((element) => element.hasAttribute('open')))) await fold.locator('summary').click()
}

async function entry(page: Page, category: string, amount: string, text: string, day: string): Promise<void> {
  await unfold(page, '记一笔')
  await page.getByLabel('款项', { exact: true }).selectOption({ label: category })
  await page.getByLabel('金额（元）').fill(amount)
  await page.getByLabel('收付日期').fill(day)
  await page.getByLabel('凭证号').fill('收-99')
  await page.getByLabel('摘要').fill(text)
  await page.getByRole('button', { name: '记账', exact: true }).click()
}

it(
  'a household objects to the accounts of the common revenue, and they are put right',
  { timeout: 300_000 },
  async () => {
    const nobody = await openPage(browser, phone, complaints)
    await nobody.goto(`${system.url}/funds/${COMPOUND}`)
    await nobody.getByRole('link', { name: '阳光账本' }).click()
    await nobody.getByRole('heading', { name: '公共收益账' }).waitFor()
    await nobody.getByRole('heading', { name: '慈善基金账' }).waitFor()
    expect(await nobody.locator(`a[href="${CALENDAR}/property.${BEFORE}"]`).count()).toBe(1)
    await sound(nobody)
    await lookTwice(nobody, 'calendar')

    const company = await as('property-1', '/matters/inbox', phone)
    await company.getByRole('link', { name: '公共收益账' }).click()
    await sound(company)
    await company.locator(`a[href="${BOOK}"]`).first().click()
    await company.getByText('不能改、不能删').waitFor()
    await sound(company)
    const day = await company.locator('ol.list li p.num').first().innerText()
    const [onDay = ''] = /\d{4}-\d{2}-\d{2}/.exec(day) ?? []
    await entry(company, '场地', '1200', '付给王姐 13812345678', onDay)
    await company.getByText('这里会公开，不能有手机号或身份证号').first().waitFor()
    await company.getByLabel('摘要').fill('广场摊位租金')
    await company.getByRole('button', { name: '记账', exact: true }).click()
    await company.getByText('第 11 笔已记。').waitFor()
    await lookTwice(company, 'book')
    await open(company, `${BOOK}?quarter=${QUARTER}`)
    await company.getByLabel('季末银行余额（元）').fill('28000')
    await publish(company)
    await company.getByText('与账面余额不一致').first().waitFor()
    await company.getByLabel('与账面不一致的原因').fill('季末最后一天的停车费次日到账')
    await publish(company)
    await company.getByText('已公示，大家都看得到了。').waitFor()
    // Why the bank said something else was said of that publication.
    expect(await company.getByLabel('与账面不一致的原因').inputValue()).toBe('')
    await lookTwice(company, 'published-book')

    // The household, without JavaScript.
    const resident = await openPage(browser, { ...phone, javaScriptEnabled: false }, complaints)
    await signIn(system, resident, 'resident-1', CALENDAR)
    await resident.locator(`a[href="${PAGE}"]`).click()
    await resident.getByText('季末最后一天的停车费次日到账').waitFor()
    await resident.getByText('我要提异议').click()
    await resident.getByLabel('是哪一笔（可不选）').selectOption({ index: 1 })
    await resident.getByLabel('哪里不对，为什么').fill('车位一共四十个，怎么只收了三十六个的钱')
    await resident.getByRole('button', { name: '提交异议' }).click()
    await resident.getByText('异议已提交').waitFor()
    await resident.getByText('我家提的').waitFor()

    await nobody.goto(system.url + PAGE)
    await nobody.getByText('有异议 1 件').waitFor()
    expect(await nobody.getByText('我家提的').count()).toBe(0)
    await sound(nobody)
    await lookTwice(nobody, 'objection')

    await open(company, '/sunshine/book')
    await company.getByRole('link', { name: '答复异议' }).click()
    await company.getByLabel('答复内容').fill('有四个车位空着，没有租出去，见车位表')
    await sound(company)
    await lookTwice(company, 'answer')
    await company.getByRole('button', { name: '提交答复' }).click()
    await company.getByText('答复已公开。').waitFor()

    await resident.goto(system.url + PAGE)
    await resident.getByText('不认可这个答复').click()
    await resident.getByLabel('为什么不认可').fill('四个都停着车，照片可以给社区看')
    await resident.getByRole('button', { name: '提请社区裁定' }).click()
    await resident.getByText('已提请社区裁定。').waitFor()

    const worker = await as('worker-1', `/staff/sunshine?communityId=${COMMUNITY}`, desktop)
    await sound(worker)
    await lookTwice(worker, 'desk')
    await worker.getByRole('link', { name: '裁定异议' }).click()
    await worker.getByLabel('成立，应当更正').check()
    await worker.getByLabel('理由').fill('到现场看了，四个车位都租出去了')
    await sound(worker)
    await worker.getByRole('button', { name: '提交裁定' }).click()
    await worker.getByText('裁定已公开。').waitFor()

    await nobody.goto(system.url + PAGE)
    await nobody.getByText('异议成立，应在').waitFor()
    await open(company, '/sunshine/book')
    await company.getByRole('link', { name: '公示更正' }).click()
    await unfold(company, '记一笔')
    await company.locator('#booking').selectOption({ label: '更正最近一期公示' })
    await entry(company, '停车', '480', '漏记的四个车位月租', onDay)
    await company.getByText('第 12 笔已记。').waitFor()
    await company.getByText('有更正还没有公示。').waitFor()
    await open(company, `${BOOK}?quarter=${QUARTER}`)
    await company.getByLabel('季末银行余额（元）').fill('29277')
    await company.getByLabel('更正了什么').fill('补上漏记的四个车位')
    await publish(company)
    await company.getByText('已公示，大家都看得到了。').waitFor()

    await nobody.goto(system.url + PAGE)
    await nobody.getByText('更正过 1 次').waitFor()
    await nobody.getByText('补上漏记的四个车位').first().waitFor()
    await sound(nobody)
    await lookTwice(nobody, 'corrected')
    await nobody.goto(`${system.url}${PAGE}?version=1`)
    await nobody.getByText('这是更正以前的公示').waitFor()
    await nobody.goto(`${system.url}${PAGE}?lang=en`)
    await lookTwice(nobody, 'english')
    const wide = await openPage(browser, desktop, complaints)
    await wide.goto(system.url + PAGE)
    await sound(wide)
    await lookTwice(wide, 'wide')
    await wide.goto(system.url + CALENDAR)
    await sound(wide)
    await lookTwice(wide, 'calendar-wide')

    for (const version of [1, 2]) {
      const path = `/api/sunshine/disclosures/property.${QUARTER}.${COMPOUND}/publications/${version}/lines.jsonl`
      const file = await (await fetch(system.url + path)).text()
      const [frozen = '', rest = ''] = file.split(/(?<=\n)(?=\{"kind":"hash")/)
      const { sha256 } = JSON.parse(rest) as { sha256: string }
      expect(createHash('sha256').update(frozen).digest('hex')).toBe(sha256)
    }
    expect(complaints).toEqual([])
  },
)
