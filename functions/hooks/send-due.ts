import { ATTEMPT_MS, restUntil, TRIES_MAX } from '#shared/domain/hooks/schedule.ts'
import { now as clock } from '#functions/platform/clock.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { log } from '#functions/platform/log.ts'
import type { HookDeliveryItem } from '#functions/platform/table/items/hooks.ts'
import { attempt } from './attempt.ts'
import { claim, DUE_SHARDS, move, pageOfDue } from './delivery-store.ts'

const SENT_AT_ONCE_A_SHARD = 8
/** A receiver that failed so often in a row in one run rests. */
const FAILURES_IN_A_ROW_MAX = 3

type Rest = { inARow: number; askedMs: number }

/** Sends what is due. One receiver that fails, or hangs, holds up nobody but itself, and those of its shard for one attempt. */
export async function sendDue(canBegin: () => boolean) {
  const counts = { delivered: 0, later: 0, failed: 0, skipped: 0, rested: 0 }
  const rests = new Map<string, Rest>()
  const shards = Array.from({ length: DUE_SHARDS }, (_none, shard) => shard)
  await inParallel(shards, DUE_SHARDS, async (shard) => {
    let cursor: string | undefined
    do {
      const page = await pageOfDue(shard, clock(), cursor)
      await inParallel(page.items, SENT_AT_ONCE_A_SHARD, async (due) => {
        if (!canBegin()) return
        // One that cannot be handled must not keep the others waiting.
        try {
          const became = await sendOne(due, rests)
          if (became !== undefined) counts[became]++
        } catch (error) {
          const { hookId, webhookId } = due
          log('error', 'delivery not handled', { hookId, webhookId, why: error instanceof Error ? error.name : '' })
        }
      })
      cursor = page.nextCursor
    } while (cursor !== undefined && canBegin())
  })
  return counts
}

async function sendOne(due: HookDeliveryItem, rests: Map<string, Rest>) {
  const rest = rests.get(due.hookId) ?? { inARow: 0, askedMs: 0 }
  rests.set(due.hookId, rest)
  if (rest.inARow >= FAILURES_IN_A_ROW_MAX || rest.askedMs > 0) {
    await move(due, { ...due, nextAt: restUntil(clock(), Math.random(), rest.askedMs) })
    return 'rested'
  }
  if (due.tries >= TRIES_MAX) {
    await move(due, { ...due, state: 'failed', endedAt: clock() })
    return 'failed'
  }
  const ours = await claim(due, clock())
  // Another run has it.
  if (ours === undefined) return undefined
  const { kind, askedMs } = await attempt(ours, ours.tries, ATTEMPT_MS)
  if (kind === 'rested') return kind
  rest.inARow = kind === 'later' || kind === 'failed' ? rest.inARow + 1 : 0
  rest.askedMs = Math.max(rest.askedMs, askedMs)
  return kind
}
