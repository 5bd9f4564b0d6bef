import { randomUUID } from 'node:crypto'
import { staffIndex } from '#functions/platform/table/staff-keys.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { handler as places } from '#functions/places/index.ts'
import { loadCaller } from '#functions/platform/caller.ts'
import { membersOf } from '#functions/settlement/coop-members.ts'
import {
  claimHousehold,
  getMe,
  listHouseholdMembers,
  PRIVACY_NOTICE_VERSION,
  rejectHouseholdMember,
  verifyHouseholdMember,
  viewPhone,
} from '#shared/contracts/places.ts'
import { type GridView, listGrids, listMyGrids } from '#shared/contracts/places-grids.ts'
import { importPlaces } from '#shared/contracts/places-import.ts'
import { personId } from '#shared/kernel/ids.ts'
import { DAY_MS, HOUR_MS, instant } from '#shared/kernel/time.ts'
import { type Backend, ISSUER, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { ADMIN, importDistrict, importRows } from '../fixtures/district.ts'
import { beforeWriting } from '../fixtures/interleave.ts'

/** Goal: a role can end: by the district's row, by a worker who rejects a claim, by moving house; and never half-way. */
let backend: Backend
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime('2026-11-23T04:00:00.000Z')
  backend = await startBackend()
  await importDistrict(backend)
})
afterAll(async () => {
  vi.useRealTimers()
  await backend.stop()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.setSystemTime('2026-11-23T04:00:00.000Z')
})

const later = (ms: number) => vi.setSystemTime(Date.now() + ms)
const inMs = (ms: number) => instant(Date.now() + ms)
const someone = () => `person-${randomUUID()}`
const claim = (as: string, room: string, more: Record<string, unknown> = {}) =>
  call(places, claimHousehold, {
    body: { compoundId: 'south-1', building: '3', unit: '2', room, consentVersion: PRIVACY_NOTICE_VERSION, ...more },
    as,
  })
const me = async (as: string) =>
  (await call(places, getMe, { as })).body as {
    memberships: { role: string; scopeId: string; state?: string }[]
    rejectedClaim?: object
  }
const homes = async (as: string) => (await me(as)).memberships.filter((held) => held.role === 'resident')
const itemsOf = async (subject: string) =>
  (await backend.scan('market')).filter((item) => item.personId === personId(ISSUER, subject))
const personOf = async (subject: string) => (await itemsOf(subject)).find((item) => item.entity === 'person')
const membersIn = async (state?: string) => {
  const query = { limit: '100', ...(state === undefined ? {} : { state }) }
  const answer = await call(places, listHouseholdMembers, {
    params: { compoundId: 'south-1' },
    query,
    as: 'worker-south',
  })
  return (answer.body as { items: { householdId: string; memberId: string; reason?: string }[] }).items
}
const memberOf = async (subject: string) => {
  const item = (await itemsOf(subject)).find((each) => each.role === 'resident')
  return { householdId: String(item?.scopeId), memberId: String(item?.memberId) }
}
const room = () => ({ compoundId: 'north-1', building: '1号楼', unit: '1单元', room: '101室' })
const reject = (params: Record<string, string>, as?: string, reason: unknown = '查无此户') =>
  call(places, rejectHouseholdMember, { params, body: { reason }, ...(as === undefined ? {} : { as }) })
const verify = (params: Record<string, string>) => call(places, verifyHouseholdMember, { params, as: 'worker-south' })

