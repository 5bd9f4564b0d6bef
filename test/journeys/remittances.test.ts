import { ListTablesCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { postToFund } from '#functions/fund/post-to-fund.ts'
import { seedSystem } from '../../cdk/tools/seed-system.ts'
import { startSystem, type System } from '../../cdk/tools/system.ts'
import { sale, settlement } from '../domain/fund-story.ts'
import { shopOfOneCompound } from '../fixtures/system.ts'
import { eventItem } from '../functions/fund-table.ts'
import { axeViolations, desktop, openBrowser, openPage, phone } from './browser.ts'

/** The 2 % on its way: listed by one administrator, sent by another, confirmed by the charity, seen by the co-op. */
const COMPOUND = 'c-371502001001-01'
const COOP = 'coop-371502100265'
const DAY_MS = 86_400_000

let system: System
let dataDir: string
let browser: Browser
const complaints: string[] = []

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'xianglai-remittances-'))
  system = await startSystem({ dataDir, tickSeconds: 4 })
  await seedSystem(system, shopOfOneCompound)
  await soldTwoDaysAgo()
  browser = await openBrowser()
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await system?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

/** ¥10,000 of sales were settled two days ago: the fund's own posting, by a clock that stood then. */
async function soldTwoDaysAgo(): Promise<void> {
  const client = new DynamoDBClient({
    endpoint: system.engine.endpoint,
    region: 'cn-northwest-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  const { TableNames: names = [] } = await client.send(new ListTablesCommand({}))
  const table = (part: string) => names.find((name) => name.includes(part)) ?? ''
  Object.assign(process.env, {
    ...{ DYNAMODB_ENDPOINT: system.engine.endpoint, AWS_REGION: 'cn-northwest-1' },
    ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    ...{ MARKET_TABLE: table('Market'), LEDGER_TABLE: table('Ledger') },
  })
  const occurredAt = new Date(Date.now() - 2 * DAY_MS).toISOString()
  const events = [
    sale('journey-1', 1_000_000, { coopId: COOP, villageId: '371502100265' }),
    settlement('journey-1'),
  ].map((event) => ({ ...event, compoundId: COMPOUND, occurredAt }))
  for (const event of events)
    await client.send(
      new PutItemCommand({
        TableName: table('Market'),
        Item: marshall(eventItem(event), { removeUndefinedValues: true }),
      }),
    )
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(occurredAt) })
  expect(await postToFund(COMPOUND, events)).toMatchObject({ posted: 2, failed: [] })
  vi.useRealTimers()
  client.destroy()
}

async function signIn(page: Page, account: string, to: string): Promise<void> {
  await page.goto(`${system.url}/sign-in?returnTo=${encodeURIComponent(to)}`)
  await page.locator('#account').fill(account)
  await page.locator('button.go').click()
  await page.waitForURL(`${system.url}${to}`)
  await page.waitForLoadState('networkidle')
}

const ask = async (page: Page, name: string) => {
  await page.getByRole('button', { name, exact: true }).click()
  await page.getByRole('alertdialog').getByRole('button', { name, exact: true }).click()
}

it('goes from the co-ops’ promise to the charity’s account, by three persons, and shows on every page', async () => {
  const lister = await openPage(browser, desktop, complaints)
  await signIn(lister, 'admin-1', '/staff')
  await lister.getByRole('link', { name: '划转给慈善组织' }).click()
  await lister.getByRole('heading', { name: '应划给 东昌府区慈善总会（示例）' }).waitFor()
  await lister.locator('.sum', { hasText: '¥200.00' }).waitFor()
  expect(await axeViolations(lister)).toEqual([])
  await ask(lister, '列出划转清单')
  await lister.getByText('清单列好了。').waitFor()
  await lister.getByText('清单是您列的：请在银行转账后，由另一位管理员登记。').waitFor()
  const address = new URL(lister.url()).pathname

  const recorder = await openPage(browser, phone, complaints)
  await signIn(recorder, 'admin-2', '/remittances')
  await recorder.getByRole('link', { name: '去办' }).click()
  await recorder.getByRole('heading', { name: '登记银行转账' }).waitFor()
  await recorder.waitForLoadState('networkidle')
  expect(await axeViolations(recorder)).toEqual([])
  await recorder.getByLabel('金额（元）').fill('199.99')
  await recorder.getByLabel('银行流水号').fill('ICBC-20261126-77')
  await ask(recorder, '登记银行转账')
  await recorder.getByText('与清单合计不一致，请照银行回单核对').waitFor()
  expect(await recorder.getByLabel('银行流水号').inputValue()).toBe('ICBC-20261126-77')
  await recorder.getByLabel('金额（元）').fill('200')
  await ask(recorder, '登记银行转账')
  await recorder.getByText('转账登记好了，等慈善组织确认。').waitFor()

  const charity = await openPage(browser, phone, complaints)
  await signIn(charity, 'charity-1', '/remittances')
  await charity.getByRole('link', { name: '去办' }).click()
  await charity.getByRole('heading', { name: '确认到账，填写捐赠票据' }).waitFor()
  await charity.waitForLoadState('networkidle')
  expect(await axeViolations(charity)).toEqual([])
  await charity.getByLabel('金额（元）').fill('200.00')
  await charity.getByLabel('捐赠票据号').fill('鲁慈2026-0001')
  await ask(charity, '确认到账，填写捐赠票据')
  await charity.getByText('票据号是 4 到 40 位字母、数字或短横').waitFor()
  await charity.getByLabel('捐赠票据号').fill('LC-2026-0001')
  await ask(charity, '确认到账，填写捐赠票据')
  await charity.getByText('已确认，账本已记。').waitFor()
  await charity.locator('.badge', { hasText: '已入账' }).waitFor()
  await charity.getByText('捐赠票据 LC-2026-0001').first().waitFor()
  expect(await axeViolations(charity)).toEqual([])

  await lister.goto(`${system.url}${address}`)
  await lister.locator('.badge', { hasText: '已入账' }).waitFor()
  await lister.goto(`${system.url}/remittances`)
  await lister.getByText('目前没有要划转的款项').waitFor()
  await lister.goto(`${system.url}/staff/funds/${COMPOUND}`)
  await lister.getByText('划转到账').first().waitFor()

  const coop = await openPage(browser, phone, complaints)
  await signIn(coop, 'coop-1', '/coop')
  await coop.getByRole('link', { name: '捐赠票据' }).click()
  await coop.getByRole('heading', { name: '捐赠票据', exact: true }).waitFor()
  await coop.getByText('捐赠票据 LC-2026-0001').waitFor()
  await coop.getByText('精确 ¥200.0000').waitFor()
  expect(await axeViolations(coop)).toEqual([])
  expect(complaints).toEqual([])
}, 180_000)
