import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { theSystem, type TheSystem } from '#test/fixtures/system.ts'
import { axeViolations, desktop, openBrowser, openPage, phone } from './browser.ts'
import { openShortGroupBuy } from './short-group-buy.ts'

/** From the closing of a group buy to the last bag, as the co-op and the worker live it. */
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

const GOODS = [
  { offerId: 'melon', name: '冬瓜（整个）', picture: 'melon', priceFen: 1000, portionGrams: 2500, weighed: true },
  { offerId: 'tomato', name: '西红柿', picture: 'tomato', priceFen: 860, portionGrams: 500 },
] as const

it('what is short and what is too light goes back by itself, and the rest is handed out', async () => {
  const {
    groupBuyId,
    compoundId,
    buy,
    order: orderOf,
    untilConfirmed,
    signIn,
  } = await openShortGroupBuy(system, '周末尝鲜', GOODS)
  const first = await buy({ melon: 1, tomato: 2 })
  const second = await buy({ tomato: 3 })
  await untilConfirmed(first)
  await untilConfirmed(second)

  const coop = await openPage(browser, desktop, complaints)
  await signIn(coop, 'coop-1', `/coop/group-buys/${groupBuyId}/purchase-order`)
  await coop.getByRole('link', { name: '登记送货' }).click()
  await coop.locator('input[name="sent:tomato"]').fill('4')
  await coop.locator('input[name=note]').fill('下雨，西红柿少摘了一份')
  await coop.getByRole('button', { name: '登记送货' }).click()
  await coop.getByText('已登记，社区到货时会看到。').waitFor()
  expect(await axeViolations(coop)).toEqual([])

  await coop.goto(`${system.url}/coop/group-buys/${groupBuyId}/certificates`)
  const melon = coop.locator('details', { hasText: '冬瓜（整个）' })
  await melon.getByLabel('联系方式').fill('0635-0000000')
  await melon.getByRole('button', { name: '开具' }).click()
  await melon.getByText('请至少选一项承诺依据').waitFor()
  expect(await melon.getByLabel('联系方式').inputValue()).toBe('0635-0000000')
  await melon.getByLabel('自我检测').check()
  await melon.getByRole('button', { name: '开具' }).click()
  await coop.getByText('已开具，居民可以看到。').waitFor()
  expect(await axeViolations(coop)).toEqual([])

  const worker = await openPage(browser, phone, complaints)
  const base = `/staff/compounds/${compoundId}/group-buys/${groupBuyId}`
  await signIn(worker, 'worker-1', base)
  await worker.getByRole('link', { name: '到货清点' }).click()
  await worker.getByText('下雨，西红柿少摘了一份').waitFor()
  expect(await worker.locator('input[name="arrived:tomato"]').inputValue()).toBe('4')
  await worker.getByRole('button', { name: '看看缺多少' }).click()
  await worker.getByText('缺 1 份，涉及 1 个订单，退 ¥8.60').waitFor()
  // Changed after it was looked at: it is looked at again, not confirmed.
  await worker.locator('input[name="refused:tomato"]').fill('1')
  await worker.getByRole('button', { name: '确认清点并退款' }).click()
  await worker.getByText('缺 2 份，涉及 1 个订单，退 ¥17.20').waitFor()
  expect(await axeViolations(worker)).toEqual([])
  await worker.getByRole('button', { name: '确认清点并退款' }).click()
  await worker.getByText('已清点').first().waitFor()

  await worker.goto(`${system.url}${base}/weigh-in`)
  await worker.locator('input[name^="g:"]').fill('２４００')
  await worker.keyboard.press('Enter')
  await worker.getByText('已称 1 / 1').waitFor()
  await worker.getByText('现在结束，一共退 ¥0.40').waitFor()
  expect(await axeViolations(worker)).toEqual([])
  await worker.getByRole('button', { name: '结束称重并退款' }).click()
  await worker.getByRole('alertdialog').getByRole('button', { name: '结束称重并退款' }).click()
  await worker.getByText('差价已退').waitFor()

  const order = await orderOf(second)
  expect(order).toMatchObject({ refundedFen: 1720, refunds: [{ reason: 'shortage', amountFen: 1720 }] })
  expect(await orderOf(first)).toMatchObject({
    refundedFen: 40,
    refunds: [{ reason: 'weight', lines: [{ why: { kind: 'weight', nominalGrams: 2500, grams: 2400 } }] }],
  })

  await worker.goto(`${system.url}/staff/compounds/${compoundId}/pick-up?code=${String(order.pickUpCode)}`)
  const card = worker.locator('section.card', { hasText: String(order.pickUpCode) }).first()
  await card.getByRole('button', { name: '全部取走（1 份）' }).click()
  await worker.getByRole('status').getByText('已取走').waitFor()

  // What the buyer can show and read of it: the certificate of the batch, and the receipt with what went back.
  const resident = await openPage(browser, phone, complaints)
  await signIn(resident, 'resident-1', `/orders/${first}`)
  await resident.getByRole('link', { name: '产地、采收日期、合格证' }).click()
  await resident.getByText('不使用禁用农药兽药、停用兽药和非法添加物').waitFor()
  expect(await axeViolations(resident)).toEqual([])
  await resident.goto(`${system.url}/orders/${second}/receipt`)
  await resident.getByText('实付（已减退款）').waitFor()
  await resident.getByText('¥8.60').last().waitFor()
  expect(await axeViolations(resident)).toEqual([])
  expect(complaints).toEqual([])
})
