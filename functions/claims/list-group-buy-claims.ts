import { listGroupBuyClaims as route } from '#shared/contracts/claims.ts'
import { ZERO_FEN } from '#shared/kernel/money.ts'
import { actsFor } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { getGroupBuy, pageOfGroupBuyClaims } from './store.ts'

const PAGE = 20

/** What a resident wrote is not among it: it may name people. */
export const listGroupBuyClaims = http(route, async ({ params: { groupBuyId }, query }, { caller }) => {
  const groupBuy = await getGroupBuy(groupBuyId)
  if (groupBuy === undefined || !actsFor(caller, groupBuy.coopId)) throw new Missing()
  const { claims, lines, ...page } = await pageOfGroupBuyClaims(groupBuyId, query.limit ?? PAGE, query.cursor)
  const items = claims.map(
    ({ claimId, orderId, saleId, state, reason, photoIds, filedAt, decided, lines: claimed }) => {
      const bought = lines.get(orderId)?.shares.find((share) => share.saleId === saleId)?.lines ?? []
      return {
        ...{ claimId, state, reason, photoIds, filedAt },
        refundedFen: decided?.amountFen ?? ZERO_FEN,
        lines: claimed.flatMap(({ lineId, portions }) => {
          const line = bought.find((each) => each.lineId === lineId)
          return line === undefined ? [] : [{ lineId, portions, name: line.name, unitLabel: line.unitLabel }]
        }),
      }
    },
  )
  return { ...page, items, title: groupBuy.title }
})
