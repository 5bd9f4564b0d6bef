import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { handler as onSale } from '#functions/fund/on-sale.ts'
import { handler } from '#functions/fund/index.ts'
import { sha256 } from '#functions/fund/sha256.ts'
import {
  exportLedgerCsv,
  exportLedgerJsonl,
  getFund,
  listEntries,
  type FundView,
  type LedgerEntry,
} from '#shared/contracts/fund.ts'
import { getFundInflow, sumFundInflow, type FundInflow } from '#shared/contracts/fund-inflow.ts'
import { getFundStatement, listFundStatements, type FundStatementView } from '#shared/contracts/fund-statement.ts'
import type { SaleEvent } from '#shared/contracts/events.ts'
import { verifyLedger } from '#shared/domain/fund/verify-ledger.ts'
import { personId } from '#shared/kernel/ids.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { startBackend, ISSUER, type Backend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { reversal, sale, saleWithoutAgreement, settlement } from '../domain/fund-story.ts'
import { deliver, record } from './fund-table.ts'

// The token's signature is the gateway's and the token module's business; here the token is the subject's name.
vi.mock('#functions/platform/token.ts', () => ({
  personOfToken: async (token: string) => (token === 'forged' ? undefined : personId(ISSUER, token)),
}))

const FUND = 'c-read'
const compoundId = { compoundId: FUND }
let backend: Backend

const at = (events: readonly SaleEvent[]): SaleEvent[] => events.map((event) => ({ ...event, compoundId: FUND }))
const token = (as: string | undefined) => (as === undefined ? {} : { authorization: `Bearer ${as}` })
const look = async (as?: string, headers: Record<string, string> = {}) =>
  call(handler, getFund, { params: compoundId, headers: { ...token(as), ...headers } })
const fundOf = async (as?: string) => (await look(as)).body as FundView
const entriesOf = async (as: string | undefined, query: Record<string, string> = {}) =>
  (await call(handler, listEntries, { params: compoundId, query, headers: token(as) })).body as {
    items: LedgerEntry[]
    nextCursor?: string
  }

// Two Shanghai days: three entries on the 22nd, four on the 23rd. "Now" is the 23rd, 20:00 in Shanghai.
const YESTERDAY = '2026-11-22T04:00:00.000Z'
const MORNING = '2026-11-23T01:00:00.000Z'
const EVENING = '2026-11-23T12:00:00.000Z'
const clock = (instant: string) => vi.setSystemTime(new Date(instant))

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  clock(YESTERDAY)
  backend = await startBackend()
  const place = (item: Record<string, unknown>) => backend.put('market', { v: 1, ...item })
  await place({
    ...keys.place('compound', FUND),
    entity: 'compound',
    compoundId: FUND,
    name: '香江花园',
    type: 'commercial',
    communityId: 'xinhua',
    communityName: '新华社区',
    townId: 'xinqu',
    townName: '新区街道',
    synthetic: true,
  })
  await place({
    ...keys.place('village', 'zhuzhuang'),
    entity: 'village',
    villageId: 'zhuzhuang',
    name: '朱庄村',
    townId: 'yansi',
    townName: '阎寺街道',
  })
  await place({
    ...keys.place('coop', 'coop-1'),
    entity: 'coop',
    coopId: 'coop-1',
    name: '=1+1合作社',
    villageId: 'zhuzhuang',
    villageName: '朱庄村',
    townName: '阎寺街道',
  })
  for (const [sub, role, scopeId] of [
    ['worker-here', 'worker', 'xinhua'],
    ['worker-elsewhere', 'worker', 'other'],
    ['admin', 'admin', 'dongchangfu'],
    ['resident', 'resident', 'h-1'],
  ] as const) {
    const person = personId(ISSUER, sub)
    await place({
      ...keys.membership(person, role, scopeId),
      entity: 'membership',
      personId: person,
      memberId: `m-${sub}`,
      role,
      scopeId,
      scopeName: '',
    })
  }
  const first = at([sale('s1', 10_000), sale('s2', 5_000, { groupBuyId: 'gb-2' }), settlement('s1')])
  const second = at([
    sale('s3', 860),
    saleWithoutAgreement('s4', 700),
    reversal('r1', 's1', 2_500),
    sale('s5', 333, { channel: 'fair', groupBuyId: undefined, fairId: 'fair-1' }),
  ])
  await record(backend, [...first, ...second])
  await deliver(onSale, first)
  clock(MORNING)
  await deliver(onSale, second)
  clock(EVENING)
})
afterAll(async () => {
  vi.useRealTimers()
  await backend.stop()
})

