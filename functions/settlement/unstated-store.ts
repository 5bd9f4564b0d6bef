import { claimItem } from '#functions/platform/table/items/claims.ts'
import { groupBuyClaimItem } from '#functions/platform/table/items/claims.ts'
import { groupBuyItem, type GroupBuyItem } from '#functions/platform/table/items/group-buys.ts'
import { settlementPartitionItem } from '#functions/platform/table/items/settlement.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { batchGet, query } from '#functions/platform/table/table.ts'

const CLAIMS_LOOKED_AT = 100

/** Newest first (pattern 68), with those that have a statement left out. */
export async function pageOfUnstated(coopId: string, limit: number, cursor: string | undefined) {
  const pk = index.coopGroupBuys(coopId, '', '').GSI1PK
  const page = await query(groupBuyItem, { pk, index: 'GSI1', newestFirst: true, limit, cursor })
  const found = await batchGet(
    settlementPartitionItem,
    page.items.flatMap(({ groupBuyId }) => [keys.statement(groupBuyId, 1), keys.settlementWatch(groupBuyId)]),
  )
  const stated = new Set(found.flatMap((item) => (item.entity === 'statement' ? [item.groupBuyId] : [])))
  const watched = new Set(found.flatMap((item) => (item.entity === 'settlementWatch' ? [item.groupBuyId] : [])))
  const groupBuys = page.items.filter(({ groupBuyId }) => !stated.has(groupBuyId))
  return { groupBuys, watched, ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }) }
}

/** Claims that nobody has decided, of the latest hundred (pattern 69). */
export async function openClaimsOf({ groupBuyId }: GroupBuyItem): Promise<number> {
  const pk = keys.groupBuyClaim(groupBuyId, '', '').PK
  const page = await query(groupBuyClaimItem, { pk, prefix: 'P-CLAIM#', limit: CLAIMS_LOOKED_AT, newestFirst: true })
  const claims = await batchGet(
    claimItem,
    page.items.map(({ orderId, claimId }) => keys.claim(orderId, claimId)),
  )
  return claims.filter(({ state }) => state === 'open').length
}
