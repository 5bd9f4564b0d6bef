import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { handler as fundHandler } from '#functions/fund/index.ts'
import { moveFund } from '#functions/fund/move-fund.ts'
import { handler as fundTick } from '#functions/fund/on-tick.ts'
import { reconcileFund } from '#functions/fund/reconcile-fund.ts'
import { handler as governance } from '#functions/governance/index.ts'
import { handler as governanceTick } from '#functions/governance/on-tick.ts'
import { handler as hooks } from '#functions/hooks/index.ts'
import { checkKeys } from '#functions/platform/table/check-keys.ts'
import { governanceKeys } from '#functions/platform/table/governance-keys.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { askPaymentChecks, payProject } from '#shared/contracts/fund-projects.ts'
import { actOnProposal, castVote, getProposal, propose, type ProposalView } from '#shared/contracts/governance.ts'
import {
  addCheck,
  type CheckScope,
  listQuestions,
  type QuestionView,
  removeCheck,
  turnCheck,
} from '#shared/contracts/hooks-checks.ts'
import { hookPayloadSchema } from '#shared/contracts/hooks-events.ts'
import { personId } from '#shared/kernel/ids.ts'
import { instant, shanghaiDay } from '#shared/kernel/time.ts'
import { ISSUER, startBackend, type Backend } from '../fixtures/backend.ts'
import { call, lambdaContext } from '../fixtures/call.ts'
import {
  breakOff,
  flood,
  hang,
  hangUp,
  type Receiver,
  startReceiver,
  status,
  trickle,
} from '../fixtures/hook-receiver.ts'
import { beforeWriting, killWrites } from '../fixtures/interleave.ts'
import { ledgerOf } from './fund-table.ts'
import { aCommunity, aCompound, COMMUNITY, settle } from './governance-people.ts'

vi.mock('#functions/platform/token.ts', () => ({
  personOfToken: async (token: string) => personId(ISSUER, token),
}))

/** Goal: where a check is on nothing is paid past it but by two persons, and whatever else it answers writes no ledger. */
const DAY = 86_400_000
const SPENT = 110_000
let backend: Backend
let receiver: Receiver
let compound = ''

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime('2026-11-02T01:00:00.000Z')
  backend = await startBackend({ HOOKS_TO_THIS_MACHINE: '1' })
  receiver = await startReceiver()
})
beforeEach(async () => {
  vi.setSystemTime('2026-11-02T01:00:00.000Z')
  compound = `c-${randomUUID().slice(0, 8)}`
  await backend.empty()
  await aCommunity(backend)
  await aPlace(COMMUNITY)
  await aCompound(backend, compound)
  await Promise.all([
    settle(backend, 'author', compound, '101'),
    settle(backend, 'acceptor', compound, '103'),
    // One of the committee and somebody of the charity, who live together.
    settle(backend, 'fourth', compound, '104'),
    settle(backend, 'payer-2', compound, '104'),
  ])
  receiver.reset()
})
afterEach(() => vi.restoreAllMocks())
afterAll(async () => {
  vi.useRealTimers()
  await receiver.stop()
  await backend.stop()
})

const aPlace = (communityId: string) =>
  backend.put('market', {
    ...keys.place('community', communityId),
    ...{ entity: 'community', v: 1, communityId, name: '社区', townId: 'xinqu', townName: '新区街道' },
  })
const pass = (days: number) => vi.setSystemTime(Date.now() + days * DAY)
const run = (job: unknown) => (job as (event: unknown, context: unknown) => Promise<unknown>)({}, lambdaContext())
const today = () => shanghaiDay(instant(Date.now()))
const act = (proposalId: string, as: string, body: object) =>
  call(governance, actOnProposal, { params: { proposalId }, body, as })
async function done(proposalId: string, as: string, body: object): Promise<void> {
  const answer = await act(proposalId, as, body)
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 })
}
const seen = async (proposalId: string, as = 'supervisor') => {
  const headers = { headers: { authorization: `Bearer ${as}` } }
  return (await call(governance, getProposal, { params: { proposalId }, ...headers })).body as ProposalView
}
const pay = (proposalId: string, as = 'payer', amountFen = SPENT, meant: object = {}) =>
  call(fundHandler, payProject, {
    params: { compoundId: compound, proposalId },
    body: { amountFen, bankReference: `ICBC-${proposalId.slice(0, 13)}`, paidOn: today(), ...meant },
    as,
  })
/** Of the stop that stands. */
const override = async (proposalId: string, as: string, note = '民政窗口书面同意') =>
  act(proposalId, as, { act: 'override-check', stop: (await seen(proposalId)).stopped?.number ?? 1, note })
async function lets(proposalId: string, as: string, note = '已核实'): Promise<void> {
  const answer = await override(proposalId, as, note)
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 })
}

