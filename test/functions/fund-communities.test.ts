import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { handler } from '#functions/fund/index.ts'
import { handler as onSale } from '#functions/fund/on-sale.ts'
import { dynamo, type TableRequest } from '#functions/platform/table/client.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import type { SaleEvent } from '#shared/contracts/events.ts'
import { getFund, type FundView } from '#shared/contracts/fund.ts'
import { getCommunityFund, type CommunityFund } from '#shared/contracts/fund-communities.ts'
import { getCharityFund, type CharityFund } from '#shared/contracts/fund-charity.ts'
import { personId } from '#shared/kernel/ids.ts'
import { startBackend, ISSUER, type Backend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { reversal, sale, settlement } from '../domain/fund-story.ts'
import { deliver, record } from './fund-table.ts'

// The token's signature is the gateway's and the token module's business; here the token is the subject's name.
vi.mock('#functions/platform/token.ts', () => ({
  personOfToken: async (token: string) => personId(ISSUER, token),
}))

let backend: Backend
const at = (compoundId: string, events: readonly SaleEvent[]) => events.map((event) => ({ ...event, compoundId }))
const token = (as: string | undefined) => (as === undefined ? {} : { authorization: `Bearer ${as}` })
const ask = (communityId: string, as?: string) =>
  call(handler, getCommunityFund, { params: { communityId }, headers: token(as) })
const fundOf = async (as?: string) => (await ask('xinhua', as)).body as CommunityFund
const pageOf = async (compoundId: string, as?: string) =>
  (await call(handler, getFund, { params: { compoundId }, headers: token(as) })).body as FundView

const OCTOBER = '2026-10-30T04:00:00.000Z'
// The first moment of the month in Shanghai: it is in it.
const FIRST = '2026-10-31T16:00:00.000Z'
const YESTERDAY = '2026-11-22T04:00:00.000Z'
const TODAY = '2026-11-23T12:00:00.000Z'
const clock = (instant: string) => vi.setSystemTime(new Date(instant))

const place = (item: Record<string, unknown>) => backend.put('market', { v: 1, ...item })

async function aCommunity(communityId: string, name: string): Promise<void> {
  await place({
    ...{ ...keys.place('community', communityId), ...index.places('community', 'xinqu', communityId, communityId) },
    ...{ entity: 'community', communityId, name, townId: 'xinqu', townName: '新区街道' },
  })
}

async function aCompound(compoundId: string, name: string, communityId: string): Promise<void> {
  await place({
    ...{ ...keys.place('compound', compoundId), ...index.places('compound', 'xinqu', communityId, compoundId) },
    ...{ entity: 'compound', compoundId, name, type: 'commercial', communityId, communityName: '新华社区' },
    ...{ townId: 'xinqu', townName: '新区街道', synthetic: true },
  })
}

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  clock(OCTOBER)
  backend = await startBackend()
  await aCommunity('xinhua', '新华社区')
  await aCommunity('empty', '空社区')
  await aCommunity('other', '别处社区')
  await aCompound('c-busy', '香江花园', 'xinhua')
  await aCompound('c-rests', '3号院', 'xinhua')
  await aCompound('c-new', '12号院', 'xinhua')
  await aCompound('c-elsewhere', '别处小区', 'other')
  for (const [sub, role, scopeId] of [
    ['worker-here', 'worker', 'xinhua'],
    ['worker-elsewhere', 'worker', 'other'],
    ['admin', 'admin', 'dongchangfu'],
  ] as const) {
    const person = personId(ISSUER, sub)
    await place({
      ...{ ...keys.membership(person, role, scopeId), entity: 'membership', personId: person, memberId: `m-${sub}` },
      ...{ role, scopeId, scopeName: '' },
    })
  }
  const days = [
    [OCTOBER, [...at('c-busy', [sale('s1', 10_000), settlement('s1')]), ...at('c-rests', [sale('r1', 40_000)])]],
    [FIRST, at('c-busy', [sale('s0', 100)])],
    [YESTERDAY, [...at('c-busy', [sale('s2', 5_000)]), ...at('c-elsewhere', [sale('e1', 99_900)])]],
    [TODAY, at('c-busy', [sale('s3', 860), reversal('v1', 's1', 2_500)])],
  ] as const
  for (const [when, events] of days) {
    clock(when)
    await record(backend, events)
    await deliver(onSale, events)
  }
})
afterAll(async () => {
  vi.useRealTimers()
  await backend.stop()
})

