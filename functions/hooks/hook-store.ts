import type { HookScope } from '#shared/contracts/hooks.ts'
import { type HookOwner, ownerName, scopeId } from '#shared/domain/hooks/scope.ts'
import { FAILING_MAX_MS, RETRY_AFTER_MAX_MS } from '#shared/domain/hooks/schedule.ts'
import { type Instant, MINUTE_MS, plusMs } from '#shared/kernel/time.ts'
import {
  hookItem,
  type HookItem,
  hookKeysItem,
  type HookKeysItem,
  hookReplayItem,
  type HookScopeItem,
  hookScopeItem,
  hookToSendItem,
} from '#functions/platform/table/items/hooks.ts'
import { communityItem, compoundItem, coopItem } from '#functions/platform/table/items/places.ts'
import { hookIndex, hookKeys } from '#functions/platform/table/hook-keys.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { tellPerson } from '#functions/platform/table/notices.ts'
import {
  ALWAYS,
  batchGet,
  EXISTS,
  get,
  NOT_EXISTS,
  query,
  transact,
  type Write,
} from '#functions/platform/table/table.ts'

/** A subscription that somebody still has (pattern 120). */
export async function getHook(hookId: string): Promise<HookItem | undefined> {
  const hook = await get(hookItem, hookKeys.hook(hookId))
  return hook?.state === 'ended' ? undefined : hook
}

export function getKeys(hookId: string) {
  return get(hookKeysItem, hookKeys.signing(hookId))
}

export function getReplay(hookId: string) {
  return get(hookReplayItem, hookKeys.replay(hookId))
}

/** What is needed to send, as it is this very moment. */
export async function hookToSend(hookId: string): Promise<{ hook?: HookItem; keys?: HookKeysItem }> {
  const found = await batchGet(hookToSendItem, [hookKeys.hook(hookId), hookKeys.signing(hookId)])
  const hook = found.find((item) => item.entity === 'hook')
  const signing = found.find((item) => item.entity === 'hookKeys')
  return { ...(hook === undefined ? {} : { hook }), ...(signing === undefined ? {} : { keys: signing }) }
}

/** A page of subscriptions (pattern 122): all of them, or those that one owner looks after. */
export async function pageOfHooks(owner: HookOwner | undefined, limit: number, cursor: string | undefined) {
  const { GSI1PK } = hookIndex.hooks('', '')
  const prefix = owner === undefined ? {} : { prefix: `${ownerName(owner)}#` }
  const page = await query(hookItem, { pk: GSI1PK, ...prefix, index: 'GSI1', limit, cursor })
  return { ...page, items: page.items.filter(({ state }) => state !== 'ended') }
}

/** Every subscription, also those that ended, for who tidies up. */
export function pageOfAllHooks(limit: number, cursor: string | undefined) {
  return query(hookItem, { pk: hookIndex.hooks('', '').GSI1PK, index: 'GSI1', limit, cursor })
}

export type NamedScope = { readonly name: string; readonly owner: HookOwner }

/** What a scope is called and who looks after it; nothing when there is no such place. */
export async function nameScope(scope: HookScope): Promise<NamedScope | undefined> {
  switch (scope.kind) {
    case 'district':
      return { name: '全区', owner: { kind: 'district' } }
    case 'community': {
      const found = await get(communityItem, keys.place('community', scope.id))
      return found && { name: found.name, owner: scope }
    }
    case 'compound': {
      const found = await get(compoundItem, keys.place('compound', scope.id))
      return found && { name: found.name, owner: { kind: 'community', id: found.communityId } }
    }
    case 'coop': {
      const found = await get(coopItem, keys.place('coop', scope.id))
      return found && { name: found.name, owner: scope }
    }
  }
}

export function ownerOf({ scope, communityId }: Pick<HookItem, 'scope' | 'communityId'>): HookOwner {
  if (scope.kind === 'coop') return scope
  return communityId === undefined ? { kind: 'district' } : { kind: 'community', id: communityId }
}

export function getScope(scope: HookScope): Promise<HookScopeItem | undefined> {
  return get(hookScopeItem, hookKeys.scope(scope.kind, scopeId(scope)))
}

/** The subscriptions of scopes (pattern 121), as they are this moment: those that ended are not in it. */
export async function hooksOf(scopes: readonly HookScope[]): Promise<readonly HookItem[]> {
  const byKey = new Map(scopes.map((scope) => [`${scope.kind} ${scopeId(scope)}`, scope]))
  const wanted = [...byKey.values()].map((scope) => hookKeys.scope(scope.kind, scopeId(scope)))
  const found = await batchGet(hookScopeItem, wanted)
  return batchGet(
    hookItem,
    found.flatMap(({ hookIds }) => hookIds.map((hookId) => hookKeys.hook(hookId))),
  )
}

