import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { theSystem, type TheSystem } from '#test/fixtures/system.ts'
import { desktop, openBrowser, openPage, phone, signIn, sound } from './browser.ts'

/**
 * Goal: an administrator proposes what moves a fund by hand, the charity's bookkeeper checks the voucher and approves it, and
 * everybody who sees the entry reads why it is there.
 */
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

const confirm = (page: Page) => page.locator('[role="alertdialog"] .btn-main, dialog .btn-main').click()
const send = async (page: Page, button: string) => {
  await page.getByRole('button', { name: button }).click()
  await confirm(page)
}

/** A compound that no other journey buys in. */
async function quietCompound(): Promise<string> {
  const found = (await (await fetch(`${system.url}/api/places/compounds?limit=100`)).json()) as {
    items: { compoundId: string }[]
  }
  return found.items.at(-1)?.compoundId ?? ''
}

it('what is posted by hand takes two persons, and everybody reads why', async () => {
  const compoundId = await quietCompound()
  const admin = await openPage(browser, desktop, complaints)
  await signIn(system, admin, 'admin-1', `/staff/funds/${compoundId}`)
  await admin.getByRole('link', { name: '手工记账' }).click()
  await admin.getByText('这个小区还没有办结的手工记账。').waitFor()
  await admin.getByText('期初余额', { exact: true }).click()
  const proposal = admin.locator('#propose-opening')
  await proposal.getByLabel('金额（元）').fill('1200.50')
  await proposal.getByLabel(/原因/).fill('有问题请打 13800138000')
  await proposal.getByLabel(/凭证号/).fill('pz-2026-001')
  await sound(admin)
  await send(admin, '提出，等人复核')
  // What is typed stays, and the field says what is wrong.
  await proposal.getByText('这里会公开，不能有手机号或身份证号').waitFor()
  expect(await proposal.getByLabel('金额（元）').inputValue()).toBe('1200.50')
  await proposal.getByLabel(/原因/).fill('建账前慈善会代管的结余')
  await send(admin, '提出，等人复核')
  await admin.getByText('已提出，等另一位复核。').waitFor()
  await admin.getByText('您提出的，要由另一位来复核。').waitFor()
  // A second press of the same form proposes nothing: it is closed, and empty.
  await proposal.waitFor({ state: 'hidden' })
  expect(await proposal.getByLabel('金额（元）').inputValue()).toBe('')
  expect(await admin.getByRole('button', { name: '复核并入账' }).count()).toBe(0)

  const charity = await openPage(browser, phone, complaints)
  await signIn(system, charity, 'charity-1', '/remittances')
  await charity.getByRole('link', { name: '手工记账' }).click()
  await charity.getByRole('heading', { name: '等第二个人复核' }).waitFor()
  await sound(charity)
  await charity.locator(`main a[href="/manual-entries/${compoundId}"]`).first().click()
  await charity.getByLabel('金额（元）').first().fill('1200')
  await send(charity, '复核并入账')
  await charity.getByText('与提出的金额不一致，请照凭证核对').first().waitFor()
  await charity.getByLabel('金额（元）').first().fill('1,200.50')
  await send(charity, '复核并入账')
  await charity.getByText('已入账。').waitFor()
  await sound(charity)

  await admin.goto(`${system.url}/manual-entries/${compoundId}`)
  await admin.getByRole('link', { name: '账本第 1 号' }).click()
  await admin.getByText('建账前慈善会代管的结余').waitFor()
  await admin.getByText('¥1,200.50').first().waitFor()
  await sound(admin)
  // Neighbours see the entry, and why, from tomorrow on.
  const neighbour = await openPage(browser, phone, complaints)
  expect((await neighbour.goto(`${system.url}/funds/${compoundId}/entries/1`))?.status()).toBe(404)

  // A gift in kind has a donor; a correction that cannot be is refused and keeps what was typed.
  await admin.goto(`${system.url}/manual-entries/${compoundId}`)
  await admin.getByText('更正', { exact: true }).click()
  const correction = admin.locator('#propose-correction')
  await correction.getByLabel('增加还是减少').selectOption('out')
  await correction.getByLabel('金额（元）').fill('1200.51')
  await correction.getByLabel(/原因/).fill('银行手续费')
  await correction.getByLabel(/凭证号/).fill('PZ-2026-002')
  await send(admin, '提出，等人复核')
  await admin.getByText('可用余额不足以减去这笔钱').waitFor()
  await correction.getByLabel('金额（元）').fill('0.50')
  await send(admin, '提出，等人复核')
  await admin.getByText('已提出，等另一位复核。').waitFor()
  await admin.getByText('放弃这一笔').first().click()
  await admin.getByLabel('为什么放弃').fill('回单看错了')
  await admin.getByRole('button', { name: '放弃这一笔' }).click()
  await admin.getByText('放弃原因：回单看错了').waitFor()
  await sound(admin)
  // A worker reads it and may do nothing; a worker of another community does not see it.
  const worker = await openPage(browser, phone, complaints)
  await signIn(system, worker, 'worker-1', '/staff')
  expect([200, 403]).toContain((await worker.goto(`${system.url}/manual-entries/${compoundId}`))?.status())
  expect(await worker.locator('form[action="?/propose"]').count()).toBe(0)
  expect(complaints).toEqual([])
})
