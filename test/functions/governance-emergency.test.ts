import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { handler as fundHandler } from '#functions/fund/index.ts'
import { moveFund } from '#functions/fund/move-fund.ts'
import { handler as fundTick } from '#functions/fund/on-tick.ts'
import { reconcileFund } from '#functions/fund/reconcile-fund.ts'
import { handler } from '#functions/governance/index.ts'
import { handler as tick } from '#functions/governance/on-tick.ts'
import { governanceKeys } from '#functions/platform/table/governance-keys.ts'
import { payProject } from '#shared/contracts/fund-projects.ts'
import {
  actOnProposal,
  castVote,
  exportVotes,
  getProposal,
  listProposals,
  propose,
  type ProposalView,
} from '#shared/contracts/governance.ts'
import { personId } from '#shared/kernel/ids.ts'
import { instant, shanghaiDay } from '#shared/kernel/time.ts'
import { ISSUER, startBackend, type Backend } from '../fixtures/backend.ts'
import { call, lambdaContext } from '../fixtures/call.ts'
import { disturb, ledgerOf } from './fund-table.ts'
import { aCommunity, aCompound, COMMUNITY, giveRole, settle, toldOf } from './governance-people.ts'

vi.mock('#functions/platform/token.ts', () => ({
  personOfToken: async (token: string) => personId(ISSUER, token),
}))

const DAY = 86_400_000
let backend: Backend
let compound = ''
let calm = () => {}

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime('2026-11-02T01:00:00.000Z')
  backend = await startBackend()
  await aCommunity(backend)
})
beforeEach(async () => {
  vi.setSystemTime('2026-11-02T01:00:00.000Z')
  compound = `c-${randomUUID().slice(0, 8)}`
  await aCompound(backend, compound)
  await Promise.all([settle(backend, 'objector', compound, '102'), settle(backend, 'acceptor', compound, '103')])
  const occurredAt = instant(Date.now())
  await moveFund(compound, [{ eventId: 'opening', kind: 'opening', movedFen: 1_000_000, occurredAt }])
})
afterEach(() => calm())
afterAll(async () => {
  vi.useRealTimers()
  await backend.stop()
})

const pass = (days: number) => vi.setSystemTime(Date.now() + days * DAY)
const run = (job: unknown) =>
  (job as (event: unknown, context: unknown) => Promise<Record<string, number>>)({}, lambdaContext())
const ticks = async () => ({ governance: await run(tick), fund: await run(fundTick) })

const told = (change: object = {}) => ({
  ...{ compoundId: compound, title: '三号楼水管爆裂抢修', purpose: 'facilities' },
  why: '三号楼一单元进户水管爆裂，地下室在进水，要马上换一段管子。',
  lines: [{ what: '换管和抽水', amountFen: 120_000 }],
  emergency: { danger: '地下室有配电箱，水再涨会漏电。', from: '鑫源五金', termDays: 3 },
  ...change,
})
const submit = (proposalId: string, as = 'worker', change: object = {}) =>
  call(handler, propose, { params: { proposalId }, body: told(change), as })
const act = (proposalId: string, as: string, body: object) =>
  call(handler, actOnProposal, { params: { proposalId }, body, as })
const sign = (proposalId: string, as: string, amountFen = 120_000) => act(proposalId, as, { act: 'sign', amountFen })
const view = async (proposalId: string, as?: string) => {
  const headers = as === undefined ? {} : { headers: { authorization: `Bearer ${as}` } }
  return call(handler, getProposal, { params: { proposalId }, ...headers })
}
const seen = async (proposalId: string, as?: string) => (await view(proposalId, as)).body as ProposalView
const vote = (proposalId: string, as: string, choice = 'yes', electorate = 'committee') =>
  call(handler, castVote, { params: { proposalId }, body: { electorate, choice }, as } as never)
const pay = (proposalId: string, amountFen: number, bankReference: string, as = 'payer') =>
  call(fundHandler, payProject, {
    params: { compoundId: compound, proposalId },
    body: { amountFen, bankReference, paidOn: shanghaiDay(instant(Date.now())) },
    as,
  } as never)
const balances = async () => {
  const { head, verified } = await ledgerOf(backend, compound)
  expect(verified.ok).toBe(true)
  return head?.balances
}
const code = (expected: string) => ({ status: expect.any(Number), body: { code: expected } })

async function done(proposalId: string, as: string, body: object): Promise<void> {
  const answer = await act(proposalId, as, body)
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 })
}

