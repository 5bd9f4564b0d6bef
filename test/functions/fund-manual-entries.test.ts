import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { handler } from '#functions/fund/index.ts'
import { moveFund } from '#functions/fund/move-fund.ts'
import { handler as onSale } from '#functions/fund/on-sale.ts'
import { reconcileFund } from '#functions/fund/reconcile-fund.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import type { SaleEvent } from '#shared/contracts/events.ts'
import {
  approveManualEntry,
  dropManualEntry,
  getManualEntryReason,
  listManualEntries,
  listOpenManualEntries,
  proposeManualEntry,
  type ManualEntry,
  type ManualEntryReason,
} from '#shared/contracts/fund-manual-entries.ts'
import type { Route } from '#shared/contracts/route.ts'
import { personId } from '#shared/kernel/ids.ts'
import { instant, startOfShanghaiDay } from '#shared/kernel/time.ts'
import { startBackend, ISSUER, type Backend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { sale, settlement } from '../domain/fund-story.ts'
import { deliver, disturb, ledgerOf, record } from './fund-table.ts'

vi.mock('#functions/platform/token.ts', () => ({
  personOfToken: async (token: string) => personId(ISSUER, token),
}))

let backend: Backend
let fund = ''
let calm = () => {}
const clock = (day: string, hour = 12) => vi.setSystemTime(Date.parse(startOfShanghaiDay(day)) + hour * 3_600_000)

async function role(sub: string, held: string, scopeId = '371502'): Promise<void> {
  const person = personId(ISSUER, sub)
  await backend.put('market', {
    ...keys.membership(person, held, scopeId),
    ...{ entity: 'membership', v: 1, personId: person, memberId: `m-${sub}`, role: held },
    ...{ scopeId, scopeName: '东昌府区' },
  })
}

const agreement = (version: number, fromDay: string, inKind?: true) => ({
  ...{ agreementId: 'agr-1', version, rateBps: 200, fromDay, toDay: '2027-12-31', purposes: ['环境提升'] },
  ...(inKind === undefined ? {} : { inKind }),
})

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  clock('2026-11-24')
  backend = await startBackend()
  const coop = {
    coopId: 'coop-1',
    name: '示例合作社',
    villageId: 'village-1',
    villageName: '堂邑村',
    townName: '堂邑镇',
  }
  await Promise.all([
    role('admin-a', 'admin'),
    role('admin-b', 'admin'),
    role('charity-a', 'charity'),
    role('worker', 'worker', 'xinhua'),
    role('stranger', 'worker', 'elsewhere'),
    role('member', 'coop', 'coop-1'),
    backend.put('market', { ...keys.place('coop', 'coop-1'), entity: 'coop', v: 1, ...coop }),
    backend.put('market', {
      ...keys.pairing('xinhua', 'village-1'),
      ...{ entity: 'pairing', v: 1, pairingId: 'p-1', communityId: 'xinhua', communityName: '新华社区' },
      ...{
        villageId: 'village-1',
        villageName: '堂邑村',
        townName: '堂邑镇',
        fromDay: '2026-01-01',
        toDay: '2027-12-31',
      },
      ...{ synthetic: true, agreements: [agreement(1, '2026-01-01'), agreement(2, '2026-11-01', true)] },
    }),
  ])
})
beforeEach(async () => {
  clock('2026-11-25')
  fund = `c-${randomUUID().slice(0, 8)}`
  await backend.put('market', {
    ...{ ...keys.place('compound', fund), ...index.places('compound', 'xinqu', 'xinhua', fund) },
    ...{ entity: 'compound', v: 1, compoundId: fund, name: '示例小区', type: 'old', communityId: 'xinhua' },
    ...{ communityName: '新华社区', townId: 'xinqu', townName: '新区街道', synthetic: true },
  })
})
afterEach(() => {
  calm()
  calm = () => {}
})
afterAll(async () => {
  vi.useRealTimers()
  await backend.stop()
})

