import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shanghaiDay } from '#shared/kernel/time.ts'
import { theSystem, type TheSystem } from '#test/fixtures/system.ts'
import { hangUp } from '../../cdk/tools/demo/http-client.ts'
import { openShortGroupBuy } from './short-group-buy.ts'

/** Goal: an operator does with one command each what a fund needs, on a running system; and what is not theirs is refused. */
let system: TheSystem
let dataDir = ''
let compoundId = ''
let worker: string[] = []

const GOODS = [{ offerId: 'pear', name: '梨', picture: 'pear', priceFen: 1_170, portionGrams: 500 }] as const
const tools = join(import.meta.dirname, '../../cdk/tools')

type Ran = { readonly code: number | null; readonly result: Record<string, unknown> | undefined; readonly told: string }

function runTool(name: string, ...args: string[]): Promise<Ran> {
  const child = spawn(process.execPath, [join(tools, `${name}.ts`), ...args], {
    env: { ...process.env, INIT_CWD: dataDir },
  })
  let out = ''
  let told = ''
  child.stdout.on('data', (chunk) => (out += String(chunk)))
  child.stderr.on('data', (chunk) => (told += String(chunk)))
  return new Promise((done) =>
    child.on('close', (code) => {
      const last = out.trimEnd().split('\n').at(-1) ?? ''
      done({ code, result: last === '' ? undefined : JSON.parse(last), told: told.trimEnd() })
    }),
  )
}
/** As admin-1 of the system that the folder's run.json names. */
const fund = (...args: string[]) => runTool('fund', ...args, '--data', dataDir)
const deployed = (token: string, ...args: string[]) => runTool('fund', ...args, '--url', system.url, '--token', token)

beforeAll(async () => {
  system = await theSystem()
  dataDir = mkdtempSync(join(tmpdir(), 'xianglai-operator-'))
  const { url, signInUrl, payUrl } = system
  writeFileSync(join(dataDir, 'run.json'), JSON.stringify({ pid: process.pid, url, signInUrl, payUrl }))
  worker = ['--url', url, '--token', await system.token('worker-1')]
})
afterAll(async () => {
  hangUp()
  rmSync(dataDir, { recursive: true, force: true })
  await system?.close()
})

describe('an operator', () => {
  it('sees a sale in the fund as soon as it is posted', async () => {
    const group = await openShortGroupBuy(system, '基金维护', GOODS, {})
    compoundId = group.compoundId
    const orderId = await group.buy({ pear: 2 })
    await group.untilConfirmed(orderId)
    const entries = async () => {
      const { result } = await fund('verify', '--fund', compoundId)
      return (result?.funds as { seq: number }[] | undefined)?.[0]?.seq
    }
    await expect.poll(entries, { timeout: 60_000, interval: 1_000 }).toBeGreaterThan(0)
  })

  it('keeps a whole ledger as a file, and the check of files finds it right', async () => {
    const { code, result } = await fund('export', '--fund', compoundId, '--format', 'jsonl', '--out', 'ledger.jsonl')
    expect([code, result]).toMatchObject([0, { ok: true, files: [{ fundId: compoundId, view: 'live' }] }])
    const verified = await runTool('verify', 'ledger.jsonl')
    expect([verified.code, verified.result]).toMatchObject([0, { ok: true, ledgers: [{ fundId: compoundId }] }])
    const table = await fund('export', '--fund', compoundId, '--format', 'csv', '--out', 'ledger.csv')
    expect(table.code).toBe(0)
    expect(readFileSync(join(dataDir, 'ledger.csv'), 'utf8')).toMatch(/^\ufeff序号,/)
  })

  it('reconciles a fund and finds nothing to mend; so does a worker of its community', async () => {
    const nothing = { ok: true, problemCount: 0, funds: [{ fundId: compoundId, ok: true }] }
    const { code, result } = await fund('reconcile', '--fund', compoundId)
    expect([code, result]).toMatchObject([0, nothing])
    const own = await runTool('fund', 'reconcile', '--fund', compoundId, ...worker)
    expect([own.code, own.result]).toMatchObject([0, nothing])
  })

  it('reads the statement of the month, the quarter and the year that go on', async () => {
    const [year = '', month = ''] = shanghaiDay(new Date().toISOString()).split('-')
    const quarter = `${year}-Q${Math.ceil(Number(month) / 3)}`
    for (const period of [`${year}-${month}`, quarter, year]) {
      const { code, result } = await fund('statement', '--period', period, '--fund', compoundId)
      expect([code, result]).toMatchObject([0, { ok: true, statements: [{ fundId: compoundId, period }] }])
    }
    // Everybody else sees a statement when its period is over.
    const args = ['statement', '--period', year, '--fund', compoundId]
    const early = await deployed(await system.token('resident-1'), ...args)
    expect([early.code, early.told]).toEqual([2, expect.stringMatching(/^--period \d{4}: fund [^\n]*--token may see$/)])
  })

  it('answers what the stream gave up on of one fund, and keeps the pointers, which may be of others', async () => {
    mkdirSync(join(dataDir, 'host-queues'))
    const queue = join(dataDir, 'host-queues', 'FundOnSaleGivenUp.jsonl')
    writeFileSync(queue, `${JSON.stringify({ sentAt: '2026-11-20T00:00:00.000Z', body: {} })}\n`)
    for (const _turn of [1, 2]) {
      const { code, result } = await fund('redrive', '--fund', compoundId)
      expect([code, result]).toMatchObject([0, { ok: true, pointers: 1, cleared: 0 }])
    }
  })
})

