import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  answerMissing,
  confirmStatement,
  getStatement,
  listPayouts,
  listUnpaid,
  type Payout,
  reportMissing,
  type Statement,
  type StatementSummary,
} from '#shared/contracts/settlement.ts'
import { handler as settlement } from '#functions/settlement/index.ts'
import { handler as settlementTick } from '#functions/settlement/on-tick.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { beforeWriting, killWritesAfter } from '../fixtures/interleave.ts'
import { aCoopMember, aMarket, aResident, anAdmin, COOP } from '../fixtures/market.ts'
import { ordering, tick } from '../fixtures/ordering.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'
import { correctCall, dropCall, prepareCall, transferCall, bankReference } from '../fixtures/payout-calls.ts'
import { postEverything } from '../fixtures/posting.ts'

/** Goal: money that is booked as paid and never came is heard of, stays open until it is answered, and is never paid twice. */
let backend: Backend
let provider: Provider
let buyers: ReturnType<typeof ordering>
let gb = ''
let payout: Payout

beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  buyers = ordering(backend, provider)
  await aResident(backend, 'resident-1')
  for (const person of ['coop-1', 'coop-b', 'both']) await aCoopMember(backend, person)
  await aCoopMember(backend, 'coop-2', 'coop-2')
  for (const person of ['admin-1', 'admin-2', 'both']) await anAdmin(backend, person)
})
afterAll(async () => {
  await provider.stop()
  await backend.stop()
})
/** A statement that admin-1 has prepared to be paid, and admin-2 has recorded as transferred. */
beforeEach(async () => {
  payout = await paidOut()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

async function paidOut(): Promise<Payout> {
  vi.useRealTimers()
  gb = `gb-${randomUUID().slice(0, 8)}`
  const offers = [{ offerId: 'apple', priceFen: 1_050, stock: 40, limit: 20 }]
  await aMarket(backend, { groupBuyId: gb, pickUpEndsAt: new Date(Date.now() + 1_800_000).toISOString(), offers })
  await buyers.buy(gb, 'resident-1', { apple: 4 })
  await buyers.close(gb)
  await postEverything(backend)
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 49 * 3_600_000 })
  await tick(settlementTick)
  expect((await ask(confirmStatement, 'coop-1', { version: 1 })).status).toBe(200)
  const prepared = (await prepareCall([{ groupBuyId: gb, part: 1 }])).body as Payout
  expect(await transferCall(prepared)).toMatchObject({ status: 200, body: { state: 'paid' } })
  return prepared
}

const ask = (route: Parameters<typeof call>[1], as: string, body?: object) =>
  call(settlement, route, { params: { groupBuyId: gb, part: '1' }, ...(body && { body }), as })
const see = async () => (await ask(getStatement, 'coop-1')).body as Statement
const WORDS = '到今天账上还没有'
const report = (as = 'coop-1', words = WORDS, seenReports = 0) => ask(reportMissing, as, { words, seenReports })
const EVIDENCE = '银行回单：今天 10:02 入账'
const answer = (as = 'admin-1', words = EVIDENCE, seenReports = 1) => ask(answerMissing, as, { words, seenReports })
const unpaid = async () => {
  const listed = await call(settlement, listUnpaid, { query: { limit: '100' }, as: 'admin-1' })
  return (listed.body as { items: StatementSummary[] }).items.filter((each) => each.groupBuyId === gb)
}
const payouts = async () => {
  const listed = await call(settlement, listPayouts, {
    params: { coopId: COOP },
    query: { limit: '20' },
    as: 'admin-1',
  })
  return (listed.body as { items: Payout[] }).items
}
const reported = async () => (await payouts()).find(({ payoutId }) => payoutId === payout.payoutId)?.reported
const steps = async () => (await see()).steps.map(({ step }) => step)