describe('a role with an end', () => {
  const worker = (subject: string, more: object = {}) => ({
    kind: 'membership',
    subject,
    role: 'worker',
    scopeId: 'south',
    ...more,
  })

  it.each([
    ['now', () => inMs(0)],
    ['in the past', () => inMs(-DAY_MS)],
  ])('%s is over at once, once, and may be given again', async (_when, toAt) => {
    const subject = someone()
    await importRows([worker(subject)])
    expect((await me(subject)).memberships).toHaveLength(1)
    await loadCaller(personId(ISSUER, subject), inMs(0), false)
    expect(await importRows([worker(subject, { toAt: toAt() })])).toMatchObject([{ outcome: 'updated' }])
    // Also where roles come from the cache of this instance.
    expect((await loadCaller(personId(ISSUER, subject), inMs(0), false)).memberships).toEqual([])
    expect((await me(subject)).memberships).toEqual([])
    expect(await importRows([worker(subject, { toAt: toAt() })])).toMatchObject([{ outcome: 'unchanged' }])
    expect(await importRows([worker(subject)])).toMatchObject([{ outcome: 'updated' }])
    expect((await me(subject)).memberships).toMatchObject([{ role: 'worker', scopeId: 'south' }])
  })

  it('is found by whoever tells all of a community’s workers, or the charity’s, something', async () => {
    const [subject, payer] = [someone(), someone()]
    await importRows([worker(subject), { kind: 'membership', subject: payer, role: 'charity', scopeId: 'district-1' }])
    const found = async (of: string) => (await itemsOf(of)).map(({ GSI1PK }) => GSI1PK)
    expect(await found(subject)).toContain(staffIndex.workers('south', '').GSI1PK)
    expect(await found(payer)).toContain(staffIndex.charity('').GSI1PK)
    // Somebody who was registered before there was such a list is on it when their row is sent once more.
    const [membership] = (await itemsOf(subject)).filter(({ role }) => role === 'worker')
    const { GSI1PK: _pk, GSI1SK: _sk, ...old } = membership ?? {}
    await backend.put('market', old)
    expect(await importRows([worker(subject)])).toMatchObject([{ outcome: 'unchanged' }])
    expect(await found(subject)).toContain(staffIndex.workers('south', '').GSI1PK)
  })

  it('later holds until then', async () => {
    const subject = someone()
    const row = worker(subject, { toAt: inMs(HOUR_MS) })
    expect(await importRows([row, row])).toMatchObject([{ outcome: 'created' }, { outcome: 'unchanged' }])
    expect((await me(subject)).memberships).toHaveLength(1)
    later(HOUR_MS)
    expect((await me(subject)).memberships).toEqual([])
    vi.setSystemTime('2026-11-23T04:00:00.000Z')
    expect(await importRows([worker(subject)])).toMatchObject([{ outcome: 'updated' }])
    later(HOUR_MS)
    expect((await me(subject)).memberships).toHaveLength(1)
  })

  it('has a term: it is none before, and may be taken back before it begins', async () => {
    const subject = someone()
    const term = worker(subject, { fromAt: inMs(HOUR_MS), toAt: inMs(3 * HOUR_MS) })
    expect(await importRows([term, term])).toMatchObject([{ outcome: 'created' }, { outcome: 'unchanged' }])
    expect((await me(subject)).memberships).toEqual([])
    later(HOUR_MS)
    expect((await me(subject)).memberships).toHaveLength(1)
    expect(await importRows([term])).toMatchObject([{ outcome: 'unchanged' }])
    later(2 * HOUR_MS)
    expect((await me(subject)).memberships).toEqual([])
    vi.setSystemTime('2026-11-23T04:00:00.000Z')
    const other = someone()
    await importRows([worker(other, { fromAt: inMs(HOUR_MS) })])
    expect(await importRows([worker(other, { toAt: inMs(0) })])).toMatchObject([{ outcome: 'updated' }])
    expect(await importRows([worker(other, { toAt: inMs(0) })])).toMatchObject([{ outcome: 'unchanged' }])
    later(2 * HOUR_MS)
    expect((await me(other)).memberships).toEqual([])
  })

  it('that is held already is not begun anew by a row without a term', async () => {
    const subject = someone()
    await importRows([worker(subject, { fromAt: inMs(-HOUR_MS) })])
    expect((await me(subject)).memberships).toHaveLength(1)
    expect(await importRows([worker(subject)])).toMatchObject([{ outcome: 'unchanged' }])
    // Put off: it begins later than it was to.
    expect(await importRows([worker(subject, { fromAt: inMs(HOUR_MS) })])).toMatchObject([{ outcome: 'updated' }])
    expect((await me(subject)).memberships).toEqual([])
  })

  it.each([
    ['a term that ends before it begins', { fromAt: '2026-12-01T00:00:00.000Z', toAt: '2026-11-30T00:00:00.000Z' }],
    ['a term of a resident', { fromAt: '2026-12-01T00:00:00.000Z', role: 'resident', scopeId: undefined, ...room() }],
    [
      'a term of a leader',
      { fromAt: '2026-12-01T00:00:00.000Z', role: 'leader', compoundId: 'south-1', building: '3' },
    ],
  ])('%s is none', async (_name, change) => {
    expect(await importRows([worker(someone(), change)])).toMatchObject([
      { outcome: 'invalid', fields: { fromAt: expect.any(String) } },
    ])
  })

  it('of a co-op member is found by the co-op as long as it holds', async () => {
    const subject = someone()
    const member = (more: Record<string, unknown> = {}) => {
      const row = { kind: 'membership', subject, role: 'coop', scopeId: 'coop-a', ...more }
      return importRows([row])
    }
    const isFound = async () => (await membersOf('coop-a', inMs(0))).includes(personId(ISSUER, subject))
    await member()
    expect(await isFound()).toBe(true)
    expect(await membersOf('coop-b', inMs(0))).not.toContain(personId(ISSUER, subject))
    await member({ toAt: inMs(HOUR_MS) })
    expect(await isFound()).toBe(true)
    later(HOUR_MS)
    expect(await isFound()).toBe(false)
    await member()
    expect(await isFound()).toBe(true)
    await member({ toAt: inMs(0) })
    expect(await isFound()).toBe(false)
  })

  it('cannot be ended where it never was, nor by an administrator on themselves', async () => {
    const toAt = inMs(0)
    expect(await importRows([worker(someone(), { toAt })])).toMatchObject([{ code: 'UNKNOWN_MEMBERSHIP' }])
    const own = { kind: 'membership', subject: ADMIN, role: 'admin', scopeId: 'district-1', toAt }
    expect(await importRows([own])).toMatchObject([{ outcome: 'refused', code: 'OWN_ROLE' }])
    await importRows([{ ...own, subject: 'second-admin', toAt: undefined }])
    expect(await importRows([{ ...own, subject: 'second-admin' }])).toMatchObject([{ outcome: 'updated' }])
    const answer = await call(places, importPlaces, { body: { rows: [own] }, as: 'second-admin' })
    expect(answer.status).toBe(403)
  })

  it('of a resident frees them and their place on the list', async () => {
    const subject = someone()
    const row = {
      kind: 'membership',
      subject,
      role: 'resident',
      compoundId: 'north-1',
      building: '1',
      unit: '1',
      room: '101',
    }
    await importRows([row])
    expect(await importRows([{ ...row, toAt: inMs(0) }])).toMatchObject([{ outcome: 'updated' }])
    expect(await homes(subject)).toEqual([])
    expect(await personOf(subject)).not.toHaveProperty('householdId')
    const listed = await call(places, listHouseholdMembers, { params: { compoundId: 'north-1' }, as: 'worker-north' })
    const { memberId } = await memberOf(subject)
    expect((listed.body as { items: { memberId: string }[] }).items.map((item) => item.memberId)).not.toContain(
      memberId,
    )
    expect(await claim(subject, '701')).toMatchObject({ status: 200, body: { state: 'claimed' } })
    expect(await importRows([row])).toMatchObject([{ code: 'ALREADY_MEMBER_ELSEWHERE' }])
  })

  it('of a resident, that ran out, keeps nobody from a new home', async () => {
    const subject = someone()
    const row = { kind: 'membership', subject, role: 'resident', compoundId: 'north-1', building: '1', unit: '1' }
    await importRows([{ ...row, room: '101', toAt: inMs(HOUR_MS) }])
    later(2 * HOUR_MS)
    expect(await importRows([{ ...row, room: '102' }])).toMatchObject([{ outcome: 'created' }])
    expect(await homes(subject)).toMatchObject([{ scopeId: 'north-1.1.1.102', state: 'verified' }])
  })
})

