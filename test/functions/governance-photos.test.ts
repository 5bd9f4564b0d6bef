import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { handler } from '#functions/governance/index.ts'
import { handler as photosHandler } from '#functions/photos/index.ts'
import { stepWrites } from '#functions/platform/proposal-record.ts'
import { photoItem } from '#functions/platform/table/items/photos.ts'
import { photoKeys } from '#functions/platform/table/photo-keys.ts'
import { get, transact } from '#functions/platform/table/table.ts'
import { actOnProposal, getProjectPhoto, getProposal, type ProposalView } from '#shared/contracts/governance.ts'
import { getPhoto, putPhoto } from '#shared/contracts/photos.ts'
import { photosUntil } from '#shared/domain/governance/photos.ts'
import { foldSteps } from '#shared/domain/governance/proposal.ts'
import { personId } from '#shared/kernel/ids.ts'
import { DAY_MS, instant, shanghaiDay, toMs, type Instant } from '#shared/kernel/time.ts'
import { content, person, Story } from '../domain/governance-story.ts'
import { ISSUER, startBackend, type Backend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { base64, pngOf } from '../fixtures/pictures.ts'
import { aCommunity, aCompound, COMMUNITY, settle } from './governance-people.ts'

vi.mock('#functions/platform/token.ts', () => ({
  personOfToken: async (token: string) => personId(ISSUER, token),
}))

/** Goal: neighbours see the receipts of a project themselves; what nobody has looked at, or was taken back, nobody else sees. */
let backend: Backend
const compound = 'c-photos'
let begunAt: Instant

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  backend = await startBackend()
  await aCommunity(backend)
  await aCompound(backend, compound)
  await settle(backend, 'neighbour', compound, '101')
  begunAt = begunStory().now
})
beforeEach(() => void vi.setSystemTime(begunAt))
afterAll(async () => {
  vi.useRealTimers()
  await backend.stop()
})

const executor = { ...person('executor', 'worker'), personId: personId(ISSUER, 'executor') }
function begunStory(purpose: 'facilities' | 'hardship' = 'facilities'): Story {
  const story = new Story(undefined, undefined, { ...content, purpose }).decided()
  story.tick()
  return story.does(executor, { act: 'start' })
}

/** A project whose work has begun, as the table holds it after all its steps. */
async function begun(purpose: 'facilities' | 'hardship' = 'facilities'): Promise<string> {
  const proposalId = randomUUID()
  const places = { proposalId, compoundId: compound, compoundName: '示例小区', communityId: COMMUNITY }
  const { steps } = begunStory(purpose).proposal
  for (const at of steps.keys()) await transact(stepWrites(places, foldSteps(steps.slice(0, at + 1)), false, undefined))
  return proposalId
}

async function send(as: string, proposalId: string, photo = base64(pngOf(40, 30))) {
  const photoId = randomUUID()
  const body = { for: { kind: 'project', proposalId }, photo }
  return { photoId, answer: await call(photosHandler, putPhoto, { params: { photoId }, body, as }) }
}
async function sent(as: string, proposalId: string): Promise<string> {
  const { photoId, answer } = await send(as, proposalId)
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 })
  return photoId
}
const bearer = (as: string | undefined) => (as === undefined ? {} : { headers: { authorization: `Bearer ${as}` } })
const file = (proposalId: string, photoId: string, as?: string) =>
  call(handler, getProjectPhoto, { params: { proposalId, photoId }, ...bearer(as) })
const look = async (proposalId: string, photoId: string, as?: string) => (await file(proposalId, photoId, as)).status
const seen = async (proposalId: string, as?: string) =>
  (await call(handler, getProposal, { params: { proposalId }, ...bearer(as) })).body as ProposalView
const act = (proposalId: string, as: string, body: object) =>
  call(handler, actOnProposal, { params: { proposalId }, body, as })
async function done(proposalId: string, as: string, body: object): Promise<void> {
  const answer = await act(proposalId, as, body)
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 })
}
const finish = (photoIds: readonly string[], number = `R${randomUUID().slice(0, 8)}`) => ({
  ...{ act: 'finish', text: '扶手装好了，请验收。', photoIds },
  receipts: [{ from: '鑫源五金', number, amountFen: 40_000, issuedOn: shanghaiDay(instant(Date.now())) }],
})
const show = (photoId: string, coveredId?: string) => ({
  ...{ act: 'show-photo', photoId, looked: true },
  ...(coveredId === undefined ? {} : { coveredId }),
})
const withhold = (photoId: string) => ({ act: 'withhold-photo', photoId, reason: 'face' })
const code = (status: number, expected: string) => ({ status, body: { code: expected } })

