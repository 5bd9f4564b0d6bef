import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { handler } from '#functions/aid/index.ts'
import { handler as governance } from '#functions/governance/index.ts'
import { forgetCaller } from '#functions/platform/caller.ts'
import { aidKeys } from '#functions/platform/table/aid-keys.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import {
  actOnAid,
  AID_CONSENT_VERSION,
  type AidSlip,
  type AidSummary,
  type AidView,
  getAid,
  listAidSlips,
  listAidToDo,
  listMyAid,
  raiseAid,
  readAid,
} from '#shared/contracts/aid.ts'
import { actOnProposal, propose } from '#shared/contracts/governance.ts'
import { aidDays } from '#shared/domain/aid/rules.ts'
import { personId } from '#shared/kernel/ids.ts'
import { type Backend, ISSUER, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { beforeEachWrite, beforeWriting, killWritesAfter } from '../fixtures/interleave.ts'

vi.mock('#functions/platform/token.ts', () => ({
  personOfToken: async (token: string) => personId(ISSUER, token),
}))

const START = Date.parse('2026-12-01T02:00:00.000Z')
const DAY = 86_400_000
/** Stands in everything that is private; it must turn up nowhere it may not. */
const SECRET = '老伴住院三个月'
let backend: Backend
let community = ''
let compound = ''
let caseId = ''

async function give(sub: string, role: string, scopeId: string, more: object = {}): Promise<void> {
  const person = personId(ISSUER, sub)
  forgetCaller(person)
  await backend.put('market', {
    ...keys.membership(person, role, scopeId),
    ...{ entity: 'membership', v: 1, personId: person, memberId: `m-${sub}`, role, scopeId, scopeName: scopeId },
    ...more,
  })
}
const home = (room: number) => `${compound}.3.2.${room}`
const lives = (sub: string, room: number, state = 'verified') =>
  give(sub, 'resident', home(room), {
    ...{ state, compoundId: compound, compoundName: '近处小区', communityId: community },
    ...{ scopeName: `近处小区 3号楼2单元${room}`, building: '3', unit: '2', room: String(room) },
  })

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  backend = await startBackend()
})
beforeEach(async () => {
  vi.setSystemTime(START)
  await backend.empty()
  community = `x-${randomUUID().slice(0, 8)}`
  compound = `c-${community}`
  caseId = randomUUID()
  await backend.put('market', {
    ...{ ...keys.place('compound', compound), ...index.places('compound', 'xinqu', community, compound) },
    ...{ entity: 'compound', v: 1, compoundId: compound, name: '近处小区', type: 'old', communityId: community },
    ...{ communityName: '新华社区', townId: 'xinqu', townName: '新区街道', synthetic: true },
  })
  await Promise.all([
    ...[lives('asks', 501), lives('spouse', 501), lives('neighbour', 502), lives('claims', 503, 'claimed')],
    ...[give('w1', 'worker', community), give('w2', 'worker', community), give('far', 'worker', 'elsewhere')],
    ...[give('c1', 'committee', community), give('c2', 'committee', community), give('c3', 'committee', 'elsewhere')],
    ...[lives('c1', 101), lives('c2', 102), give('family', 'committee', community), lives('family', 501)],
    ...[give('family', 'worker', community), give('supervisor', 'supervisor', community)],
    ...[give('charity', 'charity', '371502'), give('admin', 'admin', '371502')],
  ])
})
afterEach(() => vi.restoreAllMocks())
afterAll(async () => {
  vi.useRealTimers()
  await backend.stop()
})

const goTo = (days: number) => vi.setSystemTime(START + days * DAY)
const request = (change: object = {}) => ({
  ...{ category: 'illness', why: `${SECRET}，医药费不够`, askedFen: 100_000, payee: `${SECRET}的医院` },
  ...{ ofChild: false, consentVersion: AID_CONSENT_VERSION, ...change },
})
const forOthers = (room = 505) => ({
  forOthers: { compoundId: compound, building: '3', unit: '2', room: String(room), consentBy: 'in-writing' },
})
const raise = (as = 'asks', change: object = {}, id = caseId) =>
  call(handler, raiseAid, { params: { caseId: id }, body: request(change), as })
