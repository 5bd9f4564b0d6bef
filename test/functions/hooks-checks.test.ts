import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  addCheck,
  CHECK_SECONDS_MAX,
  CHECKS_A_SCOPE_MAX,
  type CheckScope,
  type CheckView,
  listChecks,
  listQuestions,
  QUESTIONS_KEPT_DAYS,
  type QuestionView,
  removeCheck,
  rotateCheckKeys,
  tryCheck,
  turnCheck,
} from '#shared/contracts/hooks-checks.ts'
import { hookPayloadSchema } from '#shared/contracts/hooks-events.ts'
import { listEventTypes } from '#shared/contracts/hooks.ts'
import type { Route } from '#shared/contracts/route.ts'
import { handler as hooks } from '#functions/hooks/index.ts'
import { handler as onNightly } from '#functions/hooks/on-nightly.ts'
import { forgetCaller } from '#functions/platform/caller.ts'
import { checksAround, checksInForce } from '#functions/platform/check-record.ts'
import { instant } from '#shared/kernel/time.ts'
import { type Backend, ISSUER, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { hang, type Receiver, startReceiver, status } from '../fixtures/hook-receiver.ts'
import { aCoopMember, anAdmin, aResident, aWorker } from '../fixtures/market.ts'
import { tick } from '../fixtures/ordering.ts'
import { twoPlaces } from './hooks-table.ts'

/** Goal: an administrator sets up who is asked before a payment, and tries it; nobody else does, or learns of it. */
let backend: Backend
let receiver: Receiver
const people = ['admin-1', 'worker-1', 'coop-1', 'resident-1', 'nobody']
const names = vi.hoisted(() => new Map<string, string[]>())
vi.mock('#functions/platform/outgoing/resolve.ts', () => ({
  resolveHost: async (host: string): Promise<readonly string[]> => names.get(host) ?? [],
}))

beforeAll(async () => {
  backend = await startBackend({ HOOKS_TO_THIS_MACHINE: '1' })
  receiver = await startReceiver()
})
afterAll(async () => {
  await receiver.stop()
  await backend.stop()
})
beforeEach(async () => {
  await backend.empty()
  receiver.reset()
  names.clear()
  await twoPlaces(backend)
  await anAdmin(backend, 'admin-1')
  await aWorker(backend, 'worker-1', 'community-1')
  await aCoopMember(backend, 'coop-1', 'coop-1')
  await aResident(backend, 'resident-1')
  for (const person of people) forgetCaller(`${ISSUER}|${person}`)
})
afterEach(() => vi.useRealTimers())

const later = (ms: number) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms })
  for (const person of people) forgetCaller(`${ISSUER}|${person}`)
}
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const ask = (route: Route, checkId: string, body?: unknown, as = 'admin-1') =>
  call(hooks, route, { params: { checkId }, ...(body === undefined ? {} : { body }), as })
const community: CheckScope = { kind: 'community', id: 'community-1' }
const wanted = (more: object = {}) => ({
  ...{ name: '民政核验', url: receiver.url, scope: { kind: 'district' }, seconds: 2 },
  ...more,
})
async function added(more: object = {}): Promise<{ checkId: string; secret: string; check: CheckView }> {
  const checkId = randomUUID()
  const answer = await ask(addCheck, checkId, wanted(more))
  expect(answer, answer.text).toMatchObject({ status: 200 })
  return { checkId, ...(answer.body as { secret: string; check: CheckView }) }
}
const listed = async () => {
  const { body } = await call(hooks, listChecks, { as: 'admin-1' })
  return (body as { items: CheckView[] }).items
}
const questions = async (checkId: string) => {
  const { body } = await ask(listQuestions, checkId)
  return (body as { items: QuestionView[] }).items
}
const inForce = async (communityId: string) =>
  (await checksInForce(communityId)).checks.map(({ check }) => check.checkId)
const yes = (response: ServerResponse, { body }: { body: string }) => {
  const { questionId, proposalId, amountFen } = (JSON.parse(body) as { data: Record<string, unknown> }).data
  response.writeHead(200).end(JSON.stringify({ allow: true, questionId, proposalId, amountFen }))
}

