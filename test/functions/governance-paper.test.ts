import { createHash, randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { moveFund } from '#functions/fund/move-fund.ts'
import { handler as fundTick } from '#functions/fund/on-tick.ts'
import { reconcileFund } from '#functions/fund/reconcile-fund.ts'
import { handler } from '#functions/governance/index.ts'
import { handler as tick } from '#functions/governance/on-tick.ts'
import { dynamo, type TableRequest } from '#functions/platform/table/client.ts'
import { governanceKeys } from '#functions/platform/table/governance-keys.ts'
import { paperKeys } from '#functions/platform/table/paper-keys.ts'
import { enterPaperBallot, listPaperBallots, type WaitingPaper } from '#shared/contracts/governance-paper.ts'
import {
  actOnProposal,
  castVote,
  exportVotes,
  getProposal,
  listOpenProposals,
  propose,
  type Choice,
  type ProposalSummary,
  type ProposalView,
} from '#shared/contracts/governance.ts'
import { recountVotes } from '#shared/domain/governance/recount.ts'
import { personId } from '#shared/kernel/ids.ts'
import { instant, shanghaiDay } from '#shared/kernel/time.ts'
import { ISSUER, startBackend, type Backend } from '../fixtures/backend.ts'
import { call, lambdaContext } from '../fixtures/call.ts'
import { disturb } from './fund-table.ts'
import { aCommunity, aCompound, COMMUNITY, giveRole, settle } from './governance-people.ts'

vi.mock('#functions/platform/token.ts', () => ({
  personOfToken: async (token: string) => personId(ISSUER, token),
}))

/** Goal: paper and online are one count, one vote a household, whatever comes in between. Method: handlers on the real engine. */
const DAY = 86_400_000
const OPENS = '2026-11-09T01:00:00.000Z'
let backend: Backend
let compound = ''
let proposalId = ''
let calm = () => {}

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime('2026-11-02T01:00:00.000Z')
  backend = await startBackend()
  await aCommunity(backend)
  await giveRole(backend, 'at-home', 'worker', COMMUNITY)
})
beforeEach(async () => {
  vi.setSystemTime('2026-11-02T01:00:00.000Z')
  compound = `c-${randomUUID().slice(0, 8)}`
  await aCompound(backend, compound)
  await Promise.all([
    ...['101', '102', '103', '104'].map((room) => settle(backend, `at-${room}`, compound, room)),
    settle(backend, 'at-home', compound, '105'),
    settle(backend, 'claimant', compound, '106', 'claimed'),
  ])
  proposalId = await opened()
})
afterEach(() => calm())
afterAll(async () => {
  vi.useRealTimers()
  await backend.stop()
})

const run = (job: unknown) => (job as (event: unknown, context: unknown) => Promise<unknown>)({}, lambdaContext())
const pass = (days: number) => vi.setSystemTime(Date.now() + days * DAY)
async function does(as: string, body: object, of = proposalId): Promise<void> {
  const answer = await call(handler, actOnProposal, { params: { proposalId: of }, body, as })
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 })
}
const enter = (as: string, room: string, choice: Choice, building = '1') =>
  call(handler, enterPaperBallot, { params: { proposalId }, body: { building, unit: '1', room, choice }, as })
const vote = (as: string, choice: Choice, electorate = 'households') =>
  call(handler, castVote, { params: { proposalId }, body: { electorate, choice }, as })
const view = async (as?: string) =>
  call(handler, getProposal, {
    params: { proposalId },
    ...(as === undefined ? {} : { headers: { authorization: `Bearer ${as}` } }),
  })
const seen = async (as = 'worker') => (await view(as)).body as ProposalView
const waiting = async (as = 'worker', query: Record<string, string> = {}) =>
  (await call(handler, listPaperBallots, { params: { proposalId }, query, as })).body as {
    items: WaitingPaper[]
    nextCursor?: string
  }
const exported = async () => (await call(handler, exportVotes, { params: { proposalId } })).text
const commitmentOf = (receipt: string) => createHash('sha256').update(`xianglai-vote-1 ${receipt}`).digest('hex')
const receiptOf = ({ body }: { body: unknown }) => (body as { receipt: string }).receipt
const stored = async () =>
  (await backend.partition('market', governanceKeys.ballot(proposalId, '', '').PK)).map(({ SK }) => String(SK))

