import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ownSystem, type TheSystem } from '#test/fixtures/system.ts'
import { axeViolations, desktop, openBrowser, openPage, phone } from './browser.ts'
import { openShortGroupBuy } from './short-group-buy.ts'

/** From the last bag to the money on the co-op's account, as the co-op and the district live it. */
let system: TheSystem
let browser: Browser
const complaints: string[] = []

beforeAll(async () => {
  // Without an after-sales window there is a statement as soon as the group buy is decided.
  system = await ownSystem({ afterSalesHours: 0 })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await system?.close()
})

const GOODS = [
  { offerId: 'tomato', name: '西红柿', picture: 'tomato', priceFen: 860, portionGrams: 500 },
  { offerId: 'pear', name: '梨', picture: 'pear', priceFen: 500, portionGrams: 500 },
] as const

/** ¥22.20 sold; the fund's 2 % is ¥0.444, of which whole fen are posted. */
const DUE = '¥21.76'

async function untilListed(page: Page, title: string): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.reload()
        return page.getByRole('link', { name: new RegExp(`查看.*${title}`) }).count()
      },
      { timeout: 60_000, interval: 2_000 },
    )
    .toBeGreaterThan(0)
}

it('the co-op disputes and confirms its statement, the district answers and pays it, to the fen', async () => {
  const { groupBuyId, coopId, buy, giveBack, untilConfirmed, signIn } = await openShortGroupBuy(
    system,
    '结算体验',
    GOODS,
    {
      // Nothing is stated before pick-up is over.
      pickUpLastsMs: 10_000,
    },
  )
  // There before the closing: on a slow machine the statement is made sooner than somebody signs in.
  const coop = await openPage(browser, phone, complaints)
  await signIn(coop, 'coop-1', '/coop')
  await coop.getByRole('link', { name: '结算单' }).click()
  await coop.getByRole('heading', { name: '结算单', exact: true }).waitFor()
  const orderId = await buy({ tomato: 2, pear: 1 })
  await untilConfirmed(orderId)
  await coop.reload()
  await coop.getByText(/还在提货|马上就出|等基金记完账/).waitFor()
  await untilListed(coop, '结算体验')
  expect(await axeViolations(coop)).toEqual([])
  // Each member is told of it, and led to it.
  await coop.goto(`${system.url}/notices`)
  await coop.getByText('「结算体验」').waitFor()
  await coop.getByRole('link', { name: `新结算单：应付合作社 ${DUE}` }).click()
  await coop.getByRole('heading', { name: '结算单 · 结算体验' }).waitFor()
  expect(new URL(coop.url()).pathname).toBe(`/coop/statements/${groupBuyId}/1`)
  await coop.locator('p.due', { hasText: DUE }).waitFor()
  expect(await axeViolations(coop)).toEqual([])
  const csv = await coop.request.get(`${system.url}/coop/statements/${groupBuyId}/1/table.csv`)
  expect(await csv.text()).toContain('应付合作社,21.76')
  const xlsx = await coop.request.get(`${system.url}/coop/statements/${groupBuyId}/1/table.xlsx`)
  expect((await xlsx.body()).subarray(0, 2).toString()).toBe('PK')

  await coop.getByText('有问题，提异议').click()
  await coop.getByLabel('哪里不对？').fill('梨少算了一份')
  await coop.getByRole('button', { name: '提交异议' }).click()
  await coop.getByText('正等区里答复，答复前不会付款。').waitFor()

  const office = await openPage(browser, desktop, complaints)
  await signIn(office, 'admin-1', '/staff')
  await office.getByRole('link', { name: '给合作社付款' }).click()
  await office.getByText('1 张有异议，等您答复').waitFor()
  expect(await axeViolations(office)).toEqual([])
  await office.goto(`${system.url}/staff/payouts/${coopId}`)
  await office.getByRole('link', { name: '结算体验' }).click()
  await office.getByLabel('答复', { exact: true }).fill('只卖出一份，请再看一下')
  await office.getByRole('button', { name: '发出答复' }).click()
  await office.getByText('答复已发出。').waitFor()

  await coop.reload()
  await coop.getByText('只卖出一份，请再看一下').waitFor()
  await coop.getByRole('button', { name: '金额没问题，确认' }).click()
  await coop.getByRole('alertdialog').getByRole('button', { name: '金额没问题，确认' }).click()
  await coop.getByText('已确认，等区里转账。').waitFor()

  await office.goto(`${system.url}/staff/payouts/${coopId}`)
  await office.getByLabel('结算体验').waitFor()
  expect(await axeViolations(office)).toEqual([])
  await office.waitForLoadState('networkidle')
  await office.getByRole('button', { name: '准备付款' }).click()
  await office.getByRole('alertdialog').getByRole('button', { name: '准备付款' }).click()
  await office.getByText('已准备。转账后请另一位登记。').waitFor()
  await office.getByText('这笔是您准备的。').waitFor()
  expect(await axeViolations(office)).toEqual([])
  await coop.reload()
  await coop.getByText('区里正在转账，到账后请核对。').waitFor()

  // Without JavaScript, as on an old machine in an office: a wrong sum is told, and nothing of what was typed is lost.
  const plain = await openPage(browser, { ...phone, javaScriptEnabled: false }, complaints)
  await signIn(plain, 'admin-2', `/staff/payouts/${coopId}`)
  await plain.getByText(`还要转给合作社 ${DUE}`).waitFor()
  await plain.getByLabel('银行回单上的金额（元）').fill('21.67')
  await plain.getByLabel('银行流水号').fill('CCB-2026-0001')
  await plain.getByRole('button', { name: '登记转账' }).click()
  await plain.getByText('这笔付款还要转出 ¥21.76，请核对回单').waitFor()
  expect(await plain.getByLabel('银行流水号').inputValue()).toBe('CCB-2026-0001')
  await plain.getByLabel('银行回单上的金额（元）').fill('21.76')
  await plain.getByRole('button', { name: '登记转账' }).click()
  await plain.getByText('已登记，这笔付款付清了。').waitFor()

  await coop.reload()
  await coop.getByText(`转出 ${DUE}`).waitFor()
  await coop.getByText('银行流水号 CCB-2026-0001').waitFor()

  // The co-op does not find the money: an open report on the payment, until the bank's evidence is shown.
  await coop.getByText('钱没有到账？告诉区里').click()
  await coop.getByLabel('怎么没有到账？').fill('尾号 0021 的账户到今天没有收到')
  expect(await axeViolations(coop)).toEqual([])
  await coop.getByRole('button', { name: '告诉区里没有到账' }).click()
  await coop.getByText('您说钱没有到账，正等区里查银行凭证。查清以前不会再付一次。').waitFor()
  await office.goto(`${system.url}/staff/payouts`)
  await office.getByText('1 张说钱没有到账，请查').waitFor()
  await office.goto(`${system.url}/staff/payouts/${coopId}`)
  await office.getByText('合作社说钱没有到账：尾号 0021 的账户到今天没有收到').waitFor()
  await office.getByText('钱退回来了？').waitFor()
  expect(await axeViolations(office)).toEqual([])
  await office.getByRole('link', { name: '看经过，答复' }).click()
  await office.getByLabel('银行凭证上怎么写的？').fill('入账回单：尾号 0021，今天 10:02 入账')
  expect(await axeViolations(office)).toEqual([])
  await office.getByRole('button', { name: '已经入账，答复合作社' }).click()
  await office.getByText('答复已发出。').waitFor()
  await coop.reload()
  await coop.getByText('入账回单：尾号 0021，今天 10:02 入账').waitFor()
  await coop.getByText('钱没有到账？告诉区里').waitFor()

  // A digit was typed wrongly; then the bank sends the money back, and the payment is given up.
  await office.goto(`${system.url}/staff/payouts`)
  await office.getByRole('heading', { name: '付过款的合作社' }).waitFor()
  await office.goto(`${system.url}/staff/payouts/${coopId}`)
  await office.getByText('没有要付的结算单').waitFor()
  await office.waitForLoadState('networkidle')
  await office.getByText('登记错了？更正').click()
  const correction = office.locator('form', { has: office.getByRole('button', { name: '更正', exact: true }) })
  await correction.getByLabel('银行回单上的金额（元）').fill('21.76')
  await correction.getByLabel('银行流水号').fill('CCB-2026-0007')
  await correction.getByLabel('更正的原因').fill('看错一位')
  await office.getByRole('button', { name: '更正', exact: true }).click()
  await office.getByText('已更正，原来的内容还在。').waitFor()
  await office.getByText(/原来登记 .*CCB-2026-0001.*看错一位/).waitFor()
  // Who recorded the transfer does not record that it came back.
  await plain.goto(`${system.url}/staff/payouts/${coopId}`)
  await plain.getByText(/原来登记/).waitFor()
  expect(await plain.getByText('钱退回来了？').count()).toBe(0)
  await office.getByText('钱退回来了？').click()
  const back = office.locator('form', { has: office.getByRole('button', { name: '登记退回' }) })
  await back.getByLabel('银行回单上的金额（元）').fill('21.76')
  await back.getByLabel('银行流水号').fill('CCB-2026-0009')
  await back.getByLabel('退回的原因').fill('账号有误，银行退汇')
  await back.getByRole('button', { name: '登记退回' }).click()
  await office.getByText('已登记，这笔付款还没有付清。').waitFor()
  await office.getByText(`还要转给合作社 ${DUE}`).waitFor()
  expect(await axeViolations(office)).toEqual([])
  // Who says that it came back does not free the statement as well.
  expect(await office.getByText('不转了，放弃').count()).toBe(0)
  await plain.goto(`${system.url}/staff/payouts/${coopId}`)
  await plain.getByText('不转了，放弃').click()
  await plain.getByLabel('放弃的原因').fill('等合作社改账号')
  await plain.getByRole('button', { name: '放弃这笔付款' }).click()
  await plain.getByText('已放弃，结算单可以重新付。').waitFor()
  await plain.getByText('已放弃：等合作社改账号').waitFor()
  await coop.reload()
  await coop.getByText('已确认，等区里转账。').waitFor()

  // A resident gets something back after all: the co-op owes it, and it is taken off what is paid next.
  await giveBack(orderId, 500)
  await coop.goto(`${system.url}/coop/statements`)
  await untilListed(coop, '结算体验 补充 1')
  await coop.getByRole('link', { name: /查看.*结算体验 补充 1/ }).click()
  await coop.getByText('合作社应退回').first().waitFor()
  await coop.getByText(/前没有异议，就算确认/).waitFor()
  expect(await axeViolations(coop)).toEqual([])
  await coop.getByRole('button', { name: '金额没问题，确认' }).click()
  await coop.getByRole('alertdialog').getByText('确认要退回 ¥4.90？').waitFor()
  await coop.getByRole('alertdialog').getByRole('button', { name: '金额没问题，确认' }).click()
  await coop.getByText('下次付款时扣除').first().waitFor()
  await office.goto(`${system.url}/staff/payouts/${coopId}`)
  await office.getByText('合作社要退回的，一起扣除').waitFor()
  await office.waitForLoadState('networkidle')
  expect(await axeViolations(office)).toEqual([])
  await office.getByRole('button', { name: '准备付款' }).click()
  await office.getByRole('alertdialog').getByText('准备付款 ¥16.86，2 张？').waitFor()
  await office.getByRole('alertdialog').getByRole('button', { name: '准备付款' }).click()
  await office.getByText('还要转给合作社 ¥16.86').waitFor()
  expect(complaints).toEqual([])
})