describe('what is not right', () => {
  it('a resident may not reconcile, and is told so in one line', async () => {
    const { code, result, told } = await deployed(await system.token('resident-1'), 'reconcile', '--fund', compoundId)
    expect([code, result]).toEqual([1, undefined])
    expect(told).toMatch(/^fund [^\n]*--token may not do that \(403\)[^\n]*$/)
  })

  it('a resident exports and checks what everybody sees, and it is called so', async () => {
    const { code, result } = await deployed(await system.token('resident-1'), 'verify', '--fund', compoundId)
    expect([code, result]).toMatchObject([0, { ok: true, funds: [{ view: 'closed-days' }] }])
  })

  it('a token that is none, a fund that is none, an address that is none', async () => {
    const strange = await deployed('x.y.z', 'verify', '--fund', compoundId)
    expect([strange.code, strange.told]).toEqual([1, expect.stringMatching(/^fund [^\n]*--token[^\n]*\(401\)$/)])
    const unknown = await fund('verify', '--fund', 'c-none')
    expect([unknown.code, unknown.told]).toEqual([2, '--fund c-none: there is no such compound'])
    const elsewhere = await runTool('fund', 'verify', '--fund', compoundId, '--url', system.signInUrl, '--token', 'x')
    expect([elsewhere.code, elsewhere.told]).toEqual([1, expect.stringMatching(/^[^\n]*check --url$/)])
  })

  it('a digit that is flipped on the way is found', async () => {
    const proxy = await flippingProxy()
    const address = proxy.address()
    const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
    const args = ['--fund', compoundId, '--url', url, '--token', await system.token('worker-1')]
    const { code, result, told } = await runTool('fund', 'verify', ...args)
    proxy.close()
    expect([code, result?.ok]).toEqual([1, false])
    expect(told).toMatch(/line 1 HASH/)
  })
})

/** The system, but for one digit of each ledger. */
async function flippingProxy(): Promise<Server> {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { authorization = '' } = request.headers
    const got = await fetch(system.url + (request.url ?? ''), { headers: { authorization } })
    const text = await got.text()
    const isLedger = request.url?.includes('/ledger.jsonl') === true
    response.writeHead(got.status, { 'content-type': got.headers.get('content-type') ?? '' })
    response.end(
      isLedger ? text.replace(/"amountFen":(\d)/, (_all, digit) => `"amountFen":${digit === '9' ? 8 : 9}`) : text,
    )
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return server
}
