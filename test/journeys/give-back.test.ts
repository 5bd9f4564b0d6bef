import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { theSystem, type TheSystem } from '#test/fixtures/system.ts'
import { axeViolations, desktop, openBrowser, openPage, phone } from './browser.ts'

let system: TheSystem
let browser: Browser
const complaints: string[] = []
const COMPOUND = 'c-371502001001-01'

beforeAll(async () => {
  system = await theSystem()
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await system?.close()
})

type Offer = { offerId: string; name: string; priceFen: number; left: number; perHouseholdLimit: number }
type Window = { items: { groupBuyId: string; state: string; offers: Offer[] }[] }
type Order = {
  amountFen: number
  refundedFen: number
  shares: { saleId: string; lines: { offerId: string; dropped: number; quantity: number }[] }[]
  refunds: { state: string; reason: string; amountFen: number }[]
}

const read = async <Answer>(path: string, token?: string): Promise<Answer> => {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return (await (await fetch(system.url + path, { headers })).json()) as Answer
}

/** Two goods that hardly anybody else buys meanwhile: neither the dearest nor the first. */
async function twoOffers() {
  const { items } = await read<Window>(`/api/group-buys?compoundId=${COMPOUND}&with=offers`)
  const groupBuy = items.filter(({ state }) => state === 'open').at(-1)
  const offers = (groupBuy?.offers ?? [])
    .filter(({ priceFen, left, perHouseholdLimit }) => priceFen >= 130 && left > 20 && perHouseholdLimit >= 3)
    .sort((a, b) => a.priceFen - b.priceFen)
    .slice(0, 2)
  if (groupBuy === undefined || offers.length < 2) throw new Error('nothing to order')
  return { groupBuyId: groupBuy.groupBuyId, offers }
}

async function leftOf(groupBuyId: string, offerId: string): Promise<number | undefined> {
  const { offers } = await read<{ offers: Offer[] }>(`/api/group-buys/${groupBuyId}`)
  return offers.find((offer) => offer.offerId === offerId)?.left
}

async function register(page: Page, account: string): Promise<void> {
  const { name } = await read<{ name: string }>(`/api/places/compounds/${COMPOUND}`)
  await page.goto(`${system.url}/?q=${encodeURIComponent(name)}`)
  await page.locator(`button[name=compoundId][value="${COMPOUND}"]`).click()
  await page.waitForURL(`${system.url}/shop`)
  await page.goto(`${system.url}/sign-in?returnTo=/join`)
  await page.locator('#account').fill(account)
  await page.locator('button.go').click()
  const place = await read<{ buildings: { label: string; units: string[] }[] }>(`/api/places/compounds/${COMPOUND}`)
  const building = place.buildings[0]
  await page.locator('#building').selectOption(building?.label ?? '')
  await page.locator('#unit').fill(building?.units[0] ?? '1')
  await page.locator('#room').fill(`${1 + Math.floor(Math.random() * 5)}0${1 + Math.floor(Math.random() * 2)}`)
  await page.locator('input[name=agree]').check()
  await page.locator('form:has(#room) button').click()
  await page.waitForURL(`${system.url}/shop`)
}

/** Finds goods by their name, as somebody does who knows what they want. */
async function addToBasket(page: Page, groupBuyId: string, { offerId, name }: Offer, quantity: number): Promise<void> {
  await page.goto(`${system.url}/shop`)
  await page.locator('#find').fill(name)
  await page.locator('form.finder button').click()
  await page.waitForURL(/[?&]q=/)
  const card = page.locator(`[id="o-${groupBuyId}-${offerId}"]`)
  await card.locator('input[name=quantity]').fill(String(quantity))
  await card.locator('button.btn-buy').click()
  await card.locator('.said .ok').waitFor()
}

const yuan = (fen: number) => `¥${(fen / 100).toFixed(2)}`

describe('a resident who ordered too much', () => {
  it('gives one portion back and sees money, story and stock; and the rest without JavaScript', async () => {
    const { groupBuyId, offers } = await twoOffers()
    const [first, second] = offers as [Offer, Offer]
    const account = `resident-${Math.floor(Math.random() * 800_000) + 100_000}`
    const page = await openPage(browser, desktop, complaints)
    await register(page, account)
    await addToBasket(page, groupBuyId, first, 2)
    await addToBasket(page, groupBuyId, second, 2)
    await page.goto(`${system.url}/basket`)
    await page.getByText('生鲜商品不适用七天无理由退货').waitFor()
    await page.locator('button[formaction="?/checkout"]').click()
    await page.waitForURL((url) => url.origin !== system.url)
    await page.locator('button[value=paid]').click()
    await page.waitForURL(/\/orders\//)
    await page.locator('.code').waitFor()
    const order = new URL(page.url()).pathname
    const token = await system.token(account)
    const before = await leftOf(groupBuyId, first.offerId)

    await page.getByRole('link', { name: `改数量 / 退掉：${first.name}` }).click()
    await page.getByRole('button', { name: '下一步：看退多少钱' }).waitFor()
    expect(await axeViolations(page)).toEqual([])
    await page.getByRole('button', { name: '下一步：看退多少钱' }).click()
    await page.getByText('还留 1 份，照常取货').waitFor()
    expect(await axeViolations(page)).toEqual([])
    await page.getByRole('button', { name: `确认退掉，退 ${yuan(first.priceFen)}` }).click()
    await page.getByText(`已退掉，${yuan(first.priceFen)} 原路退回`).waitFor()

    const story = page.locator('ol.time')
    await story.getByText('您退掉了').waitFor()
    expect(await story.innerText()).toContain(`${first.name} 1 份`)
    // The provider takes its time; the page looks again by itself, but here nobody waits for it.
    await expect
      .poll(async () => (await read<Order>(`/api${order}`, token)).refunds[0]?.state, {
        timeout: 15_000,
        interval: 200,
      })
      .toBe('succeeded')
    await page.reload()
    await story.getByText(/已原路退回/).waitFor()
    await page.getByText('现在是 1 份').waitFor()
    const kept = 2 * (first.priceFen + second.priceFen) - first.priceFen
    expect(await page.locator('.exact').innerText()).toBe(`¥${((kept * 2) / 10_000).toFixed(4)}`)
    expect(await axeViolations(page)).toEqual([])
    const seen = await read<Order>(`/api${order}`, token)
    expect(seen).toMatchObject({ refundedFen: first.priceFen, refunds: [{ reason: 'cancelled', state: 'succeeded' }] })
    await expect.poll(() => leftOf(groupBuyId, first.offerId)).toBe((before ?? 0) + 1)

    const plain = await openPage(
      browser,
      { ...phone, javaScriptEnabled: false, storageState: await page.context().storageState() },
      complaints,
    )
    await plain.goto(`${system.url}${order}/give-back`)
    await plain.getByRole('button', { name: '全部退掉' }).click()
    await plain.getByRole('button', { name: `确认退掉，退 ${yuan(kept)}` }).click()
    await plain.getByText(`已退掉，${yuan(kept)} 原路退回`).waitFor()
    const gone = await read<Order>(`/api${order}`, token)
    expect(gone.refundedFen).toBe(gone.amountFen)
    await plain.goto(`${system.url}${order}/give-back`)
    await plain.getByText('现在不能退了').waitFor()
    expect(complaints).toEqual([])
  })
})