/** Two reads are no snapshot: `meanwhile` runs to its end once the first of those that match has its answer, before the others are asked. */
function betweenReads(which: RegExp, meanwhile: () => Promise<unknown>): () => void {
  const client = dynamo()
  const real = client.send.bind(client) as (request: TableRequest) => Promise<unknown>
  let turn: Promise<unknown> | undefined
  const stop = () => delete (client as { send?: unknown }).send
  const across = async (request: TableRequest) => {
    if (request.operation !== 'GetItem' || !which.test(JSON.stringify(request.input.Key))) return real(request)
    if (turn !== undefined) return turn.then(() => real(request))
    const first = real(request)
    turn = first.then(() => {
      stop()
      return meanwhile()
    })
    await turn
    return first
  }
  client.send = across as unknown as typeof client.send
  return stop
}

async function opened(): Promise<string> {
  const id = randomUUID()
  const body = {
    ...{ compoundId: compound, title: '给东门加装扶手', purpose: 'facilities' },
    why: '东门台阶高，老人上下不方便，去年摔过两次，想装一条不锈钢扶手。',
    lines: [{ what: '扶手和安装', amountFen: 250_000 }],
  }
  expect((await call(handler, propose, { params: { proposalId: id }, body, as: 'at-104' })).status).toBe(200)
  await does('worker', { act: 'triage' }, id)
  const heldOn = shanghaiDay(instant(Date.now()))
  await does(
    'worker',
    { act: 'deliberate', heldOn, expected: 9, attended: 7, minutes: '大家同意装，位置放在右侧。' },
    id,
  )
  const quotes = ['鑫源五金', '宏达装饰', '惠民工程'].map((from, n) => ({ from, amountFen: 250_000 + n }))
  await does('valuator', { act: 'cost', quotes, chosen: 0, termDays: 20 }, id)
  vi.setSystemTime(OPENS)
  await run(tick)
  return id
}

/** The committee says yes, the vote ends and is counted. */
async function closed(): Promise<ProposalView> {
  for (const name of ['chair', 'second', 'third']) expect((await vote(name, 'yes', 'committee')).status).toBe(200)
  await does('supervisor', { act: 'opine', text: '程序合规，价格合理。' })
  pass(7)
  await run(tick)
  return seen()
}

