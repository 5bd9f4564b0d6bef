import { randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  addHook,
  changeHook,
  DELIVERIES_KEPT_DAYS,
  getHook,
  getHookDelivery,
  type HookDelivery,
  HOOKS_A_SCOPE_MAX,
  type HookScope,
  type HookView,
  listEventTypes,
  listHookDeliveries,
  listHooks,
  type OneHook,
  removeHook,
  REPLAY_DAYS_MAX,
  replayHookDelivery,
  replayHookRange,
  rotateHookKeys,
  testHook,
  turnHook,
} from '#shared/contracts/hooks.ts'
import { hookEvents, hookTypes } from '#shared/contracts/hooks-events.ts'
import type { Route } from '#shared/contracts/route.ts'
import { deliveryIdFrom } from '#shared/domain/hooks/delivery.ts'
import { handler as hooks } from '#functions/hooks/index.ts'
import { handler as onNightly } from '#functions/hooks/on-nightly.ts'
import { handler as onTick } from '#functions/hooks/on-tick.ts'
import { forgetCaller } from '#functions/platform/caller.ts'
import { type Backend, ISSUER, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { hang, type Receiver, startReceiver, status } from '../fixtures/hook-receiver.ts'
import { beforeWriting, killWrites } from '../fixtures/interleave.ts'
import { aCoopMember, anAdmin, aResident, aWorker } from '../fixtures/market.ts'
import { tick } from '../fixtures/ordering.ts'
import { aSale, happen, logOf, subscribe, subscribed, toldOfHook, twoPlaces } from './hooks-table.ts'

/** Goal: who looks after a subscription can do everything to it by themselves; nobody else learns that it exists. */
let backend: Backend
let receiver: Receiver
const people = ['admin-1', 'worker-1', 'worker-2', 'coop-1', 'coop-2', 'resident-1', 'nobody']

const limits = vi.hoisted(() => ({ replay: 5_000 }))
vi.mock('#shared/contracts/hooks.ts', async (original) => ({
  ...(await original<object>()),
  get REPLAY_DELIVERIES_MAX() {
    return limits.replay
  },
}))
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
  await aWorker(backend, 'worker-2', 'community-2')
  await aCoopMember(backend, 'coop-1', 'coop-1')
  await aCoopMember(backend, 'coop-2', 'coop-2')
  await aResident(backend, 'resident-1')
  for (const person of people) forgetCaller(`${ISSUER}|${person}`)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const later = (ms: number) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms })
  for (const person of people) forgetCaller(`${ISSUER}|${person}`)
}
const ask = (route: Route, hookId: string, body?: unknown, as = 'admin-1', more: Record<string, string> = {}) =>
  call(hooks, route, { params: { hookId, ...more }, ...(body === undefined ? {} : { body }), as })
const oneHook = async (hookId: string) => (await ask(getHook, hookId)).body as OneHook
const scopes = {
  district: { kind: 'district' },
  community: { kind: 'community', id: 'community-1' },
  compound: { kind: 'compound', id: 'c-1' },
  coop: { kind: 'coop', id: 'coop-1' },
} as const satisfies Record<string, HookScope>