const look = (as: string, id = caseId) => call(handler, getAid, { params: { caseId: id }, as })
const read = (as: string, id = caseId) => call(handler, readAid, { params: { caseId: id }, as })
const act = (as: string, body: object, id = caseId) => call(handler, actOnAid, { params: { caseId: id }, body, as })
const approve = (as: string, amountFen = 80_000) => act(as, { act: 'approve', amountFen })
const toDo = (as: string) => call(handler, listAidToDo, { query: { communityId: community }, as })
const slips = async () =>
  ((await call(handler, listAidSlips, { query: { compoundId: compound } })).body as { items: AidSlip[] }).items
const withdraw = (as = 'asks') => act(as, { act: 'withdraw' })
const code = (status: number, name: string) => ({ status, body: { code: name } })
const visited = async () => {
  expect(await raise()).toMatchObject({ status: 200 })
  expect(await read('w1')).toMatchObject({ status: 200 })
  expect(await act('w1', { act: 'visit' })).toMatchObject({ status: 200, body: { state: 'visited' } })
}
const approved = async () => {
  await visited()
  for (const member of ['c1', 'c2']) {
    expect(await read(member)).toMatchObject({ status: 200 })
    expect(await approve(member)).toMatchObject({ status: 200 })
  }
  expect((await look('asks')).body).toMatchObject({ state: 'approved', approvedFen: 80_000 })
}
const project = (slip: AidSlip | undefined, change: object = {}, id = randomUUID(), as = 'c1') =>
  call(governance, propose, {
    params: { proposalId: id },
    body: {
      ...{ compoundId: compound, title: '困难帮扶一笔', purpose: 'hardship', why: '按管委会同意的帮扶单拨付。' },
      ...{
        lines: [{ what: '帮扶款', amountFen: 80_000 }],
        ...(slip === undefined ? {} : { aidSlip: slip }),
        ...change,
      },
    },
    as,
  })
/** Where in the whole store, streams' table included, these words stand. */
const where = async (text: string) => {
  const tables = ['market', 'ledger', 'photos', 'aid'] as const
  const found = await Promise.all(tables.map(async (table) => ({ table, items: await backend.scan(table) })))
  return found.flatMap(({ table, items }) =>
    items.filter((item) => JSON.stringify(item).includes(text)).map(({ SK }) => `${table} ${String(SK)}`),
  )
}