/** Finished by the executor, with one photo. */
async function finished(purpose: 'facilities' | 'hardship' = 'facilities') {
  const proposalId = await begun(purpose)
  const photoId = await sent('executor', proposalId)
  await done(proposalId, 'executor', finish([photoId]))
  return { proposalId, photoId }
}

describe('photos of a project', () => {
  it('are taken in from who works on it, and from nobody else', async () => {
    const proposalId = await begun()
    for (const as of ['worker', 'chair', 'supervisor', 'executor'])
      expect((await send(as, proposalId)).answer.status, as).toBe(200)
    for (const as of ['neighbour', 'stranger', 'strange-member', 'payer', 'admin', 'nobody'])
      expect((await send(as, proposalId)).answer.status, as).toBe(404)
    expect((await send('worker', randomUUID())).answer.status).toBe(404)
  })

  it('are handed in by who sent them, for this project, and while they are there', async () => {
    const [proposalId, other] = [await begun(), await begun()]
    const refusal = { ...code(422, 'UNKNOWN_PHOTO'), body: { fields: { photoIds: expect.any(String) } } }
    const theirs = await sent('worker', proposalId)
    const elsewhere = await sent('executor', other)
    const mine = await sent('executor', proposalId)
    for (const photoId of [theirs, elsewhere, randomUUID()])
      expect(await act(proposalId, 'executor', finish([mine, photoId]))).toMatchObject(refusal)
    vi.setSystemTime(toMs(begunAt) + DAY_MS + 1_000)
    expect(await act(proposalId, 'executor', finish([mine]))).toMatchObject(refusal)
    expect((await seen(proposalId, 'worker')).state).toBe('executing')
    vi.setSystemTime(begunAt)
    // A receipt that is another project's is still told as that.
    await done(other, 'executor', finish([elsewhere], 'R-4711'))
    expect(await act(proposalId, 'executor', finish([mine], 'R-4711'))).toMatchObject(code(409, 'RECEIPT_USED'))
    await done(proposalId, 'executor', finish([mine]))
    expect(await look(other, mine, 'worker')).toBe(404)
    expect(await look(proposalId, mine, 'worker')).toBe(200)
  })

  it('are handed in once, however often it is sent, and kept for ten years', async () => {
    const proposalId = await begun()
    const photoId = await sent('executor', proposalId)
    const body = finish([photoId])
    await done(proposalId, 'executor', body)
    const steps = (await seen(proposalId)).history.length
    await done(proposalId, 'executor', body)
    expect((await seen(proposalId)).history).toHaveLength(steps)
    const kept = await get(photoItem, photoKeys.photo(photoId), { table: 'PHOTOS_TABLE' })
    expect(new Date((kept?.expiresAtSeconds ?? 0) * 1_000).toISOString().slice(0, 10)).toBe('2036-11-16')
  })

  it('are seen by who oversees it, and before somebody shows them by nobody else', async () => {
    const { proposalId, photoId } = await finished()
    for (const as of ['executor', 'worker', 'chair', 'supervisor', 'payer', 'admin']) {
      expect(await look(proposalId, photoId, as), as).toBe(200)
      expect((await seen(proposalId, as)).photosSent, as).toEqual([{ photoId, withheld: false }])
    }
    for (const as of [undefined, 'neighbour', 'stranger', 'strange-member']) {
      expect(await look(proposalId, photoId, as), as).toBe(404)
      const view = await seen(proposalId, as)
      expect(view.photoIds).toEqual([])
      expect(JSON.stringify(view), as).not.toContain(photoId)
    }
    // No door beside it either.
    expect((await call(photosHandler, getPhoto, { params: { photoId } })).status).toBe(404)
  })

  it('are public once another one has looked, and gone at once when they are withheld', async () => {
    const { proposalId, photoId } = await finished()
    expect(await act(proposalId, 'executor', show(photoId))).toMatchObject(code(409, 'FOUR_EYES'))
    expect((await act(proposalId, 'neighbour', show(photoId))).status).toBe(403)
    await done(proposalId, 'worker', show(photoId))
    const shown = await file(proposalId, photoId)
    expect(shown).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } })
    expect((await seen(proposalId)).photoIds).toEqual([photoId])
    await done(proposalId, 'supervisor', withhold(photoId))
    expect(await look(proposalId, photoId)).toBe(404)
    const view = await seen(proposalId)
    expect(view.photoIds).toEqual([])
    expect(view.history.at(-1)).toMatchObject({ act: 'withhold-photo', actor: 'supervisor', withheldFor: 'face' })
    expect(JSON.stringify(view)).not.toContain(photoId)
    expect(await look(proposalId, photoId, 'chair')).toBe(200)
    expect((await seen(proposalId, 'chair')).photosSent).toEqual([{ photoId, withheld: true }])
    // The press that showed it, sent once more by a slow line.
    expect(await act(proposalId, 'worker', show(photoId))).toMatchObject(code(409, 'PHOTO_WITHHELD'))
    expect(await look(proposalId, photoId)).toBe(404)
  })

  it('are shown as a covered copy, sent by who shows it; the original stays with who oversees it', async () => {
    const { proposalId, photoId } = await finished()
    const notTheirs = await sent('executor', proposalId)
    expect(await act(proposalId, 'worker', show(photoId, notTheirs))).toMatchObject({
      ...code(422, 'UNKNOWN_PHOTO'),
      body: { fields: { coveredId: expect.any(String) } },
    })
    const coveredId = await sent('worker', proposalId)
    expect(await look(proposalId, coveredId)).toBe(404)
    await done(proposalId, 'worker', show(photoId, coveredId))
    await done(proposalId, 'worker', show(photoId, coveredId))
    expect([await look(proposalId, coveredId), await look(proposalId, photoId)]).toEqual([200, 404])
    const view = await seen(proposalId)
    expect(view.photoIds).toEqual([coveredId])
    expect(view.history.filter((line) => line.act === 'show-photo')).toHaveLength(1)
    expect(JSON.stringify(view)).not.toContain(photoId)
    expect((await seen(proposalId, 'chair')).photosSent).toEqual([{ photoId, shownAs: coveredId, withheld: false }])
    expect(await look(proposalId, photoId, 'chair')).toBe(200)
  })

  it('are shown once when two look at the same moment', async () => {
    const { proposalId, photoId } = await finished()
    const answers = await Promise.all(
      ['worker', 'supervisor', 'valuator'].map((as) => act(proposalId, as, show(photoId))),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await seen(proposalId)).history.filter((line) => line.act === 'show-photo')).toHaveLength(1)
  })

  it('of aid to a household are for who oversees it alone', async () => {
    const { proposalId, photoId } = await finished('hardship')
    for (const as of ['worker', 'supervisor']) {
      expect(await act(proposalId, as, show(photoId))).toMatchObject(code(422, 'PHOTO_NEVER_PUBLIC'))
      expect((await seen(proposalId, as)).mayDo).not.toContain('show-photo')
    }
    for (const as of [undefined, 'neighbour']) expect(await look(proposalId, photoId, as)).toBe(404)
    for (const as of ['worker', 'chair', 'payer', 'admin']) expect(await look(proposalId, photoId, as), as).toBe(200)
  })

  it('of work that was given back are gone from the page with it', async () => {
    const { proposalId, photoId } = await finished()
    await done(proposalId, 'worker', show(photoId))
    await done(proposalId, 'supervisor', { act: 'refuse', note: '少一张票据' })
    expect(await look(proposalId, photoId)).toBe(404)
    expect((await seen(proposalId)).photoIds).toEqual([])
    expect(await look(proposalId, photoId, 'supervisor')).toBe(200)
  })

  it('are gone for everybody when their time is over', async () => {
    const { proposalId, photoId } = await finished()
    await done(proposalId, 'worker', show(photoId))
    vi.setSystemTime(toMs(photosUntil(begunAt)) + 1_000)
    expect([await look(proposalId, photoId), await look(proposalId, photoId, 'worker')]).toEqual([404, 404])
    // Nor does the page promise what is not there.
    expect((await seen(proposalId)).photoIds).toEqual([])
  })
})
