import { type DisputeMarkItem, disputeMarkItem } from '#functions/platform/table/items/orders.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get, transact, type Write } from '#functions/platform/table/table.ts'
import type { DisputeFact } from '#functions/platform/payments/port.ts'

/**
 * Beside a payment: that its buyer has gone to the bank, and how it ended. Lost is for good, news that come late change
 * nothing, and only the dispute that is marked can be won.
 */
export async function markDispute(
  { disputeId, paymentId }: Pick<DisputeFact, 'disputeId' | 'paymentId'>,
  state: DisputeMarkItem['state'],
): Promise<void> {
  const item = disputeMarkItem.parse({ entity: 'disputeMark', v: 1, paymentId, disputeId, state })
  const names = { '#state': 'state', '#id': 'disputeId' }
  const condition = {
    lost: 'attribute_not_exists(PK) OR attribute_exists(PK)',
    open: 'attribute_not_exists(PK) OR (#state <> :lost AND #id <> :id)',
    won: 'attribute_not_exists(PK) OR (#state <> :lost AND #id = :id)',
  }[state]
  const expression = state === 'lost' ? {} : { expression: { names, values: { ':lost': 'lost', ':id': disputeId } } }
  await transact([{ put: { ...keys.disputeMark(paymentId), ...item }, condition, ...expression }])
}

export async function isDisputed(paymentId: string): Promise<boolean> {
  const mark = await get(disputeMarkItem, keys.disputeMark(paymentId))
  return mark !== undefined && mark.state !== 'won'
}

/** For the transaction that pays a buyer back: not while the bank has, or may have, done it. */
export function notDisputedWrite(paymentId: string): Write {
  return {
    check: keys.disputeMark(paymentId),
    condition: 'attribute_not_exists(PK) OR #state = :won',
    expression: { names: { '#state': 'state' }, values: { ':won': 'won' } },
  }
}
