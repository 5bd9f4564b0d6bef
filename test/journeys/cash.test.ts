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

it('pays at the desk, gets some of it back in notes, and the till is counted blind and banked by two persons', async () => {
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
  await signIn(worker, 'worker-1', '/staff')
  await worker.getByRole('link', { name: '现金台' }).first().click()
  await worker.waitForLoadState('networkidle')
  for (const [label, text] of [
    ['楼号', '1'],
    ['单元', '1'],
    ['房号', '9999'],
  ] as const) {
    await worker.getByLabel(label, { exact: true }).fill(text)
  }
  await worker.getByRole('button', { name: '找订单' }).click()
  await worker.getByText('没有等着付款的订单').waitFor()
  await worker.getByLabel('房号', { exact: true }).fill('101')
  await worker.getByRole('button', { name: '找订单' }).click()
  await worker.getByRole('link', { name: '收款 ¥25.80' }).first().waitFor()
  expect(await axeViolations(worker)).toEqual([])
  await worker.locator(`a[href="/staff/orders/${orderId}"]`).click()
  await worker.waitForURL(`**/staff/orders/${orderId}`)
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
  await worker.waitForURL(/\/staff\/cash\/./)
  await worker.waitForLoadState('networkidle')
  const desk = new URL(worker.url()).pathname
  await worker.getByText('清点时才告诉您').waitFor()
  await worker.getByText('其他人', { exact: true }).click()
  await worker.getByRole('button', { name: '已把 ¥8.60 现金退给住户' }).click()
  await worker.getByRole('alertdialog').getByRole('button', { name: '已把 ¥8.60 现金退给住户' }).click()
  await worker.getByText('请写领款人和住户是什么关系').waitFor()
  await worker.getByLabel('其他人是谁（写和住户的关系）').fill('楼下邻居')
  expect(await axeViolations(worker)).toEqual([])
  await worker.getByRole('button', { name: '已把 ¥8.60 现金退给住户' }).click()
  await worker.getByRole('alertdialog').getByRole('button', { name: '已把 ¥8.60 现金退给住户' }).click()
  await worker.getByText('已登记退现金。').waitFor()

  // The administrator sees what should be there; whoever counts does not.
  const office = await openPage(browser, { viewport: { width: 1280, height: 800 }, locale: 'zh-CN' }, complaints)
  await signIn(office, 'admin-1', '/staff')
  // What was paid by phone is compared with the payment provider by another page, and nothing there is amiss.
  await office.getByRole('link', { name: '收付核对' }).click()
  await office.waitForURL('**/staff/payments')
  await office.waitForLoadState('networkidle')
  const compared = office.waitForResponse((response) => response.request().method() === 'POST')
  await office.getByRole('button', { name: /^(现在|从头)核对$/ }).click()
  await (await compared).finished()
  await office.getByRole('heading', { name: /（人工核对）$/ }).waitFor()
  expect(await axeViolations(office)).toEqual([])
  await office.getByRole('link', { name: '回到社区工作台' }).click()
  await office.getByRole('link', { name: '各社区现金台' }).click()
  await office.waitForURL('**/staff/cash')
  expect(await axeViolations(office)).toEqual([])
  await office.locator(`a[href="${desk}"]`).click()
  await office.waitForURL(`**${desk}`)
  await office.waitForLoadState('networkidle')
  const balance = async () => Number((await office.locator('dd.big').innerText()).replace(/[¥,]/g, ''))
  const before = await balance()
  expect(before).toBeGreaterThanOrEqual(17.2)
  expect(await office.getByRole('button', { name: '登记清点' }).count()).toBe(0)
  // Somebody puts change in while the worker counts: they count again, find another sum, and say why.
  const bringIn = office.locator('details', { hasText: '补入现金' })
  await bringIn.locator('summary').click()
  await bringIn.getByLabel('补入的金额（元）').fill('１.50')
  await bringIn.getByLabel('从哪里来').fill('零钱')
  await bringIn.getByRole('button', { name: '补入现金' }).click()
  await office.getByText('补入 ¥1.50？').waitFor()
  await office.getByRole('alertdialog').getByRole('button', { name: '补入现金' }).click()
  await bringIn.getByText('已登记补入。').waitFor()
  expect(await bringIn.getByLabel('补入的金额（元）').inputValue()).toBe('')
  expect(await balance()).toBeCloseTo(before + 1.5, 5)
  const expected = before + 1.5
  const counted = worker.getByLabel('点出来的现金（元）')
  await counted.fill((expected - 0.1).toFixed(2))
  await worker.getByRole('button', { name: '登记清点' }).click()
  await worker.getByText('刚有现金进出，请重新点一遍').waitFor()
  expect(await counted.inputValue()).toBe('')
  await counted.fill((expected - 0.1).toFixed(2))
  await worker.getByRole('button', { name: '登记清点' }).click()
  await worker.getByText('和账上对不上，请重点一遍').waitFor()
  expect(await worker.locator('main').innerText()).not.toContain(expected.toFixed(2))
  await worker.getByLabel('不一样的原因（对不上时才写，至少两个字）').fill('找错一角')
  expect(await axeViolations(worker)).toEqual([])
  await worker.getByRole('button', { name: '登记清点' }).click()
  await worker.getByText('已登记清点。').waitFor()
  expect(await counted.inputValue()).toBe('')
  await worker.getByText('少 ¥0.10').waitFor()
  await worker.getByText('是您清点的，请由另一位登记存款').waitFor()
  await worker.getByRole('link', { name: '看今天的日记账' }).click()
  await worker.getByRole('cell', { name: '长短款' }).waitFor()
  await worker.getByRole('cell', { name: '其他人领；楼下邻居' }).waitFor()
  expect(await axeViolations(worker)).toEqual([])

  // The count was made by somebody else a moment ago: the page is looked at until it knows.
  const lookedAtAnew = async () => {
    await office.reload()
    await office.waitForLoadState('networkidle')
    return office.locator('main').innerText()
  }
  await expect.poll(lookedAtAnew, { timeout: 60_000, interval: 1_000 }).toContain('回单上的金额（元）')
  await office.getByLabel('回单上的金额（元）').fill('99999')
  await office.getByLabel('存款回单号').fill(`ICBC-${randomUUID().slice(0, 8)}`)
  const record = async (sum: string) => {
    await office.getByRole('button', { name: '登记存银行' }).click()
    await office.getByText(`登记存银行 ${sum}？`).waitFor()
    await office.getByRole('alertdialog').getByRole('button', { name: '登记存银行' }).click()
  }
  await record('¥99,999.00')
  await office.getByText('比账上的现金还多，请核对回单上的金额').waitFor()
  await office.getByLabel('回单上的金额（元）').fill('17')
  await record('¥17.00')
  await office.getByText('已登记存款。').waitFor()
  expect(await balance()).toBeCloseTo(expected - 17.1, 5)
  expect(await axeViolations(office)).toEqual([])
  await office.getByRole('link', { name: '看今天的日记账' }).click()
  await office.getByRole('cell', { name: '存银行' }).waitFor()
  expect(await axeViolations(office)).toEqual([])
  const csv = await office.request.get(`${office.url()}/table.csv`)
  expect(csv.headers()['content-type']).toContain('text/csv')
  expect(await csv.text()).toContain('17.00')
  expect((await office.request.get(`${office.url()}/table.xlsx`)).status()).toBe(200)
  expect(complaints).toEqual([])
})