/** With its keys and its place in the scope, or not at all; false when somebody changed the scope meanwhile. */
export async function saveNewHook(
  hook: HookItem,
  signing: HookKeysItem,
  scope: HookScopeItem | undefined,
): Promise<boolean> {
  const found = hookIndex.hooks(ownerName(ownerOf(hook)), hook.hookId)
  const listed = [...(scope?.hookIds ?? []), hook.hookId]
  const saved = await transact([
    { put: { ...hookKeys.hook(hook.hookId), ...found, ...hookItem.parse(hook) }, condition: NOT_EXISTS },
    { put: { ...hookKeys.signing(hook.hookId), ...hookKeysItem.parse(signing) }, condition: NOT_EXISTS },
    scopeWrite(hook.scope, scope, listed),
  ])
  return saved.kind === 'done'
}

function scopeWrite(scope: HookScope, before: HookScopeItem | undefined, hookIds: readonly string[]): Write {
  const item = hookScopeItem.parse({
    ...{ entity: 'hookScope', v: 1, kind: scope.kind, scopeId: scopeId(scope) },
    ...{ hookIds, revision: (before?.revision ?? 0) + 1 },
  })
  const put = { ...hookKeys.scope(item.kind, item.scopeId), ...item }
  if (before === undefined) return { put, condition: NOT_EXISTS }
  return { put, condition: 'revision = :was', expression: { values: { ':was': before.revision } } }
}

const words = (...all: string[]) => Object.fromEntries(all.map((word) => [`#${word}`, word]))
const NOT_ENDED = '#state <> :ended'

type Wanted = Pick<HookItem, 'name' | 'url' | 'types' | 'envelope'>

/** As its editor saw it, or not at all. A new address begins anew: what is known of the old one does not count. */
export async function saveSettings(hook: HookItem, wanted: Wanted, now: Instant): Promise<boolean> {
  const { name, url, types, envelope } = wanted
  const anew = hook.url === url ? '' : ', #onSince = :now REMOVE #failingSince, #lastSuccessAt, #restUntil'
  const saved = await transact([
    {
      update: hookKeys.hook(hook.hookId),
      set: `SET #name = :name, #url = :url, #types = :types, #envelope = :envelope, #version = :next${anew}`,
      condition: `#version = :was AND ${NOT_ENDED}`,
      expression: {
        names: words(
          ...['name', 'url', 'types', 'envelope', 'version', 'state'],
          ...(anew === '' ? [] : ['onSince', 'failingSince', 'lastSuccessAt', 'restUntil']),
        ),
        values: {
          ...{
            ':name': name,
            ':url': url,
            ':types': types,
            ':envelope': envelope,
            ':was': hook.version,
            ':next': hook.version + 1,
          },
          ...{ ':ended': 'ended', ...(anew === '' ? {} : { ':now': now }) },
        },
      },
    },
  ])
  return saved.kind === 'done'
}

/** On again it begins anew: three days of failing are counted from here. */
export async function turnOn(hookId: string, now: Instant): Promise<void> {
  await transact([
    {
      update: hookKeys.hook(hookId),
      set: 'SET #state = :on, #onSince = :now REMOVE #offReason, #offAt, #failingSince, #restUntil',
      condition: '#state = :off',
      expression: {
        names: words('state', 'onSince', 'offReason', 'offAt', 'failingSince', 'restUntil'),
        values: { ':on': 'on', ':off': 'off', ':now': now },
      },
    },
  ])
}

export async function turnOff(hookId: string, now: Instant): Promise<void> {
  await transact([turnedOff(hookId, 'by-hand', now)])
}

type And = {
  readonly condition: string
  readonly names: Record<string, string>
  readonly values: Record<string, unknown>
}
function turnedOff(hookId: string, reason: HookItem['offReason'], now: Instant, and?: And): Write {
  return {
    update: hookKeys.hook(hookId),
    set: 'SET #state = :off, #offReason = :reason, #offAt = :now',
    condition: `#state = :on${and === undefined ? '' : ` AND ${and.condition}`}`,
    expression: {
      names: { ...words('state', 'offReason', 'offAt'), ...and?.names },
      values: { ':on': 'on', ':off': 'off', ':reason': reason, ':now': now, ...and?.values },
    },
  }
}

/** Whoever set it up is told, for nobody else turned it off. */
const tellOwner = ({ hookId, name, createdBy }: HookItem, now: Instant): Write =>
  tellPerson(createdBy, { kind: 'hook-off', at: now, of: hookId, hookId, hookName: name })

/** The receiver said that it wants no more; of an address that was changed since, that says nothing. */
export async function turnOffGone(hook: HookItem, now: Instant): Promise<void> {
  const and = { condition: '#url = :url', names: words('url'), values: { ':url': hook.url } }
  await transact([turnedOff(hook.hookId, 'gone', now, and), tellOwner(hook, now)])
}