describe('a subscription', () => {
  it.each([
    ['district', ['admin-1']],
    ['community', ['admin-1', 'worker-1']],
    ['compound', ['admin-1', 'worker-1']],
    ['coop', ['admin-1', 'coop-1']],
  ] as const)('of a %s is added, seen and changed by %s, and by nobody else', async (kind, allowed) => {
    const { hookId } = await subscribed(receiver.url, { scope: scopes[kind] })
    receiver.next(status(500))
    await happen(backend, [aSale()])
    const [{ deliveryId } = { deliveryId: '' }] = await logOf(hookId)
    const settings = { version: 1, name: '对账系统', url: receiver.url, types: hookTypes }
    const range = { fromAt: '2026-01-01T00:00:00.000Z', toAt: '2026-01-02T00:00:00.000Z', which: 'all' }
    const asked: readonly { route: Route; body?: unknown; more?: Record<string, string> }[] = [
      { route: getHook },
      { route: changeHook, body: settings },
      { route: turnHook, body: { state: 'on' } },
      { route: rotateHookKeys, body: { old: 'stop' } },
      { route: testHook, body: {} },
      { route: listHookDeliveries },
      { route: getHookDelivery, more: { deliveryId } },
      { route: replayHookDelivery, body: {}, more: { deliveryId } },
      { route: replayHookRange, body: range },
    ]
    for (const as of people) {
      const may = (allowed as readonly string[]).includes(as)
      // For who could have one it does not exist; others are not even asked which.
      const unseen = ['resident-1', 'nobody'].includes(as) ? [403] : [404]
      const added = await subscribe(receiver.url, { scope: scopes[kind], as })
      expect(added.status, as).toBe(may ? 200 : 403)
      for (const { route, body, more } of asked) {
        const answer = await ask(route, hookId, body, as, more)
        // One of those who may comes too soon after the other: also an answer to somebody who may.
        expect(may ? [200, 409] : unseen, `${route.name} by ${as}`).toContain(answer.status)
      }
    }
    for (const as of people.filter((person) => !(allowed as readonly string[]).includes(person))) {
      expect((await ask(removeHook, hookId, undefined, as)).status, as).not.toBe(200)
    }
    expect((await ask(removeHook, hookId, undefined, allowed.at(-1))).status).toBe(200)
    expect((await ask(getHook, hookId)).status).toBe(404)
  })

  it('is listed to who looks after it: all to administrators, a community with its compounds to its workers, a co-op to its members', async () => {
    for (const [name, scope] of Object.entries(scopes)) await subscribed(receiver.url, { scope, name })
    await subscribed(receiver.url, { scope: { kind: 'compound', id: 'c-2' }, name: 'elsewhere' })
    const listed = async (as: string, query: Record<string, string> = {}) => {
      const answer = await call(hooks, listHooks, { query, as })
      return answer.status === 200
        ? (answer.body as { items: HookView[] }).items.map(({ name }) => name).sort()
        : answer.status
    }
    expect(await listed('admin-1')).toEqual(['community', 'compound', 'coop', 'district', 'elsewhere'])
    expect(await listed('worker-1', { communityId: 'community-1' })).toEqual(['community', 'compound'])
    expect(await listed('worker-2', { communityId: 'community-2' })).toEqual(['elsewhere'])
    expect(await listed('coop-1', { coopId: 'coop-1' })).toEqual(['coop'])
    expect(await listed('coop-2', { coopId: 'coop-2' })).toEqual([])
    for (const [as, query] of [
      ['worker-1', {}],
      ['coop-1', {}],
      ['worker-2', { communityId: 'community-1' }],
      ['coop-1', { communityId: 'coop-1' }],
      ['worker-1', { coopId: 'community-1' }],
      ['coop-2', { coopId: 'coop-1' }],
      ['resident-1', { communityId: 'community-1' }],
    ] as const)
      expect(await listed(as, query), `${as} ${JSON.stringify(query)}`).toBe(403)
  })

  it('is listed page by page', async () => {
    for (let n = 0; n < 5; n++) await subscribed(receiver.url, { name: `n${n}` })
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const query: Record<string, string> = { limit: '2', ...(cursor === undefined ? {} : { cursor }) }
      const page = (await call(hooks, listHooks, { query, as: 'admin-1' })).body as {
        items: HookView[]
        nextCursor?: string
      }
      seen.push(...page.items.map(({ name }) => name))
      cursor = page.nextCursor
    } while (cursor !== undefined)
    expect(seen.sort()).toEqual(['n0', 'n1', 'n2', 'n3', 'n4'])
  })

  it('that was asked for twice is one; its secret was in the first answer only; as something else it is refused', async () => {
    const hookId = randomUUID()
    const first = await subscribe(receiver.url, { hookId })
    expect(first).toMatchObject({ status: 200, body: { secret: expect.stringMatching(/^whsec_/) } })
    const again = await subscribe(receiver.url, { hookId })
    expect(again).toMatchObject({ status: 200, body: { hook: { hookId } } })
    expect(again.text).not.toContain('whsec_')
    expect(await subscribe(`${receiver.url}/other`, { hookId })).toMatchObject({ body: { code: 'HOOK_ID_REUSED' } })
    expect((await subscribe(receiver.url, { hookId, as: 'worker-1', scope: scopes.community })).status).toBe(404)
    expect(await backend.scan('market').then((items) => items.filter(({ entity }) => entity === 'hook'))).toHaveLength(
      1,
    )
  })

  it('is one of twenty of its scope at most, also when several are added in the same moment', async () => {
    for (let n = 1; n < HOOKS_A_SCOPE_MAX; n++) await subscribed(receiver.url)
    const answers = await Promise.all([1, 2, 3].map(() => subscribe(receiver.url)))
    expect(answers.map(({ status: code }) => code).sort()).toEqual([200, 409, 409])
    expect(await subscribe(receiver.url)).toMatchObject({ status: 409, body: { code: 'TOO_MANY_HOOKS' } })
    // Another scope has its own twenty, and one that is removed makes room.
    const { hookId } = await subscribed(receiver.url, { scope: scopes.coop })
    expect((await ask(removeHook, hookId)).status).toBe(200)
    const [some] = ((await call(hooks, listHooks, { as: 'admin-1' })).body as { items: HookView[] }).items
    expect((await ask(removeHook, some?.hookId ?? '')).status).toBe(200)
    expect((await subscribe(receiver.url)).status).toBe(200)
  })

  it('of a place that does not exist is refused to administrators; others learn nothing', async () => {
    const scope = { kind: 'compound', id: 'nowhere' } as const
    expect(await subscribe(receiver.url, { scope })).toMatchObject({ status: 422, body: { code: 'UNKNOWN_SCOPE' } })
    expect(await subscribe(receiver.url, { scope, as: 'worker-1' })).toMatchObject({ status: 403 })
  })

  it.each([
    ['http://8.8.8.8/', 'HOOK_URL_REFUSED'],
    ['https://me:secret@example.com/', 'HOOK_URL_REFUSED'],
    ['https://example.com:22/', 'HOOK_URL_REFUSED'],
    ['not an address', 'HOOK_URL_REFUSED'],
    ['https://169.254.169.254/latest', 'HOOK_ADDRESS_REFUSED'],
    ['https://[fd00:ec2::254]/', 'HOOK_ADDRESS_REFUSED'],
    ['https://10.0.0.1:8443/', 'HOOK_ADDRESS_REFUSED'],
    ['https://inside.test/', 'HOOK_ADDRESS_REFUSED'],
    ['https://half-inside.test/', 'HOOK_ADDRESS_REFUSED'],
    ['https://nobody.test/', 'HOOK_ADDRESS_UNKNOWN'],
  ])('to %s is refused, new or changed: %s', async (url, code) => {
    names.set('inside.test', ['192.168.1.1'])
    names.set('half-inside.test', ['8.8.8.8', '100.64.0.1'])
    expect(await subscribe(url)).toMatchObject({ status: 422, body: { code, fields: { url: expect.any(String) } } })
    const { hookId } = await subscribed(receiver.url)
    const body = { version: 1, name: '对账系统', url, types: ['sale.recorded.v1'] }
    expect(await ask(changeHook, hookId, body)).toMatchObject({ status: 422, body: { code } })
    expect(await oneHook(hookId)).toMatchObject({ url: receiver.url, version: 1 })
  })

  it('to this machine is refused where the setting does not say so', async () => {
    process.env.HOOKS_TO_THIS_MACHINE = '0'
    try {
      expect(await subscribe(`https://127.0.0.1:${receiver.port}/`)).toMatchObject({
        body: { code: 'HOOK_ADDRESS_REFUSED' },
      })
      expect(await subscribe(receiver.url)).toMatchObject({ body: { code: 'HOOK_URL_REFUSED' } })
    } finally {
      process.env.HOOKS_TO_THIS_MACHINE = '1'
    }
    expect(receiver.connections()).toBe(0)
  })

  it('says by field what was not understood', async () => {
    const body = {
      name: ' ',
      url: '',
      types: ['sale.recorded.v1', 'sale.recorded.v1'],
      scope: { kind: 'village', id: 'x' },
    }
    const answer = await call(hooks, addHook, { params: { hookId: randomUUID() }, body, as: 'admin-1' })
    expect(answer).toMatchObject({
      status: 400,
      body: { fields: { name: expect.any(String), url: expect.any(String), types: expect.any(String) } },
    })
    expect(await subscribe(receiver.url, { types: ['hook.tested.v1'] })).toMatchObject({ status: 400 })
    expect(await subscribe(receiver.url, { types: [] })).toMatchObject({ status: 400 })
  })

  it('that somebody changed meanwhile is not written over', async () => {
    const { hookId } = await subscribed(receiver.url)
    const change = (name: string, version: number) =>
      ask(changeHook, hookId, { version, name, url: receiver.url, types: ['sale.settled.v1'] })
    expect(await change('一号', 1)).toMatchObject({
      status: 200,
      body: { name: '一号', version: 2, types: ['sale.settled.v1'] },
    })
    expect(await change('一号', 1)).toMatchObject({ status: 200 })
    expect(await change('二号', 1)).toMatchObject({ status: 409, body: { code: 'HOOK_CHANGED' } })
    beforeWriting(
      (writes) => writes.some(({ Update }) => Update?.UpdateExpression?.includes('#url = :url') === true),
      () => change('三号', 2),
    )
    expect(await change('四号', 2)).toMatchObject({ status: 409, body: { code: 'HOOK_CHANGED' } })
    expect(await oneHook(hookId)).toMatchObject({ name: '三号', version: 3 })
  })

  it('at a new address begins anew: what is known of the old one does not count, and what is due goes to the new one', async () => {
    const { hookId } = await subscribed(`${receiver.url}/old`)
    receiver.next(status(500))
    await happen(backend, [aSale()])
    expect(await oneHook(hookId)).toHaveProperty('failingSince')
    await ask(changeHook, hookId, { version: 1, name: '对账系统', url: `${receiver.url}/new`, types: hookTypes })
    expect(await oneHook(hookId)).not.toHaveProperty('failingSince')
    later(6_000)
    await tick(onTick)
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hooks/old', '/hooks/new'])
  })

  it('whose old address says in this moment that it is gone stays on at the new one', async () => {
    const { hookId } = await subscribed(`${receiver.url}/old`)
    receiver.next((response) => {
      const body = { version: 1, name: '对账系统', url: `${receiver.url}/new`, types: hookTypes }
      void ask(changeHook, hookId, body).then(() => response.writeHead(410).end())
    })
    await happen(backend, [aSale()])
    expect(await oneHook(hookId)).toMatchObject({ state: 'on', url: `${receiver.url}/new` })
    expect(await toldOfHook(backend, hookId)).toEqual([])
  })

  it('is turned off and on, as often as somebody says so', async () => {
    const { hookId } = await subscribed(receiver.url)
    const turn = (state: string) => ask(turnHook, hookId, { state })
    expect(await turn('off')).toMatchObject({ body: { state: 'off', offReason: 'by-hand', offAt: expect.any(String) } })
    expect(await turn('off')).toMatchObject({ body: { state: 'off' } })
    // Who turns it off knows.
    expect(await toldOfHook(backend, hookId)).toEqual([])
    await happen(backend, [aSale()])
    expect(receiver.received).toEqual([])
    const on = await turn('on')
    expect(on).toMatchObject({ body: { state: 'on' } })
    expect(on.body).not.toHaveProperty('offReason')
    await happen(backend, [aSale()])
    expect(receiver.received).toHaveLength(1)
  })
})

