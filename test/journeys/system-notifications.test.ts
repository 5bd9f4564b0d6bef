import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type MailServer, startMailServer } from '#test/fixtures/mail-server.ts'
import { shopOfOneCompound } from '#test/fixtures/system.ts'
import { seedSystem } from '../../cdk/tools/seed-system.ts'
import { startSystem, type System } from '../../cdk/tools/system.ts'
import { axeViolations, openBrowser, openPage, phone } from './browser.ts'
import { openShortGroupBuy } from './short-group-buy.ts'

/** Reminders by e-mail, from the page where they are turned on to the letter in a real mail server. */
const dataDir = mkdtempSync(join(tmpdir(), 'xianglai-mail-'))
let mail: MailServer
let system: System
let browser: Browser
const complaints: string[] = []

beforeAll(async () => {
  mail = await startMailServer()
  const hookSecret = `whsec_${randomBytes(32).toString('base64')}`
  const messages = { smtpUrl: mail.url, mailFrom: 'no-reply@xianglai.test', hookUrl: 'http://127.0.0.1:9/', hookSecret }
  system = await startSystem({ dataDir, tickSeconds: 2, messages })
  await seedSystem(system, shopOfOneCompound)
  browser = await openBrowser()
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await system?.close()
  await mail?.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

const ADDRESS = 'wang.fang@mail.test'
const GOODS = [{ offerId: 'pear', name: '梨', picture: 'pear', priceFen: 500, portionGrams: 500 }] as const

it('a resident turns e-mail on with a code, gets a letter when the goods arrive, and deletes the address again', async () => {
  const short = await openShortGroupBuy(system, '邮件体验', GOODS)
  const { signIn } = short
  const resident = await openPage(browser, phone, complaints)
  await signIn(resident, 'resident-1', '/notices')
  await resident.getByRole('link', { name: '提醒设置' }).click()
  await resident.getByRole('heading', { name: '提醒设置' }).waitFor()
  expect(await axeViolations(resident)).toEqual([])
  await resident.getByLabel('邮箱').fill('不是邮箱@x')
  await resident.locator('form[action="?/send"]').evaluate((form: HTMLFormElement) => (form.noValidate = true))
  await resident.getByRole('button', { name: '发送验证码' }).click()
  await resident.locator('#address-error').getByText('请写正确的邮箱').waitFor()
  expect(await axeViolations(resident)).toEqual([])
  await resident.getByLabel('邮箱').fill(ADDRESS)
  await resident.getByRole('button', { name: '发送验证码' }).click()
  await resident.getByText(`验证码已发到 ${ADDRESS}`).waitFor()
  const letter = mail.to(ADDRESS)[0]?.text ?? ''
  const code = /验证码 (\d{6})/.exec(letter)?.[1] ?? ''
  const link = /打开：(\S+)/.exec(letter)?.[1] ?? ''
  expect(await axeViolations(resident)).toEqual([])
  await resident.getByLabel('验证码（6 位数字）').fill(code === '000000' ? '000001' : '000000')
  await resident.getByRole('button', { name: '确认邮箱' }).click()
  await resident.locator('#code-error').getByText('验证码不对').waitFor()

  // The letter's own link brings the code; the form works without a script.
  const storageState = await resident.context().storageState()
  const plain = await openPage(browser, { ...phone, javaScriptEnabled: false, storageState }, complaints)
  await plain.goto(link)
  expect(await plain.getByLabel('验证码（6 位数字）').inputValue()).toBe(code)
  await plain.getByRole('button', { name: '确认邮箱' }).click()
  await plain.getByText('邮箱确认好了').waitFor()
  await plain.getByLabel('成团了').uncheck()
  await plain.getByLabel('发短信或微信').check()
  await plain.getByRole('button', { name: '保存' }).click()
  await plain.getByText('已保存。').waitFor()
  await resident.goto(`${system.url}/notices/settings`)
  expect(await resident.getByLabel('发邮件').isChecked()).toBe(true)
  expect(await resident.getByLabel('成团了').isChecked()).toBe(false)
  expect(await resident.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  expect(await axeViolations(resident)).toEqual([])

  const orderId = await short.buy({ pear: 2 })
  await short.untilConfirmed(orderId)
  await short.arrive({ pear: 2 })
  await expect
    .poll(() => mail.to(ADDRESS).map(({ subject }) => subject), { timeout: 30_000, interval: 250 })
    .toContain('乡来：菜到了')
  const arrived = mail.to(ADDRESS).find(({ subject }) => subject === '乡来：菜到了')
  expect(mail.to(ADDRESS).map(({ subject }) => subject)).not.toContain('乡来：成团了')
  await resident.goto(/查看：(\S+)/.exec(arrived?.text ?? '')?.[1] ?? '')
  await resident.waitForURL((url) => url.pathname === `/orders/${orderId}`)

  await plain.goto(`${system.url}/notices/settings`)
  await plain.getByRole('button', { name: '删除邮箱' }).click()
  await plain.getByText('邮箱已删除。').waitFor()
  expect(await plain.getByText(ADDRESS).count()).toBe(0)
  expect(complaints).toEqual([])
})