async function approved(purpose = 'facilities', milestones?: readonly object[], spentFen = SPENT): Promise<string> {
  const proposalId = randomUUID()
  const content = {
    ...{ compoundId: compound, title: '给东门加装扶手', purpose },
    why: '东门台阶高，老人上下不方便，去年摔过两次，想装一条不锈钢扶手。',
    lines: [{ what: '扶手和安装', amountFen: 150_000 }],
  }
  expect((await call(governance, propose, { params: { proposalId }, body: content, as: 'author' })).status).toBe(200)
  await done(proposalId, 'worker', { act: 'triage' })
  const meeting = { act: 'deliberate', heldOn: today(), expected: 9, attended: 7 }
  await done(proposalId, 'worker', { ...meeting, minutes: '大家同意装，位置放在右侧，物业配合施工。' })
  const planned = milestones === undefined ? {} : { milestones }
  const meant = milestones === undefined ? {} : { milestone: 1 }
  const quotes = ['甲', '乙', '丙'].map((from, n) => ({ from: `${from}五金`, amountFen: 120_000 + n }))
  await done(proposalId, 'valuator', { act: 'cost', quotes, chosen: 0, termDays: 20, ...planned })
  pass(7)
  await run(governanceTick)
  for (const as of ['chair', 'second', 'third']) {
    await call(governance, castVote, {
      params: { proposalId },
      body: { electorate: 'committee', choice: 'yes' },
      as,
    })
  }
  await done(proposalId, 'supervisor', { act: 'opine', text: '程序合规，价格合理。' })
  pass(7)
  await run(governanceTick)
  const occurredAt = instant(Date.now())
  await moveFund(compound, [{ eventId: 'opening', kind: 'opening', movedFen: 1_000_000, occurredAt }])
  await run(fundTick)
  await done(proposalId, 'executor', { act: 'start' })
  await approve(proposalId, spentFen, meant)
  return proposalId
}

async function approve(proposalId: string, spentFen: number, meant: object): Promise<void> {
  const receipts = [{ from: '甲五金', number: `R${randomUUID().slice(0, 8)}`, amountFen: spentFen, issuedOn: today() }]
  await done(proposalId, 'executor', { act: 'finish', ...meant, text: '扶手装好了，请验收。', receipts })
  await done(proposalId, 'supervisor', { act: 'accept', ...meant })
  await done(proposalId, 'acceptor', { act: 'accept', ...meant })
  await done(proposalId, 'chair', { act: 'approve', ...meant, amountFen: spentFen })
}

type Wish = { scope?: CheckScope; seconds?: number; on?: boolean }
async function check({ scope = { kind: 'district' }, seconds = 1, on = true }: Wish = {}) {
  const checkId = randomUUID()
  const body = { name: '民政核验', url: receiver.url, scope, seconds }
  const added = await call(hooks, addCheck, { params: { checkId }, body, as: 'admin' })
  expect(added, added.text).toMatchObject({ status: 200 })
  if (on) await turn(checkId, 'on')
  return { checkId, secret: (added.body as { secret: string }).secret }
}
const turn = (checkId: string, state: 'on' | 'off') =>
  call(hooks, turnCheck, { params: { checkId }, body: { state }, as: 'admin' })
const questions = async (checkId: string) => {
  const { body } = await call(hooks, listQuestions, { params: { checkId }, as: 'admin' })
  return (body as { items: QuestionView[] }).items
}

type Data = { questionId: string; proposalId: string; amountFen: number; checkId: string }
type Received = Receiver['received'][number]
const dataOf = ({ body }: Received) => (JSON.parse(body) as { data: Data }).data
/** What a checker says to what it was asked. */
const say =
  (more: object = {}, code = 200) =>
  (response: ServerResponse, received: Received) => {
    const { questionId, proposalId, amountFen } = dataOf(received)
    status(code, {}, JSON.stringify({ allow: true, questionId, proposalId, amountFen, ...more }))(response, received, 0)
  }
const no = (reason: string) => say({ allow: false, reason })

async function untouched(proposalId: string) {
  const { head, entries, verified } = await ledgerOf(backend, compound)
  expect(verified.ok).toBe(true)
  expect(entries.map(({ kind }) => kind)).toEqual(['opening', 'reservation'])
  expect(head?.balances).toMatchObject({ paid: 0, reserved: 120_000 })
  expect((await seen(proposalId)).state).toBe('approved')
}
/** A project that is paid in two. */
const TWO_PARTS = ['材料', '安装'].map((what) => ({ what, shows: '现场能看到', amountFen: 60_000 }))
const problems = async () => {
  const { problems: found } = await reconcileFund(compound, instant(Date.now()), { whole: true, hasTime: () => true })
  return found.filter(({ invariant }) => invariant === 'I13').map(({ what }) => what)
}

