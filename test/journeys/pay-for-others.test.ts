import { randomUUID } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { theSystem, type TheSystem } from '#test/fixtures/system.ts'
import { axeViolations, desktop, openBrowser, openPage, phone, signIn } from './browser.ts'

/** People whom apps forget: somebody orders for them, somebody else pays, and they take a slip of paper along. */
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
const WECHAT =
  'Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.49'
/** 24 points of paper, in the pixels of CSS. */
const LARGE_PX = 32

type Offer = { offerId: string; name: string; priceFen: number; perHouseholdLimit: number; left: number }
type GroupBuy = { groupBuyId: string; coopName: string; offers: Offer[] }

/** Something that is open and makes an order that can be paid online; from the end, where other journeys buy nothing. */
async function something(): Promise<{ groupBuy: GroupBuy; offer: Offer; quantity: number }> {
  const answer = await fetch(`${system.url}/api/group-buys?compoundId=${COMPOUND}&with=offers`)
  const { items } = (await answer.json()) as { items: GroupBuy[] }
  for (const groupBuy of items.toReversed()) {
    const offer = groupBuy.offers.findLast((each) => each.left > 20 && each.priceFen * each.perHouseholdLimit >= 400)
    if (offer !== undefined) return { groupBuy, offer, quantity: Math.ceil(400 / offer.priceFen) }
  }
  throw new Error('nothing to order')
}

/** Rooms of the register that nobody else orders for. */
const ROOMS = ['302', '402'] as const

async function orderFor(worker: Page, room: string) {
  const { groupBuy, offer, quantity } = await something()
  await worker.getByRole('link', { name: '代下单' }).click()
  await worker.getByRole('heading', { name: '代下单', level: 1 }).waitFor()
  await worker.getByLabel('楼号').selectOption({ index: 1 })
  const building = await worker.getByLabel('楼号').inputValue()
  await worker.getByLabel('单元').fill('1')
  // The register knows no such room: said before anything is chosen, and what was typed stays.
  await worker.getByLabel('房号').fill('9999')
  await worker.getByRole('button', { name: '选菜' }).click()
  await worker.getByRole('alert').getByText('本小区没有这个房间').waitFor()
  expect(await worker.getByLabel('单元').inputValue()).toBe('1')
  await worker.getByLabel('房号').fill(room)
  await worker.getByRole('button', { name: '选菜' }).click()
  await worker.getByRole('heading', { name: `替 ${building}1单元${room}室 下单` }).waitFor()
  await worker.getByLabel('您的称呼').fill('王姐')
  await worker.locator(`input[name="quantity:${groupBuy.groupBuyId}/${offer.offerId}"]`).fill(String(quantity))
  return { where: `${building}1单元${room}室`, groupBuy, offer, quantity }
}

