import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { handler } from '#functions/fund/index.ts'
import { handler as onNightly } from '#functions/fund/on-nightly.ts'
import { handler as onSale } from '#functions/fund/on-sale.ts'
import { publishRoots } from '#functions/fund/publish-roots.ts'
import { sha256 } from '#functions/fund/sha256.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { getDayRoot, listDayRoots, listFundDays, type DayRoot } from '#shared/contracts/fund-days.ts'
import type { SaleEvent } from '#shared/contracts/events.ts'
import { firstPrevRoot, rootOfDay, type FundStanding } from '#shared/domain/fund/day-root.ts'
import { instant } from '#shared/kernel/time.ts'
import { startBackend, type Backend } from '../fixtures/backend.ts'
import { call, lambdaContext } from '../fixtures/call.ts'
import { sale, settlement } from '../domain/fund-story.ts'
import { deliver, disturb, ledgerOf, record } from './fund-table.ts'

/** Goal: the root of a day over all funds is published once, never changed, and is what anybody makes of the ledgers. */
let backend: Backend
const FUNDS = Array.from({ length: 150 }, (_each, at) => `c-root-${at + 1}`)
const [FIRST = '', SECOND = ''] = FUNDS

const clock = (text: string) => vi.setSystemTime(text)
const now = () => instant(Date.now())
const always = () => true
const of = (fundId: string, events: readonly SaleEvent[]) =>
  events.map((event) => ({ ...event, compoundId: fundId })) as SaleEvent[]
const post = async (fundId: string, events: readonly SaleEvent[]) => {
  await record(backend, of(fundId, events))
  await deliver(onSale, of(fundId, events))
}
const roots = async (query: Record<string, string> = {}) =>
  (await call(handler, listDayRoots, { query })).body as { items: DayRoot[]; nextCursor?: string }
const rootAt = async (day: string) =>
  (await call(handler, getDayRoot, { params: { day } })).body as DayRoot & { funds: FundStanding[] }
const daysOf = async (compoundId: string, query: Record<string, string> = {}) =>
  (await call(handler, listFundDays, { params: { compoundId }, query })).body as {
    items: { day: string; seq: number; hash: string; entryCount: number; balances: Record<string, number> }[]
    nextCursor?: string
  }

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  clock('2026-11-20T04:00:00.000Z')
  backend = await startBackend()
  await Promise.all(
    FUNDS.map((fundId) =>
      backend.put('market', {
        ...keys.place('compound', fundId),
        ...index.places('compound', 'xinqu', 'xinhua', fundId),
        ...{ entity: 'compound', v: 1, compoundId: fundId, name: fundId, type: 'old', communityId: 'xinhua' },
        ...{ communityName: '新华社区', townId: 'xinqu', townName: '新区街道', synthetic: true },
      }),
    ),
  )
  await post(FIRST, [sale('s1', 10_000), sale('s2', 500)])
  await post(SECOND, [sale('s3', 860)])
})
afterAll(async () => {
  vi.useRealTimers()
  await backend.stop()
})