describe('a check that says yes', () => {
  it('is asked by a signed question that tells ids, sum and day, and lets the payment through', async () => {
    const { checkId, secret } = await check()
    const proposalId = await approved()
    receiver.always(say())
    expect(await pay(proposalId)).toMatchObject({ status: 200, body: { paidFen: SPENT } })
    expect(receiver.received).toHaveLength(1)
    const [asked] = receiver.received
    const told = new Webhook(secret).verify(asked?.body ?? '', asked?.headers as Record<string, string>) as object
    expect(hookPayloadSchema('disbursement.check.v1').parse(told)).toEqual(told)
    const at = instant(Date.now())
    const questionId = asked?.headers['webhook-id']
    expect(told).toEqual({
      ...{ type: 'disbursement.check.v1', timestamp: at },
      data: {
        ...{ questionId, checkId, proposalId, compoundId: compound, communityId: COMMUNITY, amountFen: SPENT },
        ...{ paidOn: today(), test: false, path: `/api/proposals/${proposalId}` },
      },
    })
    expect(asked?.body).not.toMatch(/payer|ICBC|\|/)
    expect((await seen(proposalId)).payment).toMatchObject({ checks: 'allowed' })
    const kept = await questions(checkId)
    expect(kept).toEqual([
      {
        ...{ questionId, at, test: false, proposalId, compoundId: compound, amountFen: SPENT, paidOn: today() },
        ...{ outcome: 'allowed', status: 200, latencyMs: expect.any(Number) as number },
      },
    ])
    expect(await problems()).toEqual([])
    // Told again it is the same payment, and nobody is asked.
    expect((await pay(proposalId)).status).toBe(200)
    expect(receiver.received).toHaveLength(1)
  })

  it('is asked about this payment of a project of several, and has to say which one it means', async () => {
    const { checkId } = await check()
    const proposalId = await approved('facilities', TWO_PARTS, 50_000)
    receiver.always(say())
    expect(await pay(proposalId, 'payer', 50_000, { milestone: 1 })).toMatchObject({ body: { code: 'CHECK_SILENT' } })
    receiver.always(say({ milestone: 2 }))
    expect(await pay(proposalId, 'payer', 50_000, { milestone: 1 })).toMatchObject({ body: { code: 'CHECK_SILENT' } })
    await untouched(proposalId)
    receiver.always(say({ milestone: 1 }))
    expect((await pay(proposalId, 'payer', 50_000, { milestone: 1 })).status).toBe(200)
    for (const each of receiver.received)
      expect(dataOf(each)).toMatchObject({ proposalId, amountFen: 50_000, milestone: 1, milestones: 2 })
    expect((await questions(checkId)).map(({ outcome, milestone }) => `${outcome} ${milestone}`).sort()).toEqual([
      ...['allowed 1', 'other-question 1', 'other-question 1'],
    ])
    expect((await seen(proposalId)).paidMilestones).toMatchObject([{ payment: { checks: 'allowed' } }])
    expect(await problems()).toEqual([])
  })

  it('is one of all that are on for this community, and each is asked', async () => {
    const whole = await check()
    const here = await check({ scope: { kind: 'community', id: COMMUNITY } })
    const off = await check({ on: false })
    await aPlace('elsewhere')
    await check({ scope: { kind: 'community', id: 'elsewhere' } })
    const proposalId = await approved()
    receiver.always((response, received) =>
      (dataOf(received).checkId === here.checkId ? no('社区没有备案') : say())(response, received),
    )
    expect(await pay(proposalId)).toMatchObject({
      status: 409,
      body: { code: 'CHECK_SAID_NO', detail: expect.stringContaining('社区没有备案') as string },
    })
    await untouched(proposalId)
    expect(new Set(receiver.received.map((one) => dataOf(one).checkId))).toEqual(new Set([whole.checkId, here.checkId]))
    expect(await questions(off.checkId)).toEqual([])
    receiver.always(say())
    expect((await pay(proposalId)).status).toBe(200)
    expect(await problems()).toEqual([])
  })

  it('is not needed where none is on', async () => {
    const { checkId } = await check()
    await turn(checkId, 'off')
    const proposalId = await approved()
    expect((await pay(proposalId)).status).toBe(200)
    expect(receiver.received).toEqual([])
    expect((await seen(proposalId)).payment).not.toHaveProperty('checks')
    expect(await problems()).toEqual([])
  })
})

describe('everything else is closed', () => {
  const old = { ...{ questionId: `msg_${'0'.repeat(32)}` } }
  it.each([
    ['a no', no('项目没有备案'), 'CHECK_SAID_NO', 'said-no'],
    ['silence', hang, 'CHECK_SILENT', 'time-out'],
    ['a line that is cut', hangUp, 'CHECK_SILENT', 'no-connection'],
    ['an answer to an earlier question', say(old), 'CHECK_SILENT', 'other-question'],
    ['an answer about another project', say({ proposalId: randomUUID() }), 'CHECK_SILENT', 'other-question'],
    ['an answer about another sum', say({ amountFen: SPENT - 1 }), 'CHECK_SILENT', 'other-question'],
    ['a no to another question', say({ ...old, allow: false, reason: '王家' }), 'CHECK_SILENT', 'other-question'],
    ['garbage', status(200, {}, 'OK'), 'CHECK_SILENT', 'not-an-answer'],
    ['an empty 204', status(204), 'CHECK_SILENT', 'status'],
    ['a yes that is a 500', say({}, 500), 'CHECK_SILENT', 'status'],
    ['a yes that is a 201', say({}, 201), 'CHECK_SILENT', 'status'],
    ['a yes that is longer than a kilobyte', say({ office: 'x'.repeat(1_100) }), 'CHECK_SILENT', 'too-long'],
    ['a flood', flood(200), 'CHECK_SILENT', 'too-long'],
    ['half an answer', breakOff(200), 'CHECK_SILENT', 'too-long'],
  ] as const)('%s', async (_what, behave, code, outcome) => {
    const { checkId } = await check()
    const proposalId = await approved()
    receiver.always(behave as Parameters<Receiver['always']>[0])
    const answer = await pay(proposalId)
    expect(answer).toMatchObject({ status: 409, body: { code } })
    expect(answer.text).not.toContain('王家')
    await untouched(proposalId)
    expect(await questions(checkId)).toMatchObject([{ outcome }])
    // All can be tried again.
    receiver.always(say())
    expect((await pay(proposalId)).status).toBe(200)
    expect(await problems()).toEqual([])
  })

  it('a redirect, which is not followed', async () => {
    await check()
    const proposalId = await approved()
    receiver.always((response, received) =>
      received.path === '/elsewhere'
        ? say()(response, received)
        : void response.writeHead(307, { location: '/elsewhere' }).end(),
    )
    expect(await pay(proposalId)).toMatchObject({ status: 409, body: { code: 'CHECK_SILENT' } })
    expect(receiver.of('/elsewhere')).toEqual([])
    await untouched(proposalId)
  })

  it('a yes that comes late, also when it comes drop by drop', async () => {
    const { checkId } = await check({ seconds: 1 })
    const proposalId = await approved()
    receiver.next((response, received) => void setTimeout(() => say()(response, received), 1_300))
    const startedMs = performance.now()
    expect(await pay(proposalId)).toMatchObject({ status: 409, body: { code: 'CHECK_SILENT' } })
    expect(performance.now() - startedMs).toBeLessThan(1_290)
    await new Promise((resolve) => setTimeout(resolve, 500))
    await untouched(proposalId)
    receiver.next(trickle(200))
    expect(await pay(proposalId)).toMatchObject({ status: 409, body: { code: 'CHECK_SILENT' } })
    await untouched(proposalId)
    const outcomes = (await questions(checkId)).map(({ outcome }) => outcome)
    expect(outcomes).toContain('time-out')
    expect(outcomes).not.toContain('allowed')
  })

  it('an address that leads inside by the time it is asked, and nobody connects', async () => {
    const { checkId } = await check()
    const proposalId = await approved()
    const key = checkKeys.check(checkId)
    const [item] = (await backend.partition('market', key.PK)).filter(({ SK }) => SK === key.SK)
    for (const [url, outcome] of [
      ['https://10.0.0.1/x', 'refused-address'],
      ['https://169.254.169.254/latest/', 'refused-address'],
      ['http://127.0.0.1:9/', 'refused-address'],
    ]) {
      await backend.put('market', { ...item, url })
      expect(await pay(proposalId)).toMatchObject({ status: 409, body: { code: 'CHECK_SILENT' } })
      expect((await questions(checkId)).map((one) => one.outcome)).toContain(outcome)
    }
    expect(receiver.connections()).toBe(0)
    await untouched(proposalId)
  })

  it('a reason that nobody may read is left out, and the rest of it is', async () => {
    await check()
    const proposalId = await approved()
    receiver.always(no('请打 138 1234 5678 找小王'))
    const answer = await pay(proposalId)
    expect(answer.text).not.toContain('1234')
    expect((await seen(proposalId)).stopped).toEqual({
      ...{ number: expect.any(Number) as number, at: instant(Date.now()), verdict: 'said-no', overriddenBy: [] },
    })
    receiver.always(no('没有备案<script>'))
    await pay(proposalId)
    const { stopped, history } = await seen(proposalId)
    expect(stopped?.note).toBe('没有备案script')
    expect(history.at(-1)).toMatchObject({ act: 'checked', actor: 'system', note: '没有备案script' })
  })
})

