import type { findPickUps, PickUpView } from '#shared/contracts/orders.ts'
import type { Output } from '#shared/contracts/route.ts'
import { type HandableLine, type HandableOrder, portionsLeft } from '#shared/domain/orders/collect-shares.ts'
import { hasBegun } from '#shared/domain/orders/pick-up-window.ts'
import type { ShareState } from '#shared/domain/orders/states.ts'
import type { Instant } from '#shared/kernel/time.ts'
import type { OrderLinesItem, SnapshotShare } from '#functions/platform/table/items/order-lines.ts'
import {
  droppedOfLine,
  gramsOfLine,
  handedOutOfLine,
  type PickUpItem,
  type PickUpUndoItem,
  refundedOfLine,
  type ShareItem,
} from '#functions/platform/table/items/orders.ts'
import type { WholeOrder } from './reading-store.ts'

type Found = Output<typeof findPickUps>['items'][number]
type StaffPickUp = Found['pickUps'][number]

/** Shares in these states are shown at the counter. */
const counterStates: readonly ShareState[] = ['confirmed', 'ready', 'collected']
export const isForCounter = ({ state }: Pick<ShareItem, 'state'>): boolean => counterStates.includes(state)

/** An order as the decisions about handing out look at it. */
export function handable({ order, lines, shares }: Pick<WholeOrder, 'order' | 'lines' | 'shares'>): HandableOrder {
  const byGroupBuy = new Map(shares.map((share) => [share.groupBuyId, share]))
  return {
    state: order.state,
    shares: lines.shares.flatMap((bought) => {
      const share = byGroupBuy.get(bought.groupBuyId)
      if (share === undefined) return []
      const { saleId, groupBuyId, pickUpStartsAt } = bought
      const { state, refundedFen } = share
      return [{ saleId, groupBuyId, state, refundedFen, pickUpStartsAt, lines: handableLines(bought, share) }]
    }),
  }
}

function handableLines(bought: SnapshotShare, share: ShareItem): HandableLine[] {
  return bought.lines.map(({ lineId, name, quantity, amountFen, weighed }) => ({
    lineId,
    name,
    quantity,
    amountFen,
    dropped: droppedOfLine(share, lineId),
    refundedFen: refundedOfLine(share, lineId),
    handedOut: handedOutOfLine(share, lineId),
    awaitsWeight: weighed === true && share.weighedAt === undefined && gramsOfLine(share, lineId) === undefined,
  }))
}

/** Each line with how much of it is out, and how much lies there. */
export function counterLines(bought: SnapshotShare, share: ShareItem) {
  const left = new Map(handableLines(bought, share).map((line) => [line.lineId, line]))
  return bought.lines.flatMap(({ lineId, name, picture, unitLabel, quantity }) => {
    const line = left.get(lineId)
    if (line === undefined) return []
    const awaits = line.awaitsWeight === true ? { awaitsWeight: true as const } : {}
    const { handedOut } = line
    return [{ lineId, name, picture, unitLabel, quantity, handedOut, left: portionsLeft(line), ...awaits }]
  })
}

export function counterView(whole: WholeOrder, now: Instant): Found {
  const { pickUps, lines, undone } = whole
  return {
    ...counterOrderView(whole, now),
    pickUps: inTime(pickUps).map((pickUp) => staffPickUpView(pickUp, lines, undone)),
  }
}

/** What of an order its counter may hand out, without what was handed out when. */
export function counterOrderView(
  { order, lines, shares }: Pick<WholeOrder, 'order' | 'lines' | 'shares'>,
  now: Instant,
): Omit<Found, 'pickUps'> {
  const byGroupBuy = new Map(shares.filter(isForCounter).map((share) => [share.groupBuyId, share]))
  return {
    orderId: order.orderId,
    householdLabel: lines.householdLabel,
    pickUpCode: order.pickUpCode,
    pickUpPointName: lines.pickUpPoint.name,
    shares: lines.shares.flatMap((bought) => {
      const share = byGroupBuy.get(bought.groupBuyId)
      if (share === undefined) return []
      const { saleId, groupBuyId, groupBuyTitle, coopName, pickUpStartsAt, pickUpEndsAt } = bought
      const shown = { saleId, groupBuyId, groupBuyTitle, coopName, state: share.state, pickUpStartsAt, pickUpEndsAt }
      const begun = share.state === 'ready' || hasBegun(bought, now)
      return [{ ...shown, hasBegun: begun, lines: counterLines(bought, share) }]
    }),
  }
}

export function inTime(pickUps: readonly PickUpItem[]): PickUpItem[] {
  return pickUps.toSorted((left, right) => (left.at < right.at ? -1 : 1))
}

/** Without what only workers are told. */
export function pickUpView(pickUp: PickUpItem, lines: OrderLinesItem, undone: readonly PickUpUndoItem[]): PickUpView {
  const { undoReason: _forStaff, ...view } = staffPickUpView(pickUp, lines, undone)
  return view
}

export function staffPickUpView(
  { pickUpId, at, handedOutAt, proxy, lines }: PickUpItem,
  { shares }: OrderLinesItem,
  undone: readonly PickUpUndoItem[],
): StaffPickUp {
  const undo = undone.find((each) => each.pickUpId === pickUpId)
  return {
    pickUpId,
    at,
    ...(handedOutAt === undefined ? {} : { handedOutAt }),
    proxy,
    lines: lines.map(({ saleId, lineId, portions }) => {
      const share = shares.find((each) => each.saleId === saleId)
      const bought = share?.lines.find((each) => each.lineId === lineId)
      return { saleId, lineId, name: bought?.name ?? '', unitLabel: bought?.unitLabel ?? '', portions }
    }),
    ...(undo === undefined ? {} : { undoneAt: undo.at, undoReason: undo.reason }),
  }
}
