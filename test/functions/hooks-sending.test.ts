import { marshall } from '@aws-sdk/util-dynamodb'
import { randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SaleEvent } from '#shared/contracts/events.ts'
import { getHook, type OneHook, removeHook, rotateHookKeys, turnHook } from '#shared/contracts/hooks.ts'
import { LEASE_MS, TRIES_MAX, WAITS_MS } from '#shared/domain/hooks/schedule.ts'
import { claim, getDelivery, pageOfDue } from '#functions/hooks/delivery-store.ts'
import { handler as hooks } from '#functions/hooks/index.ts'
import { handler as onEvent } from '#functions/hooks/on-event.ts'
import { handler as onTick } from '#functions/hooks/on-tick.ts'
import { hookIndex } from '#functions/platform/table/hook-keys.ts'
import { pendingShard } from '#functions/platform/table/keys.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call, lambdaContext } from '../fixtures/call.ts'
import { breakOff, hang, hangUp, type Receiver, startReceiver, status } from '../fixtures/hook-receiver.ts'
import { beforeWriting, killWrites } from '../fixtures/interleave.ts'
import { anAdmin, placeIds } from '../fixtures/market.ts'
import { tick } from '../fixtures/ordering.ts'
import { reversal, settlement } from '../domain/fund-story.ts'
import { deliver, record } from './fund-table.ts'
import { aSale, happen, logOf, subscribed, toldOfHook, twoPlaces } from './hooks-table.ts'

/** Goal: what happens reaches whoever subscribed to it, signed, at least once and as far as one can promise once. */
let backend: Backend
let receiver: Receiver
let other: Receiver

/** What a name leads to, for the tests of that. */
const names = vi.hoisted(() => new Map<string, string[]>())
vi.mock('#functions/platform/outgoing/resolve.ts', () => ({
  resolveHost: async (host: string): Promise<readonly string[]> => names.get(host) ?? [],
}))

beforeAll(async () => {
  backend = await startBackend({ HOOKS_TO_THIS_MACHINE: '1' })
  receiver = await startReceiver()
  other = await startReceiver()
})
afterAll(async () => {
  await receiver.stop()
  await other.stop()
  await backend.stop()
})
beforeEach(async () => {
  await backend.empty()
  receiver.reset()
  other.reset()
  names.clear()
  await twoPlaces(backend)
  await anAdmin(backend, 'admin-1')
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const later = (ms: number) => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms })
const MINUTE = 60_000
const idsOf = (by: Receiver) => by.received.map(({ headers }) => headers['webhook-id'])
const typesOf = (by: Receiver) => by.received.map(({ body }) => (JSON.parse(body) as { type: string }).type)
const told = ({ body }: { body: string }) => JSON.parse(body) as { data: Record<string, unknown> }
const oneHook = async (hookId: string) =>
  (await call(hooks, getHook, { params: { hookId }, as: 'admin-1' })).body as OneHook

