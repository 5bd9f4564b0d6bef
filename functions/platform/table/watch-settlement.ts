import type { Instant } from '#shared/kernel/time.ts'
import { settlementWatchItem } from './items/settlement.ts'
import { index, keys } from './keys.ts'
import { ALWAYS, type Write } from './table.ts'

/**
 * Something happened to money of a group buy that was settled, or is just now: its statement has to be looked at. `revision`
 * names what happened. Whoever looks at the same time cannot end the watch any more.
 */
export function watchSettlement(groupBuyId: string, revision: string, at: Instant): Write {
  return {
    put: {
      ...keys.settlementWatch(groupBuyId),
      ...index.watchedSettlements(at, groupBuyId),
      ...settlementWatchItem.parse({
        ...{ entity: 'settlementWatch', v: 1, groupBuyId, dueAt: at, revision, waits: 0 },
      }),
    },
    condition: ALWAYS,
  }
}
