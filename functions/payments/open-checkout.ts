import { randomUUID } from 'node:crypto'
import { unpayable } from '#shared/domain/orders/longer-hold.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { type Instant, MINUTE_MS, plusMs } from '#shared/kernel/time.ts'
import { env } from '#functions/platform/env.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { Session } from '#functions/platform/payments/port.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import { keys } from '#functions/platform/table/keys.ts'
import type { OrderItem } from '#functions/platform/table/items/orders.ts'
import { loadOrderParts, type OrderParts } from '#functions/platform/table/order-partition.ts'
import { transact } from '#functions/platform/table/table.ts'
import { rememberOrder } from './remembered-orders.ts'

const CHECKOUTS_MAX = 10
/** The provider keeps a page open for at least 30 minutes and at most a day; the sweep ends ours after the reservation. */
const SESSION_MINUTES = 31

/** Who comes with a pay-for-me link: it has to be good still in the instant in which the page is written down. */
export type ByLink = { readonly tokenHash: string }

/**
 * Opens the order's payment page or returns the one that is open: whoever pays, there is one page, which is paid once. It
 * brings everybody back to the order's address, where the shop knows who they are.
 */
export async function openCheckout(found: OrderParts, now: Instant, link?: ByLink) {
  const no = unpayable(found.order, now)
  if (no !== undefined) return no
  const { sessionIds, orderId } = found.order
  const open = await openSessionOf(sessionIds)
  if (open !== undefined) return answer(found.order, open)
  if (sessionIds.length >= CHECKOUTS_MAX) return refused('TOO_MANY_CHECKOUTS', '支付页面打开次数过多，请重新下单')
  const session = await payments.createSession(sessionFor(found, now))
  if (await keepSession(found.order, session.sessionId, link)) {
    rememberOrder(found)
    return answer(found.order, session)
  }
  const moved = await loadOrderParts(orderId)
  if (moved === undefined) throw new Missing()
  const isTheirs = link === undefined || moved.order.payLink?.tokenHash === link.tokenHash
  // Kept after all: only the answer was lost.
  if (isTheirs && moved.order.sessionIds.includes(session.sessionId))
    return unpayable(moved.order, now) ?? answer(moved.order, session)
  // The order moved while the page was made: paid by another page, given up, its link withdrawn. Nobody knows this page, so end it.
  await payments.expireSession(session.sessionId)
  if (!isTheirs) return refused('ORDER_EXPIRED', '这个代付链接已经失效')
  const known = await openSessionOf(moved.order.sessionIds)
  if (known !== undefined) return answer(moved.order, known)
  return unpayable(moved.order, now) ?? refused('ORDER_EXPIRED', '订单已过期，请重新下单')
}

/** The newest page, while it can still be paid. */
async function openSessionOf(sessionIds: readonly string[]): Promise<Session | undefined> {
  const newest = sessionIds.at(-1)
  if (newest === undefined) return undefined
  const session = await payments.getSession(newest)
  return session.state === 'open' ? session : undefined
}

function sessionFor({ order, lines }: OrderParts, now: Instant) {
  const orderUrl = `${env('PUBLIC_ORIGIN')}/orders/${order.orderId}`
  const atLeast = plusMs(now, SESSION_MINUTES * MINUTE_MS)
  // A page lives as long as an order that is held longer, so that it need not be opened anew in between.
  const whileHeld = plusMs(order.expiresAt, MINUTE_MS)
  return {
    // One key a request: it covers the SDK's own repeats. Of two browsers that ask at once the slower one's page is ended
    // below, unseen, and both get the faster one's.
    key: `checkout-${order.orderId}-${randomUUID()}`,
    orderId: order.orderId,
    lines: lines.shares.flatMap((share) =>
      share.lines.map((line) => ({
        name: `${line.name} ${line.unitLabel}（${share.villageName}）`,
        unitFen: line.unitPriceFen,
        quantity: line.quantity,
      })),
    ),
    successUrl: `${orderUrl}?from=pay`,
    cancelUrl: `${orderUrl}?from=cancel`,
    expiresAt: whileHeld > atLeast ? whileHeld : atLeast,
  }
}

/** Written before the buyer sees the page, so that no page can be paid that giving up does not know of. */
async function keepSession(order: OrderItem, sessionId: string, link: ByLink | undefined): Promise<boolean> {
  if (order.sessionIds.includes(sessionId)) return true
  const stillGood = link === undefined ? '' : ' AND #payLink.#tokenHash = :tokenHash'
  const result = await transact([
    {
      update: keys.order(order.orderId),
      set: 'SET #sessionIds = :next',
      condition: `#state = :pending AND #sessionIds = :read${stillGood}`,
      expression: {
        names: {
          '#sessionIds': 'sessionIds',
          '#state': 'state',
          ...(link === undefined ? {} : { '#payLink': 'payLink', '#tokenHash': 'tokenHash' }),
        },
        values: {
          ':next': [...order.sessionIds, sessionId],
          ':read': order.sessionIds,
          ':pending': 'pending_payment',
          ...(link === undefined ? {} : { ':tokenHash': link.tokenHash }),
        },
      },
    },
  ])
  return result.kind === 'done'
}

function answer(order: OrderItem, session: Session) {
  if (session.url === undefined) return refused('ORDER_EXPIRED', '支付页面已失效，请重试')
  return {
    orderId: order.orderId,
    sessionId: session.sessionId,
    checkoutUrl: session.url,
    expiresAt: session.expiresAt,
  }
}