describe('rejecting a claim', () => {
  it('takes the role, says why to the resident, and leaves them free to claim again', async () => {
    const subject = someone()
    await claim(subject, '801', { phone: '13800000000' })
    const params = await memberOf(subject)
    expect(await reject(params, 'worker-south')).toMatchObject({ status: 200, body: { ...params, state: 'rejected' } })
    expect(await me(subject)).toMatchObject({
      memberships: [],
      rejectedClaim: { scopeId: 'south-1.3.2.801', reason: '查无此户', rejectedAt: inMs(0) },
    })
    expect((await itemsOf(subject)).find((item) => item.role === 'resident')).toMatchObject({
      state: 'rejected',
      rejectedBy: `${ISSUER}|worker-south`,
    })
    expect(await personOf(subject)).not.toHaveProperty('householdId')
    const has = (list: { memberId: string }[]) => list.some((each) => each.memberId === params.memberId)
    expect([has(await membersIn('claimed')), has(await membersIn()), has(await membersIn('rejected'))]).toEqual([
      false,
      false,
      true,
    ])
    expect((await membersIn('rejected')).find((each) => each.memberId === params.memberId)?.reason).toBe('查无此户')
    expect((await call(places, viewPhone, { params, body: { reason: '再看看' }, as: 'worker-south' })).status).toBe(404)
    expect(await claim(subject, '801')).toMatchObject({ status: 200, body: { state: 'claimed' } })
    expect((await me(subject)).rejectedClaim).toBeUndefined()
    expect(await homes(subject)).toMatchObject([{ scopeId: 'south-1.3.2.801', state: 'claimed' }])
    expect(has(await membersIn('claimed'))).toBe(true)
  })

  it('is one rejection, however often it is sent, and also by two workers at once', async () => {
    const subject = someone()
    await claim(subject, '802')
    const params = await memberOf(subject)
    const answers = await Promise.all([1, 2, 3].map((n) => reject(params, 'worker-south', `原因 ${n}`)))
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200])
    const before = await itemsOf(subject)
    expect((await reject(params, 'worker-south', '另一个原因')).status).toBe(200)
    expect(await itemsOf(subject)).toEqual(before)
  })

  it('is refused once the member is verified, and verifying once the claim is rejected', async () => {
    const [first, second] = [someone(), someone()]
    await claim(first, '803')
    await claim(second, '804')
    const [kept, gone] = [await memberOf(first), await memberOf(second)]
    await verify(kept)
    expect(await reject(kept, 'worker-south')).toMatchObject({ status: 409, body: { code: 'CLAIM_VERIFIED' } })
    await reject(gone, 'worker-south')
    expect(await verify(gone)).toMatchObject({ status: 409, body: { code: 'CLAIM_REJECTED' } })
  })

  it.each(['verify', 'reject'] as const)('of two workers who disagree the first one wins: %s', async (first) => {
    const subject = someone()
    await claim(subject, first === 'verify' ? '805' : '806')
    const params = await memberOf(subject)
    const [sooner, other] = [() => verify(params), () => reject(params, 'worker-south')]
    beforeWriting(() => true, first === 'verify' ? sooner : other)
    expect((await (first === 'verify' ? other() : sooner())).status).toBe(409)
    expect((await homes(subject)).length).toBe(first === 'verify' ? 1 : 0)
  })

  it('does not touch the new home of somebody who moves meanwhile', async () => {
    const subject = someone()
    await claim(subject, '807')
    const params = await memberOf(subject)
    beforeWriting(
      () => true,
      () => claim(subject, '808'),
    )
    expect((await reject(params, 'worker-south')).status).toBe(404)
    expect(await homes(subject)).toMatchObject([{ scopeId: 'south-1.3.2.808', state: 'claimed' }])
  })

  it.each([
    ['nobody', undefined, 401],
    ['a co-op member', 'coop-a', 403],
    ['an administrator', 'admin', 403],
    ['a worker of another community', 'worker-north', 404],
  ])('is for the worker of the community: %s', async (_who, as, status) => {
    const subject = someone()
    await claim(subject, '809')
    const before = await itemsOf(subject)
    expect((await reject(await memberOf(subject), as)).status).toBe(status)
    expect(await itemsOf(subject)).toEqual(before)
  })

  it('wants a reason', async () => {
    const subject = someone()
    await claim(subject, '810')
    const answer = await reject(await memberOf(subject), 'worker-south', ' ')
    expect(answer).toMatchObject({ status: 400, body: { fields: { reason: expect.any(String) } } })
  })
})

