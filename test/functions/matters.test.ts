import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { handler as governanceHandler } from '#functions/governance/index.ts'
import { handler } from '#functions/matters/index.ts'
import { matterIdOfTicket } from '#functions/matters/import-hotline.ts'
import { handler as tick } from '#functions/matters/on-tick.ts'
import { handler as photosHandler } from '#functions/photos/index.ts'
import { handler as placesHandler } from '#functions/places/index.ts'
import { governanceKeys } from '#functions/platform/table/governance-keys.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { dueShard, matterIndex, matterKeys } from '#functions/platform/table/matter-keys.ts'
import { bodyQuarterItem } from '#functions/platform/table/items/matters.ts'
import { get } from '#functions/platform/table/table.ts'
import { matterMovedV1 } from '#shared/contracts/events.ts'
import { actOnProposal, propose } from '#shared/contracts/governance.ts'
import {
  actOnMatter,
  followMatter,
  getMatter,
  getMatterFigures,
  getMatterPhoto,
  listMatters,
  listMattersOfBody,
  listMyMatters,
  listOpenMatters,
  raiseMatter,
  rateMatter,
  type MatterSummary,
  type MatterView,
} from '#shared/contracts/matters.ts'
import { importHotline } from '#shared/contracts/matters-hotline.ts'
import { putPhoto } from '#shared/contracts/photos.ts'
import { listBodies } from '#shared/contracts/places-bodies.ts'
import { personId } from '#shared/kernel/ids.ts'
import { ISSUER, startBackend, type Backend } from '../fixtures/backend.ts'
import { call, lambdaContext } from '../fixtures/call.ts'
import { base64, pngOf } from '../fixtures/pictures.ts'
import { disturb } from './fund-table.ts'
import { aCommunity, aCompound, COMMUNITY, giveRole, settle } from './governance-people.ts'

vi.mock('#functions/platform/token.ts', () => ({
  personOfToken: async (token: string) => personId(ISSUER, token),
}))

/** Monday morning in Shanghai. */
const MONDAY = '2026-11-23T02:00:00.000Z'
const DAY = 86_400_000
let backend: Backend
let compound = ''
let calm = () => {}

async function aBody(bodyId: string, communityId: string | undefined): Promise<void> {
  await backend.put('market', {
    ...{ ...keys.place('body', bodyId), ...index.places('body', '', communityId ?? '', bodyId) },
    ...{
      entity: 'body',
      v: 1,
      bodyId,
      name: `${bodyId} 公司`,
      bodyKind: 'property',
      districtId: '371502',
      communityId,
    },
  })
}

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(MONDAY)
  backend = await startBackend()
  await aCommunity(backend)
  await Promise.all([
    aBody('property', COMMUNITY),
    aBody('owners', COMMUNITY),
    aBody('city', undefined),
    aBody('foreign', 'elsewhere'),
    giveRole(backend, 'plumber', 'body', 'property'),
    giveRole(backend, 'chairman', 'body', 'owners'),
    giveRole(backend, 'clerk', 'body', 'city'),
    // Works for the community and for the company: four eyes are hers to lose.
    giveRole(backend, 'both', 'worker', COMMUNITY),
    giveRole(backend, 'both', 'body', 'property'),
  ])
})
let minute = 0
beforeEach(async () => {
  // Later than roles are remembered.
  vi.setSystemTime(Date.parse(MONDAY) + minute++ * 60_000)
  compound = `c-${randomUUID().slice(0, 8)}`
  await aCompound(backend, compound)
  await Promise.all([
    settle(backend, 'reporter', compound, '101'),
    settle(backend, 'spouse', compound, '101'),
    settle(backend, 'neighbour', compound, '102'),
    settle(backend, 'third', compound, '103'),
    settle(backend, 'claimant', compound, '104', 'claimed'),
    ...['101', '102'].map((room) =>
      backend.put('market', {
        ...keys.household(compound, `${compound}.1.1.${room}`),
        ...{ entity: 'household', v: 1, householdId: `${compound}.1.1.${room}`, compoundId: compound },
        ...{ building: '1号楼', unit: '1单元', room },
      }),
    ),
  ])
})
afterEach(() => {
  calm()
  calm = () => {}
})
afterAll(async () => {
  vi.useRealTimers()
  await backend.stop()
})

const pass = (days: number) => vi.setSystemTime(Date.now() + days * DAY)
const run = () =>
  (tick as unknown as (event: unknown, context: unknown) => Promise<{ moved: number; failed: number }>)(
    {},
    lambdaContext(),
  )
const words = (change: object = {}) => ({
  ...{ compoundId: compound, channel: 'app', category: 'facility', where: '1号楼东侧' },
  ...{ text: '楼下路灯坏了，我妈昨晚摔了一跤。电话 13812345678', photoIds: [], sharesAddress: false },
  ...change,
})
const raise = (matterId: string, as = 'reporter', change: object = {}) =>
  call(handler, raiseMatter, { params: { matterId }, body: words(change), as })
const act = (matterId: string, as: string, body: object) =>
  call(handler, actOnMatter, { params: { matterId }, body, as })
async function done(matterId: string, as: string, body: object): Promise<MatterView> {
  const answer = await act(matterId, as, body)
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 })
  return answer.body as MatterView
}
const view = (matterId: string, as?: string) =>
  call(handler, getMatter, {
    params: { matterId },
    ...(as === undefined ? {} : { headers: { authorization: `Bearer ${as}` } }),
  })
const seen = async (matterId: string, as?: string) => (await view(matterId, as)).body as MatterView
const follow = (matterId: string, as: string, following = true) =>
  call(handler, followMatter, { params: { matterId }, body: { following }, as })
const rate = (matterId: string, as: string, body: object = {}) =>
  call(handler, rateMatter, { params: { matterId }, body: { answered: true, solved: true, score: 5, ...body }, as })

const acts = {
  triage: {
    ...{ act: 'triage', kind: 'help', visibility: 'public', title: '东侧路灯不亮', where: '1号楼东侧' },
    ...{ text: '楼下路灯坏了，晚上看不清路。', photoIds: [] },
  },
  assign: { act: 'assign', leadId: 'property', termDays: 5, helperIds: ['owners'] },
  accept: { act: 'accept' },
  answer: { act: 'answer', outcome: 'done', text: '灯已经换好。', photoIds: [] },
  verify: { act: 'verify', solved: true, note: '晚上看过，亮了。', photoIds: [] },
} as const

const later = (minutes: number) => vi.setSystemTime(Date.now() + minutes * 60_000)

async function upTo(state: 'triaged' | 'assigned' | 'handling' | 'answered' | 'verified'): Promise<string> {
  const matterId = randomUUID()
  expect((await raise(matterId)).status).toBe(200)
  await done(matterId, 'worker', acts.triage)
  if (state === 'triaged') return matterId
  await done(matterId, 'worker', acts.assign)
  if (state === 'assigned') return matterId
  await done(matterId, 'plumber', acts.accept)
  if (state === 'handling') return matterId
  await done(matterId, 'plumber', acts.answer)
  if (state === 'answered') return matterId
  await done(matterId, 'valuator', acts.verify)
  return matterId
}

const listOf = async (route: Parameters<typeof call>[1], query: Record<string, string>, as?: string) => {
  const answer = await call(handler, route, { query, ...(as === undefined ? {} : { as }) })
  return ((answer.body as { items?: MatterSummary[] }).items ?? []).map(({ matterId }) => matterId)
}
const figures = async () =>
  ((await call(handler, getMatterFigures, { query: { compoundId: compound } })).body as { items: object[] }).items

