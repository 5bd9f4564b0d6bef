import { randomUUID } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { theSystem, type TheSystem } from '#test/fixtures/system.ts'
import { desktop, openBrowser, openPage, phone, signIn, sound } from './browser.ts'

/** Goal: an administrator keeps the district's register with the tables that offices have, and nobody else does. */
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

async function sends(page: Page, ...lines: readonly string[]): Promise<void> {
  const buffer = Buffer.from(lines.join('\n'))
  await page.locator('input[type=file]').setInputFiles({ name: '名册.csv', mimeType: 'text/csv', buffer })
  await page.getByRole('button', { name: '登记', exact: true }).click()
}

it('bodies and people come in by a table; what is wrong is said by row and column, and sent again nothing is doubled', async () => {
  const mark = randomUUID().slice(0, 8)
  const { items } = (await (await fetch(`${system.url}/api/places/compounds?limit=1`)).json()) as {
    items: { communityId: string }[]
  }
  const communityId = items[0]?.communityId ?? ''
  const admin = await openPage(browser, phone, complaints)
  await signIn(system, admin, 'admin-1', '/staff')
  await admin.getByRole('link', { name: '名册' }).click()
  await admin.getByRole('heading', { name: '名册：单位、人员、网格' }).waitFor()
  await sound(admin)

  const header = '单位编号,单位名称,类别,社区编号'
  await sends(
    admin,
    header,
    `crew-${mark},朱庄村工程队${mark},村工程队,${communityId}`,
    `x-${mark},某公司,公司,`,
    `y-${mark},${'长'.repeat(41)},部门,`,
  )
  await admin.getByText('新登记 1 行').waitFor()
  const fault = admin.getByRole('row', { name: /^3 类别/ })
  await fault.waitFor()
  await admin.getByRole('row', { name: /^4 单位名称 太长/ }).waitFor()
  await sound(admin)
  const bodies = await (await fetch(`${system.url}/api/places/bodies?communityId=${communityId}`)).text()
  expect(bodies).toContain(`朱庄村工程队${mark}`)
  expect(bodies).not.toContain('某公司')

  // The same table again, as a plain form, at an office's computer.
  const storageState = await admin.context().storageState()
  const plain = await openPage(browser, { ...desktop, javaScriptEnabled: false, storageState }, complaints)
  await plain.goto(`${system.url}/staff/register`)
  await sends(plain, header, `crew-${mark},朱庄村工程队${mark},村工程队,${communityId}`)
  await plain.getByText('原来就有 1 行').waitFor()

  const people = '登录编号,角色,范围编号,楼栋,称呼,起,止'
  await sends(
    admin,
    people,
    `crew-${mark}-1,责任单位,crew-${mark},,,,2027-12-31`,
    `crew-${mark}-1,社区工作者,no-such-community,,,,`,
    `crew-${mark}-1,责任单位,crew-${mark}-x,,,,2020-01-01`,
  )
  await admin.getByText('新登记 1 行').waitFor()
  await admin.getByRole('row', { name: /^3 范围编号 没有这个编号/ }).waitFor()
  await admin.getByRole('row', { name: /^4 范围编号 没有登记过这个角色/ }).waitFor()
  await admin.setViewportSize({ width: 1280, height: 800 })
  await sound(admin)
  await sends(admin, people, `crew-${mark}-1,责任单位,crew-${mark},,,,2020-01-01`)
  await admin.getByText('更改 1 行').waitFor()

  await sends(admin, '随便,什么', '1,2')
  await admin.getByText('认不出是哪张表').waitFor()
  expect(await (await admin.request.get(`${system.url}/staff/register/posts.csv`)).text()).toContain('网格编号')
  expect((await admin.request.get(`${system.url}/staff/register/others.csv`)).status()).toBe(404)

  const worker = await openPage(browser, desktop, complaints)
  await signIn(system, worker, 'worker-1', '/staff')
  expect(await worker.getByRole('link', { name: '名册' }).count()).toBe(0)
  expect((await worker.goto(`${system.url}/staff/register`))?.status()).toBe(403)
  expect(complaints.filter((text) => !text.includes('403'))).toEqual([])
})
