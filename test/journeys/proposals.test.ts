import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Receiver, startReceiver } from '#test/fixtures/hook-receiver.ts'
import { ownSystem, type TheSystem } from '#test/fixtures/system.ts'
import {
  countTaps,
  desktop,
  look,
  lookTwice,
  openBrowser,
  openPage,
  phone,
  signIn,
  sound,
  TAPS_MAX,
} from './browser.ts'
import { decideForOwners, ownersDecide } from './owners-list.ts'
import { receiptPhoto } from './receipt-photo.ts'

/**
 * Goal: a resident's idea becomes a handrail that the neighbours rated, by the hands of everybody it takes, and every fen of
 * it can be read. Method: a system whose days of notices and votes last a few seconds.
 */
const COMPOUND = 'c-371502001001-01'
const DAY_SECONDS = 2
let system: TheSystem
let browser: Browser
let bureau: Receiver
/** Goes as far as the owners beside the first journey. */
let forOwners: Promise<string>
const complaints: string[] = []

beforeAll(async () => {
  system = await ownSystem({ governanceDaySeconds: DAY_SECONDS })
  browser = await openBrowser()
  bureau = await startReceiver()
  forOwners = decideForOwners(ask)
  // Whoever waits for it is told.
  forOwners.catch(() => {})
})
afterAll(async () => {
  await browser?.close()
  await bureau?.stop()
  await system?.close()
})