/** A delivery was given up: unless something arrived there within three days, nothing more is sent. */
export async function turnOffIfFailing(hook: HookItem, now: Instant): Promise<boolean> {
  const long = { ':url': hook.url, ':ago': plusMs(now, -FAILING_MAX_MS) }
  const condition =
    '#url = :url AND #onSince <= :ago AND (attribute_not_exists(#lastSuccessAt) OR #lastSuccessAt <= :ago)'
  const and = { condition, names: words('url', 'onSince', 'lastSuccessAt'), values: long }
  return (await transact([turnedOff(hook.hookId, 'failing', now, and), tellOwner(hook, now)])).kind === 'done'
}

/** A success is noted every so often: a subscription that goes well is not written with each delivery. */
const NOTED_EVERY_MS = 10 * MINUTE_MS

export async function noteSuccess({ hookId, url, failingSince, lastSuccessAt }: HookItem, now: Instant): Promise<void> {
  const isFresh = lastSuccessAt !== undefined && lastSuccessAt > plusMs(now, -NOTED_EVERY_MS)
  if (isFresh && failingSince === undefined) return
  await transact([
    {
      update: hookKeys.hook(hookId),
      set: 'SET #lastSuccessAt = :now REMOVE #failingSince, #restUntil',
      condition: `#url = :url AND ${NOT_ENDED}`,
      expression: {
        names: words('lastSuccessAt', 'failingSince', 'restUntil', 'state', 'url'),
        values: { ':now': now, ':ended': 'ended', ':url': url },
      },
    },
  ])
}

/** Since when it fails, and how long its receiver asked to be left alone. */
export async function noteFailure(
  { hookId, url, failingSince }: HookItem,
  now: Instant,
  askedMs: number,
): Promise<void> {
  if (failingSince !== undefined && askedMs === 0) return
  await transact([
    {
      update: hookKeys.hook(hookId),
      set: `SET #failingSince = if_not_exists(#failingSince, :now)${askedMs > 0 ? ', #restUntil = :until' : ''}`,
      condition: `#url = :url AND ${NOT_ENDED}`,
      expression: {
        names: words('failingSince', 'state', 'url', ...(askedMs > 0 ? ['restUntil'] : [])),
        values: {
          ...{ ':now': now, ':ended': 'ended', ':url': url },
          ...(askedMs > 0 ? { ':until': plusMs(now, Math.min(askedMs, RETRY_AFTER_MAX_MS)) } : {}),
        },
      },
    },
  ])
}

/** Out of its scope and without keys in one write: from here on nothing is queued for it, and nothing is sent. */
export async function endHook(hook: HookItem, scope: HookScopeItem | undefined): Promise<boolean> {
  const left = (scope?.hookIds ?? []).filter((hookId) => hookId !== hook.hookId)
  const ended = await transact([
    {
      update: hookKeys.hook(hook.hookId),
      set: 'SET #state = :ended',
      condition: NOT_ENDED,
      expression: { names: words('state'), values: { ':ended': 'ended' } },
    },
    { delete: hookKeys.signing(hook.hookId), condition: EXISTS },
    scopeWrite(hook.scope, scope, left),
  ])
  return ended.kind === 'done'
}

/** The keys as they were read, or not at all. */
export async function saveKeys(before: HookKeysItem, after: readonly HookKeysItem['keys'][number][]): Promise<boolean> {
  const item = hookKeysItem.parse({ ...before, keys: after, revision: before.revision + 1 })
  const saved = await transact([
    {
      put: { ...hookKeys.signing(before.hookId), ...item },
      condition: 'revision = :was',
      expression: { values: { ':was': before.revision } },
    },
  ])
  return saved.kind === 'done'
}

/** Keeps tests apart: no two within some seconds, whoever asks. */
export async function takeTest(hookId: string, now: Instant, pauseMs: number): Promise<boolean> {
  const taken = await transact([
    {
      update: hookKeys.hook(hookId),
      set: 'SET #testedAt = :now',
      condition: `${NOT_ENDED} AND (attribute_not_exists(#testedAt) OR #testedAt <= :before)`,
      expression: {
        names: words('testedAt', 'state'),
        values: { ':now': now, ':before': plusMs(now, -pauseMs), ':ended': 'ended' },
      },
    },
  ])
  return taken.kind === 'done'
}

/** The last of one that ended, when nothing is left of its log. */
export async function forgetHook(hookId: string): Promise<void> {
  await transact([
    { delete: hookKeys.replay(hookId), condition: ALWAYS },
    {
      delete: hookKeys.hook(hookId),
      condition: '#state = :ended',
      expression: { names: words('state'), values: { ':ended': 'ended' } },
    },
  ])
}
