import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { SaleEvent } from '#shared/contracts/events.ts'
import {
  addHook,
  type HookDelivery,
  type HookScope,
  listHookDeliveries,
  type OneHook,
} from '#shared/contracts/hooks.ts'
import { hookTypes } from '#shared/contracts/hooks-events.ts'
import { handler as hooks } from '#functions/hooks/index.ts'
import { handler as onEvent } from '#functions/hooks/on-event.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { personId } from '#shared/kernel/ids.ts'
import { type Backend, ISSUER } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { placeIds } from '../fixtures/market.ts'
import { sale } from '../domain/fund-story.ts'
import { deliver, record } from './fund-table.ts'

/** Two communities with a compound and a co-op each. */
export async function twoPlaces(backend: Backend): Promise<void> {
  for (const place of [1, 2] as const) {
    const { communityId, compoundId, coopId, villageId } = placeIds(place)
    const town = { townId: 'town-1', townName: '示例街道' }
    const put = (key: object, entity: string, item: object) => backend.put('market', { ...key, entity, v: 1, ...item })
    await put(keys.place('community', communityId), 'community', { communityId, name: `社区${place}`, ...town })
    await put(keys.place('compound', compoundId), 'compound', {
      ...{ compoundId, name: `小区${place}`, type: 'old', communityId, communityName: `社区${place}`, ...town },
      synthetic: true,
    })
    await put(keys.place('coop', coopId), 'coop', {
      ...{ coopId, name: `合作社${place}`, villageId, villageName: `村${place}`, townName: '示例镇' },
    })
  }
}

export type Subscribed = { readonly hookId: string; readonly secret: string; readonly hook: OneHook }
type Wish = {
  as?: string
  scope?: HookScope
  types?: readonly string[]
  hookId?: string
  name?: string
  envelope?: string
}

export function subscribe(url: string, wish: Wish = {}) {
  const {
    as = 'admin-1',
    scope = { kind: 'district' },
    types = hookTypes,
    hookId = randomUUID(),
    name = '对账系统',
    envelope,
  } = wish
  const body = { name, url, types, scope, ...(envelope === undefined ? {} : { envelope }) }
  return call(hooks, addHook, { params: { hookId }, body, as })
}

export async function subscribed(url: string, wish: Wish = {}): Promise<Subscribed> {
  const answer = await subscribe(url, wish)
  expect(answer, answer.text).toMatchObject({ status: 200 })
  const { hook, secret } = answer.body as { hook: OneHook; secret: string }
  return { hookId: hook.hookId, secret, hook }
}

/** What whoever set up a subscription finds in their inbox about it. */
export async function toldOfHook(backend: Backend, hookId: string, sub = 'admin-1'): Promise<string[]> {
  const inbox = await backend.partition('market', keys.notice(`PERSON#${personId(ISSUER, sub)}`, '').PK)
  return inbox.filter((item) => item['hookId'] === hookId).map(({ kind, hookName }) => `${kind} ${hookName}`)
}

/** A sale in the first compound, by the first co-op. */
export function aSale(words: Parameters<typeof sale>[2] = {}): SaleEvent {
  const { communityId, compoundId, coopId, villageId } = placeIds(1)
  return sale(randomUUID(), 860, {
    ...{ communityId, compoundId, coopId, villageId, occurredAt: new Date().toISOString() },
    ...words,
  })
}

/** What happened is in the table, and the stream brings it. */
export async function happen(backend: Backend, events: readonly SaleEvent[]) {
  await record(backend, events)
  return deliver(onEvent, events)
}

export async function logOf(
  hookId: string,
  as = 'admin-1',
  query: Record<string, string> = {},
): Promise<HookDelivery[]> {
  const answer = await call(hooks, listHookDeliveries, { params: { hookId }, query: { limit: '100', ...query }, as })
  expect(answer, answer.text).toMatchObject({ status: 200 })
  return (answer.body as { items: HookDelivery[] }).items
}
