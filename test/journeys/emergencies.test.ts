import { randomUUID } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ProposalView } from '#shared/contracts/governance.ts'
import { ownSystem, type TheSystem } from '#test/fixtures/system.ts'
import { desktop, look, openBrowser, openPage, phone, signIn, sound } from './browser.ts'

/**
 * Goal: a pipe that bursts at night is mended before anybody has voted, and paid only when the committee has ratified it; one
 * that is not ratified says so for good. Method: a system whose days last a few seconds; what other journeys show already is
 * done through the API.
 */
const COMPOUND = 'c-371502001001-01'
const DAY_SECONDS = 6
let system: TheSystem
let browser: Browser
const complaints: string[] = []

beforeAll(async () => {
  system = await ownSystem({ governanceDaySeconds: DAY_SECONDS })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await system?.close()
})

async function ask(account: string, method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(system.url + path, {
    method,
    headers: { authorization: `Bearer ${await system.token(account)}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

async function done(account: string, method: string, path: string, body: unknown): Promise<void> {
  const answer = await ask(account, method, path, body)
  expect(answer.status, await answer.text()).toBe(200)
}

const act = (account: string, proposalId: string, body: object) =>
  done(account, 'POST', `/api/proposals/${proposalId}/acts`, body)

async function stateOf(proposalId: string): Promise<string> {
  return ((await (await fetch(`${system.url}/api/proposals/${proposalId}`)).json()) as ProposalView).state
}

const becomes = (proposalId: string, state: string) =>
  expect.poll(() => stateOf(proposalId), { timeout: 120_000, interval: 1_000 }).toBe(state)

async function openingBalance(amountFen: number): Promise<void> {
  const path = `/api/funds/${COMPOUND}/manual-entries/${randomUUID()}`
  const facts = { kind: 'opening', amountFen, reason: '建账前慈善会代管的结余', voucherNumber: `PZ-${Date.now()}` }
  await done('admin-1', 'PUT', path, { ...facts, occurredOn: new Date().toISOString().slice(0, 10) })
  await done('charity-1', 'POST', `${path}/approval`, { amountFen })
}

async function openAt(account: string, path: string, options: Parameters<typeof openPage>[1] = phone): Promise<Page> {
  const page = await openPage(browser, options, complaints)
  await signIn(system, page, account, path)
  await page.waitForLoadState('networkidle')
  return page
}

/** A worker writes on a phone, in the night, what is dangerous. */
async function reportOn(page: Page, title: string): Promise<string> {
  await page.getByLabel('一句话说是什么事').fill(title)
  await page.getByLabel('为什么、怎么办').fill('三号楼一单元进户水管爆裂，地下室在进水，要马上换一段管子。')
  await page.getByLabel('有什么危险').fill('地下室有配电箱，水再涨会漏电。')
  await page.getByLabel('请谁来修').fill('鑫源五金')
  await page.getByLabel('几天修好').fill('两天')
  await page.getByLabel('第 1 项').fill('换管和抽水')
  await page.locator('#amount1').fill('2,000')
  await page.getByRole('button', { name: '交上去，请两位委员签字' }).click()
  await page.getByText('请填整数').waitFor()
  await page.getByLabel('几天修好').fill('2')
  await page.getByRole('button', { name: '交上去，请两位委员签字' }).click()
  await page.getByText('应急支出要在 ¥2000 以下').first().waitFor()
  await sound(page)
  await look(page, 'too-much')
  await page.locator('#amount1').fill('1,200')
  await page.getByRole('button', { name: '交上去，请两位委员签字' }).click()
  await page.waitForURL(/\/projects\/[0-9a-f-]{36}$/)
  return new URL(page.url()).pathname.split('/').at(-1) ?? ''
}

/** Reads the sum on the page and types it: a plain form, for whoever has an old phone. */
async function signsPlainly(page: Page, proposalId: string): Promise<void> {
  await page.goto(`${system.url}/projects/${proposalId}`)
  await page.locator('#sign-amount').fill('1200')
  await page.locator('#sign button').click()
  await page.getByText('已办好。').waitFor()
}

/** The register called it a family court: it is commercial housing, whose notices and votes last seven days. */
async function correctKind(): Promise<void> {
  const asked = await fetch(`${system.url}/api/places/compounds/${COMPOUND}`)
  const { buildings: _b, pickUpPoints: _p, ...compound } = (await asked.json()) as Record<string, unknown>
  const rows = [{ kind: 'compound', ...compound, type: 'commercial' }]
  await done('admin-1', 'POST', '/api/places/imports', { rows })
}

it('is begun by two signatures and paid when the committee has ratified it', async () => {
  await correctKind()
  await openingBalance(500_000)
  const desk = `/funds/${COMPOUND}/projects`
  const worker = await openAt('worker-1', desk)
  const [chair, second] = [
    await openAt('committee-1', desk),
    await openAt('committee-2', desk, { ...phone, javaScriptEnabled: false }),
  ]
  await worker.getByRole('link', { name: '报一件应急' }).click()
  await worker.getByRole('heading', { name: '应急支出' }).waitFor()
  await worker.waitForLoadState('networkidle')
  await look(worker, 'form')
  await worker.getByText('本小区（商品房小区）：公示 7 天，投票 7 天').waitFor()
  const proposalId = await reportOn(worker, '三号楼水管爆裂抢修')
  const page = `/projects/${proposalId}`
  // Within two days, which are twelve seconds here.
  const signed = signsPlainly(second, proposalId)
  await chair.goto(system.url + page)
  await chair.waitForLoadState('networkidle')
  await chair.locator('#sign-amount').fill('1,200')
  await chair.locator('#sign button').click()
  await chair.getByRole('alertdialog').getByRole('button', { name: '签字：同意马上办' }).click()
  await chair.getByText('已办好。').waitFor()
  await signed
  await becomes(proposalId, 'urgent')
  // Another one, of which only those who signed think that it was one.
  const doubtful = randomUUID()
  const told = {
    ...{ compoundId: COMPOUND, title: '东门花坛抢修', purpose: 'environment' },
    why: '东门花坛的砖松了，想马上请人重新砌一下。',
    lines: [{ what: '砌砖', amountFen: 50_000 }],
    emergency: { danger: '砖会掉下来砸到脚。', from: '鑫源五金', termDays: 2 },
  }
  await done('worker-1', 'PUT', `/api/proposals/${doubtful}`, told)
  for (const account of ['committee-3', 'committee-4']) await act(account, doubtful, { act: 'sign', amountFen: 50_000 })

  // Anybody reads of it in the same night; a neighbour doubts it, and the work goes on.
  const neighbour = await openAt('resident-3', page)
  await neighbour.getByText('地下室有配电箱').waitFor()
  await neighbour.getByText('管委会还没有追认，追认以前不付款。').waitFor()
  await sound(neighbour)
  await look(neighbour, 'urgent')
  const objectionId = randomUUID()
  await act('resident-3', proposalId, { act: 'object', objectionId, text: '总阀一关就行，应该先问三家。' })
  await act('committee-5', proposalId, { act: 'answer', objectionId, text: '阀门锈死了，关不上。', upheld: true })
  await act('committee-4', proposalId, { act: 'start' })
  const receipts = [
    {
      from: '鑫源五金',
      number: '25372000000054321',
      amountFen: 110_000,
      issuedOn: new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10),
    },
  ]
  await act('committee-4', proposalId, { act: 'finish', text: '管子换好了，水也抽干了。', receipts })
  await neighbour.reload()
  await neighbour.getByText('已经修好，等管委会追认。').waitFor()
  await neighbour.getByText('有道理，由管委会表决时考虑').waitFor()
  await look(neighbour, 'repaired')

  await becomes(proposalId, 'ratifying')
  for (const account of ['committee-2', 'committee-3'])
    await done(account, 'PUT', `/api/proposals/${proposalId}/votes`, { electorate: 'committee', choice: 'yes' })
  await chair.goto(system.url + page)
  await chair.waitForLoadState('networkidle')
  await chair.getByRole('button', { name: '同意', exact: true }).click()
  await chair.getByText('票已投下。').waitFor()
  await sound(chair)
  await look(chair, 'ratifying')
  await act('supervisor-1', proposalId, { act: 'opine', text: '确实危险，价格合理。' })
  await becomes(doubtful, 'ratifying')
  await act('supervisor-1', doubtful, { act: 'opine', text: '砖没有松，可以等。' })

  await becomes(proposalId, 'finished')
  await act('supervisor-1', proposalId, { act: 'accept' })
  await act('resident-3', proposalId, { act: 'accept' })
  await act('committee-3', proposalId, { act: 'approve', amountFen: 110_000 })
  const paidOn = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
  const payment = { amountFen: 110_000, bankReference: 'ICBC-20261128-009', paidOn }
  await done('charity-1', 'POST', `/api/funds/${COMPOUND}/projects/${proposalId}/payment`, payment)
  const public_ = await openPage(browser, phone, complaints)
  await public_.goto(system.url + page)
  await public_.getByText('管委会已追认。').waitFor()
  await public_.getByText('省下 ¥100.00，已退回小区基金').waitFor()
  await public_.waitForLoadState('networkidle')
  await sound(public_)
  await look(public_, 'paid')
  for (const secret of ['25372000000054321', 'ICBC-20261128-009', '示例社工', '示例委员'])
    expect(await public_.locator('main').innerText()).not.toContain(secret)

  // The other one is not paid, says so for good, and for some time there are no more.
  await becomes(doubtful, 'unratified')
  await public_.goto(`${system.url}/projects/${doubtful}`)
  await public_.getByText('管委会没有追认：没有付款，预留的钱退回小区基金。').waitFor()
  await public_.waitForLoadState('networkidle')
  await sound(public_)
  await look(public_, 'unratified')
  expect(await (await ask('worker-1', 'PUT', `/api/proposals/${randomUUID()}`, told)).json()).toMatchObject({
    code: 'EMERGENCY_SHUT',
  })
  await public_.goto(system.url + desk)
  await public_.getByText('未获追认').waitFor()
  await public_.setViewportSize(desktop.viewport ?? { width: 1280, height: 800 })
  await look(public_, 'list')
  expect(complaints).toEqual([])
}, 300_000)