describe('a sale', () => {
  it('is posted, signed, to who subscribed to it', async () => {
    const { hookId, secret } = await subscribed(receiver.url)
    const event = aSale()
    expect(await happen(backend, [event])).toEqual({ batchItemFailures: [] })
    expect(receiver.received).toHaveLength(1)
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received
    const checked = new Webhook(secret).verify(body, headers as Record<string, string>)
    expect(checked).toMatchObject({
      type: 'sale.recorded.v1',
      timestamp: event.occurredAt,
      data: { saleId: event.saleId },
    })
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'Xianglai-Hooks/1' })
    expect(await logOf(hookId)).toMatchObject([
      { state: 'delivered', tries: 1, attempts: [{ outcome: 'delivered', status: 204 }], payload: body },
    ])
  })

  it('reaches its compound, its community, its co-op and the district, and nobody else', async () => {
    const [here, there] = [placeIds(1), placeIds(2)]
    for (const { compoundId, communityId, coopId } of [here, there]) {
      await subscribed(`${receiver.url}/${compoundId}`, { scope: { kind: 'compound', id: compoundId } })
      await subscribed(`${receiver.url}/${communityId}`, { scope: { kind: 'community', id: communityId } })
      await subscribed(`${receiver.url}/${coopId}`, { scope: { kind: 'coop', id: coopId } })
    }
    await subscribed(`${receiver.url}/district`)
    const mine = ['c-1', 'community-1', 'coop-1', 'district'].map((name) => `/hooks/${name}`)
    const event = aSale()
    const about = { ...({ saleId: event.saleId, compoundId: event.compoundId } as const) }
    await happen(backend, [event])
    expect(receiver.received.map(({ path }) => path).sort()).toEqual(mine)
    // What happens to it later names only the sale: whose it is stands there.
    receiver.reset()
    const reversed = { ...reversal(randomUUID(), event.saleId, 60), ...about, saleDay: event.occurredAt.slice(0, 10) }
    await happen(backend, [ofDayOf(event, reversed), ofDayOf(event, { ...settlement(event.saleId), ...about })])
    for (const path of mine)
      expect(typesOf({ ...receiver, received: receiver.of(path) }).sort()).toEqual([
        'sale.reversed.v1',
        'sale.settled.v1',
      ])
    expect(receiver.received).toHaveLength(2 * mine.length)
  })

  it('of another place in the same batch is told to who subscribed to that place, and to nobody else', async () => {
    for (const place of [1, 2] as const) {
      const { compoundId, communityId, coopId } = placeIds(place)
      await subscribed(`${receiver.url}/${place}`, { scope: { kind: 'compound', id: compoundId } })
      await subscribed(`${receiver.url}/${place}`, { scope: { kind: 'community', id: communityId } })
      await subscribed(`${receiver.url}/${place}`, { scope: { kind: 'coop', id: coopId } })
    }
    const [here, there] = [aSale(placeIds(1)), aSale(placeIds(2))]
    await happen(backend, [here, there])
    expect(receiver.received).toHaveLength(6)
    for (const { path, body } of receiver.received) {
      expect(body).toContain(path.endsWith('1') ? here.saleId : there.saleId)
    }
  })

  it('is told only to who asked for its type', async () => {
    await subscribed(receiver.url, { types: ['sale.settled.v1'] })
    const event = aSale()
    await happen(backend, [event, ofDayOf(event, { ...settlement(event.saleId), compoundId: event.compoundId })])
    expect(typesOf(receiver)).toEqual(['sale.settled.v1'])
  })

  it('that is gone from the table holds nothing up: who is surely concerned is told what came of it', async () => {
    await subscribed(`${receiver.url}/district`)
    await subscribed(`${receiver.url}/coop`, { scope: { kind: 'coop', id: 'coop-1' } })
    const lost = { ...reversal(randomUUID(), randomUUID(), 60), compoundId: 'c-1' }
    expect(await happen(backend, [lost])).toEqual({ batchItemFailures: [] })
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hooks/district'])
    expect(told(receiver.received[0] ?? { body: '' }).data).not.toHaveProperty('coopId')
  })
})

const bring = (items: readonly object[]) => {
  const Records = items.map((item, at) => ({
    ...{ eventName: 'INSERT', dynamodb: { SequenceNumber: String(at), NewImage: marshall(item) } },
  }))
  return (onEvent as unknown as (batch: object, context: unknown) => Promise<unknown>)({ Records }, lambdaContext())
}

it('a step of a red-black list is told to its community and the district', async () => {
  await subscribed(`${receiver.url}/district`)
  await subscribed(`${receiver.url}/community`, { scope: { kind: 'community', id: 'community-1' } })
  await subscribed(`${receiver.url}/other`, { scope: { kind: 'community', id: 'community-2' } })
  const moved = {
    ...{ entity: 'event', v: 1, type: 'ranking.moved.v1', rankingId: '2026-q3.community-1' },
    ...{ communityId: 'community-1', step: 2, state: 'published', occurredAt: new Date().toISOString() },
  }
  expect(await bring([moved, moved])).toEqual({ batchItemFailures: [] })
  expect(receiver.received.map(({ path }) => path).sort()).toEqual(['/hooks/community', '/hooks/district'])
  const { data } = told(receiver.received[0] ?? { body: '' })
  expect(data).toEqual({
    ...{ rankingId: '2026-q3.community-1', communityId: 'community-1', step: 2, state: 'published' },
    path: '/api/rankings/2026-q3.community-1',
  })
})