describe('a paper that two persons enter', () => {
  it('is the household’s vote, is found in the export by the receipt on its stub, and by nothing else', async () => {
    const first = await enter('worker', '101', 'yes')
    expect(first).toMatchObject({
      status: 200,
      body: { building: '1号楼', unit: '1单元', room: '101室', state: 'waiting' },
    })
    expect(first.body).not.toHaveProperty('receipt')
    // However the second one writes it.
    const second = await enter('chair', '０101室', 'yes', '一栋')
    expect(second).toMatchObject({ status: 200, body: { state: 'counted', receipt: expect.any(String) } })
    const receipt = receiptOf(second)
    expect(receipt).toMatch(/^[0-9a-f]{32}$/)
    // Sent again, by either of them, it is the same.
    for (const as of ['chair', 'worker']) expect((await enter(as, '101', 'yes')).body).toEqual(second.body)
    for (const [as, room] of [
      ['at-102', 'yes'],
      ['at-103', 'no'],
    ] as const)
      expect((await vote(as, room)).status).toBe(200)
    expect((await enter('worker', '104', 'no')).status).toBe(200)
    const { state, vote: held } = await closed()
    expect(state).toBe('decided')
    expect(held?.tallies?.households).toEqual({ electors: 5, yes: 2, no: 1, abstain: 0, passed: true })
    expect(held?.paper).toEqual({ ballots: 1, unpaired: 1 })
    const text = await exported()
    const [head = '', ...lines] = text.trimEnd().split('\n')
    expect(JSON.parse(head)).toMatchObject({ paper: { ballots: 1, unpaired: 1 } })
    // Nothing of a line tells which are from paper, and nothing of all who entered.
    for (const line of lines) expect(Object.keys(JSON.parse(line))).toEqual(['electorate', 'choice', 'commitment'])
    for (const secret of [receipt, '|worker', '|chair', 'm-worker', '.1.1.']) expect(text).not.toContain(secret)
    const recount = recountVotes([head, ...lines])
    expect(recount).toMatchObject({ ok: true, decided: true })
    expect(recount.commitments.get(commitmentOf(receipt))).toBe('households')
  })

  it('counts for nothing while they differ, tells both, and counts once either corrects it', async () => {
    await enter('worker', '101', 'yes')
    const second = await enter('chair', '101', 'no')
    expect(second.body).toEqual({ building: '1号楼', unit: '1单元', room: '101室', state: 'differs' })
    expect((await enter('worker', '101', 'yes')).body).toMatchObject({ state: 'differs' })
    expect((await waiting()).items).toEqual([
      {
        ...{ building: '1号楼', unit: '1单元', room: '101室', differs: true, mine: true },
        firstBy: { actor: 'worker', memberId: 'm-worker' },
      },
    ])
    expect(await stored()).toEqual([`PAPER#${compound}.1.1.101`, `WAITING#${compound}.1.1.101`])
    const counted = await enter('worker', '101', 'no')
    expect(counted.body).toMatchObject({ state: 'counted', receipt: expect.any(String) })
    expect((await enter('chair', '101', 'no')).body).toEqual(counted.body)
    expect((await waiting()).items).toEqual([])
    expect(await enter('worker', '101', 'yes')).toMatchObject({ status: 409, body: { code: 'PAPER_COUNTED' } })
    expect(await enter('second', '101', 'no')).toMatchObject({ status: 409, body: { code: 'ENTERED_BY_TWO' } })
  })

  it('is shown to those who may enter it, never the choice, page by page, and as a number on the desk', async () => {
    await enter('worker', '101', 'yes')
    await enter('chair', '102', 'abstain')
    const [first] = (await waiting('second', { limit: '1' })).items
    expect(first).toMatchObject({ room: '101室', firstBy: { actor: 'worker' }, differs: false, mine: false })
    const { nextCursor = '' } = await waiting('second', { limit: '1' })
    const next = await waiting('second', { limit: '1', cursor: nextCursor })
    expect(next.items).toMatchObject([{ room: '102室', firstBy: { actor: 'committee', memberId: 'm-chair' } }])
    expect((await waiting('second', { cursor: next.nextCursor ?? '' })).items).toEqual([])
    const told = JSON.stringify([await waiting('second'), await seen('second'), await seen('supervisor')])
    for (const choice of ['"choice":"', 'abstain"']) expect(told.replaceAll('"enter-paper"', '')).not.toContain(choice)
    const listing = (as: string) => call(handler, listPaperBallots, { params: { proposalId }, as })
    for (const as of ['at-101', 'payer', 'admin', 'stranger']) expect((await listing(as)).status, as).toBe(403)
    const desk = async (as: string) => {
      const { body } = await call(handler, listOpenProposals, { query: { communityId: COMMUNITY, limit: '100' }, as })
      return (body as { items: ProposalSummary[] }).items.find((item) => item.proposalId === proposalId)?.papersWaiting
    }
    expect([await desk('worker'), await desk('supervisor'), await desk('payer')]).toEqual([2, 2, undefined])
    expect([(await seen('second')).papersWaiting, (await seen('at-102')).papersWaiting]).toEqual([2, undefined])
    expect((await view()).text).not.toContain('papersWaiting')
    // Nobody votes in a household's name unseen: it knows that there is one, and not what it says.
    await enter('second', '101', 'yes')
    expect([await seen('at-101'), await seen('at-102')].map(({ myPaper }) => myPaper)).toEqual([true, false])
    expect((await seen('at-101')).myVotes).toEqual([])
    pass(7)
    await run(tick)
    expect(await listing('worker')).toMatchObject({ status: 409, body: { code: 'NOT_NOW' } })
  })

  it('is entered by those who may, for households of this vote alone', async () => {
    const refusals: [string, string, number, string | undefined][] = [
      ['at-home', '105', 409, 'OWN_PAPER'],
      ['worker', '106', 409, 'HOUSEHOLD_NOT_VERIFIED'],
      ['worker', '999', 409, 'HOUSEHOLD_NOT_VERIFIED'],
      ['at-101', '102', 403, undefined],
      ['payer', '102', 403, undefined],
      ['admin', '102', 403, undefined],
      ['stranger', '102', 403, undefined],
    ]
    for (const [as, room, status, code] of refusals) {
      const answer = await enter(as, room, 'yes')
      expect(answer.status, `${as} ${room}`).toBe(status)
      if (code !== undefined) expect(answer.body).toMatchObject({ code })
    }
    expect(await enter('worker', '一百', 'yes')).toMatchObject({
      status: 400,
      body: { fields: { room: expect.any(String) } },
    })
    expect(await enter('worker', '101', 'yes', '号楼')).toMatchObject({
      status: 400,
      body: { fields: { building: expect.any(String) } },
    })
    // Who moved in after it opened has no vote, on paper neither.
    pass(1)
    await settle(backend, 'late-comer', compound, '107', 'verified', instant(Date.now()))
    expect(await enter('worker', '107', 'yes')).toMatchObject({ body: { code: 'HOUSEHOLD_NOT_VERIFIED' } })
    // The index still says what the claim was before somebody found that they do not live there; or left.
    await settle(backend, 'at-102', compound, '102', 'verified', undefined, instant(Date.now()))
    expect(await enter('worker', '102', 'yes')).toMatchObject({ body: { code: 'HOUSEHOLD_NOT_VERIFIED' } })
    // The room itself is another one than one whose number only begins like it.
    await settle(backend, 'at-1011', compound, '1011')
    expect(await enter('worker', '10', 'yes')).toMatchObject({ body: { code: 'HOUSEHOLD_NOT_VERIFIED' } })
    await does('chair', { act: 'declare', interest: 'relative' })
    expect(await enter('chair', '101', 'yes')).toMatchObject({ body: { code: 'INTERESTED' } })
    expect(await stored()).toEqual([])
  })
})

