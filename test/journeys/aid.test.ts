import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { theSystem, type TheSystem } from '../fixtures/system.ts'
import { desktop, lookTwice, openBrowser, openPage, phone, signIn, sound } from './browser.ts'
import { verifiedNewcomer } from './newcomer.ts'

/**
 * Goal: an old person asks for help on a phone, and sees everybody who read it; those who work on it find it, read it only on
 * record, and decide; what they leave behind names nobody; taken back, it is gone. Method: the system that all journeys share.
 */
const COMMUNITY = '371502001001'
const COMPOUND = `c-${COMMUNITY}-01`
const WHY = '老伴住院三个月了，医药费还差一些'

let system: TheSystem
let browser: Browser
const complaints: string[] = []
const account = `demo-${Math.floor(100_000 + Math.random() * 800_000)}`

beforeAll(async () => {
  system = await theSystem()
  await verifiedNewcomer((method, path, as, body) => ask(as === 'worker' ? 'worker-1' : account, method, path, body), {
    ...{ compoundId: COMPOUND, building: '2', unit: '1', room: '402' },
  })
  browser = await openBrowser()
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await system?.close()
})

async function ask(as: string, method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(system.url + path, {
    method,
    headers: { authorization: `Bearer ${await system.token(as)}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

async function as(who: string, path: string, options: Parameters<typeof openPage>[1] = phone): Promise<Page> {
  const page = await openPage(browser, options, complaints)
  await signIn(system, page, who, path)
  await page.waitForLoadState('networkidle')
  return page
}

const press = (page: Page, name: string) => page.getByRole('button', { name }).click()

it('a household is helped without anybody who should not know learning of it', { timeout: 240_000 }, async () => {
  const asks = await as(account, `/funds/${COMPOUND}`)
  await asks.getByRole('link', { name: '困难帮扶', exact: true }).click()
  await asks.getByText('同意过的帮扶').waitFor()
  await sound(asks)
  await lookTwice(asks, 'slips')
  await asks.getByRole('link', { name: '申请帮扶' }).click()
  await asks.getByLabel('现在是什么情况').fill(WHY)
  await asks.getByLabel('想申请多少钱（元）').fill('1000')
  await asks.getByLabel('钱交给谁').fill('县医院')
  await sound(asks)
  await lookTwice(asks, 'asking')
  // Nothing is ticked beforehand, and without it nothing is sent.
  await press(asks, '交给社区')
  expect(new URL(asks.url()).pathname).toBe('/aid')
  await asks.getByLabel('我读过了').check()
  await press(asks, '交给社区')
  await asks.getByText('已经交给社区了').waitFor()
  await sound(asks)
  await lookTwice(asks, 'asked')
  const own = new URL(asks.url()).pathname
  const caseId = own.split('/').at(-1) ?? ''

  // The worker has a phone on which no script runs.
  const worker = await as('worker-1', `/staff/aid?communityId=${COMMUNITY}`, { ...phone, javaScriptEnabled: false })
  expect(await worker.content()).not.toContain(WHY)
  await worker.goto(`${system.url}/staff/aid/${caseId}`)
  expect(await worker.content()).not.toContain(WHY)
  await press(worker, '看申请内容')
  await worker.getByText(WHY).waitFor()
  await press(worker, '我已上门看望过')
  await worker.getByRole('heading', { name: '管委会审议中' }).waitFor()

  const desk = await as('worker-1', `/staff/aid?communityId=${COMMUNITY}`, desktop)
  await sound(desk)
  await lookTwice(desk, 'desk')
  await desk.getByRole('link', { name: '替居民写申请' }).click()
  await desk.getByLabel('对方怎么同意的').waitFor()
  await sound(desk)
  await lookTwice(desk, 'writing-down')

  expect((await ask('committee-2', 'POST', `/api/aid/${caseId}/readings`, {})).status).toBe(200)
  const approval = { act: 'approve', amountFen: 80_000 }
  expect((await ask('committee-2', 'POST', `/api/aid/${caseId}/acts`, approval)).status).toBe(200)
  const member = await as('committee-1', `/staff/aid/${caseId}`)
  expect(await member.content()).not.toContain(WHY)
  await press(member, '看申请内容')
  await member.getByText(WHY).waitFor()
  await member.getByLabel('同意的金额（元）').fill('800')
  await sound(member)
  await lookTwice(member, 'deciding')
  await press(member, '同意这个数')
  await member.getByRole('heading', { name: '已同意' }).waitFor()

  const anybody = await openPage(browser, phone, complaints)
  await anybody.goto(`${system.url}/funds/${COMPOUND}/aid`)
  await anybody.getByText('¥800').first().waitFor()
  expect(await anybody.content()).not.toContain(caseId)

  await asks.goto(system.url + own, { waitUntil: 'networkidle' })
  await asks.getByText('同意 ¥800').waitFor()
  expect(await asks.getByText('看了申请内容').count()).toBe(3)
  await sound(asks)
  await lookTwice(asks, 'approved')
  await press(asks, '撤回申请，删除内容')
  await asks.getByRole('alertdialog').getByRole('button', { name: '撤回申请，删除内容' }).click()
  await asks.getByRole('heading', { name: '已撤回' }).waitFor()
  await asks.getByText(WHY).waitFor({ state: 'detached' })
  // What the tab was first sent stays in its source until it is loaded anew.
  await asks.reload({ waitUntil: 'networkidle' })
  expect(await asks.content()).not.toContain(WHY)
  await sound(asks)
  await lookTwice(asks, 'taken-back')
  expect(complaints).toEqual([])
})
