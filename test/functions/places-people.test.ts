import { DeleteItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { handler as places } from '#functions/places/index.ts'
import {
  claimHousehold,
  getMe,
  listHouseholdMembers,
  PRIVACY_NOTICE_VERSION,
  verifyHouseholdMember,
  viewPhone,
} from '#shared/contracts/places.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { beforeWriting, killWrites } from '../fixtures/interleave.ts'
import { importDistrict, importRows } from '../fixtures/district.ts'

let backend: Backend
beforeAll(async () => {
  backend = await startBackend({ BOOTSTRAP_ADMIN_SUB: 'first' })
})
afterAll(() => backend.stop())
afterEach(() => vi.restoreAllMocks())

const items = async (entity: string) => (await backend.scan('market')).filter((item) => item.entity === entity)
const someone = () => `person-${randomUUID()}`
const claimBody = (more: Record<string, unknown> = {}) => ({
  compoundId: 'south-1',
  building: '3号楼',
  unit: '2单元',
  room: '501室',
  consentVersion: PRIVACY_NOTICE_VERSION,
  ...more,
})
const claim = (as: string, more: Record<string, unknown> = {}) =>
  call(places, claimHousehold, { body: claimBody(more), as })

describe('the first administrator', () => {
  const admins = async () => (await items('membership')).filter((item) => item.role === 'admin')

  it('is nobody but the person named in the settings', async () => {
    expect((await call(places, getMe, { as: 'somebody' })).body).toMatchObject({ memberships: [] })
    expect(await admins()).toEqual([])
  })

  it('becomes it on the first request, once, however many arrive at once', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => call(places, getMe, { as: 'first' })))
    for (const answer of answers) expect(answer.body).toMatchObject({ memberships: [{ role: 'admin' }] })
    expect(await admins()).toHaveLength(1)
  })

  it('is not made again when the role was taken away or the settings name another person', async () => {
    process.env.BOOTSTRAP_ADMIN_SUB = 'second'
    expect((await call(places, getMe, { as: 'second' })).body).toMatchObject({ memberships: [] })
    process.env.BOOTSTRAP_ADMIN_SUB = 'first'
    expect(await admins()).toHaveLength(1)
  })

  it('is not made on a table that is in use', async () => {
    await importDistrict(backend)
    const job = (await backend.scan('market')).find((item) => item.PK === 'JOB#bootstrap-admin')
    const Key = marshall({ PK: job?.PK, SK: job?.SK })
    await backend.client.send(new DeleteItemCommand({ TableName: 'market', Key }))
    process.env.BOOTSTRAP_ADMIN_SUB = 'late'
    expect((await call(places, getMe, { as: 'late' })).body).toMatchObject({ memberships: [] })
    process.env.BOOTSTRAP_ADMIN_SUB = 'first'
  })
})

