import { createHash, randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { handler } from '#functions/rankings/index.ts'
import { saveFrozen } from '#functions/rankings/ranking-store.ts'
import { workClockNow } from '#functions/platform/work-calendar.ts'
import { handler as tick } from '#functions/rankings/on-tick.ts'
import { forgetCaller } from '#functions/platform/caller.ts'
import { bodyIndex } from '#functions/platform/table/body-keys.ts'
import { rankingMarkItem, rankingStepItem } from '#functions/platform/table/items/rankings.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { matterKeys } from '#functions/platform/table/matter-keys.ts'
import { rankingKeys } from '#functions/platform/table/ranking-keys.ts'
import { ALWAYS, get, queryAll, transact } from '#functions/platform/table/table.ts'
import {
  appealRanking,
  correctRanking,
  decideAppeal,
  exportRanking,
  freezeRanking,
  getRanking,
  listRankings,
  listRankingsOfBody,
  type RankingCounts,
  type RankingRow,
  type RankingSummary,
  type RankingView,
} from '#shared/contracts/rankings.ts'
import { canonicalJson } from '#shared/domain/fund/canonical-json.ts'
import { decideFreeze } from '#shared/domain/rankings/decide-act.ts'
import { RANKING_ROWS_MAX, rankingFormula } from '#shared/domain/rankings/rules.ts'
import { rankRows } from '#shared/domain/rankings/score.ts'
import { personId } from '#shared/kernel/ids.ts'
import { ISSUER, startBackend, type Backend } from '../fixtures/backend.ts'
import { call, lambdaContext } from '../fixtures/call.ts'
import { beforeWriting } from '../fixtures/interleave.ts'

vi.mock('#functions/platform/token.ts', () => ({
  personOfToken: async (token: string) => personId(ISSUER, token),
}))

/** A Monday in the quarter after. */
const MONDAY = Date.parse('2026-10-12T02:00:00.000Z')
const DAY = 86_400_000
const [Q3, Q4] = ['2026-q3', '2026-q4'] as const
let backend: Backend
let community = ''
let [near, far] = ['', '']

const GOOD: RankingCounts = {
  ...{ assigned: 60, left: 0, overdue: 0, solved: 60, unsolved: 0, ratings: 60, content: 60, hotline: 3 },
  households: 20,
}
const BAD: RankingCounts = { ...GOOD, left: 2, overdue: 50, solved: 10, unsolved: 50, content: 10 }

async function sums(
  compoundId: string,
  quarter: string,
  bodyId: string,
  counts: Partial<RankingCounts>,
): Promise<void> {
  const { assigned, left, overdue, solved, unsolved, ratings, content } = { ...GOOD, ...counts }
  await backend.put('market', {
    ...matterKeys.bodyQuarter(compoundId, quarter, bodyId),
    ...{ entity: 'bodyQuarter', v: 1, bodyId, quarter, assigned, left, overdue, solved, unsolved, ratings },
    ...{ score5: Math.ceil(content / 2), score4: Math.floor(content / 2), score1: ratings - content },
  })
}

async function give(sub: string, role: string, scopeId: string): Promise<void> {
  // Each test begins on the same day, before the one that came first has ended.
  forgetCaller(personId(ISSUER, sub))
  const found = role === 'body' ? bodyIndex.members(scopeId, `m-${sub}`) : {}
  const person = personId(ISSUER, sub)
  await backend.put('market', {
    ...{ ...keys.membership(person, role, scopeId), ...found },
    ...{ entity: 'membership', v: 1, personId: person, memberId: `m-${sub}`, role, scopeId, scopeName: scopeId },
  })
}

async function aCompound(compoundId: string, name: string): Promise<void> {
  await backend.put('market', {
    ...{ ...keys.place('compound', compoundId), ...index.places('compound', 'xinqu', community, compoundId) },
    ...{ entity: 'compound', v: 1, compoundId, name, type: 'old', communityId: community },
    ...{ communityName: '新华社区', townId: 'xinqu', townName: '新区街道', synthetic: true },
  })
  await Promise.all(
    Array.from({ length: 21 }, (_, at) => {
      // Two of one household are one household.
      const householdId = `${compoundId}.1.1.${Math.max(at, 1)}`
      return backend.put('market', {
        ...keys.membership(`p-${compoundId}-${at}`, 'resident', householdId),
        ...index.compoundMembers(compoundId, 'verified', householdId, `m-${at}`),
        ...{ entity: 'membership', v: 1, personId: `p-${compoundId}-${at}`, memberId: `m-${at}` },
        ...{ role: 'resident', scopeId: householdId, scopeName: '1', compoundId, state: 'verified' },
      })
    }),
  )
  await month(compoundId, '2026-08', { hotline: 1, hotlineCount: 3 })
  await month(compoundId, '2026-09', { hotlineCount: 0 })
}

function month(compoundId: string, of: string, facts: object): Promise<void> {
  return backend.put('market', {
    ...{ ...matterKeys.month(compoundId, of), entity: 'matterMonth', v: 1, month: of, ...facts },
  })
}

async function aBody(bodyId: string, bodyKind = 'property'): Promise<void> {
  await backend.put('market', {
    ...{ ...keys.place('body', bodyId), ...index.places('body', '', community, bodyId) },
    ...{ entity: 'body', v: 1, bodyId, name: `${bodyId} 公司`, bodyKind, districtId: '371502', communityId: community },
  })
}

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(MONDAY)
  backend = await startBackend()
})
beforeEach(async () => {
  vi.setSystemTime(MONDAY)
  community = `x-${randomUUID().slice(0, 8)}`
  ;[near, far] = [`c-1-${community}`, `c-2-${community}`]
  await backend.put('market', {
    ...{ ...keys.place('community', community), ...index.places('community', 'xinqu', '', community) },
    ...{ entity: 'community', v: 1, communityId: community, name: '新华社区', townId: 'xinqu', townName: '新区街道' },
  })
  await Promise.all([
    aCompound(near, '近处小区'),
    aCompound(far, '远处小区'),
    ...['property', 'rival'].map((body) => aBody(`${body}-${community}`)),
    aBody(`owners-${community}`, 'owners-committee'),
    ...['admin', 'second', 'owner-of-both'].map((sub) => give(sub, 'admin', '371502')),
    give('owner-of-both', 'body', `rival-${community}`),
    give('plumber', 'body', `property-${community}`),
    give('rival', 'body', `rival-${community}`),
    give('worker', 'worker', community),
    give('supervisor', 'supervisor', community),
    give('stranger', 'worker', 'elsewhere'),
    ...[Q3, Q4].flatMap((quarter) => [
      sums(near, quarter, `property-${community}`, BAD),
      sums(far, quarter, `property-${community}`, { ...GOOD, assigned: 1, solved: 1, ratings: 1, content: 1 }),
      sums(near, quarter, `rival-${community}`, GOOD),
      // No property company, and another quarter: not on the list.
      sums(near, quarter, `owners-${community}`, GOOD),
    ]),
    sums(far, '2026-q2', `rival-${community}`, GOOD),
  ])
})
afterEach(() => vi.restoreAllMocks())
afterAll(async () => {
  vi.useRealTimers()
  await backend.stop()
})

