import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { handler as places } from '#functions/places/index.ts'
import { loadCaller } from '#functions/platform/caller.ts'
import { keys } from '#functions/platform/table/keys.ts'
import {
  appointLeader,
  claimHousehold,
  confirmNeighbour,
  endLeader,
  getMe,
  listHouseholdMembers,
  listLeaders,
  PRIVACY_NOTICE_VERSION,
  rejectHouseholdMember,
  verifyHouseholdMember,
} from '#shared/contracts/places.ts'
import { personId } from '#shared/kernel/ids.ts'
import { DAY_MS, HOUR_MS, instant } from '#shared/kernel/time.ts'
import { type Backend, ISSUER, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { importDistrict, importRows } from '../fixtures/district.ts'
import { beforeWriting } from '../fixtures/interleave.ts'

/** Goal: a building leader is a verified neighbour of that building, by a worker's word, and nobody else ever is. */
const NOW = '2026-11-23T04:00:00.000Z'
let backend: Backend
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(NOW)
  backend = await startBackend()
  await importDistrict(backend)
})
afterAll(async () => {
  vi.useRealTimers()
  await backend.stop()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.setSystemTime(NOW)
})

const later = (ms: number) => vi.setSystemTime(Date.now() + ms)
const inMs = (ms: number) => instant(Date.now() + ms)
const someone = () => `person-${randomUUID()}`
/** A building of the test's own, so that no test fills another's. */
let buildings = 100
const aBuilding = () => String(++buildings)
type Home = { householdId: string; memberId: string }
const asHome = ({ householdId, memberId }: Home): Home => ({ householdId, memberId })

const claim = (as: string, building: string, room = '501', compoundId = 'south-1') =>
  call(places, claimHousehold, {
    body: { compoundId, building, unit: '2', room, consentVersion: PRIVACY_NOTICE_VERSION, phone: '00000000000' },
    as,
  })
const itemsOf = async (subject: string) =>
  (await backend.scan('market')).filter((item) => item.personId === personId(ISSUER, subject))
async function homeOf(subject: string): Promise<Home> {
  const homes = (await itemsOf(subject)).filter((each) => each.role === 'resident')
  const item = homes.find((each) => each.toAt === undefined) ?? homes[0]
  return { householdId: String(item?.scopeId), memberId: String(item?.memberId) }
}
const verify = (params: Home) => call(places, verifyHouseholdMember, { params, as: 'worker-south' })
const appoint = (home: Home, knownAs: unknown = '李楼长', as: string | undefined = 'worker-south') =>
  call(places, appointLeader, { params: asHome(home), body: { knownAs }, ...(as === undefined ? {} : { as }) })
const end = (home: Home, as = 'worker-south') => call(places, endLeader, { params: asHome(home), as })
async function aNeighbour(building: string, room = '501'): Promise<{ subject: string; home: Home }> {
  const subject = someone()
  expect((await claim(subject, building, room)).status).toBe(200)
  const home = await homeOf(subject)
  expect((await verify(home)).status).toBe(200)
  return { subject, home }
}
const leaderships = async (as: string) =>
  ((await call(places, getMe, { as })).body as { memberships: { role: string }[] }).memberships.filter(
    ({ role }) => role === 'leader',
  )
type Listed = { memberId: string; building: string; knownAs: string; householdId: string }
const list = async (as = 'worker-south', compoundId = 'south-1') =>
  ((await call(places, listLeaders, { params: { compoundId }, as })).body as { items: Listed[] }).items
const listedIn = async (building: string) => (await list()).filter((each) => each.building === `${building}号楼`)

