import { refused, type Refused } from '../../kernel/outcome.ts'
import { type OwedLine, portionsOwed } from '../../kernel/owed.ts'
import { DAY_MS, type Instant, MINUTE_MS, toMs } from '../../kernel/calendar.ts'
import { hasBegun } from './pick-up-window.ts'
import { handableStates, type ShareState } from './states.ts'

export type HandableLine = OwedLine & {
  readonly lineId: string
  readonly name: string
  readonly handedOut: number
  /** It is sold by its weight and nobody weighed it yet. */
  readonly awaitsWeight?: boolean
}
export type HandableShare = {
  readonly saleId: string
  readonly groupBuyId: string
  readonly state: ShareState
  readonly refundedFen: number
  readonly pickUpStartsAt: Instant
  readonly lines: readonly HandableLine[]
}
export type HandableOrder = { readonly state: string; readonly shares: readonly HandableShare[] }

export type WantedPortions = { readonly saleId: string; readonly lineId: string; readonly portions: number }

/** What becomes of a share: which state, and how many portions of each line are out then. `share` is as it was read. */
export type ShareMove = {
  readonly share: HandableShare
  readonly state: ShareState
  readonly handedOut: ReadonlyMap<string, number>
}

export type CollectDecision =
  | {
      readonly kind: 'handed-out'
      readonly lines: readonly WantedPortions[]
      readonly moves: readonly ShareMove[]
    }
  | Refused<
      | 'ORDER_NOT_PAID'
      | 'GOODS_NOT_CONFIRMED'
      | 'PICK_UP_NOT_BEGUN'
      | 'NOTHING_TO_HAND_OUT'
      | 'TOO_MANY_PORTIONS'
      | 'NOT_WEIGHED'
      | 'UNKNOWN_LINE'
    >

/** A device's clock may be so far ahead, and a counter so long without a network. */
export const CLOCK_AHEAD_MAX_MS = 5 * MINUTE_MS
export const HANDED_OUT_AGO_MAX_MS = 7 * DAY_MS

/** Is the time that a counter without a network noted one that we believe? */
export function checkHandedOutAt(
  handedOutAt: Instant,
  now: Instant,
): Refused<'HANDED_OUT_IN_FUTURE' | 'HANDED_OUT_TOO_LONG_AGO'> | undefined {
  const agoMs = toMs(now) - toMs(handedOutAt)
  if (agoMs < -CLOCK_AHEAD_MAX_MS) return refused('HANDED_OUT_IN_FUTURE', '取货时间还没到：这台设备的时间快了，请校准')
  if (agoMs > HANDED_OUT_AGO_MAX_MS) return refused('HANDED_OUT_TOO_LONG_AGO', '取货时间超过了 7 天，请联网后重新登记')
  return undefined
}

/** Portions of a line that still lie at the counter. */
export function portionsLeft(line: OwedLine & Pick<HandableLine, 'handedOut'>): number {
  return Math.max(0, portionsOwed(line) - line.handedOut)
}

/** Decides what is handed out: the portions that are named or (without them) all that is left and whose day has come. */
export function decideCollect(
  order: HandableOrder,
  wanted: readonly WantedPortions[] | undefined,
  now: Instant,
): CollectDecision {
  if (order.state !== 'paid') return refused('ORDER_NOT_PAID', '这个订单还没有付款')
  const lines = wanted === undefined ? everythingLeft(order, now) : merged(wanted)
  if ('kind' in lines) return lines
  for (const { saleId, lineId, portions } of lines) {
    const share = order.shares.find((each) => each.saleId === saleId)
    const line = share?.lines.find((each) => each.lineId === lineId)
    if (share === undefined || line === undefined) return refused('UNKNOWN_LINE', '订单里没有这一行')
    if (share.state === 'reserved' || share.state === 'failed') {
      return refused('GOODS_NOT_CONFIRMED', `「${line.name}」还没有成团，不能取货`)
    }
    if (line.awaitsWeight === true)
      return refused('NOT_WEIGHED', `「${line.name}」还没有称重，称好再发`, { [lineId]: '请先称重' })
    const left = handableStates.includes(share.state) ? portionsLeft(line) : 0
    if (portions > left) {
      const most = left === 0 ? '没有可取的了' : `最多还能取 ${left} 份`
      return refused('TOO_MANY_PORTIONS', `「${line.name}」${most}`, { [lineId]: most })
    }
  }
  const moves = order.shares.flatMap((share) => {
    const own = lines.filter((line) => line.saleId === share.saleId)
    return own.length === 0 ? [] : [moveOf(share, own)]
  })
  return { kind: 'handed-out', lines, moves }
}