describe('a check', () => {
  it('is an administrator’s affair alone', async () => {
    const { checkId } = await added()
    const asked: readonly (readonly [Route, unknown])[] = [
      [addCheck, wanted()],
      [turnCheck, { state: 'on' }],
      [rotateCheckKeys, { old: 'stop' }],
      [tryCheck, {}],
      [listQuestions, undefined],
      [removeCheck, undefined],
    ]
    for (const as of people.filter((person) => person !== 'admin-1')) {
      expect((await call(hooks, listChecks, { as })).status).toBe(403)
      for (const [route, body] of asked) expect((await ask(route, checkId, body, as)).status, route.name).toBe(403)
    }
    expect((await listed()).map(({ state }) => state)).toEqual(['off'])
  })

  it('is off until it is switched on, and its secret is told once', async () => {
    const { checkId, secret, check } = await added()
    expect(check).toMatchObject({ state: 'off', name: '民政核验', scopeName: '全区', seconds: 2 })
    expect(secret).toMatch(/^whsec_/)
    expect(await inForce('community-1')).toEqual([])
    const again = await ask(addCheck, checkId, wanted())
    expect(again).toMatchObject({ status: 200, body: { check } })
    expect(again.text).not.toContain('whsec_')
    expect(await ask(addCheck, checkId, wanted({ seconds: 3 }))).toMatchObject({ body: { code: 'CHECK_ID_REUSED' } })
    expect((await ask(turnCheck, checkId, { state: 'on' })).body).toMatchObject({ state: 'on' })
    expect(await inForce('community-1')).toEqual([checkId])
    const { text } = await call(hooks, listChecks, { as: 'admin-1' })
    expect(text).not.toMatch(/whsec_|whsk_|admin-1/)
  })

  it('is for the district, or for one community', async () => {
    const whole = await added()
    const one = await added({ scope: community })
    for (const { checkId } of [whole, one]) await ask(turnCheck, checkId, { state: 'on' })
    expect(await inForce('community-1')).toEqual([whole.checkId, one.checkId])
    expect(await inForce('community-2')).toEqual([whole.checkId])
    expect(await ask(addCheck, randomUUID(), wanted({ scope: { kind: 'community', id: 'nowhere' } }))).toMatchObject({
      status: 422,
      body: { code: 'UNKNOWN_SCOPE' },
    })
    const compound = { kind: 'compound', id: 'c-1' }
    expect((await ask(addCheck, randomUUID(), wanted({ scope: compound }))).status).toBe(400)
  })

  it('is one of three in its scope, however many are added at once', async () => {
    const all = await Promise.all(
      Array.from({ length: CHECKS_A_SCOPE_MAX + 3 }, () => ask(addCheck, randomUUID(), wanted())),
    )
    expect(all.filter((answer) => answer.status === 200).length).toBeLessThanOrEqual(CHECKS_A_SCOPE_MAX)
    while ((await listed()).length < CHECKS_A_SCOPE_MAX) await added()
    expect(await ask(addCheck, randomUUID(), wanted())).toMatchObject({
      status: 409,
      body: { code: 'TOO_MANY_CHECKS' },
    })
    // Each scope has its own.
    await added({ scope: community })
    await ask(removeCheck, (await listed()).find(({ scope }) => scope.kind === 'district')?.checkId ?? '')
    await added()
  })

  it('leads to the open internet, and waits some seconds', async () => {
    names.set('inside.test', ['10.0.0.1'])
    for (const [url, code] of [
      ['https://example.com/', 'HOOK_ADDRESS_UNKNOWN'],
      ['http://example.com/', 'HOOK_URL_REFUSED'],
      ['https://10.0.0.1/', 'HOOK_ADDRESS_REFUSED'],
      ['https://inside.test/', 'HOOK_ADDRESS_REFUSED'],
      ['ftp://x', 'HOOK_URL_REFUSED'],
    ]) {
      expect(await ask(addCheck, randomUUID(), wanted({ url })), url).toMatchObject({ status: 422, body: { code } })
    }
    for (const seconds of [0, 1.5, CHECK_SECONDS_MAX + 1]) {
      expect((await ask(addCheck, randomUUID(), wanted({ seconds }))).status).toBe(400)
    }
    expect(await listed()).toEqual([])
  })

  it('is switched by two at once as by one, and the check and its scope never disagree', async () => {
    const { checkId } = await added()
    const other = await added()
    await Promise.all([
      ...Array.from({ length: 4 }, (_none, n) => ask(turnCheck, checkId, { state: n % 2 === 0 ? 'on' : 'off' })),
      ask(turnCheck, other.checkId, { state: 'on' }),
    ])
    const on = (await listed()).filter(({ state }) => state === 'on').map((check) => check.checkId)
    expect([...(await inForce('community-1'))].sort()).toEqual([...on].sort())
    // What is kept of the past says the same once nothing happens any more.
    later(DAY)
    expect([...(await checksAround('community-1', instant(Date.now())))].sort()).toEqual([...on].sort())
  })

  it('that is removed is asked no more, has no keys, and leaves when it was on', async () => {
    const { checkId } = await added()
    await ask(turnCheck, checkId, { state: 'on' })
    const wasOn = instant(Date.now() + 30 * MINUTE)
    later(60 * MINUTE)
    expect((await ask(removeCheck, checkId)).status).toBe(200)
    expect(await inForce('community-1')).toEqual([])
    expect(await listed()).toEqual([])
    for (const [route, body] of [
      [turnCheck, { state: 'on' }],
      [tryCheck, {}],
      [listQuestions, undefined],
      [rotateCheckKeys, { old: 'stop' }],
      [removeCheck, undefined],
    ] as const) {
      expect((await ask(route, checkId, body)).status, route.name).toBe(404)
    }
    expect((await backend.scan('market')).filter(({ entity }) => entity === 'checkKeys')).toEqual([])
    await tick(onNightly)
    expect((await backend.scan('market')).filter(({ entity }) => entity === 'check')).toEqual([])
    expect(await checksAround('community-1', wasOn)).toEqual([checkId])
    later(60 * MINUTE)
    expect(await checksAround('community-1', instant(Date.now()))).toEqual([])
  })

  it('keeps who switched it or removed it, in its changes and in the log, and tells nobody', async () => {
    await anAdmin(backend, 'admin-2')
    const { checkId } = await added()
    const lines: string[] = []
    vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0)
    await ask(turnCheck, checkId, { state: 'on' }, 'admin-2')
    await ask(turnCheck, checkId, { state: 'off' })
    await ask(turnCheck, checkId, { state: 'on' }, 'admin-2')
    await ask(removeCheck, checkId)
    vi.restoreAllMocks()
    const changes = (await backend.scan('market')).filter(({ entity }) => entity === 'checkChange')
    const inOrder = changes.toSorted((left, right) => (String(left['SK']) < String(right['SK']) ? -1 : 1))
    const [one, two] = [`${ISSUER}|admin-1`, `${ISSUER}|admin-2`]
    expect(inOrder.map(({ on, changedBy }) => [on, changedBy])).toEqual([
      [[checkId], two],
      [[], one],
      [[checkId], two],
      [[], one],
    ])
    const told = lines.flatMap((line) => (/check (switched|removed)/.test(line) ? [JSON.parse(line) as object] : []))
    expect(told).toMatchObject([
      { message: 'check switched', checkId, state: 'on', personId: two },
      { message: 'check switched', checkId, state: 'off', personId: one },
      { message: 'check switched', checkId, state: 'on', personId: two },
      { message: 'check removed', checkId, personId: one },
    ])
  })

  it('whose changes were kept before they named anybody is read all the same', async () => {
    const { checkId } = await added()
    await ask(turnCheck, checkId, { state: 'on' })
    const [item] = (await backend.scan('market')).filter(({ entity }) => entity === 'checkChange')
    const { changedBy: _by, ...before } = item ?? {}
    await backend.put('market', before)
    later(DAY)
    expect(await checksAround('community-1', instant(Date.now()))).toEqual([checkId])
  })

  it('that one machine switched on and another, whose clock is slow, off again was off from then on', async () => {
    const { checkId } = await added()
    later(60 * MINUTE)
    await ask(turnCheck, checkId, { state: 'on' })
    later(-5 * MINUTE)
    await ask(turnCheck, checkId, { state: 'off' })
    later(DAY)
    expect(await checksAround('community-1', instant(Date.now()))).toEqual([])
  })

  it('changes its keys: both sign for a day, or the new one alone', async () => {
    const { checkId, secret } = await added()
    receiver.always(yes)
    const rotated = await ask(rotateCheckKeys, checkId, { old: 'sign-along' })
    const fresh = (rotated.body as { secret: string }).secret
    expect((rotated.body as { check: CheckView }).check.publicKeys).toHaveLength(2)
    expect(await ask(rotateCheckKeys, checkId, { old: 'sign-along' })).toMatchObject({
      body: { code: 'KEYS_CHANGING' },
    })
    await ask(tryCheck, checkId, {})
    const verify = (key: string) => {
      const last = receiver.received.at(-1)
      return new Webhook(key).verify(last?.body ?? '', last?.headers as Record<string, string>)
    }
    for (const key of [secret, fresh]) expect(verify(key)).toMatchObject({ type: 'disbursement.check.v1' })
    const last = ((await ask(rotateCheckKeys, checkId, { old: 'stop' })).body as { secret: string }).secret
    later(MINUTE)
    await ask(tryCheck, checkId, {})
    expect(verify(last)).toMatchObject({ type: 'disbursement.check.v1' })
    for (const key of [secret, fresh]) expect(() => verify(key)).toThrow()
    expect((await listed())[0]?.publicKeys).toHaveLength(1)
  })
})