async function ask<Answer>(route: Route, as: string | undefined, input: Omit<Parameters<typeof call>[2], 'as'> = {}) {
  const answer = await call(handler, route, { ...input, ...(as === undefined ? {} : { as }) })
  return { status: answer.status, body: answer.body as Answer & { code?: string; fields?: Record<string, string> } }
}
const told = { occurredOn: '2026-11-24', reason: '建账前慈善会代管的结余' }
/** Each proposal has its own, unless the test says otherwise. */
const voucherOf = (id: string) => `PZ-${id.slice(0, 8).toUpperCase()}`
const opening = (amountFen = 50_000) => ({ kind: 'opening', amountFen, ...told })
const correction = (direction: 'in' | 'out', amountFen: number, more: object = {}) => ({
  ...{ kind: 'correction', direction, amountFen, ...told, reason: '银行手续费多记' },
  ...more,
})
const gift = (more: object = {}) => ({
  ...{ kind: 'in-kind', amountFen: 30_000, ...told, reason: '捐赠长椅两张', purpose: 'facilities', coopId: 'coop-1' },
  ...more,
})
const params = (manualEntryId: string) => ({ params: { compoundId: fund, manualEntryId } })
const propose = (id: string, body: object, as = 'admin-a') =>
  ask<ManualEntry>(proposeManualEntry, as, { ...params(id), body: { voucherNumber: voucherOf(id), ...body } })
const approve = (id: string, amountFen: number, as = 'admin-b') =>
  ask<ManualEntry>(approveManualEntry, as, { ...params(id), body: { amountFen } })
const drop = (id: string, as = 'admin-a', words = '凭证写错了') =>
  ask<ManualEntry>(dropManualEntry, as, { ...params(id), body: { words } })
/** Open to everybody; whoever signs in shows a token. */
const reasonOf = (seq: number, as?: string) =>
  ask<ManualEntryReason>(getManualEntryReason, undefined, {
    params: { compoundId: fund, seq: String(seq) },
    ...(as === undefined ? {} : { headers: { authorization: `Bearer ${as}` } }),
  })
const balances = async () => (await ledgerOf(backend, fund)).head?.balances
async function posted(body: object & { amountFen: number }): Promise<string> {
  const id = randomUUID()
  expect(await propose(id, body)).toMatchObject({ status: 200, body: { state: 'proposed' } })
  expect(await approve(id, body.amountFen)).toMatchObject({ status: 200, body: { state: 'posted' } })
  return id
}
async function sold(events: readonly SaleEvent[]): Promise<void> {
  const here = events.map((event) => ({
    ...{ ...event, compoundId: fund, occurredAt: startOfShanghaiDay('2026-11-24') },
    ...('saleDay' in event ? { saleDay: '2026-11-24' } : {}),
  }))
  await record(backend, here)
  await deliver(onSale, here)
}