const askFirst = (proposalId: string, as = 'payer', more: object = {}) =>
  call(fundHandler, askPaymentChecks, {
    params: { compoundId: compound, proposalId },
    body: { amountFen: SPENT, paidOn: today(), ...more },
    as,
  })

describe('before the charity transfers', () => {
  it('the checks are asked as for the payment, and nothing is paid; the payment asks again', async () => {
    const { checkId } = await check()
    const proposalId = await approved()
    receiver.always(say())
    expect(await askFirst(proposalId)).toMatchObject({ status: 200, body: { checks: 'allowed' } })
    await untouched(proposalId)
    expect(await questions(checkId)).toMatchObject([{ outcome: 'allowed', test: false, amountFen: SPENT }])
    receiver.always(no('没有备案'))
    expect(await pay(proposalId)).toMatchObject({ status: 409, body: { code: 'CHECK_SAID_NO' } })
    await untouched(proposalId)
  })

  it('a no stops it as at the payment: everybody reads it, and it stands though its check is switched off', async () => {
    const { checkId } = await check()
    const proposalId = await approved()
    receiver.always(no('没有备案'))
    const code = 'CHECK_SAID_NO'
    expect(await askFirst(proposalId)).toMatchObject({ status: 409, body: { code } })
    expect((await seen(proposalId)).stopped).toMatchObject({ note: '没有备案', overriddenBy: [] })
    await turn(checkId, 'off')
    expect(await askFirst(proposalId)).toMatchObject({ status: 409, body: { code } })
    expect(await pay(proposalId)).toMatchObject({ status: 409, body: { code } })
    await lets(proposalId, 'supervisor')
    await lets(proposalId, 'second')
    expect(await askFirst(proposalId)).toMatchObject({ status: 200, body: { checks: 'overridden' } })
    await untouched(proposalId)
  })

  it('it is told when there is none to ask', async () => {
    const proposalId = await approved()
    expect((await askFirst(proposalId)).body).toEqual({})
    expect(receiver.received).toEqual([])
  })

  it('only who could pay it asks, in the sum that is to be paid, while it can be paid', async () => {
    await check()
    const proposalId = await approved()
    receiver.always(say())
    for (const as of ['author', 'worker', 'chair', 'supervisor', 'admin']) {
      expect((await askFirst(proposalId, as)).status, as).toBe(403)
    }
    expect(await askFirst(proposalId, 'payer', { amountFen: 1 })).toMatchObject({
      body: { code: 'TYPED_AMOUNT_DIFFERS' },
    })
    expect((await askFirst(randomUUID())).status).toBe(404)
    expect(receiver.received).toEqual([])
    expect((await pay(proposalId)).status).toBe(200)
    expect(await askFirst(proposalId)).toMatchObject({ status: 409, body: { code: 'NOT_NOW' } })
    expect(receiver.received).toHaveLength(1)
  })
})

