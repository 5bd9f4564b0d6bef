import type { Instant } from '#shared/kernel/time.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { limitAttribute, type OrderItem } from '#functions/platform/table/items/orders.ts'
import { transact, type Write } from '#functions/platform/table/table.ts'
import type { OrderParts } from '#functions/platform/table/order-partition.ts'

const STATE = { '#state': 'state' } as const

/**
 * First step of giving an order up: nobody may open a payment page for it any more, a payment that is under way may still
 * make it paid. Nobody's time is over before it is: the order may be held longer than it was when it was read. False when it
 * is not pending any more, or has time left.
 */
export async function markExpiring(order: OrderItem, endsAs: 'expired' | 'cancelled', at: Instant): Promise<boolean> {
  const isOver = endsAs === 'expired'
  const result = await transact([
    {
      update: keys.order(order.orderId),
      set: 'SET #state = :expiring, #endsAs = :endsAs',
      condition: `#state = :pending${isOver ? ' AND #expiresAt <= :at' : ''}`,
      expression: {
        names: { ...STATE, '#endsAs': 'endsAs', ...(isOver ? { '#expiresAt': 'expiresAt' } : {}) },
        values: {
          ...{ ':expiring': 'expiring', ':pending': 'pending_payment', ':endsAs': endsAs },
          ...(isOver ? { ':at': at } : {}),
        },
      },
    },
  ])
  return result.kind === 'done'
}

/**
 * Last step: the stock goes back to the buckets it came from and the household's limits are eased, once, in the
 * transaction that ends the order. False when the order was paid (or ended) meanwhile.
 */
export async function release({ order, lines }: OrderParts): Promise<boolean> {
  const writes: Write[] = [
    {
      update: keys.order(order.orderId),
      set: 'SET #state = :ended REMOVE #gsi1pk, #gsi1sk',
      condition: '#state = :expiring',
      expression: {
        names: { ...STATE, '#gsi1pk': 'GSI1PK', '#gsi1sk': 'GSI1SK' },
        values: { ':ended': order.endsAs ?? 'expired', ':expiring': 'expiring' },
      },
    },
  ]
  for (const share of lines.shares) {
    writes.push(failShare(share.groupBuyId, order.orderId), easeLimit(share, order.householdId))
    for (const line of share.lines) {
      for (const { n, quantity } of line.taken) {
        writes.push({
          update: keys.bucket(share.groupBuyId, line.offerId, n),
          set: 'SET #available = #available + :q',
          condition: 'attribute_exists(#available)',
          expression: { names: { '#available': 'available' }, values: { ':q': quantity } },
        })
      }
    }
  }
  const result = await transact(writes)
  if (result.kind === 'done') return true
  // Which write said no is not always told (another may have met a conflict in the same instant): the caller reads again.
  return false
}

function failShare(groupBuyId: string, orderId: string): Write {
  return {
    update: keys.share(groupBuyId, orderId),
    set: 'SET #state = :failed',
    condition: '#state = :reserved',
    expression: { names: STATE, values: { ':failed': 'failed', ':reserved': 'reserved' } },
  }
}

function easeLimit(share: OrderParts['lines']['shares'][number], householdId: string): Write {
  const names = Object.fromEntries(share.lines.map((line, at) => [`#q${at}`, limitAttribute(line.offerId)]))
  const values = Object.fromEntries(share.lines.map((line, at) => [`:q${at}`, line.quantity]))
  return {
    update: keys.limit(share.groupBuyId, householdId),
    set: `SET ${share.lines.map((_, at) => `#q${at} = #q${at} - :q${at}`).join(', ')}`,
    condition: share.lines.map((_, at) => `#q${at} >= :q${at}`).join(' AND '),
    expression: { names, values },
  }
}
