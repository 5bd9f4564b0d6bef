import type { SaleReversed } from '#shared/contracts/events.ts'
import { assert } from '#shared/kernel/assert.ts'
import { isCash } from '#shared/kernel/cash.ts'
import type { LineRefund, ShareRefund } from '#shared/domain/payments/decide-refund.ts'
import { type Instant, shanghaiDay } from '#shared/kernel/time.ts'
import type { ProviderRefund } from '#functions/platform/payments/port.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import {
  lineDroppedAttribute,
  lineHandOutAttribute,
  lineRefundAttribute,
  type OrderItem,
  orderItem,
  type RefundItem,
} from '#functions/platform/table/items/orders.ts'
import { tellHousehold } from '#functions/platform/table/notices.ts'
import { failedRefundId } from '#functions/platform/table/parked-id.ts'
import { get, NOT_EXISTS, transact, type Write } from '#functions/platform/table/table.ts'
import { watchSettlement } from '#functions/platform/table/watch-settlement.ts'
import { parkWrite } from './payment-store.ts'

/** The refund, the order, the notice, and for each share itself, its reversal, and that its statement has to be looked at. */
export const refundWriteCount = (shares: number): number => 3 + 3 * shares

/**
 * Decides a refund for good, in one transaction: the refund, the order's and shares' sums, each line's sum, and one
 * reversal per share. Its conditions refuse whatever would give back more than was paid: then read again.
 */
export async function saveRefund(
  order: OrderItem,
  refund: RefundItem,
  shares: readonly ShareRefund[],
  amounts: ReadonlyMap<string, number>,
  /** What has to happen in the same instant. */
  beside: readonly Write[] = [],
  /** It decides a claim about its one share: the share has one less that waits. */
  { closesClaim = false }: { readonly closesClaim?: boolean } = {},
) {
  const { refundId, decidedAt } = refund
  assert(order.paidAt !== undefined, 'only a paid order is refunded')
  const saleDay = shanghaiDay(order.paidAt)
  const writes: Write[] = [
    {
      // A refund that the bank has taken already is not asked for.
      put: {
        ...keys.refund(order.orderId, refundId),
        ...(refund.state === 'decided' ? waitsOn(order, refund) : {}),
        ...refund,
        lines: shares.flatMap((share) => share.lines.map((line) => lineOf(share, line))),
      },
      condition: NOT_EXISTS,
    },
    {
      update: keys.order(order.orderId),
      set: 'SET #refundedFen = #refundedFen + :amount',
      // Portions that a claim gives back are counted from the order's refunds: no other may have come since they were read.
      condition: `#state = :paid AND ${closesClaim ? '#refundedFen = :was' : '#refundedFen <= :room'}`,
      expression: {
        names: { '#refundedFen': 'refundedFen', '#state': 'state' },
        values: {
          ':amount': refund.amountFen,
          ':paid': 'paid',
          ...(closesClaim ? { ':was': order.refundedFen } : { ':room': order.amountFen - refund.amountFen }),
        },
      },
    },
    ...shares.map((share) => shareWrite(order.orderId, share, amounts.get(share.saleId) ?? 0, closesClaim)),
    ...shares.map((share, n): Write => {
      const event: SaleReversed = {
        type: 'sale.reversed.v1',
        reversalId: `${refundId}.${n + 1}`,
        saleId: share.saleId,
        saleDay,
        compoundId: order.compoundId,
        amountFen: share.amountFen,
        reason: refund.reason,
        occurredAt: decidedAt,
      }
      return {
        put: {
          ...keys.event(order.compoundId, shanghaiDay(decidedAt), event.type, event.reversalId),
          entity: 'event',
          v: 1,
          ...event,
        },
        condition: NOT_EXISTS,
      }
    }),
    refundNotice(order, refund, shares, closesClaim),
  ]
  const settled = shares.filter((share) => share.isSettled)
  const looks = settled.map(({ groupBuyId }) => watchSettlement(groupBuyId, `${order.orderId}.${refundId}`, decidedAt))
  return transact([...writes, ...looks, ...beside])
}

/** The list on which it waits: to be asked of the provider, or to be handed back at the desk where it was paid. */
function waitsOn({ communityId }: OrderItem, { refundId, decidedAt, paymentId }: RefundItem) {
  return isCash(paymentId) ? index.cashDue(communityId, decidedAt, refundId) : index.openRefunds(decidedAt, refundId)
}

