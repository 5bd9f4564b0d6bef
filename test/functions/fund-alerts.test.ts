import { afterAll, afterEach, beforeEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { handler } from '#functions/fund/index.ts'
import { handler as onNightly } from '#functions/fund/on-nightly.ts'
import { handler as onSale } from '#functions/fund/on-sale.ts'
import { loadSomeSaleEvents } from '#functions/fund/store.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { ledgerKeys } from '#functions/platform/table/ledger-keys.ts'
import { listFundAlerts, type FundAlert } from '#shared/contracts/fund-alerts.ts'
import type { SaleEvent } from '#shared/contracts/events.ts'
import { personId } from '#shared/kernel/ids.ts'
import { startBackend, ISSUER, type Backend } from '../fixtures/backend.ts'
import { call, lambdaContext } from '../fixtures/call.ts'
import { reversal, sale, settlement } from '../domain/fund-story.ts'
import { deliver, record } from './fund-table.ts'

const FUND = 'c-alerts'
let backend: Backend
const place = (item: Record<string, unknown>) => backend.put('market', { v: 1, ...item })
const clock = (instant: string) => vi.setSystemTime(new Date(instant))
const at = (occurredAt: string, events: readonly SaleEvent[]): SaleEvent[] =>
  events.map((event) => ({ ...event, compoundId: FUND, occurredAt }))
const ask = (as?: string, compoundId = FUND) =>
  call(handler, listFundAlerts, { params: { compoundId }, ...(as === undefined ? {} : { as }) })
const alertsOf = async (as = 'worker-here') => (await ask(as)).body as { items: FundAlert[]; count: number }

const MORNING = '2026-11-23T01:00:00.000Z'
const NOON = '2026-11-23T04:00:00.000Z'

async function post(when: string, events: readonly SaleEvent[]): Promise<void> {
  clock(when)
  await record(backend, events)
  await deliver(onSale, events)
}

async function checked(checkedAt: string, ok: boolean): Promise<void> {
  const check = { entity: 'check', v: 1, fundId: FUND, sealedThrough: '2026-11-19', checkedAt, ok }
  await backend.put('ledger', { ...ledgerKeys.check(FUND), ...check })
}

async function paired(villageId: string, toDay: string): Promise<void> {
  const term = { fromDay: '2026-01-01', toDay }
  await place({
    ...{ ...keys.pairing('xinhua', villageId), entity: 'pairing', pairingId: `p-${villageId}`, villageId },
    ...{ villageName: '朱庄村', communityId: 'xinhua', communityName: '新华社区', townName: '阎寺街道' },
    ...{ ...term, toDay: '2030-12-31', synthetic: true },
    agreements: [{ agreementId: 'agr-1', version: 1, rateBps: 200, ...term, purposes: ['公益服务'] }],
  })
}

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  backend = await startBackend()
})
beforeEach(async () => {
  clock(NOON)
  await backend.empty()
  await place({
    ...{ ...keys.place('compound', FUND), ...index.places('compound', 'xinqu', 'xinhua', FUND) },
    ...{ entity: 'compound', compoundId: FUND, name: '香江花园', type: 'commercial', communityId: 'xinhua' },
    ...{ communityName: '新华社区', townId: 'xinqu', townName: '新区街道', synthetic: true },
  })
  for (const [sub, role, scopeId] of [
    ['worker-here', 'worker', 'xinhua'],
    ['worker-elsewhere', 'worker', 'other'],
    ['admin', 'admin', 'dongchangfu'],
    ['resident', 'resident', 'h-1'],
  ] as const) {
    const person = personId(ISSUER, sub)
    await place({
      ...{ ...keys.membership(person, role, scopeId), entity: 'membership', personId: person, memberId: `m-${sub}` },
      ...{ role, scopeId, scopeName: '' },
    })
  }
  await paired('zhuzhuang', '2028-12-31')
  await checked('2026-11-22T18:00:00.000Z', true)
})
afterEach(() => clock(NOON))
afterAll(async () => {
  vi.useRealTimers()
  await backend.stop()
})

it('they are told to workers of the community and to administrators alone', async () => {
  const seen = await Promise.all(
    [undefined, 'resident', 'worker-elsewhere', 'worker-here', 'admin'].map(async (as) => (await ask(as)).status),
  )
  expect(seen).toEqual([401, 403, 403, 200, 200])
  expect((await ask('worker-here', 'c-nowhere')).status).toBe(404)
})