const id = (quarter: string = Q3) => `${quarter}.${community}`
const goTo = (at: number | string) => vi.setSystemTime(typeof at === 'string' ? Date.parse(at) : at)
const run = () =>
  (tick as unknown as (event: unknown, context: unknown) => Promise<{ moved: number; failed: number }>)(
    {},
    lambdaContext(),
  )
const freeze = (as = 'admin', quarter: string = Q3, body: object = { withoutHotline: true }) =>
  call(handler, freezeRanking, { params: { rankingId: id(quarter) }, body, as })
const bearer = (as: string | undefined) => (as === undefined ? {} : { headers: { authorization: `Bearer ${as}` } })
const read = (as?: string, quarter: string = Q3) =>
  call(handler, getRanking, { params: { rankingId: id(quarter) }, ...bearer(as) })
const seen = async (as?: string, quarter: string = Q3) => (await read(as, quarter)).body as RankingView
const ROW = () => ({ bodyId: `property-${community}`, compoundId: near })
const appeal = (as = 'plumber', change: object = {}) =>
  call(handler, appealRanking, {
    params: { rankingId: id() },
    body: { ...ROW(), note: '逾期五次是社区受理晚了', ...change },
    as,
  })
const decide = (as: string, body: object) =>
  call(handler, decideAppeal, {
    params: { rankingId: id() },
    body: { ...ROW(), note: '查了受理记录，情况属实', upheld: false, ...body },
    as,
  })
