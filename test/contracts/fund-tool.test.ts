import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FundView } from '#shared/contracts/fund.ts'
import { canonicalJson } from '#shared/domain/fund/canonical-json.ts'
import { fundFigures } from '#shared/domain/fund/figures.ts'
import { ledgerHeadLine } from '#shared/domain/fund/head-line.ts'
import { goldenStory } from './ledger-golden-story.ts'

/**
 * Goal: what an operator's tool does when a system answers in parts, wrongly, or not at all. Method: a small API with the
 * ledger of the golden story, whose answers each test can bend.
 */
const FUND = 'c-xinhua-01'
const PAGE = 5
const story = goldenStory()
const entries = story.lines().slice(0, -1)
const head = ledgerHeadLine(story.head)

type Answer = {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body: unknown
  /** Sends half of it and then nothing. */
  readonly stalls?: boolean
}
type Asked = { readonly url: URL; readonly token: string | undefined; readonly body: string }

let server: Server
let url = ''
let scratch = ''
let asked: Asked[] = []
let bent: ((asked: Asked) => Answer | undefined) | undefined

const notFound: Answer = {
  status: 404,
  body: { type: 'about:blank', title: 'Not found', status: 404, code: 'NOT_FOUND' },
}
const place = (compoundId: string) => ({
  ...{ compoundId, name: '新华小区', type: 'family', synthetic: true },
  ...{ communityId: 'xinhua', communityName: '新华社区', townId: 'gulou', townName: '古楼' },
})

function answerOf({ url: { pathname, searchParams } }: Asked): Answer {
  const fromSeq = Number(searchParams.get('fromSeq') ?? 1)
  const some = entries.slice(fromSeq - 1, fromSeq - 1 + PAGE)
  const next = fromSeq + PAGE
  const more = next <= entries.length
  const link = (kind: string) =>
    more ? { headers: { link: `</api/funds/${FUND}/ledger.${kind}?fromSeq=${next}>; rel="next"` } } : {}
  switch (pathname) {
    case `/api/places/compounds/${FUND}`:
      return { body: { ...place(FUND), buildings: [], pickUpPoints: [] } }
    case `/api/funds/${FUND}`:
      return { body: page() }
    case `/api/funds/${FUND}/ledger.jsonl`:
      return { ...link('jsonl'), body: [...some, ...(more ? [] : [head]), ''].join('\n') }
    case `/api/funds/${FUND}/ledger.csv`:
      return {
        ...link('csv'),
        body: `${fromSeq === 1 ? '\ufeff序号\n' : ''}${some.map((_, at) => fromSeq + at).join('\n')}\n`,
      }
    default:
      return notFound
  }
}

function page(): FundView {
  const figures = fundFigures(story.head, [], 'live', '2026-11-24', '2026-11-24')
  return {
    ...figures,
    ...{ fundId: FUND, compoundName: '新华小区', communityName: '新华社区', byVillage: [], byCoop: [], byGroupBuy: [] },
  }
}

async function listener(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  const one = { url: new URL(request.url ?? '', url), token: request.headers.authorization, body }
  asked.push(one)
  const answer = bent?.(one) ?? answerOf(one)
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
  response.writeHead(answer.status ?? 200, answer.headers)
  if (answer.stalls === true) response.write(text.slice(0, text.length / 2))
  else response.end(text)
}

beforeAll(async () => {
  server = createServer((request, response) => void listener(request, response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'xianglai-fund-test-'))
  asked = []
  bent = undefined
})
afterEach(() => rmSync(scratch, { recursive: true, force: true }))

const tool = join(import.meta.dirname, '../../cdk/tools/fund.ts')