describe('a worker of the community', () => {
  it('sees the fund live, with names, by village, co-op and group buy', async () => {
    const fund = await fundOf('worker-here')
    expect(fund).toMatchObject({
      compoundName: '香江花园',
      communityName: '新华社区',
      view: 'live',
      asOfDay: '2026-11-23',
      seq: 7,
      // 150 of 7,500 settled; 5,000 and 860 and 333 still in after-sales: ⌊13,693 × 2 %⌋ − 150.
      balances: { availableFen: 150, pendingFen: 123, dueFen: 150, settledFen: 150, clawbackFen: 0 },
      carryE4Fen: 8_600,
      today: { salesFen: 1_893, reversedFen: 2_500, postedFen: -27, saleCount: 3 },
      total: { salesFen: 16_893, reversedFen: 2_500, postedFen: 273, saleCount: 5 },
      withoutAgreement: { saleCount: 1, salesFen: 700 },
    })
    // 2026-11-23 is a Monday: the week began today.
    expect(fund.week).toEqual(fund.today)
    expect(fund.month).toEqual(fund.total)
    expect(fund.byVillage).toEqual([{ villageId: 'zhuzhuang', name: '朱庄村', ...fund.total }])
    expect(fund.byGroupBuy.map(({ groupBuyId, title, salesFen }) => [groupBuyId, title, salesFen])).toEqual([
      ['gb-1', 'gb-1', 11_560],
      ['gb-2', 'gb-2', 5_000],
    ])
    expect(fund.byDay.slice(-3).map(({ day, salesFen }) => [day, salesFen])).toEqual([
      ['2026-11-21', 0],
      ['2026-11-22', 15_000],
      ['2026-11-23', 1_893],
    ])
    expect(fund.byDay).toHaveLength(14)
  })

  it('gets 304 while nothing changes, and a new page when something is posted or the day turns', async () => {
    const first = await look('worker-here')
    const etag = first.headers['etag'] ?? ''
    expect(etag.startsWith('"7.')).toBe(true)
    const again = await look('worker-here', { 'if-none-match': etag })
    expect([again.status, again.text]).toEqual([304, ''])
    expect((await look('worker-here', { 'if-none-match': `W/${etag}, "x"` })).status).toBe(304)
    expect((await look('worker-here', { 'if-none-match': '"6"' })).status).toBe(200)
    clock('2026-11-23T16:06:00.000Z')
    const nextDay = await look('worker-here', { 'if-none-match': etag })
    clock(EVENING)
    expect(nextDay.status).toBe(200)
    expect((nextDay.body as FundView).today).toEqual({ salesFen: 0, reversedFen: 0, postedFen: 0, saleCount: 0 })
  })

  it('may be an administrator of the district', async () => {
    expect((await fundOf('admin')).view).toBe('live')
  })
})

describe('everybody else', () => {
  it.each([[undefined], ['worker-elsewhere'], ['resident'], ['nobody-knows']])(
    'sees closed days and of today the sums alone (%s)',
    async (as) => {
      const fund = await fundOf(as)
      expect(fund).toMatchObject({
        view: 'closed-days',
        asOfDay: '2026-11-22',
        seq: 3,
        balances: { availableFen: 200, pendingFen: 100, dueFen: 200 },
        today: { salesFen: 1_893, reversedFen: 2_500, postedFen: -27, saleCount: 3 },
        total: { salesFen: 15_000, reversedFen: 0, postedFen: 300, saleCount: 2 },
        withoutAgreement: { saleCount: 0, salesFen: 0 },
      })
      expect(fund.byGroupBuy.reduce((sum, row) => sum + row.salesFen, 0)).toBe(15_000)
      const { items } = await entriesOf(as)
      expect(items.map((entry) => entry.seq)).toEqual([3, 2, 1])
      expect((await entriesOf(as, { saleId: 's3' })).items).toEqual([])
      expect((await entriesOf(as, { saleId: 's1' })).items.map((entry) => entry.kind)).toEqual(['settlement', 'sale'])
    },
  )

  it('with a token that is not good is told so', async () => {
    expect((await look('forged')).status).toBe(401)
  })

  it('never gets an answer that was made for a worker by its ETag', async () => {
    const etag = (await look('worker-here')).headers['etag'] ?? ''
    expect((await look(undefined, { 'if-none-match': etag })).status).toBe(200)
  })

  it('still waits a little after midnight for what is on its way', async () => {
    clock('2026-11-23T16:04:00.000Z')
    expect((await fundOf()).asOfDay).toBe('2026-11-22')
    clock('2026-11-23T16:05:00.000Z')
    expect(await fundOf()).toMatchObject({ asOfDay: '2026-11-23', seq: 7 })
    clock(EVENING)
  })

  it('finds no fund where there is no compound', async () => {
    const answer = await call(handler, getFund, { params: { compoundId: 'c-none' } })
    expect(answer.status).toBe(404)
  })
})