describe('a try', () => {
  it('asks as before a payment, says that it is a test, and is kept; while the check is off, too', async () => {
    const { checkId, secret } = await added()
    receiver.always(yes)
    const tried = await ask(tryCheck, checkId, {})
    expect(tried).toMatchObject({ status: 200, body: { outcome: 'allowed', test: true, amountFen: 1, status: 200 } })
    const [asked] = receiver.received
    const told = new Webhook(secret).verify(asked?.body ?? '', asked?.headers as Record<string, string>)
    expect(hookPayloadSchema('disbursement.check.v1').parse(told)).toMatchObject({ data: { checkId, test: true } })
    expect(await questions(checkId)).toEqual([tried.body])
    expect(tried.text).not.toContain('admin-1')
    expect(await ask(tryCheck, checkId, {})).toMatchObject({ status: 409, body: { code: 'JUST_TESTED' } })
    expect(receiver.received).toHaveLength(1)
  })

  it('shows what would be closed', async () => {
    const { checkId } = await added({ seconds: 1 })
    for (const [behave, expected] of [
      [hang, { outcome: 'time-out' }],
      [status(500), { outcome: 'status', status: 500 }],
      [status(200, {}, '{"allow":true}'), { outcome: 'not-an-answer', status: 200 }],
    ] as const) {
      receiver.always(behave as Parameters<Receiver['always']>[0])
      expect((await ask(tryCheck, checkId, {})).body).toMatchObject(expected)
      later(MINUTE)
    }
    expect(await questions(checkId)).toHaveLength(3)
  })
})

describe('questions', () => {
  it('are kept for thirty days, and gone by the night after', async () => {
    const { checkId } = await added()
    receiver.always(yes)
    await ask(tryCheck, checkId, {})
    later((QUESTIONS_KEPT_DAYS - 1) * DAY)
    await ask(tryCheck, checkId, {})
    await tick(onNightly)
    expect(await questions(checkId)).toHaveLength(2)
    later(2 * DAY)
    expect(await tick(onNightly)).toMatchObject({ questions: 1 })
    expect(await questions(checkId)).toHaveLength(1)
  })

  it('are in the catalogue, with the answer that counts', async () => {
    const { body } = await call(hooks, listEventTypes, {})
    const { events } = body as { events: { type: string; answer?: { example: object; schema: object } }[] }
    const found = events.filter(({ answer }) => answer !== undefined)
    expect(found.map(({ type }) => type)).toEqual(['disbursement.check.v1'])
    expect(found[0]?.answer?.example).toMatchObject({ allow: true, amountFen: 110_000 })
    expect(found[0]?.answer?.schema).toMatchObject({ required: ['allow', 'questionId', 'proposalId', 'amountFen'] })
  })
})