describe.each([
  ['proposal.moved.v1', { proposalId: '9c1f4f0e-3c52-4b1e-8f5a-1f1f4f0a9e77' }, 'voting'],
  ['matter.moved.v1', { matterId: '9c1f4f0e-3c52-4b1e-8f5a-1f1f4f0a9e77' }, 'assigned'],
  ['disclosure.moved.v1', { disclosureId: 'property.2026-q3.c-1', book: 'property', quarter: '2026-q3' }, 'displayed'],
] as const)('a step told as %s', (type, named, state) => {
  const moved = (step: number) => ({
    ...{ entity: 'event', v: 1, type, ...named },
    ...{ compoundId: 'c-1', communityId: 'community-1', step, state },
    ...{ occurredAt: new Date().toISOString(), title: 'what nobody is told', personId: 'issuer|author' },
  })
  it('is told to its compound, its community and the district, once for each step, with ids alone', async () => {
    await subscribed(`${receiver.url}/district`, { types: [type] })
    await subscribed(`${receiver.url}/community`, {
      scope: { kind: 'community', id: 'community-1' },
      types: [type],
    })
    await subscribed(`${receiver.url}/compound`, {
      scope: { kind: 'compound', id: 'c-1' },
      types: [type],
    })
    await subscribed(`${receiver.url}/elsewhere`, {
      scope: { kind: 'compound', id: 'c-2' },
      types: [type],
    })
    await subscribed(`${receiver.url}/sales`, { types: ['sale.recorded.v1'] })
    const events = [moved(5), moved(6)]
    expect(await bring([...events, events[0] ?? {}])).toEqual({ batchItemFailures: [] })
    expect(await bring(events)).toEqual({ batchItemFailures: [] })
    const paths = ['community', 'compound', 'district'].flatMap((name) => [`/hooks/${name}`, `/hooks/${name}`])
    expect(receiver.received.map(({ path }) => path).sort()).toEqual(paths)
    const [{ body } = { body: '' }] = receiver.received
    const { data } = told({ body })
    const ids = ['communityId', 'compoundId', 'path', 'state', 'step', ...Object.keys(named)]
    expect(Object.keys(data).sort()).toEqual(ids.sort())
    expect(new Set(idsOf(receiver)).size).toBe(2)
  })
})

/** Sale days are of Shanghai: the one of the sale itself. */
function ofDayOf(sale: SaleEvent, event: SaleEvent): SaleEvent {
  const day = new Date(Date.parse(sale.occurredAt) + 8 * 3_600_000).toISOString().slice(0, 10)
  return { ...event, saleDay: day, occurredAt: sale.occurredAt } as SaleEvent
}

describe('the stream may bring records', () => {
  it('again, in another order, in other batches, several at a time: each receiver is told once', async () => {
    await subscribed(receiver.url)
    await subscribed(other.url, { scope: { kind: 'community', id: 'community-1' } })
    const events = Array.from({ length: 6 }, () => aSale())
    await record(backend, events)
    await Promise.all([
      deliver(onEvent, events),
      deliver(onEvent, [...events].reverse()),
      deliver(onEvent, events.slice(2, 4)),
      deliver(onEvent, [...events, ...events]),
    ])
    await deliver(onEvent, events)
    for (const by of [receiver, other]) {
      expect(by.received).toHaveLength(events.length)
      expect(new Set(idsOf(by)).size).toBe(events.length)
    }
    // One event has one id, whoever is told of it.
    expect(new Set([...idsOf(receiver), ...idsOf(other)]).size).toBe(events.length)
  })

  it('that nobody can read, or that are nothing to tell: no other one waits for them', async () => {
    await subscribed(receiver.url)
    const events = [aSale(), { ...aSale(), amountFen: -5 } as SaleEvent, aSale()]
    expect(await happen(backend, events)).toEqual({ batchItemFailures: [] })
    expect(receiver.received).toHaveLength(2)
  })

  it('while the table does not take what is to be told: the lowest such record comes again, and only it is told then', async () => {
    await subscribed(receiver.url)
    const events = [aSale(), aSale(), aSale()]
    await record(backend, events)
    const lost = events[1]?.saleId ?? ''
    killWrites((writes) =>
      writes.some(
        ({ Put }) => Put?.Item?.['entity']?.S === 'hookDelivery' && Put.Item['payload']?.S?.includes(lost) === true,
      ),
    )
    expect(await deliver(onEvent, events)).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] })
    vi.restoreAllMocks()
    expect(receiver.received).toHaveLength(2)
    expect(await deliver(onEvent, events.slice(1))).toEqual({ batchItemFailures: [] })
    expect(receiver.received).toHaveLength(3)
    expect(new Set(idsOf(receiver)).size).toBe(3)
  })

  it('while a receiver hangs: it is waited for a moment, once; the others are told, and the clock does the rest', async () => {
    const slow = await subscribed(receiver.url)
    await subscribed(other.url)
    receiver.always(hang)
    const startedMs = performance.now()
    expect(
      await happen(
        backend,
        Array.from({ length: 25 }, () => aSale()),
      ),
    ).toEqual({ batchItemFailures: [] })
    expect(performance.now() - startedMs).toBeLessThan(10_000)
    expect(other.received).toHaveLength(25)
    // It is known to be ill now: nothing in the stream waits for it any more.
    const second = performance.now()
    await happen(backend, [aSale()])
    expect(performance.now() - second).toBeLessThan(1_500)
    expect(other.received).toHaveLength(26)
    receiver.always(status(204))
    later(10 * MINUTE)
    for (let n = 0; n < 4; n++) {
      await tick(onTick)
      later(11 * MINUTE)
    }
    expect((await logOf(slow.hookId)).map(({ state }) => state)).toEqual(Array.from({ length: 26 }, () => 'delivered'))
  })
})