function start(...args: string[]) {
  const child = spawn(process.execPath, [tool, ...args], {
    env: { ...process.env, INIT_CWD: scratch, TMPDIR: scratch },
  })
  let out = ''
  let told = ''
  child.stdout.on('data', (chunk) => (out += String(chunk)))
  child.stderr.on('data', (chunk) => (told += String(chunk)))
  const ended = new Promise<{ code: number | null; result: Record<string, unknown> | undefined; told: string }>(
    (done) =>
      child.on('close', (code) => {
        const last = out.trimEnd().split('\n').at(-1) ?? ''
        done({ code, result: last === '' ? undefined : JSON.parse(last), told: told.trimEnd() })
      }),
  )
  return { child, ended }
}
const run = (...args: string[]) => start(...args).ended
const here = () => ['--url', url, '--token', 'somebody']
const one = () => ['--fund', FUND, ...here()]
const whole = () => `${[...entries, head].join('\n')}\n`
const exported = (name = 'ledger.jsonl') => ['export', '--format', 'jsonl', '--out', name, ...one()]

describe('fund export', () => {
  it('follows the pages to the last and writes what the whole ledger is, byte for byte', async () => {
    const { code, result } = await run(...exported())
    expect(code).toBe(0)
    expect(result).toMatchObject({
      ok: true,
      files: [{ fundId: FUND, pages: 4, seq: 17, file: join(scratch, 'ledger.jsonl') }],
    })
    expect(readFileSync(join(scratch, 'ledger.jsonl'), 'utf8')).toBe(whole())
    expect(asked.filter(({ token }) => token !== 'Bearer somebody')).toEqual([])
  })

  it('writes a table as well', async () => {
    const { code } = await run('export', '--format', 'csv', '--out', 'ledger.csv', ...one())
    expect(code).toBe(0)
    const rows = readFileSync(join(scratch, 'ledger.csv'), 'utf8').trimEnd().split('\n')
    expect(rows).toEqual(['\ufeff序号', ...entries.map((_, at) => String(at + 1))])
  })

  it('does not take a table for whole that lost a page, or that is none', async () => {
    const said: Answer[] = [{ body: '\ufeff序号\n1\n2\n' }, { body: 'a "b" c\n' }]
    bent = ({ url: { pathname } }) => (pathname.endsWith('.csv') ? said.shift() : undefined)
    const short = await run('export', '--format', 'csv', '--out', 'ledger.csv', ...one())
    expect([short.code, short.told]).toEqual([1, expect.stringMatching(/ends with entry 2, and the fund has 17/)])
    const none = await run('export', '--format', 'csv', '--out', 'ledger.csv', ...one())
    expect([none.code, none.told]).toEqual([1, expect.stringMatching(/is not a table|has no end/)])
    expect(readdirSync(scratch)).toEqual([])
  })

  it('writes every compound of every page of the list into a folder', async () => {
    const others = Array.from({ length: 2 }, (_, at) => `c-other-${at}`)
    bent = ({ url: { pathname, searchParams } }) => {
      if (pathname === '/api/places/compounds') {
        const cursor = searchParams.get('cursor')
        return { body: cursor === null ? { items: [place(FUND)], nextCursor: 'on' } : { items: others.map(place) } }
      }
      const other = others.find((id) => pathname.startsWith(`/api/funds/${id}`))
      if (other === undefined) return undefined
      const empty = { ...page(), fundId: other, seq: 0 }
      return { body: pathname.endsWith('.jsonl') ? `${ledgerHeadLine({ ...story.head, seq: 0 })}\n` : empty }
    }
    const { code, result } = await run('export', '--format', 'jsonl', '--out', 'all', '--all', ...here())
    expect([code, (result?.files as unknown[]).length]).toEqual([0, 3])
    expect(readdirSync(join(scratch, 'all')).sort()).toEqual(
      [`${FUND}.jsonl`, ...others.map((id) => `${id}.jsonl`)].sort(),
    )
  })

  const breaks: [string, () => Answer, number, RegExp][] = [
    ['broken in the middle', () => ({ status: 500, body: {} }), 1, /did not answer exportLedgerJsonl/],
    [
      'that goes in a circle',
      () => ({ headers: { link: `</api/funds/${FUND}/ledger.jsonl?fromSeq=2>; rel="next"` }, body: '\n' }),
      1,
      /where it has been/,
    ],
    [
      'that goes on elsewhere',
      () => ({ headers: { link: '<https://elsewhere.example/x?fromSeq=7>; rel="next"' }, body: '\n' }),
      1,
      /is not the export/,
    ],
    ['that ends too early', () => ({ body: `${entries[5]}\n` }), 1, /the export has no end: nothing is kept/],
    [
      'with the head of another time',
      () => ({ body: `${canonicalJson({ ...JSON.parse(head), seq: 6 })}\n` }),
      1,
      /ends with entry 6/,
    ],
  ]
  it.each(breaks)(
    'leaves no file, and the one that was there, of an export %s',
    async (_what, broken, wanted, line) => {
      writeFileSync(join(scratch, 'ledger.jsonl'), 'kept')
      bent = ({ url: { searchParams } }) => (searchParams.get('fromSeq') === '6' ? broken() : undefined)
      const { code, told } = await run(...exported())
      expect(code).toBe(wanted)
      expect(told.split('\n').at(-1)).toMatch(line)
      expect(readdirSync(scratch)).toEqual(['ledger.jsonl'])
      expect(readFileSync(join(scratch, 'ledger.jsonl'), 'utf8')).toBe('kept')
    },
  )

  it.each(['SIGINT', 'SIGTERM'] as const)('leaves nothing when it is stopped by %s', async (signal) => {
    bent = (each) => (each.url.searchParams.get('fromSeq') === '6' ? { ...answerOf(each), stalls: true } : undefined)
    const { child, ended } = start(...exported())
    await expect.poll(() => readdirSync(scratch), { timeout: 30_000 }).toHaveLength(1)
    await expect.poll(() => asked.length, { timeout: 30_000 }).toBe(4)
    child.kill(signal)
    const { code, told } = await ended
    expect([code, told.split('\n').at(-1)]).toEqual([signal === 'SIGINT' ? 130 : 143, 'stopped'])
    expect(readdirSync(scratch)).toEqual([])
  })
})