const correct = (as: string, counts: object, quarter: string = Q3) =>
  call(handler, correctRanking, {
    params: { rankingId: id(quarter) },
    body: { ...ROW(), note: '回看发现有一批记错了', counts },
    as,
  })
const file = async (as?: string) => call(handler, exportRanking, { params: { rankingId: id() }, ...bearer(as) })

async function publish(quarter: string = Q3): Promise<void> {
  expect((await freeze('admin', quarter)).status).toBe(200)
  goTo((await seen('worker', quarter)).previewUntil)
  await run()
}
async function finish(quarter: string = Q3): Promise<void> {
  await publish(quarter)
  goTo((await seen(undefined, quarter)).noticeUntil ?? '')
  await run()
  expect((await seen(undefined, quarter)).state).toBe('final')
}

describe('a list of a quarter', () => {
  it('is frozen from the sums of its property companies, with verified households and the hotline', async () => {
    const answer = await freeze()
    expect(answer, answer.text).toMatchObject({ status: 200 })
    const { rows, state, openAppeals } = answer.body as RankingView
    expect({ state, openAppeals }).toEqual({ state: 'preview', openAppeals: 0 })
    expect(rows.map(({ bodyId, compoundId, mark, place }) => [bodyId.split('-')[0], compoundId, mark, place])).toEqual([
      ['rival', near, 'red', 1],
      ['property', near, 'black', 2],
      ['property', far, 'unranked', undefined],
    ])
    expect(rows.slice(0, 2).map(({ counts }) => counts)).toEqual([GOOD, BAD])
  })

  it('waits for the hotline of every month in each of its compounds, or for who says that there was nothing', async () => {
    // Of August and September it is known; of July nobody has told, though matters of it are on record.
    const isMissing = { status: 409, body: { code: 'HOTLINE_MISSING' } }
    await month(near, '2026-07', { raised: 4 })
    expect(await freeze('admin', Q3, {})).toMatchObject(isMissing)
    await month(far, '2026-07', { hotlineCount: 0 })
    expect(await freeze('admin', Q3, {})).toMatchObject(isMissing)
    // One ticket that came in tells it as well as a number.
    await month(near, '2026-07', { hotline: 2 })
    const known = await freeze('admin', Q3, {})
    expect(known).toMatchObject({ status: 200, body: { withoutHotline: false } })
    expect((known.body as RankingView).rows[0]?.counts.hotline).toBe(5)
    goTo('2027-01-11T02:00:00.000Z')
    expect(await freeze('admin', Q4)).toMatchObject({ status: 200, body: { withoutHotline: true } })
    expect(await seen('worker', Q4)).toMatchObject({ withoutHotline: true })
  })

  it('of a quarter that is not over, or without a property company, is none', async () => {
    expect(await freeze('admin', Q4)).toMatchObject({ status: 409, body: { code: 'QUARTER_NOT_OVER' } })
    expect(await freeze('admin', '2026-q1')).toMatchObject({ status: 409, body: { code: 'NOTHING_TO_RANK' } })
    expect((await read('admin', Q4)).status).toBe(404)
    const nowhere = await call(handler, freezeRanking, { params: { rankingId: '2026-q3.nowhere' }, as: 'admin' })
    expect(nowhere.status).toBe(404)
  })

  it('is frozen by nobody of a ranked body, and by no worker', async () => {
    expect(await freeze('owner-of-both')).toMatchObject({ status: 409, body: { code: 'INTERESTED' } })
    for (const as of ['worker', 'supervisor', 'plumber']) expect((await freeze(as)).status, as).toBe(403)
  })

  it('is frozen once, however many ask at once, and later sums change nothing', async () => {
    const answers = await Promise.all([...Array(6)].flatMap(() => [freeze('admin'), freeze('second')]))
    const done = answers.filter(({ status }) => status === 200)
    const late = answers.filter(({ status }) => status !== 200)
    expect([done.length, late.length]).toEqual([6, 6])
    for (const each of late) expect(each.body).toMatchObject({ code: 'ALREADY_FROZEN' })
    const before = await seen('worker')
    await sums(near, Q3, `property-${community}`, GOOD)
    await Promise.all([freeze('admin'), freeze('second')])
    expect(await seen('worker')).toEqual(before)
    const steps = await queryAll(rankingStepItem, { pk: rankingKeys.ranking(id()).PK, prefix: 'STEP#', max: 10 })
    expect(steps).toHaveLength(1)
  })
})