describe('a secret', () => {
  it('is in the answers that made it and in what signs, and nowhere else: no list, no log, no other item', async () => {
    const written: string[] = []
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0)
    const { hookId, secret: first } = await subscribed(`${receiver.url}?token=of-the-receiver`)
    receiver.next(status(500, {}, 'no'))
    await happen(backend, [aSale()])
    const rotated = await ask(rotateHookKeys, hookId, { old: 'sign-along' })
    const { secret: second } = rotated.body as { secret: string }
    expect(rotated.text.match(/whsec_/g)).toHaveLength(1)
    const seen = [
      await ask(getHook, hookId),
      await call(hooks, listHooks, { as: 'admin-1' }),
      await ask(listHookDeliveries, hookId),
      await ask(testHook, hookId, {}),
      await ask(turnHook, hookId, { state: 'off' }),
      await ask(changeHook, hookId, { version: 1, name: '新名字', url: receiver.url, types: hookTypes }),
    ]
    for (const { text, status: code } of seen) {
      expect(code).toBe(200)
      expect(text).not.toMatch(/whsec_|whsk_/)
    }
    const holders = (await backend.scan('market')).filter((item) => /whsec_|whsk_/.test(JSON.stringify(item)))
    expect(holders.map(({ entity }) => entity)).toEqual(['hookKeys'])
    expect(JSON.stringify(holders)).toContain(first)
    expect(JSON.stringify(holders)).toContain(second)
    expect(written.join('')).toContain('hook not delivered')
    expect(written.join('')).not.toMatch(/whsec_|whsk_|of-the-receiver|127\.0\.0\.1/)
    await ask(removeHook, hookId)
    expect(JSON.stringify(await backend.scan('market'))).not.toMatch(/whsec_|whsk_/)
  })

  it('is changed by one of two who do so in the same moment: the other one is told to come back', async () => {
    const { hookId } = await subscribed(receiver.url)
    const answers = await Promise.all([1, 2].map(() => ask(rotateHookKeys, hookId, { old: 'sign-along' })))
    expect(answers.map(({ status: code }) => code).filter((code) => code === 200)).toHaveLength(1)
    expect(await ask(rotateHookKeys, hookId, { old: 'sign-along' })).toMatchObject({ body: { code: 'KEYS_CHANGING' } })
    expect((await oneHook(hookId)).publicKeys).toMatchObject([{}, { endsAt: expect.any(String) }])
    later(DAY + MINUTE)
    expect((await oneHook(hookId)).publicKeys).toHaveLength(1)
    expect(await ask(rotateHookKeys, hookId, { old: 'sign-along' })).toMatchObject({ status: 200 })
  })
})

