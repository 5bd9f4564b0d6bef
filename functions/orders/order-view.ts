import type { OrderView } from '#shared/contracts/orders.ts'
import type { Standing } from '#shared/kernel/standing.ts'
import { stateAt } from '#shared/domain/group-buys/states.ts'
import { afterSalesEndsAt } from '#shared/domain/settlement/after-sales.ts'
import { isCash } from '#shared/kernel/cash.ts'
import { type Fen, fen } from '#shared/kernel/money.ts'
import { portionsOwed } from '#shared/kernel/owed.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { env } from '#functions/platform/env.ts'
import { claimOutline, claimView } from '#functions/platform/claim-view.ts'
import type { GroupBuyItem } from '#functions/platform/table/items/group-buys.ts'
import {
  droppedOfLine,
  handedOutOfLine,
  refundedOfLine,
  type ShareItem,
} from '#functions/platform/table/items/orders.ts'
import { inTime, pickUpView } from './pick-up-view.ts'
import type { WholeOrder } from './reading-store.ts'

/** The order's group buys as they are stored, and the moment at which they are looked at. */
export type Moment = { readonly groupBuys: ReadonlyMap<string, GroupBuyItem>; readonly now: Instant }

/** An order as its household and their worker see it: the snapshot of what was bought, with what happened to it since. */
export function orderView(
  { order, lines, shares, refunds, pickUps, undone, claims }: WholeOrder,
  by: Standing,
  moment?: Moment,
): OrderView {
  const shareOf = new Map(shares.map((share) => [share.groupBuyId, share]))
  const isLeaders = by === 'placer' && order.placedBy?.leaderOf !== undefined
  const isTheirs = ({ filedBy }: { readonly filedBy: string }) => !isLeaders || filedBy === order.personId
  return {
    orderId: order.orderId,
    state: order.state,
    amountFen: order.amountFen,
    refundedFen: order.refundedFen,
    placedAt: order.placedAt,
    expiresAt: order.expiresAt,
    ...(order.paidAt === undefined ? {} : { paidAt: order.paidAt }),
    ...(isCash(order.paidBy) ? { paidInCash: true as const } : {}),
    compoundId: order.compoundId,
    compoundName: lines.compoundName,
    householdLabel: lines.householdLabel,
    pickUpPoint: lines.pickUpPoint,
    standing: by,
    ...(order.placedBy === undefined ? {} : { placedBy: order.placedBy }),
    ...(order.payLink === undefined ? {} : { payLink: { madeAt: order.payLink.madeAt } }),
    ...(order.heldLongerAt === undefined ? {} : { heldLongerAt: order.heldLongerAt }),
    ...(order.state === 'paid' ? { pickUpCode: order.pickUpCode } : {}),
    shares: lines.shares.map((bought) => shareView(bought, shareOf.get(bought.groupBuyId), order.paidAt, moment)),
    refunds: refunds
      .map(
        ({ refundId, state, amountFen, reason, decidedAt, endedAt, cashMoveId, paidOtherwiseAt, lines: of = [] }) => {
          const ended = endedAt === undefined ? {} : { endedAt }
          const inCash = cashMoveId === undefined ? {} : { inCash: true as const }
          const otherwise = paidOtherwiseAt === undefined ? {} : { paidOtherwise: true as const }
          return { refundId, state, amountFen, reason, decidedAt, ...ended, ...inCash, ...otherwise, lines: of }
        },
      )
      .sort((a, b) => (a.decidedAt < b.decidedAt ? -1 : 1)),
    pickUps: inTime(pickUps).map((pickUp) => pickUpView(pickUp, lines, undone)),
    claims: claims
      .map((claim) => (isTheirs(claim) ? claimView : claimOutline)(claim))
      .sort((a, b) => (a.filedAt < b.filedAt ? -1 : 1)),
  }
}