describe('the fund of a community', () => {
  it('is seen live by its workers: every compound by name, also one without entries, and what they add up to', async () => {
    const fund = await fundOf('worker-here')
    expect(fund).toMatchObject({ communityName: '新华社区', townName: '新区街道', view: 'live', asOfDay: '2026-11-23' })
    expect(fund.shares.map(({ compoundName }) => compoundName)).toEqual(['3号院', '12号院', '香江花园'])
    expect(fund.sums).toMatchObject({
      today: { salesFen: 860, reversedFen: 2_500, postedFen: -33, saleCount: 1 },
      // 2 on the first, 100 yesterday and −33 today; October's 200 and 800 are before the month.
      month: { salesFen: 5_960, reversedFen: 2_500, postedFen: 69, saleCount: 3 },
      total: { salesFen: 55_960, reversedFen: 2_500, postedFen: 1_069, saleCount: 5 },
      balances: { availableFen: 150, pendingFen: 919, dueFen: 150, cashFen: 0, spentFen: 0 },
    })
  })

  it.each([[undefined], ['worker-elsewhere']])(
    'is seen by everybody else up to the last closed day, and of today the sums alone (%s)',
    async (as) => {
      const fund = await fundOf(as)
      expect(fund).toMatchObject({ view: 'closed-days', asOfDay: '2026-11-22' })
      expect(fund.sums).toMatchObject({
        today: { postedFen: -33 },
        month: { salesFen: 5_100, reversedFen: 0, postedFen: 102, saleCount: 2 },
        total: { postedFen: 1_102, saleCount: 4 },
        balances: { availableFen: 200, pendingFen: 902, dueFen: 200 },
      })
    },
  )

  it.each([[undefined], ['worker-here'], ['admin']])(
    'says of each compound what its own page says (%s)',
    async (as) => {
      const { shares, view } = await fundOf(as)
      for (const { fundId, compoundName, ...figures } of shares) {
        const own = await pageOf(fundId, as)
        expect(figures).toEqual({ balances: own.balances, today: own.today, month: own.month, total: own.total })
        expect([compoundName, view]).toEqual([own.compoundName, own.view])
      }
    },
  )

  it('of a community without compounds is nothing, and of none does not exist', async () => {
    const { shares, sums } = (await ask('empty')).body as CommunityFund
    expect([shares, sums.total.postedFen, sums.balances.availableFen]).toEqual([[], 0, 0])
    expect((await ask('nowhere')).status).toBe(404)
  })

  it('reads all heads at once, and of a fund that rests not a day', async () => {
    await fundOf()
    const client = dynamo()
    const real = client.send.bind(client) as (request: TableRequest) => Promise<unknown>
    const reads: string[] = []
    client.send = (async (request: TableRequest) => {
      reads.push(`${request.operation} ${JSON.stringify(request.input)}`)
      return real(request)
    }) as typeof client.send
    await fundOf()
    delete (client as { send?: unknown }).send
    expect(reads.filter((read) => read.startsWith('BatchGetItem'))).toHaveLength(1)
    // Of the one fund with entries of today: how it stood yesterday, and how before the month.
    expect(reads.filter((read) => read.startsWith('Query'))).toHaveLength(2)
    expect(reads).toHaveLength(3)
    expect(reads.some((read) => read.startsWith('Query') && read.includes('c-rests'))).toBe(false)
  })

  it('hides nothing from its workers that a writer posted whose clock is a little ahead', async () => {
    const next = at('c-new', [sale('n1', 50_000)])
    clock('2026-11-23T16:00:01.000Z')
    await record(backend, next)
    await deliver(onSale, next)
    clock('2026-11-23T15:59:59.500Z')
    const { asOfDay, sums } = await fundOf('worker-here')
    expect([asOfDay, sums.today.postedFen]).toEqual(['2026-11-24', 1_000])
    clock(TODAY)
  })
})