describe('entries', () => {
  it('come newest first, page by page, without a gap', async () => {
    const seqs: number[] = []
    let cursor: string | undefined
    do {
      const page = await entriesOf('worker-here', { limit: '3', ...(cursor === undefined ? {} : { cursor }) })
      seqs.push(...page.items.map((entry) => entry.seq))
      cursor = page.nextCursor
    } while (cursor !== undefined)
    expect(seqs).toEqual([7, 6, 5, 4, 3, 2, 1])
  })

  it('of one sale are its sale, settlement and reversals', async () => {
    const { items } = await entriesOf('worker-here', { saleId: 's1' })
    expect(items.map((entry) => entry.eventId)).toEqual(['reversal:r1', 'settlement:s1', 'sale:s1'])
  })

  it.each([
    'nonsense',
    Buffer.from('before:-1').toString('base64url'),
    Buffer.from('before:1e9').toString('base64url'),
  ])('refuse the cursor %s', async (cursor) => {
    const answer = await call(handler, listEntries, { params: compoundId, query: { cursor } })
    expect(answer.status).toBe(400)
  })

  it('beyond the public window do not come by a cursor either', async () => {
    const cursor = Buffer.from('before:8').toString('base64url')
    expect((await entriesOf(undefined, { cursor })).items.map((entry) => entry.seq)).toEqual([3, 2, 1])
  })
})

describe('exports', () => {
  const jsonl = async (as?: string, query: Record<string, string> = {}) =>
    call(handler, exportLedgerJsonl, { params: compoundId, query, headers: token(as) })

  it('verify offline, the worker’s live one and the public one alike, and agree with the page (I10)', async () => {
    for (const [as, seq] of [
      ['worker-here', 7],
      [undefined, 3],
    ] as const) {
      const answer = await jsonl(as)
      expect(answer.headers['content-type']).toBe('application/x-ndjson; charset=utf-8')
      expect(answer.text.endsWith('\n')).toBe(true)
      const verified = verifyLedger(answer.text.trimEnd().split('\n'), sha256)
      expect(verified.problems).toEqual([])
      expect(verified.head?.seq).toBe(seq)
      const fund = await fundOf(as)
      expect(fund.hash).toBe(verified.head?.hash)
      expect(fund.total.postedFen).toBe(0 - (verified.head?.balances.sales ?? 0))
      expect(fund.total.salesFen).toBe(verified.head?.totals.salesFen)
    }
  })

  it('go on where a page ended, and the pages together are the whole', async () => {
    const whole = (await jsonl('worker-here')).text
    expect((await jsonl('worker-here', { fromSeq: '5' })).text).toBe(whole.split('\n').slice(4).join('\n'))
    expect((await jsonl('worker-here', { fromSeq: '99' })).text.trimEnd().split('\n')).toHaveLength(1)
  })

  it('open in a spreadsheet: Chinese for people, keys and fen for programs, and no formula', async () => {
    const answer = await call(handler, exportLedgerCsv, { params: compoundId, headers: token('worker-here') })
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(answer.text.startsWith('\ufeff')).toBe(true)
    const rows = parse(answer.text, { columns: true, bom: true }) as Record<string, string>[]
    expect(rows).toHaveLength(7)
    expect(rows[0]).toMatchObject({
      序号: '1',
      记账时间: '2026-11-22 12:00',
      类型: '成交',
      村: '朱庄村',
      合作社: "'=1+1合作社",
      '成交额（元）': '100.00',
      '计入基金（元）': '2.00',
      amountFen: '10000',
      salesFen: '-200',
      pendingFen: '200',
    })
    const sum = (name: string) => rows.reduce((total, row) => total + Number(row[name]), 0)
    const fund = await fundOf('worker-here')
    expect(sum('amountFen')).toBe(fund.total.salesFen - fund.total.reversedFen)
    expect(0 - sum('salesFen')).toBe(fund.total.postedFen)
    expect(sum('pendingFen')).toBe(fund.balances.pendingFen)
  })

  it('of a fund without entries are one head line that verifies', async () => {
    await backend.put('market', {
      ...keys.place('compound', 'c-new'),
      entity: 'compound',
      v: 1,
      compoundId: 'c-new',
      name: '新小区',
      type: 'old',
      communityId: 'xinhua',
      communityName: '新华社区',
      townId: 'xinqu',
      townName: '新区街道',
      synthetic: true,
    })
    const answer = await call(handler, exportLedgerJsonl, { params: { compoundId: 'c-new' } })
    expect(verifyLedger(answer.text.trimEnd().split('\n'), sha256)).toMatchObject({ ok: true, head: { seq: 0 } })
    const fund = (await call(handler, getFund, { params: { compoundId: 'c-new' } })).body as FundView
    expect(fund).toMatchObject({ seq: 0, total: { salesFen: 0 } })
  })
})