describe('a worker appoints a building leader', () => {
  it('who is a verified neighbour: they lead that building, and everybody concerned sees it at once', async () => {
    const building = aBuilding()
    const { subject, home } = await aNeighbour(building)
    await loadCaller(personId(ISSUER, subject), inMs(0), false)
    const answer = await appoint(home, ' 李楼长 ')
    expect(answer).toMatchObject({
      status: 200,
      body: { ...home, building: `${building}号楼`, unit: '2单元', room: '501室', knownAs: '李楼长', since: NOW },
    })
    // Also where roles come from the cache of this instance.
    const cached = await loadCaller(personId(ISSUER, subject), inMs(0), false)
    expect(cached.memberships.map(({ role }) => role).sort()).toEqual(['leader', 'resident'])
    expect(await leaderships(subject)).toEqual([
      {
        role: 'leader',
        scopeId: `south-1.${building}`,
        scopeName: `小区 south-1 ${building}号楼`,
        compoundId: 'south-1',
        compoundName: '小区 south-1',
        communityId: 'south',
        knownAs: '李楼长',
      },
    ])
    expect(await listedIn(building)).toEqual([answer.body])
    expect(await list('admin')).toContainEqual(answer.body)
  })

  it('once, however often it is sent; with another name they are known by that', async () => {
    const building = aBuilding()
    const { subject, home } = await aNeighbour(building)
    const answers = await Promise.all([1, 2, 3, 4].map(() => appoint(home)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    const before = await itemsOf(subject)
    later(HOUR_MS)
    expect((await appoint(home)).status).toBe(200)
    expect(await itemsOf(subject)).toEqual(before)
    expect(await appoint(home, '李姐')).toMatchObject({ status: 200, body: { knownAs: '李姐', since: NOW } })
    expect(await listedIn(building)).toMatchObject([{ knownAs: '李姐' }])
  })

  it('only whom a worker has verified there, and never for another building', async () => {
    const building = aBuilding()
    const subject = someone()
    await claim(subject, building)
    const home = await homeOf(subject)
    expect(await appoint(home)).toMatchObject({
      status: 409,
      body: { code: 'NOT_VERIFIED_THERE', detail: expect.stringContaining('还没有核实') },
    })
    expect(await leaderships(subject)).toEqual([])
    await verify(home)
    const elsewhere = { ...home, householdId: home.householdId.replace(`.${building}.`, '.999.') }
    expect((await appoint(elsewhere)).status).toBe(404)
    expect((await appoint({ ...home, memberId: randomUUID() })).status).toBe(404)
    expect(await appoint(home, ' ')).toMatchObject({ status: 400, body: { fields: { knownAs: '请写称呼' } } })
    expect(await appoint(home, '一'.repeat(13))).toMatchObject({
      status: 400,
      body: { fields: { knownAs: expect.any(String) } },
    })
    expect(await leaderships(subject)).toEqual([])
  })

  it('not somebody who moves away while it is being written', async () => {
    const [building, other] = [aBuilding(), aBuilding()]
    const { subject, home } = await aNeighbour(building)
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'buildingLeaders'),
      () => claim(subject, other),
    )
    expect((await appoint(home)).status).toBe(404)
    expect(await leaderships(subject)).toEqual([])
    expect(await listedIn(building)).toEqual([])
  })

  it('three for a building, and not a fourth, also when all are sent at once', async () => {
    const building = aBuilding()
    const rooms = ['101', '102', '103', '104', '105']
    const homes: Home[] = []
    for (const room of rooms) homes.push((await aNeighbour(building, room)).home)
    const answers = await Promise.all(homes.map((home) => appoint(home)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 409, 409])
    const refused = answers.find(({ status }) => status === 409)
    expect(refused?.body).toMatchObject({ code: 'TOO_MANY_LEADERS', detail: expect.stringContaining('最多 3 位') })
    const led = await listedIn(building)
    expect(led).toHaveLength(3)
    // Whoever leads already may be told to by another name; and when one ends there is room for another.
    expect((await appoint(led[0] as Listed, '新称呼')).status).toBe(200)
    const waiting = homes.find(({ memberId }) => led.every((each) => each.memberId !== memberId)) as Home
    expect((await appoint(waiting)).status).toBe(409)
    expect((await end(led[1] as Listed)).status).toBe(200)
    expect((await appoint(waiting)).status).toBe(200)
    expect(await listedIn(building)).toHaveLength(3)
  })

  it.each([
    ['nobody', undefined, 401],
    ['a resident', 'the-neighbour', 403],
    ['a co-op member', 'coop-a', 403],
    ['an administrator', 'admin', 403],
    ['a worker of another community', 'worker-north', 404],
  ])('and nobody else does: %s', async (_who, as, status) => {
    const building = aBuilding()
    const { subject, home } = await aNeighbour(building)
    const caller = as === 'the-neighbour' ? subject : as
    const body = { knownAs: '李楼长' }
    expect((await call(places, appointLeader, { params: home, body, ...(caller && { as: caller }) })).status).toBe(
      status,
    )
    expect((await call(places, endLeader, { params: home, ...(caller && { as: caller }) })).status).toBe(status)
    expect(await leaderships(subject)).toEqual([])
  })

  it('who does not see the list of leaders either', async () => {
    const { subject, home } = await aNeighbour(aBuilding())
    await appoint(home)
    const seen = (as: string) => call(places, listLeaders, { params: { compoundId: 'south-1' }, as })
    expect((await seen(subject)).status).toBe(403)
    expect((await seen('worker-north')).status).toBe(404)
    expect((await call(places, listLeaders, { params: { compoundId: 'c-9' }, as: 'admin' })).status).toBe(404)
    // A leader appoints nobody.
    expect((await appoint(home, '我', subject)).status).toBe(403)
  })
})