describe('from the first word to the rating', () => {
  it('is found at each step by whoever has to do the next one, and counted', async () => {
    const matterId = randomUUID()
    await raise(matterId)
    expect(await listOf(listOpenMatters, { communityId: COMMUNITY, limit: '100' }, 'worker')).toContain(matterId)
    expect(await listOf(listMyMatters, { which: 'raised' }, 'reporter')).toEqual([matterId])
    expect(await listOf(listMatters, { compoundId: compound })).toEqual([])
    await done(matterId, 'worker', acts.triage)
    expect(await listOf(listMatters, { compoundId: compound })).toEqual([matterId])
    expect(await listOf(listMattersOfBody, { bodyId: 'property' }, 'plumber')).not.toContain(matterId)
    await done(matterId, 'worker', acts.assign)
    expect(await listOf(listMattersOfBody, { bodyId: 'property', limit: '100' }, 'plumber')).toContain(matterId)
    expect(await listOf(listMattersOfBody, { bodyId: 'owners', limit: '100' }, 'chairman')).toContain(matterId)
    await done(matterId, 'plumber', acts.accept)
    await done(matterId, 'chairman', { act: 'report', text: '业委会已联系厂家。', photoIds: [] })
    await done(matterId, 'plumber', acts.answer)
    expect(await listOf(listMattersOfBody, { bodyId: 'property', limit: '100' }, 'plumber')).not.toContain(matterId)
    await done(matterId, 'valuator', acts.verify)
    expect((await follow(matterId, 'neighbour')).status).toBe(200)
    expect((await rate(matterId, 'reporter')).status).toBe(200)
    expect((await rate(matterId, 'neighbour', { solved: false, score: 2 })).status).toBe(200)
    expect((await seen(matterId)).ratings).toBeUndefined()
    pass(15)
    later(2)
    await run()
    const closed = await seen(matterId)
    expect(closed).toMatchObject({ state: 'closed', tookDays: 0, ratings: { count: 2, answered: 2, solved: 1 } })
    expect(closed.ratings?.scores).toEqual([0, 1, 0, 0, 1])
    expect(await listOf(listOpenMatters, { communityId: COMMUNITY, limit: '100' }, 'worker')).not.toContain(matterId)
    expect(await figures()).toEqual([
      expect.objectContaining({ month: '2026-12', raised: 0, solved: 1, ratings: closed.ratings }),
      expect.objectContaining({ month: '2026-11', raised: 1, solved: 0, overdue: 0 }),
    ])
    const score = await get(bodyQuarterItem, matterKeys.bodyQuarter(compound, '2026-q4', 'property'))
    expect(score).toMatchObject({
      assigned: 1,
      solved: 1,
      overdue: 0,
      ratings: 2,
      ratedSolved: 1,
      score5: 1,
      score2: 1,
    })
  })

  it('tells an event at each step, thin and once', async () => {
    const matterId = await upTo('verified')
    const events = (await backend.partition('market', matterKeys.event(compound, '2026-11-23', '').PK)).filter(
      (item) => item['matterId'] === matterId,
    )
    expect(events.map(({ state }) => state)).toEqual([
      ...['collected', 'triaged', 'assigned', 'handling', 'answered', 'verified'],
    ])
    for (const { PK: _pk, SK: _sk, entity: _entity, v: _v, ...event } of events) matterMovedV1.parse(event)
    expect(JSON.stringify(events)).not.toMatch(/路灯|reporter|13812345678/)
  })
})

describe('what is told to whom', () => {
  it('nobody but its reporter, and those who work on it, reads it before the branch has looked', async () => {
    const matterId = randomUUID()
    await raise(matterId)
    for (const as of [undefined, 'neighbour', 'spouse', 'plumber', 'stranger', 'coop'])
      expect((await view(matterId, as)).status, as).toBe(404)
    for (const as of ['reporter', 'worker', 'supervisor', 'admin'])
      expect((await seen(matterId, as)).original?.text, as).toContain('路灯坏了')
  })

  it('everybody reads the branch’s wording, and only who works on it the resident’s', async () => {
    const matterId = await upTo('assigned')
    for (const as of [undefined, 'neighbour', 'clerk', 'stranger']) {
      const shown = await view(matterId, as)
      expect(shown.body).toMatchObject({ title: '东侧路灯不亮', text: '楼下路灯坏了，晚上看不清路。' })
      expect(shown.text, as).not.toMatch(/13812345678|我妈|reporter|1单元/)
    }
    expect((await seen(matterId, 'plumber')).original?.text).toContain('13812345678')
  })

  it('the body is told the room only where the reporter wants it', async () => {
    const kept = await upTo('assigned')
    expect((await seen(kept, 'plumber')).original?.address).toBeUndefined()
    expect((await seen(kept, 'worker')).original?.address).toContain('101')
    const shared = randomUUID()
    await raise(shared, 'reporter', { sharesAddress: true })
    await done(shared, 'worker', acts.triage)
    await done(shared, 'worker', acts.assign)
    expect((await seen(shared, 'plumber')).original?.address).toContain('101')
  })

  it('a private matter is counted, and exists for nobody else; one that was public can be taken back', async () => {
    const matterId = await upTo('triaged')
    const { act: _act, kind: _kind, ...published } = acts.triage
    await done(matterId, 'worker', { act: 'redact', ...published, visibility: 'private' })
    expect((await view(matterId)).status).toBe(404)
    expect(await listOf(listMatters, { compoundId: compound })).toEqual([])
    expect((await view(matterId, 'reporter')).status).toBe(200)
    expect(await figures()).toEqual([expect.objectContaining({ raised: 1 })])
    await done(matterId, 'worker', { act: 'redact', ...published })
    expect(await listOf(listMatters, { compoundId: compound })).toEqual([matterId])
  })

  it('the branch cannot publish a telephone number', async () => {
    const matterId = randomUUID()
    await raise(matterId)
    const answer = await act(matterId, 'worker', { ...acts.triage, text: '请打 13812345678 联系报修人。' })
    expect(answer).toMatchObject({ status: 400, body: { fields: { text: expect.stringContaining('手机号') } } })
  })

  it('lists of others are closed', async () => {
    const ask = async (route: Parameters<typeof call>[1], query: Record<string, string>, as: string) =>
      (await call(handler, route, { query, as })).status
    expect(await ask(listOpenMatters, { communityId: COMMUNITY }, 'stranger')).toBe(403)
    expect(await ask(listOpenMatters, { communityId: COMMUNITY }, 'plumber')).toBe(403)
    expect(await ask(listOpenMatters, { communityId: COMMUNITY }, 'admin')).toBe(200)
    expect(await ask(listMattersOfBody, { bodyId: 'property' }, 'chairman')).toBe(403)
    expect(await ask(listMattersOfBody, { bodyId: 'property' }, 'worker')).toBe(403)
  })
})