describe('a manual entry', () => {
  it('is in the ledger when a second person has typed its sum from the voucher, and not before', async () => {
    const id = randomUUID()
    const proposed = await propose(id, opening())
    expect(proposed).toMatchObject({
      status: 200,
      body: {
        state: 'proposed',
        movedFen: 50_000,
        proposedByCaller: true,
        may: ['drop'],
        voucherNumber: voucherOf(id),
      },
    })
    expect(await balances()).toBeUndefined()
    expect(await approve(id, 50_000, 'admin-a')).toMatchObject({ status: 409, body: { code: 'SAME_PERSON' } })
    const wrong = await approve(id, 5_000)
    expect(wrong).toMatchObject({ status: 409, body: { code: 'TYPED_AMOUNT_DIFFERS' } })
    expect(await balances()).toBeUndefined()
    expect(await approve(id, 50_000, 'charity-a')).toMatchObject({
      status: 200,
      body: { state: 'posted', seq: 1, may: [] },
    })
    expect(await balances()).toMatchObject({ available: 50_000, cash: 50_000 })
    const { verified, entries } = await ledgerOf(backend, fund)
    expect([verified.problems, entries.map(({ kind, eventId }) => [kind, eventId])]).toEqual([
      [],
      [['opening', 'opening']],
    ])
  })

  it('is proposed and approved by the district and the charity alone, and read by the community’s worker', async () => {
    const id = randomUUID()
    for (const as of ['worker', 'stranger', 'member']) expect((await propose(id, opening(), as)).status).toBe(403)
    expect((await propose(id, opening(), 'charity-a')).status).toBe(200)
    for (const as of ['worker', 'stranger', 'member']) {
      expect((await approve(id, 50_000, as)).status).toBe(403)
      expect((await drop(id, as)).status).toBe(403)
    }
    const list = (as: string) => ask<{ items: ManualEntry[] }>(listManualEntries, as, { params: { compoundId: fund } })
    for (const as of ['worker', 'charity-a', 'admin-b'])
      expect((await list(as)).body.items).toMatchObject([{ manualEntryId: id }])
    expect((await list('worker')).body.items[0]?.may).toEqual([])
    for (const as of ['stranger', 'member']) expect((await list(as)).status).toBe(403)
    // Who did what is nobody's business.
    expect(JSON.stringify((await list('worker')).body)).not.toMatch(/issuer|admin-|charity-/)
  })

  it('that waits is found by whoever may approve it, and no longer when it has ended', async () => {
    const [first, second] = [randomUUID(), randomUUID()]
    const open = async () => {
      const { body } = await ask<{ items: ManualEntry[] }>(listOpenManualEntries, 'charity-a', {
        query: { limit: '100' },
      })
      return body.items.filter(({ fundId }) => fundId === fund).map(({ manualEntryId }) => manualEntryId)
    }
    await propose(first, opening())
    await propose(second, gift())
    expect((await open()).sort()).toEqual([first, second].sort())
    await approve(first, 50_000)
    await drop(second)
    expect(await open()).toEqual([])
    expect((await ask(listOpenManualEntries, 'worker')).status).toBe(403)
  })

  it('sent again is the same one; its number for another one is refused', async () => {
    const id = randomUUID()
    const first = await propose(id, opening())
    expect(await propose(id, opening())).toEqual(first)
    expect(await propose(id, opening(60_000))).toMatchObject({ status: 409, body: { code: 'MANUAL_ENTRY_ID_REUSED' } })
    expect(await propose(id, opening(), 'admin-b')).toMatchObject({
      status: 409,
      body: { code: 'MANUAL_ENTRY_ID_REUSED' },
    })
  })

  it('proposed or approved twenty times at once is one', async () => {
    const id = randomUUID()
    const twenty = <Answer>(work: () => Promise<Answer>) => Promise.all(Array.from({ length: 20 }, work))
    expect(new Set((await twenty(() => propose(id, correction('in', 700)))).map(({ status }) => status))).toEqual(
      new Set([200]),
    )
    expect(new Set((await twenty(() => approve(id, 700))).map(({ status }) => status))).toEqual(new Set([200]))
    expect((await ledgerOf(backend, fund)).entries).toHaveLength(1)
    expect(await balances()).toMatchObject({ available: 700, cash: 700 })
  })

  it('is not approved after it was dropped, nor dropped after it was posted', async () => {
    const id = randomUUID()
    await propose(id, correction('in', 700))
    expect(await drop(id, 'admin-b')).toMatchObject({ status: 200, body: { state: 'dropped', words: '凭证写错了' } })
    expect((await drop(id, 'admin-b')).status).toBe(200)
    expect(await drop(id, 'admin-a')).toMatchObject({ status: 409, body: { code: 'NOT_PROPOSED' } })
    expect(await approve(id, 700)).toMatchObject({ status: 409, body: { code: 'NOT_PROPOSED' } })
    const other = await posted(correction('in', 700))
    expect(await drop(other)).toMatchObject({ status: 409, body: { code: 'NOT_PROPOSED' } })
    expect((await ledgerOf(backend, fund)).entries).toHaveLength(1)
  })

  it('dropped while it is approved is one or the other', async () => {
    const id = randomUUID()
    await propose(id, correction('in', 700))
    let dropped: Awaited<ReturnType<typeof drop>> | undefined
    calm = disturb({
      before: async () => {
        calm()
        dropped ??= await drop(id)
      },
    })
    expect(await approve(id, 700)).toMatchObject({ status: 409, body: { code: 'NOT_PROPOSED' } })
    expect(dropped).toMatchObject({ status: 200, body: { state: 'dropped' } })
    expect((await ledgerOf(backend, fund)).entries).toEqual([])
  })

  it.each(['before', 'after'] as const)(
    'is posted whole or not at all when the machine dies %s its write',
    async (when) => {
      const id = randomUUID()
      await propose(id, correction('in', 700))
      calm = disturb({
        [when]: () => {
          throw new Error('killed')
        },
      })
      expect((await approve(id, 700)).status).toBe(500)
      calm()
      expect((await ledgerOf(backend, fund)).entries).toHaveLength(when === 'after' ? 1 : 0)
      expect(await approve(id, 700)).toMatchObject({ status: 200, body: { state: 'posted', seq: 1 } })
      expect((await ledgerOf(backend, fund)).entries).toHaveLength(1)
    },
  )

  it('has a voucher of its own: typed a second time it is refused, until the first is dropped', async () => {
    const [first, second] = [randomUUID(), randomUUID()]
    const same = { ...correction('in', 700), voucherNumber: 'PZ-0001' }
    expect((await propose(first, same)).status).toBe(200)
    const again = await propose(second, { ...same, voucherNumber: ' pz-0001' })
    expect(again).toMatchObject({ status: 409, body: { code: 'VOUCHER_USED' } })
    expect(Object.keys(again.body.fields ?? {})).toEqual(['voucherNumber'])
    await drop(first)
    expect((await propose(second, same)).status).toBe(200)
    expect((await approve(second, 700)).status).toBe(200)
    expect((await propose(randomUUID(), same)).status).toBe(409)
  })

  it('of one voucher, proposed by two at once, is one', async () => {
    const same = { ...correction('in', 700), voucherNumber: 'PZ-0001' }
    const answers = await Promise.all(Array.from({ length: 8 }, () => propose(randomUUID(), same)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]))
  })

  it('that waits stands on the first page, however many have ended since', async () => {
    const first = randomUUID()
    await propose(first, correction('in', 700))
    for (let count = 0; count < 3; count += 1) {
      clock('2026-11-25', 13 + count)
      await posted(correction('in', 1))
    }
    const page = (query: Record<string, string>) =>
      ask<{ items: ManualEntry[]; nextCursor?: string }>(listManualEntries, 'worker', {
        ...{ params: { compoundId: fund }, query: { limit: '2', ...query } },
      })
    const { items, nextCursor } = (await page({})).body
    expect(items.map(({ manualEntryId, state }) => [manualEntryId === first, state])).toEqual([
      ...[[true, 'proposed']],
      ...Array.from({ length: 2 }, () => [false, 'posted']),
    ])
    const rest = (await page({ cursor: nextCursor ?? '' })).body
    expect(rest.items.map(({ state }) => state)).toEqual(['posted'])
  })

  it('is proposed no more where fifty wait', async () => {
    for (let count = 0; count < 49; count += 1) await propose(randomUUID(), correction('in', 1))
    // The fiftieth, sent again before it was answered, is not one too many of itself.
    const [fiftieth, same] = [randomUUID(), correction('in', 1)]
    const answers = await Promise.all(Array.from({ length: 12 }, () => propose(fiftieth, same)))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    const last = randomUUID()
    expect(await propose(last, correction('in', 1))).toMatchObject({ status: 409, body: { code: 'TOO_MANY_OPEN' } })
    const { body } = await ask<{ items: ManualEntry[] }>(listManualEntries, 'worker', { params: { compoundId: fund } })
    await drop(body.items[0]?.manualEntryId ?? '')
    expect((await propose(last, correction('in', 1))).status).toBe(200)
  })

  it('that cannot be is answered with the field that is wrong', async () => {
    const fields = async (body: object) => Object.keys((await propose(randomUUID(), body)).body.fields ?? {})
    expect(await fields({ ...opening(), occurredOn: '2026-11-26' })).toEqual(['occurredOn'])
    expect(await fields({ ...opening(), occurredOn: '0026-11-20' })).toEqual(['occurredOn'])
    expect(await fields(correction('in', 5, { correctsSeq: 9 }))).toEqual(['correctsSeq'])
    expect(await fields(gift({ coopId: 'coop-9' }))).toEqual(['coopId'])
    expect((await propose(randomUUID(), { ...opening(), amountFen: 0 })).status).toBe(400)
    expect((await approve(randomUUID(), 5)).status).toBe(404)
    expect((await drop(randomUUID())).status).toBe(404)
  })
})

