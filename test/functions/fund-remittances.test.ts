import { randomUUID } from 'node:crypto'
import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { handler } from '#functions/fund/index.ts'
import { eachNight } from '#functions/fund/on-nightly.ts'
import { handler as onSale } from '#functions/fund/on-sale.ts'
import { reconcileFund } from '#functions/fund/reconcile-fund.ts'
import { loadLines } from '#functions/fund/remittance-store.ts'
import type { RemittanceLineItem } from '#functions/platform/table/items/remittances.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import {
  confirmRemittance,
  dropRemittance,
  getRemittance,
  listDonations,
  listDue,
  listRemittanceLines,
  listRemittances,
  prepareRemittance,
  recordRemittanceTransfer,
  returnRemittanceTransfer,
  type Donation,
  type Due,
  type Remittance,
  type RemittanceLine,
} from '#shared/contracts/fund-remittances.ts'
import type { SaleEvent } from '#shared/contracts/events.ts'
import type { Route } from '#shared/contracts/route.ts'
import { personId } from '#shared/kernel/ids.ts'
import { instant, startOfShanghaiDay } from '#shared/kernel/time.ts'
import { startBackend, ISSUER, type Backend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { aCoopMember } from '../fixtures/market.ts'
import { reversal, sale, settlement } from '../domain/fund-story.ts'
import { deliver, disturb, ledgerOf, record, readAcross } from './fund-table.ts'

let backend: Backend
let calm = () => {}
const FUNDS = ['c-r-1', 'c-r-2'] as const
const clock = (day: string, hour = 12) => vi.setSystemTime(Date.parse(startOfShanghaiDay(day)) + hour * 3_600_000)

async function compound(fundId: string): Promise<void> {
  await backend.put('market', {
    ...{ ...keys.place('compound', fundId), ...index.places('compound', 'xinqu', 'xinhua', fundId) },
    ...{ entity: 'compound', v: 1, compoundId: fundId, name: `小区 ${fundId}`, type: 'old', communityId: 'xinhua' },
    ...{ communityName: '新华社区', townId: 'xinqu', townName: '新区街道', synthetic: true },
  })
}

async function role(sub: string, held: string): Promise<void> {
  const person = personId(ISSUER, sub)
  await backend.put('market', {
    ...keys.membership(person, held, '371502'),
    ...{ entity: 'membership', v: 1, personId: person, memberId: `m-${sub}`, role: held },
    ...{ scopeId: '371502', scopeName: '东昌府区' },
  })
}

const at = (fundId: string, day: string, events: readonly SaleEvent[]): SaleEvent[] =>
  events.map((event) => ({
    ...{ ...event, compoundId: fundId, occurredAt: startOfShanghaiDay(day) },
    ...('saleDay' in event ? { saleDay: day } : {}),
  }))

async function sold(fundId: string, day: string, events: readonly SaleEvent[]): Promise<void> {
  clock(day)
  await record(backend, at(fundId, day, events))
  await deliver(onSale, at(fundId, day, events))
}

async function ask<Answer>(route: Route, as: string, input: Omit<Parameters<typeof call>[2], 'as'> = {}) {
  const answer = await call(handler, route, { ...input, as })
  return { status: answer.status, body: answer.body as Answer & { code?: string } }
}
const params = (remittanceId: string) => ({ params: { remittanceId } })
const prepare = (remittanceId: string, as = 'admin-a') => ask<Remittance>(prepareRemittance, as, params(remittanceId))
const sent = { bankReference: 'BANK-0001', transferredOn: '2026-11-25', amountFen: 20_034 }
const record2 = (remittanceId: string, as = 'admin-b', body: object = sent) =>
  ask<Remittance>(recordRemittanceTransfer, as, { ...params(remittanceId), body })
const receipt = { receiptNumber: 'PJ-0001', receivedOn: '2026-11-25', amountFen: 20_034 }
const confirm = (remittanceId: string, as = 'charity-a', body: object = receipt) =>
  ask<Remittance>(confirmRemittance, as, { ...params(remittanceId), body })
const due = async () => (await ask<Due>(listDue, 'admin-a')).body

/** Two funds, two donors in the first: ¥200.00 and 34 fen settled on the 24th; today is the 25th. */
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  clock('2026-11-24')
  backend = await startBackend()
  await Promise.all([
    ...FUNDS.map(compound),
    backend.put('market', {
      ...{ ...keys.place('district', '371502'), ...index.places('district', '', '', '371502') },
      ...{ entity: 'district', v: 1, districtId: '371502', name: '东昌府区', charityName: '示例慈善总会' },
    }),
    ...(['admin-a', 'admin-b'] as const).map((sub) => role(sub, 'admin')),
    ...(['charity-a', 'admin-b'] as const).map((sub) => role(sub, 'charity')),
    aCoopMember(backend, 'member', 'coop-1'),
  ])
  await sold('c-r-1', '2026-11-24', [sale('s1', 1_000_000), settlement('s1'), sale('s2', 5_000)])
  await sold('c-r-1', '2026-11-24', [sale('s3', 860, { coopId: 'coop-2' }), settlement('s3')])
  await sold('c-r-2', '2026-11-24', [sale('s4', 860), settlement('s4')])
  clock('2026-11-25')
})
afterEach(() => {
  calm()
  calm = () => {}
})
afterAll(async () => {
  vi.useRealTimers()
  await backend.stop()
})