describe('photos', () => {
  const send = async (as: string) => {
    const photoId = randomUUID()
    const body = { for: { kind: 'matter', compoundId: compound }, photo: base64(pngOf(40, 30)) }
    return { photoId, answer: await call(photosHandler, putPhoto, { params: { photoId }, body, as }) }
  }
  const look = async (matterId: string, photoId: string, as?: string) =>
    (
      await call(handler, getMatterPhoto, {
        params: { matterId, photoId },
        ...(as === undefined ? {} : { headers: { authorization: `Bearer ${as}` } }),
      })
    ).status

  it('are public once the branch has chosen them, and gone from the page when it takes them back', async () => {
    const [one, two] = [await send('reporter'), await send('reporter')]
    expect(one.answer.status).toBe(200)
    const matterId = randomUUID()
    expect((await raise(matterId, 'reporter', { photoIds: [one.photoId, two.photoId] })).status).toBe(200)
    expect(await look(matterId, one.photoId)).toBe(404)
    expect(await look(matterId, one.photoId, 'worker')).toBe(200)
    await done(matterId, 'worker', { ...acts.triage, photoIds: [one.photoId] })
    expect([await look(matterId, one.photoId), await look(matterId, two.photoId)]).toEqual([200, 404])
    expect(await look(matterId, two.photoId, 'reporter')).toBe(200)
    const { act: _act, kind: _kind, ...published } = acts.triage
    await done(matterId, 'worker', { act: 'redact', ...published })
    expect(await look(matterId, one.photoId)).toBe(404)
    expect(await look(matterId, one.photoId, 'reporter')).toBe(200)
  })

  it('belong to who sent them, and to one matter', async () => {
    const { photoId } = await send('neighbour')
    const matterId = randomUUID()
    expect(await raise(matterId, 'reporter', { photoIds: [photoId] })).toMatchObject({
      status: 422,
      body: { code: 'UNKNOWN_PHOTO' },
    })
    expect((await view(matterId, 'worker')).status).toBe(404)
    const theirs = randomUUID()
    expect((await raise(theirs, 'neighbour', { photoIds: [photoId] })).status).toBe(200)
    expect((await raise(randomUUID(), 'neighbour', { photoIds: [photoId] })).status).toBe(422)
    expect(await look(matterId, photoId, 'worker')).toBe(404)
  })

  it('of the work come with the act, and show when the branch has looked', async () => {
    const matterId = await upTo('handling')
    const { photoId } = await send('plumber')
    await done(matterId, 'plumber', { ...acts.answer, photoIds: [photoId] })
    expect(await look(matterId, photoId)).toBe(404)
    expect((await seen(matterId)).answer?.photoIds).toEqual([])
    const mine = await send('valuator')
    await done(matterId, 'valuator', { ...acts.verify, photoIds: [mine.photoId] })
    expect(await look(matterId, mine.photoId)).toBe(200)
    expect((await seen(matterId)).verification?.photoIds).toEqual([mine.photoId])
  })

  it('are taken from nobody who has nothing to do with the compound', async () => {
    for (const as of ['stranger', 'payer', 'nobody']) expect((await send(as)).answer.status, as).toBe(404)
    for (const as of ['claimant', 'worker', 'plumber']) expect((await send(as)).answer.status, as).toBe(200)
  })
})

describe('raising', () => {
  it('is one matter however often it is sent', async () => {
    const matterId = randomUUID()
    const answers = await Promise.all(Array.from({ length: 6 }, () => raise(matterId)))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 200))
    expect((await seen(matterId, 'worker')).history).toHaveLength(1)
    expect(await figures()).toEqual([expect.objectContaining({ raised: 1 })])
    expect(await raise(matterId, 'reporter', { where: '别处' })).toMatchObject({ body: { code: 'MATTER_ID_REUSED' } })
    expect(await raise(matterId, 'neighbour')).toMatchObject({ body: { code: 'MATTER_ID_REUSED' } })
  })

  it('is for who lives there, by their own word too', async () => {
    expect((await raise(randomUUID(), 'claimant')).status).toBe(200)
    expect((await raise(randomUUID(), 'plumber')).status).toBe(403)
    expect((await raise(randomUUID(), 'stranger')).status).toBe(403)
    expect((await raise(randomUUID(), 'reporter', { compoundId: 'c-none' })).status).toBe(404)
    expect((await raise(randomUUID(), 'reporter', { channel: 'phone' })).status).toBe(403)
  })

  it('by a worker for a household is that household’s', async () => {
    const matterId = randomUUID()
    // Somebody who has lived in one place only.
    await settle(backend, 'lodger', compound, '102')
    const filed = { channel: 'phone', householdId: `${compound}.1.1.102` }
    expect((await raise(matterId, 'worker', filed)).status).toBe(200)
    expect(await listOf(listMyMatters, { which: 'raised' }, 'lodger')).toEqual([matterId])
    expect((await seen(matterId, 'lodger')).mine).toBe(true)
    expect(await raise(randomUUID(), 'worker', { ...filed, householdId: `${compound}.9.9.9` })).toMatchObject({
      body: { code: 'UNKNOWN_HOUSEHOLD' },
    })
    // The clerk who wrote it down may sort it out: it is not theirs.
    await done(matterId, 'worker', acts.triage)
    await done(matterId, 'worker', acts.assign)
    await done(matterId, 'plumber', acts.answer)
    await done(matterId, 'valuator', acts.verify)
    // Called back by somebody who neither filed it nor looked at it.
    expect((await rate(matterId, 'worker')).status).toBe(403)
    expect((await rate(matterId, 'valuator')).status).toBe(403)
    expect((await rate(matterId, 'executor', { score: 3 })).status).toBe(200)
    expect((await rate(matterId, 'plumber')).status).toBe(403)
    expect((await rate(matterId, 'both')).status).toBe(403)
    expect((await seen(matterId, 'lodger')).myRating).toMatchObject({ score: 3 })
    // What the household says itself stands.
    expect((await rate(matterId, 'lodger', { solved: false, score: 1 })).status).toBe(200)
    expect(await rate(matterId, 'executor', { score: 5 })).toMatchObject({ status: 409, body: { code: 'NOT_NOW' } })
    pass(16)
    await run()
    expect(await seen(matterId)).toMatchObject({ state: 'unsolved', ratings: { count: 1, scores: [1, 0, 0, 0, 0] } })
  })

  it('ends for the day after ten', async () => {
    for (let n = 0; n < 10; n++) expect((await raise(randomUUID(), 'third')).status).toBe(200)
    expect(await raise(randomUUID(), 'third')).toMatchObject({ status: 409, body: { code: 'TOO_MANY_MATTERS' } })
    pass(1)
    expect((await raise(randomUUID(), 'third')).status).toBe(200)
  })

  it.each([
    ['no words', { text: '' }, 'text'],
    ['words that are markup', { text: '<script>alert(1)</script>' }, 'text'],
    ['no place', { where: ' ' }, 'where'],
    ['five photos', { photoIds: Array.from({ length: 5 }, () => randomUUID()) }, 'photoIds'],
    ['a category that is none', { category: 'other things' }, 'category'],
  ])('with %s is refused and names the field', async (_name, change, field) => {
    const answer = await raise(randomUUID(), 'reporter', change)
    expect(answer.status).toBe(400)
    expect(Object.keys((answer.body as { fields: object }).fields)).toContain(field)
  })
})

describe('four eyes, through the door', () => {
  it('who works for the company too neither looks whether it did its work nor ends it', async () => {
    const matterId = await upTo('answered')
    expect(await act(matterId, 'both', acts.verify)).toMatchObject({ status: 409, body: { code: 'FOUR_EYES' } })
    expect(await act(matterId, 'both', { act: 'send-back', note: '没修好' })).toMatchObject({
      body: { code: 'FOUR_EYES' },
    })
    expect((await seen(matterId, 'both')).mayDo).not.toContain('verify')
    await done(matterId, 'worker', acts.verify)
  })

  it('another body has no part in it, and an administrator looks only', async () => {
    const matterId = await upTo('handling')
    expect((await act(matterId, 'clerk', acts.answer)).status).toBe(403)
    expect((await act(matterId, 'admin', acts.answer)).status).toBe(403)
    expect((await act(matterId, 'chairman', acts.answer)).status).toBe(403)
    expect((await act(matterId, 'neighbour', { act: 'withdraw' })).status).toBe(403)
  })

  it('a body of another community is none here', async () => {
    const matterId = await upTo('triaged')
    expect(await act(matterId, 'worker', { ...acts.assign, leadId: 'foreign' })).toMatchObject({
      status: 422,
      body: { code: 'UNKNOWN_BODY', fields: { leadId: expect.any(String) } },
    })
    const answer = await call(placesHandler, listBodies, { query: { communityId: COMMUNITY } })
    const items = (answer.body as { items: { bodyId: string }[] }).items
    expect(items.map(({ bodyId }) => bodyId).sort()).toEqual(['city', 'owners', 'property'])
  })
})