describe('the test button', () => {
  it('sends a test now, signed, also while it is off, and says what became of it; nothing comes after it', async () => {
    const { hookId, secret } = await subscribed(receiver.url)
    await ask(turnHook, hookId, { state: 'off' })
    expect(await ask(testHook, hookId, {})).toMatchObject({
      status: 200,
      body: { type: 'hook.tested.v1', state: 'delivered', attempts: [{ outcome: 'delivered', status: 204 }] },
    })
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({ data: { hookId } })
    later(5_000)
    receiver.next(status(503, { 'retry-after': '1' }, 'busy'))
    expect(await ask(testHook, hookId, {})).toMatchObject({
      body: { state: 'failed', attempts: [{ status: 503, excerpt: 'busy' }] },
    })
    later(10 * MINUTE)
    await tick(onTick)
    expect(receiver.received).toHaveLength(2)
  })

  it('is not a way to knock at somebody’s door all the time', async () => {
    const { hookId } = await subscribed(receiver.url)
    const answers = await Promise.all([1, 2, 3].map(() => ask(testHook, hookId, {})))
    expect(answers.map(({ status: code }) => code).sort()).toEqual([200, 409, 409])
    expect(receiver.received).toHaveLength(1)
    expect(await ask(testHook, hookId, {})).toMatchObject({ body: { code: 'JUST_TESTED' } })
  })

  it('is answered in time by a receiver that is not', async () => {
    const { hookId } = await subscribed(receiver.url)
    receiver.next(hang)
    const startedMs = performance.now()
    expect(await ask(testHook, hookId, {})).toMatchObject({
      body: { state: 'failed', attempts: [{ outcome: 'time-out' }] },
    })
    expect(performance.now() - startedMs).toBeLessThan(8_000)
  })
})