describe('a request for aid', () => {
  it('keeps nothing at all without the separate consent', async () => {
    const refusedWith = [{ consentVersion: undefined }, { consentVersion: 'older' }]
    for (const change of refusedWith) expect(await raise('asks', change)).toMatchObject(code(422, 'AID_CONSENT_NEEDED'))
    expect(await raise('asks', { ofChild: true })).toMatchObject(code(422, 'AID_GUARDIAN_NEEDED'))
    expect(await backend.scan('aid')).toEqual([])
  })

  it('is of a verified resident, or of a worker for a household that has no account', async () => {
    expect(await raise('claims')).toMatchObject(code(409, 'AID_NOT_VERIFIED'))
    expect((await raise('w1')).status).toBe(403)
    expect((await raise('far', forOthers())).status).toBe(404)
    expect((await raise('asks', forOthers())).status).toBe(404)
    const wrong = { forOthers: { ...forOthers().forOthers, room: '没有号' } }
    expect(await raise('w1', wrong)).toMatchObject({
      status: 400,
      body: { fields: { 'forOthers.room': expect.anything() } },
    })
    expect(await raise('w1', forOthers())).toMatchObject({ status: 200, body: { state: 'raised' } })
    // Who wrote it does not go on reading it unrecorded.
    expect((await look('w1')).body).not.toHaveProperty('words')
    await lives('moved-in', 505)
    expect((await look('moved-in')).body).toMatchObject({
      words: { consentBy: 'in-writing', home: expect.any(String) },
    })
    expect(await withdraw('w1')).toMatchObject({ status: 200, body: { state: 'withdrawn' } })
  })

  it('sent again is the same one, and two at once are one', async () => {
    await Promise.all([raise(), raise()])
    expect((await raise()).body).toMatchObject({ state: 'raised', steps: [{ act: 'raise' }] })
    expect(await raise('neighbour')).toMatchObject(code(409, 'AID_ALREADY_OPEN'))
    const other = randomUUID()
    expect(await raise('spouse', {}, other)).toMatchObject(code(409, 'AID_ALREADY_OPEN'))
    expect((await look('spouse', other)).status).toBe(404)
  })

  it('is one of a household, however many ask in the same moment', async () => {
    const ids = [randomUUID(), randomUUID(), randomUUID()]
    const answers = await Promise.all(ids.map((id, at) => raise(at === 0 ? 'asks' : 'spouse', {}, id)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
  })

  it('may follow one that was refused, withdrawn or lapsed', async () => {
    await raise()
    expect(await raise('asks', {}, randomUUID())).toMatchObject(code(409, 'AID_ALREADY_OPEN'))
    await withdraw()
    const second = randomUUID()
    expect((await raise('asks', {}, second)).status).toBe(200)
    goTo(aidDays.undecided)
    expect((await look('asks', second)).body).toMatchObject({ state: 'lapsed', mayDo: [] })
    expect((await raise('asks', {}, randomUUID())).status).toBe(200)
  })
})

describe('who sees what', () => {
  it('of a stranger, an administrator, the family and other communities it does not exist', async () => {
    await visited()
    for (const as of ['neighbour', 'spouse', 'admin', 'far', 'c3', 'charity']) {
      expect((await look(as)).status, as).toBe(404)
    }
    for (const as of ['far', 'c3', 'charity']) expect((await read(as)).status, as).toBe(404)
    expect((await read('supervisor')).status).toBe(403)
    expect((await toDo('far')).status).toBe(404)
    expect((await toDo('admin')).status).toBe(403)
  })

  it('what was written: who asked; others only by a reading that is on record, and the supervisor never', async () => {
    await visited()
    expect((await look('asks')).text).toContain(SECRET)
    for (const as of ['w1', 'w2', 'c1', 'supervisor', 'family']) {
      const { status, text } = await look(as)
      expect({ as, status, tells: text.includes(SECRET) }).toEqual({ as, status: 200, tells: false })
    }
    expect(await read('family')).toMatchObject(code(409, 'INTERESTED'))
    expect((await read('c1')).text).toContain(SECRET)
    const { steps } = (await look('asks')).body as AidView
    expect(steps.map((step) => [step.act, step.part, step.person])).toEqual([
      ['raise', 'applicant', 1],
      ['read', 'worker', 2],
      ['visit', 'worker', 2],
      ['read', 'committee', 3],
    ])
    // Again within ten minutes it is the same reading; later it is another one.
    await read('c1')
    expect(((await look('asks')).body as AidView).steps).toHaveLength(4)
    vi.setSystemTime(START + 601_000)
    await read('c1')
    expect(((await look('asks')).body as AidView).steps).toHaveLength(5)
  })

  it('nothing is shown when its reading could not be written', async () => {
    await visited()
    killWritesAfter(0)
    const { status, text } = await read('c1')
    expect({ status, tells: text.includes(SECRET) }).toEqual({ status: 500, tells: false })
  })

  it('the charity once it is approved, the others no more by then', async () => {
    await approved()
    vi.setSystemTime(START + 3_600_000)
    expect((await look('charity')).status).toBe(200)
    expect((await read('charity')).text).toContain(SECRET)
    for (const as of ['w1', 'c1']) expect(await read(as), as).toMatchObject(code(409, 'NOT_NOW'))
    expect(((await look('asks')).body as AidView).steps.at(-1)).toMatchObject({ act: 'read', part: 'charity' })
  })

  it('the queue tells each what waits for them, and nothing of what is in it', async () => {
    await raise()
    const of = async (as: string) => ((await toDo(as)).body as { items: AidSummary[] }).items.map(({ state }) => state)
    const everybody = async () => Promise.all(['w1', 'c1', 'charity', 'supervisor'].map(of))
    expect(await everybody()).toEqual([['raised'], [], [], ['raised']])
    await read('w1')
    await act('w1', { act: 'visit' })
    expect(await everybody()).toEqual([['visited'], ['visited'], [], ['visited']])
    const { text, body } = await toDo('w1')
    expect(text).not.toContain(SECRET)
    expect(Object.keys((body as { items: object[] }).items[0] ?? {}).sort()).toEqual(
      ['caseId', 'compoundId', 'compoundName', 'raisedAt', 'state'].sort(),
    )
    for (const member of ['c1', 'c2']) {
      await read(member)
      await approve(member)
    }
    expect(await everybody()).toEqual([[], [], ['approved'], ['approved']])
    goTo(aidDays.approved + 1)
    expect(await everybody()).toEqual([[], [], [], []])
  })

  it('the list of who asked is theirs, and not their family’s', async () => {
    await raise()
    const mine = async (as: string) => ((await call(handler, listMyAid, { as })).body as { items: AidSummary[] }).items
    expect(await mine('asks')).toMatchObject([{ caseId, state: 'raised' }])
    expect(await mine('spouse')).toEqual([])
  })
})

describe('what is decided', () => {
  it('two of the committee approve the same sum; then a slip says it that leads nowhere', async () => {
    await approved()
    // Sent again it is the same, and there is one slip.
    expect(await approve('c2')).toMatchObject({ status: 200, body: { state: 'approved' } })
    const [slip, ...more] = await slips()
    expect(more).toEqual([])
    expect(slip).toEqual({ slipId: expect.any(String), amountFen: 80_000, approvedOn: '2026-12-01' })
    const inMarket = (await backend.scan('market')).filter(({ entity }) => entity === 'aidSlip')
    const told = JSON.stringify(inMarket)
    for (const text of [caseId, home(501), personId(ISSUER, 'asks'), personId(ISSUER, 'c1'), SECRET, 'illness']) {
      expect(told, text).not.toContain(text)
    }
  })

  it('two at once are two approvals, and one slip', async () => {
    await visited()
    await Promise.all([read('c1'), read('c2')])
    const answers = await Promise.all([approve('c1'), approve('c2')])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(await slips()).toHaveLength(1)
    expect(((await look('asks')).body as AidView).steps.filter((step) => step.act === 'approve')).toHaveLength(2)
  })

  it('a withdrawal that comes in before the approval is written holds it off', async () => {
    await visited()
    for (const member of ['c1', 'c2']) await read(member)
    await approve('c1')
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'aidSlip'),
      () => withdraw(),
    )
    expect(await approve('c2')).toMatchObject(code(409, 'NOT_NOW'))
    expect(await slips()).toEqual([])
    expect(await where(SECRET)).toEqual([])
  })

  it('the reason of a refusal is for who asked alone, and deleted with the rest', async () => {
    await visited()
    await read('c1')
    expect(await act('c1', { act: 'refuse', reason: '已有大病救助，先办那个' })).toMatchObject({ status: 200 })
    expect((await look('asks')).body).toMatchObject({ state: 'refused', words: { reason: '已有大病救助，先办那个' } })
    for (const as of ['w1', 'c1', 'supervisor']) expect((await look(as)).text, as).not.toContain('大病')
    expect(await where('大病')).toEqual(['aid B#WORDS'])
    await withdraw()
    expect(await where('大病')).toEqual([])
  })

  it('is no more than was asked, not by who visited, and not unread', async () => {
    await visited()
    expect(await approve('c1')).toMatchObject(code(409, 'AID_READ_FIRST'))
    await read('c1')
    expect(await approve('c1', 100_001)).toMatchObject(code(422, 'AID_TOO_MUCH'))
    await give('w1', 'committee', community)
    expect(await approve('w1')).toMatchObject(code(409, 'FOUR_EYES'))
    expect((await approve('asks')).status).toBe(403)
    expect((await act('neighbour', { act: 'withdraw' })).status).toBe(404)
  })
})

