import type { OrderView } from '#shared/contracts/orders.ts'
import { placedForItem } from '#functions/platform/table/items/orders.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { ALWAYS, transact } from '#functions/platform/table/table.ts'

/**
 * Where the compound's workers find it. Not in the transaction that places the order, which stays as small as any other; the
 * household finds it by an index of that one.
 */
export async function keepPlacedFor(compoundId: string, { orderId, placedAt }: OrderView): Promise<void> {
  const item = placedForItem.parse({ entity: 'placedFor', v: 1, orderId, compoundId })
  await transact([{ put: { ...keys.placedFor(compoundId, placedAt, orderId), ...item }, condition: ALWAYS }])
}