async function ask(account: string, method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(system.url + path, {
    method,
    headers: { authorization: `Bearer ${await system.token(account)}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

/** Money that lay at the charity before the market began: put in by two persons. */
async function openingBalance(amountFen: number): Promise<void> {
  const path = `/api/funds/${COMPOUND}/manual-entries/${randomUUID()}`
  const facts = { kind: 'opening', amountFen, reason: '建账前慈善会代管的结余', voucherNumber: `PZ-${Date.now()}` }
  const occurredOn = new Date().toISOString().slice(0, 10)
  expect((await ask('admin-1', 'PUT', path, { ...facts, occurredOn })).status).toBe(200)
  expect((await ask('charity-1', 'POST', `${path}/approval`, { amountFen })).status).toBe(200)
}

/** What the civil affairs bureau's system answers to what it is asked. */
function bureauSays(allow: boolean, reason?: string): void {
  bureau.always((response, { body }) => {
    const { questionId, proposalId, amountFen, milestone } = (JSON.parse(body) as { data: Record<string, unknown> })
      .data
    const said = { allow, questionId, proposalId, amountFen, milestone, ...(reason === undefined ? {} : { reason }) }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said))
  })
}

/** An administrator has the bureau asked before anything is paid: set up, tried, and switched on. */
async function setUpCheck(): Promise<void> {
  const admin = await openPage(browser, phone, complaints)
  await signIn(system, admin, 'admin-1', '/staff/hooks')
  await admin.waitForLoadState('networkidle')
  await admin.getByText('新建核验', { exact: true }).click()
  await admin.getByLabel('核验系统叫什么').fill('区民政局')
  await admin.getByLabel('核验系统的网址').fill('https://10.0.0.1/check')
  await admin.getByRole('button', { name: '新建核验' }).click()
  await admin.getByText('只能发到公网地址').first().waitFor()
  await sound(admin)
  await admin.getByLabel('核验系统的网址').fill(bureau.url)
  await admin.getByRole('button', { name: '新建核验' }).click()
  await admin.getByLabel('“区民政局”的签名密钥').waitFor()
  await sound(admin)
  // All the rest as plain forms.
  const storageState = await admin.context().storageState()
  const plain = await openPage(browser, { ...desktop, javaScriptEnabled: false, storageState }, complaints)
  await plain.goto(`${system.url}/staff/hooks`)
  bureau.always((response) => void response.writeHead(500).end())
  await plain.getByRole('button', { name: '试问“区民政局”' }).click()
  await plain.getByText('回答不是 200').first().waitFor()
  bureauSays(true)
  await expect
    .poll(
      async () => {
        await plain.getByRole('button', { name: '试问“区民政局”' }).click()
        return plain.getByText('它同意了').count()
      },
      // No two tries within some seconds.
      { timeout: 30_000, interval: 1_000 },
    )
    .toBe(1)
  await plain.getByRole('button', { name: '启用“区民政局”' }).click()
  await plain.getByText('核验已启用。').waitFor()
  await admin.goto(`${system.url}/staff/hooks`)
  await admin.waitForLoadState('networkidle')
  for (const fold of await admin.locator('#checks summary').all()) await fold.click()
  await sound(admin)
  await look(admin, 'checks')
}

/** Opens the fold of an act if it is not, fills its form and sends it. */
async function act(
  page: Page,
  name: string,
  fill: (form: ReturnType<Page['locator']>) => Promise<void> = async () => {},
) {
  const fold = page.locator('details', { has: page.locator(`summary:text-is("${name}")`) })
  if ((await fold.getAttribute('open')) === null) await fold.locator('summary').first().click()
  await fill(fold)
  await fold.getByRole('button', { name, exact: true }).click()
  // The word of the act before may still stand there: this act's own answer is waited for.
  const answered = page.waitForResponse((response) => response.request().method() === 'POST')
  await page.getByRole('alertdialog').getByRole('button', { name, exact: true }).click()
  await (await answered).finished()
  await page.waitForLoadState('networkidle')
  await page.getByText('已办好。').waitFor()
}

/** The page is looked at until the clock has moved the proposal on. */
async function becomes(page: Page, state: string): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.reload()
        return page.locator('header .badge').first().innerText()
      },
      { timeout: 120_000, interval: 1_000 },
    )
    .toBe(state)
  await page.waitForLoadState('networkidle')
}

type Hands = Readonly<Record<'worker' | 'supervisor' | 'neighbour' | 'chair' | 'charity', Page>>

/** The rest is done, accepted, approved and paid once more, each by the same hands; now the bureau says yes. */
async function secondMilestone({ worker, supervisor, neighbour, chair, charity }: Hands): Promise<void> {
  const next = async (page: Page) => {
    await page.reload()
    await page.waitForLoadState('networkidle')
  }
  await next(worker)
  await act(worker, '完工，交票据', async (form) => {
    await form.getByLabel('内容').fill('扶手装好了，很结实，请来看。')
    await form.getByLabel('票据 1：开票单位').fill('鑫源五金')
    await form.getByLabel('票据 1：号码（不公开）').fill('25372000000012346')
    await form.getByLabel('票据 1：金额（元）').fill('1,000')
  })
  for (const page of [supervisor, neighbour]) {
    await next(page)
    await act(page, '验收合格')
  }
  await next(chair)
  await act(chair, '批准付款', (form) => form.getByLabel('金额（元）').fill('1000'))
  bureauSays(true)
  await next(charity)
  await act(charity, '登记付款', async (form) => {
    await form.getByText('这是第 2 期（共 2 期），最多 ¥1,000.00。').waitFor()
    await form.getByLabel('金额（元）').fill('1,000')
    await form.getByLabel('银行流水号').fill('ICBC-20261127-002')
    await look(charity, 'pay-second')
  })
}

/** The supervisor looks at the photo that waits, and shows it as a copy on which the name is covered. Its id as it was sent. */
async function showsCovered(supervisor: Page): Promise<string> {
  await supervisor.getByRole('link', { name: '有 1 张票据照片等您看过再公开' }).click()
  const card = supervisor.locator('#photos li')
  await card.getByText('还没有公开').waitFor()
  await card.getByLabel(/^盖住后的照片/).setInputFiles(await receiptPhoto(browser, true))
  const press = async () => {
    await card.getByRole('button', { name: '公开这张照片' }).click()
    const answered = supervisor.waitForResponse((response) => response.request().method() === 'POST')
    await supervisor.getByRole('alertdialog').getByRole('button', { name: '公开这张照片' }).click()
    await (await answered).finished()
    await supervisor.waitForLoadState('networkidle')
  }
  // Nobody has looked who has not said so; what was sent is not sent again.
  await press()
  await card.getByText('请先看清楚，再勾选').waitFor()
  await card.getByText('已传好的第 1 张').waitFor()
  await lookTwice(supervisor, 'photo-look')
  await sound(supervisor)
  await card.getByLabel(/^我放大看过/).check()
  await press()
  await card.getByText('大家看到的是盖住后的这一张').waitFor()
  await lookTwice(supervisor, 'photo-shown')
  await sound(supervisor)
  return ((await card.getAttribute('id')) ?? '').replace(/^photo-/, '')
}

/** Taken off the page as a plain form. */
async function withholds(supervisor: Page, path: string): Promise<void> {
  const storageState = await supervisor.context().storageState()
  const plain = await openPage(browser, { ...desktop, javaScriptEnabled: false, storageState }, complaints)
  await plain.goto(system.url + path)
  const card = plain.locator('#photos li').first()
  await card.getByText('撤下这张照片', { exact: true }).first().click()
  await card.getByLabel('为什么撤下（会公开）').selectOption('露出了姓名')
  await look(plain, 'photo-withhold')
  await card.getByRole('button', { name: '撤下这张照片' }).click()
  await card.getByText('已撤下，大家看不到').waitFor()
  // What was taken off comes back as another copy alone.
  await card.getByLabel(/^我放大看过/).check()
  await card.getByRole('button', { name: '公开这张照片' }).click()
  await plain.getByText('请选一张盖住后的照片').waitFor()
  await look(plain, 'photo-withheld')
}

/** A household's paper by two persons: the first as a plain form with a room mistyped, the second on a phone. */
async function entersPaper(first: Page, second: Page): Promise<string> {
  const storageState = await first.context().storageState()
  const plain = await openPage(browser, { ...desktop, javaScriptEnabled: false, storageState }, complaints)
  await plain.goto(first.url())
  const enter = async (page: Page, room: string, choice: string) => {
    const fold = page.locator('#paper')
    if ((await fold.getAttribute('open')) === null) await fold.locator('summary').first().click()
    for (const [name, value] of Object.entries({ building: '1', unit: '1', room }))
      await fold.locator(`#paper-${name}`).fill(value)
    await fold.getByRole('button', { name: choice, exact: true }).click()
  }
  await enter(plain, '九九九', '同意')
  await plain.locator('#paper').getByText('只写号码，例如 3、2、501').last().waitFor()
  await enter(plain, '101', '同意')
  await plain.getByText('1号楼1单元101室：已录第一遍').waitFor()
  await look(plain, 'paper-first')
  await second.reload()
  await second.waitForLoadState('networkidle')
  await second.getByText('社区工作者录了第一遍').waitFor()
  await enter(second, '101', '同意')
  await second.getByText('两遍一样，已经计入').waitFor()
  await lookTwice(second, 'paper-second')
  await sound(second)
  return (await second.locator('.receipt').innerText()).replaceAll(/\s/g, '')
}

it('goes from a resident’s idea to the neighbours’ rating, each step by another hand', async () => {
  await openingBalance(500_000)
  const resident = await openPage(browser, phone, complaints)
  await signIn(system, resident, 'resident-1', `/funds/${COMPOUND}`)
  await resident.getByRole('link', { name: '提案和项目' }).click()
  await resident.getByText('还没有提案').waitFor()
  await sound(resident)
  await look(resident, 'empty')
  await resident.getByRole('link', { name: '提一件', exact: true }).click()
  await resident.waitForLoadState('networkidle')
  await resident.getByLabel('一句话说是什么事').fill('给东门台阶加装不锈钢扶手')
  await resident.getByLabel('钱用于').selectOption('facilities')
  await resident.getByLabel('为什么、怎么办').fill('东门台阶高，老人上下不方便，有事打 13800138000。')
  await resident.getByLabel('第 1 项').fill('不锈钢扶手 12 米')
  await resident.locator('#amount1').fill('2,000')
  await resident.getByLabel('第 2 项').fill('安装')
  await resident.locator('#amount2').fill('六百')
  await resident.getByRole('button', { name: '交给社区' }).click()
  await resident.getByText('请填大于 0 的金额').waitFor()
  await look(resident, 'propose-error')
  await sound(resident)
  await resident.locator('#amount2').fill('600')
  await resident.getByRole('button', { name: '交给社区' }).click()
  await resident.getByText('这里会公开，不能有手机号').waitFor()
  expect(await resident.locator('#amount2').inputValue()).toBe('600')
  await resident
    .getByLabel('为什么、怎么办')
    .fill('东门台阶高，老人上下不方便，去年有两位老人在这里摔倒。\n想在右侧装一条扶手。')
  await resident.getByRole('button', { name: '交给社区' }).click()
  await resident.waitForURL(/\/projects\/[0-9a-f-]{36}$/)
  await resident.getByText('待社区受理').first().waitFor()
  await resident.getByText('本小区（单位家属院）：公示 10 天，投票 10 天').click()
  await resident.getByText('已核实住户三成以上参加').waitFor()
  await sound(resident)
  await look(resident, 'submitted')
  const path = new URL(resident.url()).pathname
  const proposalId = path.split('/').at(-1) ?? ''
  // Nobody else knows of it before the community has looked.
  expect((await fetch(`${system.url}/api/proposals/${proposalId}`)).status).toBe(404)

  const worker = await openPage(browser, desktop, complaints)
  await signIn(system, worker, 'worker-1', '/staff')
  await worker
    .getByRole('link', { name: /提案台/ })
    .first()
    .click()
  await worker.getByText('给东门台阶加装不锈钢扶手').waitFor()
  await sound(worker)
  await look(worker, 'board')
  await worker.getByRole('link', { name: '给东门台阶加装不锈钢扶手' }).click()
  await worker.waitForURL(`**${path}`)
  await worker.waitForLoadState('networkidle')
  await act(worker, '受理')
  await act(worker, '登记协商会', async (form) => {
    await form.getByLabel('应到人数').fill('9')
    await form.getByLabel('实到人数').fill('七')
    await form.getByLabel('会议纪要').fill('大家同意在右侧装扶手，物业配合，三天装完。')
    await form.getByRole('button', { name: '登记协商会' }).click()
    await worker.getByRole('alertdialog').getByRole('button', { name: '登记协商会' }).click()
    await worker.getByText('请填整数').waitFor()
    await look(worker, 'meeting-error')
    await form.getByLabel('实到人数').fill('7')
  })
  const valuator = await openPage(browser, desktop, complaints)
  await signIn(system, valuator, 'committee-4', path)
  await valuator.waitForLoadState('networkidle')
  // A neighbour waits with an objection: the notice is short here.
  const neighbour = await openPage(browser, phone, complaints)
  await signIn(system, neighbour, 'resident-3', path)
  await neighbour.waitForLoadState('networkidle')
  await act(valuator, '登记询价，开始公示', async (form) => {
    await form.getByLabel('第 1 家单位').fill('鑫源五金')
    await form.getByLabel('第 1 家报价（元）').fill('2,500')
    await form.getByLabel('第 2 家单位').fill('宏达装饰')
    await form.getByLabel('第 2 家报价（元）').fill('2,800')
    await form.getByLabel('工期（天）').fill('20')
    await form.getByText('分期付款（不分期就不填）').click()
    await form.getByLabel('第 1 期：做完什么').fill('扶手到货，打好孔')
    await form.getByLabel('第 1 期：凭什么算做完').fill('扶手送到东门，孔打好')
    await form.getByLabel('第 1 期：付百分之几').fill('60')
    await form.getByLabel('第 2 期：做完什么').fill('装好，验收合格')
    await form.getByLabel('第 2 期：凭什么算做完').fill('用力拉不晃，试用一周')
    await form.getByLabel('第 2 期：付百分之几').fill('40')
    await sound(valuator)
    await look(valuator, 'costing')
  })
  await neighbour.reload()
  await neighbour.waitForLoadState('networkidle')
  await act(neighbour, '提异议', (form) => form.getByLabel('内容').fill('扶手装左边更好，右边有消防栓。'))
  await neighbour.getByText('扶手装左边更好').waitFor()
  await worker.reload()
  await worker.waitForLoadState('networkidle')
  await act(worker, '答复异议', (form) => form.getByLabel('内容').fill('消防栓在台阶下面，右边不挡。'))
  await look(worker, 'noticed')
  await sound(worker)

  const members: Page[] = []
  for (const account of ['committee-1', 'committee-2', 'committee-3', 'supervisor-1']) {
    const page = await openPage(browser, account === 'committee-1' ? desktop : phone, complaints)
    await signIn(system, page, account, path)
    members.push(page)
  }
  const [chair, second, third, supervisor] = members as [Page, Page, Page, Page]
  await becomes(chair, '表决中')
  const votes = async (page: Page) => {
    await page.waitForLoadState('networkidle')
    // The press of the committee, or of the household: papers have buttons of the same name.
    await page.locator('form[action="?/vote"]').getByRole('button', { name: '同意', exact: true }).click()
    await page.getByText('票已投下。').waitFor()
  }
  await votes(chair)
  // The vote is short here: they do not wait for each other.
  const [onPaper] = await Promise.all([
    entersPaper(worker, second),
    third.reload().then(() => votes(third)),
    // Each household was told: the notice leads to the vote.
    (async () => {
      await neighbour.goto(`${system.url}/notices`)
      const voting = await countTaps(neighbour)
      await neighbour.getByRole('link', { name: '小区有一件提案请您家表决' }).first().click()
      await neighbour.waitForURL(`**${path}`)
      await votes(neighbour)
      expect(voting()).toBeLessThanOrEqual(TAPS_MAX)
    })(),
  ])
  await votes(second)
  await look(neighbour, 'voted')
  // Whose paper it was sees that there is one.
  await resident.goto(`${system.url}/notices`)
  await resident.getByRole('link', { name: '小区有一件提案请您家表决' }).first().click()
  await resident.waitForURL(`**${path}`)
  await resident.getByText('您家的纸质票已经录入计票').waitFor()
  const receipt = await neighbour.locator('.id').first().innerText()
  await supervisor.reload()
  await supervisor.waitForLoadState('networkidle')
  await act(supervisor, '写监督意见', (form) => form.getByLabel('内容').fill('程序合规，两家比价，选的是低价。'))
  await sound(supervisor)
  await sound(neighbour)

  // The vote is counted, the money is set aside, and anybody can count again.
  await becomes(worker, '资金已预留，待开工')
  await look(worker, 'reserved')
  const file = await (await fetch(`${system.url}/api/proposals/${proposalId}/votes.jsonl`)).text()
  expect(JSON.parse(file.split('\n')[0] ?? '')).toMatchObject({ paper: { ballots: 1, unpaired: 0 } })
  const kept = join(mkdtempSync(join(tmpdir(), 'xianglai-vote-')), 'votes.jsonl')
  writeFileSync(kept, file)
  for (const own of [receipt, onPaper]) {
    // The command that the page names, with a receipt as the voter has it.
    const told = execFileSync(process.execPath, ['cdk/tools/verify.ts', '--votes', kept, '--receipt', own], {
      cwd: join(import.meta.dirname, '../..'),
      encoding: 'utf8',
    })
    expect(JSON.parse(told)).toMatchObject({ ok: true, decided: true, receiptCounted: 'households', proposalId })
    expect(file).not.toContain(own)
  }
  rmSync(dirname(kept), { recursive: true })
  await worker.getByText('其中 1 户是纸质票，由两个人录入').waitFor()
  // Who priced it does not do it.
  expect(await valuator.getByText('开工', { exact: true }).count()).toBe(0)
  await act(worker, '开工')
  await act(worker, '报进度', async (form) => {
    await form.getByLabel('内容').fill('材料到了，今天打孔。')
    await form.getByLabel('完成百分比').fill('40')
  })
  // What was reported is not sent once more by a second press.
  await expect.poll(() => worker.locator('#report-text').inputValue()).toBe('')
  await act(worker, '完工，交票据', async (form) => {
    await form.getByText('这是第 1 期（共 2 期），最多 ¥1,500.00。').waitFor()
    await form.getByLabel('内容').fill('扶手到了，孔也打好了，请来看。')
    await form.getByLabel('票据 1：开票单位').fill('鑫源五金')
    await form.getByLabel('票据 1：号码（不公开）').fill('25372000000012345')
    await form.getByLabel('票据 1：金额（元）').fill('1,400')
    await form.getByLabel(/^票据和完工的照片/).setInputFiles(await receiptPhoto(browser))
    await lookTwice(worker, 'finish')
  })
  // Who did the work has sent it; another one says that everybody may see it.
  await worker.getByText('要请没有参与施工的社工或监督员看过以后公开').waitFor()
  expect(await worker.getByRole('button', { name: '公开这张照片' }).count()).toBe(0)
  await look(worker, 'photo-handed-in')
  await sound(worker)
  await supervisor.reload()
  await supervisor.waitForLoadState('networkidle')
  const photo = await showsCovered(supervisor)
  await act(supervisor, '验收合格')
  await neighbour.goto(system.url + path)
  await neighbour.waitForLoadState('networkidle')
  await look(neighbour, 'accept')
  await act(neighbour, '验收合格')
  await chair.reload()
  await chair.waitForLoadState('networkidle')
  await act(chair, '批准付款', (form) => form.getByLabel('金额（元）').fill('1400'))
  await look(chair, 'approved')

  const charity = await openPage(browser, phone, complaints)
  await signIn(system, charity, 'charity-1', `/staff/projects?communityId=371502001001`)
  await charity.getByRole('link', { name: '给东门台阶加装不锈钢扶手' }).click()
  await charity.waitForURL(`**${path}`)
  await charity.waitForLoadState('networkidle')
  // The bureau says no: nothing is paid, everybody reads why, and it takes two persons to pay all the same.
  await setUpCheck()
  bureauSays(false, '项目编号还没有备案')
  const fill = async (form: ReturnType<Page['locator']>) => {
    await form.getByLabel('金额（元）').fill('1,400')
    await form.getByLabel('银行流水号').fill('ICBC-20261127-001')
    await look(charity, 'pay')
  }
  const fold = charity.locator('details', { has: charity.locator('summary:text-is("登记付款")') })
  // Asked before the transfer, so that nothing has left the bank when it says no.
  await charity.getByRole('button', { name: '先核验' }).click()
  await charity.getByText('拨付前核验不同意这笔付款，没有记账：项目编号还没有备案').waitFor()
  await charity.getByText('还没有登记付款').waitFor()
  await look(charity, 'checked-first')
  await sound(charity)
  await fill(fold)
  await fold.getByRole('button', { name: '登记付款', exact: true }).click()
  await charity.getByRole('alertdialog').getByRole('button', { name: '登记付款', exact: true }).click()
  await charity.getByText('拨付前核验不同意这笔付款，没有记账：项目编号还没有备案').waitFor()
  await sound(charity)
  for (const page of [supervisor, second]) {
    await page.reload()
    await page.waitForLoadState('networkidle')
    await page.getByText('项目编号还没有备案').first().waitFor()
    await look(page, 'stopped')
    await act(page, '核验放行', (form) => form.getByLabel('原因').fill('民政窗口已书面同意，编号明天补录'))
    await sound(page)
  }
  await charity.reload()
  await charity.waitForLoadState('networkidle')
  await charity.getByRole('button', { name: '先核验' }).click()
  await charity.getByText('两个人已经放行，可以转账').waitFor()
  await look(charity, 'may-transfer')
  await sound(charity)
  await act(charity, '登记付款', fill)
  await charity.getByText('由两个人放行').first().waitFor()
  await charity.getByText('已付 ¥1,400.00，批准 ¥2,500.00').waitFor()
  await charity.getByText('还预留 ¥1,100.00').waitFor()
  await look(charity, 'first-milestone-paid')
  await sound(charity)
  await secondMilestone({ worker, supervisor, neighbour, chair, charity })
  await charity.getByText('省下 ¥100.00，已退回小区基金').waitFor()
  await sound(charity)

  for (const [page, word] of [
    [resident, '5 分 很满意'],
    [neighbour, '4 分 满意'],
  ] as const) {
    await page.goto(system.url + path)
    await page.waitForLoadState('networkidle')
    const rating = await countTaps(page)
    await page.getByRole('button', { name: word }).click()
    await page.getByText('谢谢您的评价。').waitFor()
    expect(rating()).toBeLessThanOrEqual(TAPS_MAX)
  }
  await look(resident, 'rated')
  await sound(resident)

  // Everybody reads it to the end, without signing in: what was asked, decided, done, paid, and how it was liked.
  const public_ = await openPage(browser, phone, complaints)
  await public_.goto(system.url + path)
  await expect
    .poll(
      async () => {
        await public_.reload()
        return public_.locator('main').innerText()
      },
      { timeout: 180_000, interval: 2_000 },
    )
    .toContain('4.5 分（2 户评价）')
  const text = await public_.locator('main').innerText()
  for (const said of [
    '鑫源五金',
    '¥2,400.00',
    '消防栓在台阶下面',
    '程序合规',
    '账本第',
    '监督员已验收',
    '居民已验收',
    '由两个人放行',
    '已付 ¥2,400.00，批准 ¥2,500.00',
    '第 1 期：扶手到货，打好孔',
  ]) {
    expect(text).toContain(said)
  }
  // Neither a person nor a receipt's number is told.
  for (const secret of ['25372000000012345', 'ICBC-20261127-001', '示例居民', '示例社工', '示例委员'])
    expect(text).not.toContain(secret)
  // The receipt itself, without signing in, as it was covered; the photo as it was sent is nobody's here.
  const shown = public_.getByRole('img', { name: '票据或完工照片 1' })
  await shown.scrollIntoViewIfNeeded()
  await expect.poll(() => shown.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(100)
  const src = (await shown.getAttribute('src')) ?? ''
  expect(src).not.toContain(photo)
  const answers = await Promise.all([src, `${path}/photos/${photo}`].map((at) => fetch(system.url + at)))
  expect(answers.map(({ status }) => status)).toEqual([200, 404])
  expect(answers[0]?.headers.get('cache-control')).toBe('private, no-store')
  await public_.waitForLoadState('networkidle')
  await public_.getByText('全部经过', { exact: true }).click()
  await sound(public_)
  await lookTwice(public_, 'public')
  await public_.setViewportSize({ width: 1280, height: 800 })
  await look(public_, 'public-wide')
  await withholds(supervisor, path)
  expect((await fetch(system.url + src)).status).toBe(404)
  await public_.reload()
  await public_.getByText('露出了姓名').waitFor({ state: 'attached' })
  expect(await public_.getByRole('img', { name: '票据或完工照片 1' }).count()).toBe(0)
  await public_.goto(`${system.url}/funds/${COMPOUND}/projects`)
  await public_.getByText('已付款，结果公示中').or(public_.getByText('已办结')).first().waitFor()
  await sound(public_)
  await look(public_, 'list')
  expect(complaints).toEqual([])
}, 400_000)

it('is decided by the owners too where it touches what is theirs, from a list that two persons enter', async () => {
  await ownersDecide({ system, browser, ask, path: await forOwners }, complaints)
  expect(complaints).toEqual([])
}, 200_000)

it('keeps what was typed without JavaScript too', async () => {
  const resident = await openPage(browser, { ...phone, javaScriptEnabled: false }, complaints)
  await signIn(system, resident, 'resident-3', `/funds/${COMPOUND}/projects/new`)
  // A plain form ends its lines in two characters, of which one is not seen.
  const why = '二号楼前没有路灯。\n晚上老人出门看不见台阶。'
  await resident.getByLabel('一句话说是什么事').fill('给二号楼前装一盏路灯')
  await resident.getByLabel('为什么、怎么办').fill(why)
  await resident.getByLabel('第 1 项').fill('太阳能路灯')
  await resident.locator('#amount1').fill('三百')
  await resident.getByRole('button', { name: '交给社区' }).click()
  await resident.getByText('请填大于 0 的金额').waitFor()
  expect(await resident.getByLabel('为什么、怎么办').inputValue()).toBe(why)
  await resident.locator('#amount1').fill('300')
  await resident.getByRole('button', { name: '交给社区' }).click()
  await resident.waitForURL(/\/projects\/[0-9a-f-]{36}$/)
  const path = new URL(resident.url()).pathname
  const worker = await openPage(browser, { ...phone, javaScriptEnabled: false }, complaints)
  await signIn(system, worker, 'worker-1', path)
  await worker.locator('#triage button').click()
  await worker.getByText('已办好。').waitFor()
  const minutes = '大家都同意装。\n电费由物业出。'
  await worker.locator('#deliberate-expected').fill('9')
  await worker.locator('#deliberate-attended').fill('99')
  await worker.locator('#deliberate-minutes').fill(minutes)
  await worker.locator('#deliberate button').click()
  await worker.getByText('实到比应到多').waitFor()
  expect(await worker.locator('#deliberate-minutes').inputValue()).toBe(minutes)
  await worker.locator('#deliberate-attended').fill('8')
  await worker.locator('#deliberate button').click()
  await worker.getByText('已办好。').waitFor()
  // Milestones are plain fields, too, and what is wrong with them is said beside them.
  const valuator = await openPage(browser, { ...phone, javaScriptEnabled: false }, complaints)
  await signIn(system, valuator, 'committee-4', path)
  await valuator.getByText('分期付款（不分期就不填）').click()
  const fields = { from1: '鑫源五金', amount1: '300', termDays: '10', part1: '灯到货', shows1: '送货单', share1: '60' }
  for (const [name, value] of Object.entries(fields)) await valuator.locator(`#cost-${name}`).fill(value)
  await valuator.locator('#cost button').click()
  await valuator.getByText('至少分 2 期').waitFor()
  await valuator.locator('#cost-part2').fill('装好')
  await valuator.locator('#cost-shows2').fill('晚上亮着')
  await valuator.locator('#cost-share2').fill('30')
  await valuator.locator('#cost button').click()
  await valuator.getByText('各期比例加起来要是 100').last().waitFor()
  expect(await valuator.locator('#cost-part1').inputValue()).toBe('灯到货')
  await valuator.locator('#cost-share1').fill('90')
  await valuator.locator('#cost-share2').fill('10')
  await valuator.locator('#cost button').click()
  await valuator.getByText('最后一期（尾款）至少留两成').waitFor()
  await valuator.locator('#cost-share1').fill('60')
  await valuator.locator('#cost-share2').fill('40')
  await valuator.locator('#cost button').click()
  await valuator.getByText('第 2 期：装好').waitFor()
  await look(valuator, 'planned')
})
