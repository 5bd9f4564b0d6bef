import { ListTablesCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { index, keys } from '#functions/platform/table/keys.ts'
import { matterKeys } from '#functions/platform/table/matter-keys.ts'
import { quarterBefore } from '#shared/kernel/quarters.ts'
import { quartersOver } from '#web/lib/rankings/points.ts'
import { seedSystem } from '../../cdk/tools/seed-system.ts'
import { startSystem, type System } from '../../cdk/tools/system.ts'
import { shopOfOneCompound } from '../fixtures/system.ts'
import { desktop, lookTwice, openBrowser, openPage, phone, signIn, sound } from './browser.ts'

/**
 * Goal: a company that did badly for two quarters is told first, heard, and then named, and the owners are asked to talk about
 * it; everybody can compute it again. Method: a system whose days of previews and notices last a few seconds.
 */
const COMMUNITY = '371502001001'
const COMPOUND = `c-${COMMUNITY}-01`
const BODY = `property-${COMMUNITY}`
const RIVAL = 'property-rival'
const [QUARTER = ''] = quartersOver(Date.now(), 1)
const BEFORE = quarterBefore(QUARTER)
const DAY_SECONDS = 5
const LIST = `/rankings/${COMMUNITY}/${QUARTER}`

let system: System
let dataDir: string
let browser: Browser
const complaints: string[] = []

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'xianglai-rankings-'))
  system = await startSystem({ dataDir, tickSeconds: 4, governanceDaySeconds: DAY_SECONDS })
  await seedSystem(system, shopOfOneCompound)
  await twoQuartersOfMatters()
  browser = await openBrowser()
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await system?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

/** What became of the matters of the last two quarters, and who lives in the compound. */
async function twoQuartersOfMatters(): Promise<void> {
  const client = new DynamoDBClient({
    endpoint: system.engine.endpoint,
    region: 'cn-northwest-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  const { TableNames: names = [] } = await client.send(new ListTablesCommand({}))
  const TableName = names.find((name) => name.includes('Market')) ?? ''
  const put = (item: object) => client.send(new PutItemCommand({ TableName, Item: marshall(item) }))
  const sums = (quarter: string, bodyId: string, compoundId: string, facts: object) =>
    put({
      ...matterKeys.bodyQuarter(compoundId, quarter, bodyId),
      entity: 'bodyQuarter',
      v: 1,
      bodyId,
      quarter,
      ...facts,
    })
  const badly = { assigned: 46, overdue: 31, solved: 12, unsolved: 30, ratings: 38, score5: 4, score4: 5, score1: 29 }
  const well = { assigned: 64, overdue: 2, solved: 60, unsolved: 1, ratings: 81, score5: 70, score4: 9, score1: 2 }
  const once = { assigned: 1, solved: 1, ratings: 1, score5: 1 }
  await put({
    ...{ ...keys.place('body', RIVAL), ...index.places('body', '', COMMUNITY, RIVAL) },
    ...{ entity: 'body', v: 1, bodyId: RIVAL, name: '邻里物业服务公司（示例）', bodyKind: 'property' },
    ...{ districtId: '371502', communityId: COMMUNITY },
  })
  for (const quarter of [BEFORE, QUARTER]) {
    await sums(quarter, BODY, COMPOUND, badly)
    await sums(quarter, RIVAL, COMPOUND, well)
    await sums(quarter, RIVAL, `c-${COMMUNITY}-02`, once)
  }
  for (let room = 1; room <= 25; room++) {
    const householdId = `${COMPOUND}.9.9.${room}`
    await put({
      ...keys.membership(`nobody|${room}`, 'resident', householdId),
      ...index.compoundMembers(COMPOUND, 'verified', householdId, `m-ranked-${room}`),
      ...{ entity: 'membership', v: 1, personId: `nobody|${room}`, memberId: `m-ranked-${room}`, role: 'resident' },
      ...{ scopeId: householdId, scopeName: '住户', compoundId: COMPOUND, communityId: COMMUNITY, state: 'verified' },
    })
  }
  client.destroy()
}

async function as(account: string, path: string, options: object): Promise<Page> {
  const page = await openPage(browser, options, complaints)
  await signIn(system, page, account, path)
  await page.waitForLoadState('networkidle')
  return page
}

async function until(page: Page, path: string, text: string): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.goto(system.url + path)
        return page.getByText(text).count()
      },
      { timeout: 120_000, interval: 1_000 },
    )
    .toBeGreaterThan(0)
}