describe('posting', () => {
  it('that is done is told of nothing: sales of today and yesterday, reversals and settlements', async () => {
    await post('2026-11-22T04:00:00.000Z', at('2026-11-22T04:00:00.000Z', [sale('s1', 10_000)]))
    await post(MORNING, at(MORNING, [sale('s2', 5_000), settlement('s1'), reversal('r1', 's2', 100)]))
    clock(NOON)
    expect(await alertsOf()).toEqual({ items: [], count: 0 })
  })

  it('that a stream has not done is told, for each kind of event and from yesterday too', async () => {
    await post('2026-11-22T04:00:00.000Z', at('2026-11-22T04:00:00.000Z', [sale('s1', 10_000)]))
    clock(NOON)
    await record(backend, at('2026-11-22T05:00:00.000Z', [sale('s2', 5_000)]))
    await record(backend, at(MORNING, [reversal('r1', 's1', 100), settlement('s1')]))
    // A minute ago: on its way.
    await record(backend, at('2026-11-23T03:59:00.000Z', [sale('s3', 5_000)]))
    expect((await alertsOf()).items).toEqual([
      { kind: 'posting-late', since: '2026-11-22T05:00:00.000Z', eventCount: 3 },
    ])
  })
})

describe('the nightly check', () => {
  it('is told when it is too old, or found something; the check itself says so, and nothing once it is done', async () => {
    await checked('2026-11-20T18:00:00.000Z', false)
    expect((await alertsOf()).items.map(({ kind }) => kind)).toEqual(['check-failed', 'check-late'])
    await (onNightly as (event: unknown, context: unknown) => Promise<unknown>)({}, lambdaContext())
    expect((await alertsOf()).items).toEqual([])
  })

  it('that never came is late by the first entry', async () => {
    const early = '2026-11-20T04:00:00.000Z'
    await post(early, at(early, [sale('s1', 10_000)]))
    clock(NOON)
    await backend.put('ledger', {
      ...{ ...ledgerKeys.check(FUND), entity: 'check', v: 1, fundId: FUND, sealedThrough: '2026-11-19' },
    })
    expect((await alertsOf()).items).toEqual([{ kind: 'check-late', since: early }])
  })
})

it('inflow that fell is told by finished days: what came in today helps nothing yet', async () => {
  const october = '2026-10-05T04:00:00.000Z'
  const sales = Array.from({ length: 12 }, (_none, each) => sale(`o${each}`, 10_000))
  await post(october, at(october, sales))
  const november = '2026-11-10T04:00:00.000Z'
  await post(november, at(november, [sale('n1', 50_000)]))
  await post(MORNING, at(MORNING, [sale('n2', 90_000)]))
  clock(NOON)
  expect((await alertsOf()).items).toEqual([
    {
      ...{ kind: 'inflow-fell', fromDay: '2026-11-01', toDay: '2026-11-22' },
      ...{ postedFen: 1_000, beforePostedFen: 2_400, fellPercent: 58 },
    },
  ])
})

it('agreements that end, and a fund that owes its donors, are told', async () => {
  await paired('zhuzhuang', '2026-12-20')
  await paired('other-village', '2026-11-22')
  const days = at(MORNING, [sale('s1', 10_000), settlement('s1')])
  await post(MORNING, days)
  // As after a project: what came in was spent, and then its sale was given back.
  const ledgerHead = (await backend.scan('ledger')).find((item) => item['SK'] === 'HEAD') ?? {}
  const balances = { ...(ledgerHead['balances'] as object), available: 0, clawback: -120, spent: 320 }
  await backend.put('ledger', { ...ledgerHead, balances })
  clock(NOON)
  expect((await alertsOf('admin')).items).toEqual([
    { kind: 'owes-donors', clawbackFen: 120 },
    { kind: 'agreement-missing', pairingId: 'p-other-village', villageName: '朱庄村', sinceDay: '2026-11-23' },
    { kind: 'agreement-ends', pairingId: 'p-zhuzhuang', villageName: '朱庄村', lastDay: '2026-12-20' },
  ])
})

it('of many the first are told, and how many there are', async () => {
  for (let each = 0; each < 60; each += 1) await paired(`v-${String(each).padStart(2, '0')}`, '2026-11-22')
  const { items, count } = await alertsOf()
  expect([items.length, count]).toEqual([50, 60])
})

it('of a day with very many events no more than some are read, page by page', async () => {
  const events = Array.from({ length: 7 }, (_none, each) => sale(`many-${each}`, 100))
  await record(backend, at(MORNING, events))
  expect(await loadSomeSaleEvents(FUND, '2026-11-23', 5)).toHaveLength(5)
  expect(await loadSomeSaleEvents(FUND, '2026-11-23', 50)).toHaveLength(7)
})