describe('an opening balance', () => {
  it('is posted once: another one is refused, of whatever sum, before and while it is approved', async () => {
    const [first, same, more] = [randomUUID(), randomUUID(), randomUUID()]
    for (const [id, fen] of [
      [first, 50_000],
      [same, 50_000],
      [more, 60_000],
    ] as const)
      await propose(id, opening(fen))
    expect((await approve(first, 50_000)).status).toBe(200)
    expect(await approve(same, 50_000)).toMatchObject({ status: 409, body: { code: 'OPENING_POSTED' } })
    expect(await approve(more, 60_000)).toMatchObject({ status: 409, body: { code: 'OPENING_POSTED' } })
    expect(await propose(randomUUID(), opening())).toMatchObject({ status: 409, body: { code: 'OPENING_POSTED' } })
    expect(await balances()).toMatchObject({ available: 50_000 })
    expect((await drop(same)).status).toBe(200)
  })
})

describe('a correction', () => {
  it('adds or takes away, and names the entry that it puts right', async () => {
    await posted(opening())
    await posted(correction('out', 1_200, { correctsSeq: 1 }))
    await posted(correction('in', 200))
    expect(await balances()).toMatchObject({ available: 49_000, cash: 49_000 })
    expect((await reasonOf(2, 'worker')).body).toMatchObject({
      movedFen: -1_200,
      correctsSeq: 1,
      reason: '银行手续费多记',
    })
  })

  it('never takes more than is free, whatever was proposed before', async () => {
    await posted(opening(1_000))
    const [first, second] = [randomUUID(), randomUUID()]
    for (const id of [first, second]) expect((await propose(id, correction('out', 600))).status).toBe(200)
    expect((await approve(first, 600)).status).toBe(200)
    expect(await approve(second, 600)).toMatchObject({ status: 409, body: { code: 'NOT_AVAILABLE' } })
    expect(await propose(randomUUID(), correction('out', 401))).toMatchObject({
      status: 409,
      body: { code: 'NOT_AVAILABLE' },
    })
    expect(await balances()).toMatchObject({ available: 400, cash: 400 })
  })

  it('never takes what has not arrived at the charity', async () => {
    await sold([sale('s1', 100_000), settlement('s1')])
    expect(await balances()).toMatchObject({ available: 2_000, cash: 0 })
    expect(await propose(randomUUID(), correction('out', 100))).toMatchObject({
      status: 409,
      body: { code: 'CASH_SHORT' },
    })
  })
})

