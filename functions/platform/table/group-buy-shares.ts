import { assert } from '#shared/kernel/assert.ts'
import { inParallel } from '../in-parallel.ts'
import { orderLinesItem, type OrderLinesItem, type SnapshotShare } from './items/order-lines.ts'
import { droppedOfLine, type OrderItem, orderItem, refundedOfLine, type ShareItem, shareItem } from './items/orders.ts'
import { keys } from './keys.ts'
import { batchGet, query } from './table.ts'

/** One document tells of all shares of a group buy; a group buy that grows beyond this needs another way to be told. */
export const GROUP_BUY_SHARES_MAX = 5_000
const PAGE = 500
const ORDERS_AT_ONCE = 100
const READS_AT_ONCE = 4

/** A paid share whose goods are still owed, with its order and what was bought; `lines` know what became of them since. */
export type PaidShare = {
  readonly order: OrderItem
  readonly share: ShareItem
  readonly bought: Pick<OrderLinesItem, 'compoundName' | 'householdLabel' | 'pickUpPoint'>
  readonly lines: readonly (SnapshotShare['lines'][number] & {
    readonly refundedFen: number
    readonly dropped: number
  })[]
}

export type GroupBuyShares = {
  readonly paid: readonly PaidShare[]
  /** Orders that a payment would still make paid: as long as there is one, the sums may grow. */
  readonly payableCount: number
}

/**
 * Pattern 13: shares whose goods are owed, of a whole group buy or of one compound, read consistently and without anything
 * else as far as they have left `reserved`: only a paid order's share does. For the others the order says.
 */
export async function loadOwedShares(groupBuyId: string, compoundId?: string) {
  const shares = (await loadAllShares(groupBuyId)).filter(
    (share) => isOwed(share) && (compoundId === undefined || share.compoundId === compoundId),
  )
  // Orders after their shares: one that is paid in between counts as paid, never the other way round.
  const reserved = shares.filter(({ state }) => state === 'reserved')
  const orders = new Map((await ordersOf(reserved)).map((order) => [order.orderId, order.state]))
  const stateOf = ({ state, orderId }: ShareItem) => (state === 'reserved' ? orders.get(orderId) : 'paid')
  return {
    paid: shares.filter((share) => stateOf(share) === 'paid'),
    payableCount: shares.filter((share) => ['pending_payment', 'expiring'].includes(stateOf(share) ?? '')).length,
  }
}

/** The same with the orders and with what was bought: for one compound at a time. */
export async function loadGroupBuyShares(groupBuyId: string, compoundId?: string): Promise<GroupBuyShares> {
  const { paid: owed, payableCount } = await loadOwedShares(groupBuyId, compoundId)
  const orders = new Map((await ordersOf(owed)).map((order) => [order.orderId, order]))
  const bought = await linesOf(owed)
  return {
    paid: owed.map((share) => paidShare(share, orders.get(share.orderId), bought.get(share.orderId))),
    payableCount,
  }
}

export async function linesOf(shares: readonly ShareItem[]): Promise<Map<string, OrderLinesItem>> {
  const bought = await inBatches(shares, (part) =>
    batchGet(
      orderLinesItem,
      part.map((share) => keys.orderLines(share.orderId)),
    ),
  )
  return new Map(bought.map((lines) => [lines.orderId, lines]))
}

function ordersOf(shares: readonly ShareItem[]): Promise<OrderItem[]> {
  return inBatches(shares, (part) =>
    batchGet(
      orderItem,
      part.map((share) => keys.order(share.orderId)),
    ),
  )
}

/** Of a share that failed, or whose money went back, nothing is harvested. */
function isOwed({ state }: ShareItem): boolean {
  return state !== 'failed' && state !== 'refunded'
}

function paidShare(share: ShareItem, order: OrderItem | undefined, bought: OrderLinesItem | undefined): PaidShare {
  const mine = bought?.shares.find(({ saleId }) => saleId === share.saleId)
  assert(order !== undefined && bought !== undefined && mine !== undefined, 'a paid share has its order and its lines')
  const lines = mine.lines.map((line) => ({
    ...line,
    refundedFen: refundedOfLine(share, line.lineId),
    dropped: droppedOfLine(share, line.lineId),
  }))
  const refundedFen = lines.reduce((sum, line) => sum + line.refundedFen, 0)
  assert(refundedFen === share.refundedFen, 'a share is refunded as far as its lines are')
  return { order, share, bought, lines }
}

/** States in which shares of a group buy are. */
export async function loadShareStates(groupBuyId: string): Promise<ReadonlySet<ShareItem['state']>> {
  return new Set((await loadAllShares(groupBuyId)).map((share) => share.state))
}

/** Every share there is, also of orders that were never paid. */
export async function loadAllShares(groupBuyId: string): Promise<ShareItem[]> {
  const all: ShareItem[] = []
  const { PK, SK } = keys.share(groupBuyId, '')
  let cursor: string | undefined
  do {
    const page = await query(shareItem, { pk: PK, prefix: SK, limit: PAGE, cursor })
    all.push(...page.items)
    assert(all.length <= GROUP_BUY_SHARES_MAX, `more than ${GROUP_BUY_SHARES_MAX} shares in a group buy`)
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return all
}

async function inBatches<Item, Found>(items: readonly Item[], read: (part: readonly Item[]) => Promise<Found[]>) {
  const parts: Item[][] = []
  for (let from = 0; from < items.length; from += ORDERS_AT_ONCE) parts.push(items.slice(from, from + ORDERS_AT_ONCE))
  return (await inParallel(parts, READS_AT_ONCE, read)).flat()
}
