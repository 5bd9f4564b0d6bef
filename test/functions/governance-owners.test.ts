import { marshall } from '@aws-sdk/util-dynamodb'
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { handler } from '#functions/governance/index.ts'
import { stepWrites } from '#functions/platform/proposal-record.ts'
import { governanceKeys } from '#functions/platform/table/governance-keys.ts'
import { proposalStepItem } from '#functions/platform/table/items/governance.ts'
import { ownersRowsKeys } from '#functions/platform/table/owners-rows-keys.ts'
import { transact } from '#functions/platform/table/table.ts'
import { actOnProposal, getProposal, listProposals, type ProposalView } from '#shared/contracts/governance.ts'
import { OWNERS_UNITS_MAX, type OwnersRow } from '#shared/contracts/governance-owners.ts'
import { nextOfSystem } from '#shared/domain/governance/decide-system.ts'
import { canonicalList } from '#shared/domain/governance/owners-list.ts'
import { foldSteps } from '#shared/domain/governance/proposal.ts'
import type { Step } from '#shared/domain/governance/steps.ts'
import { hasEnded } from '#shared/domain/governance/transitions.ts'
import { personId } from '#shared/kernel/ids.ts'
import { sha256 } from '#functions/fund/sha256.ts'
import { Story, worker as triager } from '../domain/governance-story.ts'
import { ISSUER, startBackend, type Backend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { aCommunity, aCompound, COMMUNITY, settle } from './governance-people.ts'

vi.mock('#functions/platform/token.ts', () => ({
  personOfToken: async (token: string) => personId(ISSUER, token),
}))

/**
 * Goal: the list of an owners' vote, through the real route, with what is kept of it where. The proposal is written as its
 * steps: how it came that far is told elsewhere.
 */
const DAY = 86_400_000
const COMPOUND = 'c-owners-01'
const NOW = '2026-11-20T01:00:00.000Z'
let backend: Backend
let printed: string[] = []

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(NOW)
  backend = await startBackend()
  await aCommunity(backend)
  await aCompound(backend, COMPOUND)
  await settle(backend, 'neighbour', COMPOUND, '101')
})
beforeEach(() => {
  vi.setSystemTime(NOW)
  printed = []
  const write = process.stdout.write.bind(process.stdout)
  vi.spyOn(process.stdout, 'write').mockImplementation((text, ...rest) => {
    printed.push(String(text))
    return write(text, ...(rest as []))
  })
})
afterEach(() => vi.restoreAllMocks())
afterAll(async () => {
  vi.useRealTimers()
  await backend.stop()
})

/** Decided by the committee, under no. 8, with such steps after that. */
async function decided(more: readonly Step[] = []): Promise<string> {
  const story = new Story().does(triager, { act: 'triage', ownersItem: 8 })
  const steps = [...story.proposal.steps, ...new Story().decided().proposal.steps.slice(2), ...more]
  const proposalId = randomUUID()
  const places = { proposalId, compoundId: COMPOUND, compoundName: '示例小区', communityId: COMMUNITY }
  for (let count = 1; count <= steps.length; count++) {
    const proposal = foldSteps(steps.slice(0, count))
    expect(await transact(stepWrites(places, proposal, hasEnded(proposal.state), nextOfSystem(proposal)))).toEqual({
      kind: 'done',
    })
  }
  return proposalId
}

const row = (unit: string, owner: string, choice: OwnersRow['choice'], areaCm = 9_000): OwnersRow => ({
  ...{ unit, areaCm, owner, choice },
})
/** Three of four agree, of heads and of area. */
const list = [
  row('甲座-101', 'Y1', 'yes'),
  row('甲座-102', 'Y2', 'yes'),
  row('甲座-201', 'Y3', 'yes'),
  row('甲座-202', 'Y4', 'no'),
]
const figures = {
  item: 8,
  totalHeads: 4,
  totalAreaCm: 36_000,
  heads: 4,
  areaCm: 36_000,
  forHeads: 3,
  forAreaCm: 27_000,
}
const enter = (
  proposalId: string,
  as: string,
  act: 'record-owners' | 'confirm-owners',
  rows: readonly object[] = list,
) => call(handler, actOnProposal, { params: { proposalId }, body: { act, item: 8, rows }, as })
const seen = async (proposalId: string, as?: string) => {
  const headers = as === undefined ? {} : { headers: { authorization: `Bearer ${as}` } }
  return (await call(handler, getProposal, { params: { proposalId }, ...headers })).body as ProposalView
}
const keptRows = async (proposalId: string) => backend.partition('photos', ownersRowsKeys.rows(proposalId).PK)
/** Everything that is kept of a proposal where events are made, and what was logged. */
const keptElsewhere = async (proposalId: string) =>
  JSON.stringify([
    await backend.partition('market', governanceKeys.proposal(proposalId).PK),
    (await backend.scan('market')).filter((item) => JSON.stringify(item).includes(proposalId)),
    printed,
  ])

