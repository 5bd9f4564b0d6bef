import { handBackCash as route } from '#shared/contracts/cash.ts'
import { signed } from '#shared/kernel/cash-book.ts'
import { isCash } from '#shared/kernel/cash.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { hashBody } from '#functions/platform/body-hash.ts'
import { Busy } from '#functions/platform/busy.ts'
import { worksFor } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import { BOOK_TRIES_MAX, findCashId, loadBook, moveWrites, waitForBook } from '#functions/platform/table/cash-book.ts'
import { tellHousehold } from '#functions/platform/table/notices.ts'
import { loadOrderParts } from '#functions/platform/table/order-partition.ts'
import { transact } from '#functions/platform/table/table.ts'
import { failedRefundWrites } from './failed-refund.ts'
import { endedWrite } from './refund-store.ts'
import { isPlacedBy, isTheirOwn } from './take-cash.ts'

const OR_ADMIN = '。只有一位工作人员时，请区管理员办'

export const handBackCash = http(
  route,
  async ({ params: { orderId, refundId, moveId }, body }, { caller, now }) => {
    const { receivedBy, byName } = body
    const words = receivedBy === 'other' ? body.words : undefined
    const hash = hashBody(['handed-back', orderId, refundId, receivedBy, words ?? ''])
    let isSecondLook = false
    for (let attempt = 0; attempt < BOOK_TRIES_MAX; attempt++) {
      await waitForBook(attempt)
      const found = await loadOrderParts(orderId)
      if (found === undefined || !worksFor(caller, found.order.communityId)) throw new Missing()
      const refund = found.refunds.find((each) => each.refundId === refundId)
      if (refund === undefined) throw new Missing()
      const { amountFen } = refund
      const known = await findCashId(moveId)
      if (known !== undefined) {
        if (known.hash === hash) return { refundId, amountFen }
        return refused('CASH_ID_REUSED', '这笔现金已经登记过别的，请刷新页面')
      }
      const isFailed = !isCash(refund.paymentId) && refund.state === 'failed'
      if (refund.state === 'succeeded') return refused('HANDED_BACK', '这笔钱已经退过了')
      if (!isCash(refund.paymentId) && !isFailed) return refused('NOT_IN_CASH', '这一单不是现金付的，钱会原路退回')
      if (isTheirOwn(caller, found.order))
        return refused('OWN_ORDER', `这是您自己家的订单，请别的工作人员退${OR_ADMIN}`)
      // Who orders for a household could also have given it back and keep the notes: nobody at home would have to know.
      if (isPlacedBy(caller, found.order)) {
        return refused('PLACED_BY_YOU', `这一单是您代下的，请另一位把钱退给住户${OR_ADMIN}`)
      }
      // Persons, not roles: who decides that money goes back does not hold it in their hand as well.
      if (refund.decidedBy === caller.personId)
        return refused('FOUR_EYES', `这笔退款是您决定的，请由另一位把钱退给住户${OR_ADMIN}`)
      const ended = isFailed
        ? await failedRefundWrites(refund, { personId: caller.personId, moveId }, payments, now)
        : { kind: 'writes' as const, writes: [endedWrite(refund, { from: 'decided', providerRefundId: moveId }, now)] }
      if (ended.kind === 'refused') {
        // Only on the second look: this very cash may have been written down since the refund was read.
        if (isSecondLook) return ended
        isSecondLook = true
        continue
      }
      const book = await loadBook(found.order.communityId, now)
      const deltaFen = signed('handed-back', amountFen)
      const move = { moveId, kind: 'handed-back' as const, deltaFen, orderId, refundId, receivedBy, words }
      const saved = await transact([
        ...ended.writes,
        ...moveWrites(book, { ...move, by: caller.personId, byName, hash }).writes,
        tellHousehold(found.order, { kind: 'handed-back', at: now, of: refundId, amountFen, byName }),
      ])
      if (saved.kind === 'done') return { refundId, amountFen }
    }
    throw new Busy()
  },
  { freshRoles: true },
)