describe('money that did not come', () => {
  it('is reported by the co-op with its words, and stays open on the payout and on the statement', async () => {
    const answered = await report()
    expect(answered).toMatchObject({
      status: 200,
      body: { state: 'missing', reports: 1, missing: { words: WORDS } },
    })
    expect((await see()).steps.at(-1)).toMatchObject({ step: 'missing', by: 'coop', words: WORDS })
    expect(await unpaid()).toMatchObject([{ state: 'missing', payoutId: payout.payoutId, missing: { words: WORDS } }])
    expect(await reported()).toBe(1)
    // The money is still booked as paid: nothing is due a second time by what somebody says.
    expect(await payouts()).toContainEqual(expect.objectContaining({ payoutId: payout.payoutId, state: 'paid' }))
    expect(await prepareCall([{ groupBuyId: gb, part: 1 }])).toMatchObject({ body: { code: 'NOT_CONFIRMED' } })
    expect(JSON.stringify(answered.body)).not.toContain('|coop-1')
  })

  it('is reported by members of the co-op alone, with words', async () => {
    expect((await report('coop-2')).status).toBe(404)
    for (const as of ['admin-1', 'resident-1']) expect((await report(as)).status, as).toBe(403)
    expect(await report('coop-1', ' ')).toMatchObject({
      ...{ status: 400, body: { fields: { words: '请写怎么没有到账' } } },
    })
    expect(await steps()).not.toContain('missing')
  })

  it('is reported once: sent again, or by many at once, it is one report', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => report()))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(await report('coop-b')).toMatchObject({ status: 409, body: { code: 'WRONG_STATE' } })
    expect((await steps()).filter((step) => step === 'missing')).toHaveLength(1)
    expect(await reported()).toBe(1)
  })

  it('is reported by two members at once by one of them', async () => {
    const answers = await Promise.all([report('coop-1', '没到'), report('coop-b', '没收到')])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(await see()).toMatchObject({ reports: 1 })
  })

  it('comes before other payouts, however old its own is', async () => {
    await report()
    const newer = await paidOut()
    expect((await payouts()).map(({ payoutId }) => payoutId)).toContain(newer.payoutId)
    expect((await payouts())[0]).toMatchObject({ payoutId: payout.payoutId })
  })

  it('is reported whole or not at all, wherever the machine dies', async () => {
    killWritesAfter(0)
    await report().catch(() => undefined)
    vi.restoreAllMocks()
    expect([await reported(), await unpaid(), (await see()).state]).toEqual([0, [], 'paid'])
    expect((await report()).status).toBe(200)
  })

  it('is answered with the bank’s evidence by another one than who recorded the transfer; that closes it', async () => {
    await report()
    expect((await answer('coop-1')).status).toBe(403)
    expect(await answer('admin-2')).toMatchObject({ status: 409, body: { code: 'FOUR_EYES' } })
    const answered = await answer()
    expect(answered).toMatchObject({ status: 200, body: { state: 'paid', reports: 1 } })
    expect(answered.body).not.toHaveProperty('missing')
    expect(await answer()).toEqual(answered)
    expect((await see()).steps.at(-1)).toMatchObject({ step: 'traced', by: 'district', words: EVIDENCE })
    expect([await reported(), await unpaid()]).toEqual([0, []])
  })

  it('is not answered by who reported it, whatever other role they hold', async () => {
    expect((await report('both')).status).toBe(200)
    expect(await answer('both')).toMatchObject({ status: 409, body: { code: 'FOUR_EYES' } })
    expect((await answer()).status).toBe(200)
  })

  it('that is answered may be reported again, but not by the form of before; nor is that answered by an old one', async () => {
    await report()
    await answer()
    expect(await report('coop-1', WORDS, 0)).toMatchObject({ status: 409, body: { code: 'STATEMENT_MOVED' } })
    expect((await report('coop-1', '不是我们的账号', 1)).status).toBe(200)
    expect(await answer('admin-1', '别的话', 1)).toMatchObject({ status: 409, body: { code: 'STATEMENT_MOVED' } })
    expect((await answer('admin-1', EVIDENCE, 2)).status).toBe(200)
  })

  it('that came back is recorded as ever, which closes the report; then it is paid anew, once', async () => {
    await report()
    const back = { direction: 'in', words: '户名不符，银行退回' } as const
    expect(await transferCall(payout, { ...back, as: 'admin-1' })).toMatchObject({ body: { state: 'prepared' } })
    expect(await see()).toMatchObject({ state: 'paying', reports: 1 })
    expect(await see()).not.toHaveProperty('missing')
    expect([await reported(), (await unpaid()).length]).toEqual([0, 1])
    expect(await answer()).toMatchObject({ status: 409, body: { code: 'WRONG_STATE' } })
    expect(await transferCall(payout, { as: 'admin-2' })).toMatchObject({ body: { state: 'paid' } })
    expect(await unpaid()).toEqual([])
    expect((await steps()).slice(-4)).toEqual(['paid', 'missing', 'returned', 'paid'])
    expect((await report('coop-1', '还是没有', 1)).status).toBe(200)
  })

  it('that came back may be given up, and its statement is free', async () => {
    await report()
    await transferCall(payout, { direction: 'in', words: '退回', as: 'admin-1' })
    expect((await dropCall(payout.payoutId, 'admin-2')).status).toBe(200)
    expect(await see()).toMatchObject({ state: 'confirmed' })
  })

  it('stays open while a slip’s number is put right', async () => {
    await report()
    const [transfer] = ((await see()).payout?.transfers ?? []) as { transferId: string; amountFen: number }[]
    const right = { amountFen: transfer?.amountFen, bankReference: bankReference() }
    expect((await correctCall(payout.payoutId, transfer?.transferId ?? '', right)).status).toBe(200)
    expect([await reported(), (await see()).state]).toEqual([1, 'missing'])
    expect((await payouts())[0]).toMatchObject({ payoutId: payout.payoutId })
  })

  it('reported while the return is recorded is one after the other, never both', async () => {
    const isReport = (writes: readonly { Put?: { Item?: Record<string, { S?: string }> | undefined } | undefined }[]) =>
      writes.some(({ Put }) => Put?.Item?.['state']?.S === 'missing')
    beforeWriting(isReport, async () => {
      await transferCall(payout, { direction: 'in', words: '退回', as: 'admin-1' })
    })
    expect(await report()).toMatchObject({ status: 409, body: { code: 'WRONG_STATE' } })
    expect([await reported(), (await see()).state, (await unpaid()).length]).toEqual([0, 'paying', 1])
  })

  it('is not reported of what is not paid', async () => {
    await transferCall(payout, { direction: 'in', words: '退回', as: 'admin-1' })
    expect(await report()).toMatchObject({ status: 409, body: { code: 'WRONG_STATE' } })
  })
})