describe('a list of owners', () => {
  it('counts once two persons have entered it, each on their own, however they spell and order it', async () => {
    const proposalId = await decided()
    expect(await enter(proposalId, 'worker', 'record-owners')).toMatchObject({ status: 200 })
    for (const as of ['worker', 'supervisor', 'neighbour', undefined]) {
      const { owners, ownersRecorded, ownersListCode, ownersDiffer } = await seen(proposalId, as)
      const told = { owners, ownersRecorded, ownersListCode, ownersDiffer }
      expect(told).toEqual({ ...told, ...{ owners: undefined, ownersRecorded: true, ownersListCode: undefined } })
      expect(ownersDiffer).toBeUndefined()
    }
    const spelt = list
      .toReversed()
      .map((each) => ({ ...each, unit: ` ${each.unit.replace('-', '－')}`, owner: each.owner.toLowerCase() }))
    expect(await enter(proposalId, 'supervisor', 'confirm-owners', spelt)).toMatchObject({ status: 200 })
    const { owners, ownersListCode = '', state } = await seen(proposalId, 'valuator')
    expect(ownersListCode).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/)
    const hash = sha256(canonicalList(8, ownersListCode, list))
    expect({ owners, state }).toEqual({
      owners: { ...figures, passed: true, list: { units: 4, hash } },
      state: 'decided',
    })
    // Everybody reads the figures and the hash; the code is for those who work on it.
    for (const as of ['neighbour', undefined]) {
      const shown = await seen(proposalId, as)
      expect([shown.owners, shown.ownersListCode]).toEqual([owners, undefined])
    }
  })

  it('leaves no row behind: not in steps, events, lists or logs, and after the second entry nowhere', async () => {
    const proposalId = await decided()
    await enter(proposalId, 'worker', 'record-owners')
    expect((await keptRows(proposalId)).map(({ rows }) => rows)).toEqual([
      expect.stringContaining('甲座-101\t9000\tY1\tyes\n'),
    ])
    await enter(proposalId, 'supervisor', 'confirm-owners', list.with(0, row('乙座-9', 'Y1', 'yes')))
    const listed = await call(handler, listProposals, { query: { compoundId: COMPOUND } })
    expect(JSON.stringify([await keptElsewhere(proposalId), listed.body])).not.toMatch(/甲座|乙座/)
    await enter(proposalId, 'supervisor', 'confirm-owners')
    expect(await keptRows(proposalId)).toEqual([])
    expect(await keptElsewhere(proposalId)).not.toMatch(/甲座|乙座/)
  })

  it('decides nothing while the two differ: both persons, and they alone, are told which units', async () => {
    const proposalId = await decided()
    await enter(proposalId, 'worker', 'record-owners')
    const other = [row('甲座-101', 'Y1', 'yes'), row('甲座-102', 'Y2', 'abstain'), row('甲座-201', 'Y3', 'yes', 9_001)]
    const units = ['甲座-102', '甲座-201', '甲座-202']
    expect(await enter(proposalId, 'supervisor', 'confirm-owners', other)).toMatchObject({
      status: 422,
      body: { code: 'LISTS_DIFFER', detail: `有 3 户和另一位录的不一样：${units.join('、')}。请照表决票核对` },
    })
    const { state, owners, history } = await seen(proposalId)
    expect({ state, owners }).toEqual({ state: 'decided', owners: undefined })
    expect(history.map(({ act }) => act)).not.toContain('confirm-owners')
    const differ = { count: 3, units }
    const told = await Promise.all(
      ['worker', 'supervisor', 'valuator', 'chair', 'payer', 'admin', 'neighbour', undefined].map(
        async (as) => (await seen(proposalId, as)).ownersDiffer,
      ),
    )
    expect(told).toEqual([differ, differ, undefined, undefined, undefined, undefined, undefined, undefined])
    // The first one was wrong and enters again; what differed before is over.
    expect((await enter(proposalId, 'worker', 'record-owners', other)).status).toBe(200)
    expect((await seen(proposalId, 'worker')).ownersDiffer).toBeUndefined()
    expect((await enter(proposalId, 'supervisor', 'confirm-owners', other)).status).toBe(200)
    expect((await seen(proposalId)).owners).toMatchObject({ totalAreaCm: 27_001, passed: false })
    expect((await seen(proposalId)).state).toBe('rejected')
  })

  it('is no riddle: who has tried five times is told only that they differ, and the right one still counts', async () => {
    const proposalId = await decided()
    await enter(proposalId, 'worker', 'record-owners')
    const guess = (n: number) =>
      enter(proposalId, 'supervisor', 'confirm-owners', list.with(0, row('甲座-101', `N${n}`, 'no')))
    for (let n = 0; n < 5; n++)
      expect(await guess(n)).toMatchObject({ status: 422, body: { fields: expect.anything() } })
    const sixth = await guess(6)
    expect(JSON.stringify((await Promise.all([7, 8, 9].map(guess))).map(({ body }) => body))).not.toContain('甲座')
    expect(sixth).toMatchObject({ status: 422, body: { code: 'LISTS_DIFFER' } })
    expect(JSON.stringify(sixth.body)).not.toContain('甲座')
    expect((await enter(proposalId, 'supervisor', 'confirm-owners')).status).toBe(200)
  })

  it('is no riddle for who tries many at once either', async () => {
    const proposalId = await decided()
    await enter(proposalId, 'worker', 'record-owners')
    const guesses = Array.from({ length: 12 }, (_none, n) => list.with(0, row('甲座-101', `N${n}`, 'no')))
    const told = await Promise.all(guesses.map((rows) => enter(proposalId, 'supervisor', 'confirm-owners', rows)))
    expect(told.map(({ status }) => status)).toEqual(guesses.map(() => 422))
    expect(told.filter(({ body }) => JSON.stringify(body).includes('甲座')).length).toBeLessThanOrEqual(5)
  })

  it('waits fourteen days for the second person, and then tells nobody which units differ', async () => {
    const proposalId = await decided()
    await enter(proposalId, 'worker', 'record-owners')
    const wrong = list.with(0, row('甲座-101', 'Y1', 'no'))
    await enter(proposalId, 'supervisor', 'confirm-owners', wrong)
    vi.setSystemTime(Date.parse(NOW) + 14 * DAY)
    expect((await seen(proposalId, 'worker')).ownersDiffer).toBeUndefined()
    const late = await enter(proposalId, 'supervisor', 'confirm-owners', wrong)
    expect(late).toMatchObject({ status: 422, body: { code: 'LISTS_DIFFER' } })
    expect(JSON.stringify(late.body)).not.toContain('甲座')
    // Sent again it is the same list, and they are told once more.
    expect((await enter(proposalId, 'worker', 'record-owners')).status).toBe(200)
    expect(await enter(proposalId, 'supervisor', 'confirm-owners', wrong)).toMatchObject({
      body: { fields: { rows: '不一样的：甲座-101' } },
    })
    vi.setSystemTime(Date.parse(NOW) + 30 * DAY)
    expect((await enter(proposalId, 'supervisor', 'confirm-owners')).status).toBe(200)
    expect(await keptRows(proposalId)).toEqual([])
  })

  it('tells nothing of rows that are of another list than the one that stands', async () => {
    const proposalId = await decided()
    await enter(proposalId, 'worker', 'record-owners')
    const [kept = {}] = await keptRows(proposalId)
    await backend.put('photos', { ...kept, hash: '0'.repeat(64) })
    const answer = await enter(proposalId, 'supervisor', 'confirm-owners', list.slice(1))
    expect(answer).toMatchObject({ status: 422, body: { code: 'LISTS_DIFFER' } })
    expect(JSON.stringify(answer.body)).not.toContain('甲座')
  })

  it('has no place in a step: a row there is broken loudly', () => {
    const step = { entity: 'proposalStep', v: 1, number: 7, at: NOW, actor: 'worker' }
    const facts = { act: 'record-owners', owners: figures }
    expect(proposalStepItem.safeParse({ ...step, facts }).success).toBe(true)
    expect(proposalStepItem.safeParse({ ...step, facts: { ...facts, rows: list } }).success).toBe(false)
    const sent = { act: 'record-owners', item: 8, rows: list }
    expect(proposalStepItem.safeParse({ ...step, facts: sent }).success).toBe(false)
  })

  it('goes with the proposal when that is broken off', async () => {
    const proposalId = await decided()
    await enter(proposalId, 'worker', 'record-owners')
    expect(await keptRows(proposalId)).toHaveLength(1)
    const act = (as: string, name: string) =>
      call(handler, actOnProposal, { params: { proposalId }, body: { act: name, note: '业主大会没有开成' }, as })
    expect((await act('supervisor', 'suspend')).status).toBe(200)
    const answer = await act('chair', 'abandon')
    expect(answer).toMatchObject({ status: 200, body: { state: 'abandoned' } })
    expect(await keptRows(proposalId)).toEqual([])
  })

  it('sent twice at once is one step, with one code', async () => {
    const proposalId = await decided()
    const answers = await Promise.all([1, 2, 3].map(() => enter(proposalId, 'worker', 'record-owners')))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    const { history } = await seen(proposalId)
    expect(history.filter(({ act }) => act === 'record-owners')).toHaveLength(1)
    expect((await enter(proposalId, 'supervisor', 'confirm-owners')).status).toBe(200)
    expect((await enter(proposalId, 'supervisor', 'confirm-owners')).status).toBe(200)
    expect((await seen(proposalId)).history.filter(({ act }) => act === 'confirm-owners')).toHaveLength(1)
  })

  it('is refused by row, and whoever may not enter one is told nothing of it', async () => {
    const proposalId = await decided()
    const wrong = [...list, row('甲座-101', 'Y1', 'no')]
    expect(await enter(proposalId, 'worker', 'record-owners', wrong)).toMatchObject({
      status: 422,
      body: { code: 'LIST_WRONG', fields: { 'rows.4.unit': expect.stringContaining('第 1 行') } },
    })
    for (const as of ['chair', 'payer', 'supervisor', 'neighbour'])
      expect((await enter(proposalId, as, 'record-owners', wrong)).status).toBe(403)
    const totals = { act: 'record-owners', owners: figures }
    expect(await call(handler, actOnProposal, { params: { proposalId }, body: totals, as: 'worker' })).toMatchObject({
      status: 400,
    })
    expect(await keptRows(proposalId)).toEqual([])
  })
})