describe('what a check says of help for somebody in need', () => {
  const SAID = '张三已享受低保'
  const readBy = async (proposalId: string, as?: string) => {
    const headers = as === undefined ? {} : { headers: { authorization: `Bearer ${as}` } }
    const { text, body } = await call(governance, getProposal, { params: { proposalId }, ...headers })
    return { text, view: body as ProposalView }
  }

  it('is for who oversees it; the public reads that it was stopped, and no words', async () => {
    await check()
    const proposalId = await approved('hardship')
    receiver.always(no(SAID))
    expect((await pay(proposalId)).text).toContain(SAID)
    for (const as of [undefined, 'author', 'acceptor', 'stranger']) {
      const { text, view } = await readBy(proposalId, as)
      expect(text, as).not.toContain('张三')
      expect(view.stopped).toMatchObject({ verdict: 'said-no', overriddenBy: [] })
      expect(view.history.at(-1)).toMatchObject({ act: 'checked', actor: 'system' })
    }
    for (const as of ['worker', 'chair', 'supervisor', 'payer', 'admin']) {
      const { view } = await readBy(proposalId, as)
      expect(view.stopped?.note, as).toBe(SAID)
      expect(view.history.at(-1)?.note, as).toBe(SAID)
    }
    // Who keeps the words nowhere: what others are told of it, and what follows the ledger.
    const elsewhere = (await backend.scan('market')).filter(({ entity }) =>
      ['proposalStep', 'checkAsked'].every((name) => name !== entity),
    )
    expect(JSON.stringify([...elsewhere, ...(await backend.scan('ledger'))])).not.toContain('张三')
    await lets(proposalId, 'supervisor')
    await lets(proposalId, 'second')
    expect((await pay(proposalId)).status).toBe(200)
    expect((await readBy(proposalId)).text).not.toContain('张三')
  })

  it('is read by everybody of any other project', async () => {
    await check()
    const proposalId = await approved()
    receiver.always(no('没有备案'))
    await pay(proposalId)
    expect((await readBy(proposalId)).view.stopped?.note).toBe('没有备案')
  })
})

describe('an override', () => {
  it('of two lets it through without asking, and everybody reads by whom in what words', async () => {
    const { checkId } = await check()
    const proposalId = await approved()
    expect(await override(proposalId, 'supervisor')).toMatchObject({ status: 409, body: { code: 'NOT_NOW' } })
    receiver.always(hang)
    await pay(proposalId)
    expect((await seen(proposalId)).mayDo).toContain('override-check')
    await lets(proposalId, 'supervisor', '系统停机，已电话核实')
    expect(await pay(proposalId)).toMatchObject({ status: 409, body: { code: 'CHECK_SILENT' } })
    await untouched(proposalId)
    await lets(proposalId, 'second', '民政窗口书面同意')
    const asked = receiver.received.length
    expect((await pay(proposalId)).status).toBe(200)
    expect(receiver.received).toHaveLength(asked)
    const open = await call(governance, getProposal, { params: { proposalId } })
    const { payment, history, stopped } = open.body as ProposalView
    expect(payment?.checks).toBe('overridden')
    expect(stopped).toBeUndefined()
    expect(history.slice(-4).map(({ act: name, actor, note }) => [name, actor, note])).toEqual([
      ['checked', 'system', undefined],
      ['override-check', 'supervisor', '系统停机，已电话核实'],
      ['override-check', 'committee', '民政窗口书面同意'],
      ['pay', 'charity', undefined],
    ])
    const steps = await backend.partition('market', governanceKeys.proposal(proposalId).PK)
    const paid = steps.find(({ facts }) => (facts as { act?: string } | undefined)?.act === 'pay')
    expect(paid?.['facts']).toMatchObject({ checks: [{ checkId, verdict: 'overridden' }] })
    expect(await problems()).toEqual([])
  })

  it('is not one person’s, a couple’s, a part-taker’s or the payer’s', async () => {
    await check()
    const proposalId = await approved()
    receiver.always(no('没有备案'))
    await pay(proposalId)
    await lets(proposalId, 'supervisor')
    const barred = { status: 409, body: { code: 'FOUR_EYES' } }
    expect(await override(proposalId, 'supervisor', '再说一遍')).toMatchObject(barred)
    expect(await override(proposalId, 'chair')).toMatchObject(barred)
    for (const as of ['author', 'worker', 'admin', 'executor']) {
      expect((await override(proposalId, as)).status, as).toBe(403)
    }
    await lets(proposalId, 'fourth')
    // Who lives with one of the two does not pay it.
    expect(await pay(proposalId, 'payer-2')).toMatchObject(barred)
    await untouched(proposalId)
    expect((await pay(proposalId, 'payer')).status).toBe(200)
  })

  it('of a couple is one', async () => {
    await check()
    const proposalId = await approved()
    receiver.always(no('没有备案'))
    await pay(proposalId)
    await lets(proposalId, 'fourth')
    expect(await override(proposalId, 'payer-2')).toMatchObject({ status: 409, body: { code: 'FOUR_EYES' } })
    expect(await pay(proposalId)).toMatchObject({ status: 409, body: { code: 'CHECK_SAID_NO' } })
    await untouched(proposalId)
  })

  it('is for this approval, and for the checks that stood in the way', async () => {
    const first = await check()
    const proposalId = await approved()
    receiver.always(no('没有备案'))
    await pay(proposalId)
    await lets(proposalId, 'supervisor')
    await lets(proposalId, 'second')
    const other = await check()
    receiver.reset()
    receiver.always(hang)
    expect(await pay(proposalId)).toMatchObject({ status: 409, body: { code: 'CHECK_SILENT' } })
    expect(receiver.received.map((one) => dataOf(one).checkId)).toEqual([other.checkId])
    await untouched(proposalId)
    await turn(other.checkId, 'off')
    // It was overridden together with what is off by now: two persons say so once more.
    receiver.always(no('没有备案'))
    expect((await pay(proposalId)).status).toBe(409)
    await done(proposalId, 'payer', { act: 'refuse', note: '票据不对' })
    const receipts = [{ from: '甲五金', number: `R${randomUUID().slice(0, 8)}`, amountFen: SPENT, issuedOn: today() }]
    await done(proposalId, 'executor', { act: 'finish', text: '换了票据。', receipts })
    await done(proposalId, 'supervisor', { act: 'accept' })
    await done(proposalId, 'acceptor', { act: 'accept' })
    await done(proposalId, 'chair', { act: 'approve', amountFen: SPENT })
    expect(await override(proposalId, 'supervisor')).toMatchObject({ status: 409, body: { code: 'NOT_NOW' } })
    expect((await pay(proposalId)).status).toBe(409)
    await untouched(proposalId)
    expect((await questions(first.checkId)).map(({ outcome }) => outcome)).toContain('said-no')
  })
})