describe('a gift in kind', () => {
  it('is posted where the agreement of its day allows it: used at once, no money moves', async () => {
    await posted(gift())
    expect(await balances()).toMatchObject({ available: 0, cash: 0, spent: 30_000 })
    expect((await reasonOf(1, 'worker')).body).toMatchObject({ purpose: 'facilities', coopName: '示例合作社' })
    // Money is no remedy for goods.
    await posted(opening())
    expect(await propose(randomUUID(), correction('out', 100, { correctsSeq: 1 }))).toMatchObject({
      ...{ status: 422, body: { code: 'ENTRY_UNKNOWN' } },
    })
  })

  it('is refused under the version that does not allow it', async () => {
    expect(await propose(randomUUID(), gift({ occurredOn: '2026-10-31' }))).toMatchObject({
      ...{ status: 409, body: { code: 'IN_KIND_NOT_AGREED' } },
    })
  })
})

describe('the reason', () => {
  it('is read by everybody from the day after, with neither voucher nor persons', async () => {
    const id = await posted(opening())
    expect((await reasonOf(1)).status).toBe(404)
    expect((await reasonOf(1, 'stranger')).status).toBe(404)
    expect((await reasonOf(1, 'worker')).status).toBe(200)
    clock('2026-11-26')
    expect((await reasonOf(1)).body).toEqual({
      ...{ manualEntryId: id, fundId: fund, seq: 1, kind: 'opening', movedFen: 50_000 },
      ...{ occurredOn: '2026-11-24', reason: '建账前慈善会代管的结余' },
    })
    expect((await reasonOf(2)).status).toBe(404)
  })

  it('is there for no entry of a sale', async () => {
    await sold([sale('s1', 100_000)])
    expect((await reasonOf(1, 'worker')).status).toBe(404)
  })
})