describe('an attempt that fails', () => {
  it('is made again by the clock, under the same id, freshly signed, and the log says each', async () => {
    const { hookId, secret } = await subscribed(receiver.url)
    receiver.next(status(500, {}, '  not\n\ttoday \u0000'), hangUp, status(200))
    await happen(backend, [aSale()])
    expect(await logOf(hookId)).toMatchObject([{ state: 'due', tries: 1 }])
    await tick(onTick)
    expect(receiver.received).toHaveLength(1)
    later(6_000)
    await tick(onTick)
    expect(await logOf(hookId)).toMatchObject([{ state: 'due', tries: 2 }])
    later(6 * MINUTE)
    await tick(onTick)
    expect(new Set(idsOf(receiver)).size).toBe(1)
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1)
    for (const { headers, body } of receiver.received) {
      vi.setSystemTime(Number(headers['webhook-timestamp']) * 1000)
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toBeDefined()
    }
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(3)
    expect(await logOf(hookId)).toMatchObject([
      {
        state: 'delivered',
        tries: 3,
        attempts: [
          { outcome: 'status', status: 500, excerpt: 'not today' },
          { outcome: 'no-connection' },
          { outcome: 'delivered', status: 200 },
        ],
      },
    ])
    expect((await logOf(hookId))[0]).not.toHaveProperty('nextAt')
  })

  it('is one that is redirected, too: nobody follows', async () => {
    const { hookId } = await subscribed(receiver.url)
    receiver.next(status(302, { location: other.url }))
    await happen(backend, [aSale()])
    expect(other.received).toEqual([])
    expect(await logOf(hookId)).toMatchObject([{ state: 'due', attempts: [{ outcome: 'status', status: 302 }] }])
  })

  it('is none when the receiver said yes and then broke off', async () => {
    const { hookId } = await subscribed(receiver.url)
    receiver.next(breakOff(200))
    await happen(backend, [aSale()])
    expect(await logOf(hookId)).toMatchObject([
      { state: 'delivered', attempts: [{ outcome: 'delivered', status: 200 }] },
    ])
  })

  it('with 429 or 503 comes again no sooner than the receiver asks, and spares the rest of what is due', async () => {
    for (const code of [429, 503]) {
      const { hookId } = await subscribed(`${receiver.url}/${code}`)
      receiver.next(status(code, { 'retry-after': '1800' }))
      const before = Date.now()
      await happen(backend, [aSale()])
      const [delivery] = await logOf(hookId)
      expect(Date.parse(delivery?.nextAt ?? '') - before, String(code)).toBeGreaterThanOrEqual(1_800_000)
      expect(Date.parse(delivery?.nextAt ?? '') - before, String(code)).toBeLessThan(2_100_000)
      await call(hooks, removeHook, { params: { hookId }, as: 'admin-1' })
    }
  })

  it('with Retry-After holds back what comes after it as well, which loses no attempt; a success ends that', async () => {
    const { hookId } = await subscribed(receiver.url)
    receiver.next(status(503, { 'retry-after': '3600' }))
    await happen(backend, [aSale()])
    await happen(backend, [aSale(), aSale()])
    later(10 * MINUTE)
    await tick(onTick)
    await tick(onTick)
    expect(receiver.received).toHaveLength(1)
    expect((await logOf(hookId)).map(({ tries }) => tries).sort()).toEqual([0, 0, 1])
    later(60 * MINUTE)
    await tick(onTick)
    expect(receiver.received).toHaveLength(4)
    await happen(backend, [aSale()])
    expect(receiver.received).toHaveLength(5)
  })

  it('with 410 turns the subscription off: nothing more is sent, what happens is kept to be sent later', async () => {
    const { hookId } = await subscribed(receiver.url)
    receiver.always(status(410))
    await happen(backend, [aSale()])
    expect(await oneHook(hookId)).toMatchObject({ state: 'off', offReason: 'gone' })
    expect(await toldOfHook(backend, hookId)).toEqual(['hook-off 对账系统'])
    await happen(backend, [aSale()])
    later(10 * MINUTE)
    await tick(onTick)
    expect(receiver.received).toHaveLength(1)
    expect((await logOf(hookId)).map(({ state }) => state).sort()).toEqual(['failed', 'skipped'])
    // After a week of being off nothing is written down any more.
    later(7 * 24 * 60 * MINUTE)
    await happen(backend, [aSale()])
    expect(await logOf(hookId)).toHaveLength(2)
  })

  it('ten times is given up; without a success in three days the subscription is turned off, and says why', async () => {
    const { hookId } = await subscribed(receiver.url)
    receiver.always(status(500))
    await happen(backend, [aSale()])
    for (const wait of WAITS_MS.slice(1)) {
      expect(await oneHook(hookId)).toMatchObject({ state: 'on' })
      later(wait * 1.1 + 1_000)
      await tick(onTick)
    }
    expect(receiver.received).toHaveLength(TRIES_MAX)
    expect(new Set(idsOf(receiver)).size).toBe(1)
    expect(await logOf(hookId)).toMatchObject([{ state: 'failed', tries: TRIES_MAX }])
    expect(await oneHook(hookId)).toMatchObject({ state: 'off', offReason: 'failing' })
    expect(await toldOfHook(backend, hookId)).toEqual(['hook-off 对账系统'])
  })

  it('ten times does not turn off a subscription to which other news came through', async () => {
    const { hookId } = await subscribed(receiver.url)
    const bad = aSale()
    receiver.always((response, { body }) => void response.writeHead(body.includes(bad.saleId) ? 500 : 204).end())
    await happen(backend, [bad])
    for (const wait of WAITS_MS.slice(1)) {
      later(wait * 1.1 + 1_000)
      await happen(backend, [aSale()])
      await tick(onTick)
      await tick(onTick)
    }
    expect((await logOf(hookId)).filter(({ state }) => state === 'failed')).toHaveLength(1)
    expect(await oneHook(hookId)).toMatchObject({ state: 'on' })
  })
})

