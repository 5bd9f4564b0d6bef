import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { theSystem, type TheSystem } from '#test/fixtures/system.ts'
import { axeViolations, openBrowser, openPage, phone } from './browser.ts'

let system: TheSystem
let browser: Browser
let compoundId: string
const complaints: string[] = []

beforeAll(async () => {
  system = await theSystem()
  browser = await openBrowser()
  const me = await get('/api/places/me', await system.token('resident-1'))
  compoundId = String(me.memberships[0]?.compoundId)
})

afterAll(async () => {
  await browser?.close()
  await system?.close()
})

type Me = { memberships: { compoundId?: string }[] }
type Compound = { name: string; buildings: { label: string; units: string[] }[] }

async function get(path: string, token: string): Promise<Me> {
  const answer = await fetch(system.url + path, { headers: { authorization: `Bearer ${token}` } })
  return (await answer.json()) as Me
}

async function compound(): Promise<Compound> {
  return (await (await fetch(`${system.url}/api/places/compounds/${compoundId}`)).json()) as Compound
}

type Paired = { items: { villageId: string; villageName: string }[] }

/** Where the first version of the agreement of the compound's first paired village is read. */
async function anAgreement(): Promise<string> {
  const { communityId } = (await (await fetch(`${system.url}/api/places/compounds/${compoundId}`)).json()) as {
    communityId: string
  }
  const { items } = (await (
    await fetch(`${system.url}/api/places/communities/${communityId}/agreements`)
  ).json()) as Paired
  return `/funds/${compoundId}/agreements/${items[0]?.villageId}/1`
}

const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(Math.random() * items.length)] as Item
const anyone = () => `resident-${Math.floor(Math.random() * 800_000) + 100_000}`
/** The shop leaves out nothing on the way: every step is a click or a field, as a person does it. */
const here = (page: Page, path: RegExp | string) =>
  page.waitForURL(
    (url) => url.origin === system.url && (typeof path === 'string' ? url.pathname === path : path.test(url.pathname)),
  )

async function signIn(page: Page, account: string, path: string): Promise<void> {
  await page.goto(`${system.url}/sign-in?returnTo=${encodeURIComponent(path)}`)
  await page.locator('#account').fill(account)
  await page.locator('button.go').click()
  await here(page, /./)
}

async function chooseCompound(page: Page): Promise<void> {
  const { name } = await compound()
  await page.goto(`${system.url}/`)
  await page.locator('#q').fill(name)
  await page.locator('form.finder button').click()
  await page.locator(`button[name=compoundId][value="${compoundId}"]`).click()
  await here(page, '/shop')
}

type Room = { building: string; unit: string; room: string }
const FLOORS = ['1', '2', '3', '4', '5']
const DOORS = ['01', '02']

/** In building 3 others look for the one claim of their own. */
async function rooms(): Promise<Room[]> {
  const buildings = (await compound()).buildings.filter(({ label }) => !label.startsWith('3'))
  return buildings.flatMap(({ label, units }) =>
    units.flatMap((unit) =>
      FLOORS.flatMap((floor) => DOORS.map((door) => ({ building: label, unit, room: floor + door }))),
    ),
  )
}

/** A room that nobody claims, for what must not be mistaken for somebody else's claim. */
async function freeRoom(): Promise<Room> {
  const answer = await fetch(`${system.url}/api/places/compounds/${compoundId}/household-members?limit=100`, {
    headers: { authorization: `Bearer ${await system.token('worker-1')}` },
  })
  const { items } = (await answer.json()) as { items: { householdId: string }[] }
  const claimed = new Set(items.map(({ householdId }) => householdId))
  const digits = (text: string) => text.replace(/\D/g, '')
  const idOf = ({ building, unit, room }: Room) => `${compoundId}.${digits(building)}.${digits(unit)}.${room}`
  const free = (await rooms()).filter((room) => !claimed.has(idOf(room)))
  return pick(free)
}

async function joinHousehold(page: Page, wanted?: Room): Promise<void> {
  const { building, unit, room } = wanted ?? pick(await rooms())
  await page.locator('#building').selectOption(building)
  await page.locator('#unit').fill(unit)
  await page.locator('#room').fill(room)
  await page.locator('#phone').fill('13800000000')
  await page.locator('input[name=agree]').check()
  await page.locator('form:has(#room) button').click()
}