describe('the check of the books', () => {
  const found = async () =>
    (await reconcileFund(fund, instant(Date.now()), { whole: true, hasTime: () => true })).problems.map(
      ({ invariant, what }) => `${invariant} ${what}`,
    )
  const recordOf = async (id: string) =>
    (await backend.scan('market')).find((item) => item['entity'] === 'manualEntry' && item['manualEntryId'] === id) ??
    {}

  const waiting = async () => {
    const { body } = await ask<{ items: ManualEntry[] }>(listManualEntries, 'worker', { params: { compoundId: fund } })
    return body.items.find(({ state }) => state === 'proposed')?.manualEntryId ?? ''
  }

  it('finds nothing where each has its two persons', async () => {
    await posted(opening())
    await posted(correction('out', 100))
    await posted(gift())
    // What only waits is nobody's entry yet.
    const late = { ...opening(), kind: 'correction', direction: 'in' }
    await propose(randomUUID(), late)
    await backend.put('market', { ...(await recordOf(await waiting())), kind: 'opening' })
    expect(await found()).toEqual([])
  })

  it('names what was posted past the two persons', async () => {
    const movement = { kind: 'correction', eventId: `correction:${randomUUID()}`, movedFen: 900 } as const
    await moveFund(fund, [{ ...movement, occurredAt: startOfShanghaiDay('2026-11-24') }])
    expect(await found()).toEqual([
      expect.stringMatching(/^I12 entry 1 \(correction:.*\) was posted by hand and has no record$/),
    ])
  })

  it('names a record that says another sum, another state, or the same person twice', async () => {
    const record = await recordOf(await posted(correction('in', 900)))
    const cases = [
      [{ occurredOn: '2026-11-23' }, /is of another day, donor or purpose than its record says$/],
      [{ coopId: 'coop-1' }, /is of another day, donor or purpose than its record says$/],
      [{ movedFen: 901 }, /moved 900 fen, its record says 901$/],
      [{ state: 'dropped' }, /has a record that is dropped$/],
      [{ endedBy: record['proposedBy'] }, /was approved by nobody else$/],
    ] as const
    for (const [change, words] of cases) {
      await backend.put('market', { ...record, ...change })
      expect(await found()).toEqual([expect.stringMatching(words)])
    }
    await backend.put('market', { ...record, seq: 2 })
    expect(await found()).toContainEqual(expect.stringMatching(/^I12 entry 1 .* has the record of another entry$/))
    await backend.put('market', record)
    expect(await found()).toEqual([])
  })

  it('names a record that is said to be posted and is not', async () => {
    const id = randomUUID()
    await propose(id, correction('in', 900))
    await backend.put('market', { ...(await recordOf(id)), state: 'posted', seq: 3, endedBy: 'somebody' })
    expect(await found()).toEqual([`I12 manual entry ${id} is said to be posted and is not`])
  })
})
