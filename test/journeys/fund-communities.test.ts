import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DAY_MS, instant, shanghaiDay } from '#shared/kernel/time.ts'
import { theSystem, type TheSystem } from '#test/fixtures/system.ts'
import { axeViolations, desktop, openBrowser, openPage, phone, tooWide } from './browser.ts'
import { openShortGroupBuy } from './short-group-buy.ts'

/** Goal: a worker sees in one look what came into the funds of all their compounds; the public what their community holds. */
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

const GOODS = [{ offerId: 'apple', name: '社区苹果', picture: 'apple', priceFen: 1_000, portionGrams: 500 }] as const
/** `¥1,234.50` in fen. */
const fenOf = (text: string) => Math.round(Number(text.replace(/[^\d.−-]/g, '').replace('−', '-')) * 100)
const total = (fens: readonly number[]) => fens.reduce((sum, fen) => sum + fen, 0)

type Membership = { readonly role: string; readonly scopeId: string }

async function asWorker(path: string): Promise<unknown> {
  const answer = await fetch(system.url + path, {
    headers: { authorization: `Bearer ${await system.token('worker-1')}` },
  })
  expect(answer.status).toBe(200)
  return answer.json()
}

/** Of one drawing of the page: what it says of all compounds, and what its compounds add up to. */
async function todayOf(page: Page) {
  const [together = '', ...shares] = await page
    .locator('.card-green .huge, .shares .inflow div:first-child dd')
    .allInnerTexts()
  return { together: fenOf(together), shares: total(shares.map(fenOf)) }
}

it.each([
  ['a phone', phone],
  ['a computer', desktop],
] as const)('a worker on %s sees all their compounds live, and goes into one and back', async (_on, device) => {
  const { groupBuyId, compoundId, buy, signIn } = await openShortGroupBuy(system, '社区基金', GOODS, {
    closesInMs: 3_600_000,
  })
  const page = await openPage(browser, device, complaints)
  await signIn(page, 'worker-1', '/staff')
  await page.getByRole('link', { name: '我的小区基金' }).click()
  await page.getByRole('heading', { name: '我的小区基金' }).waitFor()
  const before = await todayOf(page)
  expect(before.together).toBe(before.shares)
  // 2 % of ¥30; the page asks again by itself. Others buy, and get money back, in the same community all the while.
  await buy({ apple: 3 })
  const patience = { timeout: 40_000, interval: 500 }
  const days = `fromDay=${shanghaiDay(instant(Date.now() - DAY_MS))}&toDay=${shanghaiDay(instant(Date.now()))}`
  const ofThis = `/api/funds/${compoundId}/inflow/sums?${days}&groupBuyId=${groupBuyId}`
  await expect.poll(() => asWorker(ofThis), patience).toMatchObject({ sums: { postedFen: 60 } })
  const { memberships } = (await asWorker('/api/places/me')) as { memberships: Membership[] }
  const communityId = memberships.find(({ role }) => role === 'worker')?.scopeId ?? ''
  const lead = async () => {
    const [live, drawn] = await Promise.all([asWorker(`/api/fund-communities/${communityId}`), todayOf(page)])
    return drawn.together - (live as { sums: { today: { postedFen: number } } }).sums.today.postedFen
  }
  await expect.poll(lead, patience).toBe(0)
  const after = await todayOf(page)
  expect(after.together).toBe(after.shares)
  expect(await axeViolations(page)).toEqual([])
  expect(await tooWide(page)).toBeLessThanOrEqual(0)

  await page.locator(`.shares h3 a[href="/staff/funds/${compoundId}"]`).click()
  await page.waitForURL((url) => url.pathname === `/staff/funds/${compoundId}`)
  await page.locator('header a[href^="/staff/funds?community="]').click()
  await page.getByRole('heading', { name: '我的小区基金' }).waitFor()
  // A worker of another community is told that it is not theirs, and not shown the public's figures as live ones.
  const stranger = await openPage(browser, device, complaints)
  await signIn(stranger, 'worker-2', '/staff')
  expect((await stranger.goto(page.url()))?.status()).toBe(403)
  await stranger.context().close()
  await page.context().close()
})

it('everybody sees the fund of a community from the one of a compound, without signing in', async () => {
  const { compoundId } = await openShortGroupBuy(system, '社区公开', GOODS, { closesInMs: 3_600_000 })
  const page = await openPage(browser, phone, complaints)
  await page.goto(`${system.url}/funds/${compoundId}`)
  await page.locator('header a[href^="/funds/communities/"]').click()
  await page.getByRole('heading', { name: /社区慈善基金$/ }).waitFor()
  await page.getByText('“今天”是到现在为止的合计').waitFor()
  const today = await todayOf(page)
  expect(today.together).toBe(today.shares)
  // Of today there are sums, and no entries to lead to.
  expect(await page.locator('.shares a[href*="span=day"]').count()).toBe(0)
  expect(await axeViolations(page)).toEqual([])
  expect(await tooWide(page)).toBeLessThanOrEqual(0)
  const { pathname } = new URL(page.url())
  await page.goto(`${system.url}/funds?community=${pathname.split('/').at(-1) ?? ''}`)
  await page.getByRole('link', { name: /各小区合计/ }).click()
  await page.waitForURL((url) => url.pathname === pathname)
  await page.getByRole('link', { name: '全区合计（慈善组织）' }).click()
  await page.getByRole('heading', { name: /全区基金$/ }).waitFor()
  await page.getByText('个社区已有账目').waitFor()
  expect(await axeViolations(page)).toEqual([])
  expect(await tooWide(page)).toBeLessThanOrEqual(0)
  expect((await page.goto(`${system.url}/funds/communities/nowhere`))?.status()).toBe(404)
  expect(complaints).toEqual([])
})
