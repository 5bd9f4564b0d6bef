import type { OrderView } from '#shared/contracts/orders.ts'
import { placedForItem } from '#functions/platform/table/items/orders.ts'
import type { MembershipItem } from '#functions/platform/table/items/places.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { ALWAYS, transact } from '#functions/platform/table/table.ts'

/**
 * Where the compound's workers find it, and the leader who placed it. Not in the transaction that places the order, which
 * stays as small as any other; the household finds it by an index of that one.
 */
export async function keepPlacedFor(
  compoundId: string,
  { orderId, placedAt }: OrderView,
  leader: MembershipItem | undefined,
): Promise<void> {
  const item = placedForItem.parse({ entity: 'placedFor', v: 1, orderId, compoundId })
  const found = leader && index.leaderOrders(leader.scopeId, leader.personId, placedAt, orderId)
  await transact([{ put: { ...keys.placedFor(compoundId, placedAt, orderId), ...found, ...item }, condition: ALWAYS }])
}