function shareView(
  bought: WholeOrder['lines']['shares'][number],
  share: ShareItem | undefined,
  paidAt: Instant | undefined,
  moment: Moment | undefined,
): OrderView['shares'][number] {
  const refundedFen = share?.refundedFen ?? fen(0)
  const groupBuy = moment?.groupBuys.get(bought.groupBuyId)
  const until = afterSalesEndsAt(paidAt, bought.pickUpEndsAt, () => env('AFTER_SALES_HOURS'))
  return {
    saleId: bought.saleId,
    groupBuyId: bought.groupBuyId,
    groupBuyTitle: bought.groupBuyTitle,
    coopId: bought.coopId,
    coopName: bought.coopName,
    villageName: bought.villageName,
    state: share?.state ?? 'reserved',
    amountFen: bought.amountFen,
    refundedFen,
    rateBps: bought.rateBps,
    accrualE4Fen: (bought.amountFen - refundedFen) * bought.rateBps,
    pickUpStartsAt: bought.pickUpStartsAt,
    pickUpEndsAt: bought.pickUpEndsAt,
    ...(moment === undefined || groupBuy === undefined ? {} : { groupBuy: groupBuyView(groupBuy, moment.now) }),
    ...(share?.settledAt === undefined ? {} : { settledAt: share.settledAt }),
    ...(until === undefined ? {} : { claimUntil: until }),
    lines: bought.lines.map(({ taken: _taken, ...line }) => ({
      ...line,
      refundedFen: fen(share === undefined ? 0 : refundedOfLine(share, line.lineId)),
      dropped: share === undefined ? 0 : droppedOfLine(share, line.lineId),
      handedOut: share === undefined ? 0 : handedOutOfLine(share, line.lineId),
      ...finalPrice(groupBuy?.finalPrices?.[line.offerId]),
    })),
  }
}

function finalPrice(finalPriceFen: Fen | undefined) {
  return finalPriceFen === undefined ? {} : { finalPriceFen }
}

function groupBuyView(groupBuy: GroupBuyItem, now: Instant) {
  const { opensAt, closesAt, success, decided } = groupBuy
  return {
    ...{ state: stateAt(groupBuy, now), opensAt, closesAt },
    ...(success === undefined ? {} : { success }),
    ...(decided === undefined ? {} : { decided }),
  }
}

/** An order in a list. */
export function orderSummary({ order, lines, shares }: Pick<WholeOrder, 'order' | 'lines' | 'shares'>) {
  return {
    orderId: order.orderId,
    state: order.state,
    amountFen: order.amountFen,
    refundedFen: order.refundedFen,
    placedAt: order.placedAt,
    expiresAt: order.expiresAt,
    ...(order.paidAt === undefined ? {} : { paidAt: order.paidAt }),
    ...(order.placedBy === undefined ? {} : { placedBy: order.placedBy }),
    compoundId: order.compoundId,
    compoundName: lines.compoundName,
    pickUpPoint: { pickUpPointId: lines.pickUpPoint.pickUpPointId, name: lines.pickUpPoint.name },
    shares: summaryShares(lines, shares),
    ...(order.state === 'paid' ? { pickUpCode: order.pickUpCode } : {}),
  }
}

/** The shares of an order in a list: what comes of it, and when it is picked up. */
function summaryShares(lines: WholeOrder['lines'], shares: readonly ShareItem[]) {
  return lines.shares.map((bought) => {
    const share = shares.find((each) => each.groupBuyId === bought.groupBuyId)
    const { groupBuyId, pickUpStartsAt, pickUpEndsAt } = bought
    return {
      ...{ groupBuyId, pickUpStartsAt, pickUpEndsAt },
      state: share?.state ?? 'reserved',
      lines: bought.lines.map(({ name, lineId, quantity, amountFen }) => ({
        name,
        portions:
          share === undefined
            ? quantity
            : portionsOwed({
                ...{ quantity, amountFen },
                dropped: droppedOfLine(share, lineId),
                refundedFen: refundedOfLine(share, lineId),
              }),
      })),
    }
  })
}