describe('fund verify', () => {
  it('replays the export, compares it with the page, and leaves nothing behind', async () => {
    const { code, result } = await run('verify', ...one())
    expect([code, result]).toMatchObject([
      0,
      { ok: true, problemCount: 0, funds: [{ fundId: FUND, seq: 17, view: 'live' }] },
    ])
    expect(readdirSync(scratch)).toEqual([])
  })

  it('compares with the page where the page was read, though the export has more by now', async () => {
    const earlier = goldenStory(3)
    const figures = fundFigures(earlier.head, [], 'live', '2026-11-24', '2026-11-24')
    const { balances, seq, hash, carryE4Fen, total, withoutAgreement } = figures
    bent = ({ url: { pathname } }) =>
      pathname === `/api/funds/${FUND}`
        ? { body: { ...page(), balances, seq, hash, carryE4Fen, total, withoutAgreement } }
        : undefined
    expect(await run('verify', ...one())).toMatchObject({ code: 0, result: { funds: [{ seq: 17 }] } })
  })

  it('finds a digit that was flipped on the way', async () => {
    bent = (each) => {
      const answer = answerOf(each)
      const flipped = String(answer.body).replace('"amountFen":860', '"amountFen":861')
      return each.url.pathname.endsWith('.jsonl') ? { ...answer, body: flipped } : undefined
    }
    const { code, result, told } = await run('verify', ...one())
    expect([code, result?.ok]).toEqual([1, false])
    expect(told).toMatch(/line 1 HASH/)
  })

  const lies: [string, Partial<FundView>][] = [
    ['a balance', { balances: { ...page().balances, availableFen: page().balances.availableFen + 1 } }],
    ['the hash', { hash: '0'.repeat(64) }],
    ['what moved into it', { total: { ...page().total, postedFen: 0 } }],
    ['the carry', { carryE4Fen: 1 }],
    ['sales without an agreement', { withoutAgreement: { ...page().withoutAgreement, salesFen: 1 } }],
  ]
  it.each(lies)('finds a page that shows another sum than the entries make: %s', async (_what, lie) => {
    bent = ({ url: { pathname } }) => (pathname === `/api/funds/${FUND}` ? { body: { ...page(), ...lie } } : undefined)
    const { code, told } = await run('verify', ...one())
    expect(code).toBe(1)
    expect(told).toMatch(/the fund's page shows/)
  })
})

describe('fund reconcile', () => {
  const path = `/api/funds/${FUND}/reconciliation`
  const answers = (...list: object[]) => {
    let at = 0
    bent = ({ url: { pathname } }) => {
      if (pathname !== path) return undefined
      const answer = list[Math.min(at++, list.length - 1)]
      return { body: { events: 0, posted: 0, problems: [], ok: true, ...answer } }
    }
  }
  const bodies = () =>
    asked.filter(({ url: { pathname } }) => pathname === path).map(({ body }) => JSON.parse(body) as unknown)

  it('goes on after the day where an answer stopped, until one is done', async () => {
    answers(
      { done: false, fromDay: '2026-11-20' },
      { done: false, fromDay: '2026-11-21', posted: 1 },
      { done: true, posted: 2 },
    )
    const { code, result } = await run('reconcile', ...one())
    expect([code, result]).toMatchObject([0, { ok: true, posted: 3, problemCount: 0 }])
    expect(bodies()).toEqual([{}, { fromDay: '2026-11-20' }, { fromDay: '2026-11-21' }])
  })

  it('answers 1 with what is wrong by invariant, each thing once', async () => {
    const chain = { invariant: 'I8', what: 'a gap after 3' }
    const lost = { invariant: 'I9', what: 'sale:a1 is not posted' }
    answers({ done: false, ok: false, problems: [chain] }, { done: true, ok: false, problems: [chain, lost] })
    const { code, result, told } = await run('reconcile', ...one())
    expect([code, result]).toMatchObject([1, { ok: false, problemCount: 2, byInvariant: { I8: 1, I9: 1 } }])
    expect(told).toMatch(/I8 [^\n]*: 1\n {4}a gap after 3\n {2}I9 [^\n]*: 1\n {4}sale:a1/)
  })

  it('answers 1 when an earlier answer found something, though the last found nothing', async () => {
    answers({ done: false, ok: false, fromDay: '2026-11-20' }, { done: true })
    expect((await run('reconcile', ...one())).code).toBe(1)
  })

  it('gives up when nothing gets on', async () => {
    answers({ done: false })
    const { code, told } = await run('reconcile', ...one())
    expect([code, bodies().length]).toEqual([1, 20])
    expect(told).toMatch(/does not get on: try again later$/)
  })
})

describe('fund redrive', () => {
  const queue = 'FundOnSaleGivenUp0A1B'

  it('of a deployment reconciles every fund, and prints the command that clears the queue', async () => {
    bent = ({ url: { pathname } }) => {
      if (pathname === '/api/places/compounds') return { body: { items: [place(FUND)] } }
      if (!pathname.endsWith('/reconciliation')) return undefined
      return { body: { done: true, ok: true, events: 3, posted: 2, problems: [] } }
    }
    const { code, result } = await run('redrive', ...here())
    expect([code, result]).toMatchObject([0, { posted: 2, purge: expect.stringMatching(/^aws sqs purge-queue /) }])
  })

  it.each([
    ['clears the pointers of the local system when every fund is in order', true, 0],
    ['keeps them when one is not, and the next redrive counts them again', false, 1],
  ])('%s', async (_what, ok, wanted) => {
    const queues = join(scratch, 'host-queues')
    mkdirSync(queues)
    writeFileSync(join(scratch, 'run.json'), JSON.stringify({ pid: 1, url, signInUrl: url, payUrl: url }))
    writeFileSync(join(queues, `${queue}.jsonl`), '{}\n{}\n')
    writeFileSync(join(queues, 'Another.jsonl'), '{}\n')
    bent = ({ url: { pathname } }) => {
      if (pathname === '/api/places/compounds') return { body: { items: [place(FUND)] } }
      if (!pathname.endsWith('/reconciliation')) return undefined
      // What the host gives up on meanwhile.
      writeFileSync(join(queues, `${queue}.jsonl`), '{}\n')
      return { body: { done: true, ok, events: 3, posted: 2, problems: [] } }
    }
    const local = ['redrive', '--data', scratch, '--token', 'somebody']
    // A pointer does not name its fund: one fund in order answers none.
    const ofOne = await run(...local, '--fund', FUND)
    expect(ofOne).toMatchObject({ code: wanted, result: { pointers: 2, cleared: 0 } })
    rmSync(join(queues, `${queue}.jsonl`))
    expect(await run(...local)).toMatchObject({ code: wanted, result: { pointers: 2, cleared: ok ? 2 : 0 } })
    expect(existsSync(join(queues, `${queue}.jsonl`))).toBe(true)
    expect(existsSync(join(queues, 'Another.jsonl'))).toBe(true)
    expect(await run(...local)).toMatchObject({ result: { pointers: ok ? 1 : 3 } })
  })
})

describe('what is not right', () => {
  const wrong: [string, () => string[], number, RegExp][] = [
    ['no command', () => [], 2, /^usage: npm run fund/],
    ['an unknown command', () => ['explode', ...one()], 2, /^usage: npm run fund/],
    ['an unknown flag', () => ['verify', '--loud', ...one()], 2, /--loud/],
    ['a flag of another command', () => ['verify', '--out', 'x', ...one()], 2, /--out is not a flag of verify/],
    ['no fund', () => ['verify', ...here()], 2, /--fund ID and --all/],
    ['a fund and all', () => ['verify', '--all', ...one()], 2, /--fund ID and --all/],
    ['a fund that is no id', () => ['verify', '--fund', 'A/B', ...here()], 2, /--fund A\/B is not an id/],
    ['an unknown fund', () => ['verify', '--fund', 'c-none', ...here()], 2, /--fund c-none: there is no such compound/],
    ['an address that is none', () => ['verify', '--fund', FUND, '--url', 'ftp://x'], 2, /--url ftp:\/\/x/],
    ['a token that is none', () => ['verify', '--fund', FUND, '--url', url, '--token', 'a b'], 2, /--token is not/],
    ['no format', () => ['export', '--out', 'x', ...one()], 2, /--format jsonl or/],
    ['an unknown format', () => ['export', '--format', 'xml', '--out', 'x', ...one()], 2, /--format jsonl or/],
    ['no place', () => ['export', '--format', 'csv', ...one()], 2, /--out FILE is needed/],
    ['a folder for a file', () => ['export', '--format', 'csv', '--out', '.', ...one()], 2, /--out \. is a folder/],
    [
      'no such folder',
      () => ['export', '--format', 'csv', '--out', 'a/b', ...one()],
      2,
      /--out a\/b: there is no such/,
    ],
    ['a wrong period', () => ['statement', '--period', '2026-13', ...one()], 2, /--period 2026-10, 2026-Q3 or 2026/],
    ['a statement as a table', () => ['statement', '--period', '2026', '--format', 'csv', ...one()], 2, /--format csv/],
    ['a statement that is not there', () => ['statement', '--period', '2026', ...one()], 2, /--period 2026: fund/],
    ['a reconcile without a token', () => ['reconcile', '--fund', FUND, '--url', url], 2, /--token is needed/],
    ['no local system', () => ['verify', '--fund', FUND, '--data', 'nothing'], 3, /npm start/],
    ['no answer', () => ['verify', '--fund', FUND, '--url', 'http://127.0.0.1:1'], 3, /does not answer.*--url/],
  ]
  it.each(wrong)('is said in one line: %s', async (_what, args, wanted, line) => {
    const { code, told, result } = await run(...args())
    expect([code, result]).toEqual([wanted, undefined])
    expect(told).toMatch(line)
    if (!told.startsWith('usage')) expect(told).not.toContain('\n')
    expect(readdirSync(scratch)).toEqual([])
  })

  it.each([
    [401, 'UNAUTHENTICATED', /--token is missing, has run out/],
    [403, 'FORBIDDEN', /the person of this --token may not do that/],
    [401, '', /--token is missing, has run out/],
    [403, '', /the person of this --token may not do that/],
    [409, 'GONE_ON', /refused with 409 GONE_ON/],
    [418, '', /answers 418, and not as this system does: check --url/],
  ])('a system that says no with %i', async (status, code, line) => {
    bent = ({ url: { pathname } }) => (pathname.endsWith('/reconciliation') ? { status, body: { code } } : undefined)
    const said = await run('reconcile', ...one())
    expect(said.code).toBe(1)
    expect(said.told).toMatch(line)
    expect(said.told).not.toContain('\n')
  })
})