describe('statements', () => {
  const statement = async (period: string, as?: string) =>
    call(handler, getFundStatement, { params: { compoundId: FUND, period }, headers: token(as) })
  const periods = async (as?: string) =>
    (
      (await call(handler, listFundStatements, { params: compoundId, headers: token(as) })).body as {
        items: { period: string; isOver: boolean }[]
      }
    ).items

  it('of a month that goes on are for the workers of the community alone, up to now', async () => {
    for (const as of [undefined, 'resident', 'worker-elsewhere'])
      expect((await statement('2026-11', as)).status).toBe(404)
    expect(await periods()).toEqual([])
    const body = (await statement('2026-11', 'worker-here')).body as FundStatementView
    const fund = await fundOf('worker-here')
    expect(body).toMatchObject({
      isOver: false,
      asOfDay: '2026-11-23',
      inflow: fund.total,
      opening: { balanceFen: 0 },
      byVillage: [{ name: '朱庄村' }],
      outflowFen: 0,
      check: { ok: true, keptFen: fund.total.postedFen },
      seq: fund.seq,
      hash: fund.hash,
    })
    expect(body.byChannel.map(({ channel }) => channel)).toEqual(['fair', 'group-buy'])
    expect((await periods('worker-here')).map(({ period }) => period)).toEqual(['2026', '2026-Q4', '2026-11'])
  })

  it('of what has not begun, or is no period, do not exist', async () => {
    for (const period of ['2026-12', '2027', '2026-13', 'x'])
      expect((await statement(period, 'worker-here')).status).toBe(404)
  })

  it('of a month before the fund began are all zero and right', async () => {
    const { body } = await statement('2026-10')
    expect(body).toMatchObject({ seq: 0, inflow: { postedFen: 0 }, closing: { balanceFen: 0 }, check: { ok: true } })
  })

  it('are everybody’s once the last day is over, and the next month begins where the last one ended', async () => {
    clock('2026-11-30T16:04:00.000Z')
    expect((await statement('2026-11')).status).toBe(404)
    clock('2026-11-30T16:05:00.000Z')
    const body = (await statement('2026-11')).body as FundStatementView
    expect(body).toMatchObject({ isOver: true, toDay: '2026-11-30', check: { ok: true } })
    expect((await periods()).map(({ period }) => period)).toEqual(['2026-11'])
    const next = (await statement('2026-12', 'worker-here')).body as FundStatementView
    expect(next.opening).toEqual(body.closing)
    clock(EVENING)
  })
})