describe('a leadership ends', () => {
  it('by a worker, at once and once; the name goes with it, and it may be given again', async () => {
    const building = aBuilding()
    const { subject, home } = await aNeighbour(building)
    await appoint(home)
    await loadCaller(personId(ISSUER, subject), inMs(0), false)
    expect(await end(home)).toMatchObject({ status: 200, body: home })
    const cached = await loadCaller(personId(ISSUER, subject), inMs(0), false)
    expect(cached.memberships.map(({ role }) => role)).toEqual(['resident'])
    const item = (await itemsOf(subject)).find((each) => each.role === 'leader')
    expect(item).toMatchObject({ toAt: NOW })
    expect(item).not.toHaveProperty('knownAs')
    expect(await listedIn(building)).toEqual([])
    const before = await itemsOf(subject)
    expect((await end(home)).status).toBe(200)
    expect(await itemsOf(subject)).toEqual(before)
    later(HOUR_MS)
    expect(await appoint(home, '李姐')).toMatchObject({ status: 200, body: { since: inMs(0), knownAs: '李姐' } })
    expect(await leaderships(subject)).toHaveLength(1)
  })

  it('also for whoever has a clock that is behind', async () => {
    const building = aBuilding()
    const { subject, home } = await aNeighbour(building)
    await appoint(home)
    later(HOUR_MS)
    await end(home)
    later(-HOUR_MS)
    expect(await leaderships(subject)).toEqual([])
    expect(await listedIn(building)).toEqual([])
  })

  it('of another compound does not exist for a worker', async () => {
    const { subject, home } = await aNeighbour(aBuilding())
    await appoint(home)
    expect((await end(home, 'worker-north')).status).toBe(404)
    expect((await end({ ...home, householdId: 'nowhere' })).status).toBe(404)
    expect(await leaderships(subject)).toHaveLength(1)
  })

  it('with the residence: who moves away leads nothing, and coming back is not enough', async () => {
    const building = aBuilding()
    const { subject, home } = await aNeighbour(building)
    await appoint(home)
    later(HOUR_MS)
    expect((await claim(subject, aBuilding())).status).toBe(200)
    expect(await leaderships(subject)).toEqual([])
    expect(await listedIn(building)).toEqual([])
    expect((await itemsOf(subject)).find((each) => each.role === 'leader')).not.toHaveProperty('knownAs')
    later(31 * DAY_MS)
    expect((await claim(subject, building)).status).toBe(200)
    expect((await verify(home)).status).toBe(200)
    expect(await leaderships(subject)).toEqual([])
    expect(await listedIn(building)).toEqual([])
    expect((await appoint(home)).status).toBe(200)
    expect(await leaderships(subject)).toHaveLength(1)
  })

  it('with a move inside the building too: a worker says anew who leads', async () => {
    const building = aBuilding()
    const { subject, home } = await aNeighbour(building)
    await appoint(home)
    later(HOUR_MS)
    await claim(subject, building, '601')
    await verify(await homeOf(subject))
    expect(await leaderships(subject)).toEqual([])
    expect((await appoint(await homeOf(subject))).status).toBe(200)
    expect(await listedIn(building)).toMatchObject([{ room: '601室' }])
  })

  it('with a residence that the district ends, now or later', async () => {
    const building = aBuilding()
    const [first, second] = [await aNeighbour(building, '701'), await aNeighbour(building, '702')]
    await appoint(first.home)
    await appoint(second.home)
    const row = { kind: 'membership', role: 'resident', compoundId: 'south-1', building, unit: '2' }
    await importRows([
      { ...row, subject: first.subject, room: '701', toAt: inMs(0) },
      { ...row, subject: second.subject, room: '702', toAt: inMs(HOUR_MS) },
    ])
    expect(await leaderships(first.subject)).toEqual([])
    expect((await itemsOf(first.subject)).find((each) => each.role === 'leader')).not.toHaveProperty('knownAs')
    expect(await listedIn(building)).toMatchObject([{ room: '702室' }])
    later(HOUR_MS)
    expect(await leaderships(second.subject)).toEqual([])
    expect(await listedIn(building)).toEqual([])
    // They take nobody's place any more.
    for (const room of ['711', '712', '713']) {
      expect((await appoint((await aNeighbour(building, room)).home)).status).toBe(200)
    }
  })
})

