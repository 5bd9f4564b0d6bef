import { randomUUID } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PRIVACY_NOTICE_VERSION } from '#shared/contracts/places.ts'
import { theSystem, type TheSystem } from '#test/fixtures/system.ts'
import { axeViolations, openBrowser, openPage, phone, signIn } from './browser.ts'
import { verifiedNewcomer } from './newcomer.ts'

/** A neighbour whom a worker has appointed orders for a household of their building, as long as they lead it. */
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

const COMPOUND = 'c-371502001001-01'
const LEADERS = `/staff/compounds/${COMPOUND}/leaders`

type Offer = { offerId: string; name: string; priceFen: number; perHouseholdLimit: number; left: number }
type GroupBuy = { groupBuyId: string; offers: Offer[] }

/** Tomatoes, if they can be had; of whatever it is as many portions as can be paid online. */
async function something() {
  const answer = await fetch(`${system.url}/api/group-buys?compoundId=${COMPOUND}&with=offers`)
  const { items } = (await answer.json()) as { items: GroupBuy[] }
  const found = items.flatMap(({ groupBuyId, offers }) => offers.map((offer) => ({ groupBuyId, offer })))
  const payable = found.filter(({ offer }) => offer.left > 20 && offer.priceFen * offer.perHouseholdLimit >= 400)
  const chosen = payable.find(({ offer }) => offer.name.includes('番茄')) ?? payable[0]
  if (chosen === undefined) throw new Error('nothing to order')
  return { ...chosen, quantity: Math.ceil(400 / chosen.offer.priceFen) }
}