it('each step leaves one event, for whoever subscribed to the community’s lists', async () => {
  await freeze()
  await publish()
  await Promise.all([run(), run()])
  const events = (await backend.scan('market', { filter: '#type = :moved', values: { ':moved': 'ranking.moved.v1' } }))
    .filter(({ rankingId }) => rankingId === id())
    .sort((left, right) => Number(left['step']) - Number(right['step']))
  expect(events.map(({ step, state }) => `${step} ${state}`)).toEqual(['1 preview', '2 published'])
  for (const event of events) expect(event).toMatchObject({ entity: 'event', communityId: community })
})

describe('who comes first', () => {
  it('froze it: whoever was about to is told so, and overwrites nothing', async () => {
    const first: unknown[] = []
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'ranking'),
      async () => {
        await sums(near, Q3, `rival-${community}`, BAD)
        first.push((await freeze('second')).status)
      },
    )
    expect(await freeze('admin')).toMatchObject({ status: 409, body: { code: 'ALREADY_FROZEN' } })
    expect(first).toEqual([200])
    expect((await seen('worker')).rows.map(({ mark }) => mark)).toEqual(['black', 'black', 'unranked'])
  })
})

describe('the longest list', () => {
  it('fits the item that it is frozen in, and one row more is refused as broken', async () => {
    const rows = (count: number) =>
      Array.from({ length: count }, (_, at) => ({
        ...{ bodyId: `${'b'.repeat(60)}-${at % 60}`, bodyName: '企'.repeat(40) },
        ...{ compoundId: `${'c'.repeat(60)}-${at}`, compoundName: '区'.repeat(40) },
        counts: { ...GOOD, assigned: 1_000_000 - at, left: 100_000, hotline: 999_999, households: 999_999 },
      }))
    const admin = { personId: 'a', isAdmin: true, isWorker: false, isSupervisor: false, bodyIds: [] }
    const named = { rankingId: id(), communityId: community, communityName: '新华社区', quarter: Q3 }
    const frozen = (count: number) => {
      const now = new Date(MONDAY).toISOString()
      const sums = { subjects: rows(count), knowsHotline: true }
      return decideFreeze(
        { quarter: Q3, withoutHotline: false },
        sums,
        rankingFormula,
        admin,
        now,
        workClockNow(),
        () => 'f'.repeat(64),
      )
    }
    const [fits, tooMany] = [frozen(RANKING_ROWS_MAX), frozen(RANKING_ROWS_MAX + 1)]
    if (fits.kind !== 'step' || tooMany.kind !== 'step') throw new Error('decided')
    await expect(saveFrozen(named, tooMany.step)).rejects.toThrow('as many rows')
    expect(await saveFrozen(named, fits.step)).toBe('saved')
    expect((await seen('worker')).rows).toHaveLength(RANKING_ROWS_MAX)
  })
})