it('a worker orders for a household, a child pays by the link on a phone, and the slip is printed', async () => {
  const worker = await openPage(browser, desktop, complaints)
  await signIn(system, worker, 'worker-1', `/staff/compounds/${COMPOUND}`)
  const [room] = ROOMS
  const { where, groupBuy, offer } = await orderFor(worker, room)
  expect(await axeViolations(worker)).toEqual([])
  await worker.getByRole('button', { name: /^下单/ }).click()
  await worker.getByText(`您替 ${where} 下的单`).waitFor()
  const orderUrl = worker.url()
  expect(await axeViolations(worker)).toEqual([])
  // Whoever ordered for others is not asked to pay for them.
  expect(await worker.getByRole('button', { name: '去付款' }).count()).toBe(0)

  await worker.getByRole('link', { name: '让家人代付' }).click()
  expect(await axeViolations(worker)).toEqual([])
  await worker.getByLabel(/对方可能要晚点才付/).check()
  await worker.getByRole('button', { name: '做代付链接' }).click()
  await worker.getByText('代付链接做好了').waitFor()
  await worker.getByText('已经多留过了，不能再延长。').waitFor()
  expect(await axeViolations(worker)).toEqual([])
  const text = await worker.getByLabel('发给家人的文字').inputValue()
  const link = /http\S+/.exec(text)?.[0] ?? ''
  // Looked at again it is still there, and nowhere but in this browser.
  await worker.reload()
  expect(await worker.getByLabel('发给家人的文字').inputValue()).toContain(link)

  const child = await openPage(browser, phone, complaints)
  await child.goto(link)
  await child.getByRole('heading', { name: '帮人付一单菜' }).waitFor()
  await child.getByText(offer.name).first().waitFor()
  await child.getByText(groupBuy.coopName).first().waitFor()
  const told = await child.locator('main').innerText()
  for (const hidden of [room, '单元', '王姐', '取货码']) expect(told).not.toContain(hidden)
  expect(await axeViolations(child)).toEqual([])
  expect(await tooWide(child)).toBe(0)
  await child.getByRole('button', { name: /^付款 ¥/ }).click()
  await child.getByRole('button', { name: /^付款成功/ }).click()
  await child.getByRole('heading', { name: '已经付好了，谢谢！' }).waitFor()
  expect(new URL(child.url()).pathname).toBe(new URL(link).pathname)
  expect(await child.locator('main').innerText()).not.toContain(offer.name)
  expect(await axeViolations(child)).toEqual([])

  await worker.goto(orderUrl)
  await worker.getByRole('link', { name: '打印取菜单（大字）' }).click()
  await worker.locator('article.slip').waitFor()
  expect(await axeViolations(worker)).toEqual([])
  const slip = await worker.locator('article.slip').innerText()
  const code = (await worker.locator('article.slip .code').innerText()).replace(' ', '')
  expect(code).toMatch(/^\d{6}$/)
  for (const said of [where, offer.name, '自提点', '已付 ¥', '没空来取？', '由 王姐']) expect(slip).toContain(said)
  for (const size of ['a4', 'a5'] as const) {
    await worker.goto(`${orderUrl}/slip?size=${size}`)
    await worker.emulateMedia({ media: 'print' })
    expect(await smallestPrint(worker)).toBeGreaterThanOrEqual(LARGE_PX)
    expect(await worker.locator('header.topbar').isVisible()).toBe(false)
    const pdf = (await worker.pdf({ preferCSSPageSize: true })).toString('latin1')
    const [, width] = /\/MediaBox \[0 0 ([\d.]+) /.exec(pdf) ?? []
    expect(Math.round(Number(width))).toBe(size === 'a4' ? 595 : 420)
    // An ordinary order is one sheet of A4.
    if (size === 'a4') expect(/\/Count (\d+)/.exec(pdf)?.[1]).toBe('1')
    await worker.emulateMedia({ media: 'screen' })
    await worker.setViewportSize({ width: 360, height: 740 })
    expect(await tooWide(worker)).toBe(0)
    await worker.setViewportSize({ width: 1280, height: 800 })
  }
  expect(complaints).toEqual([])
})

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

/** The size of the smallest letters that would be on the paper. */
function smallestPrint(page: Page): Promise<number> {
  return page.evaluate(() => {
    const sizes: number[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement
      if (!node.textContent?.trim() || !element?.checkVisibility()) continue
      if (element.closest('script, style, noscript, .visually-hidden, .skip')) continue
      sizes.push(parseFloat(getComputedStyle(element).fontSize))
    }
    return Math.min(...sizes)
  })
}

it('the household sees what was ordered for it among its orders, and cancels it; whoever paid for others is thanked', async () => {
  const { groupBuy, offer, quantity } = await something()
  const orderId = randomUUID()
  const lines = [{ groupBuyId: groupBuy.groupBuyId, offerId: offer.offerId, quantity }]
  const placed = await fetch(`${system.url}/api/orders/compounds/${COMPOUND}/orders/${orderId}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${await system.token('worker-1')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ building: '1', unit: '1', room: '101', placerName: '王姐', lines }),
  })
  expect(placed.status).toBe(200)
  const resident = await openPage(browser, phone, complaints)
  await signIn(system, resident, 'resident-1', '/orders')
  await resident.locator(`a[href="/orders/${orderId}"]`).getByText('王姐 代下').waitFor()
  expect(await axeViolations(resident)).toEqual([])
  await resident.locator(`a[href="/orders/${orderId}"]`).click()
  await resident.getByText(/的 王姐 替您家下的单/).waitFor()
  await resident.getByRole('button', { name: '去付款' }).waitFor()
  expect(await axeViolations(resident)).toEqual([])

  // Signed in, of another household, and led to the order by a payment page: it is not theirs, and they are thanked.
  const stranger = await openPage(browser, phone, complaints)
  await signIn(system, stranger, 'resident-2', `/orders/${orderId}?from=pay`)
  await stranger.getByRole('heading', { name: '可以关掉这一页了' }).waitFor()
  expect(await axeViolations(stranger)).toEqual([])
  expect((await stranger.request.get(`${system.url}/orders/${orderId}`)).status()).toBe(404)
  expect((await stranger.request.get(`${system.url}/orders/${orderId}/slip`)).status()).toBe(404)

  await resident.getByRole('button', { name: '取消订单' }).click()
  await resident.getByRole('alertdialog').getByRole('button', { name: '取消订单' }).click()
  await resident.getByText('订单已取消，没有扣款。').waitFor()
  expect(complaints).toEqual([])
})

it('without JavaScript, and in a browser that knows nothing of it: ordered, linked, withdrawn, made anew, and paid', async () => {
  const plain = { ...phone, javaScriptEnabled: false }
  const worker = await openPage(browser, plain, complaints)
  await signIn(system, worker, 'worker-1', `/staff/compounds/${COMPOUND}`)
  const { quantity, groupBuy, offer } = await orderFor(worker, ROOMS[1])
  const field = worker.locator(`input[name="quantity:${groupBuy.groupBuyId}/${offer.offerId}"]`)
  await field.fill('0')
  await worker.getByRole('button', { name: '下单', exact: true }).click()
  await worker.getByRole('alert').getByText('请至少选一样').waitFor()
  expect(await worker.getByLabel('您的称呼').inputValue()).toBe('王姐')
  await field.fill(String(quantity))
  await worker.getByRole('button', { name: '下单', exact: true }).click()
  await worker.getByRole('link', { name: '让家人代付' }).click()
  await worker.getByLabel(/对方可能要晚点才付/).uncheck()
  await worker.getByRole('button', { name: '做代付链接' }).click()
  const linkOf = async () => /http\S+/.exec(await worker.getByLabel('发给家人的文字').inputValue())?.[0] ?? ''
  const first = await linkOf()
  await worker.getByRole('button', { name: '收回链接' }).click()
  await worker.getByText('链接已收回，谁也不能再用它付款。').waitFor()

  const child = await openPage(browser, plain, complaints)
  await child.goto(first)
  await child.getByRole('heading', { name: '这个代付链接已经失效' }).waitFor()
  await child.goto(`${system.url}/pay-for/${'a'.repeat(43)}`)
  await child.getByRole('heading', { name: '没有这个代付链接' }).waitFor()
  await worker.getByRole('button', { name: '做代付链接' }).click()
  await child.goto(await linkOf())
  await child.getByRole('button', { name: /^付款 ¥/ }).click()
  // In another app's browser nobody is known: there is a page of thanks, and no sign-in to get through.
  await child.context().clearCookies()
  await child.getByRole('button', { name: /^付款成功/ }).click()
  await child.getByRole('heading', { name: '可以关掉这一页了' }).waitFor()
  expect(complaints).toEqual([])
})

it('in WeChat the order names three ways to pay instead of a page that does not open', async () => {
  const { groupBuy, offer, quantity } = await something()
  const inWeChat = { ...phone, userAgent: WECHAT }
  const resident = await openPage(browser, inWeChat, complaints)
  await signIn(system, resident, 'resident-1', `/group-buys/${groupBuy.groupBuyId}`)
  await resident.waitForLoadState('networkidle')
  const card = resident.locator(`[id="o-${groupBuy.groupBuyId}-${offer.offerId}"]`)
  await card.locator('input[name=quantity]').fill(String(quantity))
  await card.getByRole('button', { name: /加入菜篮|放进菜篮/ }).click()
  await card.getByRole('link', { name: '去菜篮' }).or(card.locator('.ok a')).first().click()
  await resident.locator('button[formaction="?/checkout"]').click()
  await resident.waitForURL(/\/orders\/[0-9a-f-]{36}$/)
  await resident.getByText('微信里打不开付款页，下面三种办法任选一种').waitFor()
  for (const way of ['发代付链接', '存二维码，用支付宝扫', '在浏览器里打开']) await resident.getByText(way).waitFor()
  expect(await axeViolations(resident)).toEqual([])
  await resident.getByRole('link', { name: '发代付链接' }).click()
  await resident.getByRole('button', { name: '做代付链接' }).click()
  const image = resident.getByRole('img', { name: '代付二维码' })
  const width = await image.evaluate(async (shown: HTMLImageElement) => {
    await shown.decode()
    return shown.naturalWidth
  })
  expect(width).toBeGreaterThan(300)
  expect(await tooWide(resident)).toBe(0)
  const link = /http\S+/.exec(await resident.getByLabel('发给家人的文字').inputValue())?.[0] ?? ''

  const plain = await openPage(browser, { ...inWeChat, javaScriptEnabled: false }, complaints)
  await plain.goto(link)
  await plain.getByText('微信里打不开付款页，下面三种办法任选一种').waitFor()
  await plain.getByRole('img', { name: '代付二维码' }).waitFor()
  await plain.getByRole('button', { name: /^仍在这里付 ¥/ }).waitFor()
  expect(await tooWide(plain)).toBe(0)
  // Elsewhere nothing is said of it.
  const other = await openPage(browser, phone, complaints)
  await other.goto(link)
  await other.getByRole('button', { name: /^付款 ¥/ }).waitFor()
  expect(await other.getByText('微信里打不开').count()).toBe(0)
  await resident.goto(resident.url().replace(/\/pay-link.*$/, ''))
  await resident.getByRole('button', { name: '取消订单' }).click()
  await resident.getByRole('alertdialog').getByRole('button', { name: '取消订单' }).click()
  await resident.getByText('订单已取消，没有扣款。').waitFor()
  expect(complaints).toEqual([])
})