describe('the fund of the whole district at its host charity', () => {
  const charity = async () => (await call(handler, getCharityFund)).body as CharityFund

  it('says of each community what its own public page says, and what they add up to', async () => {
    const told = await charity()
    expect(told.asOfDay).toBe('2026-11-22')
    expect(told.communities.map(({ communityId }) => communityId)).toEqual(['other', 'xinhua'])
    for (const { communityId, communityName: _name, townName: _town, ...figures } of told.communities) {
      expect(figures).toEqual(((await ask(communityId)).body as CommunityFund).sums)
    }
    expect(told.sums).toMatchObject({
      today: { postedFen: -33 },
      month: { postedFen: 2_100, saleCount: 3 },
      total: { postedFen: 3_100, saleCount: 5 },
      balances: { availableFen: 200, dueFen: 200, cashFen: 0 },
    })
    expect([told.compoundCount, told.remittances]).toEqual([4, []])
  })

  it('tells of today what is a minute old, and reads no day that has ended once more', async () => {
    const before = await charity()
    const more = at('c-rests', [sale('r2', 50_000)])
    await record(backend, more)
    await deliver(onSale, more)
    expect(await charity()).toEqual(before)
    clock('2026-11-23T12:01:01.000Z')
    const client = dynamo()
    const real = client.send.bind(client) as (request: TableRequest) => Promise<unknown>
    const reads: string[] = []
    client.send = (async (request: TableRequest) => {
      reads.push(`${request.operation} ${JSON.stringify(request.input)}`)
      return real(request)
    }) as typeof client.send
    const after = await charity()
    delete (client as { send?: unknown }).send
    expect(after.sums).toEqual({
      ...before.sums,
      today: { ...before.sums.today, salesFen: 50_860, saleCount: 2, postedFen: 967 },
    })
    expect(reads.filter((read) => read.includes('DAY#'))).toEqual([])
    clock(TODAY)
  })

  it('begins anew with the next finished day', async () => {
    clock('2026-11-23T16:06:00.000Z')
    const told = await charity()
    expect(told).toMatchObject({ asOfDay: '2026-11-23', sums: { today: { saleCount: 1 }, month: { saleCount: 5 } } })
    expect(told.sums).toEqual({
      ...told.sums,
      ...{ balances: expect.objectContaining({ availableFen: 150 }) as object },
    })
    clock(TODAY)
  })

  it('lists what came to the charity when it is in the ledgers, and nothing that is under way', async () => {
    const remittance = (state: string, day: string) => {
      const remittanceId = `00000000-0000-4000-8000-0000000000${day.slice(-2)}`
      const preparedAt = `${day}T00:00:00.000Z`
      return place({
        ...{ ...keys.remittance(remittanceId), ...index.remittances(preparedAt, remittanceId), entity: 'remittance' },
        ...{ remittanceId, version: 3, state, charityName: '示例慈善总会', throughDay: day, totalFen: 12_300 },
        ...{ fundCount: 3, lineCount: 4, postedCount: 4, preparedAt, preparedBy: 'somebody' },
        steps: [{ step: 'posted', at: preparedAt }],
        receipt: { receiptNumber: 'PJ-0001', receivedOn: day },
      })
    }
    await remittance('posted', '2026-10-01')
    await remittance('posted', '2026-11-24')
    await remittance('confirmed', '2026-11-03')
    await remittance('dropped', '2026-11-02')
    clock('2026-11-23T16:10:00.000Z')
    const { remittances } = await charity()
    expect(remittances).toEqual([
      { throughDay: '2026-10-01', receivedOn: '2026-10-01', totalFen: 12_300, fundCount: 3 },
    ])
    clock(TODAY)
  })
})