describe('a household’s own vote', () => {
  it('stands over paper, whichever comes first, and a paper never tells what it was', async () => {
    await vote('at-101', 'no')
    for (const choice of ['yes', 'no'] as const) {
      const answer = await enter('worker', '101', choice)
      expect(answer).toMatchObject({ status: 409, body: { code: 'VOTED_ALREADY' } })
      expect(answer.text).not.toMatch(/"no"|反对/)
    }
    // Between the two entries.
    await enter('worker', '102', 'yes')
    await vote('at-102', 'no')
    expect(await enter('chair', '102', 'yes')).toMatchObject({ status: 409, body: { code: 'VOTED_ALREADY' } })
    expect((await waiting()).items).toEqual([])
    // After both: it replaces the paper, and by a receipt of its own even where it says the same.
    await enter('worker', '103', 'yes')
    const paper = receiptOf(await enter('chair', '103', 'yes'))
    const own = receiptOf(await vote('at-103', 'yes'))
    expect(own).not.toBe(paper)
    expect(receiptOf(await vote('at-103', 'yes'))).toBe(own)
    expect((await seen('at-103')).myPaper).toBe(false)
    expect(await enter('worker', '103', 'yes')).toMatchObject({ body: { code: 'VOTED_ALREADY' } })
    const { vote: held } = await closed()
    expect(held?.tallies?.households).toMatchObject({ yes: 1, no: 2 })
    expect(held?.paper).toBeUndefined()
    const text = await exported()
    expect(text).not.toContain('"paper"')
    expect(text).toContain(commitmentOf(own))
    expect(text).not.toContain(commitmentOf(paper))
  })

  it('is no longer its own once whoever cast it was found not to live there: a paper takes its place', async () => {
    await settle(backend, 'sham', compound, '101')
    await vote('sham', 'no')
    expect(await enter('worker', '101', 'yes')).toMatchObject({ body: { code: 'VOTED_ALREADY' } })
    await settle(backend, 'sham', compound, '101', 'rejected')
    expect(await enter('worker', '101', 'yes')).toMatchObject({ body: { state: 'waiting' } })
    // Until then it lies there, and whoever does live there votes over it as ever.
    expect(await enter('chair', '101', 'no')).toMatchObject({ body: { state: 'differs' } })
    await vote('at-101', 'abstain')
    expect(await enter('chair', '101', 'yes')).toMatchObject({ body: { code: 'VOTED_ALREADY' } })
    await settle(backend, 'sham', compound, '102')
    await vote('sham', 'no')
    await settle(backend, 'sham', compound, '102', 'rejected')
    await enter('worker', '102', 'yes')
    expect(await enter('chair', '102', 'yes')).toMatchObject({ body: { state: 'counted' } })
    const { vote: held } = await closed()
    expect(held?.tallies?.households).toMatchObject({ yes: 1, no: 0, abstain: 1 })
    expect(held?.paper).toEqual({ ballots: 1, unpaired: 0 })
    expect(await exported()).not.toContain('voided')
  })

  it.each(['first', 'second'])(
    'that comes while the %s entry is under way stands, also over one that lay there',
    async (which) => {
      await settle(backend, 'sham', compound, '101')
      await vote('sham', 'yes')
      await settle(backend, 'sham', compound, '101', 'rejected')
      if (which === 'second') await enter('worker', '101', 'yes')
      calm = disturb({
        before: async () => {
          calm()
          await vote('at-101', 'no')
        },
      })
      expect(await enter('chair', '101', 'yes')).toMatchObject({ status: 409, body: { code: 'VOTED_ALREADY' } })
      expect((await closed()).vote).toMatchObject({ tallies: { households: { yes: 0, no: 1 } } })
    },
  )

  it('that comes while the second entry is under way stands', async () => {
    await enter('worker', '101', 'yes')
    calm = disturb({
      before: async () => {
        calm()
        expect((await vote('at-101', 'no')).status).toBe(200)
      },
    })
    expect(await enter('chair', '101', 'yes')).toMatchObject({ status: 409, body: { code: 'VOTED_ALREADY' } })
    expect((await closed()).vote?.tallies?.households).toMatchObject({ yes: 0, no: 1 })
  })
})

