import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { jpegOf, withExif } from '#test/fixtures/pictures.ts'
import { theSystem, type TheSystem } from '#test/fixtures/system.ts'
import { axeViolations, desktop, openBrowser, openPage, phone } from './browser.ts'
import { openShortGroupBuy } from './short-group-buy.ts'

/** Bad goods, as the resident, the worker and the co-op live it. */
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

const GOODS = [
  { offerId: 'tomato', name: '西红柿', picture: 'tomato', priceFen: 860, portionGrams: 500 },
  { offerId: 'pear', name: '梨', picture: 'pear', priceFen: 500, portionGrams: 500 },
] as const

const shownPhoto = (page: Page) =>
  page
    .locator('a[href^="/claim-photos/"] img')
    .first()
    .evaluate(async (image: HTMLImageElement) => {
      await image.decode()
      return [image.naturalWidth, image.naturalHeight]
    })

it('a resident claims with a photo, the worker accepts in part, the resident sees the money and the co-op the goods', async () => {
  const {
    groupBuyId,
    compoundId,
    buy,
    order: orderOf,
    untilConfirmed,
    signIn,
  } = await openShortGroupBuy(system, '售后体验', GOODS)
  const orderId = await buy({ tomato: 3, pear: 1 })
  await untilConfirmed(orderId)

  const resident = await openPage(browser, phone, complaints)
  await signIn(resident, 'resident-1', `/orders/${orderId}`)
  await resident.getByRole('link', { name: '有坏的、少的？申请售后' }).click()
  await resident.getByRole('heading', { name: '申请售后' }).waitFor()
  expect(await axeViolations(resident)).toEqual([])
  await resident.getByLabel('坏了').check()
  // Nothing was chosen: the page says so and keeps what was typed.
  await resident.getByLabel('说明（可不填）').fill('两个烂了底')
  await resident.getByRole('button', { name: '提交申请' }).click()
  await resident.getByText('请写有问题的份数').waitFor()
  expect(await resident.getByLabel('说明（可不填）').inputValue()).toBe('两个烂了底')
  await resident.getByLabel('西红柿有问题的份数', { exact: true }).fill('2')
  const notAPhoto = { name: '说明.heic', mimeType: 'image/heic', buffer: Buffer.from('no photo at all') }
  await resident.locator('input[type=file]').setInputFiles(notAPhoto)
  await resident.getByRole('button', { name: '提交申请' }).click()
  await resident.locator('#photos-error').getByText('请选 JPG、PNG 或 WebP').waitFor()
  expect(await axeViolations(resident)).toEqual([])
  const photo = Buffer.from(withExif(await jpegOf(1600, 900, (x, y) => [x & 255, y & 255, 40]), 6))
  await resident
    .locator('input[type=file]')
    .setInputFiles({ name: '坏番茄.jpg', mimeType: 'image/jpeg', buffer: photo })
  await resident.getByRole('button', { name: '提交申请' }).click()
  await resident.getByText('已提交，社区工作人员会尽快处理').waitFor()
  await resident.getByText('等工作人员处理').waitFor()
  expect(await shownPhoto(resident)).toEqual([720, 1280])
  expect(await axeViolations(resident)).toEqual([])

  // The other claim is sent as a plain form, with a photo.
  const plain = await openPage(
    browser,
    { ...phone, javaScriptEnabled: false, storageState: await resident.context().storageState() },
    complaints,
  )
  await plain.goto(`${system.url}/orders/${orderId}/claim`)
  await plain.getByLabel('梨有问题的份数', { exact: true }).fill('1')
  await plain.getByLabel('不是我订的').check()
  await plain.locator('input[type=file]').setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: photo })
  await plain.getByRole('button', { name: '提交申请' }).click()
  await plain.getByText('已提交，社区工作人员会尽快处理').waitFor()

  const worker = await openPage(browser, desktop, complaints)
  await signIn(worker, 'worker-1', `/staff/compounds/${compoundId}`)
  await worker.getByRole('link', { name: /售后申请（\d+ 个待处理）/ }).click()
  const card = worker.locator('li.card', { hasText: '两个烂了底' })
  await card.getByText('2 份有问题，共买 3 份').waitFor()
  expect(await shownPhoto(worker)).toEqual([720, 1280])
  await card.getByText('少退一些').click()
  await card.getByLabel('西红柿退几份').fill('3')
  expect(await axeViolations(worker)).toEqual([])
  await card.getByRole('button', { name: '退这些' }).click()
  await worker.getByRole('alertdialog').getByRole('button', { name: '退这些' }).click()
  await worker.getByRole('alert').getByText('「西红柿」最多 2 份').waitFor()
  await card.getByLabel('西红柿退几份').fill('1')
  await card.getByLabel('给居民的话（可不填）').fill('一个还能吃')
  await card.getByRole('button', { name: '退这些' }).click()
  await worker.getByRole('alertdialog').getByRole('button', { name: '退这些' }).click()
  await worker.getByText('已同意，¥8.60 正在原路退回。').waitFor()
  const other = worker.locator('li.card', { hasText: '不是我订的' }).filter({ hasText: '梨' })
  await other.getByText('不同意', { exact: true }).click()
  await other.getByLabel('原因，居民会看到').fill('照片上是西红柿')
  await other.getByRole('button', { name: '确定不同意' }).click()
  await worker.getByText('已回复居民：不同意。').waitFor()
  await worker.goto(`${system.url}/staff/compounds/${compoundId}/claims?state=decided`)
  await worker.getByText('回复：一个还能吃').waitFor()
  expect(await axeViolations(worker)).toEqual([])

  await resident.goto(`${system.url}/orders/${orderId}`)
  await resident.getByText('退给您 ¥8.60').waitFor()
  await resident.getByText('工作人员说：一个还能吃').waitFor()
  await resident.getByText('工作人员说：照片上是西红柿').waitFor()
  await resident.locator('ol.time').getByText('您申请的售后，退款给您').waitFor()
  expect(await orderOf(orderId)).toMatchObject({ refundedFen: 860, refunds: [{ reason: 'claim', amountFen: 860 }] })
  expect(await axeViolations(resident)).toEqual([])

  const coop = await openPage(browser, phone, complaints)
  await signIn(coop, 'coop-1', `/coop/group-buys/${groupBuyId}/claims`)
  await coop.getByText('退了 ¥8.60').waitFor()
  const told = await coop.locator('main').innerText()
  for (const hidden of ['两个烂了底', '号楼', '单元']) expect(told).not.toContain(hidden)
  expect(await axeViolations(coop)).toEqual([])

  // The photo is nobody else's.
  const src = await resident.locator('a[href^="/claim-photos/"]').first().getAttribute('href')
  const stranger = await openPage(browser, phone, complaints)
  await signIn(stranger, 'resident-2', '/orders')
  expect((await stranger.request.get(`${system.url}${src}`)).status()).toBe(404)
  expect(complaints).toEqual([])
})