async function begun(): Promise<string> {
  const proposalId = randomUUID()
  expect((await submit(proposalId)).status).toBe(200)
  return proposalId
}

async function urgent(): Promise<string> {
  const proposalId = await begun()
  for (const who of ['chair', 'second']) expect((await sign(proposalId, who)).status).toBe(200)
  await run(fundTick)
  expect((await seen(proposalId)).state).toBe('urgent')
  return proposalId
}

async function repair(proposalId: string): Promise<void> {
  await done(proposalId, 'executor', { act: 'start' })
  const issuedOn = shanghaiDay(instant(Date.now()))
  const receipts = [{ from: '鑫源五金', number: `R${randomUUID().slice(0, 8)}`, amountFen: 110_000, issuedOn }]
  await done(proposalId, 'executor', { act: 'finish', text: '管子换好了，水也抽干了。', receipts })
}

async function counted(proposalId: string, voters: readonly string[]): Promise<void> {
  pass(7)
  await run(tick)
  for (const name of voters) expect((await vote(proposalId, name)).status).toBe(200)
  await done(proposalId, 'supervisor', { act: 'opine', text: '确实危险，价格合理。' })
  pass(7)
  await run(tick)
}

async function paid(): Promise<string> {
  const proposalId = await urgent()
  await repair(proposalId)
  await counted(proposalId, ['chair', 'second', 'third'])
  await done(proposalId, 'supervisor', { act: 'accept' })
  await done(proposalId, 'acceptor', { act: 'accept' })
  await done(proposalId, 'third', { act: 'approve', amountFen: 110_000 })
  expect((await pay(proposalId, 110_000, `ICBC-${compound}`)).status).toBe(200)
  return proposalId
}

async function problems(): Promise<string[]> {
  const { problems: found } = await reconcileFund(compound, instant(Date.now()), { whole: true, hasTime: () => true })
  return found.filter(({ invariant }) => invariant !== 'I12').map(({ invariant, what }) => `${invariant} ${what}`)
}

