import { payByLink as route } from '#shared/contracts/payments.ts'
import { payLinkState } from '#shared/domain/payments/pay-link.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { openHttp } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { openCheckout } from './open-checkout.ts'
import { hashToken, loadLinked } from './pay-link-store.ts'

export const payByLink = openHttp(route, async ({ params: { token } }, { now }) => {
  const tokenHash = hashToken(token)
  const found = await loadLinked(tokenHash)
  if (found === undefined) throw new Missing()
  const { order } = found
  switch (payLinkState({ ...order, linkHash: order.payLink?.tokenHash }, tokenHash, now)) {
    case 'paid':
      return paidAlready()
    case 'checking':
      return refused('PAYMENT_UNDER_WAY', '正在和支付平台核对，请稍等再看')
    case 'ended':
      return linkEnded()
    case 'open':
      break
  }
  const opened = await openCheckout(found, now, { tokenHash })
  if (!('kind' in opened)) return { checkoutUrl: opened.checkoutUrl, expiresAt: opened.expiresAt }
  if (opened.code === 'ORDER_ALREADY_PAID') return paidAlready()
  if (opened.code === 'TOO_MANY_CHECKOUTS')
    return refused('TOO_MANY_CHECKOUTS', '支付页面打开次数过多，请让下单的人重新下单')
  return linkEnded()
})

function paidAlready() {
  return refused('ORDER_ALREADY_PAID', '这笔款已经付好了，不用再付')
}

function linkEnded() {
  return refused('PAY_LINK_ENDED', '这个代付链接已经失效，请让对方重新发一个')
}