describe('claiming a household', () => {
  it('joins it, and shows it at once with the consent that was given', async () => {
    const person = someone()
    const answer = await claim(person)
    expect(answer).toMatchObject({ status: 200, body: { householdId: 'south-1.3.2.501', state: 'claimed' } })
    expect((await call(places, getMe, { as: person })).body).toMatchObject({
      memberships: [
        {
          role: 'resident',
          scopeId: 'south-1.3.2.501',
          scopeName: '小区 south-1 3号楼2单元501室',
          state: 'claimed',
          compoundId: 'south-1',
          communityId: 'south',
        },
      ],
      consentVersion: PRIVACY_NOTICE_VERSION,
    })
  })

  it('two people who write one room in different ways share one household', async () => {
    const answers = await Promise.all([
      claim(someone(), { building: '７', unit: '1', room: '302' }),
      claim(someone(), { building: '07栋', unit: '一单元', room: '0302室' }),
      claim(someone(), { building: '七号楼', unit: '１单元', room: '302' }),
    ])
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200])
    const ids = answers.map((answer) => (answer.body as { householdId: string }).householdId)
    expect(new Set(ids)).toEqual(new Set(['south-1.7.1.302']))
    expect((await items('household')).filter((item) => item.householdId === 'south-1.7.1.302')).toHaveLength(1)
    expect((await items('membership')).filter((item) => item.scopeId === 'south-1.7.1.302')).toHaveLength(3)
  })

  it('sent again changes nothing but the phone that was given', async () => {
    const person = someone()
    await claim(person, { phone: '13800000000' })
    const before = await items('membership')
    expect((await claim(person)).status).toBe(200)
    expect((await claim(person, { phone: '13900000000' })).status).toBe(200)
    expect(await items('membership')).toEqual(before)
    const stored = (await items('person')).find((item) => String(item.personId).endsWith(`|${person}`))
    expect(stored?.phone).toBe('13900000000')
  })

  it('two households claimed at once by one person are one household in the end', async () => {
    const person = someone()
    await Promise.all([claim(person, { room: '601' }), claim(person, { room: '602' })])
    const { memberships } = (await call(places, getMe, { as: person })).body as { memberships: { scopeId: string }[] }
    expect(memberships).toHaveLength(1)
    const stored = (await items('person')).find((item) => String(item.personId).endsWith(`|${person}`))
    expect(stored?.householdId).toBe(memberships[0]?.scopeId)
  })

  it('so too by somebody who is known already, here a worker', async () => {
    const person = someone()
    await importRows([{ kind: 'membership', subject: person, role: 'worker', scopeId: 'north' }])
    await Promise.all([claim(person, { room: '611' }), claim(person, { room: '612' })])
    const { memberships } = (await call(places, getMe, { as: person })).body as { memberships: { role: string }[] }
    expect(memberships.map((held) => held.role).sort()).toEqual(['resident', 'worker'])
  })

  it('refuses consent to an old notice', async () => {
    const answer = await claim(someone(), { consentVersion: '2020-01-01' })
    expect(answer).toMatchObject({ status: 409, body: { code: 'CONSENT_OUTDATED' } })
  })

  it('takes only registered buildings and rooms where they are registered', async () => {
    const registered = { compoundId: 'north-1', unit: '1单元' }
    const wrongBuilding = await claim(someone(), { ...registered, building: '2号楼', room: '101' })
    expect(wrongBuilding).toMatchObject({ status: 422, body: { code: 'UNKNOWN_BUILDING' } })
    const wrongRoom = await claim(someone(), { ...registered, building: '1', room: '999' })
    expect(wrongRoom).toMatchObject({ status: 422, body: { code: 'UNKNOWN_ROOM' } })
    const right = await claim(someone(), { ...registered, building: '1', room: '101' })
    expect(right).toMatchObject({ status: 200, body: { householdId: 'north-1.1.1.101' } })
  })

  it.each([
    ['words', { room: '楼上' }],
    ['nothing but an ending', { building: '号楼' }],
    ['a dash at the end', { room: '5-' }],
    ['a numeral that is none', { unit: '二三' }],
    ['an unknown compound', { compoundId: 'nowhere' }],
    ['a phone with letters', { phone: '138x0000000' }],
  ])('does not parse %s', async (_what, more) => {
    expect((await claim(someone(), more)).status).toBe(400)
  })

  it('asks for a token', async () => {
    expect((await call(places, claimHousehold, { body: claimBody() })).status).toBe(401)
  })
})