describe('moving house', () => {
  it('ends the earlier household with the same write that claims the new one', async () => {
    const subject = someone()
    await claim(subject, '901', { phone: '13800000000' })
    const before = await memberOf(subject)
    await verify(before)
    expect(await claim(subject, '902')).toMatchObject({ status: 200, body: { state: 'claimed' } })
    expect(await homes(subject)).toMatchObject([{ scopeId: 'south-1.3.2.902', state: 'claimed' }])
    const old = (await itemsOf(subject)).find((item) => item.scopeId === 'south-1.3.2.901')
    expect(old).toMatchObject({ state: 'verified', toAt: inMs(0) })
    expect(old).not.toHaveProperty('GSI1PK')
    expect(await personOf(subject)).toMatchObject({ householdId: 'south-1.3.2.902', phone: '13800000000' })
    expect((await membersIn()).filter((each) => each.memberId === before.memberId)).toHaveLength(1)
    expect((await verify(before)).status).toBe(404)
  })

  it('while a worker is verifying the old home does not bring it back', async () => {
    const subject = someone()
    await claim(subject, '905')
    const params = await memberOf(subject)
    beforeWriting(
      () => true,
      () => claim(subject, '906'),
    )
    expect((await verify(params)).status).toBe(404)
    expect(await homes(subject)).toMatchObject([{ scopeId: 'south-1.3.2.906', state: 'claimed' }])
    expect((await membersIn()).filter((each) => each.memberId === params.memberId)).toHaveLength(1)
  })

  it('while the district ends the old role keeps the new home', async () => {
    const subject = someone()
    await claim(subject, '907')
    const row = { kind: 'membership', subject, role: 'resident', compoundId: 'south-1', building: '3', unit: '2' }
    beforeWriting(
      () => true,
      () => claim(subject, '908'),
    )
    expect(await importRows([{ ...row, room: '907', toAt: inMs(0) }])).toMatchObject([{ outcome: 'unchanged' }])
    expect(await homes(subject)).toMatchObject([{ scopeId: 'south-1.3.2.908' }])
    expect(await personOf(subject)).toMatchObject({ householdId: 'south-1.3.2.908' })
  })

  it('is free once, then a matter of thirty days or of a worker: limits count by household', async () => {
    const subject = someone()
    await claim(subject, '911')
    expect((await claim(subject, '912')).status).toBe(200)
    const again = await claim(subject, '913')
    expect(again).toMatchObject({ status: 409, body: { code: 'MOVED_RECENTLY' } })
    expect(await homes(subject)).toMatchObject([{ scopeId: 'south-1.3.2.912' }])
    await reject({ householdId: 'south-1.3.2.912', memberId: (await memberOf(subject)).memberId }, 'worker-south')
    expect((await claim(subject, '913')).status).toBe(200)
    later(30 * DAY_MS)
    expect((await claim(subject, '914')).status).toBe(200)
  })

  it('back to a household that one left is possible', async () => {
    const subject = someone()
    await claim(subject, '921')
    await claim(subject, '922')
    later(31 * DAY_MS)
    expect((await claim(subject, '921')).status).toBe(200)
    expect(await homes(subject)).toMatchObject([{ scopeId: 'south-1.3.2.921', state: 'claimed' }])
  })

  it('to two places at once ends in one of them', async () => {
    const subject = someone()
    await claim(subject, '931')
    await Promise.all([claim(subject, '932'), claim(subject, '933')])
    const held = await homes(subject)
    expect(held).toHaveLength(1)
    expect((await personOf(subject))?.householdId).toBe(held[0]?.scopeId)
  })
})