describe('in preview', () => {
  beforeEach(async () => void (await freeze()))

  it('exists for who is on it and who oversees the community, and for nobody else', async () => {
    const statuses = async (as?: string) => [(await read(as)).status, (await file(as)).status]
    for (const as of ['admin', 'second', 'worker', 'supervisor']) expect(await statuses(as), as).toEqual([200, 200])
    for (const as of ['plumber', 'rival']) expect(await statuses(as), as).toEqual([200, 404])
    for (const as of [undefined, 'stranger', 'anybody']) expect(await statuses(as), as).toEqual([404, 404])
    expect((await seen('plumber')).rows.map(({ bodyId }) => bodyId)).toEqual(Array(2).fill(`property-${community}`))
    await appeal()
    expect((await seen('rival')).appeals).toEqual([])
    expect((await seen('rival')).rows).toHaveLength(1)
    expect(await seen('rival')).not.toHaveProperty('openAppeals')
  })

  it('is on the lists of those alone', async () => {
    const listed = async (as?: string) =>
      (
        (await call(handler, listRankings, { query: { communityId: community }, ...bearer(as) })).body as {
          items: RankingSummary[]
        }
      ).items.map(({ rankingId }) => rankingId)
    for (const as of ['admin', 'worker', 'supervisor', 'plumber']) expect(await listed(as), as).toEqual([id()])
    for (const as of [undefined, 'stranger']) expect(await listed(as), as).toEqual([])
    const ofBody = (as: string, bodyId: string) => call(handler, listRankingsOfBody, { query: { bodyId }, as })
    const own = await ofBody('plumber', `property-${community}`)
    expect((own.body as { items: RankingSummary[] }).items.map(({ rankingId }) => rankingId)).toEqual([id()])
    expect((await ofBody('plumber', `rival-${community}`)).status).toBe(403)
  })

  it('waits for an appeal to be decided, and is published by the clock then', async () => {
    goTo(Date.parse((await seen('worker')).previewUntil) - DAY)
    const answer = await appeal()
    expect(answer, answer.text).toMatchObject({ status: 200 })
    expect(await appeal()).toMatchObject({ status: 200 })
    expect(await appeal('plumber', { note: '还有别的理由要说明一下' })).toMatchObject({
      body: { code: 'APPEALED_ONCE' },
    })
    expect((await appeal('rival')).status).toBe(403)
    expect((await appeal('anybody')).status).toBe(403)
    goTo((await seen('worker')).previewUntil)
    await run()
    expect((await read()).status).toBe(404)
    expect(await decide('admin', {})).toMatchObject({ status: 409, body: { code: 'FOUR_EYES' } })
    expect(await decide('owner-of-both', {})).toMatchObject({ status: 409, body: { code: 'INTERESTED' } })
    for (const as of ['worker', 'plumber', 'rival']) expect((await decide(as, {})).status, as).toBe(403)
    expect(await decide('supervisor', { upheld: true })).toMatchObject({ body: { code: 'NOTHING_CORRECTED' } })
    expect((await decide('supervisor', { upheld: true, counts: { overdue: 0 } })).status).toBe(200)
    expect((await read()).status).toBe(404)
    await run()
    const { state, appeals, rows, noticeUntil, publishedAt = '' } = await seen()
    expect(state).toBe('published')
    expect(noticeUntil).toBe(new Date(Date.parse(publishedAt) + 7 * DAY).toISOString())
    expect(appeals).toMatchObject([{ ...ROW(), decision: { upheld: true, counts: { overdue: 0 } } }])
    expect(rows.find(({ compoundId, place }) => compoundId === near && place === 2)?.counts.overdue).toBe(0)
  })

  it('ends for appeals with its time, even before the clock came by', async () => {
    goTo((await seen('worker')).previewUntil)
    expect(await appeal()).toMatchObject({ status: 409, body: { code: 'NOT_NOW' } })
    goTo(Date.parse((await seen('worker')).previewUntil) - 1)
    expect((await run()).moved).toBe(0)
    expect((await appeal()).status).toBe(200)
  })

  it('an appeal that is written while the clock publishes comes too late, and takes nothing back', async () => {
    const { previewUntil } = await seen('worker')
    goTo(Date.parse(previewUntil) - 1)
    const moved: number[] = []
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'rankingStep'),
      async () => {
        goTo(previewUntil)
        moved.push((await run()).moved)
      },
    )
    expect(await appeal()).toMatchObject({ status: 409, body: { code: 'NOT_NOW' } })
    expect(moved).toHaveLength(1)
    expect((await seen()).state).toBe('published')
  })

  it('is published without the row whose appeal nobody decided in time; late, it is decided all the same', async () => {
    expect((await appeal()).status).toBe(200)
    const { appeals } = await seen('worker')
    const decideBy = appeals[0]?.decideBy ?? ''
    const { bodyId } = ROW()
    const mine = async () => (await seen()).rows.find((row) => row.bodyId === bodyId && row.compoundId === near)
    goTo(Date.parse(decideBy) - 1)
    await run()
    expect((await read()).status).toBe(404)
    goTo(decideBy)
    await run()
    await run()
    expect((await seen()).state).toBe('published')
    expect(await mine()).toMatchObject({ mark: 'withheld' })
    expect((await seen()).rows.filter(({ mark }) => mark === 'withheld')).toHaveLength(1)
    expect((await decide('worker', {})).status).toBe(403)
    const answers = await Promise.all([1, 2, 3].map(() => decide('supervisor', {})))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await mine())?.mark).not.toBe('withheld')
    expect((await seen()).appeals).toMatchObject([{ decision: { upheld: false } }])
  })

  it('a withheld row has no place and no score, on the page and in the file; what was frozen keeps its hash', async () => {
    await appeal()
    const { appeals, hash } = await seen('worker')
    goTo(appeals[0]?.decideBy ?? '')
    await run()
    const { counts: _counts, ...withheld } = (await seen()).rows.find(({ mark }) => mark === 'withheld') ?? {}
    const { bodyId, compoundId } = ROW()
    const names = { bodyName: `${bodyId} 公司`, compoundName: '近处小区' }
    expect(withheld).toEqual({ bodyId, compoundId, ...names, mark: 'withheld' })
    const { text } = await file()
    const now = text.split('\n').filter((line) => line.includes('"kind":"now"'))
    expect(now.filter((line) => line.includes('"withheld"'))).toHaveLength(1)
    expect(now.find((line) => line.includes('"withheld"'))).not.toMatch(/"(?:place|score|upperScore|lower|upper)"/)
    const frozen = text.slice(0, text.indexOf('{"kind":"hash"'))
    expect(createHash('sha256').update(frozen).digest('hex')).toBe(hash)
    expect(frozen).toContain('"mark":"black"')
  })

  it('the file has every change in the order in which it was made, an appeal that is upheld late included', async () => {
    await appeal()
    goTo((await seen('worker')).appeals[0]?.decideBy ?? '')
    await run()
    for (const overdue of [40, 39]) expect((await correct('second', { overdue })).status).toBe(200)
    expect((await decide('supervisor', { upheld: true, counts: { overdue: 38 } })).status).toBe(200)
    expect((await correct('second', { overdue: 37 })).status).toBe(200)
    const { text } = await file()
    const lines = text.trimEnd().split('\n')
    const changes = lines
      .map((line) => JSON.parse(line) as { kind: string; counts: object })
      .filter(({ kind }) => kind === 'correction')
    expect(changes.map(({ counts }) => counts)).toEqual([40, 39, 38, 37].map((overdue) => ({ overdue })))
  })

  it('an appeal whose point a correction has put right since is upheld without counts', async () => {
    await appeal()
    goTo((await seen('worker')).appeals[0]?.decideBy ?? '')
    await run()
    expect(await decide('supervisor', { upheld: true })).toMatchObject({ body: { code: 'NOTHING_CORRECTED' } })
    expect((await correct('second', { overdue: 0 })).status).toBe(200)
    expect((await decide('supervisor', { upheld: true, counts: {} })).status).toBe(200)
    const { appeals } = await seen()
    expect(appeals[0]?.decision).toMatchObject({ upheld: true })
    expect(appeals[0]?.decision).not.toHaveProperty('counts')
  })
})