// The tests tell one story, in order: a list that was dropped, a remittance to its end, and the next one.
describe('what is due', () => {
  it('is what was settled by the last closed day, by fund and donor; what is pending or of today is not', async () => {
    await sold('c-r-2', '2026-11-25', [sale('s5', 50_000), settlement('s5')])
    expect(await due()).toMatchObject({
      ...{ charityName: '示例慈善总会', throughDay: '2026-11-24', totalFen: 20_034, aheadFen: 0, fundCount: 2 },
      byCoop: [
        { coopId: 'coop-1', dueFen: 20_017 },
        { coopId: 'coop-2', dueFen: 17 },
      ],
      rows: [
        { compoundId: 'c-r-1', coopId: 'coop-1', dueFen: 20_000 },
        { compoundId: 'c-r-1', coopId: 'coop-2', dueFen: 17 },
        { compoundId: 'c-r-2', coopId: 'coop-1', dueFen: 17 },
      ],
    })
    expect(await due()).not.toHaveProperty('sinceDay')
  })
})

describe('a list', () => {
  it('is made once, however often it is asked for; meanwhile there is no other; dropped, it moves nothing', async () => {
    const [id, other] = [randomUUID(), randomUUID()]
    const made = await Promise.all(Array.from({ length: 6 }, () => prepare(id)))
    expect(made.map(({ status }) => status)).toEqual(made.map(() => 200))
    expect(made[0]?.body).toMatchObject({
      state: 'prepared',
      totalFen: 20_034,
      fundCount: 2,
      lineCount: 3,
      may: ['drop'],
    })
    expect(await prepare(other)).toMatchObject({ status: 409, body: { code: 'REMITTANCE_OPEN' } })
    expect((await due()).openRemittanceId).toBe(id)
    expect(await ask(getRemittance, 'admin-a', params(other))).toMatchObject({ status: 404 })
    const drop = () => ask<Remittance>(dropRemittance, 'admin-a', { ...params(id), body: { words: '写错了' } })
    expect(await drop()).toMatchObject({ status: 200, body: { state: 'dropped', may: [] } })
    expect(await drop()).toMatchObject({ status: 200, body: { state: 'dropped' } })
    expect(await prepare(id)).toMatchObject({ body: { state: 'dropped' } })
    expect(await record2(id)).toMatchObject({ status: 409, body: { code: 'NOT_PREPARED' } })
    expect((await due()).totalFen).toBe(20_034)
  })

  it('whose lines somebody else wrote while they were looked for is theirs, and nobody breaks over it', async () => {
    const id = randomUUID()
    let other: Awaited<ReturnType<typeof prepare>> | undefined
    const isOfLines = (request: { operation: string }) =>
      request.operation === 'Query' && JSON.stringify(request).includes(id)
    calm = readAcross(isOfLines, async () => (other = await prepare(id)), /nothing is hidden/)
    expect(await prepare(id)).toMatchObject({ status: 200, body: { state: 'prepared', lineCount: 3 } })
    expect(other).toMatchObject({ status: 200, body: { state: 'prepared', lineCount: 3 } })
    calm()
    await ask<Remittance>(dropRemittance, 'admin-a', { ...params(id), body: { words: '写错了' } })
  })

  // The first transaction begins the list, the second one writes its lines.
  it.each(['before', 'after'] as const)(
    'is finished by asking again when it was cut off %s its lines',
    async (when) => {
      clock('2026-11-25', 13)
      const id = randomUUID()
      let writes = 0
      const kill = () => {
        if ((writes += 1) === 2) throw new Error('killed')
      }
      calm = disturb({ [when]: kill })
      expect((await prepare(id)).status).toBe(500)
      calm()
      expect(await ask(getRemittance, 'admin-b', params(id))).toMatchObject({
        body: { state: 'preparing', may: ['resume', 'drop'] },
      })
      expect((await prepare(id, 'admin-b')).body).toMatchObject({ state: 'prepared', totalFen: 20_034, lineCount: 3 })
      await ask(dropRemittance, 'admin-a', { ...params(id), body: { words: '再来一次' } })
    },
  )

  it('that came back again and again is dropped, and never stands where no step is left', async () => {
    const id = randomUUID()
    expect((await prepare(id)).body.state).toBe('prepared')
    const slip = (turn: number) => ({ ...sent, bankReference: `BACK-${String(turn).padStart(4, '0')}` })
    const codes: (string | undefined)[] = []
    for (let turn = 1; turn <= 25 && codes.at(-1) === undefined; turn++) {
      const told = await record2(id, 'admin-b', slip(turn))
      codes.push(told.body.code)
      if (told.status !== 200) break
      const body = { bankReference: slip(turn).bankReference, words: '又退回了' }
      expect((await ask(returnRemittanceTransfer, 'admin-a', { ...params(id), body })).status).toBe(200)
    }
    expect(codes.at(-1)).toBe('TOO_MANY_TRANSFERS')
    expect(codes.length).toBeGreaterThan(10)
    expect(await ask(dropRemittance, 'admin-a', { ...params(id), body: { words: '重新列' } })).toMatchObject({
      ...{ status: 200, body: { state: 'dropped' } },
    })
  })
})

