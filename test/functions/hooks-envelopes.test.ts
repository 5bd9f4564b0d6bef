import { randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  changeHook,
  getHook,
  type HookDelivery,
  listEventTypes,
  replayHookDelivery,
  testHook,
} from '#shared/contracts/hooks.ts'
import { hookTypes } from '#shared/contracts/hooks-events.ts'
import type { Route } from '#shared/contracts/route.ts'
import { handler as hooks } from '#functions/hooks/index.ts'
import { handler as onTick } from '#functions/hooks/on-tick.ts'
import { hookKeys } from '#functions/platform/table/hook-keys.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { type Receiver, startReceiver, status } from '../fixtures/hook-receiver.ts'
import { anAdmin } from '../fixtures/market.ts'
import { tick } from '../fixtures/ordering.ts'
import { aSale, happen, logOf, subscribe, subscribed, twoPlaces } from './hooks-table.ts'

/** Goal: a subscription gets its bodies laid out as it asked, signed all the same, and one delivery never changes its bytes. */
let backend: Backend
let receiver: Receiver

beforeAll(async () => {
  backend = await startBackend({ HOOKS_TO_THIS_MACHINE: '1', PUBLIC_ORIGIN: 'https://xianglai.example' })
  receiver = await startReceiver()
})
afterAll(async () => {
  await receiver.stop()
  await backend.stop()
})
beforeEach(async () => {
  await backend.empty()
  receiver.reset()
  await twoPlaces(backend)
  await anAdmin(backend, 'admin-1')
})
afterEach(() => vi.useRealTimers())

const ask = (route: Route, hookId: string, body?: object, params = {}) =>
  call(hooks, route, { params: { hookId, ...params }, ...(body === undefined ? {} : { body }), as: 'admin-1' })
const sentAs = () => receiver.received.map(({ headers }) => headers['content-type'])
const change = (hookId: string, version: number, envelope?: string) =>
  ask(changeHook, hookId, {
    ...{ version, name: '对账系统', url: receiver.url, types: hookTypes },
    ...(envelope === undefined ? {} : { envelope }),
  })

describe('a subscription that asked for CloudEvents', () => {
  it('gets each event as one, signed over the bytes as they came, under the id that everybody else knows it by', async () => {
    const plain = await subscribed(`${receiver.url}/plain`)
    const { hookId, secret, hook } = await subscribed(`${receiver.url}/cloud`, { envelope: 'cloudevents' })
    expect(plain.hook).toMatchObject({ envelope: 'plain' })
    expect(hook).toMatchObject({ envelope: 'cloudevents' })
    const event = aSale()
    await happen(backend, [event])
    const [cloud] = receiver.of('/hooks/cloud')
    const [other] = receiver.of('/hooks/plain')
    expect(cloud?.headers).toMatchObject({ 'content-type': 'application/cloudevents+json' })
    expect(other?.headers).toMatchObject({ 'content-type': 'application/json' })
    const told = new Webhook(secret).verify(cloud?.body ?? '', cloud?.headers as Record<string, string>)
    expect(told).toEqual({
      specversion: '1.0',
      id: other?.headers['webhook-id'],
      source: 'https://xianglai.example',
      type: 'sale.recorded.v1',
      subject: event.saleId,
      time: event.occurredAt,
      datacontenttype: 'application/json',
      data: (JSON.parse(other?.body ?? '{}') as { data: object }).data,
    })
    expect(await logOf(hookId)).toMatchObject([{ envelope: 'cloudevents', payload: cloud?.body }])
  })

  it('gets its test as one, too', async () => {
    const { hookId } = await subscribed(receiver.url, { envelope: 'cloudevents' })
    const tested = (await ask(testHook, hookId)).body as HookDelivery
    expect(tested).toMatchObject({ state: 'delivered', envelope: 'cloudevents' })
    expect(JSON.parse(tested.payload)).toMatchObject({
      ...{ specversion: '1.0', id: tested.webhookId, type: 'hook.tested.v1', subject: hookId },
    })
  })

  it('asked for twice is one; in another envelope it is another one', async () => {
    const hookId = randomUUID()
    await subscribed(receiver.url, { hookId, envelope: 'cloudevents' })
    expect(await subscribe(receiver.url, { hookId, envelope: 'cloudevents' })).toMatchObject({ status: 200 })
    expect(await subscribe(receiver.url, { hookId })).toMatchObject({ status: 409, body: { code: 'HOOK_ID_REUSED' } })
  })

  it('in an envelope that there is not is refused, by field', async () => {
    expect(await subscribe(receiver.url, { envelope: 'soap' })).toMatchObject({
      status: 400,
      body: { fields: { envelope: expect.any(String) } },
    })
  })
})

describe('a change of the envelope', () => {
  it('counts for what happens after it: what is on its way keeps its bytes, in each attempt and in a replay', async () => {
    const { hookId } = await subscribed(receiver.url)
    receiver.next(status(500))
    await happen(backend, [aSale()])
    expect(await change(hookId, 1, 'cloudevents')).toMatchObject({ status: 200, body: { envelope: 'cloudevents' } })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10_000 })
    await tick(onTick)
    const [{ deliveryId } = { deliveryId: '' }] = await logOf(hookId)
    await ask(replayHookDelivery, hookId, {}, { deliveryId })
    await tick(onTick)
    expect(sentAs()).toEqual(['application/json', 'application/json', 'application/json'])
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1)
    await happen(backend, [aSale()])
    expect(sentAs()[3]).toBe('application/cloudevents+json')
  })

  it('is none where nobody said one: who changes only a name keeps the envelope', async () => {
    const { hookId } = await subscribed(receiver.url, { envelope: 'cloudevents', name: '旧名' })
    expect(await change(hookId, 1)).toMatchObject({ body: { name: '对账系统', envelope: 'cloudevents', version: 2 } })
    expect(await change(hookId, 2, 'plain')).toMatchObject({ body: { envelope: 'plain', version: 3 } })
    expect(await change(hookId, 2, 'plain')).toMatchObject({ status: 200, body: { version: 3 } })
  })
})

it('subscriptions and deliveries that were written before there was a choice are plain', async () => {
  const { hookId } = await subscribed(receiver.url)
  receiver.next(status(500))
  await happen(backend, [aSale()])
  for (const item of await backend.scan('market')) {
    if (item['entity'] !== 'hook' && item['entity'] !== 'hookDelivery') continue
    const { envelope: _envelope, ...old } = item
    await backend.put('market', old)
  }
  expect(await backend.partition('market', hookKeys.hook(hookId).PK)).not.toContainEqual(
    expect.objectContaining({ envelope: expect.anything() }),
  )
  expect((await ask(getHook, hookId)).body).toMatchObject({ envelope: 'plain' })
  expect(await logOf(hookId)).toMatchObject([{ envelope: 'plain' }])
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10_000 })
  await tick(onTick)
  expect(sentAs()).toEqual(['application/json', 'application/json'])
})

it('the catalogue shows both, with the same event', async () => {
  const { envelopes } = (await call(hooks, listEventTypes)).body as {
    envelopes: { name: string; contentType: string; example: { data: object } }[]
  }
  expect(envelopes.map(({ name, contentType }) => [name, contentType])).toEqual([
    ['plain', 'application/json'],
    ['cloudevents', 'application/cloudevents+json'],
  ])
  expect(envelopes[1]?.example).toMatchObject({ specversion: '1.0', source: 'https://xianglai.example' })
  expect(envelopes[1]?.example.data).toEqual(envelopes[0]?.example.data)
})