describe('a stop outlives its check', () => {
  it('that is switched off after its no: one administrator alone gets nothing past it', async () => {
    const { checkId } = await check()
    const proposalId = await approved()
    receiver.always(no('施工单位失信'))
    expect((await pay(proposalId)).status).toBe(409)
    await turn(checkId, 'off')
    const asked = receiver.received.length
    const answer = await pay(proposalId)
    expect(answer).toMatchObject({ status: 409, body: { code: 'CHECK_SAID_NO' } })
    expect(answer.text).toContain('已经停用')
    expect(answer.text).toContain('施工单位失信')
    expect(receiver.received).toHaveLength(asked)
    await untouched(proposalId)
    // Nothing new is said: what one person has overridden stays so.
    await lets(proposalId, 'supervisor')
    expect((await pay(proposalId)).status).toBe(409)
    expect((await seen(proposalId)).stopped?.overriddenBy).toEqual(['supervisor'])
    await lets(proposalId, 'second')
    expect((await pay(proposalId)).status).toBe(200)
    expect((await seen(proposalId)).payment?.checks).toBe('overridden')
    expect(await problems()).toEqual([])
  })

  it('until it is on again and says yes', async () => {
    const { checkId } = await check()
    const proposalId = await approved()
    receiver.always(hang)
    await pay(proposalId)
    await turn(checkId, 'off')
    receiver.always(say())
    expect(await pay(proposalId)).toMatchObject({ status: 409, body: { code: 'CHECK_SILENT' } })
    await untouched(proposalId)
    await turn(checkId, 'on')
    expect((await pay(proposalId)).status).toBe(200)
    expect(await problems()).toEqual([])
  })

  it('also when it is removed, and when another one is on that says yes, or no', async () => {
    const first = await check()
    const other = await check({ scope: { kind: 'community', id: COMMUNITY } })
    const proposalId = await approved()
    receiver.always((response, received) =>
      (dataOf(received).checkId === first.checkId ? no('没有备案') : say())(response, received),
    )
    await pay(proposalId)
    await call(hooks, removeCheck, { params: { checkId: first.checkId }, as: 'admin' })
    expect(await pay(proposalId)).toMatchObject({ status: 409, body: { code: 'CHECK_SAID_NO' } })
    receiver.always(no('超过预算'))
    await pay(proposalId)
    // Both reasons stand, and an override is of both.
    expect((await seen(proposalId)).stopped?.note?.split('\n').sort()).toEqual(['没有备案', '超过预算'].sort())
    await lets(proposalId, 'supervisor')
    await lets(proposalId, 'second')
    await turn(other.checkId, 'off')
    expect((await pay(proposalId)).status).toBe(200)
    expect(await problems()).toEqual([])
  })

  it('ends with its approval', async () => {
    const { checkId } = await check()
    const proposalId = await approved()
    receiver.always(no('没有备案'))
    await pay(proposalId)
    await turn(checkId, 'off')
    await done(proposalId, 'payer', { act: 'refuse', note: '票据不对' })
    const receipts = [{ from: '甲五金', number: `R${randomUUID().slice(0, 8)}`, amountFen: SPENT, issuedOn: today() }]
    await done(proposalId, 'executor', { act: 'finish', text: '换了票据。', receipts })
    await done(proposalId, 'supervisor', { act: 'accept' })
    await done(proposalId, 'acceptor', { act: 'accept' })
    await done(proposalId, 'chair', { act: 'approve', amountFen: SPENT })
    expect((await pay(proposalId)).status).toBe(200)
    expect(await problems()).toEqual([])
  })

  it('ends with its payment: the next milestone is asked anew, and neither a no nor an override of the first one counts', async () => {
    const { checkId } = await check()
    const proposalId = await approved('facilities', TWO_PARTS, 50_000)
    const payPart = (milestone: number, as = 'payer') =>
      call(fundHandler, payProject, {
        params: { compoundId: compound, proposalId },
        body: { amountFen: 50_000, bankReference: `P${milestone}-${compound}`, paidOn: today(), milestone },
        as,
      })
    receiver.always(say({ allow: false, reason: '没有备案', milestone: 1 }))
    expect(await payPart(1)).toMatchObject({ body: { code: 'CHECK_SAID_NO' } })
    // Nobody can let past a payment that is still to come.
    await lets(proposalId, 'supervisor')
    await lets(proposalId, 'second')
    const asked = receiver.received.length
    expect((await payPart(1)).status).toBe(200)
    expect(receiver.received).toHaveLength(asked)
    const between = await seen(proposalId)
    expect(between).toMatchObject({ state: 'executing', milestone: 2 })
    expect(between.stopped).toBeUndefined()
    expect(between.paidMilestones[0]?.payment.checks).toBe('overridden')
    const early = await act(proposalId, 'third', { act: 'override-check', stop: 1, note: '也放行' })
    expect(early).toMatchObject({ status: 409, body: { code: 'NOT_NOW' } })

    await approve(proposalId, 50_000, { milestone: 2 })
    expect(await override(proposalId, 'second')).toMatchObject({ body: { code: 'NOT_NOW' } })
    // Asked beforehand from a page of the first one nobody is asked about the second.
    for (const milestone of [1, undefined]) {
      const stale = await askFirst(proposalId, 'payer', { amountFen: 50_000, milestone })
      expect(stale).toMatchObject({ status: 409, body: { code: 'MILESTONE_DIFFERS' } })
    }
    expect(receiver.received).toHaveLength(asked)
    receiver.always(say({ allow: false, reason: '还是没有备案', milestone: 2 }))
    expect(await payPart(2)).toMatchObject({ body: { code: 'CHECK_SAID_NO' } })
    expect(receiver.received).toHaveLength(asked + 1)
    expect(receiver.received.map((each) => dataOf(each)).at(-1)).toMatchObject({ milestone: 2, milestones: 2 })
    // One of two of this stop is not enough, though both had let the first payment past.
    await lets(proposalId, 'second')
    expect(await payPart(2)).toMatchObject({ body: { code: 'CHECK_SAID_NO' } })
    // Who let it past pays no other part of it either.
    expect(await payPart(2, 'second')).toMatchObject({ status: 403 })
    receiver.always(say({ milestone: 2 }))
    expect(await askFirst(proposalId, 'payer', { amountFen: 50_000, milestone: 2 })).toMatchObject({
      ...{ status: 200, body: { checks: 'allowed' } },
    })
    expect(dataOf(receiver.received.at(-1) as Received)).toMatchObject({ milestone: 2, milestones: 2 })
    expect((await payPart(2)).status).toBe(200)
    const end = await seen(proposalId)
    expect([end.state, end.payment?.checks, end.payment?.releasedFen]).toEqual(['disbursed', 'allowed', 20_000])
    expect(await problems()).toEqual([])

    // The reconcile looks at each payment by itself: a second one that names no check, or an override of the first, is found.
    const items = (await backend.scan('market')).filter(({ entity }) => entity === 'proposalStep')
    const paid = items
      .filter(({ facts }) => (facts as { act: string }).act === 'pay')
      .sort((left, right) => Number(left['number']) - Number(right['number']))[1] as Record<string, unknown> & {
      PK: string
      SK: string
      facts: object
    }
    const changed = async (checks: object[] | undefined) => {
      await backend.put('market', { ...paid, facts: { ...paid.facts, checks } })
      return problems()
    }
    const second = `entry 4 (disbursement:${proposalId}-p2)`
    expect(await changed([])).toEqual([`${second} was paid past a check that had stopped it: ${checkId}`])
    expect(await changed([{ checkId, verdict: 'overridden' }])).toEqual([
      `${second} says that a check was overridden that was not`,
    ])
  })

  it('is overridden as it was read: what was written for silence is refused once there is a no', async () => {
    await check()
    const proposalId = await approved()
    receiver.always(hang)
    await pay(proposalId)
    const read = (await seen(proposalId)).stopped?.number
    await lets(proposalId, 'supervisor', '系统停机，已电话核实')
    receiver.always(no('施工单位失信'))
    await pay(proposalId)
    const late = await act(proposalId, 'second', { act: 'override-check', stop: read, note: '系统停机' })
    expect(late).toMatchObject({ status: 409, body: { code: 'STOP_CHANGED' } })
    expect((await act(proposalId, 'second', { act: 'override-check', note: '系统停机' })).status).toBe(400)
    expect((await pay(proposalId)).status).toBe(409)
    expect((await seen(proposalId)).stopped).toMatchObject({ note: '施工单位失信', overriddenBy: [] })
    await untouched(proposalId)
  })

  it('is read as it was kept before overrides named it', async () => {
    const { checkId } = await check()
    const proposalId = await approved()
    receiver.always(no('没有备案'))
    await pay(proposalId)
    await lets(proposalId, 'supervisor')
    await lets(proposalId, 'second')
    for (const step of await backend.partition('market', governanceKeys.proposal(proposalId).PK)) {
      const facts = step['facts'] as Record<string, unknown> | undefined
      const { stop: _stop, stops: _stops, ...before } = facts ?? {}
      if (facts !== undefined) await backend.put('market', { ...step, facts: before })
    }
    expect((await seen(proposalId)).stopped?.overriddenBy).toEqual(['supervisor', 'committee'])
    expect((await pay(proposalId)).status).toBe(200)
    expect((await questions(checkId)).map(({ outcome }) => outcome)).toEqual(['said-no'])
    expect(await problems()).toEqual([])
  })
})