describe('an emergency', () => {
  it('is read by everybody at once, begun in the night, ratified beside the work and paid afterwards', async () => {
    const proposalId = await begun()
    expect(await seen(proposalId)).toMatchObject({
      ...{ state: 'signing', variant: 'emergency', submittedBy: 'worker', mayDo: [] },
      emergency: { danger: '地下室有配电箱，水再涨会漏电。', signatures: 0, work: 'waiting' },
    })
    const listed = await call(handler, listProposals, { query: { compoundId: compound } })
    expect(listed.body).toMatchObject({ items: [{ proposalId, variant: 'emergency' }] })
    expect((await sign(proposalId, 'chair')).status).toBe(200)
    await ticks()
    expect(await balances()).toMatchObject({ available: 1_000_000, reserved: 0 })
    expect((await sign(proposalId, 'second')).status).toBe(200)
    await Promise.all([run(fundTick), run(fundTick)])
    expect(await balances()).toMatchObject({ available: 880_000, reserved: 120_000, paid: 0 })
    await repair(proposalId)
    expect(await seen(proposalId)).toMatchObject({ state: 'urgent', emergency: { signatures: 2, work: 'finished' } })
    // Nothing of it is accepted, approved or paid before the committee has said yes.
    const early = [
      act(proposalId, 'supervisor', { act: 'accept' }),
      act(proposalId, 'third', { act: 'approve', amountFen: 110_000 }),
      pay(proposalId, 110_000, 'ICBC-EARLY'),
    ]
    for (const answer of await Promise.all(early)) expect(answer).toMatchObject(code('NOT_NOW'))
    await counted(proposalId, ['chair', 'second', 'third'])
    expect(await seen(proposalId)).toMatchObject({ state: 'finished', emergency: { ratified: true } })
    await done(proposalId, 'supervisor', { act: 'accept' })
    await done(proposalId, 'acceptor', { act: 'accept' })
    expect(await act(proposalId, 'chair', { act: 'approve', amountFen: 110_000 })).toMatchObject(code('FOUR_EYES'))
    await done(proposalId, 'third', { act: 'approve', amountFen: 110_000 })
    expect((await pay(proposalId, 110_000, 'ICBC-8001')).status).toBe(200)
    expect(await balances()).toMatchObject({ available: 890_000, reserved: 0, spent: 110_000, paid: 110_000 })
    expect(await problems()).toEqual([])
    const { text } = await view(proposalId)
    for (const name of ['worker', 'chair', 'second', 'acceptor']) expect(text).not.toContain(`|${name}`)
    expect((await call(handler, exportVotes, { params: { proposalId } })).text).toContain('"electorsMin":4')
  })

  it('is begun by a worker or a member of here alone, for what and for how much there may be one', async () => {
    for (const as of ['objector', 'supervisor', 'payer', 'stranger', 'strange-member', 'admin'])
      expect((await submit(randomUUID(), as)).status, as).toBe(403)
    const more = { lines: [{ what: '换管', amountFen: 200_000 }] }
    expect(await submit(randomUUID(), 'chair', more)).toMatchObject(code('EMERGENCY_TOO_MUCH'))
    expect(await submit(randomUUID(), 'chair', { purpose: 'hardship' })).toMatchObject(code('EMERGENCY_PURPOSE'))
    const phone = { emergency: { danger: '有事打 13800138000', from: '鑫源五金', termDays: 3 } }
    expect(await submit(randomUUID(), 'chair', phone)).toMatchObject({ status: 400 })
    expect((await submit(randomUUID(), 'chair')).status).toBe(200)
  })

  it('is not what a proposal that came back becomes', async () => {
    const proposalId = randomUUID()
    const { emergency: _, ...usual } = told()
    const send = (body: object) => call(handler, propose, { params: { proposalId }, body, as: 'worker' } as never)
    expect((await send(usual)).status).toBe(200)
    await done(proposalId, 'valuator', { act: 'return', note: '写清楚' })
    expect(await send(told())).toMatchObject(code('NOT_NOW'))
    expect((await send({ ...usual, title: '三号楼换水管' })).status).toBe(200)
  })

  it('sent again, or pressed by two at once, is one', async () => {
    const proposalId = randomUUID()
    const all = await Promise.all(Array.from({ length: 6 }, () => submit(proposalId)))
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]))
    const signed = await Promise.all([
      ...Array.from({ length: 3 }, () => sign(proposalId, 'chair')),
      ...Array.from({ length: 3 }, () => sign(proposalId, 'second')),
      sign(proposalId, 'third'),
    ])
    expect(signed.map(({ status }) => status).filter((status) => status !== 200).length).toBeLessThanOrEqual(3)
    const { history, emergency } = await seen(proposalId)
    expect(history.map((line) => line.act)).toEqual(['submit', 'sign', 'sign'])
    expect(emergency?.signatures).toBe(2)
  })

  it.each(['before', 'after'] as const)(
    'is signed whole or not at all when the machine dies %s the write',
    async (when) => {
      const proposalId = await begun()
      await sign(proposalId, 'chair')
      calm = disturb({
        [when]: () => {
          throw new Error('killed')
        },
      })
      expect((await sign(proposalId, 'second')).status).toBe(500)
      calm()
      expect((await seen(proposalId)).emergency?.signatures).toBe(when === 'after' ? 2 : 1)
      expect((await sign(proposalId, 'second')).status).toBe(200)
      expect((await seen(proposalId)).history).toHaveLength(3)
      expect((await backend.scan('market')).filter(({ PK }) => PK === `GOVERNANCE#EMERGENCY#${compound}`)).toHaveLength(
        1,
      )
    },
  )

  it('is not signed from elsewhere, nor by who has left', async () => {
    const proposalId = await begun()
    for (const as of ['stranger', 'strange-member', 'admin', 'executor', 'objector', 'supervisor'])
      expect((await sign(proposalId, as)).status, as).toBe(403)
    await giveRole(backend, 'leaver', 'committee', COMMUNITY, { toAt: instant(Date.now() - 1) })
    expect((await sign(proposalId, 'leaver')).status).toBe(403)
    expect(await sign(proposalId, 'chair', 1)).toMatchObject(code('AMOUNT_DIFFERS'))
  })

  it('that nobody else signs, or that finds no money, lapses after two days', async () => {
    const [one, two] = [await begun(), await begun()]
    await sign(one, 'chair')
    const occurredAt = instant(Date.now())
    const less = { eventId: `correction:${randomUUID()}`, kind: 'correction', movedFen: -900_000, occurredAt } as const
    await moveFund(compound, [less])
    for (const who of ['chair', 'second']) await sign(two, who)
    pass(1.9)
    await ticks()
    expect([(await seen(one)).state, (await seen(two)).state]).toEqual(['signing', 'signing'])
    pass(0.1)
    await ticks()
    expect([(await seen(one)).state, (await seen(two)).state]).toEqual(['lapsed', 'lapsed'])
    expect(await balances()).toMatchObject({ available: 100_000, reserved: 0 })
  })

  it('is refused by one with a reason that everybody reads', async () => {
    const proposalId = await begun()
    await sign(proposalId, 'chair')
    await done(proposalId, 'supervisor', { act: 'decline', note: '总阀已经关了，可以走平常的提案' })
    const { state, history } = await seen(proposalId)
    expect([state, history.at(-1)?.note]).toEqual(['rejected', '总阀已经关了，可以走平常的提案'])
    await ticks()
    expect(await balances()).toMatchObject({ reserved: 0 })
  })
})