function moveOf(share: HandableShare, taken: readonly WantedPortions[]): ShareMove {
  const portionsOf = new Map(taken.map(({ lineId, portions }) => [lineId, portions]))
  const after = share.lines.map((line) => ({ ...line, handedOut: line.handedOut + (portionsOf.get(line.lineId) ?? 0) }))
  const handedOut = new Map(after.map((line) => [line.lineId, line.handedOut]))
  return { share, state: after.every((line) => portionsLeft(line) === 0) ? 'collected' : share.state, handedOut }
}

function everythingLeft(
  order: HandableOrder,
  now: Instant,
): WantedPortions[] | Refused<'GOODS_NOT_CONFIRMED' | 'PICK_UP_NOT_BEGUN' | 'NOTHING_TO_HAND_OUT'> {
  const lying = order.shares.filter(
    (share) => handableStates.includes(share.state) && share.lines.some((line) => portionsLeft(line) > 0),
  )
  // A share that is reported ready is there, whatever the calendar says.
  const begun = lying.filter((share) => share.state === 'ready' || hasBegun(share, now))
  if (begun.length > 0) return begun.flatMap(linesLeft)
  if (lying.length > 0) return refused('PICK_UP_NOT_BEGUN', '还没到取货的日子；货已到的话，请按份数取')
  if (order.shares.some((share) => share.state === 'reserved')) {
    return refused('GOODS_NOT_CONFIRMED', '这个订单还没有成团，不能取货')
  }
  return refused('NOTHING_TO_HAND_OUT', '这个订单没有可取的了')
}

function linesLeft(share: HandableShare): WantedPortions[] {
  return share.lines
    .map((line) => ({ saleId: share.saleId, lineId: line.lineId, portions: portionsLeft(line) }))
    .filter(({ portions }) => portions > 0)
}

function merged(wanted: readonly WantedPortions[]): WantedPortions[] {
  const byLine = new Map<string, WantedPortions>()
  for (const line of wanted) {
    const key = `${line.saleId} ${line.lineId}`
    byLine.set(key, { ...line, portions: line.portions + (byLine.get(key)?.portions ?? 0) })
  }
  return [...byLine.values()]
}

/**
 * Gives the portions of a pick-up back. A collected share goes where it came from; any other keeps its state: what became of
 * its money meanwhile stands. `undefined` when less is out than would be given back: somebody undid it while we read.
 */
export function undoMoves(
  order: HandableOrder,
  taken: readonly WantedPortions[],
  cameFrom: ReadonlyMap<string, ShareState>,
): ShareMove[] | undefined {
  const moves = order.shares.flatMap((share): ShareMove[] => {
    const own = new Map(
      taken.filter((line) => line.saleId === share.saleId).map((line) => [line.lineId, line.portions]),
    )
    if (own.size === 0) return []
    const handedOut = new Map(
      share.lines.map(({ lineId, handedOut: out }) => [lineId, out - (own.get(lineId) ?? 0)] as const),
    )
    const state = share.state === 'collected' ? (cameFrom.get(share.saleId) ?? 'ready') : share.state
    return [{ share, state, handedOut }]
  })
  return moves.some(({ handedOut }) => [...handedOut.values()].some((out) => out < 0)) ? undefined : moves
}