describe('totals that were typed before lists were entered', () => {
  const typed = (act: 'record-owners' | 'confirm-owners', sub: string): Step => ({
    ...{ at: '2026-11-19T01:00:00.000Z', actor: 'worker', personId: personId(ISSUER, sub), memberId: `m-${sub}` },
    facts: act === 'record-owners' ? { act, owners: figures } : { act, owners: figures },
  })

  it('are shown as they were', async () => {
    const proposalId = await decided([typed('record-owners', 'worker'), typed('confirm-owners', 'valuator')])
    expect((await seen(proposalId, 'worker')).owners).toEqual({ ...figures, passed: true })
  })

  it('that one person typed are entered as a list', async () => {
    const proposalId = await decided([typed('record-owners', 'worker')])
    expect((await seen(proposalId, 'supervisor')).mayDo).not.toContain('confirm-owners')
    expect(await enter(proposalId, 'supervisor', 'confirm-owners')).toMatchObject({
      status: 409,
      body: { code: 'NOT_NOW' },
    })
    expect((await enter(proposalId, 'valuator', 'record-owners')).status).toBe(200)
    // Who typed totals of it has recorded it too.
    expect(await enter(proposalId, 'worker', 'confirm-owners')).toMatchObject({ body: { code: 'FOUR_EYES' } })
    expect((await enter(proposalId, 'supervisor', 'confirm-owners')).status).toBe(200)
  })
})