describe('the district imports a building leader', () => {
  const row = (subject: string, building: string, more: object = {}) => ({
    ...{ kind: 'membership', subject, role: 'leader', compoundId: 'south-1', building, knownAs: '李楼长' },
    ...more,
  })

  it('by the same rules, however the building is written, once', async () => {
    const building = aBuilding()
    const { subject } = await aNeighbour(building)
    expect(await importRows([row(subject, `${building}栋`)])).toMatchObject([{ outcome: 'created' }])
    expect(await importRows([row(subject, `０${building}号楼`)])).toMatchObject([{ outcome: 'unchanged' }])
    expect(await leaderships(subject)).toMatchObject([{ scopeId: `south-1.${building}` }])
    expect(await importRows([row(subject, building, { knownAs: '李姐' })])).toMatchObject([{ outcome: 'updated' }])
    expect(await listedIn(building)).toMatchObject([{ knownAs: '李姐' }])
  })

  it('in one file with the residence, and three at most', async () => {
    const building = aBuilding()
    await importRows(
      ['1', '2', '3', '4'].map((room) => ({ kind: 'household', compoundId: 'north-2', building, unit: '2', room })),
    )
    const people = ['1', '2', '3', '4'].map((room) => ({ room, subject: someone() }))
    const homes = people.map(({ room, subject }) => ({
      ...{ kind: 'membership', role: 'resident', compoundId: 'north-2', building, unit: '2', room, subject },
    }))
    const results = await importRows([
      ...homes,
      ...people.map(({ subject }) => row(subject, building, { compoundId: 'north-2' })),
    ])
    expect(results.slice(4)).toMatchObject([
      { outcome: 'created' },
      { outcome: 'created' },
      { outcome: 'created' },
      { outcome: 'refused', code: 'TOO_MANY_LEADERS' },
    ])
  })

  it('not of people who do not live there, nor of buildings that there are not', async () => {
    const building = aBuilding()
    const { subject } = await aNeighbour(building)
    expect(
      await importRows([
        row(someone(), building),
        row(subject, aBuilding()),
        row(subject, building, { knownAs: undefined }),
        row(subject, building, { compoundId: undefined }),
        row(subject, '号楼'),
        row(subject, building, { compoundId: 'nowhere' }),
        row(subject, '2号楼', { compoundId: 'north-1' }),
        row(subject, '1号楼', { compoundId: 'north-1' }),
      ]),
    ).toMatchObject([
      { outcome: 'refused', code: 'NOT_VERIFIED_THERE' },
      { outcome: 'refused', code: 'NOT_VERIFIED_THERE' },
      { outcome: 'invalid', fields: { knownAs: expect.any(String) } },
      { outcome: 'invalid', fields: { building: expect.any(String) } },
      { outcome: 'invalid', fields: { building: expect.any(String) } },
      { outcome: 'refused', code: 'UNKNOWN_PARENT' },
      { outcome: 'refused', code: 'UNKNOWN_BUILDING', fields: { building: '没有这栋楼' } },
      { outcome: 'refused', code: 'NOT_VERIFIED_THERE' },
    ])
    expect(await leaderships(subject)).toEqual([])
  })

  it('and ends one, at once or later', async () => {
    const building = aBuilding()
    const { subject } = await aNeighbour(building)
    const toAt = inMs(0)
    expect(await importRows([row(subject, building, { toAt })])).toMatchObject([{ code: 'UNKNOWN_MEMBERSHIP' }])
    await importRows([row(subject, building, { toAt: inMs(HOUR_MS) })])
    expect(await leaderships(subject)).toHaveLength(1)
    later(HOUR_MS)
    expect(await leaderships(subject)).toEqual([])
    expect(await listedIn(building)).toEqual([])
    expect(await importRows([row(subject, building)])).toMatchObject([{ outcome: 'updated' }])
    expect(await leaderships(subject)).toHaveLength(1)
    expect(await importRows([row(subject, building, { toAt })])).toMatchObject([{ outcome: 'updated' }])
    expect(await importRows([row(subject, building, { toAt })])).toMatchObject([{ outcome: 'unchanged' }])
    expect(await leaderships(subject)).toEqual([])
  })
})