describe('the clock', () => {
  it('says each thing once, however often and however late it ticks', async () => {
    const matterId = await upTo('handling')
    pass(40)
    await Promise.all([run(), run(), run()])
    await run()
    const system = (await seen(matterId, 'worker')).history.filter(({ actor }) => actor === 'system')
    expect(system.map(({ act: name }) => name)).toEqual(['overdue', 'overtime'])
    expect(await seen(matterId)).toMatchObject({ escalated: true, dueAt: '2026-11-30T16:00:00.000Z' })
    const months = await figures()
    // Of the month in which it was due, though it is said in another one.
    expect(months).toContainEqual(expect.objectContaining({ month: '2026-11', overdue: 1 }))
    const score = await get(bodyQuarterItem, matterKeys.bodyQuarter(compound, '2026-q4', 'property'))
    expect(score).toMatchObject({ overdue: 1, assigned: 1 })
  })

  it('counts each step that it took, side by side', async () => {
    await run()
    // Of one shard, so that they are taken at the same time.
    const ids = Array.from({ length: 6 }, () => `00${randomUUID().slice(2)}`)
    for (const matterId of ids) expect((await raise(matterId)).status).toBe(200)
    pass(3)
    expect(await run()).toEqual({ moved: 6, failed: 0 })
  })

  it('goes on where it died: after the write, before it, in the middle of many', async () => {
    const ids = [await upTo('handling'), await upTo('handling'), await upTo('handling')]
    pass(8)
    let count = 0
    calm = disturb({
      after: () => {
        if (count++ === 1) throw new Error('the process is gone')
      },
    })
    await run()
    calm()
    await run()
    expect(await run()).toEqual({ moved: 0, failed: 0 })
    for (const matterId of ids) {
      const system = (await seen(matterId, 'worker')).history.filter(({ actor }) => actor === 'system')
      expect(system.map(({ act: name }) => name)).toEqual(['overdue'])
    }
  })

  it('has nothing to do with what has ended', async () => {
    const matterId = await upTo('handling')
    await done(matterId, 'reporter', { act: 'withdraw' })
    const due = await backend.partition('market', matterKeys.due(matterId).PK)
    expect(due.map(({ SK }) => SK).filter((sk) => !String(sk).startsWith('STEP#'))).toEqual([
      ...[matterKeys.matter(matterId).SK, matterKeys.public(matterId).SK, matterKeys.reporter(matterId).SK],
    ])
    expect(matterIndex.due(dueShard(matterId), '', matterId).GSI1PK).toMatch(/^MATTERS#DUE#[0-7]$/)
  })
})

describe('followers', () => {
  it('count once each, while it is open', async () => {
    const matterId = await upTo('triaged')
    const answers = await Promise.all([1, 2, 3].map(() => follow(matterId, 'neighbour')))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(await seen(matterId, 'neighbour')).toMatchObject({ followers: 1, following: true })
    expect(await listOf(listMyMatters, { which: 'followed' }, 'neighbour')).toContain(matterId)
    await follow(matterId, 'third')
    await follow(matterId, 'neighbour', false)
    await follow(matterId, 'neighbour', false)
    expect(await seen(matterId, 'neighbour')).toMatchObject({ followers: 1, following: false })
    expect(await follow(matterId, 'claimant')).toMatchObject({ status: 409, body: { code: 'NOT_VERIFIED' } })
    await follow(matterId, 'third', false)
    await done(matterId, 'reporter', { act: 'withdraw' })
    expect(await follow(matterId, 'neighbour')).toMatchObject({ status: 409, body: { code: 'NOT_NOW' } })
  })

  it('keep what is theirs too: who raised it withdraws it only while nobody follows', async () => {
    const matterId = await upTo('handling')
    await follow(matterId, 'neighbour')
    expect((await seen(matterId, 'reporter')).mayDo).not.toContain('withdraw')
    expect(await act(matterId, 'reporter', { act: 'withdraw' })).toMatchObject({
      ...{ status: 409, body: { code: 'FOLLOWED' } },
    })
    expect((await seen(matterId)).state).toBe('handling')
    await follow(matterId, 'neighbour', false)
    await done(matterId, 'reporter', { act: 'withdraw' })
  })

  it('are not overtaken: one who comes in the same moment keeps it, and one who comes a moment later finds it gone', async () => {
    const [kept, gone] = [await upTo('triaged'), await upTo('triaged')]
    const before = (text: string, then: () => Promise<unknown>) => {
      let once = true
      calm = disturb({
        before: async ({ input }) => {
          if (!once || !JSON.stringify(input).includes(text)) return
          once = false
          await then()
        },
      })
    }
    before('withdrawn', () => follow(kept, 'neighbour'))
    expect(await act(kept, 'reporter', { act: 'withdraw' })).toMatchObject({ body: { code: 'FOLLOWED' } })
    calm()
    expect(await seen(kept, 'neighbour')).toMatchObject({ state: 'triaged', followers: 1, following: true })
    before('matterFollowing', () => done(gone, 'reporter', { act: 'withdraw' }))
    expect(await follow(gone, 'neighbour')).toMatchObject({ status: 409, body: { code: 'NOT_NOW' } })
    calm()
    expect(await seen(gone, 'worker')).toMatchObject({ state: 'withdrawn', followers: 0 })
  })

  it('go with a matter that is merged, and so does who raised it', async () => {
    const into = await upTo('triaged')
    const from = randomUUID()
    await raise(from, 'third', { text: '路灯不亮，孩子害怕。' })
    await done(from, 'worker', acts.triage)
    await follow(from, 'neighbour')
    await done(from, 'worker', { act: 'merge', into })
    expect(await seen(from)).toMatchObject({ state: 'merged', mergedInto: into })
    expect(await seen(into, 'neighbour')).toMatchObject({ followers: 2, following: true, mergedFrom: 1 })
    expect(await seen(into, 'third')).toMatchObject({ mine: true })
    // Whoever raised the one may say of the other that it is not solved.
    await done(into, 'worker', acts.assign)
    await done(into, 'plumber', acts.answer)
    await done(into, 'valuator', acts.verify)
    expect((await rate(into, 'third', { solved: false, score: 1 })).status).toBe(200)
    expect((await rate(into, 'neighbour')).status).toBe(200)
    pass(16)
    await run()
    expect(await seen(into)).toMatchObject({ state: 'unsolved', ratings: { count: 2, solved: 1 } })
    expect((await act(into, 'reporter', { act: 'withdraw' })).status).toBe(409)
  })

  it('cannot be lost between two: a merging and a following at the same moment', async () => {
    const [into, from] = [await upTo('triaged'), await upTo('triaged')]
    let once = true
    calm = disturb({
      before: async ({ input }) => {
        if (!once || !JSON.stringify(input).includes('take-in')) return
        once = false
        await follow(from, 'neighbour')
      },
    })
    await done(from, 'worker', { act: 'merge', into })
    expect(once).toBe(false)
    expect(await seen(into, 'neighbour')).toMatchObject({ followers: 2, following: true })
  })

  it('a matter of another compound, or itself, takes nothing in', async () => {
    const [matterId, away] = [await upTo('triaged'), randomUUID()]
    const other = `c-${randomUUID().slice(0, 8)}`
    await aCompound(backend, other)
    await settle(backend, 'far', other, '1')
    await raise(away, 'far', { compoundId: other })
    await done(away, 'worker', acts.triage)
    for (const into of [away, matterId, randomUUID()])
      expect(await act(matterId, 'worker', { act: 'merge', into })).toMatchObject({ body: { code: 'UNKNOWN_MATTER' } })
  })
})

describe('ratings', () => {
  it('are one for each household, and the reporter’s stays the reporter’s', async () => {
    const matterId = await upTo('verified')
    await follow(matterId, 'spouse')
    expect((await rate(matterId, 'reporter', { solved: false, score: 1 })).status).toBe(200)
    expect((await rate(matterId, 'spouse', { solved: false, score: 2 })).status).toBe(200)
    expect((await rate(matterId, 'third')).status).toBe(403)
    expect((await rate(matterId, 'claimant')).body).toMatchObject({ code: 'NOT_VERIFIED' })
    pass(16)
    await run()
    expect(await seen(matterId)).toMatchObject({ state: 'unsolved', ratings: { count: 1, scores: [0, 1, 0, 0, 0] } })
  })

  it('are over when the time is over, whatever clock somebody has', async () => {
    const matterId = await upTo('verified')
    pass(15)
    expect(await rate(matterId, 'reporter')).toMatchObject({ status: 409, body: { code: 'NOT_NOW' } })
    // A slow clock: the matter's own item knows better once it is closed.
    later(5)
    await run()
    vi.setSystemTime(MONDAY)
    expect((await rate(matterId, 'reporter')).status).toBe(409)
  })

  it('of before a reopening were about other work', async () => {
    const matterId = await upTo('verified')
    await rate(matterId, 'reporter', { solved: false, score: 1 })
    later(10)
    await done(matterId, 'reporter', { act: 'reopen', note: '第二天又不亮了' })
    expect(await seen(matterId)).toMatchObject({ state: 'handling', reopened: 1 })
    later(10)
    await done(matterId, 'plumber', { ...acts.answer, text: '换了镇流器。' })
    await done(matterId, 'valuator', { ...acts.verify, note: '又看了一次，亮了。' })
    pass(16)
    await run()
    expect(await seen(matterId)).toMatchObject({ state: 'closed', ratings: { count: 0 } })
    expect(await figures()).toContainEqual(expect.objectContaining({ reopened: 1 }))
  })
})

describe('whose words are whose', () => {
  it('whoever raised one that was merged reads the branch’s words of the other, and not its resident’s', async () => {
    const into = await upTo('assigned')
    const from = randomUUID()
    await raise(from, 'third', { text: '路灯不亮，孩子害怕。' })
    await done(from, 'worker', { act: 'merge', into })
    const shown = await view(into, 'third')
    expect(shown).toMatchObject({ status: 200, body: { mine: true } })
    expect((shown.body as MatterView).original).toBeUndefined()
    expect(shown.text).not.toMatch(/13812345678|我妈|1单元/)
    // What they add is for those who work on it, and not for the other resident.
    await done(into, 'third', { act: 'add', text: '我家电话 13987654321，打我。', photoIds: [] })
    expect((await seen(into, 'plumber')).original?.more).toHaveLength(1)
    expect((await seen(into, 'reporter')).original?.more).toEqual([])
    const { act: _act, kind: _kind, ...published } = acts.triage
    await done(into, 'worker', { act: 'redact', ...published, visibility: 'private' })
    expect(await seen(into, 'third')).toMatchObject({ text: acts.triage.text, mine: true })
  })

  it('who moves in later has no part in what was filed for those before them', async () => {
    const matterId = randomUUID()
    await raise(matterId, 'worker', { channel: 'phone', householdId: `${compound}.1.1.102` })
    later(60)
    const home = keys.membership(personId(ISSUER, 'tenant'), 'resident', `${compound}.1.1.102`)
    await settle(backend, 'tenant', compound, '102')
    const rows = await backend.partition('market', home.PK)
    const row = rows.find(({ SK }) => SK === home.SK)
    await backend.put('market', { ...row, claimedAt: new Date().toISOString() })
    later(1)
    expect((await view(matterId, 'tenant')).status).toBe(404)
    expect(await listOf(listMyMatters, { which: 'raised' }, 'tenant')).toEqual([])
    expect((await act(matterId, 'tenant', { act: 'withdraw' })).status).toBe(404)
  })

  it('the branch takes words of a body off the page; who works on it reads them all the same', async () => {
    const matterId = await upTo('handling')
    await done(matterId, 'plumber', { act: 'report', text: '已联系101室的王女士，她行动不便。', photoIds: [] })
    await done(matterId, 'plumber', { act: 'extend', note: '王女士住院，要等她回来。', days: 2 })
    expect((await view(matterId)).text).toContain('王女士')
    const { act: _act, kind: _kind, ...published } = acts.triage
    await done(matterId, 'worker', { act: 'redact', ...published, withheld: [5, 6] })
    const shown = await view(matterId)
    expect(shown.text).not.toContain('王女士')
    expect((shown.body as MatterView).reports).toMatchObject([{ step: 5, text: '（这段话没有公开）' }])
    expect((await seen(matterId, 'plumber')).reports[0]?.text).toContain('王女士')
    expect((await seen(matterId, 'worker')).withheld).toEqual([5, 6])
    // Another wording that says nothing of them leaves them withheld.
    await done(matterId, 'worker', { act: 'redact', ...published, title: '东侧的灯不亮' })
    expect((await view(matterId)).text).not.toContain('王女士')
  })

  it('a matter that is private by now is on no list of who followed it', async () => {
    const matterId = await upTo('triaged')
    await follow(matterId, 'neighbour')
    const { act: _act, kind: _kind, ...published } = acts.triage
    await done(matterId, 'worker', { act: 'redact', ...published, visibility: 'private' })
    expect(await listOf(listMyMatters, { which: 'followed', limit: '100' }, 'neighbour')).not.toContain(matterId)
  })

  it('one photo is not chosen twice, and no ticket’s matter taken beforehand', async () => {
    const photoId = randomUUID()
    expect(await raise(randomUUID(), 'reporter', { photoIds: [photoId, photoId] })).toMatchObject({
      status: 400,
      body: { fields: { photoIds: '同一张照片选了两次' } },
    })
    const ticketId = matterIdOfTicket(`LC-${compound}-7`)
    expect(await raise(ticketId)).toMatchObject({ body: { code: 'MATTER_ID_REUSED' } })
  })

  it('who stops following on the page of a merged matter is counted off where they count', async () => {
    const [into, from] = [await upTo('triaged'), await upTo('triaged')]
    await follow(from, 'neighbour')
    await done(from, 'worker', { act: 'merge', into })
    expect(await seen(into)).toMatchObject({ followers: 2 })
    expect((await follow(from, 'neighbour', false)).status).toBe(200)
    expect(await seen(into, 'neighbour')).toMatchObject({ followers: 1, following: false })
  })
})

describe('who is quicker than the clock', () => {
  it('escapes no deadline: what it has to say comes before the answer, of the month in which it was due', async () => {
    const matterId = await upTo('handling')
    vi.setSystemTime('2026-12-04T02:00:00.000Z')
    const answered = await done(matterId, 'plumber', acts.answer)
    expect(answered.history.map(({ act: name }) => name)).toEqual([
      ...['raise', 'triage', 'assign', 'accept', 'overdue', 'answer'],
    ])
    await run()
    expect(await figures()).toEqual([expect.objectContaining({ month: '2026-11', overdue: 1 })])
    const score = await get(bodyQuarterItem, matterKeys.bodyQuarter(compound, '2026-q4', 'property'))
    expect(score).toMatchObject({ overdue: 1 })
  })

  it('a rating by a slow clock is of the round that it was given in', async () => {
    const matterId = await upTo('answered')
    await done(matterId, 'valuator', acts.verify)
    vi.setSystemTime(Date.now() - 5_000)
    expect((await rate(matterId, 'reporter', { solved: false, score: 1 })).status).toBe(200)
    pass(16)
    await run()
    expect(await seen(matterId)).toMatchObject({ state: 'unsolved', ratings: { count: 1 } })
  })

  it('of a round before nothing is shown as if it were said of this one', async () => {
    const matterId = await upTo('verified')
    await rate(matterId, 'reporter', { solved: false, score: 1 })
    await done(matterId, 'reporter', { act: 'reopen', note: '又坏了' })
    await done(matterId, 'plumber', { ...acts.answer, text: '再换一次。' })
    await done(matterId, 'valuator', { ...acts.verify, note: '亮了。' })
    expect((await seen(matterId, 'reporter')).myRating).toBeUndefined()
  })

  it('whoever is confirmed between two ratings has given one', async () => {
    await settle(backend, 'newly', compound, '105', 'claimed')
    const matterId = randomUUID()
    await raise(matterId, 'newly')
    await done(matterId, 'worker', acts.triage)
    await done(matterId, 'worker', acts.assign)
    await done(matterId, 'plumber', acts.answer)
    await done(matterId, 'valuator', acts.verify)
    expect((await rate(matterId, 'newly', { solved: false, score: 1 })).status).toBe(200)
    await settle(backend, 'newly', compound, '105')
    expect((await rate(matterId, 'newly', { score: 4 })).status).toBe(200)
    pass(16)
    await run()
    expect(await seen(matterId)).toMatchObject({ state: 'closed', ratings: { count: 1, scores: [0, 0, 0, 1, 0] } })
  })
})

describe('the board of the branch', () => {
  const board = async (query: Record<string, string>) => {
    const answer = await call(handler, listOpenMatters, { query: { communityId: COMMUNITY, ...query }, as: 'worker' })
    return answer as { status: number; body: { items: MatterSummary[]; nextCursor?: string } }
  }

  it('of some compounds is read on until theirs are found, and says so when there is more', async () => {
    const away = `c-${randomUUID().slice(0, 8)}`
    await aCompound(backend, away)
    // Twelve of another compound, all due before the two of this one.
    const told = { compoundId: away, channel: 'phone' }
    for (let n = 0; n < 12; n++) expect((await raise(randomUUID(), 'worker', told)).status).toBe(200)
    pass(1)
    const own = [randomUUID(), randomUUID()]
    for (const matterId of own) expect((await raise(matterId)).status).toBe(200)
    const all = await board({ limit: '100', compoundIds: `c-none,${compound}` })
    expect(all.body.items.map(({ matterId }) => matterId).sort()).toEqual(own.toSorted())
    expect(all.body.nextCursor).toBeUndefined()
    expect((await board({ limit: '100', compoundIds: `${away},${compound}` })).body.items).toHaveLength(14)
    // A page that was read as far as one goes has none of them, and is not the last.
    const found: string[] = []
    const pages: number[] = []
    let cursor: string | undefined
    do {
      const { body } = await board({ limit: '1', compoundIds: compound, ...(cursor === undefined ? {} : { cursor }) })
      expect(body.items.length).toBeLessThanOrEqual(1)
      pages.push(body.items.length)
      found.push(...body.items.map(({ matterId }) => matterId))
      cursor = body.nextCursor
    } while (cursor !== undefined)
    expect(found.toSorted()).toEqual(own.toSorted())
    expect(pages[0]).toBe(0)
    // Ten are read for each page, not one.
    let waiting = 0
    do {
      const { body } = await board({ limit: '100', ...(cursor === undefined ? {} : { cursor }) })
      waiting += body.items.length
      cursor = body.nextCursor
    } while (cursor !== undefined)
    expect(pages.length).toBeLessThanOrEqual(Math.ceil(waiting / 10) + 2)
    for (const compoundIds of ['', 'A', 'a,,b', `${'c-1,'.repeat(2_000)}c-1`])
      expect((await board({ compoundIds })).status).toBe(400)
  })
})

describe('many at once', () => {
  it('two bodies’ words, ten workers’ verdicts: each step follows the one before it', async () => {
    const matterId = await upTo('answered')
    const answers = await Promise.all(
      ['worker', 'valuator', 'executor', 'worker', 'valuator'].map((as) => act(matterId, as, acts.verify)),
    )
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(1)
    expect(statuses.every((status) => status === 200 || status === 409)).toBe(true)
    const history = (await seen(matterId, 'worker')).history.filter(({ act: name }) => name === 'verify')
    expect(history).toHaveLength(1)
  })

  it('an act whose answer was lost is taken once', async () => {
    const matterId = await upTo('handling')
    let lost = true
    calm = disturb({
      after: () => {
        if (!lost) return
        lost = false
        throw Object.assign(new Error('timeout'), { name: 'TimeoutError' })
      },
    })
    await act(matterId, 'plumber', acts.answer)
    calm()
    expect(
      (await done(matterId, 'plumber', acts.answer)).history.filter(({ act: name }) => name === 'answer'),
    ).toHaveLength(1)
  })
})

const told = async (sub: string, matterId: string) =>
  (await backend.partition('market', keys.notice(`PERSON#${personId(ISSUER, sub)}`, '').PK))
    .filter((item) => item['matterId'] === matterId)
    .map(({ kind, news }) => `${String(kind)} ${String(news)}`)

describe('who is told', () => {
  it('who raised it of each turn, the body of what it has to do, the supervisor of what was brought to them', async () => {
    const matterId = await upTo('answered')
    await done(matterId, 'worker', { act: 'send-back', note: '还是不亮。' })
    pass(20)
    await run()
    expect(await told('reporter', matterId)).toEqual(
      ['triage', 'assign', 'answer', 'send-back', 'overdue'].map((news) => `matter-moved ${news}`),
    )
    expect(await told('plumber', matterId)).toEqual(
      ['assign', 'send-back', 'overdue'].map((news) => `matter-waits ${news}`),
    )
    expect(await told('supervisor', matterId)).toEqual(['matter-waits escalate'])
    expect(await told('chairman', matterId)).toEqual([])
    expect(await told('neighbour', matterId)).toEqual([])
  })

  it('who is of a body now, however many have left it since', async () => {
    const bodyId = `crowded-${compound}`
    await aBody(bodyId, COMMUNITY)
    const named = (kind: string, count: number) => Array.from({ length: count }, (_, n) => `${kind}-${100 + n}`)
    const gone = { toAt: '2026-11-01T00:00:00.000Z' }
    // They come first in the list of its members, and again between.
    await Promise.all([
      ...named('a-gone', 60).map((sub) => giveRole(backend, sub, 'body', bodyId, gone)),
      ...named('b-here', 15).map((sub) => giveRole(backend, sub, 'body', bodyId)),
      ...named('c-gone', 30).map((sub) => giveRole(backend, sub, 'body', bodyId, gone)),
      ...named('d-here', 15).map((sub) => giveRole(backend, sub, 'body', bodyId)),
    ])
    const matterId = await upTo('triaged')
    await done(matterId, 'worker', { ...acts.assign, leadId: bodyId })
    const of = async (subs: readonly string[]) =>
      (await Promise.all(subs.map((sub) => told(sub, matterId)))).filter((each) => each.length > 0).length
    // Twenty are told; all of them find it in their inbox.
    expect(await of(named('b-here', 15))).toBe(15)
    expect(await of(named('d-here', 15))).toBe(5)
    expect(await of([...named('a-gone', 60), ...named('c-gone', 30)])).toBe(0)
  })

  it('the household, where a worker filed it', async () => {
    const matterId = randomUUID()
    await raise(matterId, 'worker', { channel: 'visit', householdId: `${compound}.1.1.102` })
    await done(matterId, 'worker', acts.triage)
    const inbox = await backend.partition('market', keys.notice(`HOUSEHOLD#${compound}.1.1.102`, '').PK)
    expect(inbox).toMatchObject([{ kind: 'matter-moved', news: 'triage', matterId, matterTitle: '东侧路灯不亮' }])
  })
})

describe('the hotline 12345', () => {
  const ticket = (change: object = {}) => ({
    ...{
      kind: 'ticket',
      ticketNumber: `LC-${compound}-1`,
      compoundId: compound,
      receivedAt: '2026-11-20T02:00:00.000Z',
    },
    ...{ category: 'noise', where: '2号楼楼下', text: '夜里十二点还在施工，睡不着。' },
    ...change,
  })
  const send = async (rows: readonly unknown[], as = 'worker', communityId = COMMUNITY) => {
    const answer = await call(handler, importHotline, { body: { communityId, rows }, as })
    return {
      status: answer.status,
      results: (answer.body as { results: { outcome: string; matterId?: string }[] }).results,
    }
  }

  it('brings tickets in once, however often the file is sent and how many send it', async () => {
    const rows = [ticket(), ticket({ ticketNumber: `LC-${compound}-2` })]
    const all = await Promise.all([send(rows), send(rows), send(rows)])
    expect(all.map(({ status }) => status)).toEqual([200, 200, 200])
    const outcomes = all.flatMap(({ results }) => results.map(({ outcome }) => outcome)).sort()
    expect(outcomes).toEqual(['created', 'created', 'unchanged', 'unchanged', 'unchanged', 'unchanged'])
    expect(await figures()).toEqual([expect.objectContaining({ raised: 2, hotline: 2 })])
    const matterId = all[0]?.results[0]?.matterId ?? ''
    expect(await seen(matterId, 'worker')).toMatchObject({
      ...{ state: 'collected', channel: 'hotline-12345', ticketNumber: `LC-${compound}-1`.toUpperCase() },
      dueAt: '2026-11-24T16:00:00.000Z',
    })
    expect((await view(matterId)).status).toBe(404)
    // A clerk's case of letters makes no second matter.
    expect((await send([ticket({ ticketNumber: `lc-${compound}-1` })])).results).toMatchObject([
      { outcome: 'unchanged' },
    ])
  })

  it('keeps one bad row to itself', async () => {
    const { status, results } = await send([
      ticket(),
      ticket({ ticketNumber: '一号' }),
      ticket({ compoundId: 'c-none' }),
      {},
      ticket({ text: '内容改过了，不是原来那句。' }),
    ])
    expect(status).toBe(200)
    expect(results).toMatchObject([
      { row: 0, outcome: expect.stringMatching(/created|refused/) },
      { row: 1, outcome: 'invalid', fields: { ticketNumber: expect.any(String) } },
      { row: 2, outcome: 'refused', code: 'UNKNOWN_COMPOUND' },
      { row: 3, outcome: 'invalid' },
      { row: 4, outcome: expect.stringMatching(/created|refused/) },
    ])
    // Two rows of one ticket: one of them is the matter.
    expect(results.filter(({ outcome }) => outcome === 'created')).toHaveLength(1)
  })

  it('keeps the number of a month where there are no tickets', async () => {
    const count = (n: number) => [{ kind: 'count', compoundId: compound, month: '2026-10', count: n }]
    expect((await send(count(7))).results).toMatchObject([{ outcome: 'created' }])
    expect((await send(count(7))).results).toMatchObject([{ outcome: 'unchanged' }])
    expect((await send(count(9))).results).toMatchObject([{ outcome: 'updated' }])
    expect(await figures()).toEqual([expect.objectContaining({ month: '2026-10', hotline: 9, raised: 0 })])
  })

  it('is its own workers’, and goes the way of every matter', async () => {
    expect((await send([ticket()], 'stranger')).status).toBe(403)
    expect((await send([ticket()], 'worker', 'elsewhere')).status).toBe(403)
    const { results } = await send([ticket()])
    const matterId = results[0]?.matterId ?? ''
    await done(matterId, 'worker', acts.triage)
    await done(matterId, 'worker', acts.assign)
    await done(matterId, 'plumber', acts.answer)
    await done(matterId, 'valuator', acts.verify)
    // Called back by somebody of the branch.
    expect((await rate(matterId, 'executor', { score: 4 })).status).toBe(200)
    expect((await seen(matterId)).ticketNumber).toBeUndefined()
  })
})

describe('what needs money', () => {
  it('goes on as a proposal of the same compound', async () => {
    const matterId = await upTo('handling')
    const proposalId = randomUUID()
    expect(await act(matterId, 'worker', { act: 'link-proposal', proposalId })).toMatchObject({
      body: { code: 'UNKNOWN_PROPOSAL' },
    })
    await backend.put('market', {
      ...governanceKeys.proposal(proposalId),
      ...{
        entity: 'proposal',
        v: 1,
        proposalId,
        compoundId: compound,
        compoundName: '示例小区',
        communityId: COMMUNITY,
      },
      ...{ steps: 1, authorId: 'x|y', state: 'triaged', title: '换路灯', purpose: 'facilities', costFen: 1 },
      ...{ submittedAt: MONDAY, triaged: true, suspended: false },
    })
    // One that has ended is nobody's way on.
    const ended = randomUUID()
    await backend.put('market', {
      ...governanceKeys.proposal(ended),
      ...{ entity: 'proposal', v: 1, proposalId: ended, compoundId: compound, compoundName: '示例小区' },
      ...{ communityId: COMMUNITY, steps: 1, authorId: 'x|y', state: 'withdrawn', title: '换路灯' },
      ...{ purpose: 'facilities', costFen: 1, submittedAt: MONDAY, triaged: true, suspended: false },
    })
    expect(await act(matterId, 'worker', { act: 'link-proposal', proposalId: ended })).toMatchObject({
      body: { code: 'UNKNOWN_PROPOSAL' },
    })
    await done(matterId, 'worker', { act: 'link-proposal', proposalId })
    expect(await seen(matterId)).toMatchObject({ state: 'proposed', proposalId })
    expect(await listOf(listMatters, { proposalId })).toEqual([matterId])
    const { act: _act, kind: _kind, ...published } = acts.triage
    await done(matterId, 'worker', { act: 'redact', ...published, visibility: 'private' })
    expect(await listOf(listMatters, { proposalId })).toEqual([])
    const both = { compoundId: compound, proposalId }
    expect((await call(handler, listMatters, { query: both })).status).toBe(400)
    expect((await call(handler, listMatters, { query: {} })).status).toBe(400)
    expect(await figures()).toContainEqual(expect.objectContaining({ proposed: 1 }))
  })
})

describe('what went on as a proposal that came to nothing', () => {
  async function taken(): Promise<string> {
    const proposalId = randomUUID()
    const body = {
      ...{ compoundId: compound, title: '东门换新路灯', purpose: 'facilities' },
      why: '东门两盏路灯都坏了，晚上老人不敢走，想换成新的。',
      lines: [{ what: '路灯和安装', amountFen: 150_000 }],
    }
    const sent = await call(governanceHandler, propose, { params: { proposalId }, body, as: 'neighbour' })
    expect(sent.status, JSON.stringify(sent.body)).toBe(200)
    await onProposal(proposalId, 'worker', { act: 'triage' })
    return proposalId
  }
  async function onProposal(proposalId: string, as: string, body: object): Promise<void> {
    const answer = await call(governanceHandler, actOnProposal, { params: { proposalId }, body, as })
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  }
  const withdraw = (proposalId: string) => onProposal(proposalId, 'neighbour', { act: 'withdraw' })
  const link = (matterId: string, proposalId: string) => done(matterId, 'worker', { act: 'link-proposal', proposalId })
  const marks = async (proposalId: string) =>
    (await backend.partition('market', governanceKeys.inVain(proposalId).PK)).length
  const linked = async (proposalId: string) =>
    (await backend.partition('market', matterKeys.linked(proposalId, '').PK)).map(({ SK }) => String(SK)).sort()
  const acted = async (matterId: string) => (await seen(matterId, 'worker')).history.map(({ act: name }) => name)
  const { act: _act, kind: _kind, ...published } = acts.triage

  it('comes back by itself, public or not: to its body, on the boards, told and counted', async () => {
    const [handled, hidden, proposalId] = [await upTo('handling'), await upTo('triaged'), await taken()]
    await follow(handled, 'third')
    await done(hidden, 'worker', { act: 'redact', ...published, visibility: 'private' })
    await link(handled, proposalId)
    await link(hidden, proposalId)
    expect(await linked(proposalId)).toEqual([handled, hidden].sort())
    expect(await listOf(listMattersOfBody, { bodyId: 'property', limit: '100' }, 'plumber')).not.toContain(handled)
    expect(await figures()).toEqual([expect.objectContaining({ proposed: 2 })])
    // Given back to its author it has not ended, however long that is.
    await onProposal(proposalId, 'worker', { act: 'return', note: '请写清楚换几盏' })
    pass(10)
    await run()
    expect(await seen(handled)).toMatchObject({ state: 'proposed', proposalId })
    expect(await marks(proposalId)).toBe(0)
    await withdraw(proposalId)
    expect(await marks(proposalId)).toBe(1)
    expect(await run()).toMatchObject({ failed: 0 })
    expect(await seen(handled, 'third')).toMatchObject({
      ...{ state: 'handling', dueAt: '2026-12-10T16:00:00.000Z', followers: 1, following: true },
      cameBack: { proposalId, proposalEnded: true },
    })
    expect((await seen(handled)).proposalId).toBeUndefined()
    expect(await seen(hidden, 'worker')).toMatchObject({ state: 'triaged', dueAt: '2026-12-04T16:00:00.000Z' })
    expect([await marks(proposalId), await linked(proposalId)]).toEqual([0, []])
    expect(await listOf(listMatters, { proposalId })).toEqual([])
    const board = await listOf(listOpenMatters, { communityId: COMMUNITY, limit: '100' }, 'worker')
    expect(board).toEqual(expect.arrayContaining([handled, hidden]))
    expect(await listOf(listMattersOfBody, { bodyId: 'property', limit: '100' }, 'plumber')).toContain(handled)
    expect(await figures()).toEqual([expect.objectContaining({ month: '2026-11', proposed: 0 })])
    // It left the body, and is given to it anew.
    const score = await get(bodyQuarterItem, matterKeys.bodyQuarter(compound, '2026-q4', 'property'))
    expect(score).toMatchObject({ assigned: 2, left: 1, overdue: 0, reopened: 0 })
    expect((await told('reporter', handled)).slice(-2)).toEqual([
      'matter-moved link-proposal',
      'matter-moved come-back',
    ])
    expect((await told('plumber', handled)).at(-1)).toBe('matter-waits come-back')
    // Its term runs as any does.
    pass(8)
    await run()
    expect((await acted(handled)).slice(-2)).toEqual(['come-back', 'overdue'])
  })

  it('comes back once: three clocks, killed after each write, and run again', async () => {
    const proposalId = await taken()
    const ids = [await upTo('triaged'), await upTo('triaged'), await upTo('triaged')]
    for (const matterId of ids) await link(matterId, proposalId)
    await withdraw(proposalId)
    for (const dies of [0, 1]) {
      let count = 0
      calm = disturb({
        after: ({ input }) => {
          const text = JSON.stringify(input)
          if ((text.includes('come-back') || text.includes('IN-VAIN')) && count++ >= dies)
            throw new Error('the process is gone')
        },
      })
      await run()
      calm()
    }
    await Promise.all([run(), run(), run()])
    expect(await run()).toEqual({ moved: 0, failed: 0 })
    for (const matterId of ids) expect(await acted(matterId)).toEqual(['raise', 'triage', 'link-proposal', 'come-back'])
    expect([await marks(proposalId), await linked(proposalId)]).toEqual([0, []])
    expect(await figures()).toEqual([expect.objectContaining({ proposed: 0 })])
  })

  it('comes back though another one cannot, and that one when it can', async () => {
    const proposalId = await taken()
    const [first, second] = [await upTo('triaged'), await upTo('triaged')].sort()
    await link(first ?? '', proposalId)
    await link(second ?? '', proposalId)
    await withdraw(proposalId)
    calm = disturb({
      before: ({ input }) => {
        const text = JSON.stringify(input)
        if (text.includes('come-back') && text.includes(`MATTERS#MATTER#${first}`)) throw new Error('not now')
      },
    })
    expect(await run()).toEqual({ moved: 1, failed: 1 })
    calm()
    expect([(await seen(first ?? '')).state, (await seen(second ?? '')).state]).toEqual(['proposed', 'triaged'])
    expect(await marks(proposalId)).toBe(1)
    expect(await run()).toEqual({ moved: 1, failed: 0 })
    expect(await marks(proposalId)).toBe(0)
  })

  it('comes back page by page, all of many', async () => {
    const proposalId = await taken()
    const ids = Array.from({ length: 27 }, () => randomUUID())
    await Promise.all(
      ids.map(async (matterId) => {
        await raise(matterId, 'worker', { channel: 'phone' })
        await done(matterId, 'valuator', acts.triage)
        await done(matterId, 'valuator', { act: 'link-proposal', proposalId })
      }),
    )
    await withdraw(proposalId)
    expect(await run()).toMatchObject({ moved: 27, failed: 0 })
    expect([await marks(proposalId), await linked(proposalId)]).toEqual([0, []])
  })

  it('is not linked to a proposal that ends in the very same moment, and comes back where it was a moment before', async () => {
    const [late, proposalId] = [await upTo('triaged'), await taken()]
    const early = await upTo('triaged')
    await link(early, proposalId)
    let once = true
    calm = disturb({
      before: async ({ input }) => {
        if (!once || !JSON.stringify(input).includes('link-proposal')) return
        once = false
        await withdraw(proposalId)
        await run()
      },
    })
    expect(await act(late, 'worker', { act: 'link-proposal', proposalId })).toMatchObject({
      ...{ status: 422, body: { code: 'UNKNOWN_PROPOSAL', fields: { proposalId: expect.any(String) } } },
    })
    expect(once).toBe(false)
    expect([(await seen(late)).state, (await seen(early)).state]).toEqual(['triaged', 'triaged'])
    expect(await linked(proposalId)).toEqual([])
  })

  it('is taken back by who raised it, where the proposal is not about it; that proposal’s end changes nothing more', async () => {
    const [matterId, proposalId] = [await upTo('handling'), await taken()]
    await link(matterId, proposalId)
    expect((await seen(matterId, 'reporter')).mayDo).toContain('reopen')
    expect((await seen(matterId, 'third')).mayDo).not.toContain('reopen')
    const back = await done(matterId, 'reporter', { act: 'reopen', note: '那件提案是东门的，不是我家楼下的。' })
    expect(back).toMatchObject({ state: 'handling', cameBack: { proposalId, proposalEnded: false } })
    expect(await figures()).toEqual([expect.objectContaining({ proposed: 0, reopened: 0 })])
    expect(await linked(proposalId)).toEqual([])
    await withdraw(proposalId)
    await run()
    expect(await seen(matterId)).toMatchObject({ state: 'handling', dueAt: back.dueAt })
    expect(await marks(proposalId)).toBe(0)
  })
})
