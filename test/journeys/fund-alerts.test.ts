import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { shanghaiDay, plusDays } from '#shared/kernel/time.ts'
import { SIGNED } from '#test/fixtures/district.ts'
import { theSystem, type TheSystem } from '#test/fixtures/system.ts'
import { axeViolations, desktop, openBrowser, openPage, phone } from './browser.ts'
import { openShortGroupBuy } from './short-group-buy.ts'

/** Goal: what a worker should look at stands above the figures, with what to do and where it is seen. */
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

type Json = Record<string, unknown>

async function ask(as: string, method: string, path: string, body?: Json): Promise<Json> {
  const answer = await fetch(system.url + path, {
    method,
    headers: { authorization: `Bearer ${await system.token(as)}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const found = (await answer.json()) as Json
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(found)}`)
  return found
}

const GOODS = [{ offerId: 'apple', name: '提醒苹果', picture: 'apple', priceFen: 1_000, portionGrams: 500 }] as const

/** The community is paired with one more village, whose agreement ends in ten days. */
async function pairedForTenDays(compoundId: string): Promise<{ villageName: string }> {
  const compound = await ask('worker-1', 'GET', `/api/places/compounds/${compoundId}`)
  const { communityId, communityName } = compound as { communityId: string; communityName: string }
  const paired = (await ask('worker-1', 'GET', `/api/places/pairings?communityId=${communityId}`)).items as Json[]
  const villages = (await ask('worker-1', 'GET', '/api/places/villages?limit=100')).items as Json[]
  const village = villages.find(({ villageId }) => paired.every((pairing) => pairing['villageId'] !== villageId)) ?? {}
  const today = shanghaiDay(new Date().toISOString())
  const { villageId, name: villageName, townName } = village as Record<string, string>
  const agreement = {
    ...{ agreementId: `agreement-${communityId}-${villageId}`, version: 1, rateBps: 200 },
    ...{ fromDay: plusDays(today, -300), toDay: plusDays(today, 10), purposes: ['公益服务'] },
    ...SIGNED,
  }
  const row = {
    ...{ kind: 'pairing', pairingId: `pairing-${communityId}-${villageId}`, communityId, communityName, villageId },
    ...{ villageName, townName, fromDay: agreement.fromDay, toDay: plusDays(today, 900), synthetic: true, agreement },
  }
  const { results } = await ask('admin-1', 'POST', '/api/places/imports', { rows: [row] })
  expect(results).toMatchObject([{ outcome: 'created' }])
  return { villageName: String(villageName) }
}

it.each([
  ['a phone', phone],
  ['a computer', desktop],
] as const)('a worker on %s is told of an agreement that ends, and finds it', async (_on, device) => {
  const { compoundId, signIn } = await openShortGroupBuy(system, '提醒', GOODS, { closesInMs: 3_600_000 })
  const base = `/staff/funds/${compoundId}`
  const { villageName } = await pairedForTenDays(compoundId)
  const page = await openPage(browser, device, complaints)
  await signIn(page, 'worker-1', base)
  const told = page.locator('.notice', { hasText: `${villageName}的捐赠协议` })
  await told.getByText('还没有续上').waitFor()
  await told.getByText('到期以后的成交入账为 0').waitFor()
  expect(await axeViolations(page)).toEqual([])
  const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  expect(wide).toBeLessThanOrEqual(0)
  if (process.env['LOOK'] !== undefined) await page.screenshot({ path: `${process.env['LOOK']}-${_on}.png` })
  await told.getByRole('link', { name: '看结对村的协议' }).click()
  await page.waitForURL((url) => url.pathname === `/funds/${compoundId}` && url.hash === '#agreements')
  // What everybody may read is kept for a moment: the page is looked at until it knows the new pairing.
  const isListed = async () => {
    const found = await page.locator('#agreements', { hasText: villageName }).count()
    if (found === 0) await page.reload()
    return found
  }
  await expect.poll(isListed, { timeout: 75_000, interval: 1_000 }).toBe(1)
  // The public is told nothing of it.
  expect(await page.locator('.notice', { hasText: '还没有续上' }).count()).toBe(0)
  await page.context().close()
  expect(complaints).toEqual([])
})