/** Fills the basket with a few portions of what is dearest, so that a small order clears the provider's minimum. */
async function fillBasket(page: Page): Promise<void> {
  const cards = page.locator('li.offer:has(form.buy)')
  const prices = await cards.locator('.price').allInnerTexts()
  const dearest = prices
    .map((text) => Number(text.replace(/[^\d.]/g, '')))
    .reduce((best, price, at, all) => (price > (all[best] ?? 0) ? at : best), 0)
  const card = cards.nth(dearest)
  await card.locator('input[name=quantity]').fill('2')
  await card.locator('button.btn-buy').click()
  await page.locator('.said .ok').first().waitFor()
}

describe('a resident at the shop', () => {
  it('registers, buys, pays, sees the pick-up code, and the worker sees the money come in without reloading', async () => {
    const worker = await openPage(browser, { viewport: { width: 1280, height: 800 } }, complaints)
    await signIn(worker, 'worker-1', `/staff/funds/${compoundId}`)
    const today = worker.locator('.figure .huge')
    await worker.getByText('实时', { exact: true }).waitFor()
    const before = await today.innerText()
    const cutOff = await openPage(browser, phone, complaints)
    await cutOff.route('**/live', () => {
      // The line is dead: nothing comes back, not even a refusal.
    })
    await signIn(cutOff, 'worker-1', `/staff/funds/${compoundId}`)

    const page = await openPage(browser, phone, complaints)
    await chooseCompound(page)
    await fillBasket(page)
    await page.goto(`${system.url}/basket`)
    await page.getByRole('link', { name: '登录后付款' }).click()
    await page.locator('#account').fill(anyone())
    await page.locator('button.go').click()
    await here(page, '/basket')
    await page.getByRole('link', { name: '先登记住户再付款' }).click()
    await here(page, '/join')
    await joinHousehold(page)
    await here(page, '/basket')
    await page.locator('button[formaction="?/checkout"]').click()
    await page.waitForURL((url) => url.origin !== system.url)
    await page.locator('button[value=paid]').click()
    await here(page, /^\/orders\//)

    await page.locator('.code').waitFor()
    expect(await page.locator('.code').innerText()).toMatch(/^\d{3} \d{3}$/)
    expect(await page.locator('.exact').innerText()).toMatch(/^¥\d+\.\d{4}$/)
    expect(await page.locator('svg.qr path').count()).toBe(1)
    await expect.poll(() => today.innerText(), { timeout: 15_000, interval: 200 }).not.toBe(before)

    // A mistake must not cost anybody money: the refund asks first, and saying no sends nothing.
    const order = new URL(page.url()).pathname
    await worker.goto(`${system.url}/staff${order}`)
    await worker.waitForLoadState('networkidle')
    await worker.locator('#refund-whole button').click()
    await worker.getByRole('alertdialog').waitFor()
    await worker.getByRole('alertdialog').getByRole('button', { name: '不了' }).click()
    await worker.reload()
    expect(await worker.locator('#refund-whole').count()).toBe(1)
    await worker.locator('#refund-whole button').click()
    await worker.getByRole('alertdialog').getByRole('button', { name: '退款' }).click()
    await worker.getByText('这笔订单已全部退款。').waitFor()
    await page.goto(`${system.url}${order}`)
    expect(await page.locator('.exact').innerText()).toBe('¥0.0000')

    await cutOff.getByText('暂时连不上，正在重试').waitFor()
    await cutOff.unroute('**/live')
    await cutOff.getByText('实时', { exact: true }).waitFor()
  })

  it('buys without JavaScript too', async () => {
    const page = await openPage(browser, { ...phone, javaScriptEnabled: false }, complaints)
    await chooseCompound(page)
    await fillBasket(page)
    await signIn(page, anyone(), '/join?next=/basket')
    await joinHousehold(page)
    await here(page, '/basket')
    await page.locator('button[formaction="?/checkout"]').click()
    await page.waitForURL((url) => url.origin !== system.url)
    await page.locator('button[value=paid]').click()
    await here(page, /^\/orders\//)
    await page.locator('.code').waitFor({ timeout: 20_000 })
  })
})

describe('a claim that is not right', () => {
  it('is turned down by the worker with a reason, which its resident reads and claims again', async () => {
    const account = anyone()
    const resident = await openPage(browser, phone, complaints)
    await chooseCompound(resident)
    await signIn(resident, account, '/join')
    await joinHousehold(resident, await freeRoom())
    await here(resident, '/shop')
    const me = (await get('/api/places/me', await system.token(account))) as Me & { memberships: { scopeId: string }[] }
    const worker = await openPage(browser, phone, complaints)
    await signIn(worker, 'worker-1', `/staff/compounds/${compoundId}/households`)
    const card = worker.locator('li.card').filter({
      has: worker.locator(`input[name=householdId][value="${me.memberships[0]?.scopeId}"]`),
    })
    await card.getByText('不对，退回登记').click()
    await card.locator('input[name=reason]').first().fill('3号楼没有 4 单元')
    await card.getByRole('button', { name: /^退回/ }).click()
    await worker.getByText(/^已退回：/).waitFor()
    await worker.goto(`${system.url}/staff/compounds/${compoundId}/households?state=rejected`)
    await worker.getByText('3号楼没有 4 单元').first().waitFor()
    expect(await axeViolations(worker)).toEqual([])

    await resident.goto(`${system.url}/join`)
    await resident.getByText('原因：3号楼没有 4 单元').waitFor()
    expect(await axeViolations(resident)).toEqual([])
    await joinHousehold(resident)
    await here(resident, '/shop')
  })
})

describe('a page whose script is late', () => {
  it('leaves a fold as the finger left it', async () => {
    const page = await openPage(browser, phone, complaints)
    let release = () => {}
    const released = new Promise<void>((resolve) => (release = resolve))
    await page.route('**/_app/**/*.js', async (route) => {
      await released
      await route.continue()
    })
    await page.goto(`${system.url}/`, { waitUntil: 'commit' })
    const town = page.locator('details.town').first()
    await town.locator('summary').click()
    await town.locator('a').first().waitFor()
    release()
    // The router announces itself once the page's script has taken over.
    await page.locator('#svelte-announcer').waitFor({ state: 'attached' })
    expect(await town.getAttribute('open')).not.toBe(null)
  })
})

describe('a form whose answer is late', () => {
  it('does not fetch back who has gone on to another page', async () => {
    const page = await openPage(browser, phone, complaints)
    await signIn(page, 'admin-1', '/staff/payments')
    let release = () => {}
    const released = new Promise<void>((resolve) => (release = resolve))
    await page.waitForLoadState('networkidle')
    await page.route(
      (url) => url.pathname === '/staff/payments',
      async (route) => {
        if (route.request().method() !== 'POST') return route.fallback()
        const response = await route.fetch()
        await released
        await route.fulfill({ response })
      },
    )
    const answered = page.waitForResponse((response) => response.request().method() === 'POST')
    await page.getByRole('button', { name: /^(现在|从头)核对$/ }).click()
    await page.getByRole('button', { name: '正在核对' }).waitFor()
    await page.getByRole('link', { name: '回到社区工作台' }).click()
    await page.waitForURL('**/staff')
    release()
    await (await answered).finished()
    await page.waitForLoadState('networkidle')
    // What the answer sets going takes its turn after the answer: a second is ample for being fetched back.
    await page.waitForTimeout(1_000)
    expect(new URL(page.url()).pathname).toBe('/staff')
    await page.getByRole('heading', { level: 1, name: '社区工作台' }).waitFor()
  })
})

/** The server does what it was asked, and its answer never arrives: once, for the next form that is sent to `path`. */
async function loseOneAnswer(page: Page, path: string): Promise<void> {
  let lost = false
  // A form that is sent before the page's script has run is a plain one, which the browser itself repeats.
  await page.waitForLoadState('networkidle')
  await page.route(
    (url) => url.pathname === path,
    async (route) => {
      if (lost || route.request().method() !== 'POST') return route.fallback()
      lost = true
      await route.fetch({ maxRedirects: 0 })
      await route.abort('connectionreset')
    },
  )
}

describe('a co-op member on a link that breaks', () => {
  const noAnswer = '没有收到回应'

  it('keeps what was typed for a listing, saves it once, and sees what is stored before replacing it', async () => {
    const page = await openPage(browser, phone, complaints)
    await signIn(page, 'coop-1', '/coop/listings/new')
    const name = `试种菜${Date.now()}`
    await loseOneAnswer(page, '/coop/listings/new')
    await page.locator('#name').fill(name)
    await page.locator('#price').fill('3.20')
    const save = page.getByRole('button', { name: '保存' })
    await save.click()
    await page.getByText(noAnswer).waitFor()
    expect(await page.locator('#name').inputValue()).toBe(name)
    await save.click()
    await here(page, '/coop')
    expect(await page.locator('li.item', { hasText: name }).count()).toBe(1)

    await page.locator('li.item', { hasText: name }).getByRole('link').click()
    await here(page, /^\/coop\/listings\//)
    await loseOneAnswer(page, new URL(page.url()).pathname)
    await page.locator('#price').fill('3.30')
    await save.click()
    await page.getByText(noAnswer).waitFor()
    await page.locator('#price').fill('3.40')
    await save.click()
    await page.getByText('现在保存的是').waitFor()
    expect(await page.locator('.notice-error').innerText()).toContain('¥3.30')
    expect(await page.locator('#price').inputValue()).toBe('3.40')
    await save.click()
    await here(page, '/coop')
    expect(await page.locator('li.item', { hasText: name }).locator('.price').innerText()).toBe('¥3.40')
  })

  it('opens a group buy once and is told what was opened when the form had changed meanwhile', async () => {
    const page = await openPage(browser, phone, complaints)
    await signIn(page, 'coop-1', '/coop/group-buys/new')
    const title = `断线团购${Date.now()}`
    await loseOneAnswer(page, '/coop/group-buys/new')
    await page.locator('#title').fill(title)
    await page.locator('input[name=listingId]').first().check()
    for (const box of (await page.locator('input[name=compoundId]:checked').all()).slice(0, -1).reverse()) {
      await box.uncheck()
    }
    const open = page.getByRole('button', { name: '开团', exact: true })
    await open.click()
    await page.getByText(noAnswer).waitFor()
    await page.locator('#title').fill(`${title}改`)
    await open.click()
    await here(page, '/coop/group-buys')
    await page.getByText('上一次提交时就已经开好了').waitFor()
    expect(await page.locator('h2', { hasText: title }).allInnerTexts()).toEqual([title])
  })
})

describe('every page', () => {
  it('is clean for axe, fits a phone and loads nothing from elsewhere', async () => {
    const page = await openPage(browser, phone, complaints)
    const foreign: string[] = []
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url())
      if (protocol !== 'data:' && origin !== system.url && origin !== system.signInUrl) foreign.push(request.url())
    })
    await chooseCompound(page)
    const found: Record<string, string[]> = {}
    const look = async (path: string) => {
      await page.goto(system.url + path)
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      found[path] = [...(await axeViolations(page)), ...(wider > 0 ? [`${wider} px too wide`] : [])]
      // Large type, as old eyes set it: everything still fits, nothing scrolls sideways.
      const widerAt200 = await page.evaluate(() => {
        document.documentElement.style.fontSize = '225%'
        return document.documentElement.scrollWidth - window.innerWidth
      })
      if (widerAt200 > 0) found[path].push(`${widerAt200} px too wide at 200 % text`)
    }
    for (const path of [
      '/',
      '/?q=zzz',
      '/shop',
      '/basket',
      '/funds',
      `/funds/${compoundId}`,
      `/funds/${compoundId}/entries?agreement=none&kind=sale`,
      `/funds/${compoundId}/agreements`,
      await anAgreement(),
      '/privacy',
      '/privacy/retention',
      '/paid',
      `/pay-for/${'a'.repeat(43)}`,
      '/design',
      '/nowhere',
    ])
      await look(path)
    await signIn(page, 'resident-1', '/orders')
    for (const path of ['/orders', '/join']) await look(path)
    await signIn(page, 'coop-1', '/coop')
    for (const path of ['/coop', '/coop/listings/new', '/coop/group-buys', '/coop/group-buys/new']) await look(path)
    await signIn(page, 'worker-1', '/staff')
    const staff = [
      `/staff/funds/${compoundId}`,
      `/staff/compounds/${compoundId}`,
      `/staff/compounds/${compoundId}/households`,
      `/staff/compounds/${compoundId}/leaders`,
      `/staff/compounds/${compoundId}/leaders?building=1号楼`,
      `/staff/compounds/${compoundId}/leaders?building=号楼`,
      `/staff/compounds/${compoundId}/order-for`,
      `/staff/compounds/${compoundId}/order-for?building=1&unit=1&room=9999`,
      `/staff/compounds/${compoundId}/order-for?building=1&unit=1&room=101`,
      `/staff/compounds/${compoundId}/pick-up`,
      `/staff/compounds/${compoundId}/pick-up?code=000000`,
      `/staff/compounds/${compoundId}/pick-up?building=1&unit=1&room=`,
    ]
    for (const path of ['/staff', ...staff]) await look(path)
    expect(Object.fromEntries(Object.entries(found).filter(([, problems]) => problems.length > 0))).toEqual({})
    expect(foreign).toEqual([])
  })

  it('lets everybody read a donation agreement: from the fund to all versions to the text that was signed', async () => {
    const page = await openPage(browser, { ...phone, javaScriptEnabled: false }, complaints)
    const path = await anAgreement()
    await page.goto(`${system.url}/funds/${compoundId}`)
    await page.locator(`a[href="/funds/${compoundId}/agreements"]`).click()
    await here(page, `/funds/${compoundId}/agreements`)
    expect(await page.locator('h1').textContent()).toBe('捐赠协议')
    const version = page.locator(`a[href="${path}"]`)
    expect(await version.textContent()).toMatch(/第 1 版.*生效中.*捐出货款净额的 2%.*签署/s)
    await version.click()
    await here(page, path)
    const text = await page.locator('.text').textContent()
    expect(text).toContain('第一条　捐赠财产')
    expect(text?.split('\n').length).toBeGreaterThan(15)
    const fingerprint = createHash('sha256')
      .update(text ?? '')
      .digest('hex')
    expect(await page.locator('.hash').textContent()).toBe(fingerprint)
    const strange = await page.goto(`${system.url}${path.replace(/1$/, '77')}`)
    expect(strange?.status()).toBe(404)
  })

  it('has a header of one row on a phone, for whoever is signed in, and a menu that needs no JavaScript', async () => {
    for (const account of ['resident-1', 'coop-1', 'worker-1']) {
      const page = await openPage(browser, { ...phone, javaScriptEnabled: false }, complaints)
      await signIn(page, account, '/privacy')
      const box = await page.locator('header.topbar').boundingBox()
      expect(box?.height, account).toBeLessThan(70)
      await page.locator('details.me summary').click()
      await page.getByRole('button', { name: '退出' }).click()
      await page.waitForURL((url) => url.pathname !== '/privacy')
    }
  })

  it('covers no button that one comes to from above, with something in the basket', async () => {
    const page = await openPage(browser, phone, complaints)
    await chooseCompound(page)
    await fillBasket(page)
    const buttons = page.locator('li.offer button')
    const covered = await buttons.evaluateAll((all) =>
      all.slice(0, 30).flatMap((button) => {
        button.scrollIntoView({ block: 'nearest' })
        const box = button.getBoundingClientRect()
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
        return top !== null && button.contains(top)
          ? []
          : [`${button.textContent} under ${top?.outerHTML.slice(0, 80)}`]
      }),
    )
    expect(await buttons.count()).toBeGreaterThan(30)
    expect(covered).toEqual([])
  })

  it('shows a desk only to those who work at it', async () => {
    const page = await openPage(browser, phone, complaints)
    await signIn(page, 'resident-1', '/shop')
    expect(await page.locator('a[href="/staff"], a[href="/coop"]').count()).toBe(0)
    for (const part of ['households', 'pick-up']) {
      const answer = await page.goto(`${system.url}/staff/compounds/${compoundId}/${part}`)
      expect([403, 404], part).toContain(answer?.status())
    }
  })

  it('broke no policy and threw no error on the way', () => {
    expect(complaints).toEqual([])
  })
})