describe('the log', () => {
  it('is paged, newest first, and filtered by what became of it', async () => {
    const { hookId } = await subscribed(receiver.url)
    const events = Array.from({ length: 5 }, (_none, n) =>
      aSale({ occurredAt: new Date(Date.now() - n * MINUTE).toISOString() }),
    )
    receiver.always(
      (response, { body }) => void response.writeHead(body.includes(events[2]?.saleId ?? '') ? 500 : 204).end(),
    )
    await happen(backend, events)
    const seen: HookDelivery[] = []
    let cursor: string | undefined
    do {
      const query: Record<string, string> = { limit: '2', ...(cursor === undefined ? {} : { cursor }) }
      const answer = await call(hooks, listHookDeliveries, { params: { hookId }, query, as: 'admin-1' })
      const page = answer.body as { items: HookDelivery[]; nextCursor?: string }
      seen.push(...page.items)
      cursor = page.nextCursor
    } while (cursor !== undefined)
    expect(seen.map(({ timestamp }) => timestamp)).toEqual(events.map(({ occurredAt }) => occurredAt))
    expect((await logOf(hookId, 'admin-1', { state: 'due' })).map(({ timestamp }) => timestamp)).toEqual([
      events[2]?.occurredAt,
    ])
    expect(await logOf(hookId, 'admin-1', { state: 'delivered' })).toHaveLength(4)
    const [one] = seen
    expect(
      (await ask(getHookDelivery, hookId, undefined, 'admin-1', { deliveryId: one?.deliveryId ?? '' })).body,
    ).toEqual(one)
    const none = `${deliveryIdFrom(new Date().toISOString())}msg_${'0'.repeat(32)}`
    expect((await ask(getHookDelivery, hookId, undefined, 'admin-1', { deliveryId: none })).status).toBe(404)
  })

  it('is forgotten after a month, but not what is due; what ended is forgotten altogether', async () => {
    const kept = await subscribed(receiver.url)
    const ended = await subscribed(receiver.url, { scope: scopes.coop })
    const ago = (days: number) => new Date(Date.now() - days * DAY).toISOString()
    await happen(backend, [
      aSale({ occurredAt: ago(DELIVERIES_KEPT_DAYS - 1) }),
      aSale({ occurredAt: ago(DELIVERIES_KEPT_DAYS + 1) }),
    ])
    receiver.next(status(500), status(500))
    await happen(backend, [aSale({ occurredAt: ago(DELIVERIES_KEPT_DAYS + 2) })])
    await ask(removeHook, ended.hookId)
    const listed = async () =>
      (await backend.scan('market')).filter((item) => JSON.stringify(item).includes(ended.hookId))
    expect(await tick(onNightly)).toMatchObject({ ended: 1 })
    expect(
      (await logOf(kept.hookId)).map(({ state, timestamp }) => [state, timestamp < ago(DELIVERIES_KEPT_DAYS)]),
    ).toEqual([
      ['delivered', false],
      ['due', true],
    ])
    expect(await listed()).toEqual([])
    expect(await tick(onNightly)).toMatchObject({ ended: 0, forgotten: 0 })
  })
})

