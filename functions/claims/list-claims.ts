import { type DeskClaim, listClaims as route } from '#shared/contracts/claims.ts'
import { isOverdue } from '#shared/domain/claims/decide-claim.ts'
import { moneyForClaimed, portionsKept } from '#shared/kernel/claimed.ts'
import { isCash } from '#shared/kernel/cash.ts'
import { assert } from '#shared/kernel/assert.ts'
import { fen, ZERO_FEN } from '#shared/kernel/money.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { worksFor } from '#functions/platform/caller.ts'
import { claimableLines } from '#functions/platform/claimable.ts'
import { claimView } from '#functions/platform/claim-view.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { ClaimItem } from '#functions/platform/table/items/claims.ts'
import { countOpen, getCompound, ordersOfClaims, pageOfClaims } from './store.ts'

const PAGE = 20

export const listClaims = http(route, async ({ params: { compoundId }, query }, { caller, now }) => {
  const compound = await getCompound(compoundId)
  if (compound === undefined || !worksFor(caller, compound.communityId)) throw new Missing()
  const { state = 'open', limit = PAGE, cursor } = query
  const page = await pageOfClaims(compoundId, state, limit, cursor)
  // Most desks have one page, which is all of them.
  const isAllOpen = state === 'open' && cursor === undefined && page.nextCursor === undefined
  const [found, openCount] = await Promise.all([
    ordersOfClaims(page.items),
    isAllOpen ? page.items.length : countOpen(compoundId),
  ])
  return { ...page, items: page.items.map((claim) => deskClaim(claim, found, now)), openCount }
})

function deskClaim(claim: ClaimItem, found: Awaited<ReturnType<typeof ordersOfClaims>>, now: Instant): DeskClaim {
  const parts = found.orders.get(claim.orderId)
  const share = found.shares.get(claim.saleId)
  const bought = parts?.lines.shares.find(({ saleId }) => saleId === claim.saleId)
  assert(parts !== undefined && share !== undefined && bought !== undefined, 'a claim has its order')
  const linesNow = new Map(claimableLines(parts, share).map((line) => [line.lineId, line]))
  return {
    ...claimView(claim),
    orderId: claim.orderId,
    householdLabel: parts.lines.householdLabel,
    pickUpCode: parts.order.pickUpCode,
    groupBuyTitle: bought.groupBuyTitle,
    coopName: bought.coopName,
    isOverdue: isOverdue(claim, now),
    ...(isCash(parts.order.paidBy) ? { paidInCash: true as const } : {}),
    lines: claim.lines.map(({ lineId, portions }) => {
      const line = linesNow.get(lineId)
      assert(line !== undefined, 'a claim is about lines of the order')
      const leftPortions = Math.min(portions, portionsKept(line))
      return {
        ...{ lineId, portions, name: line.name, unitLabel: line.unitLabel, quantity: line.quantity },
        leftFen: fen(line.amountFen - line.refundedFen),
        leftPortions,
        claimedFen: leftPortions === 0 ? ZERO_FEN : moneyForClaimed(line, leftPortions),
      }
    }),
  }
}