describe('the clock', () => {
  /** Deliveries that the stream could not bring: after the first one it does not try. */
  async function due(by = receiver, count = 1) {
    const hook = await subscribed(by.url)
    by.next(status(500))
    for (let n = 0; n < count; n++) await happen(backend, [aSale()])
    by.received.length = 0
    return hook
  }

  it('strikes twice at a time: what is due is sent by one of them', async () => {
    const { hookId } = await due()
    receiver.always((response) => void setTimeout(() => response.writeHead(204).end(), 300))
    later(6_000)
    await Promise.all([tick(onTick), tick(onTick), tick(onTick)])
    expect(receiver.received).toHaveLength(1)
    expect(await logOf(hookId)).toMatchObject([{ state: 'delivered', tries: 2 }])
  })

  it('takes up what somebody took and died over, not before their time is over', async () => {
    const { hookId } = await due()
    later(6_000)
    const shard = pendingShard(hookId)
    const [found] = (await pageOfDue(shard, new Date().toISOString(), undefined)).items
    if (found === undefined) throw new Error('nothing is due')
    expect(await claim(found, new Date().toISOString())).toBeDefined()
    expect(await claim(found, new Date().toISOString())).toBeUndefined()
    await tick(onTick)
    later(LEASE_MS - 2_000)
    await tick(onTick)
    expect(receiver.received).toEqual([])
    later(4_000)
    await tick(onTick)
    expect(receiver.received).toHaveLength(1)
    // The attempt of who died counts.
    expect(await logOf(hookId)).toMatchObject([{ state: 'delivered', tries: 3 }])
  })

  it('sends again, under the same id, what was sent when somebody died before they wrote it down', async () => {
    const { hookId } = await subscribed(receiver.url)
    killWrites((writes) => writes.some(({ Put }) => Put?.Item?.['state']?.S === 'delivered'))
    await happen(backend, [aSale()])
    vi.restoreAllMocks()
    expect(await logOf(hookId)).toMatchObject([{ state: 'due', tries: 0 }])
    later(LEASE_MS + 1_000)
    await tick(onTick)
    expect(receiver.received).toHaveLength(2)
    expect(new Set(idsOf(receiver)).size).toBe(1)
    expect(await logOf(hookId)).toMatchObject([{ state: 'delivered' }])
  })

  it('has the last word: who comes back after their time changes nothing', async () => {
    const { hookId } = await due()
    later(6_000)
    // The first one hangs; meanwhile its time passes, and another one brings it.
    receiver.next((response) => {
      later(LEASE_MS + 1_000)
      void tick(onTick).then(() => response.writeHead(500).end())
    }, status(204))
    await tick(onTick)
    expect(receiver.received).toHaveLength(2)
    expect(await logOf(hookId)).toMatchObject([
      { state: 'delivered', tries: 3, attempts: [{ status: 500 }, { status: 204 }] },
    ])
  })

  it('gives up on one that kills whoever touches it', async () => {
    const { hookId } = await due()
    for (let n = 0; n <= TRIES_MAX; n++) {
      later(LEASE_MS + 6_000)
      const [found] = (await pageOfDue(pendingShard(hookId), new Date().toISOString(), undefined)).items
      if (found === undefined) break
      if (found.tries < TRIES_MAX) await claim(found, new Date().toISOString())
      else await tick(onTick)
    }
    expect(receiver.received).toEqual([])
    expect(await logOf(hookId)).toMatchObject([{ state: 'failed', tries: TRIES_MAX }])
  })

  it('does not begin what it could not end', async () => {
    const { hookId } = await due()
    later(6_000)
    await tick(onTick, 4_000)
    expect(receiver.received).toEqual([])
    expect(await logOf(hookId)).toMatchObject([{ state: 'due', tries: 1 }])
  })

  it('leaves a failing receiver alone after some attempts: the rest loses none, and others are served', async () => {
    const { hookId } = await due(receiver, 20)
    const well = await due(other, 3)
    receiver.always(status(500))
    later(6_000)
    await tick(onTick)
    expect(receiver.received.length).toBeLessThan(20)
    expect(receiver.received.length).toBeGreaterThanOrEqual(3)
    expect(other.received).toHaveLength(3)
    expect((await logOf(well.hookId)).every(({ state }) => state === 'delivered')).toBe(true)
    // Twenty of its own, and the three that the other one was told of as well; one attempt was made in the stream.
    const log = await logOf(hookId)
    expect(log).toHaveLength(23)
    expect(log.reduce((sum, { tries }) => sum + tries, 0)).toBe(1 + receiver.received.length)
    const spared = log.filter(({ attempts }) => attempts.length === 0)
    expect(spared.length).toBeGreaterThanOrEqual(10)
    for (const { nextAt } of spared) expect(Date.parse(nextAt ?? '') - Date.now()).toBeGreaterThan(4 * MINUTE)
  })

  it('is asked by an index that lags: what was sent meanwhile is not sent again', async () => {
    const { hookId } = await due()
    later(6_000)
    await tick(onTick)
    expect(receiver.received).toHaveLength(1)
    const [{ deliveryId, nextAt } = { deliveryId: '', nextAt: '' }] = (await backend.scan('market')).filter(
      (item) => item.entity === 'hookDelivery',
    ) as unknown as { deliveryId: string; nextAt: string }[]
    const item = await getDelivery(hookId, deliveryId)
    await backend.put('market', {
      ...{ PK: `HOOK#DELIVERIES#${hookId}`, SK: deliveryId },
      ...hookIndex.dueDeliveries(nextAt, hookId, deliveryId),
      ...item,
    })
    await tick(onTick)
    expect(receiver.received).toHaveLength(1)
  })
})

