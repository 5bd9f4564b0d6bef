import { takeCash as route } from '#shared/contracts/cash.ts'
import { signed } from '#shared/kernel/cash-book.ts'
import { unpayable } from '#shared/domain/orders/longer-hold.ts'
import { cashPaymentId } from '#shared/kernel/cash.ts'
import { yuan } from '#shared/kernel/money.ts'
import { refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { hashBody } from '#functions/platform/body-hash.ts'
import { Busy } from '#functions/platform/busy.ts'
import { type Caller, hasRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { log } from '#functions/platform/log.ts'
import { Missing } from '#functions/platform/missing.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import {
  BOOK_TRIES_MAX,
  findCashId,
  getCashMove,
  loadBook,
  moveWrites,
  waitForBook,
} from '#functions/platform/table/cash-book.ts'
import type { OrderItem } from '#functions/platform/table/items/orders.ts'
import { loadOrderParts } from '#functions/platform/table/order-partition.ts'
import { transact } from '#functions/platform/table/table.ts'
import { endSession } from './give-up.ts'
import { applyPayment, payWrites } from './payment-store.ts'

/** Like any other payment, with the movement of cash in the same transaction: the order is paid by it, or neither is there. */
export const takeCash = http(
  route,
  async ({ params: { orderId, moveId }, body: { amountFen, byName } }, { caller, now }) => {
    const paymentId = cashPaymentId(moveId)
    for (let attempt = 0; attempt < BOOK_TRIES_MAX; attempt++) {
      await waitForBook(attempt)
      const found = await loadOrderParts(orderId)
      if (found === undefined || !hasRole(caller, 'worker', found.order.communityId)) throw new Missing()
      const { order } = found
      if (order.paidBy === paymentId && amountFen === order.amountFen) {
        return { orderId, state: order.state, amountFen }
      }
      const known = await findTaken(moveId)
      // Sent twice at once: this very cash was written down after the order was read.
      if (known?.orderId === orderId && known.kind === 'taken' && known.deltaFen === amountFen) continue
      if (known !== undefined) return refused('CASH_ID_REUSED', '这笔现金已经登记过别的，请刷新页面')
      if (isTheirOwn(caller, order)) return refused('OWN_ORDER', '这是您自己家的订单，请别的工作人员收')
      const no = unpayable(order, now)
      if (no !== undefined) return no
      if (amountFen !== order.amountFen) {
        return refused('CASH_DIFFERS', undefined, { amountFen: `这一单是 ¥${yuan(order.amountFen)}，请收齐再登记` })
      }
      const payment = { paymentId, orderId, amountFen, currency: 'cny' }
      const move = { moveId, kind: 'taken' as const, deltaFen: signed('taken', amountFen), orderId }
      const hash = hashBody(['taken', orderId, amountFen])
      const book = await loadBook(order.communityId, now)
      const saved = await transact([
        ...payWrites(found, payment, { eventId: paymentId, type: 'cash.taken' }, now),
        ...moveWrites(book, { ...move, by: caller.personId, byName, hash }).writes,
      ])
      if (saved.kind === 'failed') continue
      await endPages(order, now)
      return { orderId, state: 'paid' as const, amountFen }
    }
    throw new Busy()
  },
  { freshRoles: true },
)

async function findTaken(moveId: string) {
  const known = await findCashId(moveId)
  return known && { kind: known.what, ...(await getCashMove(known)) }
}

/** Nobody takes their own household's money; what a worker ordered for others is theirs to take. */
export function isTheirOwn(caller: Caller, order: OrderItem): boolean {
  if (order.placedBy === undefined && order.personId === caller.personId) return true
  return caller.memberships.some((held) => held.role === 'resident' && held.scopeId === order.householdId)
}

export function isPlacedBy({ personId }: Pick<Caller, 'personId'>, { placedBy, personId: by }: OrderItem): boolean {
  return placedBy !== undefined && by === personId
}

/** A page that is open could be paid as well: that money would be parked and go back, but better nobody pays it. */
async function endPages({ orderId, sessionIds }: OrderItem, at: Instant): Promise<void> {
  try {
    const newest = sessionIds.at(-1)
    const ended = newest === undefined ? undefined : await endSession(newest, payments)
    if (ended === undefined || ended === 'unknown' || ended.payment === undefined) return
    const { paymentId } = ended.payment
    await applyPayment({ ...ended.payment, orderId }, { eventId: `found-${paymentId}`, type: 'session.found-paid' }, at)
  } catch (error) {
    // The cash is taken, whatever becomes of the page.
    log('warn', 'page not ended', { orderId, why: error instanceof Error ? error.name : '' })
  }
}
