import { createHash, randomBytes } from 'node:crypto'
import { PAY_LINKS_MAX } from '#shared/domain/payments/pay-link.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { type OrderItem, longerHoldItem, orderItem, payLinkItem } from '#functions/platform/table/items/orders.ts'
import { loadOrderParts, type OrderParts } from '#functions/platform/table/order-partition.ts'
import { get, NOT_EXISTS, transact, type Write } from '#functions/platform/table/table.ts'

const TOKEN_BYTES = 32

export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url')
}

/** A token is random through and through: a plain digest of it cannot be guessed back. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** The order that a token was made for, if it ever was one; whether it is good for anything, the order says. */
export async function loadLinked(tokenHash: string): Promise<OrderParts | undefined> {
  const link = await get(payLinkItem, keys.payLink(tokenHash))
  return link === undefined ? undefined : loadOrderParts(link.orderId)
}

type Made = { readonly tokenHash: string; readonly by: string; readonly at: Instant }

/** False when the order cannot be paid any more, or has had as many links as it may. */
export async function savePayLink({ orderId }: OrderItem, { tokenHash, by, at }: Made): Promise<boolean> {
  const item = payLinkItem.parse({ entity: 'payLink', v: 1, orderId, madeAt: at, madeBy: by })
  const result = await transact([
    {
      update: keys.order(orderId),
      set: 'SET #payLink = :link, #count = if_not_exists(#count, :zero) + :one',
      condition: '#state = :pending AND (attribute_not_exists(#count) OR #count < :max)',
      expression: {
        names: { '#payLink': 'payLink', '#count': 'payLinkCount', '#state': 'state' },
        values: {
          ...{ ':link': { tokenHash, madeAt: at }, ':pending': 'pending_payment' },
          ...{ ':zero': 0, ':one': 1, ':max': PAY_LINKS_MAX },
        },
      },
    },
    { put: { ...keys.payLink(tokenHash), ...item }, condition: NOT_EXISTS },
  ])
  return result.kind === 'done'
}

/** Only while the order is unpaid: a paid one's link goes on saying that it is paid. */
export async function removePayLink({ orderId }: OrderItem): Promise<boolean> {
  const result = await transact([
    {
      update: keys.order(orderId),
      set: 'REMOVE #payLink',
      condition: '#state = :pending',
      expression: {
        names: { '#payLink': 'payLink', '#state': 'state' },
        values: { ':pending': 'pending_payment' },
      },
    },
  ])
  return result.kind === 'done'
}

export type HeldElsewhere = { readonly orderId: string; readonly isOver: boolean }

/** Which order of the household was held longer last. One that is paid or ended never becomes unpaid again. */
export async function loadLongerHold(householdId: string): Promise<HeldElsewhere | undefined> {
  const hold = await get(longerHoldItem, keys.longerHold(householdId))
  if (hold === undefined) return undefined
  const order = await get(orderItem, keys.order(hold.orderId))
  return { orderId: hold.orderId, isOver: order === undefined || isOver(order) }
}

function isOver({ state }: OrderItem): boolean {
  return state === 'paid' || state === 'expired' || state === 'cancelled'
}

/** `moved`: what was read is not so any more; read again. */
export type HoldSaved = 'done' | 'moved'

/**
 * As long as the order can be paid and has a link; once at a time for a household (its hold is free, or belongs to an order
 * that is over), and so once for this one, which is not over; and never past a closing, which each group buy says for itself.
 * The sweep finds the order by its new time.
 */
export async function saveLongerHold(
  { order, lines }: OrderParts,
  until: Instant,
  earlier: HeldElsewhere | undefined,
  at: Instant,
): Promise<HoldSaved> {
  const { orderId, householdId } = order
  const found = index.pendingOrders(orderId, until)
  const hold = longerHoldItem.parse({ entity: 'longerHold', v: 1, householdId, orderId, until })
  const result = await transact([
    {
      update: keys.order(orderId),
      set: 'SET #expiresAt = :until, #heldLongerAt = :at, GSI1PK = :pk, GSI1SK = :sk',
      condition: '#state = :pending AND attribute_exists(#payLink)',
      expression: {
        names: {
          ...{ '#expiresAt': 'expiresAt', '#heldLongerAt': 'heldLongerAt' },
          ...{ '#state': 'state', '#payLink': 'payLink' },
        },
        values: {
          ...{ ':until': until, ':at': at, ':pending': 'pending_payment' },
          ...{ ':pk': found.GSI1PK, ':sk': found.GSI1SK },
        },
      },
    },
    {
      put: { ...keys.longerHold(householdId), ...hold },
      condition: earlier === undefined ? NOT_EXISTS : '#orderId = :earlier',
      ...(earlier === undefined
        ? {}
        : { expression: { names: { '#orderId': 'orderId' }, values: { ':earlier': earlier.orderId } } }),
    },
    ...lines.shares.map(({ groupBuyId }) => stillOpenAt(groupBuyId, until)),
  ])
  return result.kind === 'done' ? 'done' : 'moved'
}

function stillOpenAt(groupBuyId: string, until: Instant): Write {
  return {
    check: keys.groupBuy(groupBuyId),
    condition: '#closesAt >= :until',
    expression: { names: { '#closesAt': 'closesAt' }, values: { ':until': until } },
  }
}