describe('whom a worker may appoint', () => {
  it('are the verified residents of a building, and those of the next one are not among them', async () => {
    const building = aBuilding()
    const [here, nextDoor] = [await aNeighbour(building), await aNeighbour(`${building}1`)]
    await claim(someone(), building, '502')
    const members = (query: Record<string, string>) =>
      call(places, listHouseholdMembers, { params: { compoundId: 'south-1' }, query, as: 'worker-south' })
    const found = await members({ state: 'verified', building: `${building}栋` })
    expect((found.body as { items: Home[] }).items.map(asHome)).toEqual([here.home])
    const other = await members({ state: 'verified', building: `${building}1` })
    expect((other.body as { items: Home[] }).items.map(asHome)).toEqual([nextDoor.home])
    expect(await members({ building })).toMatchObject({
      status: 400,
      body: { fields: { building: expect.any(String) } },
    })
    expect(await members({ state: 'verified', building: '号楼' })).toMatchObject({ status: 400 })
  })
})

describe('a worker who works there no longer', () => {
  it.each(['appoint', 'end'] as const)('does not %s, though this instance remembers the role', async (what) => {
    const former = someone()
    await importRows([{ kind: 'membership', subject: former, role: 'worker', scopeId: 'south' }])
    const [first, second] = [await aNeighbour(aBuilding()), await aNeighbour(aBuilding())]
    expect((await appoint(first.home, '李楼长', former)).status).toBe(200)
    const { PK, SK } = keys.membership(personId(ISSUER, former), 'worker', 'south')
    const item = (await backend.scan('market')).find((each) => each.PK === PK && each.SK === SK)
    await backend.put('market', { ...item, toAt: inMs(0) })
    const answer = what === 'end' ? await end(first.home, former) : await appoint(second.home, '李楼长', former)
    expect(answer.status).toBe(403)
    expect([await leaderships(first.subject), await leaderships(second.subject)]).toMatchObject([[{}], []])
  })
})