describe("a worker's list of claims", () => {
  type Member = { householdId: string; memberId: string; state: string; phoneMasked?: string }
  const list = async (compoundId: string, as: string, query: Record<string, string> = {}) =>
    call(places, listHouseholdMembers, { params: { compoundId }, query, as })
  const membersOf = async (compoundId: string, query: Record<string, string> = {}) =>
    ((await list(compoundId, 'worker-south', query)).body as { items: Member[] }).items
  let member: Member
  const resident = someone()

  beforeAll(async () => {
    await claim(resident, { building: '9', unit: '9', room: '901', phone: '13812345678' })
    const found = (await membersOf('south-1', { limit: '100' })).find((each) => each.householdId === 'south-1.9.9.901')
    if (found === undefined) throw new Error('the claim is not listed')
    member = found
  })

  it('shows rooms and masked phones, no name and no subject', async () => {
    expect(member).toMatchObject({
      state: 'claimed',
      building: '9号楼',
      unit: '9单元',
      room: '901室',
      phoneMasked: '138****5678',
    })
    const answer = await list('south-1', 'worker-south', { limit: '100' })
    expect(answer.text).not.toContain('13812345678')
    expect(answer.text).not.toContain(resident)
  })

  it.each([
    ['nobody', undefined, 401],
    ['a resident', resident, 403],
    ['a co-op member', 'coop-a', 403],
    ['a worker of another community', 'worker-north', 404],
    ['the worker', 'worker-south', 200],
    ['an administrator', 'admin', 200],
  ])('is for the worker of the community and administrators: %s', async (_who, as, status) => {
    const answer = await call(places, listHouseholdMembers, {
      params: { compoundId: 'south-1' },
      ...(as ? { as } : {}),
    })
    expect(answer.status).toBe(status)
  })

  const target = () => ({ householdId: member.householdId, memberId: member.memberId })

  it.each([
    ['nobody', undefined, 401],
    ['the resident', resident, 403],
    ['a co-op member', 'coop-a', 403],
    ['an administrator', 'admin', 403],
    ['a worker of another community', 'worker-north', 404],
  ])('nobody else may verify or see a phone: %s', async (_who, as, status) => {
    const before = await backend.scan('market')
    const verify = await call(places, verifyHouseholdMember, { params: target(), ...(as ? { as } : {}) })
    const view = await call(places, viewPhone, {
      params: target(),
      body: { reason: '送货联系' },
      ...(as ? { as } : {}),
    })
    expect([verify.status, view.status]).toEqual([status, status])
    expect(await backend.scan('market')).toEqual(before)
  })

  it('verifies a member once, however often it is sent', async () => {
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => call(places, verifyHouseholdMember, { params: target(), as: 'worker-south' })),
    )
    for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: { state: 'verified' } })
    const stored = (await items('membership')).find((item) => item.memberId === member.memberId)
    expect(stored).toMatchObject({ state: 'verified', verifiedBy: 'https://issuer.test|worker-south' })
    const again = await call(places, verifyHouseholdMember, { params: target(), as: 'worker-south' })
    expect(again.status).toBe(200)
    expect((await items('membership')).find((item) => item.memberId === member.memberId)).toEqual(stored)
    expect((await membersOf('south-1', { state: 'claimed', limit: '100' })).map((each) => each.memberId)).not.toContain(
      member.memberId,
    )
    expect((await membersOf('south-1', { state: 'verified', limit: '100' })).map((each) => each.memberId)).toContain(
      member.memberId,
    )
    expect((await call(places, getMe, { as: resident })).body).toMatchObject({ memberships: [{ state: 'verified' }] })
  })

  it('of two workers at the same moment the first one has verified', async () => {
    await importRows([{ kind: 'membership', subject: 'colleague', role: 'worker', scopeId: 'south' }])
    await claim(someone(), { building: '9', unit: '9', room: '902' })
    const found = (await membersOf('south-1', { limit: '100' })).find((each) => each.householdId === 'south-1.9.9.902')
    const params = { householdId: found?.householdId ?? '', memberId: found?.memberId ?? '' }
    beforeWriting(
      () => true,
      () => call(places, verifyHouseholdMember, { params, as: 'colleague' }),
    )
    expect((await call(places, verifyHouseholdMember, { params, as: 'worker-south' })).status).toBe(200)
    const stored = (await items('membership')).find((item) => item.memberId === params.memberId)
    expect(stored?.verifiedBy).toBe('https://issuer.test|colleague')
  })

  it('a claim sent again after verification stays verified', async () => {
    const answer = await claim(resident, { building: '9', unit: '9', room: '901' })
    expect(answer.body).toMatchObject({ state: 'verified' })
  })

  it('shows a phone in full, and records who looked, when and why before it does', async () => {
    const before = (await items('phoneView')).length
    const answer = await call(places, viewPhone, { params: target(), body: { reason: '送货联系' }, as: 'worker-south' })
    expect(answer).toMatchObject({ status: 200, body: { phone: '13812345678' } })
    const views = await items('phoneView')
    expect(views).toHaveLength(before + 1)
    expect(views.at(-1)).toMatchObject({
      ...target(),
      viewedBy: 'https://issuer.test|worker-south',
      reason: '送货联系',
      PK: 'PLACE#PHONE-VIEWS#south-1',
    })
  })

  it('shows no phone when the record cannot be written', async () => {
    killWrites(() => true)
    const answer = await call(places, viewPhone, { params: target(), body: { reason: '送货联系' }, as: 'worker-south' })
    expect(answer.status).toBe(500)
    expect(answer.text).not.toContain('13812345678')
  })

  it('wants a reason', async () => {
    const answer = await call(places, viewPhone, { params: target(), body: { reason: ' ' }, as: 'worker-south' })
    expect(answer).toMatchObject({ status: 400, body: { fields: { reason: expect.any(String) } } })
  })

  it('knows no member of another household, and no household that is none', async () => {
    for (const params of [
      { householdId: 'south-1.3.2.501', memberId: member.memberId },
      { householdId: 'south-1', memberId: member.memberId },
      { householdId: 'nowhere.1.1.1', memberId: member.memberId },
      { householdId: member.householdId, memberId: randomUUID() },
    ]) {
      expect((await call(places, verifyHouseholdMember, { params, as: 'worker-south' })).status).toBe(404)
    }
  })

  it('a resident from the district’s own register is verified', async () => {
    const subject = someone()
    await importRows([
      { kind: 'membership', subject, role: 'resident', compoundId: 'north-1', building: '1', unit: '1', room: '102' },
    ])
    expect((await call(places, getMe, { as: subject })).body).toMatchObject({
      memberships: [{ role: 'resident', scopeId: 'north-1.1.1.102', state: 'verified' }],
    })
  })
})