describe('who is told', () => {
  it('the whole committee at once that two have to sign, and later that it has to ratify', async () => {
    const proposalId = await urgent()
    const told = (news: string) => `proposal-waits ${news} 三号楼水管爆裂抢修`
    for (const name of ['chair', 'fifth']) expect(await toldOf(backend, name, proposalId)).toEqual([told('sign')])
    await repair(proposalId)
    await counted(proposalId, ['chair', 'second', 'third'])
    expect(await toldOf(backend, 'fifth', proposalId)).toEqual([told('sign'), told('ratify')])
    expect(await toldOf(backend, 'worker', proposalId)).toEqual(['proposal-moved passed 三号楼水管爆裂抢修'])
  })

  it('not the member who wrote it that it waits for a signature, but that nobody signed', async () => {
    const proposalId = randomUUID()
    expect((await submit(proposalId, 'chair')).status).toBe(200)
    expect(await toldOf(backend, 'chair', proposalId)).toEqual([])
    pass(3)
    await ticks()
    expect(await toldOf(backend, 'chair', proposalId)).toEqual(['proposal-moved lapsed 三号楼水管爆裂抢修'])
    expect(await toldOf(backend, 'second', proposalId)).toHaveLength(1)
  })

  it('its author that it was broken off, unless they did it themselves', async () => {
    const brokenOffBy = async (who: string) => {
      const proposalId = randomUUID()
      expect((await submit(proposalId, 'chair')).status).toBe(200)
      for (const signer of ['second', 'third']) expect((await sign(proposalId, signer)).status).toBe(200)
      await run(fundTick)
      await done(proposalId, 'supervisor', { act: 'suspend', note: '先停一停。' })
      await done(proposalId, who, { act: 'abandon', note: '阀门关上了，不用换管。' })
      return toldOf(backend, 'chair', proposalId)
    }
    expect(await brokenOffBy('fourth')).toEqual(['proposal-moved abandoned 三号楼水管爆裂抢修'])
    expect(await brokenOffBy('chair')).toEqual([])
  })
})

