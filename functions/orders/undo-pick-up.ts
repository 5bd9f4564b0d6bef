import { undoPickUp as route } from '#shared/contracts/orders.ts'
import { undoMoves } from '#shared/domain/orders/collect-shares.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { Busy } from '#functions/platform/busy.ts'
import { worksFor } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { PickUpUndoItem } from '#functions/platform/table/items/orders.ts'
import { saveUndo } from './pick-up-store.ts'
import { handable, pickUpView } from './pick-up-view.ts'
import { loadOrder } from './reading-store.ts'

const TRIES_MAX = 6

export const undoPickUp = http(
  route,
  async ({ params: { orderId, pickUpId }, body: { reason } }, { caller, now }) => {
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const whole = await loadOrder(orderId)
      if (whole === undefined || !worksFor(caller, whole.order.communityId)) throw new Missing()
      const pickUp = whole.pickUps.find((each) => each.pickUpId === pickUpId)
      if (pickUp === undefined) throw new Missing()
      const earlier = whole.undone.find((each) => each.pickUpId === pickUpId)
      if (earlier !== undefined) {
        if (earlier.reason !== reason) return refused('PICK_UP_UNDONE', '这次取货已经撤销过了')
        return pickUpView(pickUp, whole.lines, [earlier])
      }
      const undo: PickUpUndoItem = {
        entity: 'pickUpUndo',
        v: 1,
        pickUpId,
        orderId,
        at: now,
        by: caller.personId,
        reason,
      }
      const cameFrom = new Map(whole.shares.map((share) => [share.saleId, share.collectedFrom ?? 'ready']))
      const moves = undoMoves(handable(whole), pickUp.lines, cameFrom)
      if (moves === undefined) continue
      const saved = await saveUndo(undo, moves)
      if (saved.kind === 'done') return pickUpView(pickUp, whole.lines, [undo])
    }
    throw new Busy()
  },
  { freshRoles: true },
)