describe('what came in', () => {
  const inflow = (as: string | undefined, query: Record<string, string>) =>
    call(handler, getFundInflow, { params: compoundId, query, headers: token(as) })
  const sumsOf = (as: string | undefined, query: Record<string, string>) =>
    call(handler, sumFundInflow, { params: compoundId, query, headers: token(as) })

  it('in a week stands beside as many days of the week before, with names', async () => {
    const { body } = await inflow('worker-here', { span: 'week' })
    const found = body as FundInflow
    expect(found).toMatchObject({
      ...{ span: 'week', view: 'live', fromDay: '2026-11-23', toDay: '2026-11-29', countedTo: '2026-11-23' },
      sums: { salesFen: 1_893, reversedFen: 2_500, postedFen: -27, saleCount: 3 },
      before: {
        ...{ fromDay: '2026-11-16', toDay: '2026-11-22', toSameDay: '2026-11-16' },
        whole: { salesFen: 15_000, postedFen: 300 },
        sameDays: { salesFen: 0 },
      },
    })
    expect(found.bars.map(({ fromDay, postedFen }) => [fromDay.slice(8), postedFen])).toEqual([
      ['23', -27],
      ...['24', '25', '26', '27', '28', '29'].map((day) => [day, 0]),
    ])
    expect(found.byVillage).toEqual([{ villageId: 'zhuzhuang', name: '朱庄村', ...found.sums, beforePostedFen: 0 }])
    expect(found.byChannel.map(({ channel, salesFen }) => [channel, salesFen])).toEqual([
      ['group-buy', 1_560],
      ['fair', 333],
    ])
    expect((await inflow('worker-here', { span: 'week', day: '2026-11-17' })).body).toMatchObject({
      ...{ fromDay: '2026-11-16', countedTo: '2026-11-22', sums: { salesFen: 15_000 } },
    })
  })

  it('in a year is told from the kept days of two years', async () => {
    expect((await inflow('worker-here', { span: 'year' })).body).toMatchObject({
      sums: { salesFen: 16_893, reversedFen: 2_500, postedFen: 273 },
      before: { fromDay: '2025-01-01', toSameDay: '2025-11-23', whole: { salesFen: 0 } },
    })
  })

  it('is for everybody what came in up to the last closed day', async () => {
    expect((await inflow(undefined, { span: 'month' })).body).toMatchObject({
      ...{ view: 'closed-days', countedTo: '2026-11-22', sums: { salesFen: 15_000, postedFen: 300 } },
    })
    const today = { fromDay: '2026-11-23', toDay: '2026-11-23' }
    expect((await sumsOf('worker-here', today)).body).toMatchObject({ sums: { saleCount: 3 } })
    expect((await sumsOf(undefined, today)).body).toMatchObject({ countedTo: '2026-11-22', sums: { saleCount: 0 } })
  })

  it('of a part is what its entries are', async () => {
    const days = { fromDay: '2026-11-01', toDay: '2026-11-30' }
    const { body } = await sumsOf('worker-here', { ...days, groupBuyId: 'gb-1', channel: 'group-buy' })
    expect(body).toMatchObject({ countedTo: '2026-11-23', sums: { salesFen: 11_560, reversedFen: 2_500 } })
    expect((await sumsOf('worker-here', { ...days, coopId: 'nobody' })).body).toMatchObject({ sums: { salesFen: 0 } })
  })

  it.each<[Record<string, string>, string]>([
    [{ span: 'week', day: '2026-11-24' }, 'day'],
    [{ span: 'week', day: '2026-02-30' }, 'day'],
    [{ span: 'decade' }, 'span'],
  ])('is refused for %j by the name of the field', async (query, field) => {
    const answer = await inflow('worker-here', query)
    expect(answer).toMatchObject({ status: 400 })
    expect(Object.keys((answer.body as { fields: object }).fields)).toEqual([field])
  })

  it.each<[Record<string, string>]>([
    [{ fromDay: '2026-11-02', toDay: '2026-11-01' }],
    [{ fromDay: '2026-01-01', toDay: '2027-01-02' }],
  ])('is not added up for %j', async (query) => {
    expect(await sumsOf('worker-here', query)).toMatchObject({
      status: 400,
      body: { fields: { toDay: expect.any(String) } },
    })
    expect((await sumsOf('worker-here', { fromDay: '2026-01-01', toDay: '2027-01-01' })).status).toBe(200)
  })
})