describe('meanwhile', () => {
  const isPayment = (writes: readonly { Put?: { Item?: Record<string, { S?: string }> | undefined } | undefined }[]) =>
    writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'paidProject')

  it('a no that comes while the clock says that the payment is overdue is written down all the same', async () => {
    const proposalId = await approved()
    await check()
    receiver.always((response, received) => {
      pass(5)
      void run(governanceTick).then(() => no('未备案')(response, received))
    })
    expect(await pay(proposalId)).toMatchObject({ body: { code: 'CHECK_SAID_NO' } })
    expect((await seen(proposalId)).history.slice(-2).map(({ act: name }) => name)).toEqual(['overdue', 'checked'])
    expect((await seen(proposalId)).stopped).toMatchObject({ verdict: 'said-no', note: '未备案' })
    await untouched(proposalId)
  })

  it('a no to an approval that was taken back meanwhile stops no later one', async () => {
    const proposalId = await approved()
    await check()
    receiver.always((response, received) => {
      void done(proposalId, 'payer-2', { act: 'refuse', note: '票据看不清' })
        .then(() => approve(proposalId, SPENT, {}))
        .then(() => no('未备案')(response, received))
    })
    expect(await pay(proposalId)).toMatchObject({ body: { code: 'CHECK_SAID_NO' } })
    expect((await seen(proposalId)).stopped).toBeUndefined()
    await untouched(proposalId)
  })

  it('a check that is switched on between the question and the write is asked, too', async () => {
    const late = await check({ on: false })
    const proposalId = await approved()
    receiver.always(no('没有备案'))
    beforeWriting(isPayment as never, () => turn(late.checkId, 'on'))
    expect(await pay(proposalId)).toMatchObject({ status: 409, body: { code: 'CHECK_SAID_NO' } })
    await untouched(proposalId)
    expect(await questions(late.checkId)).toHaveLength(1)
  })

  it('what said yes in this request is not asked again because another was switched on', async () => {
    const first = await check()
    const late = await check({ on: false, scope: { kind: 'community', id: COMMUNITY } })
    const proposalId = await approved()
    receiver.always(say())
    beforeWriting(isPayment as never, () => turn(late.checkId, 'on'))
    expect((await pay(proposalId)).status).toBe(200)
    expect(receiver.received.map((one) => dataOf(one).checkId)).toEqual([first.checkId, late.checkId])
    expect(await problems()).toEqual([])
  })

  it('two who pay at once are asked for each, and one payment is made', async () => {
    const { checkId } = await check()
    const proposalId = await approved()
    receiver.always(say())
    const all = await Promise.all([
      ...Array.from({ length: 3 }, () => pay(proposalId)),
      ...Array.from({ length: 3 }, () => pay(proposalId, 'payer-2')),
    ])
    expect(all.filter((answer) => answer.status === 200).length).toBeGreaterThanOrEqual(1)
    const { entries } = await ledgerOf(backend, compound)
    expect(entries.filter(({ kind }) => kind === 'disbursement')).toHaveLength(1)
    // Every question has a name of its own.
    const names = (await questions(checkId)).map(({ questionId }) => questionId)
    expect(new Set(names).size).toBe(receiver.received.length)
  })

  it('a machine that dies after the yes has paid nothing, and asks again', async () => {
    const { checkId } = await check()
    const proposalId = await approved()
    receiver.always(say())
    killWrites(isPayment as never)
    expect((await pay(proposalId)).status).toBe(500)
    vi.restoreAllMocks()
    await untouched(proposalId)
    expect((await pay(proposalId)).status).toBe(200)
    expect(await questions(checkId)).toHaveLength(2)
  })

  it('a machine that dies while it waits leaves the question', async () => {
    const { checkId } = await check()
    const proposalId = await approved()
    receiver.always(say())
    let kept = 0
    killWrites((writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'checkAsked' && ++kept === 2))
    expect((await pay(proposalId)).status).toBe(500)
    vi.restoreAllMocks()
    await untouched(proposalId)
    expect(await questions(checkId)).toMatchObject([{ outcome: 'asked' }])
  })
})