describe('what is due', () => {
  async function waiting() {
    const hook = await subscribed(receiver.url)
    receiver.next(status(500))
    await happen(backend, [aSale()])
    receiver.received.length = 0
    later(6_000)
    return hook
  }

  it('is not sent once its subscription is off, nor when it is removed', async () => {
    const off = await waiting()
    await call(hooks, turnHook, { params: { hookId: off.hookId }, body: { state: 'off' }, as: 'admin-1' })
    await tick(onTick)
    expect(await logOf(off.hookId)).toMatchObject([{ state: 'skipped', attempts: [{ status: 500 }] }])
    const gone = await waiting()
    expect(await call(hooks, removeHook, { params: { hookId: gone.hookId }, as: 'admin-1' })).toMatchObject({
      status: 200,
    })
    await tick(onTick)
    expect(receiver.received).toEqual([])
  })

  it('is not sent when the subscription is turned off in the moment of sending', async () => {
    const { hookId } = await subscribed(receiver.url)
    // Between writing it down and sending it.
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'hookDelivery'),
      () => call(hooks, turnHook, { params: { hookId }, body: { state: 'off' }, as: 'admin-1' }),
    )
    await happen(backend, [aSale()])
    expect(receiver.received).toEqual([])
    expect(await logOf(hookId)).toMatchObject([{ state: 'skipped' }])
  })

  it('goes to where the name leads now, and not inside', async () => {
    names.set('hook.test', ['127.0.0.1'])
    const { hookId } = await subscribed(`http://hook.test:${receiver.port}/`)
    names.set('hook.test', ['10.0.0.1'])
    await happen(backend, [aSale()])
    expect(await logOf(hookId)).toMatchObject([{ state: 'due', attempts: [{ outcome: 'refused-address' }] }])
    expect(receiver.connections()).toBe(0)
    names.set('hook.test', ['127.0.0.1'])
    later(6_000)
    await tick(onTick)
    expect(receiver.received).toHaveLength(1)
  })
})