/** What failed and what was claimed is told as what it is, with the money that goes back for it: one fact, one notice. */
function refundNotice(
  order: OrderItem,
  refund: RefundItem,
  shares: readonly ShareRefund[],
  closesClaim: boolean,
): Write {
  const { refundId, decidedAt, reason, amountFen } = refund
  const [share, ...others] = shares
  const kind = closesClaim ? 'claim-decided' : reason === 'failed-group' ? 'group-buy-failed' : 'refunded'
  const groupBuyId = others.length === 0 ? share?.groupBuyId : undefined
  const inCash = isCash(order.paidBy) ? { inCash: true as const } : {}
  return tellHousehold(order, { kind, at: decidedAt, of: refundId, amountFen, reason, groupBuyId, ...inCash })
}

function lineOf({ saleId }: ShareRefund, { line: { lineId }, amountFen, portions, why }: LineRefund) {
  return { saleId, lineId, amountFen, ...(portions === 0 ? {} : { portions }), ...(why === undefined ? {} : { why }) }
}

function shareWrite(orderId: string, share: ShareRefund, shareAmountFen: number, closesClaim: boolean): Write {
  const names: Record<string, string> = { '#refundedFen': 'refundedFen' }
  const values: Record<string, unknown> = {
    ':amount': share.amountFen,
    ':room': shareAmountFen - share.amountFen,
    ':zero': 0,
  }
  const sets = ['#refundedFen = #refundedFen + :amount']
  // What is settled may be stated: whoever believed that it is not yet has to look again.
  names['#settledAt'] = 'settledAt'
  const conditions = ['#refundedFen <= :room', `attribute_${share.isSettled ? '' : 'not_'}exists(#settledAt)`]
  if (closesClaim) {
    names['#open'] = 'openClaims'
    values[':one'] = 1
    sets.push('#open = #open - :one')
    conditions.push('#open >= :one')
  }
  share.lines.forEach(({ line, amountFen, portions, why }, at) => {
    names[`#r${at}`] = lineRefundAttribute(line.lineId)
    values[`:r${at}`] = amountFen
    values[`:room${at}`] = line.amountFen - amountFen
    sets.push(`#r${at} = if_not_exists(#r${at}, :zero) + :r${at}`)
    conditions.push(`(attribute_not_exists(#r${at}) OR #r${at} <= :room${at})`)
    if (portions === 0 && why?.kind !== 'claim') return
    // The money was computed for these portions from what was refunded before: nothing else may have gone back since.
    values[`:was${at}`] = line.refundedFen
    conditions.push(
      line.refundedFen === 0 ? `(attribute_not_exists(#r${at}) OR #r${at} = :was${at})` : `#r${at} = :was${at}`,
    )
    if (portions === 0) return
    // What was handed out or dropped meanwhile cannot be dropped as well.
    names[`#d${at}`] = lineDroppedAttribute(line.lineId)
    names[`#h${at}`] = lineHandOutAttribute(line.lineId)
    values[`:d${at}`] = line.dropped
    values[`:h${at}`] = line.handedOut
    values[`:after${at}`] = line.dropped + portions
    sets.push(`#d${at} = :after${at}`)
    for (const [name, was] of [
      [`#d${at}`, line.dropped],
      [`#h${at}`, line.handedOut],
    ] as const) {
      const value = name.replace('#', ':')
      conditions.push(was === 0 ? `(attribute_not_exists(${name}) OR ${name} = ${value})` : `${name} = ${value}`)
    }
  })
  return {
    update: keys.share(share.groupBuyId, orderId),
    set: `SET ${sets.join(', ')}`,
    condition: conditions.join(' AND '),
    expression: { names, values },
  }
}