/** What people, workers and the district do, in any order; some of it at the same instant. */
describe('whatever happens', () => {
  const ROOMS = ['1', '2', '3', '4', '5']
  const steps = [
    ...(['claim', 'verify', 'verify', 'appoint', 'appoint', 'appoint'] as const),
    ...(['rename', 'end', 'import', 'importEnd', 'moveOut'] as const),
  ] as const

  it.each([1, 2])(
    'who leads lives there, verified, is on the list, and is one of three at most: life %d',
    async (seed) => {
      const random = randomOf(seed)
      const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
      const here = [aBuilding(), aBuilding()] as const
      const people: string[] = []
      for (const building of here) {
        for (const room of ['1', '2', '3', '4']) people.push((await aNeighbour(building, room)).subject)
      }
      const row = (subject: string, building: string) => ({
        ...{ kind: 'membership', subject, role: 'leader', compoundId: 'south-1', building, knownAs: '李楼长' },
      })
      const act = async (step: (typeof steps)[number], subject: string) => {
        const building = pick(here)
        const home = await homeOf(subject)
        switch (step) {
          case 'claim':
            return claim(subject, building, pick(ROOMS))
          case 'verify':
            return verify(home)
          case 'appoint':
            return appoint(home)
          case 'rename':
            return appoint(home, pick(['李姐', '老李']))
          case 'end':
            return end(home)
          case 'import':
            return importRows([row(subject, building)])
          case 'importEnd':
            return importRows([{ ...row(subject, building), toAt: inMs(0) }])
          case 'moveOut': {
            const [, , room] = home.householdId.split('.').slice(1)
            const at = { compoundId: 'south-1', building: home.householdId.split('.').at(1) ?? '', unit: '2', room }
            return importRows([{ kind: 'membership', subject, role: 'resident', ...at, toAt: inMs(0) }])
          }
        }
      }
      let led = 0
      for (let n = 0; n < 25; n++) {
        later(pick([0, HOUR_MS, 31 * DAY_MS]))
        await Promise.all(Array.from({ length: pick([1, 4, 8]) }, () => act(pick(steps), pick(people))))
        const listed = (await list()).filter(({ building }) => here.some((each) => building === `${each}号楼`))
        for (const building of here) {
          expect(listed.filter((each) => each.building === `${building}号楼`).length).toBeLessThanOrEqual(3)
        }
        const held = await Promise.all(people.map((subject) => rolesOf(subject)))
        const leading = held.flatMap((roles) =>
          roles.filter(({ role }) => role === 'leader').map((each) => [each, roles] as const),
        )
        for (const [leader, roles] of leading) {
          const home = roles.find(({ role }) => role === 'resident')
          expect(home).toMatchObject({ state: 'verified' })
          expect(home?.scopeId.startsWith(`${leader.scopeId}.`)).toBe(true)
        }
        expect(leading.length).toBe(listed.length)
        led += listed.length
      }
      // A life in which nobody leads would show nothing.
      expect(led).toBeGreaterThan(15)
    },
  )
})

