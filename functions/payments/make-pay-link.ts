import { makePayLink as route } from '#shared/contracts/payments.ts'
import { unpayable } from '#shared/domain/orders/longer-hold.ts'
import { PAY_LINKS_MAX } from '#shared/domain/payments/pay-link.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { Busy } from '#functions/platform/busy.ts'
import { now as clock } from '#functions/platform/clock.ts'
import { mayDo } from '#functions/platform/household-order.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { loadOrderParts } from '#functions/platform/table/order-partition.ts'
import { hashToken, newToken, savePayLink } from './pay-link-store.ts'

const TRIES_MAX = 4

export const makePayLink = http(
  route,
  async ({ params: { orderId } }, { caller }) => {
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const found = await loadOrderParts(orderId)
      if (found === undefined || !mayDo(caller, found.order, 'link')) throw new Missing()
      const at = clock()
      const no = unpayable(found.order, at)
      if (no !== undefined) return no
      if ((found.order.payLinkCount ?? 0) >= PAY_LINKS_MAX) {
        return refused('TOO_MANY_PAY_LINKS', `一单最多做 ${PAY_LINKS_MAX} 次代付链接，请用已经发出去的那个`)
      }
      const token = newToken()
      const made = { tokenHash: hashToken(token), by: caller.personId, at }
      if (await savePayLink(found.order, made)) return { token, madeAt: at, expiresAt: found.order.expiresAt }
    }
    throw new Busy()
  },
  { freshRoles: true },
)