/** Writes down what the provider says of a refund. A failed one stays open and goes on the list of money to see to. */
export async function keepProviderRefund(
  refund: RefundItem,
  said: Pick<ProviderRefund, 'providerRefundId' | 'state'>,
  at: Instant,
): Promise<void> {
  const state = said.state === 'pending' ? 'asked' : said.state
  if (refund.state === state && refund.providerRefundId === said.providerRefundId) return
  // `failed` is the provider's last word, and a card refund may still fail weeks after it succeeded, when the bank sends the
  // money back. Nothing else leaves `succeeded`: an older message that comes late changes nothing.
  const from = state === 'failed' ? '#state IN (:decided, :asked, :succeeded)' : '#state IN (:decided, :asked)'
  const ends = {
    asked: '',
    succeeded: ', #endedAt = :at REMOVE #gsi1pk, #gsi1sk',
    failed: `, #endedAt = :at${TO_DESK}`,
  }
  const order = state === 'failed' ? await orderOf(refund) : undefined
  const write: Write = {
    update: keys.refund(refund.orderId, refund.refundId),
    set: `SET #state = :state, #providerRefundId = :id${ends[state]}`,
    condition: from,
    expression: {
      names: {
        '#state': 'state',
        '#providerRefundId': 'providerRefundId',
        ...(state === 'asked' ? {} : { '#endedAt': 'endedAt', '#gsi1pk': 'GSI1PK', '#gsi1sk': 'GSI1SK' }),
      },
      values: {
        ':state': state,
        ':id': said.providerRefundId,
        ':decided': 'decided',
        ':asked': 'asked',
        ...(state === 'asked' ? {} : { ':at': at }),
        ...(order === undefined ? {} : { ':succeeded': 'succeeded', ...deskOf(order, refund) }),
      },
    },
  }
  if (order === undefined) {
    await transact([write])
    return
  }
  // It failed once and no more: what was handed back at the desk since then stays handed back.
  await transact([write, ...failedWrites(order, refund, at)])
}

/** It stands on the list of money to see to, and the household is told that it waits at the desk. */
function failedWrites(order: OrderItem, { paymentId, orderId, amountFen, refundId }: RefundItem, at: Instant): Write[] {
  return [
    parkWrite({ paymentId, orderId, amountFen, currency: 'cny' }, failedRefundId(refundId), 'refund-failed', at),
    tellHousehold(order, { kind: 'refund-failed', at, of: refundId, amountFen }),
  ]
}

const TO_DESK = ', #gsi1pk = :deskPk, #gsi1sk = :deskSk'

/** What cannot go back the way it came waits at the desk of its community. */
function deskOf({ communityId }: OrderItem, { refundId, decidedAt }: RefundItem) {
  const { GSI1PK, GSI1SK } = index.cashDue(communityId, decidedAt, refundId)
  return { ':deskPk': GSI1PK, ':deskSk': GSI1SK }
}

async function orderOf({ orderId }: RefundItem): Promise<OrderItem> {
  const order = await get(orderItem, keys.order(orderId))
  assert(order !== undefined, 'a refund has its order')
  return order
}

type Ended =
  | { readonly from: 'decided'; readonly providerRefundId: string }
  | { readonly from: 'failed'; readonly providerRefundId: string }
  | { readonly from: 'failed'; readonly cashMoveId: string }

/** A refund that has reached the buyer, and waits on no list any more. */
export function endedWrite({ orderId, refundId }: RefundItem, ended: Ended, at: Instant): Write {
  const [how, id] =
    'cashMoveId' in ended ? ['cashMoveId', ended.cashMoveId] : ['providerRefundId', ended.providerRefundId]
  return {
    update: keys.refund(orderId, refundId),
    set: 'SET #state = :succeeded, #how = :id, #endedAt = :at REMOVE #gsi1pk, #gsi1sk',
    condition: '#state = :from',
    expression: {
      names: { '#state': 'state', '#how': how, '#endedAt': 'endedAt', '#gsi1pk': 'GSI1PK', '#gsi1sk': 'GSI1SK' },
      values: { ':succeeded': 'succeeded', ':from': ended.from, ':id': id, ':at': at },
    },
  }
}

/** The provider refuses for good: it is asked no more, and the money goes onto the list to be paid another way. */
export async function keepRefused(refund: RefundItem, at: Instant): Promise<void> {
  const order = await orderOf(refund)
  const write: Write = {
    update: keys.refund(refund.orderId, refund.refundId),
    set: `SET #state = :failed, #endedAt = :at${TO_DESK}`,
    condition: '#state = :decided',
    expression: {
      names: { '#state': 'state', '#endedAt': 'endedAt', '#gsi1pk': 'GSI1PK', '#gsi1sk': 'GSI1SK' },
      values: { ':failed': 'failed', ':decided': 'decided', ':at': at, ...deskOf(order, refund) },
    },
  }
  await transact([write, ...failedWrites(order, refund, at)])
}