describe('a building leader confirms who lives in the building', () => {
  const codeOf = async (subject: string) =>
    ((await call(places, getMe, { as: subject })).body as { memberships: Role[] }).memberships.find(
      ({ claimCode }) => claimCode !== undefined,
    )?.claimCode ?? ''
  const confirm = (home: Home, as: string, code: string) =>
    call(places, confirmNeighbour, { params: asHome(home), body: { code }, as })
  const turnDown = (home: Home, as = 'worker-south') =>
    call(places, rejectHouseholdMember, { params: asHome(home), body: { reason: '查过了，不是这户的人' }, as })
  const waiting = (as: string, query: Record<string, string> = { state: 'claimed' }, compoundId = 'south-1') =>
    call(places, listHouseholdMembers, { params: { compoundId }, query, as })
  type Seen = { memberId: string; confirmedBy?: string }
  const seenBy = async (as: string, query?: Record<string, string>) =>
    ((await waiting(as, query)).body as { items: Seen[] }).items
  async function aLeader(building: string) {
    const leader = await aNeighbour(building)
    expect((await appoint(leader.home)).status).toBe(200)
    return leader
  }
  async function aClaim(building: string, room = '601') {
    const subject = someone()
    expect((await claim(subject, building, room)).status).toBe(200)
    return { subject, home: await homeOf(subject), code: await codeOf(subject) }
  }
  const itemOf = async (subject: string) => (await itemsOf(subject)).find(({ role }) => role === 'resident')
  const wrong = (code: string) => String((Number(code) + 1) % 10_000).padStart(4, '0')

  it('who stands before them with the code of their claim; the worker sees that it was the leader', async () => {
    const building = aBuilding()
    const { subject: leader } = await aLeader(building)
    const far = await aClaim(aBuilding())
    const near = await aClaim(building)
    expect(near.code).toMatch(/^\d{4}$/)
    const answer = await waiting(leader)
    expect(answer).toMatchObject({ status: 200, body: { items: [{ memberId: near.home.memberId, state: 'claimed' }] } })
    expect((answer.body as { items: object[] }).items).toHaveLength(1)
    for (const hidden of ['phone', 'Code', near.code, far.home.memberId])
      expect(JSON.stringify(answer.body).replaceAll(near.home.memberId, '')).not.toContain(hidden)

    expect(await confirm(near.home, leader, wrong(near.code))).toMatchObject({
      status: 422,
      body: { code: 'WRONG_CLAIM_CODE', fields: { code: expect.any(String) } },
    })
    expect((await confirm(near.home, leader, '12')).status).toBe(400)
    expect(await itemOf(near.subject)).toMatchObject({ state: 'claimed' })
    expect(await confirm(near.home, leader, near.code)).toMatchObject({ status: 200, body: { state: 'verified' } })
    expect((await confirm(near.home, leader, near.code)).status).toBe(200)
    expect(await itemOf(near.subject)).toMatchObject({ state: 'verified', verifiedAs: 'leader' })
    expect(await codeOf(near.subject)).toBe('')
    const seen = await seenBy('worker-south', { state: 'verified', building })
    expect(seen.find(({ memberId }) => memberId === near.home.memberId)).toMatchObject({ confirmedBy: 'leader' })
    expect(seen.filter(({ confirmedBy }) => confirmedBy !== undefined)).toHaveLength(1)
  })

  it('in no other building, of their own household never, and nobody joins a household that is lived in', async () => {
    const building = aBuilding()
    const { subject: leader, home } = await aLeader(building)
    const { subject: nextDoor } = await aLeader(aBuilding())
    const stranger = await aClaim(building)
    const family = await aClaim(building, '501')
    await aNeighbour(building, '602')
    const lodger = await aClaim(building, '602')
    expect(family.home.householdId).toBe(home.householdId)
    expect((await confirm(stranger.home, nextDoor, stranger.code)).status).toBe(404)
    const refusals = [
      [family, 'OWN_HOUSEHOLD'],
      [lodger, 'WORKER_CONFIRMS'],
    ] as const
    for (const [{ home: claimed, code, subject }, why] of refusals) {
      expect(await confirm(claimed, leader, code)).toMatchObject({ status: 409, body: { code: why } })
      expect(await itemOf(subject)).toMatchObject({ state: 'claimed' })
      expect((await verify(claimed)).status).toBe(200)
    }
    expect(await seenBy(leader)).toMatchObject([{ memberId: stranger.home.memberId }])
  })

  it('sees nothing else of the building or of another one, and turns nobody down', async () => {
    const building = aBuilding()
    const { subject: leader } = await aLeader(building)
    const other = aBuilding()
    for (const [query, compoundId, status] of [
      [{ state: 'verified' }, 'south-1', 403],
      [{ state: 'rejected', building }, 'south-1', 403],
      [{}, 'south-1', 403],
      [{ state: 'claimed', building: other }, 'south-1', 404],
      [{ state: 'claimed' }, 'south-2', 404],
      [{ state: 'claimed', building: `${building}号楼` }, 'south-1', 200],
    ] as const) {
      expect((await waiting(leader, query, compoundId)).status, JSON.stringify([query, compoundId])).toBe(status)
    }
    expect((await waiting((await aNeighbour(other)).subject)).status).toBe(403)
    const near = await aClaim(building)
    expect((await turnDown(near.home, leader)).status).toBe(403)
    expect((await call(places, verifyHouseholdMember, { params: asHome(near.home), as: leader })).status).toBe(403)
  })

  it('no longer once the leadership has ended, also when it ends while they confirm', async () => {
    const building = aBuilding()
    const { subject: leader, home } = await aLeader(building)
    const near = await aClaim(building)
    beforeWriting(
      (writes) => writes.some(({ Update }) => Update?.UpdateExpression?.includes('verifiedAs') === true),
      async () => expect((await end(home)).status).toBe(200),
    )
    expect((await confirm(near.home, leader, near.code)).status).toBe(503)
    expect(await itemOf(near.subject)).toMatchObject({ state: 'claimed' })
    expect((await confirm(near.home, leader, near.code)).status).toBe(403)
    expect((await waiting(leader)).status).toBe(403)
  })

  it('what a worker has turned down once is confirmed by a worker, however often it is claimed', async () => {
    const building = aBuilding()
    const { subject: leader } = await aLeader(building)
    const near = await aClaim(building)
    expect((await turnDown(near.home)).status).toBe(200)
    expect(await confirm(near.home, leader, near.code)).toMatchObject({ status: 409, body: { code: 'CLAIM_REJECTED' } })
    for (const between of [undefined, '777'] as const) {
      if (between !== undefined) expect((await claim(near.subject, building, between)).status).toBe(200)
      if (between !== undefined) later(31 * DAY_MS)
      expect((await claim(near.subject, building, '601')).status).toBe(200)
      expect(await confirm(near.home, leader, await codeOf(near.subject))).toMatchObject({
        status: 409,
        body: { code: 'WORKER_CONFIRMS' },
      })
      expect(await seenBy(leader)).toEqual([])
    }
    expect((await verify(near.home)).status).toBe(200)
  })

  it('the worker can take back what a leader confirmed, or make it their own word, which stays', async () => {
    const building = aBuilding()
    const { subject: leader } = await aLeader(building)
    const [wrongly, rightly] = [await aClaim(building), await aClaim(building, '602')]
    for (const { home, code } of [wrongly, rightly]) expect((await confirm(home, leader, code)).status).toBe(200)
    expect(await turnDown(wrongly.home)).toMatchObject({ status: 200, body: { state: 'rejected' } })
    expect(await itemOf(wrongly.subject)).toMatchObject({ state: 'rejected' })
    expect((await itemOf(wrongly.subject))?.verifiedBy).toBeUndefined()
    const before = (await itemOf(rightly.subject))?.verifiedAt
    later(HOUR_MS)
    expect((await verify(rightly.home)).status).toBe(200)
    // Since when they may vote stays.
    expect((await itemOf(rightly.subject))?.verifiedAt).toBe(before)
    expect((await itemOf(rightly.subject))?.verifiedAs).toBeUndefined()
    expect((await itemOf(rightly.subject))?.verifiedBy).toBe(personId(ISSUER, 'worker-south'))
    expect(await turnDown(rightly.home)).toMatchObject({ status: 409, body: { code: 'CLAIM_VERIFIED' } })
  })

  it('who was made a leader on a leader’s word is not turned down before that role has ended', async () => {
    const building = aBuilding()
    const { subject: leader } = await aLeader(building)
    const near = await aClaim(building)
    await confirm(near.home, leader, near.code)
    expect((await appoint(near.home, '王楼长')).status).toBe(200)
    expect(await turnDown(near.home)).toMatchObject({ status: 409, body: { code: 'LEADS_BUILDING' } })
    expect((await end(near.home)).status).toBe(200)
    expect((await turnDown(near.home)).status).toBe(200)
    expect(await leaderships(near.subject)).toEqual([])
  })

  it('nobody is a witness of their own household, a worker neither', async () => {
    const building = aBuilding()
    expect((await claim('worker-south', building)).status).toBe(200)
    const own = await homeOf('worker-south')
    for (const answer of [await verify(own), await turnDown(own)])
      expect(answer).toMatchObject({ status: 409, body: { code: 'OWN_HOUSEHOLD' } })
    expect(await itemOf('worker-south')).toMatchObject({ state: 'claimed' })
  })

  it('once, whoever of leader and worker is sooner, and the worker’s word is what stays', async () => {
    const building = aBuilding()
    const { subject: leader } = await aLeader(building)
    const near = await aClaim(building)
    const answers = await Promise.all([
      ...Array.from({ length: 3 }, () => confirm(near.home, leader, near.code)),
      ...Array.from({ length: 3 }, () => verify(near.home)),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200])
    expect(await itemOf(near.subject)).toMatchObject({ verifiedBy: personId(ISSUER, 'worker-south') })
    expect((await itemOf(near.subject))?.verifiedAs).toBeUndefined()
  })
})

type Role = { role: string; scopeId: string; state?: string; claimCode?: string }
const rolesOf = async (as: string) => ((await call(places, getMe, { as })).body as { memberships: Role[] }).memberships

/** The same numbers for the same seed: a life that went wrong can be looked at again. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