describe('the way of emergencies', () => {
  it('is shut too by one that two broke off after its work had begun, not by one before', async () => {
    const brokenOff = async (isBegun: boolean) => {
      const proposalId = await urgent()
      if (isBegun) await done(proposalId, 'executor', { act: 'start' })
      await done(proposalId, 'supervisor', { act: 'suspend', note: '先停一停。' })
      await done(proposalId, 'fourth', { act: 'abandon', note: '阀门关上了。' })
      await run(fundTick)
      expect(await balances()).toMatchObject({ available: 1_000_000, reserved: 0 })
      return (await seen(proposalId)).state
    }
    expect(await brokenOff(false)).toBe('abandoned')
    expect(await brokenOff(true)).toBe('unratified')
    pass(89)
    expect(await submit(randomUUID(), 'valuator')).toMatchObject(code('EMERGENCY_SHUT'))
    pass(1)
    expect((await submit(randomUUID(), 'valuator')).status).toBe(200)
  })

  it('has two places a quarter: of three that are signed at once, two are', async () => {
    const all = [await begun(), await begun(), await begun()]
    for (const proposalId of all) await sign(proposalId, 'chair')
    const answers = await Promise.all(all.map((proposalId) => sign(proposalId, 'second')))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 409])
    expect(answers.find(({ status }) => status === 409)).toMatchObject(code('EMERGENCIES_USED'))
    expect(await submit(randomUUID(), 'valuator')).toMatchObject(code('EMERGENCIES_USED'))
    // Who signed and is signed for once more takes no other place.
    const first = all[answers.findIndex(({ status }) => status === 200)] ?? ''
    await done(first, 'chair', { act: 'declare', interest: 'relative' })
    expect((await sign(first, 'third')).status).toBe(200)
    vi.setSystemTime('2027-01-01T01:00:00.000Z')
    expect((await submit(randomUUID(), 'valuator')).status).toBe(200)
  })

  it('is shut for ninety days by one that is not ratified, whose money goes back', async () => {
    const waiting = await begun()
    await sign(waiting, 'chair')
    vi.setSystemTime('2026-11-03T01:00:00.000Z')
    const proposalId = await urgent()
    await repair(proposalId)
    await counted(proposalId, ['chair', 'second'])
    expect(await seen(proposalId)).toMatchObject({ state: 'releasing', emergency: { ratified: false } })
    await Promise.all([run(fundTick), run(fundTick)])
    expect((await seen(proposalId)).state).toBe('unratified')
    expect(await balances()).toMatchObject({ available: 1_000_000, reserved: 0, paid: 0 })
    expect(await pay(proposalId, 110_000, 'ICBC-8002')).toMatchObject(code('NOT_NOW'))
    expect(await submit(randomUUID())).toMatchObject(code('EMERGENCY_SHUT'))
    expect(await problems()).toEqual([])
    pass(89)
    expect(await submit(randomUUID())).toMatchObject(code('EMERGENCY_SHUT'))
    pass(1)
    expect((await submit(randomUUID())).status).toBe(200)
  })

  it('is shut while the second one is signing', async () => {
    const proposalId = await begun()
    await sign(proposalId, 'chair')
    const until = instant(Date.now() + DAY)
    calm = disturb({
      before: async () => {
        calm()
        const item = { entity: 'emergencyShut', v: 1, proposalId: randomUUID(), until }
        await backend.put('market', { ...governanceKeys.emergencyShut(compound), ...item })
      },
    })
    expect(await sign(proposalId, 'second')).toMatchObject(code('EMERGENCY_SHUT'))
    expect((await seen(proposalId)).emergency?.signatures).toBe(1)
  })

  it('is not there while nobody could ratify', async () => {
    const proposalId = await begun()
    await sign(proposalId, 'chair')
    await giveRole(backend, 'fifth', 'committee', COMMUNITY, { toAt: instant(Date.now()) })
    expect(await sign(proposalId, 'second')).toMatchObject(code('COMMITTEE_TOO_SMALL'))
    expect(await submit(randomUUID())).toMatchObject(code('COMMITTEE_TOO_SMALL'))
    await giveRole(backend, 'fifth', 'committee', COMMUNITY)
    expect((await sign(proposalId, 'second')).status).toBe(200)
  })
})

describe('the reconcile counts an emergency again', () => {
  const change = async (key: { PK: string; SK: string }, facts: object) => {
    const [item] = (await backend.scan('market')).filter(({ PK, SK }) => PK === key.PK && SK === key.SK)
    expect(item).toBeDefined()
    await backend.put('market', { ...item, ...facts })
  }

  it('its two signatures, by whom and over how much', async () => {
    const proposalId = await urgent()
    expect(await problems()).toEqual([])
    const unsigned = [`I13 entry 2 (reservation:${proposalId}) was not signed by two`]
    const [one, two] = [governanceKeys.step(proposalId, 2), governanceKeys.step(proposalId, 3)]
    const as = (sub: string) => ({ personId: personId(ISSUER, sub), memberId: `m-${sub}` })
    for (const [key, wrong, right] of [
      [two, as('chair'), as('second')],
      [two, as('worker'), as('second')],
      [two, { actor: 'worker' }, { actor: 'committee' }],
      [one, { facts: { act: 'sign', amountFen: 119_999 } }, { facts: { act: 'sign', amountFen: 120_000 } }],
    ] as const) {
      await change(key, wrong)
      expect(await problems()).toEqual(unsigned)
      await change(key, right)
    }
    for (const key of [one, two]) await change(key, { householdId: 'h-1' })
    expect(await problems()).toEqual(unsigned)
  })

  it('and the votes that ratified what was paid', async () => {
    const proposalId = await paid()
    expect(await problems()).toEqual([])
    await change(governanceKeys.ballot(proposalId, 'committee', personId(ISSUER, 'third')), { choice: 'no' })
    expect(await problems()).toContain(
      `I13 entry 3 (disbursement:${proposalId}) was not passed by the votes that are kept`,
    )
  })
})
