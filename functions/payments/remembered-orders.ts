import type { OrderParts } from '#functions/platform/table/order-partition.ts'

/**
 * Orders whose payment page was opened by this warm instance, as they were read then. What a payment needs of an order
 * (amount, compound, what was bought) is written once and never changes, and its state is asked again by the condition of
 * the write: so the news of the payment, a moment later, spares the reading. Nothing but that write may rely on this.
 */
const REMEMBERED_MAX = 1_000
const remembered = new Map<string, OrderParts>()

export function rememberOrder(parts: OrderParts): void {
  const [oldest] = remembered.keys()
  if (remembered.size >= REMEMBERED_MAX && oldest !== undefined) remembered.delete(oldest)
  remembered.set(parts.order.orderId, parts)
}

/** Gives it out once: whoever is told that it is out of date reads the table. */
export function takeRemembered(orderId: string): OrderParts | undefined {
  const parts = remembered.get(orderId)
  remembered.delete(orderId)
  return parts
}