it('holds three thousand units with the longest texts there are, in one item and one request', async () => {
  const longest = Array.from({ length: OWNERS_UNITS_MAX }, (_none, n) =>
    row(
      `${'楼'.repeat(16)}${String(n).padStart(4, '0')}`,
      `OWNER-${String(n).padStart(4, '0')}`,
      'abstain',
      10_000_000 / 4,
    ),
  )
  const proposalId = await decided()
  const body = Buffer.byteLength(JSON.stringify({ act: 'record-owners', item: 8, rows: longest }))
  expect(body).toBeLessThan(512 * 1024)
  expect((await enter(proposalId, 'worker', 'record-owners', longest)).status).toBe(200)
  const [item = {}] = await keptRows(proposalId)
  const size = Object.entries(marshall(item)).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value.S ?? value.N ?? ''),
    0,
  )
  expect(size).toBeLessThan(400 * 1024)
  // What differs fits in beside it.
  expect((await enter(proposalId, 'supervisor', 'confirm-owners', longest.slice(1))).status).toBe(422)
  expect((await enter(proposalId, 'supervisor', 'confirm-owners', longest.toReversed())).status).toBe(200)
  expect((await seen(proposalId)).owners?.list?.units).toBe(OWNERS_UNITS_MAX)
  const many = [...longest, row('1', 'A', 'yes')]
  expect(await enter(await decided(), 'worker', 'record-owners', many)).toMatchObject({ status: 400 })
})
