import { randomUUID } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { theSystem, type TheSystem } from '#test/fixtures/system.ts'
import { axeViolations, openBrowser, openPage, phone } from './browser.ts'
import { openShortGroupBuy } from './short-group-buy.ts'

/** Somebody without a payment app comes to the desk with banknotes. */
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

it('pays at the desk, gets some of it back in notes, and the till is counted and banked by two persons', async () => {
  const { groupBuyId, order: orderOf, signIn } = await openShortGroupBuy(system, '现金也行', [TOMATO])
  const orderId = randomUUID()
  const token = await system.token('resident-1')
  const placed = await fetch(`${system.url}/api/orders/${orderId}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ lines: [{ groupBuyId, offerId: 'tomato', quantity: 3 }] }),
  })
  expect(placed.status).toBe(200)

  const worker = await openPage(browser, phone, complaints)
  await signIn(worker, 'worker-1', `/staff/orders/${orderId}`)
  await worker.waitForLoadState('networkidle')
  await worker.getByLabel('收到的现金（元）').fill('25')
  await worker.getByRole('button', { name: '收现金' }).click()
  await worker.getByRole('alertdialog').getByRole('button', { name: '收现金' }).click()
  await worker.getByText('这一单是 ¥25.80，请收齐再登记').waitFor()
  await worker.getByLabel('收到的现金（元）').fill('25.80')
  expect(await axeViolations(worker)).toEqual([])
  await worker.getByRole('button', { name: '收现金' }).click()
  await worker.getByRole('alertdialog').getByRole('button', { name: '收现金' }).click()
  await worker.getByText('现金已登记，订单已付款。').waitFor()
  expect(await orderOf(orderId)).toMatchObject({ state: 'paid', paidInCash: true })

  // The resident gives one portion back while it is still open: the money waits at the desk.
  const { shares } = (await orderOf(orderId)) as { shares: { saleId: string }[] }
  const back = await fetch(`${system.url}/api/orders/${orderId}/give-backs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      giveBackId: randomUUID(),
      lines: [{ saleId: shares[0]?.saleId, lineId: '1-1', portions: 1 }],
    }),
  })
  expect(back.status).toBe(200)
  const resident = await openPage(browser, phone, complaints)
  await signIn(resident, 'resident-1', `/orders/${orderId}`)
  await resident.getByText('有 ¥8.60 要退给您：凭取货码到社区服务点领现金。').waitFor()

  await worker.goto(`${system.url}/staff`)
  await worker.getByRole('link', { name: '现金台' }).first().click()
  await worker.waitForLoadState('networkidle')
  await worker.getByRole('button', { name: '已把 ¥8.60 现金退给住户' }).click()
  await worker.getByRole('alertdialog').getByRole('button', { name: '已把 ¥8.60 现金退给住户' }).click()
  await worker.getByText('已登记退现金。').waitFor()
  await worker.getByText('¥17.20').first().waitFor()
  expect(await axeViolations(worker)).toEqual([])
  await worker.getByLabel('点出来的现金（元）').fill('17.10')
  await worker.getByRole('button', { name: '登记清点' }).click()
  await worker.getByText('比应有的少 ¥0.10，请重点一遍，或写明原因').waitFor()
  await worker.getByLabel('点出来的现金（元）').fill('17.20')
  await worker.getByRole('button', { name: '登记清点' }).click()
  await worker.getByText('已登记清点。').waitFor()
  await worker.getByText('是您清点的，请由另一位登记存款。').waitFor()

  const office = await openPage(browser, { viewport: { width: 1280, height: 800 }, locale: 'zh-CN' }, complaints)
  await signIn(office, 'admin-1', new URL(worker.url()).pathname)
  expect(await office.getByRole('button', { name: '重新开账' }).count()).toBe(0)
  await office.getByLabel('存款回单号').fill(`ICBC-${randomUUID().slice(0, 8)}`)
  await office.getByRole('button', { name: '登记存银行' }).click()
  await office.getByText('已登记存款。').waitFor()
  expect(await axeViolations(office)).toEqual([])
  expect(complaints).toEqual([])
})
