import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { jpegOf } from '#test/fixtures/pictures.ts'
import { ownSystem, type TheSystem } from '#test/fixtures/system.ts'
import { countTaps, desktop, look, openBrowser, openPage, phone, signIn, sound, TAPS_MAX } from './browser.ts'

/**
 * Goal: what a resident says is sorted, done in time, looked at and rated, by the hands of everybody it takes, and everybody
 * reads it without reading whose it is. Method: a system whose days last a few seconds.
 */
const COMPOUND = 'c-371502001001-01'
const DAY_SECONDS = 5
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

async function open(page: Page, path: string): Promise<void> {
  await page.goto(system.url + path)
  await page.waitForLoadState('networkidle')
}

/** Opens the fold of an act if it is not, fills its form, sends it, and says yes where it is asked. */
async function act(page: Page, name: string, fill: (form: Locator) => Promise<void> = async () => {}, isAsked = false) {
  const fold = page.locator('details', { has: page.locator(`summary:text-is("${name}")`) })
  if ((await fold.getAttribute('open')) === null) await fold.locator('summary').first().click()
  await fill(fold)
  // The word of the act before may still stand there: this act's own answer is waited for.
  const answered = page.waitForResponse((response) => response.request().method() === 'POST')
  await fold.getByRole('button', { name, exact: true }).click()
  if (isAsked) await page.getByRole('alertdialog').getByRole('button', { name, exact: true }).click()
  await (await answered).finished()
  await page.waitForLoadState('networkidle')
  await page.getByText('已办好。').waitFor()
}