describe('many at once', () => {
  it('both enter first: one is the second', async () => {
    const both = await Promise.all([enter('worker', '101', 'yes'), enter('chair', '101', 'yes')])
    const states = both.map(({ body }) => (body as { state: string }).state).sort()
    expect(states).toEqual(['counted', 'waiting'])
  })

  it('ten times the same by two persons is one ballot with one receipt; by one person it is none', async () => {
    const alone = await Promise.all(Array.from({ length: 10 }, () => enter('worker', '102', 'yes')))
    expect(new Set(alone.map(({ text }) => text)).size).toBe(1)
    expect(alone[0]).toMatchObject({ status: 200, body: { state: 'waiting' } })
    const all = await Promise.all(Array.from({ length: 10 }, (_, n) => enter(n % 2 ? 'worker' : 'chair', '101', 'yes')))
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]))
    const receipts = new Set(all.flatMap(({ body }) => (body as { receipt?: string }).receipt ?? []))
    expect(receipts.size).toBe(1)
    expect((await stored()).filter((key) => key.startsWith('BALLOT#'))).toHaveLength(1)
  })

  it('the same request twice, of which one reads while the other one is written, is one', async () => {
    await enter('worker', '101', 'yes')
    let other: Awaited<ReturnType<typeof enter>> | undefined
    calm = betweenReads(/PAPER#|BALLOT#households/, async () => {
      other = await enter('chair', '101', 'yes')
    })
    const one = await enter('chair', '101', 'yes')
    expect(other).toMatchObject({ status: 200, body: { state: 'counted' } })
    expect(one.body).toEqual(other?.body)
  })

  it('three persons differ, and two of them at most have entered it', async () => {
    const all = await Promise.all([
      enter('worker', '101', 'yes'),
      enter('chair', '101', 'no'),
      enter('second', '101', 'abstain'),
    ])
    expect(all.map(({ status }) => status).sort()).toEqual([200, 200, 409])
    expect((await waiting()).items).toHaveLength(1)
  })

  it.each(['before', 'after'] as const)('is whole or not at all when the machine dies %s the write', async (when) => {
    await enter('worker', '101', 'yes')
    calm = disturb({
      [when]: () => {
        throw new Error('killed')
      },
    })
    expect((await enter('chair', '101', 'yes')).status).toBe(500)
    calm()
    const keys = [`PAPER#${compound}.1.1.101`, `WAITING#${compound}.1.1.101`]
    expect(await stored()).toEqual(when === 'before' ? keys : [`BALLOT#households#${compound}.1.1.101`, keys[0]])
    expect((await enter('chair', '101', 'yes')).body).toMatchObject({ state: 'counted', receipt: expect.any(String) })
    expect((await closed()).vote?.paper).toEqual({ ballots: 1, unpaired: 0 })
  })

  it('nothing comes in after closing, by a slow clock neither', async () => {
    await enter('worker', '101', 'yes')
    const inTime = Date.now()
    calm = disturb({
      before: async () => {
        calm()
        pass(7)
        await run(tick)
        vi.setSystemTime(inTime)
      },
    })
    expect(await enter('chair', '101', 'yes')).toMatchObject({ status: 409, body: { code: 'NOT_NOW' } })
    expect((await stored()).filter((key) => key.startsWith('BALLOT#'))).toEqual([])
  })

  it('who steps aside meanwhile enters nothing more', async () => {
    calm = disturb({
      before: async () => {
        calm()
        await does('chair', { act: 'declare', interest: 'relative' })
      },
    })
    expect(await enter('chair', '101', 'yes')).toMatchObject({ status: 409, body: { code: 'INTERESTED' } })
    expect(await stored()).toEqual([])
  })
})