describe('the roots of the days', () => {
  it('begin with the last finished day, and are what the ledgers make of them', async () => {
    clock('2026-11-20T18:30:00.000Z')
    expect(await publishRoots(now(), always)).toBe(1)
    const { items } = await roots()
    expect(items).toMatchObject([{ day: '2026-11-20', fundCount: 2, prevRoot: firstPrevRoot(sha256) }])
    const root = await rootAt('2026-11-20')
    const heads = await Promise.all([FIRST, SECOND].map((fundId) => ledgerOf(backend, fundId)))
    expect(root.funds).toEqual(heads.map(({ head }) => ({ fundId: head?.fundId, seq: head?.seq, hash: head?.hash })))
    expect(rootOfDay(root.day, root.funds, root.prevRoot, sha256).root).toBe(root.root)
  })

  it('are published once, whoever asks again, and not before the day is over', async () => {
    const before = await roots()
    clock('2026-11-21T15:59:00.000Z')
    expect(await publishRoots(now(), always)).toBe(0)
    expect(await roots()).toEqual(before)
    clock('2026-11-21T18:30:00.000Z')
    expect(await Promise.allSettled([publishRoots(now(), always), publishRoots(now(), always)])).toMatchObject([
      { status: 'fulfilled' },
      { status: 'fulfilled' },
    ])
    const after = await roots()
    expect(after.items.map(({ day }) => day)).toEqual(['2026-11-21', '2026-11-20'])
    expect(after.items[0]?.prevRoot).toBe(before.items[0]?.root)
    // Nothing was posted on that day: the same funds stand where they stood, and the root is another by its day.
    expect((await rootAt('2026-11-21')).funds).toEqual((await rootAt('2026-11-20')).funds)
  })

  it('that come days late are those of their days, although the funds have moved on', async () => {
    clock('2026-11-22T04:00:00.000Z')
    await post(FIRST, [settlement('s1')])
    const stood = (await ledgerOf(backend, FIRST)).head
    clock('2026-11-24T04:00:00.000Z')
    await post(FIRST, [sale('s5', 1_000)])
    for (const fundId of FUNDS.slice(2)) await post(fundId, [sale(`s-${fundId}`, 1_000)])
    clock('2026-11-25T18:30:00.000Z')
    let turns = 0
    // Cut off after a day, and again: each run goes on where the last one stopped.
    expect(await publishRoots(now(), () => (turns += 1) <= 1)).toBe(1)
    expect(await publishRoots(now(), always)).toBe(3)
    const { items } = await roots()
    expect(items.map(({ day }) => day.slice(-2))).toEqual(['25', '24', '23', '22', '21', '20'])
    items.slice(1).forEach((older, at) => expect(items[at]?.prevRoot).toBe(older.root))
    const late = await rootAt('2026-11-22')
    expect(late.fundCount).toBe(2)
    expect(late.funds[0]).toEqual({ fundId: FIRST, seq: stood?.seq, hash: stood?.hash })
    expect((await rootAt('2026-11-24')).funds).toHaveLength(FUNDS.length)
  })

  it('leave nothing half when the write breaks, and the next run publishes the day', async () => {
    clock('2026-11-26T18:30:00.000Z')
    const calm = disturb({
      before: () => {
        throw Object.assign(new Error('cut'), { name: 'AccessDeniedException' })
      },
    })
    await expect(publishRoots(now(), always)).rejects.toThrow('cut')
    calm()
    expect(await backend.scan('ledger')).not.toContainEqual(expect.objectContaining({ day: '2026-11-26' }))
    expect(await publishRoots(now(), always)).toBe(1)
  })

  it('come in pages, newest first; a day without one does not exist', async () => {
    const first = await roots({ limit: '3' })
    expect(first.items.map(({ day }) => day.slice(-2))).toEqual(['26', '25', '24'])
    const second = await roots({ limit: '10', cursor: first.nextCursor ?? '' })
    expect(second.items.map(({ day }) => day.slice(-2))).toEqual(['23', '22', '21', '20'])
    expect((await call(handler, getDayRoot, { params: { day: '2026-11-27' } })).status).toBe(404)
    expect((await call(handler, getDayRoot, { params: { day: '2026-13-01' } })).status).toBe(404)
  })

  it('are published by the night, before it reconciles', async () => {
    clock('2026-11-27T18:30:00.000Z')
    const run = onNightly as unknown as (event: unknown, context: unknown) => Promise<Record<string, number>>
    expect(await run({}, lambdaContext())).toMatchObject({ roots: 1, rootsBroken: 0, funds: FUNDS.length })
    expect((await roots({ limit: '1' })).items[0]?.day).toBe('2026-11-27')
  })
})

describe('the days of a fund', () => {
  it('are listed newest first with root, entries and balances, up to the last finished day', async () => {
    clock('2026-11-28T04:00:00.000Z')
    await post(FIRST, [sale('s9', 5_000)])
    const { items } = await daysOf(FIRST)
    expect(items.map(({ day, seq, entryCount }) => [day.slice(-2), seq, entryCount])).toEqual([
      ['24', 4, 1],
      ['22', 3, 1],
      ['20', 2, 2],
    ])
    expect(items[2]?.balances).toMatchObject({ sales: -210, pending: 210, available: 0 })
    expect(items[1]?.hash).toBe((await rootAt('2026-11-23')).funds.find(({ fundId }) => fundId === FIRST)?.hash)
  })

  it('count one that is over by the clock although nothing came after it', async () => {
    clock('2026-11-28T16:04:00.000Z')
    expect((await daysOf(FIRST)).items[0]?.day).toBe('2026-11-24')
    clock('2026-11-28T16:05:00.000Z')
    expect((await daysOf(FIRST)).items[0]).toMatchObject({ day: '2026-11-28', seq: 5, entryCount: 1 })
  })

  it('come in pages without a gap', async () => {
    const days: string[] = []
    let cursor: string | undefined
    do {
      const page = await daysOf(FIRST, { limit: '1', ...(cursor === undefined ? {} : { cursor }) })
      days.push(...page.items.map(({ day }) => day.slice(-2)))
      cursor = page.nextCursor
    } while (cursor !== undefined)
    expect(days).toEqual(['28', '24', '22', '20'])
    expect((await call(handler, listFundDays, { params: { compoundId: FIRST }, query: { cursor: 'x' } })).status).toBe(
      400,
    )
    expect((await call(handler, listFundDays, { params: { compoundId: 'c-none' } })).status).toBe(404)
  })
})
