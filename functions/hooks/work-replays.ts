import { TEST_TYPE } from '#shared/contracts/hooks-events.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { now as clock } from '#functions/platform/clock.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { log } from '#functions/platform/log.ts'
import type { HookDeliveryItem, HookReplayItem } from '#functions/platform/table/items/hooks.ts'
import { deliveriesBetween, queueAgain } from './delivery-store.ts'
import { getHook } from './hook-store.ts'
import { isFull, moveReplay, runningReplays, stretchOf } from './replay-store.ts'

const PAGE = 100
const WRITES_AT_ONCE = 16

/**
 * Queues again what is to be sent again, page by page. It may end anywhere and go on later, or be done twice at a time:
 * each delivery remembers the replay that queued it, and is queued by it once.
 */
export async function workReplays(canBegin: () => boolean) {
  const counts = { replayed: 0, replaysBroken: 0 }
  for (const found of await runningReplays()) {
    // One that cannot be gone on with must not keep the others waiting, nor what is due.
    try {
      counts.replayed += await goOn(found, canBegin)
    } catch (error) {
      counts.replaysBroken++
      const { hookId, replayId } = found
      log('error', 'replay not gone on with', { hookId, replayId, why: error instanceof Error ? error.name : '' })
    }
  }
  return counts
}

async function goOn(found: HookReplayItem, canBegin: () => boolean): Promise<number> {
  let replay: HookReplayItem | undefined = found
  let queued = 0
  while (replay?.state === 'running' && canBegin()) {
    const next: HookReplayItem = await onePage(replay, clock())
    queued += next.queued - replay.queued
    // Somebody else is at it, or it was begun anew: theirs goes on.
    replay = (await moveReplay(replay, next)) ? next : undefined
  }
  return queued
}

async function onePage(replay: HookReplayItem, now: Instant): Promise<HookReplayItem> {
  const { hookId, replayId, which } = replay
  if ((await getHook(hookId))?.state !== 'on') return { ...replay, state: 'stopped' }
  const [from, to] = stretchOf(replay)
  const page = await deliveriesBetween(hookId, from, to, PAGE)
  const wanted = page.items.filter((delivery) => isWanted(delivery, which) && delivery.replayId !== replayId)
  const queued = await inParallel(wanted, WRITES_AT_ONCE, (delivery) => queueAgain(delivery, now, replayId))
  const last = page.items.at(-1)
  const count = replay.queued + queued.filter(Boolean).length
  return {
    ...replay,
    queued: count,
    ...(last === undefined ? {} : { after: last.deliveryId, reachedAt: last.timestamp }),
    state: page.nextCursor === undefined ? 'done' : isFull(count) ? 'full' : 'running',
  }
}

/** Tests are for the moment; what is due is on its way anyway. */
function isWanted({ type, state }: HookDeliveryItem, which: HookReplayItem['which']): boolean {
  if (type === TEST_TYPE || state === 'due') return false
  return which === 'all' || state !== 'delivered'
}
