import { claimWindow } from '#shared/domain/claims/claim-window.ts'
import type { getOrder } from '#shared/contracts/orders.ts'
import type { Output } from '#shared/contracts/route.ts'
import { claimedBackOf, portionsKept } from '#shared/kernel/claimed.ts'

type Order = Output<typeof getOrder>
type Share = Order['shares'][number]

/** Lines of a share of which something can be claimed now. */
export function claimableLinesOf(order: Order, share: Share, now: number) {
  if (order.state !== 'paid' || claimWindow(share, new Date(now).toISOString()) !== 'open') return []
  return share.lines.flatMap(({ lineId, name, picture, unitLabel, ...line }) => {
    const kept = portionsKept({ ...line, claimedBack: claimedBackOf(order.refunds, share.saleId, lineId) })
    return kept === 0 ? [] : [{ lineId, name, picture, unitLabel, kept }]
  })
}
