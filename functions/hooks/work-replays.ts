import { TEST_TYPE } from '#shared/contracts/hooks-events.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { now as clock } from '#functions/platform/clock.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
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
  let replayed = 0
  for (const found of await runningReplays()) {
    let replay: HookReplayItem | undefined = found
    while (replay?.state === 'running' && canBegin()) {
      const next: HookReplayItem = await onePage(replay, clock())
      replayed += next.queued - replay.queued
      // Somebody else is at it, or it was begun anew: theirs goes on.
      replay = (await moveReplay(replay, next)) ? next : undefined
    }
  }
  return { replayed }
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