describe('published', () => {
  it('is for everybody to compute again: the hash, every score, every place', async () => {
    await publish()
    expect((await correct('supervisor', { overdue: 40 })).status).toBe(200)
    const { text } = await file()
    const lines = text.trimEnd().split('\n')
    const at = lines.findIndex((line) => (JSON.parse(line) as { kind: string }).kind === 'hash')
    const { hash, formula, rows } = await seen()
    const bytes = lines.slice(0, at).map((line) => `${line}\n`)
    expect(createHash('sha256').update(bytes.join('')).digest('hex')).toBe(hash)
    expect(JSON.parse(lines[at] ?? '')).toEqual({ kind: 'hash', sha256: hash })
    for (const line of lines) expect(canonicalJson(JSON.parse(line))).toBe(line)
    const of = (kind: string) =>
      lines.map((line) => JSON.parse(line) as RankingRow & { kind: string }).filter((line) => line.kind === kind)
    const plain = (all: (RankingRow & { kind: string })[]) => all.map(({ kind: _kind, ...row }) => row)
    expect(plain(of('row'))).toEqual(rankRows(plain(of('row')), formula))
    expect(plain(of('now'))).toEqual(rankRows(plain(of('now')), formula))
    expect(plain(of('now'))).toEqual(rows)
    expect(of('correction')).toMatchObject([{ ...ROW(), counts: { overdue: 40 } }])
    expect(of('row').find(({ place }) => place === 2)?.counts.overdue).toBe(50)
  })

  it('the hash is of what was frozen: no correction changes it', async () => {
    await publish()
    const { hash } = await seen()
    for (const as of ['admin', 'owner-of-both']) expect((await correct(as, { overdue: 1 })).status, as).toBe(409)
    for (const as of ['worker', 'plumber']) expect((await correct(as, { overdue: 1 })).status, as).toBe(403)
    await correct('second', { overdue: 1 })
    const after = await seen()
    expect(after.hash).toBe(hash)
    expect(after.corrections).toMatchObject([{ counts: { overdue: 1 }, note: '回看发现有一批记错了' }])
  })

  it('black in two final quarters in a row opens a motion, which a correction of either makes lapse', async () => {
    await finish(Q3)
    goTo('2027-01-11T02:00:00.000Z')
    await finish(Q4)
    expect((await seen(undefined, Q3)).motions).toEqual([])
    const { motions } = await seen(undefined, Q4)
    expect(motions).toMatchObject([{ ...ROW(), quarters: [Q3, Q4] }])
    expect(motions[0]).not.toHaveProperty('lapsedAt')
    expect((await correct('second', GOOD, Q3)).status).toBe(200)
    expect((await seen(undefined, Q4)).motions[0]).toHaveProperty('lapsedAt')
  })

  it('no motion is opened by a list that is corrected while it is read', async () => {
    await finish(Q3)
    goTo('2027-01-11T02:00:00.000Z')
    await publish(Q4)
    goTo((await seen(undefined, Q4)).noticeUntil ?? '')
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['state']?.S === 'final'),
      async () => {
        expect((await correct('second', GOOD, Q3)).status).toBe(200)
      },
    )
    await run()
    await run()
    const { state, motions } = await seen(undefined, Q4)
    expect({ state, motions }).toEqual({ state: 'final', motions: [] })
  })

  it('a motion that opens while what it rests on is corrected lapses at once', async () => {
    await finish(Q3)
    goTo('2027-01-11T02:00:00.000Z')
    await publish(Q4)
    goTo((await seen(undefined, Q4)).noticeUntil ?? '')
    const opened: number[] = []
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'rankingStep'),
      async () => {
        await run()
        opened.push((await seen(undefined, Q4)).motions.length)
      },
    )
    expect((await correct('second', GOOD, Q3)).status).toBe(200)
    expect(opened).toEqual([1])
    expect((await seen(undefined, Q4)).motions).toMatchObject([{ lapsedAt: expect.any(String) as string }])
  })

  it('a list whose mark for the clock was lost has it again after the next step', async () => {
    await publish()
    const { noticeUntil = '' } = await seen()
    const key = rankingKeys.due(id())
    await transact([{ delete: key, condition: ALWAYS }])
    goTo(Date.parse(noticeUntil) - DAY)
    expect((await correct('second', { overdue: 49 })).status).toBe(200)
    expect(await get(rankingMarkItem, key)).toBeDefined()
    goTo(noticeUntil)
    await run()
    expect((await seen()).state).toBe('final')
    // And what is final has none, whatever happens to it then.
    expect((await correct('second', { overdue: 48 })).status).toBe(200)
    expect(await get(rankingMarkItem, key)).toBeUndefined()
  })

  it('the clock does each thing once, however often it comes', async () => {
    await publish()
    goTo((await seen()).noticeUntil ?? '')
    await Promise.all([run(), run(), run()])
    await run()
    const steps = await queryAll(rankingStepItem, { pk: rankingKeys.ranking(id()).PK, prefix: 'STEP#', max: 10 })
    expect(steps.map(({ facts }) => facts.act)).toEqual(['freeze', 'publish', 'finish'])
    expect(await get(rankingMarkItem, rankingKeys.due(id()))).toBeUndefined()
  })
})