async function ask(account: string, method: string, path: string, body?: unknown): Promise<Response> {
  const headers = { authorization: `Bearer ${await system.token(account)}`, 'content-type': 'application/json' }
  return fetch(system.url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
}

/** Somebody moves into a room of building 3, and a worker confirms it. */
async function aNeighbour(room: string): Promise<string> {
  const account = `demo-${Math.floor(100_000 + Math.random() * 800_000)}`
  await verifiedNewcomer((method, path, as, body) => ask(as === 'worker' ? 'worker-1' : account, method, path, body), {
    compoundId: COMPOUND,
    building: '3',
    unit: '1',
    room,
  })
  return account
}

async function appoint(worker: Page, room: string, knownAs: string, look = lookAt): Promise<void> {
  await worker.getByRole('link', { name: '楼长' }).click()
  await worker.getByRole('heading', { name: '楼长', level: 1 }).waitFor()
  await worker.getByLabel('哪栋楼').selectOption('3号楼')
  await worker.getByRole('button', { name: '看这栋楼的住户' }).click()
  await worker.getByRole('radio', { name: new RegExp(`1单元${room}室`) }).check()
  await worker.getByLabel('邻居怎么称呼').fill(knownAs)
  await look(worker)
  await worker.getByRole('button', { name: '任命', exact: true }).click()
  await worker.getByText(`${knownAs} 现在是3号楼的楼长`).waitFor()
}

async function orderFor(leader: Page, room: string, look = lookAt) {
  await leader.getByRole('link', { name: '帮邻居下单' }).first().click()
  await leader.getByRole('heading', { name: '帮邻居下单', level: 1 }).waitFor()
  // Their building and no other: it is not asked for.
  expect(await leader.getByLabel('楼号').count()).toBe(0)
  await look(leader)
  await leader.getByLabel('单元').fill('2')
  await leader.getByLabel('房号').fill('9999')
  await leader.getByRole('button', { name: '选菜' }).click()
  await leader.getByRole('alert').getByText('本小区没有这个房间').waitFor()
  expect(await leader.getByLabel('单元').inputValue()).toBe('2')
  await leader.getByLabel('房号').fill(room)
  await leader.getByRole('button', { name: '选菜' }).click()
  await leader.getByRole('heading', { name: `替 3号楼2单元${room}室 下单` }).waitFor()
  const chosen = await something()
  await leader
    .locator(`input[name="quantity:${chosen.groupBuyId}/${chosen.offer.offerId}"]`)
    .fill(String(chosen.quantity))
  return chosen
}

/** Somebody who says that they live in building 3, and shows the code of it on their phone. */
async function claimsRoom(room: string): Promise<string> {
  const account = `demo-${Math.floor(100_000 + Math.random() * 800_000)}`
  const where = { compoundId: COMPOUND, building: '3', unit: '2', room, consentVersion: PRIVACY_NOTICE_VERSION }
  expect((await ask(account, 'PUT', '/api/places/me/household', where)).status).toBe(200)
  const neighbour = await openPage(browser, phone, complaints)
  await signIn(system, neighbour, account, '/join')
  await neighbour.getByText('登记码', { exact: false }).first().waitFor()
  await lookAt(neighbour)
  return neighbour.locator('.code').innerText()
}

/** A neighbour stands before the leader; the worker reads who said so, and takes it over. */
async function confirmNeighbours(leader: Page, worker: Page): Promise<void> {
  const code = await claimsRoom('301')
  await leader.goto(`${system.url}/neighbours`)
  await leader.getByRole('link', { name: '核实邻居' }).click()
  await leader.getByRole('heading', { name: '核实邻居', level: 1 }).waitFor()
  const neighbour = leader.getByRole('listitem').filter({ hasText: '2单元 301室' })
  await neighbour.getByLabel('邻居的登记码').fill(code === '0000' ? '0001' : '0000')
  await neighbour.getByRole('button', { name: '核实无误：2单元 301室' }).click()
  await neighbour.getByText('和邻居手机上的不一样').waitFor()
  await lookAt(leader)
  await neighbour.getByLabel('邻居的登记码').fill(code)
  await neighbour.getByRole('button', { name: '核实无误：2单元 301室' }).click()
  await leader.getByText('已核实：2单元 301室').waitFor()
  await worker.goto(`${system.url}/staff/compounds/${COMPOUND}/households?state=verified`)
  const seen = worker.getByRole('listitem').filter({ hasText: '2单元 301室' })
  await seen.getByText('由楼长核实').waitFor()
  await lookAt(worker)
  await seen.getByRole('button', { name: /^核实无误/ }).click()
  await seen.getByText('已核实').waitFor()
  expect(await seen.getByText('由楼长核实').count()).toBe(0)
}

async function lookAt(page: Page): Promise<void> {
  expect(await axeViolations(page)).toEqual([])
  expect(await tooWide(page)).toBe(0)
}

/** Looking runs scripts in the page: one that has none is looked at where it has. */
const unseen = () => Promise.resolve()

/** How far a page sticks out of a phone with letters as large as old eyes set them. */
async function tooWide(page: Page): Promise<number> {
  const wider = await page.evaluate(() => {
    document.documentElement.style.fontSize = '225%'
    const px = document.documentElement.scrollWidth - window.innerWidth
    document.documentElement.style.fontSize = ''
    return px
  })
  return Math.max(0, wider)
}

it('a building leader is appointed, orders for a neighbour, a child pays, and when the role ends so does all of it', async () => {
  const account = await aNeighbour('402')
  const worker = await openPage(browser, phone, complaints)
  await signIn(system, worker, 'worker-1', `/staff/compounds/${COMPOUND}`)
  await appoint(worker, '402', '李楼长')
  await lookAt(worker)

  const leader = await openPage(browser, phone, complaints)
  await signIn(system, leader, account, '/shop')
  const { offer } = await orderFor(leader, '501')
  await leader.getByText('由 李楼长（3号楼楼长）代下').waitFor()
  await lookAt(leader)
  await leader.getByRole('button', { name: /^下单/ }).click()
  await leader.getByText('您替 3号楼2单元501室 下的单').waitFor()
  const orderUrl = leader.url()
  const orderId = orderUrl.split('/').at(-1) ?? ''
  expect(await axeViolations(leader)).toEqual([])
  // They pay for nobody, take no money, and show the desk what to scan.
  expect(await leader.getByRole('button', { name: '去付款' }).count()).toBe(0)
  await leader.getByText('到社区服务点付现金').click()
  await leader.getByRole('img', { name: /用手机相机扫这个码/ }).waitFor()
  await leader.getByRole('link', { name: '让家人代付' }).click()
  await leader.getByRole('button', { name: '做代付链接' }).click()
  await leader.getByText('代付链接做好了').waitFor()
  const link = /http\S+/.exec(await leader.getByLabel('发给家人的文字').inputValue())?.[0] ?? ''

  const child = await openPage(browser, phone, complaints)
  await child.goto(link)
  await child.getByText(offer.name).first().waitFor()
  const told = await child.locator('main').innerText()
  for (const hidden of ['501', '李楼长', '3号楼']) expect(told).not.toContain(hidden)
  await child.getByRole('button', { name: /^付款 ¥/ }).click()
  await child.getByRole('button', { name: /^付款成功/ }).click()
  await child.getByRole('heading', { name: '已经付好了，谢谢！' }).waitFor()

  await leader.goto(orderUrl)
  await leader.getByText('已付款').first().waitFor()
  await leader.getByRole('link', { name: '回到帮邻居下单' }).click()
  await leader.locator(`a[href="/orders/${orderId}"]`).getByText('3号楼2单元501室').waitFor()
  expect(await axeViolations(leader)).toEqual([])
  await worker.goto(`${system.url}/staff/orders/${orderId}`)
  await worker.getByText('由 李楼长（3号楼楼长）代下').waitFor()

  await confirmNeighbours(leader, worker)

  await worker.goto(system.url + LEADERS)
  await worker
    .getByRole('listitem')
    .filter({ hasText: '李楼长' })
    .filter({ hasText: '402' })
    .getByRole('button', { name: '结束任命' })
    .click()
  await worker.getByRole('alertdialog').getByText('李楼长 不再当3号楼的楼长？').waitFor()
  expect(await axeViolations(worker)).toEqual([])
  await worker.getByRole('alertdialog').getByRole('button', { name: '结束任命' }).click()
  await worker.getByText('李楼长 不再是3号楼的楼长。').waitFor()

  const gone = await leader.goto(`${system.url}/neighbours`)
  expect(gone?.status()).toBe(404)
  await leader.getByText('您现在不是楼长').waitFor()
  expect(await axeViolations(leader)).toEqual([])
  expect(await leader.getByRole('link', { name: '帮邻居下单' }).count()).toBe(0)
  const again = { building: '3', unit: '2', room: '501', lines: [{ groupBuyId: 'gb-x', offerId: 'x', quantity: 1 }] }
  const path = `/api/orders/compounds/${COMPOUND}/orders/${randomUUID()}`
  expect((await ask(account, 'PUT', path, again)).status).toBe(403)
  for (const what of ['cancellation', 'pay-link', 'longer-hold']) {
    expect((await ask(account, 'POST', `/api/orders/${orderId}/${what}`, {})).status).toBe(404)
  }
  expect(complaints.filter((each) => !each.includes('404'))).toEqual([])
})

it('without JavaScript, on a phone: appointed, ordered, linked, and ended', async () => {
  const account = await aNeighbour('401')
  const plain = { ...phone, javaScriptEnabled: false }
  const worker = await openPage(browser, plain, [])
  await signIn(system, worker, 'worker-1', `/staff/compounds/${COMPOUND}`)
  await appoint(worker, '401', '一二三四五六七八九十楼长', unseen)
  const leader = await openPage(browser, plain, [])
  await signIn(system, leader, account, '/orders')
  const { groupBuyId, offer, quantity } = await orderFor(leader, '502', unseen)
  const field = leader.locator(`input[name="quantity:${groupBuyId}/${offer.offerId}"]`)
  await field.fill('0')
  await leader.getByRole('button', { name: '下单', exact: true }).click()
  await leader.getByRole('alert').getByText('请至少选一样').waitFor()
  await field.fill(String(quantity))
  await leader.getByRole('button', { name: '下单', exact: true }).click()
  await leader.getByText('您替 3号楼2单元502室 下的单').waitFor()
  await leader.getByRole('link', { name: '让家人代付' }).click()
  await leader.getByRole('button', { name: '做代付链接' }).click()
  await leader.getByText('代付链接做好了').waitFor()
  await worker.getByRole('listitem').filter({ hasText: '401' }).getByRole('button', { name: '结束任命' }).click()
  await worker.getByText('不再是3号楼的楼长').waitFor()
  expect((await leader.goto(`${system.url}/neighbours`))?.status()).toBe(404)
})
