import type { orderStates, shareStates } from '../../contracts/orders.ts'

export type OrderState = (typeof orderStates)[number]
export type ShareState = (typeof shareStates)[number]

/** An order has payment states only. `paid` is final: what happens to the goods is told by its shares. */
export const orderTransitions: Readonly<Record<OrderState, readonly OrderState[]>> = {
  pending_payment: ['paid', 'expiring'],
  expiring: ['paid', 'expired', 'cancelled'],
  paid: [],
  expired: [],
  cancelled: [],
}

/**
 * A share has the goods' states. `failed`: never paid, or the group buy failed; `refunded`: all its money went back. Goods
 * may be handed out as soon as the group buy is sure (`confirmed`): a small one is never reported `ready`. Handing out that
 * is undone leads back to where the share came from.
 */
export const shareTransitions: Readonly<Record<ShareState, readonly ShareState[]>> = {
  reserved: ['confirmed', 'failed', 'refunded'],
  confirmed: ['ready', 'collected', 'refunded'],
  ready: ['collected', 'refunded'],
  collected: ['confirmed', 'ready', 'settled', 'refunded'],
  settled: ['refunded'],
  failed: [],
  refunded: [],
}

/** States from which a payment makes an order paid. */
export const payableStates: readonly OrderState[] = (['pending_payment', 'expiring'] as const).filter((state) =>
  orderTransitions[state].includes('paid'),
)

/** States in which a share's goods can be handed out: they, and no others, lead to `collected`. */
export const handableStates: readonly ShareState[] = (['confirmed', 'ready'] as const).filter((state) =>
  shareTransitions[state].includes('collected'),
)