it('who was turned down for two rooms of a compound stands twice in its list', async () => {
  const subject = someone()
  for (const room of ['821', '822']) {
    await claim(subject, room)
    const { memberId } = await memberOf(subject)
    expect((await reject({ householdId: `south-1.3.2.${room}`, memberId }, 'worker-south')).status).toBe(200)
  }
  const rooms = (await membersIn('rejected')).map((each) => (each as { room?: string }).room)
  expect(rooms).toEqual(expect.arrayContaining([expect.stringContaining('821'), expect.stringContaining('822')]))
})

describe('a grid', () => {
  const east = { kind: 'grid', gridId: 'north-east', communityId: 'north', name: '东片', compoundIds: ['north-1'] }
  const post = {
    kind: 'grid-post',
    gridId: 'north-east',
    communityId: 'north',
    subject: 'worker-north',
    knownAs: '小王',
  }
  const outcomes = async (...rows: object[]) =>
    (await importRows(rows)).map(({ outcome, code }) => [outcome, ...(code === undefined ? [] : [code])].join(' '))
  const grids = async () =>
    ((await call(places, listGrids, { query: { communityId: 'north' } })).body as { items: GridView[] }).items
  const mine = async (as: string) =>
    ((await call(places, listMyGrids, { as })).body as { items: { gridId: string }[] }).items.map(
      ({ gridId }) => gridId,
    )

  it('comes in by rows, with who is posted there; told again they change nothing', async () => {
    expect(await outcomes(post)).toEqual(['refused UNKNOWN_GRID'])
    // One file, in whatever order: a post follows its grid and the role.
    expect(await outcomes(post, east)).toEqual(['created', 'created'])
    expect(await outcomes(east, post)).toEqual(['unchanged', 'unchanged'])
    expect(await grids()).toEqual([
      {
        gridId: 'north-east',
        communityId: 'north',
        name: '东片',
        compoundIds: ['north-1'],
        workers: [{ knownAs: '小王' }],
      },
    ])
    expect(await mine('worker-north')).toEqual(['north-east'])
    expect(await mine('worker-south')).toEqual([])
    expect((await call(places, listMyGrids, { as: 'coop-a' })).status).toBe(403)
    // Nothing that everybody reads tells who they are here.
    expect(JSON.stringify(await grids())).not.toMatch(/worker-north|person|subject/)
  })

  it('has compounds of its own community, each of them in one grid', async () => {
    const west = { ...east, gridId: 'north-west', name: '西片' }
    expect(await outcomes({ ...west, compoundIds: ['south-1'] }, { ...west, compoundIds: ['nowhere'] })).toEqual([
      'refused UNKNOWN_PARENT',
      'refused UNKNOWN_PARENT',
    ])
    expect(await outcomes({ ...west, communityId: 'nowhere' })).toEqual(['refused UNKNOWN_PARENT'])
    expect(await outcomes(west)).toEqual(['refused COMPOUND_IN_ANOTHER_GRID'])
    expect(await outcomes({ ...west, compoundIds: ['north-2'] })).toEqual(['created'])
    // Two at once want the same compound: one has it.
    const [one, two] = [
      { ...east, compoundIds: [] },
      { ...west, compoundIds: [] },
    ]
    await outcomes(one, two)
    let sooner: string[] = []
    beforeWriting(
      () => true,
      async () => {
        sooner = await outcomes({ ...west, compoundIds: ['north-1'] })
      },
    )
    expect(await outcomes(east)).toEqual(['refused COMPOUND_IN_ANOTHER_GRID'])
    expect(sooner).toEqual(['updated'])
    await outcomes(one, two)
    await outcomes(east, { ...west, compoundIds: ['north-2'] })
    // Nobody is posted there.
    expect((await grids()).find(({ gridId }) => gridId === 'north-west')?.workers).toEqual([])
  })

  it('has a worker for a term, and who stands in for one of their own', async () => {
    const stands = someone()
    const term = { fromAt: inMs(DAY_MS), toAt: inMs(3 * DAY_MS) }
    expect(await outcomes({ ...post, subject: stands, knownAs: '老李', ...term })).toEqual(['refused NOT_A_WORKER'])
    expect(await outcomes({ ...post, subject: 'worker-south' })).toEqual(['refused NOT_A_WORKER'])
    expect(
      await outcomes(
        { kind: 'membership', subject: stands, role: 'worker', scopeId: 'north', toAt: inMs(2 * DAY_MS) },
        { ...post, subject: stands, knownAs: '老李', ...term },
        { ...post, ...term, fromAt: term.toAt },
      ),
    ).toEqual(['created', 'created', 'invalid'])
    const known = async () => (await grids())[0]?.workers.map(({ knownAs }) => knownAs)
    expect(await known()).toEqual(['小王'])
    later(DAY_MS)
    expect(await known()).toEqual(['小王', '老李'])
    expect(await mine(stands)).toEqual(['north-east'])
    // The role ends before the term does: with it the post.
    later(DAY_MS)
    expect(await known()).toEqual(['小王'])
    expect((await call(places, listMyGrids, { as: stands })).status).toBe(403)
    expect(await outcomes({ ...post, toAt: inMs(0) })).toEqual(['updated'])
    expect(await known()).toEqual([])
    expect(await mine('worker-north')).toEqual([])
  })

  it('widens nothing and takes nothing away: a worker may in the whole community what they might', async () => {
    await outcomes(east, { ...post })
    for (const compoundId of ['north-1', 'north-2', 'south-1']) {
      const answer = await call(places, listHouseholdMembers, {
        params: { compoundId },
        query: { limit: '5' },
        as: 'worker-north',
      })
      expect(answer.status, compoundId).toBe(compoundId === 'south-1' ? 404 : 200)
    }
  })
})
