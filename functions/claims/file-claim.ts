import { fileClaim as route } from '#shared/contracts/claims.ts'
import { decideFileClaim, type FileDecision } from '#shared/domain/claims/file-claim.ts'
import { afterSalesEndsAt } from '#shared/domain/settlement/after-sales.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import { assert } from '#shared/kernel/assert.ts'
import { hashBody } from '#functions/platform/body-hash.ts'
import { Busy } from '#functions/platform/busy.ts'
import { claimableLines } from '#functions/platform/claimable.ts'
import { claimView } from '#functions/platform/claim-view.ts'
import { env } from '#functions/platform/env.ts'
import { mayDo } from '#functions/platform/household-order.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { ClaimItem } from '#functions/platform/table/items/claims.ts'
import { loadOrderParts, loadShares, type OrderParts } from '#functions/platform/table/order-partition.ts'
import type { ShareItem } from '#functions/platform/table/items/orders.ts'
import { saveClaim } from './store.ts'

const TRIES_MAX = 6

export const fileClaim = http(
  route,
  async ({ params: { orderId, claimId }, body }, { caller, now }) => {
    const { saleId, lines, reason, words = '', photoIds = [] } = body
    const bodyHash = hashBody([saleId, lines, reason, words, photoIds])
    let refusal: Extract<FileDecision, Refused> | Refused<'UNKNOWN_PHOTO'> | undefined
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const found = await loadOrderParts(orderId)
      if (found === undefined || !mayDo(caller, found.order, 'claim')) throw new Missing()
      const earlier = found.claims.find((each) => each.claimId === claimId)
      if (earlier !== undefined) {
        if (earlier.bodyHash !== bodyHash) return refused('CLAIM_ID_REUSED', '这个申请已经提交过了，请刷新页面查看')
        return claimView(earlier)
      }
      // Only now: an answer that was lost may have been a yes, and shares, read after their order, may know of it already.
      if (refusal !== undefined) return refusal
      const share = (await loadShares(found)).find((each) => each.saleId === saleId)
      const decision = decideFileClaim(factsOf(found, share), lines, now)
      if (decision.kind === 'refused') {
        refusal = decision
        continue
      }
      assert(share !== undefined, 'a claim is about a share of the order')
      const claim: ClaimItem = {
        ...{ entity: 'claim', v: 1, claimId, orderId, saleId, state: 'open', reason, photoIds, lines, filedAt: now },
        ...{ groupBuyId: share.groupBuyId, compoundId: share.compoundId, filedBy: caller.personId, bodyHash },
        ...(words === '' ? {} : { words }),
      }
      const saved = await saveClaim(claim)
      if (saved === 'done') return claimView(claim)
      if (saved === 'photos') {
        refusal = refused('UNKNOWN_PHOTO', '照片没有传好，请重新选', { photos: '请重新选照片' })
      }
    }
    throw new Busy()
  },
  { freshRoles: true },
)

function factsOf(found: OrderParts, share: ShareItem | undefined) {
  const { order, lines } = found
  const bought = lines.shares.find((each) => each.saleId === share?.saleId)
  if (share === undefined || bought === undefined) return { orderState: order.state, share: undefined }
  return {
    orderState: order.state,
    share: {
      state: share.state,
      pickUpStartsAt: bought.pickUpStartsAt,
      settledAt: share.settledAt,
      claimUntil: afterSalesEndsAt(order.paidAt, bought.pickUpEndsAt, () => env('AFTER_SALES_HOURS')),
      claimCount: share.claimCount ?? 0,
      lines: claimableLines(found, share),
    },
  }
}