describe('a replay', () => {
  /** Some days of events, one a day, of which some did not arrive. */
  async function someDays() {
    const hook = await subscribed(receiver.url)
    const events = Array.from({ length: 6 }, (_none, n) =>
      aSale({ occurredAt: new Date(Date.now() - n * DAY).toISOString() }),
    )
    await happen(backend, events)
    await ask(turnHook, hook.hookId, { state: 'off' })
    const missed = Array.from({ length: 4 }, (_none, n) =>
      aSale({ occurredAt: new Date(Date.now() - n * DAY + 1).toISOString() }),
    )
    await happen(backend, missed)
    await ask(turnHook, hook.hookId, { state: 'on' })
    receiver.received.length = 0
    return { ...hook, events, missed }
  }
  const ago = (days: number) => new Date(Date.now() - days * DAY - MINUTE).toISOString()
  const salesOf = () =>
    receiver.received.map(({ body }) => (JSON.parse(body) as { data: { saleId: string } }).data.saleId).sort()
  const ids = (events: readonly { saleId: string }[]) => events.map(({ saleId }) => saleId).sort()
  const replay = (hookId: string, days: number, which: string) =>
    ask(replayHookRange, hookId, { fromAt: ago(days), toAt: new Date().toISOString(), which })

  it('of one delivery sends it again, once, under the same id; a test is for the moment', async () => {
    const { hookId } = await subscribed(receiver.url)
    await happen(backend, [aSale()])
    const [{ deliveryId } = { deliveryId: '' }] = await logOf(hookId)
    const again = () => ask(replayHookDelivery, hookId, {}, 'admin-1', { deliveryId })
    expect(await again()).toMatchObject({
      status: 200,
      body: { state: 'due', tries: 0, attempts: [{ outcome: 'delivered' }] },
    })
    expect(await again()).toMatchObject({ status: 200, body: { state: 'due' } })
    await tick(onTick)
    await tick(onTick)
    expect(receiver.received).toHaveLength(2)
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(await logOf(hookId)).toMatchObject([{ state: 'delivered', tries: 1, attempts: [{}, {}] }])
    const test = (await ask(testHook, hookId, {})).body as HookDelivery
    const testAgain = await ask(replayHookDelivery, hookId, {}, 'admin-1', { deliveryId: test.deliveryId })
    expect(testAgain).toMatchObject({ body: { code: 'TEST_NOT_REPLAYED' } })
    await ask(turnHook, hookId, { state: 'off' })
    expect(await again()).toMatchObject({ status: 409, body: { code: 'HOOK_IS_OFF' } })
  })

  it('of what did not arrive in a stretch sends exactly that, under ids that stay', async () => {
    const { hookId, missed } = await someDays()
    const before = new Map((await logOf(hookId)).map(({ deliveryId, webhookId }) => [deliveryId, webhookId]))
    expect(await replay(hookId, 2, 'undelivered')).toMatchObject({
      status: 200,
      body: { replay: { state: 'running' } },
    })
    await tick(onTick)
    expect(salesOf()).toEqual(ids(missed.slice(0, 3)))
    expect(await oneHook(hookId)).toMatchObject({ replay: { state: 'done', queued: 3 } })
    expect(new Map((await logOf(hookId)).map(({ deliveryId, webhookId }) => [deliveryId, webhookId]))).toEqual(before)
    await tick(onTick)
    expect(receiver.received).toHaveLength(3)
  })

  it('of everything in a stretch sends all of it, each once', async () => {
    const { hookId, events, missed } = await someDays()
    await replay(hookId, 3, 'all')
    await tick(onTick)
    await tick(onTick)
    expect(salesOf()).toEqual(ids([...events.slice(0, 4), ...missed]))
  })

  it('goes on where it was cut off; what it queued before is not queued again, though it has arrived by then', async () => {
    const { hookId, events, missed } = await someDays()
    await replay(hookId, 6, 'all')
    // Dies before it notes how far it came; what it queued is sent.
    killWrites((writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'hookReplay'))
    expect(await tick(onTick)).toMatchObject({ replaysBroken: 1, delivered: 10 })
    vi.restoreAllMocks()
    expect(await oneHook(hookId)).toMatchObject({ replay: { state: 'running' } })
    await tick(onTick)
    await tick(onTick)
    expect(salesOf()).toEqual(ids([...events, ...missed]))
    expect(await oneHook(hookId)).toMatchObject({ replay: { state: 'done' } })
  })

  it('is worked at by two clocks at a time, and queues each delivery once', async () => {
    const { hookId, missed } = await someDays()
    await replay(hookId, 6, 'undelivered')
    await Promise.all([tick(onTick), tick(onTick)])
    await tick(onTick)
    expect(salesOf()).toEqual(ids(missed))
    expect(await oneHook(hookId)).toMatchObject({ replay: { state: 'done' } })
  })

  it('queues so many at most, says how far it came, and the next one goes on from there', async () => {
    const { hookId } = await subscribed(receiver.url)
    await ask(turnHook, hookId, { state: 'off' })
    const startMs = Date.now() - DAY
    const events = Array.from({ length: 150 }, (_none, n) =>
      aSale({ occurredAt: new Date(startMs + n * 1000).toISOString() }),
    )
    for (let from = 0; from < events.length; from += 25) await happen(backend, events.slice(from, from + 25))
    await ask(turnHook, hookId, { state: 'on' })
    limits.replay = 100
    try {
      await replay(hookId, 2, 'undelivered')
      await tick(onTick)
      const { replay: full } = await oneHook(hookId)
      expect(full).toMatchObject({ state: 'full', queued: 100, reachedAt: events[99]?.occurredAt })
      const rest = { fromAt: full?.reachedAt, toAt: new Date().toISOString(), which: 'undelivered' }
      expect(await ask(replayHookRange, hookId, rest)).toMatchObject({ status: 200 })
      await tick(onTick)
      expect(salesOf()).toEqual(ids(events))
    } finally {
      limits.replay = 5_000
    }
  })

  it('is one at a time, of some days, and of a subscription that is on', async () => {
    const { hookId } = await subscribed(receiver.url)
    const range = (fromAt: string, toAt: string) => ask(replayHookRange, hookId, { fromAt, toAt, which: 'all' })
    const now = new Date().toISOString()
    expect(await range(now, now)).toMatchObject({ status: 422, body: { code: 'BAD_RANGE' } })
    expect(await range(new Date(Date.parse(now) - REPLAY_DAYS_MAX * DAY - 1).toISOString(), now)).toMatchObject({
      body: { code: 'BAD_RANGE' },
    })
    expect(await range(ago(1), now)).toMatchObject({ status: 200 })
    expect(await range(ago(1), now)).toMatchObject({ status: 409, body: { code: 'REPLAY_RUNNING' } })
    await ask(turnHook, hookId, { state: 'off' })
    await tick(onTick)
    expect(await oneHook(hookId)).toMatchObject({ replay: { state: 'stopped' } })
    expect(await range(ago(1), now)).toMatchObject({ status: 409, body: { code: 'HOOK_IS_OFF' } })
  })
})

describe('the catalogue', () => {
  it('shows everybody each type with its schema and an example', async () => {
    const answer = await call(hooks, listEventTypes)
    const { events } = answer.body as {
      events: { type: string; schema: { properties: object }; example: { type: string } }[]
    }
    expect(events.map(({ type }) => type)).toEqual(Object.keys(hookEvents))
    for (const { type, schema, example } of events) {
      expect(example.type).toBe(type)
      expect(schema).toMatchObject({
        ...{ type: 'object', additionalProperties: false, required: ['type', 'timestamp', 'data'] },
        properties: { type: { const: type }, data: { additionalProperties: false } },
      })
    }
  })
})
