import type { Browser, Page } from 'playwright-core'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Receiver, startReceiver, status } from '#test/fixtures/hook-receiver.ts'
import { theSystem, type TheSystem } from '#test/fixtures/system.ts'
import { axeViolations, desktop, openBrowser, openPage, phone, signIn, tooWide } from './browser.ts'
import { openShortGroupBuy } from './short-group-buy.ts'

/** A worker has the sales of a compound told to another system, sees what arrives, and mends what does not. */
let system: TheSystem
let browser: Browser
let receiver: Receiver
const complaints: string[] = []
const PATIENCE = { timeout: 60_000, interval: 250 }

beforeAll(async () => {
  system = await theSystem()
  browser = await openBrowser()
  receiver = await startReceiver()
})
afterAll(async () => {
  await browser?.close()
  await receiver?.stop()
  await system?.close()
})

async function isWell(page: Page) {
  expect(await axeViolations(page)).toEqual([])
  expect(await tooWide(page)).toBe(0)
}

it('a worker adds a hook, keeps its secret, tests it; a sale arrives signed, one that failed is sent again, and it is removed', async () => {
  const goods = [{ offerId: 'pear', name: '梨', picture: 'pear', priceFen: 500, portionGrams: 500 }]
  const short = await openShortGroupBuy(system, '钩子听着', goods, { closesInMs: 7_200_000 })
  const page = await openPage(browser, phone, complaints)
  await signIn(system, page, 'worker-1', '/staff')
  await page.getByRole('link', { name: '事件钩子' }).click()
  await page.getByRole('heading', { name: '事件钩子' }).waitFor()
  await isWell(page)

  const name = `对账 ${short.groupBuyId}`
  await page.getByText('新建钩子').click()
  await page.getByLabel('范围').selectOption(`compound ${short.compoundId}`)
  await page.getByLabel('名字').fill(name)
  await page.getByLabel('接收地址').fill('https://10.0.0.1/hooks')
  await page.getByRole('button', { name: '新建' }).click()
  await page.getByText('只能发到公网地址').first().waitFor()
  await isWell(page)
  expect(await page.getByLabel('名字').inputValue()).toBe(name)
  await page.getByLabel('接收地址').fill(receiver.url)
  await page.getByRole('button', { name: '新建' }).click()
  const shown = page.getByLabel(`“${name}”的签名密钥`)
  await shown.waitFor()
  const secret = await shown.inputValue()
  expect(secret).toMatch(/^whsec_/)
  await isWell(page)

  await page.getByRole('link', { name }).click()
  await page.getByRole('heading', { name }).waitFor()
  expect(await page.content()).not.toContain(secret)
  await page.getByRole('button', { name: '发一条测试' }).click()
  await page.getByText('送到了：204').waitFor()
  const test = receiver.received.find(({ body }) => body.includes('hook.tested.v1'))
  expect(new Webhook(secret).verify(test?.body ?? '', test?.headers as Record<string, string>)).toMatchObject({
    type: 'hook.tested.v1',
  })

  // Others sell in this compound meanwhile: what is looked at is this group buy's sale, which does not arrive at once.
  const own = () => receiver.received.filter(({ body }) => body.includes(short.groupBuyId))
  receiver.always((response, received) => {
    const isFirst = own().length === 1 && received === own()[0]
    status(isFirst ? 500 : 204, {}, isFirst ? 'out of order' : '')(response, received, 0)
  })
  await short.buy({ pear: 2 })
  await expect.poll(() => own().length, PATIENCE).toBeGreaterThanOrEqual(1)
  await page.reload()
  const shownSale = page.locator('li.card', { hasText: short.groupBuyId })
  await shownSale.waitFor()
  await isWell(page)
  // The clock brings it.
  await expect.poll(() => own().length, PATIENCE).toBe(2)
  const [first, second] = own()
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
  const told = new Webhook(secret).verify(second?.body ?? '', second?.headers as Record<string, string>)
  expect(told).toMatchObject({ type: 'sale.recorded.v1', data: { compoundId: short.compoundId, coopId: short.coopId } })

  // All the rest as plain forms, at an office's computer.
  const storageState = await page.context().storageState()
  const plain = await openPage(browser, { ...desktop, javaScriptEnabled: false, storageState }, complaints)
  const sale = plain.locator('li.card', { hasText: short.groupBuyId })
  await expect
    .poll(async () => {
      await plain.goto(page.url())
      return sale.getByText('已送到').count()
    }, PATIENCE)
    .toBe(1)
  await sale.locator('summary').click()
  await sale.getByText('out of order').waitFor()
  expect(await tooWide(plain)).toBe(0)
  await sale.getByRole('button', { name: '再发一次' }).click()
  await plain.getByText('一分钟内发出').waitFor()
  await expect.poll(() => own().length, PATIENCE).toBe(3)
  expect(own()[2]?.headers['webhook-id']).toBe(first?.headers['webhook-id'])

  await plain.getByText('签名密钥', { exact: true }).click()
  await plain.getByRole('button', { name: '更换密钥' }).click()
  const fresh = await plain.getByLabel(`“${name}”的签名密钥`).inputValue()
  expect(fresh).not.toBe(secret)
  await plain.getByRole('button', { name: '停用' }).click()
  await plain.getByText('由人停用').waitFor()
  await page.reload()
  await page.getByText('由人停用').waitFor()
  for (const fold of await page.locator('summary').all()) await fold.click()
  await isWell(page)
  await page.setViewportSize({ width: 1280, height: 800 })
  await isWell(page)
  await plain.getByRole('button', { name: '启用' }).click()
  await plain.getByText('已启用').waitFor()

  // Nobody else sees it.
  const stranger = await openPage(browser, phone, complaints)
  await signIn(system, stranger, 'worker-2', '/staff/hooks')
  expect(await stranger.getByText(name).count()).toBe(0)
  expect((await stranger.goto(page.url()))?.status()).toBe(404)
  await signIn(system, await openPage(browser, phone, complaints), 'resident-1', '/staff/hooks')

  await plain.getByRole('button', { name: '删除这个钩子' }).click()
  await plain.getByRole('heading', { name: '事件钩子' }).waitFor()
  expect(await plain.getByText(name).count()).toBe(0)
  expect(complaints).toEqual([])
})
