import type { HookDelivery, HookReplay, HookView, OneHook } from '#shared/contracts/hooks.ts'
import { keysInUse } from '#shared/domain/hooks/keys.ts'
import { assert } from '#shared/kernel/assert.ts'
import type { Instant } from '#shared/kernel/time.ts'
import type { HookDeliveryItem, HookItem, HookKeysItem, HookReplayItem } from '#functions/platform/table/items/hooks.ts'
import { getKeys, getReplay } from './hook-store.ts'

export function hookView(hook: HookItem): HookView {
  const { hookId, name, scope, scopeName, url, types, envelope, state, offReason, offAt } = hook
  assert(state !== 'ended', 'nobody sees what has ended')
  const { failingSince, lastSuccessAt, createdAt, version } = hook
  return {
    ...{ hookId, name, scope, scopeName, url, types, envelope, state, createdAt, version },
    ...(offReason === undefined ? {} : { offReason }),
    ...(offAt === undefined ? {} : { offAt }),
    ...(failingSince === undefined ? {} : { failingSince }),
    ...(lastSuccessAt === undefined ? {} : { lastSuccessAt }),
  }
}

/** Of the keys only what everybody may know. */
export async function oneHookView(hook: HookItem, now: Instant, known?: HookKeysItem): Promise<OneHook> {
  const [signing, replay] = await Promise.all([known ?? getKeys(hook.hookId), getReplay(hook.hookId)])
  const publicKeys = keysInUse(signing?.keys ?? [], now).map(({ publicKey, madeAt, endsAt }) => ({
    ...{ publicKey, madeAt },
    ...(endsAt === undefined ? {} : { endsAt }),
  }))
  return { ...hookView(hook), publicKeys, ...(replay === undefined ? {} : { replay: replayView(replay) }) }
}

function replayView({ fromAt, toAt, which, state, queued, reachedAt, startedAt }: HookReplayItem): HookReplay {
  return { fromAt, toAt, which, state, queued, startedAt, ...(reachedAt === undefined ? {} : { reachedAt }) }
}

export function deliveryView(delivery: HookDeliveryItem): HookDelivery {
  const { deliveryId, webhookId, type, timestamp, envelope, state, tries, nextAt, payload, attempts } = delivery
  return {
    ...{ deliveryId, webhookId, type, timestamp, envelope, state, tries, payload, attempts },
    ...(state === 'due' ? { nextAt } : {}),
  }
}
