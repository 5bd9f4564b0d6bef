import { decideClosing, type ClosingDecision } from '#shared/domain/group-buys/decide-closing.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { log } from '#functions/platform/log.ts'
import type { GroupBuyItem } from '#functions/platform/table/items/group-buys.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { transact, type Write } from '#functions/platform/table/table.ts'
import { loadSold } from './sold-shares.ts'
import { loadGroupBuy } from './store.ts'

/** `waiting`: somebody may still pay; `nothing`: it is not closing, or somebody else decided it. */
export type Decided = 'decided' | 'waiting' | 'nothing'

/**
 * Decides a closed group buy: does it take place, and what does a portion cost. The decision is one write, made once, with
 * the figures it stands on; confirming, giving back and refunding follow it and may be cut off and repeated at will.
 */
export async function decideGroupBuy(groupBuyId: string, now: Instant): Promise<Decided> {
  const loaded = await loadGroupBuy(groupBuyId)
  if (loaded === undefined || loaded.groupBuy.state !== 'closing') return 'nothing'
  const sold = await loadSold(groupBuyId)
  if (sold.kind === 'in-flight') {
    log('info', 'orders in flight', { groupBuyId, orders: sold.orders })
    return 'waiting'
  }
  const decision = decideClosing(loaded.groupBuy.success, loaded.offers, sold.shares)
  const saved = await transact(decidedWrites(loaded.groupBuy, decision, now))
  return saved.kind === 'done' ? 'decided' : 'nothing'
}

function decidedWrites(
  { groupBuyId }: GroupBuyItem,
  { outcome, sums, finalPrices }: ClosingDecision,
  now: Instant,
): Write[] {
  const found = index.watchedGroupBuys(now, groupBuyId)
  return [
    {
      update: keys.groupBuy(groupBuyId),
      set: 'SET #state = :outcome, #decided = :decided, #finalPrices = :finalPrices',
      condition: '#state = :closing',
      expression: {
        names: { '#state': 'state', '#decided': 'decided', '#finalPrices': 'finalPrices' },
        values: {
          ':outcome': outcome,
          ':closing': 'closing',
          ':decided': { decidedAt: now, ...sums },
          ':finalPrices': Object.fromEntries(finalPrices),
        },
      },
    },
    {
      update: keys.groupBuyWatch(groupBuyId),
      set: 'SET due = :refund, dueAt = :at, GSI1PK = :pk, GSI1SK = :sk',
      condition: 'due = :decide',
      expression: {
        values: { ':refund': 'refund', ':decide': 'decide', ':at': now, ':pk': found.GSI1PK, ':sk': found.GSI1SK },
      },
    },
  ]
}