describe('two at once', () => {
  it('lists by two persons: one of them is made', async () => {
    clock('2026-11-25', 13)
    const ids = [randomUUID(), randomUUID(), randomUUID()]
    const made = await Promise.all(ids.map((id) => prepare(id)))
    expect(made.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    const id = ids[made.findIndex(({ status }) => status === 200)] ?? ''
    // Somebody drops it at the very moment when the slip is written.
    let isDropped = false
    calm = disturb({
      before: async (request) => {
        if (isDropped || !JSON.stringify(request.input).includes('BANK-0000')) return
        isDropped = true
        const body = { words: '放弃' }
        expect((await ask(dropRemittance, 'admin-a', { ...params(id), body })).status).toBe(200)
      },
    })
    expect(await record2(id, 'admin-b', { ...sent, bankReference: 'BANK-0000' })).toMatchObject({
      ...{ status: 409, body: { code: 'NOT_PREPARED' } },
    })
    expect(isDropped).toBe(true)
  })
})

describe('a remittance', () => {
  const id = randomUUID()

  it('needs three persons: who lists, who records the slip, and the charity', async () => {
    clock('2026-11-25', 14)
    expect((await prepare(id)).body.state).toBe('prepared')
    expect(await confirm(id)).toMatchObject({ status: 409, body: { code: 'NOT_SENT' } })
    expect(await record2(id, 'admin-a')).toMatchObject({ status: 409, body: { code: 'SAME_PERSON' } })
    expect(await record2(id, 'charity-a')).toMatchObject({ status: 403 })
    expect(await record2(id, 'member')).toMatchObject({ status: 403 })
    expect(await record2(id, 'admin-b', { ...sent, amountFen: 20_033 })).toMatchObject({
      body: { code: 'AMOUNT_DIFFERS', fields: { amountFen: expect.stringContaining('不一致') } },
    })
    for (const transferredOn of ['2026-11-24', '2026-11-26'])
      expect(await record2(id, 'admin-b', { ...sent, transferredOn })).toMatchObject({
        body: { code: 'TRANSFERRED_ON_WRONG' },
      })
    const told = await Promise.all(Array.from({ length: 5 }, () => record2(id)))
    expect(told.map(({ status, body }) => [status, body.state])).toEqual(told.map(() => [200, 'sent']))
    expect(told[0]?.body).toMatchObject({
      waitsFor: 'charity',
      may: ['return'],
      transfer: { bankReference: 'BANK-0001' },
    })
    // Who recorded the slip keeps the charity's books too, and may not confirm what they sent.
    expect(await confirm(id, 'admin-b')).toMatchObject({ status: 409, body: { code: 'SAME_PERSON' } })
    expect(await confirm(id, 'admin-a')).toMatchObject({ status: 403 })
  })

  it('waits for a transfer again when the bank sent it back, and that slip’s number stays used', async () => {
    const back = (bankReference: string) =>
      ask<Remittance>(returnRemittanceTransfer, 'admin-a', {
        ...params(id),
        body: { bankReference, words: '账号有误退回' },
      })
    expect(await back('BANK-9999')).toMatchObject({ status: 409, body: { code: 'REFERENCE_DIFFERS' } })
    expect(await back('BANK-0001')).toMatchObject({ status: 200, body: { state: 'prepared' } })
    expect(await back('BANK-0001')).toMatchObject({ status: 200, body: { state: 'prepared' } })
    expect(await record2(id)).toMatchObject({ status: 409, body: { code: 'BANK_REFERENCE_USED' } })
    expect(await record2(id, 'admin-b', { ...sent, bankReference: 'BANK-0002' })).toMatchObject({
      status: 200,
      body: { state: 'sent' },
    })
    expect(await ask(dropRemittance, 'admin-a', { ...params(id), body: { words: '不要了' } })).toMatchObject({
      body: { code: 'NOT_PREPARED' },
    })
  })

  it('is posted when the charity confirms it, once however often it confirms: due becomes cash in each ledger', async () => {
    const before = await ledgerOf(backend, 'c-r-1')
    expect(before.head?.balances).toMatchObject({ due: 20_017, cash: 0, available: 20_017 })
    expect(await confirm(id, 'charity-a', { ...receipt, amountFen: 20_035 })).toMatchObject({
      body: { code: 'AMOUNT_DIFFERS' },
    })
    expect(await confirm(id, 'charity-a', { ...receipt, receivedOn: '2026-11-24' })).toMatchObject({
      body: { code: 'RECEIVED_ON_WRONG' },
    })
    const told = await Promise.all(Array.from({ length: 5 }, () => confirm(id)))
    expect(told.map(({ status }) => status)).toEqual(told.map(() => 200))
    expect((await ask<Remittance>(getRemittance, 'admin-a', params(id))).body).toMatchObject({
      ...{ state: 'posted', postedCount: 3, may: [], waitsFor: 'nobody' },
      receipt: { receiptNumber: 'PJ-0001', receivedOn: '2026-11-25' },
    })
    const [one, two] = await Promise.all(FUNDS.map((fund) => ledgerOf(backend, fund)))
    expect(one?.head?.balances).toMatchObject({ due: 0, cash: 20_017, available: 20_017 })
    expect(two?.head?.balances).toMatchObject({ due: 1_000, cash: 17 })
    expect(one?.entries.filter(({ kind }) => kind === 'remittance')).toHaveLength(2)
    expect([one?.verified.ok, two?.verified.ok]).toEqual([true, true])
    for (const fund of FUNDS)
      expect(await reconcileFund(fund, instant(Date.now()), { whole: true, hasTime: () => true })).toMatchObject({
        ...{ ok: true, problems: [] },
      })
  })

  it('is shown to whom it concerns: lines, the list, and the co-op’s receipts with exact and whole sums', async () => {
    const lines = await ask<{ items: RemittanceLine[] }>(listRemittanceLines, 'charity-a', params(id))
    expect(lines.body.items.map(({ amountFen, posted }) => [amountFen, posted])).toEqual([
      [20_000, true],
      [17, true],
      [17, true],
    ])
    const listed = await ask<{ items: Remittance[] }>(listRemittances, 'admin-a')
    expect(listed.body.items.map(({ state }) => state).sort()).toEqual([...Array<string>(6).fill('dropped'), 'posted'])
    const own = { params: { coopId: 'coop-1' } }
    const gifts = await ask<{ items: Donation[] }>(listDonations, 'member', own)
    expect(gifts.body.items.map(({ compoundId, amountFen }) => [compoundId, amountFen]).sort()).toEqual([
      ['c-r-1', 20_000],
      ['c-r-2', 17],
    ])
    expect(gifts.body.items.find(({ compoundId }) => compoundId === 'c-r-2')).toMatchObject({
      ...{ settledE4Fen: 172_000, settledFen: 17, remittedBeforeFen: 0, receiptNumber: 'PJ-0001' },
    })
    expect(await ask(listDonations, 'member', { params: { coopId: 'coop-2' } })).toMatchObject({ status: 403 })
    expect(JSON.stringify([lines.body, listed.body, gifts.body])).not.toContain(ISSUER)
  })

  it('leaves nothing due but what was settled since; a gift given back after it arrived is netted in the next', async () => {
    clock('2026-11-26')
    await sold('c-r-1', '2026-11-26', [])
    expect(await due()).toMatchObject({ sinceDay: '2026-11-25', totalFen: 1_000 })
    const back = {
      ...at('c-r-1', '2026-11-26', [reversal('r1', 's1', 250_000)])[0],
      saleDay: '2026-11-24',
    } as SaleEvent
    await record(backend, [back])
    await deliver(onSale, [back])
    await sold('c-r-1', '2026-11-26', [sale('s6', 100_000), settlement('s6')])
    clock('2026-11-27')
    // 5,000 fen went back, 2,000 are new: the charity is 3,000 ahead, and nothing is sent for this donor.
    expect(await due()).toMatchObject({ totalFen: 1_000, aheadFen: -3_000 })
    await sold('c-r-1', '2026-11-27', [sale('s7', 200_000), settlement('s7')])
    clock('2026-11-28')
    expect(await due()).toMatchObject({ totalFen: 2_000, aheadFen: 0 })
  })

  it('that was cut off while it was posted is finished by the clock, each line once', async () => {
    const next = randomUUID()
    expect((await prepare(next)).body).toMatchObject({ totalFen: 2_000, sinceDay: '2026-11-25', lineCount: 2 })
    const wire = { bankReference: 'BANK-0003', transferredOn: '2026-11-28', amountFen: 2_000 }
    expect((await record2(next, 'admin-b', wire)).status).toBe(200)
    let ledgerWrites = 0
    calm = disturb({
      before: (request) => {
        if (!JSON.stringify(request.input).includes('postedMovement')) return
        if ((ledgerWrites += 1) === 2) throw new Error('killed')
      },
    })
    const papers = { receiptNumber: 'PJ-0002', receivedOn: '2026-11-28', amountFen: 2_000 }
    expect((await confirm(next, 'charity-a', papers)).status).toBe(500)
    calm()
    expect(await prepare(randomUUID())).toMatchObject({ body: { code: 'REMITTANCE_OPEN' } })
    await eachNight(instant(Date.now()), () => true)
    expect((await ask<Remittance>(getRemittance, 'admin-a', params(next))).body).toMatchObject({
      state: 'posted',
      postedCount: 2,
    })
    expect(await due()).toMatchObject({ totalFen: 0 })
    expect(await prepare(randomUUID())).toMatchObject({ status: 409, body: { code: 'NOTHING_DUE' } })
    const [one, two] = await Promise.all(FUNDS.map((fund) => ledgerOf(backend, fund)))
    expect([one?.head?.balances.due, two?.head?.balances.due]).toEqual([0, 0])
    expect([one?.verified.ok, two?.verified.ok]).toEqual([true, true])
  })

  describe('and its ledger entries are compared', () => {
    const found = async (whole: boolean) => {
      const { ok, problems } = await reconcileFund('c-r-1', instant(Date.now()), { whole, hasTime: () => true })
      expect(ok).toBe(problems.length === 0)
      return problems.map(({ invariant, what }) => `${invariant} ${what}`)
    }
    const keyOf = (line: RemittanceLineItem) =>
      keys.remittanceLine(line.remittanceId, line.compoundId, line.agreementId, line.coopId)
    const lineOf = async (coopId: string): Promise<RemittanceLineItem> => {
      const line = (await loadLines(id)).find((each) => each.compoundId === 'c-r-1' && each.coopId === coopId)
      if (line === undefined) throw new Error('the story has this line')
      return line
    }
    /** Looks while an item is changed (or gone, or new), and puts it back as it was. */
    async function whileChanged<Result>(
      key: { PK: string; SK: string },
      change: object | 'gone',
      look: () => Promise<Result>,
    ) {
      const at = { TableName: 'market', Key: marshall({ PK: key.PK, SK: key.SK }) }
      const before = (await backend.client.send(new GetItemCommand({ ...at, ConsistentRead: true }))).Item
      const put = (item: Record<string, unknown>) =>
        backend.client.send(new PutItemCommand({ TableName: 'market', Item: marshall(item) }))
      if (change === 'gone') await backend.client.send(new DeleteItemCommand(at))
      else await put({ ...(before === undefined ? key : unmarshall(before)), ...change })
      const result = await look()
      if (before === undefined) await backend.client.send(new DeleteItemCommand(at))
      else await put(unmarshall(before))
      return result
    }

    it('finds nothing where both say the same', async () => {
      expect([await found(true), await found(false)]).toEqual([[], []])
    })

    it('names an entry whose line is gone, not marked as arrived, or of another sum', async () => {
      const line = await lineOf('coop-1')
      expect(await whileChanged(keyOf(line), 'gone', () => found(true))).toEqual([
        expect.stringMatching(/^I11 entry \d+ \(remittance:.*\) has no line in its remittance$/),
      ])
      expect(await whileChanged(keyOf(line), { posted: false }, () => found(true))).toEqual([
        expect.stringMatching(/^I11 entry \d+ \(remittance:.*\) is not marked as arrived in its remittance$/),
        expect.stringMatching(/^I11 remittance .* is said to be posted, its line of coop-1 \(agr-1\) is not$/),
      ])
      expect(await whileChanged(keyOf(line), { amountFen: line.amountFen + 1 }, () => found(true))).toEqual([
        expect.stringMatching(/^I11 entry \d+ \(remittance:.*\) moved 20000 fen, its line says 20001$/),
      ])
    })

    it('names an entry of a remittance that no charity confirmed', async () => {
      const told = await whileChanged(keys.remittance(id), { state: 'dropped' }, () => found(true))
      expect(told).toHaveLength(2)
      expect(told[0]).toMatch(/^I11 entry \d+ \(remittance:.*\) is of a remittance that is dropped$/)
    })

    it.each([true, false])(
      'names a line that arrived by its record and is not in the ledger (whole: %s)',
      async (whole) => {
        const line = { ...(await lineOf('coop-2')), coopId: 'coop-9' }
        expect(await whileChanged(keyOf(line), line, () => found(whole))).toEqual([
          expect.stringMatching(/^I11 remittance .* line of coop-9 \(agr-1\) is marked as arrived and has no entry$/),
        ])
      },
    )

    it('names an entry of a remittance that is not there, and at night a sum that lies before what is replayed', async () => {
      expect(await whileChanged(keys.remittance(id), 'gone', () => found(true))).toEqual(
        Array.from({ length: 2 }, () =>
          expect.stringMatching(/^I11 entry \d+ \(remittance:.*\) is of a remittance that is not known$/),
        ),
      )
      const line = await lineOf('coop-1')
      expect(await whileChanged(keyOf(line), { amountFen: 19_999 }, () => found(false))).toEqual([
        expect.stringMatching(/^I11 remittance .* line of coop-1 \(agr-1\) says 19999 fen, its entry moved 20000$/),
      ])
    })

    it('names a line that a night has passed over since the charity confirmed, and none before', async () => {
      const line = { ...(await lineOf('coop-2')), coopId: 'coop-9', posted: false }
      const waiting = () =>
        whileChanged(keys.remittance(id), { state: 'confirmed' }, () =>
          whileChanged(keyOf(line), line, () => found(true)),
        )
      expect(await waiting()).toEqual([
        expect.stringMatching(
          /^I11 remittance .* was confirmed on 2026-11-25, its line of coop-9 \(agr-1\) is not posted$/,
        ),
      ])
      const today = Date.now()
      clock('2026-11-26', 10)
      try {
        expect(await waiting()).toEqual([])
      } finally {
        vi.setSystemTime(today)
      }
    })
  })

  it('a receipt’s number is used once', async () => {
    await sold('c-r-2', '2026-11-28', [sale('s8', 100_000), settlement('s8')])
    clock('2026-11-29')
    const last = randomUUID()
    expect((await prepare(last)).body.totalFen).toBe(2_000)
    await record2(last, 'admin-b', { bankReference: 'BANK-0004', transferredOn: '2026-11-29', amountFen: 2_000 })
    const twice = { receiptNumber: 'pj-0002', receivedOn: '2026-11-29', amountFen: 2_000 }
    expect(await confirm(last, 'charity-a', twice)).toMatchObject({ status: 409, body: { code: 'RECEIPT_USED' } })
  })
})
