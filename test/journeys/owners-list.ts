import { randomUUID } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { TheSystem } from '#test/fixtures/system.ts'
import { desktop, look, lookTwice, openPage, phone, signIn, sound } from './browser.ts'

/** A proposal that touches common parts, by the API as far as the owners; then their vote in the browser, by two persons. */
const COMMUNITY = '371502001001'
export type Ask = (account: string, method: string, path: string, body?: unknown) => Promise<Response>

/** Decided by the committee, under no. 8; it is suspended, so that its time stands still until its turn comes. */
export async function decideForOwners(ask: Ask): Promise<string> {
  const answered = async (...sent: Parameters<Ask>) => {
    const answer = await ask(...sent)
    const told = (await answer.json()) as Record<string, unknown>
    expect(answer.status, JSON.stringify([sent, told])).toBe(200)
    return told
  }
  const listed = await answered('worker-1', 'GET', `/api/places/compounds?communityId=${COMMUNITY}`)
  const compounds = listed['items'] as { compoundId: string; type: string }[]
  // Where notices and votes are short, and nobody else's journey is.
  const { compoundId } = compounds.find(({ type }, n) => n > 0 && type !== 'old') ?? { compoundId: '' }
  const path = `/api/proposals/${randomUUID()}`
  const act = (account: string, body: object) => answered(account, 'POST', `${path}/acts`, body)
  const becomes = (state: string) =>
    expect
      .poll(async () => (await answered('worker-1', 'GET', path))['state'], { timeout: 120_000, interval: 1_000 })
      .toBe(state)
  await answered('committee-5', 'PUT', path, {
    ...{ compoundId, title: '三号楼楼顶装快递柜和雨棚', purpose: 'facilities' },
    why: '三号楼楼顶漏雨，大家商量把楼顶一角改成雨棚，下面放快递柜。',
    lines: [{ what: '雨棚', amountFen: 150_000 }],
  })
  await act('worker-1', { act: 'triage', ownersItem: 8 })
  const heldOn = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
  const minutes = '大家同意改，位置在东南角，请业主表决。'
  await act('worker-1', { act: 'deliberate', heldOn, expected: 9, attended: 8, minutes })
  const quotes = [{ from: '鑫源五金', amountFen: 150_000 }]
  await act('committee-4', { act: 'cost', quotes, chosen: 0, termDays: 20 })
  await becomes('voting')
  await act('supervisor-1', { act: 'opine', text: '程序合规，要请业主表决。' })
  for (const account of ['committee-1', 'committee-2', 'committee-3'])
    await answered(account, 'PUT', `${path}/votes`, { electorate: 'committee', choice: 'yes' })
  await becomes('decided')
  await act('charity-1', { act: 'suspend', note: '等业主大会' })
  return path
}