describe('while keys change', () => {
  const rotate = async (hookId: string, old: 'sign-along' | 'stop') => {
    const answer = await call(hooks, rotateHookKeys, { params: { hookId }, body: { old }, as: 'admin-1' })
    expect(answer, answer.text).toMatchObject({ status: 200 })
    return (answer.body as { secret: string }).secret
  }
  const goodFor = (secret: string, { headers, body }: { headers: object; body: string }) => {
    try {
      return new Webhook(secret).verify(body, headers as Record<string, string>) !== undefined
    } catch {
      return false
    }
  }
  async function next() {
    receiver.received.length = 0
    await happen(backend, [aSale()])
    return receiver.received[0] ?? { headers: {}, body: '' }
  }

  it('old and new are good for a day, then only the new ones', async () => {
    const { hookId, secret: old } = await subscribed(receiver.url)
    const fresh = await rotate(hookId, 'sign-along')
    expect(fresh).not.toBe(old)
    const during = await next()
    expect([goodFor(old, during), goodFor(fresh, during)]).toEqual([true, true])
    later(24 * 60 * MINUTE + 1_000)
    const after = await next()
    expect([goodFor(old, after), goodFor(fresh, after)]).toEqual([false, true])
  })

  it('what waits since before is signed with both, so that nothing is lost', async () => {
    const { hookId, secret: old } = await subscribed(receiver.url)
    receiver.next(status(500))
    await happen(backend, [aSale()])
    const fresh = await rotate(hookId, 'sign-along')
    receiver.received.length = 0
    later(6_000)
    await tick(onTick)
    const [again = { headers: {}, body: '' }] = receiver.received
    expect([goodFor(old, again), goodFor(fresh, again)]).toEqual([true, true])
  })

  it('a key that leaked signs nothing more', async () => {
    const { hookId, secret: old } = await subscribed(receiver.url)
    const fresh = await rotate(hookId, 'stop')
    const after = await next()
    expect([goodFor(old, after), goodFor(fresh, after)]).toEqual([false, true])
  })
})

it('a handler that is told nothing does nothing', async () => {
  const answer = await (onEvent as (batch: object, context: object) => Promise<unknown>)(
    { Records: [] },
    lambdaContext(),
  )
  expect(answer).toEqual({ batchItemFailures: [] })
})