async function photoOf(name: string, shade: number) {
  const picture = await jpegOf(900, 700, (x, y) => [x & 255, y & 255, shade])
  return { name: `${name}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.from(picture) }
}

it('goes from a resident’s word to what the neighbours say of it, each step by another hand', async () => {
  const resident = await openPage(browser, phone, complaints)
  await signIn(system, resident, 'resident-1', '/matters')
  await resident.getByText('您还没有说过事').waitFor()
  await sound(resident)
  await look(resident, 'empty')
  const raising = await countTaps(resident)
  await resident.getByRole('link', { name: '我有事要说' }).click()
  await resident.getByRole('link', { name: /设施维修/ }).waitFor()
  await sound(resident)
  await resident.getByRole('link', { name: /设施维修/ }).click()
  await resident.waitForURL(/category=facility/)
  await resident.waitForLoadState('networkidle')
  // Two taps to the form; what is typed there goes off with the third.
  expect(raising()).toBe(TAPS_MAX - 1)
  await resident.getByLabel('什么事').fill('灯坏')
  await resident.getByLabel('在哪里').fill('2 号楼东门')
  await resident.getByLabel(/^照片/).setInputFiles(await photoOf('路灯', 40))
  await resident.getByLabel('可以告诉办事的单位我的房号').check()
  await resident.getByRole('button', { name: '交给小区党支部' }).click()
  await resident.getByText('至少五个字').waitFor()
  await resident.getByText('已传好的第 1 张').waitFor()
  expect(await resident.getByLabel('在哪里').inputValue()).toBe('2 号楼东门')
  await sound(resident)
  await look(resident, 'raise-error')
  const told = '2号楼东门的路灯坏了半个月，我妈住 1 单元，前天晚上差点摔了。\n找物业小王说过两次，电话 13800138000。'
  await resident.getByLabel('什么事').fill(told)
  const matterId = await resident.locator('input[name=matterId]').inputValue()
  const form = await resident
    .locator('form:has(#text)')
    .evaluate((element) =>
      Object.fromEntries(
        [...new FormData(element as HTMLFormElement)].filter(([, value]) => typeof value === 'string'),
      ),
    )
  await resident.getByRole('button', { name: '交给小区党支部' }).click()
  const path = `/matters/${matterId}`
  await resident.waitForURL(`**${path}?raised=1`)
  await resident.getByText('收到了。').waitFor()
  await resident.getByText('您的网格员：示例网格员1').waitFor()
  await resident.getByText('待受理').first().waitFor()
  await sound(resident)
  await look(resident, 'raised')
  // The same form sent again is the same matter.
  const again = await resident.request.post(`${system.url}/matters/new?/raise&compound=${COMPOUND}&category=facility`, {
    multipart: form as Record<string, string>,
    headers: { origin: system.url, accept: 'text/html' },
    maxRedirects: 0,
  })
  expect([again.status(), again.headers()['location']]).toEqual([303, `${path}?raised=1`])
  await open(resident, '/matters')
  expect(await resident.locator('main li a').count()).toBe(1)
  await sound(resident)
  await look(resident, 'mine')
  // Nobody else knows of it before the branch has looked.
  expect((await fetch(`${system.url}/api/matters/${matterId}`)).status).toBe(404)

  const body = await openPage(browser, phone, complaints)
  await signIn(system, body, 'property-1', '/matters/inbox')
  await body.getByText('没有要办的事').waitFor()
  await sound(body)

  const worker = await openPage(browser, desktop, complaints)
  await signIn(system, worker, 'worker-1', '/staff')
  await worker
    .getByRole('link', { name: /诉求台/ })
    .first()
    .click()
  await worker.getByRole('heading', { name: /待受理/ }).waitFor()
  // It opens at the worker's own grid; another grid of the community has nobody.
  await worker.getByText('先看您的网格：第一网格').waitFor()
  await worker.getByText('有网格现在没有网格员').waitFor()
  await sound(worker)
  await worker.getByRole('link', { name: '整个社区' }).click()
  await worker.waitForURL(/grid=all/)
  await worker.getByRole('heading', { name: /待受理/ }).waitFor()
  await worker.getByRole('link', { name: '我的网格' }).click()
  await worker.getByText('先看您的网格：第一网格').waitFor()
  await look(worker, 'board')
  await worker.locator('main li a').first().click()
  await worker.waitForURL(`**${path}`)
  await worker.waitForLoadState('networkidle')
  const redacted = '2 号楼东门的路灯坏了半个月，晚上台阶看不见，有老人差点摔倒。'
  await act(worker, '受理', async (fold) => {
    expect(await fold.getByLabel('公开的内容').inputValue()).toBe(told)
    await fold.getByLabel('求助').check()
    await fold.getByLabel(/^公开（/).check()
    await fold.getByLabel('一句话说是什么事').fill('2 号楼东门路灯不亮')
    await fold.getByRole('button', { name: '受理', exact: true }).click()
    await worker.getByText('这里会公开，不能有手机号').waitFor()
    await sound(worker)
    await look(worker, 'triage-error')
    expect(await fold.getByLabel('求助').isChecked()).toBe(true)
    await fold.getByLabel('公开的内容').fill(redacted)
    await fold.getByLabel('照片 1').check()
  })
  await act(worker, '交办', async (fold) => {
    const property = await fold.locator('option', { hasText: '物业' }).first().getAttribute('value')
    await fold.getByLabel('牵头的单位').selectOption(property)
    expect(await fold.getByLabel('几个工作日办完').inputValue()).toBe('5')
    await fold.getByLabel(/业主委员会/).check()
    // Days are short here, and a loaded machine is slow.
    await fold.getByLabel('几个工作日办完').fill('30')
    await fold.getByLabel(/为什么要这么久/).fill('灯杆要定做，厂家一个月交货。')
    await look(worker, 'assign')
  })
  await worker
    .getByText(/待接单|办理中/)
    .first()
    .waitFor()
  await sound(worker)

  // Who says nothing for a day has taken it, and a day is short here.
  await open(body, '/matters/inbox')
  await sound(body)
  await look(body, 'inbox')
  const take = body.getByRole('button', { name: /接单/ })
  if (await take.isVisible()) {
    await take.click()
    await body.getByText('已接单。').waitFor()
  }

  const neighbour = await openPage(browser, phone, complaints)
  await signIn(system, neighbour, 'resident-3', `/matters/new?compound=${COMPOUND}&category=facility`)
  await neighbour.getByText('是不是这几件里的').waitFor()
  await neighbour.waitForLoadState('networkidle')
  await sound(neighbour)
  await look(neighbour, 'similar')
  const following = await countTaps(neighbour)
  await neighbour.getByRole('button', { name: /我也遇到了/ }).click()
  await neighbour.waitForURL(`**${path}?followed=1`)
  await neighbour.getByText('记下了').waitFor()
  expect(following()).toBe(1)
  // The published words, and never the own ones.
  expect(await neighbour.locator('main').innerText()).toContain(redacted)
  expect(await neighbour.locator('main').innerText()).not.toContain('我妈')
  await sound(neighbour)
  await look(neighbour, 'followed')

  await body.getByRole('link', { name: '报进展', exact: true }).click()
  await body.waitForURL(/do=report/)
  await body.waitForLoadState('networkidle')
  await act(body, '报进展', async (fold) => {
    await fold.getByLabel('办到哪一步了').fill('灯座锈坏了，已经去买新的。')
    await fold.getByLabel(/^照片/).setInputFiles(await photoOf('灯座', 90))
  })
  await act(
    body,
    '申请延期',
    async (fold) => {
      await fold.getByLabel('原因').fill('灯座要定做，厂家三天后发货。')
      await fold.getByLabel('多要几个工作日').fill('3')
    },
    true,
  )
  await body.getByText('等支部答复').waitFor()
  await sound(body)
  await look(body, 'extend')
  await open(worker, '/staff/matters')
  await worker.getByRole('heading', { name: /延期待批/ }).waitFor()
  await worker.locator('main li a').first().click()
  await worker.waitForURL(`**${path}`)
  await worker.waitForLoadState('networkidle')
  await act(worker, '同意延期')
  await open(body, path)
  await body.getByText('同意了').waitFor()
  await act(body, '答复', async (fold) => {
    await fold.getByLabel('已办好').check()
    await fold.getByLabel('怎么办的').fill('新灯装好了，天黑自己亮。')
    await fold.getByLabel(/^照片/).setInputFiles(await photoOf('新灯', 200))
    await look(body, 'answer')
  })
  await body.getByText('待核实').first().waitFor()
  await sound(body)

  await open(worker, path)
  await act(
    worker,
    '登记核实结果',
    async (fold) => {
      await fold.getByLabel('解决了', { exact: true }).check()
      await fold.getByLabel('看到了什么').fill('晚上七点去看过，灯亮，台阶看得清。')
      await look(worker, 'verify')
    },
    true,
  )
  await worker.getByText('待评价').first().waitFor()
  await sound(worker)

  for (const [page, score] of [
    [resident, '很满意'],
    [neighbour, '一般'],
  ] as const) {
    await open(page, path)
    const rating = await countTaps(page)
    await page.getByLabel('及时', { exact: true }).check()
    await page.getByLabel('解决了', { exact: true }).check()
    await look(page, 'rate')
    await page.getByRole('button', { name: score, exact: true }).click()
    await page.getByText('谢谢您的评价。').waitFor()
    expect(rating()).toBeLessThanOrEqual(TAPS_MAX)
    await page.getByText(`您评的是：及时、解决了、${score}`).waitFor()
    await sound(page)
  }

  // Everybody reads it to the end, without signing in.
  const public_ = await openPage(browser, phone, complaints)
  await expect
    .poll(
      async () => {
        await open(public_, path)
        return public_.locator('main').innerText()
      },
      { timeout: 300_000, interval: 4_000 },
    )
    .toContain('满意 1/2 户')
  await public_.getByText('全部经过').click()
  const text = await public_.locator('main').innerText()
  for (const said of ['已办结', redacted, '灯座锈坏了', '新灯装好了', '晚上七点去看过', '同意了'])
    expect(text).toContain(said)
  // Neither whose it is, nor what was told in confidence.
  for (const secret of ['示例居民', '示例社工', '示例物业经办', '我妈', '13800138000', '房号'])
    expect(text).not.toContain(secret)
  await expect
    .poll(() =>
      public_
        .locator('main img')
        .evaluateAll((all) => all.filter((each) => (each as HTMLImageElement).naturalWidth > 0).length),
    )
    .toBeGreaterThan(0)
  await sound(public_)
  await look(public_, 'public')
  await open(public_, `/matters/of/${COMPOUND}`)
  await public_.getByText('近 12 个月').waitFor()
  expect(await public_.locator('main').innerText()).toMatch(/居民满意\s*1\/2/)
  // Nothing was paid for it, and that is told too.
  expect(await public_.locator('main').innerText()).toMatch(
    /花了多少\s*基金已付\s*¥0\.00\s*已定、还没付\s*¥0\.00\s*账目公布到/,
  )
  await sound(public_)
  await look(public_, 'figures')
  await public_.setViewportSize({ width: 1280, height: 800 })
  await look(public_, 'figures-wide')
  expect(complaints).toEqual([])
}, 500_000)

it('keeps what was typed and sent without JavaScript too', async () => {
  const plain = { ...phone, javaScriptEnabled: false }
  const resident = await openPage(browser, plain, complaints)
  await signIn(system, resident, 'resident-3', `/matters/new?compound=${COMPOUND}`)
  await resident.getByRole('link', { name: /停车/ }).click()
  const told = '北门口乱停车。\n消防车进不来。'
  await resident.locator('#text').fill('乱停')
  await resident.locator('#where').fill('北门')
  await resident.locator('#photos').setInputFiles(await photoOf('北门', 10))
  await resident.getByRole('button', { name: '交给小区党支部' }).click()
  await resident.getByText('至少五个字').waitFor()
  expect(await resident.locator('#where').inputValue()).toBe('北门')
  await resident.locator('#text').fill(told)
  await resident.getByRole('button', { name: '交给小区党支部' }).click()
  await resident.waitForURL(/\?raised=1$/)
  await resident.getByText('收到了。').waitFor()
  const path = new URL(resident.url()).pathname
  const worker = await openPage(browser, plain, complaints)
  await signIn(system, worker, 'worker-1', path)
  await worker.locator('summary', { hasText: '不受理' }).click()
  await worker.locator('#decline-note').fill('路政的事，小区管不了。')
  await worker.locator('#decline-tellWhere').fill('交警队 0635-0000000')
  await worker.locator('#decline button').click()
  await worker.getByText('已办好。').waitFor()
  await resident.goto(system.url + path)
  await resident.getByText('交警队').waitFor()
  expect(await resident.locator('main').innerText()).toContain('消防车进不来')
  expect(complaints).toEqual([])
})

it('tickets of the hotline come in once, and a row that is wrong keeps nobody else out', async () => {
  const worker = await openPage(browser, phone, complaints)
  await signIn(system, worker, 'worker-1', '/staff/matters')
  await worker.getByRole('link', { name: '导入 12345 工单' }).click()
  await worker.getByRole('heading', { name: '导入 12345 工单' }).waitFor()
  await sound(worker)
  const compound = '古城·安居家属院（示例01）'
  const rows = [
    '工单编号,小区,受理时间,类别,地点,内容',
    `LC-20261127-0001,${compound},2026-11-27 09:30,噪音扰民,2号楼楼下,夜里十二点还在施工`,
    `LC-20261127-0002,没有的小区,2026-11-27 09:40,停车,北门,门口乱停车很久了`,
  ]
  const send = async () => {
    const buffer = Buffer.from(rows.join('\r\n'))
    await worker.locator('#file').setInputFiles({ name: '工单.csv', mimeType: 'text/csv', buffer })
    await worker.getByRole('button', { name: '导入', exact: true }).click()
  }
  await send()
  await worker.getByText('新导入 1 张，已有 0 张').waitFor()
  await worker.getByRole('row', { name: /3 小区 本社区没有这个小区/ }).waitFor()
  await sound(worker)
  await look(worker, 'hotline')
  await send()
  await worker.getByText('新导入 0 张，已有 1 张').waitFor()
  await worker.getByRole('link', { name: '回到诉求台' }).click()
  await worker.getByRole('link', { name: '夜里十二点还在施工' }).click()
  await worker.getByText('LC-20261127-0001').waitFor()
  expect(complaints).toEqual([])
})
