import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { handler as places } from '#functions/places/index.ts'
import {
  getCompound,
  getMe,
  listCommunities,
  listCompounds,
  listPairings,
  listVillages,
} from '#shared/contracts/places.ts'
import { importPlaces } from '#shared/contracts/places-import.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { districtRows, importDistrict, importRows, pairing, pickUpPoint, SIGNED } from '../fixtures/district.ts'

let backend: Backend
beforeAll(async () => {
  backend = await startBackend()
  await importDistrict(backend)
})
afterAll(() => backend.stop())

const market = async () =>
  (await backend.scan('market')).sort((left, right) => (`${left.PK}${left.SK}` < `${right.PK}${right.SK}` ? -1 : 1))

describe('importing places', () => {
  it('changes nothing the second time', async () => {
    const before = await market()
    const results = await importRows(districtRows)
    expect(results.map((result) => result.outcome)).toEqual(districtRows.map(() => 'unchanged'))
    expect(await market()).toEqual(before)
  })

  it('brings in rows whose parents come later in the same file', async () => {
    const rows = [
      pickUpPoint('late-1'),
      { ...districtRows.find((row) => row.kind === 'compound'), compoundId: 'late-1', communityId: 'late' },
      { kind: 'community', communityId: 'late', name: '后到社区', townId: 'town-1', townName: '古楼街道' },
    ]
    expect((await importRows(rows)).map((result) => result.outcome)).toEqual(['created', 'created', 'created'])
  })

  it.each([
    ['示例：自产自销，免于登记', 'updated'],
    ['', 'invalid'],
    ['长'.repeat(121), 'invalid'],
  ])('a co-op’s licence %#: %s', async (licence, outcome) => {
    const coop = districtRows.find((row) => row.kind === 'coop')
    expect(await importRows([{ ...coop, licence }])).toMatchObject([{ outcome }])
    if (outcome === 'updated')
      expect(await importRows([{ ...coop, licence }])).toMatchObject([{ outcome: 'unchanged' }])
  })

  it('answers row by row: a bad row is invalid, an orphan refused, its neighbours are kept', async () => {
    const results = await importRows([
      { kind: 'community', communityId: 'Bad Id', name: 'x', townId: 'town-1', townName: '古楼街道' },
      { kind: 'nothing-we-know' },
      'not even a row',
      { kind: 'community', communityId: 'orphan', name: '孤儿社区', townId: 'town-9', townName: '无' },
      { kind: 'community', communityId: 'kept', name: '留下社区', townId: 'town-1', townName: '古楼街道' },
      { kind: 'community', communityId: 'extra', name: '多字段社区', townId: 'town-1', townName: '古楼街道', extra: 1 },
    ])
    expect(results.map(({ row, outcome, code }) => [row, outcome, code])).toEqual([
      [0, 'invalid', undefined],
      [1, 'invalid', undefined],
      [2, 'invalid', undefined],
      [3, 'refused', 'UNKNOWN_PARENT'],
      [4, 'created', undefined],
      [5, 'invalid', undefined],
    ])
    expect(results[0]?.fields).toHaveProperty('communityId')
    expect(results[3]?.fields).toEqual({ townId: 'town-9' })
  })

  it.each([
    ['a pick-up point of no compound', { ...pickUpPoint('nowhere'), compoundId: 'nowhere' }],
    ['a household of no compound', { kind: 'household', compoundId: 'nowhere', building: '1', unit: '1', room: '1' }],
    ['a pairing with no community', pairing('nowhere', 'village-a')],
    ['a pairing with no village', pairing('north', 'nowhere')],
    ['a worker of no community', { kind: 'membership', subject: 'x', role: 'worker', scopeId: 'nowhere' }],
    ['a member of no co-op', { kind: 'membership', subject: 'x', role: 'coop', scopeId: 'nowhere' }],
    ['an administrator of no district', { kind: 'membership', subject: 'x', role: 'admin', scopeId: 'nowhere' }],
    [
      'a resident of no room',
      {
        kind: 'membership',
        subject: 'x',
        role: 'resident',
        compoundId: 'north-1',
        building: '9',
        unit: '1',
        room: '1',
      },
    ],
  ])('refuses %s', async (_what, row) => {
    const before = await market()
    expect(await importRows([row])).toMatchObject([{ outcome: 'refused', code: 'UNKNOWN_PARENT' }])
    expect(await market()).toEqual(before)
  })

  it('renames a place, and never moves it under another parent', async () => {
    const row = { kind: 'community', communityId: 'kept', name: '改名社区', townId: 'town-1', townName: '古楼街道' }
    expect(await importRows([row])).toMatchObject([{ outcome: 'updated' }])
    const moved = { ...row, townId: 'town-2', townName: '堂邑镇' }
    expect(await importRows([moved])).toMatchObject([{ outcome: 'refused', code: 'PARENT_CHANGED' }])
    const listed = await call(places, listCommunities)
    expect((listed.body as { items: unknown[] }).items).toContainEqual({
      communityId: 'kept',
      name: '改名社区',
      townId: 'town-1',
      townName: '古楼街道',
    })
  })

  it('keeps one of two rows about the same place in one file, whichever came last to the table', async () => {
    const row = (name: string) => ({
      kind: 'community',
      communityId: 'twice',
      name,
      townId: 'town-1',
      townName: '古楼街道',
    })
    const results = await importRows([row('甲社区'), row('乙社区'), row('甲社区'), row('乙社区')])
    expect(results.filter((result) => result.outcome === 'created')).toHaveLength(1)
    expect(results.every((result) => ['created', 'updated', 'unchanged'].includes(result.outcome))).toBe(true)
  })

  it('writes a new version of an agreement beside the old one, and refuses to change a version in place', async () => {
    const agreement = {
      agreementId: 'agreement-north-village-b',
      version: 2,
      rateBps: 300,
      fromDay: '2090-01-01',
      toDay: '2099-12-31',
      ...SIGNED,
      purposes: ['公益服务'],
    }
    const changed = pairing('north', 'village-b', { agreement: { ...agreement, version: 1 } })
    expect(await importRows([changed])).toMatchObject([{ outcome: 'refused', code: 'AGREEMENT_VERSION_EXISTS' }])
    const second = pairing('north', 'village-b', { agreement })
    expect(await importRows([second])).toMatchObject([{ outcome: 'updated' }])
    expect(await importRows([second])).toMatchObject([{ outcome: 'unchanged' }])
    const versions = (await market()).filter((item) => item.entity === 'agreement' && item.villageId === 'village-b')
    expect(versions.map((item) => [item.version, item.rateBps])).toEqual([
      [1, 200],
      [2, 300],
    ])
    const shown = await call(places, listPairings, { query: { communityId: 'north' } })
    const items = (shown.body as { items: { villageId: string; agreement: { version: number } }[] }).items
    // The second version begins in 2090: until then the first one is in force.
    expect(items.find((item) => item.villageId === 'village-b')?.agreement.version).toBe(1)
  })

  it('two versions brought in at once are two versions, or one of them is refused: none is lost', async () => {
    const version = (number: number) =>
      pairing('south', 'village-a', {
        agreement: {
          agreementId: 'agreement-south-village-a',
          version: number,
          rateBps: 100 + number,
          fromDay: '2020-01-01',
          toDay: '2099-12-31',
          ...SIGNED,
          purposes: ['公益服务'],
        },
      })
    const results = (await Promise.all([2, 3, 4, 5].map((number) => importRows([version(number)])))).flat()
    const saved = results.filter((result) => result.outcome === 'updated').length
    const item = (await market()).find((each) => each.entity === 'pairing' && each.communityId === 'south')
    expect(saved).toBeGreaterThanOrEqual(1)
    expect((item?.agreements as unknown[]).length).toBe(1 + saved)
    expect(
      results.filter((result) => result.outcome !== 'updated').every((each) => each.code === 'AGREEMENT_SUPERSEDED'),
    ).toBe(true)
  })

  it('gives a person one member id through all their roles', async () => {
    await importRows([
      { kind: 'membership', subject: 'many', role: 'worker', scopeId: 'north' },
      { kind: 'membership', subject: 'many', role: 'coop', scopeId: 'coop-a' },
      {
        kind: 'membership',
        subject: 'many',
        role: 'resident',
        compoundId: 'north-1',
        building: '1',
        unit: '1',
        room: '101',
      },
    ])
    const items = (await market()).filter((item) => String(item.personId).endsWith('|many'))
    expect(items.map((item) => item.entity).sort()).toEqual(['membership', 'membership', 'membership', 'person'])
    expect(new Set(items.map((item) => item.memberId)).size).toBe(1)
    expect(String(items[0]?.memberId)).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('refuses a second household for one person', async () => {
    const row = {
      kind: 'membership',
      subject: 'many',
      role: 'resident',
      compoundId: 'north-1',
      building: '1',
      unit: '1',
      room: '102',
    }
    expect(await importRows([row])).toMatchObject([{ outcome: 'refused', code: 'ALREADY_MEMBER_ELSEWHERE' }])
  })

  it('gives a role at once', async () => {
    await call(places, getMe, { as: 'fresh' })
    await importRows([{ kind: 'membership', subject: 'fresh', role: 'worker', scopeId: 'south' }])
    const me = await call(places, getMe, { as: 'fresh' })
    expect(me.body).toMatchObject({ memberships: [{ role: 'worker', scopeId: 'south', communityId: 'south' }] })
  })

  it.each([
    ['nobody', undefined, 401],
    ['a stranger', 'stranger', 403],
    ['a worker', 'worker-north', 403],
    ['a co-op member', 'coop-a', 403],
    ['an administrator', 'admin', 200],
  ])('is open to administrators only: %s', async (_who, as, status) => {
    const answer = await call(places, importPlaces, { body: { rows: [districtRows[0]] }, ...(as ? { as } : {}) })
    expect(answer.status).toBe(status)
  })

  it('takes 500 rows and no more', async () => {
    const rows = Array.from({ length: 501 }, () => districtRows[0])
    expect((await call(places, importPlaces, { body: { rows }, as: 'admin' })).status).toBe(400)
    expect((await call(places, importPlaces, { body: { rows: rows.slice(1) }, as: 'admin' })).status).toBe(200)
  })
})

describe('reading places', () => {
  const ids = (body: unknown) => (body as { items: { compoundId: string }[] }).items.map((item) => item.compoundId)

  it('lists compounds by community and by a part of any of their names', async () => {
    expect(ids((await call(places, listCompounds, { query: { communityId: 'north' } })).body)).toEqual([
      'north-1',
      'north-2',
    ])
    expect(ids((await call(places, listCompounds, { query: { q: '区 SOUTH' } })).body)).toEqual(['south-1'])
    expect(ids((await call(places, listCompounds, { query: { q: '古楼' } })).body)).toContain('south-1')
    expect(ids((await call(places, listCompounds, { query: { q: '没有这样的' } })).body)).toEqual([])
  })

  it('pages through all compounds exactly once', async () => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const answer = await call(places, listCompounds, { query: { limit: '2', ...(cursor ? { cursor } : {}) } })
      const body = answer.body as { items: { compoundId: string }[]; nextCursor?: string }
      expect(body.items.length).toBeLessThanOrEqual(2)
      seen.push(...ids(body))
      cursor = body.nextCursor
    } while (cursor !== undefined)
    expect([...seen].sort()).toEqual(['late-1', 'north-1', 'north-2', 'south-1'])
    expect((await call(places, listCompounds, { query: { cursor: 'nobody' } })).status).toBe(400)
  })

  it('shows a compound with its buildings and pick-up points, and never its households', async () => {
    const answer = await call(places, getCompound, { params: { compoundId: 'north-1' } })
    expect(answer.body).toMatchObject({
      compoundId: 'north-1',
      communityName: 'north 社区',
      buildings: [{ buildingId: 'north-1-b1', label: '1号楼', units: ['1单元', '2单元'] }],
      pickUpPoints: [{ pickUpPointId: 'point-north-1' }],
    })
    expect(answer.text).not.toContain('101')
    expect((await call(places, getCompound, { params: { compoundId: 'nowhere' } })).status).toBe(404)
  })

  it('lists villages', async () => {
    const answer = await call(places, listVillages)
    expect((answer.body as { items: { villageId: string }[] }).items.map((item) => item.villageId)).toEqual([
      'village-a',
      'village-b',
      'village-c',
    ])
  })

  it('lists the pairings of a community or of a village, and asks for one of the two', async () => {
    const ofVillage = await call(places, listPairings, { query: { villageId: 'village-a' } })
    expect((ofVillage.body as { items: { communityId: string }[] }).items.map((item) => item.communityId)).toEqual([
      'north',
      'south',
    ])
    expect((await call(places, listPairings, { query: {} })).status).toBe(400)
    const both = { communityId: 'north', villageId: 'village-a' }
    expect((await call(places, listPairings, { query: both })).status).toBe(400)
  })
})