describe('the reconcile', () => {
  const facts = { act: 'pay', bankReference: 'x', paidFen: SPENT, releasedFen: 10_000, seq: 3 }
  const change = async (proposalId: string, more: object) => {
    const steps = await backend.partition('market', governanceKeys.proposal(proposalId).PK)
    const paid = steps.find((step) => (step['facts'] as { act?: string } | undefined)?.act === 'pay')
    await backend.put('market', { ...paid, facts: { ...facts, paidOn: today(), ...more } })
  }

  it('finds a payment past a check that was on, and one that says it was overridden and was not', async () => {
    const { checkId } = await check()
    const proposalId = await approved()
    receiver.always(say())
    expect((await pay(proposalId)).status).toBe(200)
    expect(await problems()).toEqual([])
    await change(proposalId, {})
    const name = `entry 3 (disbursement:${proposalId})`
    expect(await problems()).toEqual([`${name} was paid past a check that was on: ${checkId}`])
    await change(proposalId, { checks: [{ checkId, verdict: 'overridden' }] })
    expect(await problems()).toEqual([`${name} says that a check was overridden that was not`])
    // Also when it was removed since, and its last questions are long forgotten.
    await change(proposalId, {})
    pass(1)
    await call(hooks, removeCheck, { params: { checkId }, as: 'admin' })
    expect(await problems()).toEqual([`${name} was paid past a check that was on: ${checkId}`])
  })

  it('finds a payment past a stop that was neither answered by a yes nor overridden, whether its check was on or off', async () => {
    const { checkId } = await check()
    const proposalId = await approved()
    receiver.always(no('没有备案'))
    await pay(proposalId)
    await turn(checkId, 'off')
    await lets(proposalId, 'supervisor')
    await lets(proposalId, 'second')
    expect((await pay(proposalId)).status).toBe(200)
    expect(await problems()).toEqual([])
    const steps = await backend.partition('market', governanceKeys.proposal(proposalId).PK)
    const of = (name: string) => steps.filter((step) => (step['facts'] as { act?: string } | undefined)?.act === name)
    // As if one of the two had never said so.
    const [one] = of('override-check')
    const suspended = { act: 'declare', interest: 'other', memberId: 'nobody' }
    await backend.put('market', { ...one, facts: suspended })
    await change(proposalId, {})
    const name = `entry 3 (disbursement:${proposalId})`
    expect(await problems()).toEqual([`${name} was paid past a check that had stopped it: ${checkId}`])
    await change(proposalId, { checks: [{ checkId, verdict: 'overridden' }] })
    expect(await problems()).toEqual([`${name} says that a check was overridden that was not`])
    // A yes since then is one.
    await change(proposalId, { checks: [{ checkId, verdict: 'allowed' }] })
    expect(await problems()).toEqual([])
  })

  it('finds nothing where a check was switched so near to the payment that clocks could not tell, or was off', async () => {
    const { checkId } = await check()
    const proposalId = await approved()
    await turn(checkId, 'off')
    pass(0.004)
    expect((await pay(proposalId)).status).toBe(200)
    expect(await problems()).toEqual([])
    pass(1)
    await turn(checkId, 'on')
    expect(await problems()).toEqual([])
  })
})