describe('what was written', () => {
  it('stands in one item of its own table, through a whole life, and in no other write', async () => {
    const places = new Set<string>()
    const tables = new Map<string, Set<string>>()
    beforeEachWrite((writes) => {
      for (const { Put, Update, Delete } of writes) {
        const table = (Put ?? Update ?? Delete)?.TableName ?? ''
        const entity = Put?.Item?.['entity']?.S ?? ''
        tables.set(table, (tables.get(table) ?? new Set()).add(entity))
        if (JSON.stringify([Put, Update]).includes(SECRET)) places.add(`${table} ${entity}`)
      }
    })
    const printed: string[] = []
    vi.spyOn(console, 'log').mockImplementation((line: unknown) => void printed.push(String(line)))
    vi.spyOn(process.stdout, 'write').mockImplementation((line) => printed.push(String(line)) > 0)
    await approved()
    vi.setSystemTime(START + 3_600_000)
    await read('charity')
    await withdraw()
    expect([...places]).toEqual(['aid aidWords'])
    expect([...(tables.get('market') ?? [])]).toEqual(['aidSlip', ''])
    expect([...tables.keys()].sort()).toEqual(['aid', 'market'])
    expect(printed.length).toBeGreaterThan(0)
    for (const text of [SECRET, caseId, home(501)]) expect(printed.join('\n'), text).not.toContain(text)
  })

  it('is nowhere once it is withdrawn, and what happened stays', async () => {
    await approved()
    expect(await where(SECRET)).toEqual(['aid B#WORDS'])
    expect(await withdraw()).toMatchObject({ status: 200, body: { state: 'withdrawn', mayDo: [] } })
    expect(await where(SECRET)).toEqual([])
    expect(await slips()).toEqual([])
    // Sent again it is the same.
    const again = (await withdraw()).body as AidView
    expect(again.steps.map((step) => step.act)).toEqual([
      ...['raise', 'read', 'visit', 'read', 'approve', 'read', 'approve', 'withdraw'],
    ])
    expect(again).not.toHaveProperty('words')
  })

  it('stays the slip where a project has taken it, and no other request comes before its time', async () => {
    await approved()
    const [slip] = (await backend.scan('market')).filter(({ entity }) => entity === 'aidSlip')
    const shown = (await slips())[0]
    expect(slip).toMatchObject({ slipId: shown?.slipId })
    expect(await project(shown)).toMatchObject({ status: 200 })
    await withdraw()
    expect(await where(SECRET)).toEqual([])
    expect(await slips()).toHaveLength(1)
    expect(await raise('asks', {}, randomUUID())).toMatchObject(code(409, 'AID_ALREADY_OPEN'))
    goTo(aidDays.approved)
    expect((await raise('asks', {}, randomUUID())).status).toBe(200)
  })

  it('is shown to nobody once its time is over, before the table has dropped it', async () => {
    await visited()
    await read('c1')
    await act('c1', { act: 'refuse', reason: '已有大病救助，先办那个' })
    const ttl = async () =>
      (await backend.partition('aid', aidKeys.case(caseId).PK)).find(({ SK }) => SK === 'B#WORDS')?.['expiresAtSeconds']
    expect(await ttl()).toBe((START + aidDays.refused * DAY) / 1000)
    goTo(aidDays.refused)
    expect((await look('asks')).body).not.toHaveProperty('words')
    expect((await look('asks')).body).toMatchObject({ state: 'refused' })
    // The record of who did what goes as well, years later; every item of it by itself.
    const items = await backend.scan('aid')
    const last = (START + aidDays.record * DAY) / 1000
    expect(items.every(({ expiresAtSeconds }) => Number(expiresAtSeconds) <= last)).toBe(true)
    goTo(aidDays.record)
    expect((await look('asks')).status).toBe(404)
  })

  it('whose time was over is deleted by the next step, not written anew', async () => {
    await approved()
    goTo(aidDays.approved)
    expect(await read('charity')).toMatchObject(code(409, 'NOT_NOW'))
    expect(await act('c1', { act: 'recuse' })).toMatchObject({ status: 200 })
    expect(await where(SECRET)).toEqual([])
  })
})

