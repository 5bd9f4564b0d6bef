import { randomUUID } from 'node:crypto'
import { startCheckout as startCheckoutRoute } from '#shared/contracts/orders.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { type Instant, MINUTE_MS, plusMs } from '#shared/kernel/time.ts'
import { env } from '#functions/platform/env.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { Session } from '#functions/platform/payments/port.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import { keys } from '#functions/platform/table/keys.ts'
import type { OrderItem } from '#functions/platform/table/items/orders.ts'
import { transact } from '#functions/platform/table/table.ts'
import { loadOrderParts, type OrderParts } from '#functions/platform/table/order-partition.ts'
import { rememberOrder } from './remembered-orders.ts'

const CHECKOUTS_MAX = 10
/** The provider keeps a page open for at least 30 minutes; the sweep ends ours after the reservation's 15. */
const SESSION_MINUTES = 31

/** Who ordered may pay, whatever roles they hold by now: ownership decides, so the roles need not be read afresh. */
export const startCheckout = http(startCheckoutRoute, async ({ params }, { caller, now }) => {
  const found = await loadOrderParts(params.orderId)
  if (found === undefined || found.order.personId !== caller.personId) throw new Missing()
  const no = refusalOf(found.order, now)
  if (no !== undefined) return no
  const { sessionIds } = found.order
  const open = await openSessionOf(sessionIds)
  if (open !== undefined) return answer(found.order, open)
  if (sessionIds.length >= CHECKOUTS_MAX) return refused('TOO_MANY_CHECKOUTS', '支付页面打开次数过多，请重新下单')
  const session = await payments.createSession(sessionFor(found, now))
  if (await keepSession(found.order, session.sessionId)) {
    rememberOrder(found)
    return answer(found.order, session)
  }
  const moved = await loadOrderParts(params.orderId)
  // Kept after all: only the answer was lost.
  if (moved?.order.sessionIds.includes(session.sessionId) === true)
    return refusalOf(moved.order, now) ?? answer(moved.order, session)
  // The order moved while the page was made: paid by another page, or given up. Nobody knows this page, so end it.
  await payments.expireSession(session.sessionId)
  const known = await openSessionOf(moved?.order.sessionIds ?? [])
  if (moved !== undefined && known !== undefined) return answer(moved.order, known)
  return refusalOf(moved?.order ?? found.order, now) ?? refused('ORDER_EXPIRED', '订单已过期，请重新下单')
})

function refusalOf(order: OrderItem, now: Instant) {
  if (order.state === 'paid') return refused('ORDER_ALREADY_PAID', '订单已经付款')
  if (order.state === 'cancelled' || order.endsAs === 'cancelled') return refused('ORDER_CANCELLED', '订单已取消')
  if (order.state !== 'pending_payment' || order.expiresAt <= now)
    return refused('ORDER_EXPIRED', '订单已过期，请重新下单')
  return undefined
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
    expiresAt: plusMs(now, SESSION_MINUTES * MINUTE_MS),
  }
}

/** Written before the buyer sees the page, so that no page can be paid that giving up does not know of. */
async function keepSession(order: OrderItem, sessionId: string): Promise<boolean> {
  if (order.sessionIds.includes(sessionId)) return true
  const result = await transact([
    {
      update: keys.order(order.orderId),
      set: 'SET #sessionIds = :next',
      condition: '#state = :pending AND #sessionIds = :read',
      expression: {
        names: { '#sessionIds': 'sessionIds', '#state': 'state' },
        values: { ':next': [...order.sessionIds, sessionId], ':read': order.sessionIds, ':pending': 'pending_payment' },
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