it('a co-op shows a photo of its goods, and a group buy opened with it goes on showing it', async () => {
  const coop = await openPage(browser, desktop, complaints)
  const { groupBuyId, signIn, coopId, listingId, open } = await openShortGroupBuy(system, '看照片', GOODS.slice(0, 1), {
    opened: false,
  })
  await signIn(coop, 'coop-1', `/coop/listings/${listingId}?coop=${coopId}`)
  await coop.locator('#photo').setInputFiles({ name: '田头.txt', mimeType: 'text/plain', buffer: Buffer.from('text') })
  await coop.getByRole('button', { name: '保存' }).click()
  await coop.locator('#photo-error').getByText('请选 JPG、PNG 或 WebP').waitFor()
  const photo = Buffer.from(await jpegOf(1400, 1000, (x, y) => [200, x & 255, y & 255]))
  await coop.locator('#photo').setInputFiles({ name: '田头.jpg', mimeType: 'image/jpeg', buffer: photo })
  await coop.getByRole('button', { name: '保存' }).click()
  await coop.waitForURL((url) => url.pathname === '/coop')
  await open()
  await coop.goto(`${system.url}/coop/listings/${listingId}?coop=${coopId}`)
  expect(await axeViolations(coop)).toEqual([])
  await coop.getByLabel('去掉照片').check()
  await coop.getByRole('button', { name: '保存' }).click()
  await coop.waitForURL((url) => url.pathname === '/coop')

  const visitor = await openPage(browser, phone, complaints)
  await visitor.goto(`${system.url}/group-buys/${groupBuyId}`)
  const image = visitor.getByRole('img', { name: '西红柿' })
  await image.waitFor()
  const size = await image.evaluate(async (shown: HTMLImageElement) => {
    await shown.decode()
    return [shown.naturalWidth, shown.naturalHeight]
  })
  expect(size).toEqual([1280, 914])
  const answer = await visitor.request.get(`${system.url}${await image.getAttribute('src')}`)
  expect(answer.headers()['cache-control']).toBe('public, max-age=31536000, immutable')
  expect(await axeViolations(visitor)).toEqual([])
  expect(complaints).toEqual([])
})