describe('the slip', () => {
  const slipOfCase = async () => {
    await approved()
    const [slip] = await slips()
    if (slip === undefined) throw new Error('no slip')
    return slip
  }

  it('is paid by one project, for no more than it says', async () => {
    const slip = await slipOfCase()
    const wrong = code(422, 'AID_SLIP_WRONG')
    expect(await project(slip, { purpose: 'environment' })).toMatchObject(wrong)
    expect(await project(slip, { lines: [{ what: '帮扶款', amountFen: 80_001 }] })).toMatchObject(wrong)
    expect(await project({ ...slip, amountFen: 90_000 })).toMatchObject(wrong)
    expect(await project({ ...slip, slipId: randomUUID() })).toMatchObject(wrong)
    const first = randomUUID()
    expect(await project(slip, {}, first)).toMatchObject({ status: 200 })
    expect(await project(slip, {}, first)).toMatchObject({ status: 200 })
    expect(await project(slip)).toMatchObject(code(409, 'AID_SLIP_USED'))
    // Given back and sent once more it still has it, whether or not it is named again.
    const back = { act: 'return', note: '请把标题写清楚一点' }
    const given = await call(governance, actOnProposal, { params: { proposalId: first }, body: back, as: 'w1' })
    expect(given, given.text).toMatchObject({ status: 200 })
    const more = { title: '困难帮扶拨付一笔', lines: [{ what: '帮扶款', amountFen: 80_001 }] }
    expect(await project(undefined, more, first)).toMatchObject(wrong)
    expect(await project(undefined, { title: '困难帮扶拨付一笔' }, first)).toMatchObject({ status: 200 })
    expect(await project(undefined, { title: '困难帮扶拨付一笔' }, first)).toMatchObject({ status: 200 })
    expect(await project(slip)).toMatchObject(code(409, 'AID_SLIP_USED'))
    // What was approved is on its way: taking the words back leaves it there.
    await withdraw()
    expect(await slips()).toHaveLength(1)
  })

  it('is of one project when two name it at once, and free again once that one has ended', async () => {
    const slip = await slipOfCase()
    const ids = [randomUUID(), randomUUID()]
    const answers = await Promise.all(ids.map((id) => project(slip, {}, id)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const taken = ids[answers.findIndex(({ status }) => status === 200)] ?? ''
    const end = { params: { proposalId: taken }, body: { act: 'withdraw' }, as: 'c1' }
    expect(await call(governance, actOnProposal, end)).toMatchObject({ status: 200 })
    const next = randomUUID()
    expect(await project(slip, {}, next)).toMatchObject({ status: 200 })
    // Nobody's again, it goes with what is taken back, and pays nothing any more.
    expect(await call(governance, actOnProposal, { ...end, params: { proposalId: next } })).toMatchObject({
      status: 200,
    })
    await withdraw()
    expect(await slips()).toEqual([])
    expect(await project(slip)).toMatchObject(code(422, 'AID_SLIP_WRONG'))
  })

  it('that a project takes before it is withdrawn stays with that project', async () => {
    const slip = await slipOfCase()
    beforeWriting(
      (writes) => writes.some(({ Delete }) => Delete?.Key?.['PK']?.S?.startsWith('AIDSLIP#') === true),
      () => project(slip),
    )
    expect(await withdraw()).toMatchObject({ status: 200, body: { state: 'withdrawn' } })
    expect(await slips()).toHaveLength(1)
    expect(await where(SECRET)).toEqual([])
  })

  it('that is withdrawn before the project is written is named by none', async () => {
    const slip = await slipOfCase()
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'proposal'),
      () => withdraw(),
    )
    expect(await project(slip)).toMatchObject(code(422, 'AID_SLIP_WRONG'))
    expect(await slips()).toEqual([])
  })
})
