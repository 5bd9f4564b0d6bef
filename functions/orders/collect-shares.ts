import { collectShares as route, PICK_UPS_MAX } from '#shared/contracts/orders.ts'
import { checkHandedOutAt, decideCollect } from '#shared/domain/orders/collect-shares.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { hashBody } from '#functions/platform/body-hash.ts'
import { Busy } from '#functions/platform/busy.ts'
import { worksFor } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { PickUpItem } from '#functions/platform/table/items/orders.ts'
import { hasPickUp, savePickUp } from './pick-up-store.ts'
import { handable, pickUpView } from './pick-up-view.ts'
import { loadOrder } from './reading-store.ts'

const TRIES_MAX = 6

export const collectShares = http(
  route,
  async ({ params: { orderId }, body }, { caller, now }) => {
    const { pickUpId, proxy = 'self', handedOutAt } = body
    const heldBack = handedOutAt === undefined ? {} : { handedOutAt }
    const bodyHash = hashBody([body.lines ?? 'all', proxy, ...Object.values(heldBack)])
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const whole = await loadOrder(orderId)
      if (whole === undefined || !worksFor(caller, whole.order.communityId)) throw new Missing()
      const earlier = whole.pickUps.find((each) => each.pickUpId === pickUpId)
      if (earlier !== undefined) {
        if (earlier.bodyHash !== bodyHash) return refused('PICK_UP_ID_REUSED', '这个取货号已用于另一次取货')
        return pickUpView(earlier, whole.lines, whole.undone)
      }
      if (whole.pickUps.length >= PICK_UPS_MAX) return refused('TOO_MANY_PICK_UPS', '这个订单取货的次数太多了')
      const doubted = handedOutAt === undefined ? undefined : checkHandedOutAt(handedOutAt, now)
      if (doubted !== undefined) return doubted
      const decision = decideCollect(handable(whole), body.lines, now)
      if (decision.kind === 'refused') {
        // Shares are read after the order: this very request, sent twice, may have been carried out in between.
        if (await hasPickUp(orderId, pickUpId)) continue
        return decision
      }
      const pickUp: PickUpItem = {
        entity: 'pickUp',
        v: 1,
        pickUpId,
        orderId,
        compoundId: whole.order.compoundId,
        at: now,
        ...heldBack,
        by: caller.personId,
        proxy,
        lines: [...decision.lines],
        bodyHash,
      }
      const saved = await savePickUp(pickUp, decision.moves)
      if (saved.kind === 'done') return pickUpView(pickUp, whole.lines, [])
    }
    throw new Busy()
  },
  { freshRoles: true },
)