const HEAD = '房号,面积（㎡）,业主编号,意见'
/** Twelve units of ten owners, two of them the developer's; the ninth of these does not want it. */
const rows = [
  ...Array.from({ length: 8 }, (_none, n) => `三号楼${n + 1}01,90.${n}0,Y${n + 1},同意`),
  '三号楼901,100.25,Y9,反对',
  '三号楼902,60.00,Y10,未投',
  '商铺1,40.00,KFS,同意',
  '商铺2,40.00,KFS,同意',
]
const listOf = (lines: readonly string[], separator = ',') => [HEAD, ...lines].join('\n').replaceAll(',', separator)
const file = (text: string) => ({ name: '表决清单.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })

export async function ownersDecide(
  { system, browser, ask, path }: { system: TheSystem; browser: Browser; ask: Ask; path: string },
  complaints: string[],
): Promise<void> {
  const page = path.replace('/api/proposals', '/projects')
  const resumed = await ask('charity-1', 'POST', `${path}/acts`, { act: 'resume', note: '业主大会开了' })
  expect(resumed.status).toBe(200)
  const worker = await openPage(browser, phone, complaints)
  await signIn(system, worker, 'worker-1', page)
  await worker.waitForLoadState('networkidle')
  const fold = worker.locator('details', { has: worker.locator('summary:text-is("登记业主表决")') })
  if ((await fold.getAttribute('open')) === null) await fold.locator('summary').first().click()
  await lookTwice(worker, 'owners-empty')
  await sound(worker)
  const templates = ['csv', 'xlsx'].map((kind) => fetch(`${system.url}/projects/owners-list/template.${kind}`))
  expect((await Promise.all(templates)).map(({ status }) => status)).toEqual([200, 200])
  // A unit that stands there twice, an owner who is a name, an area with a comma: each is said where it stands.
  const wrong = rows.with(1, '三号楼101,90.10,Y2,反对').with(2, '三号楼301,九十,张三,同意')
  await fold.getByLabel('选文件（Excel .xlsx 或 CSV）').setInputFiles(file(listOf(wrong)))
  await fold.getByRole('button', { name: '核对清单' }).click()
  await worker.getByText('清单里有 3 处要改').waitFor()
  await worker.getByText('和第 2 行是同一套房，意见却不一样').waitFor()
  await lookTwice(worker, 'owners-faults')
  await sound(worker)
  await fold.getByLabel('选文件（Excel .xlsx 或 CSV）').setInputFiles(file(listOf(rows)))
  await fold.getByRole('button', { name: '核对清单' }).click()
  await worker.getByText('清单没有问题，共 12 套房').waitFor()
  expect(await fold.innerText()).toContain('10 / 11 人')
  await lookTwice(worker, 'owners-figures')
  await sound(worker)
  await fold.getByRole('button', { name: '登记业主表决', exact: true }).click()
  await worker.getByRole('alertdialog').getByRole('button', { name: '登记业主表决', exact: true }).click()
  await worker.getByText('已办好。').waitFor()
  await worker.getByText('等另一位照表决票再录一遍清单').waitFor()

  // The second person has no JavaScript, pastes from a spreadsheet, and reads one ballot wrongly at first.
  const supervisor = await openPage(browser, { ...phone, javaScriptEnabled: false }, complaints)
  await signIn(system, supervisor, 'supervisor-1', page)
  await enters(supervisor, listOf(rows.with(4, '三号楼501,90.40,Y5,弃权'), '\t'))
  await supervisor.getByText('有 1 户和另一位录的不一样：三号楼501').first().waitFor()
  await supervisor.getByText('两份清单有 1 套房不一样').waitFor()
  await look(supervisor, 'owners-differ')
  // The first one is told the same when they look again; nobody else is.
  await worker.reload()
  await worker.getByText('两份清单有 1 套房不一样').waitFor()
  expect(await (await fetch(system.url + path)).text()).not.toContain('三号楼501')
  await enters(supervisor, listOf(rows.toReversed(), '\t'))
  await supervisor.getByText('已办好。').waitFor()

  const neighbour = await openPage(browser, phone, complaints)
  await neighbour.goto(system.url + page)
  await neighbour.waitForLoadState('networkidle')
  const text = await neighbour.locator('main').innerText()
  for (const said of ['10 / 11 人', '清单共 12 套房', '由两个人照表决票各录一遍', '清单指纹'])
    expect(text).toContain(said)
  // Neither the code nor any unit is for everybody.
  for (const secret of ['清单码', '三号楼501', 'KFS']) expect(await neighbour.content()).not.toContain(secret)
  await lookTwice(neighbour, 'owners-public')
  await sound(neighbour)
  await supervisor.goto(system.url + page)
  const code = await supervisor.locator('main').innerText()
  expect(code).toMatch(/([0-9A-Z]{4}-){3}[0-9A-Z]{4}/)
  await supervisor.setViewportSize(desktop.viewport ?? { width: 1280, height: 800 })
  await look(supervisor, 'owners-code')
}

/** As a plain form: the list is read first, then sent. */
async function enters(page: Page, list: string): Promise<void> {
  await page.locator('#confirm-owners-pasted').fill(list)
  await page.getByRole('button', { name: '核对清单' }).click()
  await page.getByText('清单没有问题，共 12 套房').waitFor()
  await page.locator('form#confirm-owners button').click()
}