describe('entries that somebody looks for', () => {
  const seqs = async (as: string | undefined, query: Record<string, string>) =>
    (await entriesOf(as, query)).items.map(({ seq }) => seq)

  it.each<[Record<string, string>, number[]]>([
    [{ kind: 'sale' }, [6, 5, 4, 2, 1]],
    [{ account: 'available' }, [7, 3]],
    [{ fromDay: '2026-11-23' }, [7, 6, 5, 4]],
    [{ toDay: '2026-11-22' }, [3, 2, 1]],
    [{ fromDay: '2026-11-22', toDay: '2026-11-22', kind: 'settlement' }, [3]],
    [{ fromDay: '2026-11-24' }, []],
    [{ toDay: '2026-11-21' }, []],
    [{ channel: 'fair' }, [6]],
    [{ groupBuyId: 'gb-2' }, [2]],
    [{ minFen: '2500', maxFen: '5000' }, [7, 2]],
    [{ seq: '4', kind: 'sale' }, [4, 2, 1]],
    [{ seq: '4' }, [4, 3, 2, 1]],
    [{ seq: '999' }, [7, 6, 5, 4, 3, 2, 1]],
    [{ saleId: 's1', kind: 'reversal' }, [7]],
    [{ agreement: 'none' }, [5]],
    [{ agreementId: 'agr-1' }, [7, 6, 4, 3, 2, 1]],
    [{ agreementId: 'agr-2' }, []],
    [{ saleId: 's4', agreement: 'none' }, [5]],
    [{ saleId: 's1', agreement: 'none' }, []],
  ])('by %j are found', async (query, wanted) => {
    expect(await seqs('worker-here', query)).toEqual(wanted)
  })

  it('without an agreement are those that the fund counts, and moved nothing', async () => {
    const { withoutAgreement } = await fundOf('worker-here')
    const { items } = await entriesOf('worker-here', { agreement: 'none', kind: 'sale' })
    expect(items).toHaveLength(withoutAgreement.saleCount)
    expect(items.reduce((sum, { amountFen }) => sum + amountFen, 0)).toBe(withoutAgreement.salesFen)
    expect(items.flatMap(({ postings }) => postings)).toEqual([])
    expect(await seqs(undefined, { agreement: 'none' })).toEqual([])
  })

  it('come page by page without a gap, and never from beyond the public window', async () => {
    const first = await entriesOf('worker-here', { kind: 'sale', limit: '2' })
    const second = await entriesOf('worker-here', { kind: 'sale', limit: '2', cursor: first.nextCursor ?? '' })
    const third = await entriesOf('worker-here', { kind: 'sale', limit: '2', cursor: second.nextCursor ?? '' })
    expect([first, second, third].map(({ items }) => items.map(({ seq }) => seq))).toEqual([[6, 5], [4, 2], [1]])
    expect(third.nextCursor).toBeUndefined()
    expect(await seqs(undefined, { kind: 'sale' })).toEqual([2, 1])
    expect(await seqs(undefined, { kind: 'sale', fromDay: '2026-11-23' })).toEqual([])
    expect(await seqs(undefined, { seq: '7' })).toEqual([3, 2, 1])
  })

  it('are refused by the name of the field', async () => {
    for (const [query, field] of [
      [{ fromDay: '2026-11-23', toDay: '2026-11-22' }, 'toDay'],
      [{ minFen: '-1' }, 'minFen'],
      [{ kind: 'gift' }, 'kind'],
      [{ agreement: 'agr-1' }, 'agreement'],
      [{ agreementId: 'Agr 1' }, 'agreementId'],
      [{ seq: '0' }, 'seq'],
    ] as const) {
      const answer = await call(handler, listEntries, { params: compoundId, query, headers: token('worker-here') })
      expect(answer).toMatchObject({ status: 400, body: { fields: { [field]: expect.any(String) } } })
    }
  })

  it('deep in a long ledger are found look by look, each of which reads no more than it may', async () => {
    const DEEP = { compoundId: 'c-deep' }
    await backend.put('market', {
      ...{ v: 1, ...keys.place('compound', DEEP.compoundId), entity: 'compound', type: 'old', synthetic: true },
      ...{ compoundId: DEEP.compoundId, name: '深账小区', communityId: 'xinhua', communityName: '新华社区' },
      ...{ townId: 'xinqu', townName: '新区街道' },
    })
    const many = Array.from({ length: 3_300 }, (_none, at) => ({
      ...sale(`deep-${at}`, 500, at === 0 ? { coopId: 'coop-2' } : {}),
      ...DEEP,
    }))
    for (let at = 0; at < many.length; at += 300) await deliver(onSale, many.slice(at, at + 300))
    const lookFor = async (cursor?: string) =>
      (
        await call(handler, listEntries, {
          ...{ params: DEEP, headers: token('worker-here') },
          query: { coopId: 'coop-2', ...(cursor === undefined ? {} : { cursor }) },
        })
      ).body as { items: LedgerEntry[]; nextCursor?: string }
    const first = await lookFor()
    expect(first.items).toEqual([])
    expect(first.nextCursor).toBeDefined()
    const second = await lookFor(first.nextCursor)
    expect(second.items.map(({ seq, coopId }) => [seq, coopId])).toEqual([[1, 'coop-2']])
    expect(second.nextCursor).toBeUndefined()
  })
})