it(
  'a company that did badly for two quarters is heard, named, and left to the owners',
  { timeout: 300_000 },
  async () => {
    const nobody = await openPage(browser, phone, complaints)
    await nobody.goto(`${system.url}/funds/communities/${COMMUNITY}`)
    await nobody.getByRole('link', { name: '物业红黑榜' }).click()
    await nobody.getByText('还没有公布过榜单').waitFor()
    await sound(nobody)
    await lookTwice(nobody, 'none')

    const admin = await as('admin-1', `/staff/rankings?communityId=${COMMUNITY}`, phone)
    await sound(admin)
    await lookTwice(admin, 'desk')
    await admin.getByRole('button', { name: '定榜' }).click()
    // Nobody has brought in what the hotline had.
    await admin.getByText('请社区先录入').waitFor()
    await sound(admin)
    await lookTwice(admin, 'no-hotline')
    await admin.getByLabel('没有录入的月份确实没有 12345 工单').check()
    await admin.getByRole('button', { name: '定榜' }).click()
    await admin.getByText('榜单已定，现在是预公布期。').waitFor()
    const token = await system.token('admin-1')
    const froze = await fetch(`${system.url}/api/rankings/${BEFORE}.${COMMUNITY}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ withoutHotline: true }),
    })
    expect(froze.status).toBe(200)

    // The company, without JavaScript: its own row, and what it has to say.
    const company = await openPage(browser, { ...desktop, javaScriptEnabled: false }, complaints)
    await signIn(system, company, 'property-1', '/staff/rankings')
    await company.locator(`a[href="${LIST}"]`).first().click()
    expect(await company.getByText('邻里物业').count()).toBe(0)
    await company.getByText('对这一行申诉').click()
    await company.getByLabel('哪个数不对，为什么').fill('八月停水是供水公司的事，这九件不该算我们逾期。')
    await company.getByRole('button', { name: '提交申诉' }).click()
    await company.getByText('申诉已提交。').waitFor()
    expect(await company.getByText('对这一行申诉').count()).toBe(0)
    expect((await nobody.goto(system.url + LIST))?.status()).toBe(404)

    const supervisor = await as('supervisor-1', `/staff/rankings?communityId=${COMMUNITY}`, phone)
    await supervisor.getByText('1 件申诉待定').waitFor()
    await sound(supervisor)
    await supervisor.locator(`a[href="${LIST}"]`).first().click()
    await supervisor.getByText('给出结论').waitFor()
    await sound(supervisor)
    await lookTwice(supervisor, 'decide')
    await supervisor.getByLabel('申诉成立，按下面更正').check()
    await supervisor.getByLabel('理由').fill('核对过停水通知，其中九件确实不归物业。')
    await supervisor.getByRole('button', { name: '提交结论' }).click()
    await supervisor.getByText('请写明哪个数应该是多少').first().waitFor()
    expect(await supervisor.getByLabel('理由').inputValue()).toContain('核对过停水通知')
    await supervisor.getByLabel('逾期次数').fill('22')
    await supervisor.getByRole('button', { name: '提交结论' }).click()
    await supervisor.getByText('结论已记下。').waitFor()
    await lookTwice(company, 'company')

    await until(nobody, LIST, '公示中')
    for (const text of ['第 1 名', '红榜', '黑榜', '样本不足，不排名', '申诉成立', '逾期次数改为 22']) {
      expect(await nobody.getByText(text, { exact: false }).count(), text).toBeGreaterThan(0)
    }
    await nobody.getByText('定榜的管理员说明当月没有工单').waitFor()
    await sound(nobody)
    await lookTwice(nobody, 'published')
    const wide = await openPage(browser, desktop, complaints)
    await wide.goto(system.url + LIST)
    await sound(wide)
    await lookTwice(wide, 'published-wide')

    const second = await as('admin-2', LIST, desktop)
    const [fold] = await second.getByText('更正这一行').all()
    await fold?.click()
    await sound(second)
    await lookTwice(second, 'correct')
    await second.getByLabel('解决件数').first().fill('61')
    await second.getByLabel('理由').first().fill('回看时发现有一件其实已经修好了。')
    // Meanwhile somebody else corrects another count of the same row: the form that is open takes nothing back.
    const other = await fetch(`${system.url}/api/rankings/${QUARTER}.${COMMUNITY}/corrections`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await system.token('supervisor-1')}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ bodyId: RIVAL, compoundId: COMPOUND, note: '漏记了一件交办的诉求。' },
        counts: { assigned: 65 },
      }),
    })
    expect(other.status).toBe(200)
    await second.getByRole('button', { name: '提交更正' }).first().click()
    await second.getByText('更正已记下。').waitFor()
    await second.getByText('交办 65 件，逾期 2 次').waitFor()
    await second.getByText('办结 62 件，解决 61 件').waitFor()

    await until(nobody, LIST, '已生效')
    await until(nobody, `/rankings/${COMMUNITY}/${BEFORE}`, '已生效')
    const told = []
    for (const quarter of [QUARTER, BEFORE]) {
      await nobody.goto(`${system.url}/rankings/${COMMUNITY}/${quarter}`)
      if ((await nobody.getByText('第二百七十八条').count()) > 0) told.push(quarter)
    }
    // Whichever was final last.
    expect(told).toHaveLength(1)
    await nobody.goto(`${system.url}/rankings/${COMMUNITY}/${told[0]}`)
    await sound(nobody)
    await lookTwice(nobody, 'motion')
    await nobody.goto(`${system.url}/rankings/${COMMUNITY}`)
    await sound(nobody)
    await lookTwice(nobody, 'lists')
    await nobody.goto(`${system.url}${LIST}?lang=en`)
    await lookTwice(nobody, 'english')

    const file = await (await fetch(`${system.url}/api/rankings/${QUARTER}.${COMMUNITY}/rows.jsonl`)).text()
    const [frozen = '', rest = ''] = file.split(/(?<=\n)(?=\{"kind":"hash")/)
    const { sha256 } = JSON.parse(rest.split('\n')[0] ?? '') as { sha256: string }
    expect(createHash('sha256').update(frozen).digest('hex')).toBe(sha256)
    expect(complaints).toEqual([])
  },
)
