import type { SoldShare } from '#shared/domain/group-buys/decide-closing.ts'
import {
  type OrderItem,
  orderItem,
  owedLines,
  type ShareItem,
  shareItem,
} from '#functions/platform/table/items/orders.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { batchGet, query } from '#functions/platform/table/table.ts'

const PAGE = 500

/** Orders of a group buy that may still be paid: nothing can be decided before they have ended. */
export type InFlight = { readonly kind: 'in-flight'; readonly orders: number }
export type Sold = { readonly kind: 'sold'; readonly shares: readonly SoldShare[] }

/**
 * What was sold, from shares and orders read consistently. All stock is closed by now, so no share is added any more,
 * and an order that has ended never begins again: what is found without anything in flight stays as it is, but for refunds.
 */
export async function loadSold(groupBuyId: string): Promise<Sold | InFlight> {
  const sold: SoldShare[] = []
  let inFlight = 0
  let cursor: string | undefined
  do {
    const page = await query(shareItem, { pk: keys.groupBuy(groupBuyId).PK, prefix: 'SHARE#', limit: PAGE, cursor })
    const shares = page.items.filter((share) => share.state !== 'failed')
    const orders = await ordersOf(shares)
    inFlight += shares.filter((share) => mayStillBePaid(orders.get(share.orderId))).length
    const paid = shares.filter((share) => orders.get(share.orderId)?.state === 'paid')
    // Nobody counts while somebody may still pay.
    if (inFlight === 0) sold.push(...paid.map(soldShare))
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return inFlight > 0 ? { kind: 'in-flight', orders: inFlight } : { kind: 'sold', shares: sold }
}

function mayStillBePaid(order: OrderItem | undefined): boolean {
  return order?.state === 'pending_payment' || order?.state === 'expiring'
}

async function ordersOf(shares: readonly ShareItem[]): Promise<Map<string, OrderItem>> {
  const orders = await batchGet(
    orderItem,
    shares.map((share) => keys.order(share.orderId)),
  )
  return new Map(orders.map((order) => [order.orderId, order]))
}

function soldShare(share: ShareItem): SoldShare {
  return { householdId: share.householdId, lines: owedLines(share) }
}