describe('when it is counted', () => {
  it('leaves out the paper of a household in which nobody of then is verified any more', async () => {
    await settle(backend, 'spouse', compound, '102')
    for (const room of ['101', '102']) {
      await enter('worker', room, 'yes')
      await enter('chair', room, 'yes')
    }
    await settle(backend, 'at-101', compound, '101', 'rejected')
    // One of the couple moved out, the other one lives there still.
    await settle(backend, 'at-102', compound, '102', 'rejected')
    // Who moved in since does not make the paper theirs.
    await settle(backend, 'new-comer', compound, '101', 'verified', instant(Date.now()))
    const { vote: held } = await closed()
    expect(held?.tallies?.households).toMatchObject({ yes: 1 })
    expect(held?.paper).toEqual({ ballots: 1, unpaired: 0 })
    const text = await exported()
    expect(JSON.parse(text.split('\n')[0] ?? '')).toMatchObject({ voided: 1, paper: { ballots: 1, unpaired: 0 } })
    expect(recountVotes(text.trimEnd().split('\n')).problems).toEqual([])
  })

  it('is found by the reconcile when a ballot was made of one entry, or of two of one person', async () => {
    for (const room of ['101', '102']) {
      await enter('worker', room, 'yes')
      await enter('chair', room, 'yes')
    }
    await enter('worker', '103', 'no')
    expect((await closed()).state).toBe('decided')
    const occurredAt = instant(Date.now())
    await moveFund(compound, [{ eventId: 'opening', kind: 'opening', movedFen: 1_000_000, occurredAt }])
    await run(fundTick)
    const problems = async () => {
      const { problems: found } = await reconcileFund(compound, instant(Date.now()), {
        whole: true,
        hasTime: () => true,
      })
      return found.filter(({ invariant }) => invariant === 'I13').map(({ what }) => what.replace(/^entry.*?\) /, ''))
    }
    expect(await problems()).toEqual([])
    const itemOf = async (key: { PK: string; SK: string }) =>
      (await backend.partition('market', key.PK)).find(({ SK }) => SK === key.SK) as Record<string, unknown>
    const household = `${compound}.1.1.101`
    const [paperKey, ballotKey] = [
      paperKeys.paper(proposalId, household),
      governanceKeys.ballot(proposalId, 'households', household),
    ]
    const [paper, ballot] = [await itemOf(paperKey), await itemOf(ballotKey)]
    const [first, second] = paper['entries'] as Record<string, unknown>[]
    const notByTwo = ['has a vote on paper that was not entered by two']
    const twice = { enteredBy: [first?.['personId'], first?.['personId']], voices: ['p'] }
    for (const [item, facts, fault] of [
      [paper, { entries: [first] }, notByTwo],
      [paper, { entries: [first, first] }, notByTwo],
      [paper, { entries: [first, { ...second, choice: 'no' }] }, notByTwo],
      [paper, { entries: [first, { ...second, homes: [household] }] }, notByTwo],
      [ballot, { paper: twice }, notByTwo],
      [ballot, { castBy: 'p' }, ['has a vote that nobody cast']],
    ] as const) {
      await backend.put('market', { ...item, ...facts })
      expect(await problems(), JSON.stringify(facts)).toEqual(fault)
      await backend.put('market', item)
    }
    // As if another paper had waited, or one of these had never come in.
    const other = {
      ...(await itemOf(paperKeys.waiting(proposalId, `${compound}.1.1.103`))),
      SK: `WAITING#${compound}.9.9.9`,
    }
    await backend.put('market', other)
    expect(await problems()).toEqual(['has votes on paper that do not add up to what was published'])
  })
})
