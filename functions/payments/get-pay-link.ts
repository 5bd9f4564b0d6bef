import { getPayLink as route } from '#shared/contracts/payments.ts'
import { payLinkState } from '#shared/domain/payments/pay-link.ts'
import { openHttp } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { hashToken, loadLinked } from './pay-link-store.ts'

/** Asked by anybody: only what is paid for. Whose it is, where they live and how it is picked up is not for whoever pays. */
export const getPayLink = openHttp(route, async ({ params: { token } }, { now }) => {
  const tokenHash = hashToken(token)
  const found = await loadLinked(tokenHash)
  if (found === undefined) throw new Missing()
  const { order, lines } = found
  const state = payLinkState({ ...order, linkHash: order.payLink?.tokenHash }, tokenHash, now)
  if (state !== 'open') return { state }
  return {
    state,
    amountFen: order.amountFen,
    expiresAt: order.expiresAt,
    shares: lines.shares.map(({ groupBuyTitle, coopName, villageName, lines: bought }) => ({
      ...{ groupBuyTitle, coopName, villageName },
      lines: bought.map(({ name, picture, unitLabel, quantity, amountFen }) => {
        return { name, picture, unitLabel, quantity, amountFen }
      }),
    })),
  }
})
