import { type HookReplay, REPLAY_DELIVERIES_MAX } from '#shared/contracts/hooks.ts'
import { deliveryIdFrom } from '#shared/domain/hooks/delivery.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { hookReplayItem, type HookReplayItem } from '#functions/platform/table/items/hooks.ts'
import { hookIndex, hookKeys } from '#functions/platform/table/hook-keys.ts'
import { query, transact } from '#functions/platform/table/table.ts'

const RUNNING_A_TICK_MAX = 50

type NewReplay = Pick<HookReplay, 'fromAt' | 'toAt' | 'which'> & { readonly hookId: string; readonly replayId: string }

/** One at a time: false while another one is under way. */
export async function startReplay(wanted: NewReplay, now: Instant): Promise<boolean> {
  const item = hookReplayItem.parse({
    ...{ entity: 'hookReplay', v: 1, ...wanted, state: 'running', queued: 0, startedAt: now },
  })
  const started = await transact([
    {
      put: { ...hookKeys.replay(item.hookId), ...hookIndex.hookReplays(now, item.hookId), ...item },
      condition: 'attribute_not_exists(PK) OR #state <> :running',
      expression: { names: { '#state': 'state' }, values: { ':running': 'running' } },
    },
  ])
  return started.kind === 'done'
}

/** Replays that are under way (pattern 125), the oldest first. */
export async function runningReplays(): Promise<readonly HookReplayItem[]> {
  const { GSI1PK } = hookIndex.hookReplays('', '')
  const { items } = await query(hookReplayItem, { pk: GSI1PK, index: 'GSI1', limit: RUNNING_A_TICK_MAX })
  return items.filter(({ state }) => state === 'running')
}

/** Moves a replay on from where it was read: two who work at it do not both. */
export async function moveReplay(before: HookReplayItem, after: HookReplayItem): Promise<boolean> {
  const found = after.state === 'running' ? hookIndex.hookReplays(after.startedAt, after.hookId) : {}
  const was = before.after === undefined ? 'attribute_not_exists(#after)' : '#after = :after'
  const moved = await transact([
    {
      put: { ...hookKeys.replay(after.hookId), ...found, ...hookReplayItem.parse(after) },
      condition: `#replayId = :replayId AND #state = :running AND ${was}`,
      expression: {
        names: { '#replayId': 'replayId', '#state': 'state', '#after': 'after' },
        values: {
          ...{ ':replayId': before.replayId, ':running': 'running' },
          ...(before.after === undefined ? {} : { ':after': before.after }),
        },
      },
    },
  ])
  return moved.kind === 'done'
}

/** The names of deliveries that are still to be looked at; the one that was looked at last is among them. */
export function stretchOf({ fromAt, toAt, after }: HookReplayItem): readonly [string, string] {
  return [after ?? deliveryIdFrom(fromAt), `${deliveryIdFrom(toAt)}~`]
}

export const isFull = (queued: number): boolean => queued >= REPLAY_DELIVERIES_MAX
