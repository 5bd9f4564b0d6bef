import {
  PAYOUT_RETURNS_MAX,
  PAYOUT_TRANSFERS_MAX,
  type PayoutState,
  TRANSFER_CORRECTIONS_MAX,
  TRANSFER_RECORDED_WITHIN_DAYS,
  type TransferDirection,
} from '../../contracts/settlement.ts'
import { yuan } from '../../kernel/money.ts'
import { refused, type Refused } from '../../kernel/outcome.ts'
import { type Instant, plusDays, shanghaiDay, type ShanghaiDay } from '../../kernel/time.ts'

type Slip = { readonly direction: TransferDirection; readonly amountFen: number; readonly transferredOn: ShanghaiDay }

export type RecordedTransfer = {
  readonly direction: TransferDirection
  readonly amountFen: number
  readonly recordedAt: Instant
  readonly recordedBy: string
  /** Who typed what stands there now: who recorded it, or who put it right last. */
  readonly typedBy: string
  readonly corrections: number
  /** It never took place, or not for this payout: it counts for nothing. */
  readonly voided?: object | undefined
}

export type PayoutInWork = {
  readonly state: PayoutState
  /** Below nothing: the co-op pays the district. */
  readonly amountFen: number
  readonly preparedBy: string
  /** By whom there is something left to move: who prepared it, said that money came back, or that none went. */
  readonly dueBy: string
  readonly confirmedBy: readonly string[]
  readonly transfers: readonly RecordedTransfer[]
}

type Moved = Pick<RecordedTransfer, 'direction' | 'amountFen' | 'voided'>
/** `dueBy`: by whom there is something left to move from now on. */
type Decided = { readonly kind: 'decided'; readonly dueBy: string }

function signed({ direction, amountFen, voided }: Moved): number {
  if (voided !== undefined) return 0
  return direction === 'out' ? amountFen : -amountFen
}

const lastOf = ({ transfers }: Pick<PayoutInWork, 'transfers'>) =>
  transfers.findLast(({ voided }) => voided === undefined)

/** Out less in: what the co-op really got so far. */
export function transferredFen(transfers: readonly Moved[]): number {
  return transfers.reduce((sum, transfer) => sum + signed(transfer), 0)
}

/** Paid is what really moved, to the fen; whatever comes back or was typed wrongly makes it unpaid again. */
export function stateByTransfers(
  amountFen: number,
  transfers: readonly Moved[],
): Extract<PayoutState, 'prepared' | 'paid'> {
  return transferredFen(transfers) === amountFen ? 'paid' : 'prepared'
}

type RecordingRefused = Refused<'WRONG_STATE' | 'FOUR_EYES' | 'SUM_DIFFERS' | 'BAD_DAY' | 'TOO_MANY_TRANSFERS'>

export function decideTransfer(
  payout: PayoutInWork,
  slip: Slip & { readonly words?: string | undefined },
  recorderId: string,
  now: Instant,
): Decided | RecordingRefused {
  const hasWords = (slip.words ?? '') !== ''
  const refusal = refuseUnmovable(payout) ?? refuseDay(slip.transferredOn, now, now, hasWords)
  if (refusal !== undefined) return refusal
  const dueFen = payout.amountFen - transferredFen(payout.transfers)
  const movedFen = signed(slip)
  const settles = dueFen !== 0 && movedFen > 0 === dueFen > 0
  const many = payout.transfers.length - PAYOUT_TRANSFERS_MAX
  // What comes back finds its place also when nothing more may go out.
  if (many >= (settles ? 0 : PAYOUT_RETURNS_MAX)) {
    return refused('TOO_MANY_TRANSFERS', `一笔付款最多登记 ${PAYOUT_TRANSFERS_MAX} 次转账，余下的请并入下一笔`)
  }
  const eyes = settles ? refuseSettler(payout, movedFen, recorderId) : refuseReturner(payout, recorderId)
  if (eyes !== undefined) return eyes
  if (isTooMuch(payout.amountFen, dueFen, dueFen - movedFen)) {
    return refused('SUM_DIFFERS', undefined, { amountFen: '退回的比付过的还多，请核对回单' })
  }
  if (movedFen !== dueFen && !hasWords) {
    const due = dueFen === 0 ? '已经付清' : `还要${dueFen > 0 ? '转出' : '收回'} ¥${yuan(Math.abs(dueFen))}`
    return refused('SUM_DIFFERS', undefined, {
      amountFen: `这笔付款${due}，请核对回单`,
      words: '银行回单上确实是这个数，请写明原因',
    })
  }
  return { kind: 'decided', dueBy: dueByAfter(payout, dueFen, dueFen - movedFen, recorderId) }
}

/** A slip that was typed wrongly, put right; or (`to` is nothing) one that never was of this payout. */
export function decideCorrection(
  payout: PayoutInWork,
  transfer: RecordedTransfer,
  to: Slip | undefined,
  correctorId: string,
  now: Instant,
): Decided | Refused<'WRONG_STATE' | 'FOUR_EYES' | 'SUM_DIFFERS' | 'BAD_DAY' | 'TOO_MANY_CORRECTIONS'> {
  if (payout.state === 'dropped') return refused('WRONG_STATE', sayings.dropped)
  if (transfer.voided !== undefined) return refused('WRONG_STATE', '这笔登记已经作废')
  const refusal = to === undefined ? undefined : refuseDay(to.transferredOn, transfer.recordedAt, now, true)
  if (refusal !== undefined) return refusal
  if (transfer.typedBy === correctorId) return refused('FOUR_EYES', '这是您登记的，请由另一位对着回单更正')
  if (payout.confirmedBy.includes(correctorId)) {
    return refused('FOUR_EYES', '其中有您自己确认的结算单，请由另一位更正')
  }
  if (to !== undefined && transfer.corrections >= TRANSFER_CORRECTIONS_MAX) {
    return refused('TOO_MANY_CORRECTIONS', '更正次数太多，请作废这笔登记，再重新登记')
  }
  const dueFen = payout.amountFen - transferredFen(payout.transfers)
  const dueAfter = dueFen + signed(transfer) - (to === undefined ? 0 : signed(to))
  if (isTooMuch(payout.amountFen, dueFen, dueAfter)) {
    return refused('SUM_DIFFERS', undefined, { amountFen: '退回的比付过的还多，请核对回单' })
  }
  // Who only says more exactly what another one said came back has not made it due.
  const wasReturn = signed(transfer) > 0 !== payout.amountFen > 0
  return { kind: 'decided', dueBy: wasReturn ? payout.dueBy : dueByAfter(payout, dueFen, dueAfter, correctorId) }
}

export function decideDropping(
  payout: PayoutInWork,
  dropperId: string,
): { readonly kind: 'decided' } | Refused<'WRONG_STATE' | 'MONEY_IS_OUT' | 'FOUR_EYES'> {
  if (payout.state !== 'prepared') return refused('WRONG_STATE', sayings[payout.state])
  const movedFen = transferredFen(payout.transfers)
  if (movedFen !== 0) {
    const how = movedFen > 0 ? '已经转出' : '已经收到'
    return refused('MONEY_IS_OUT', `这笔付款${how} ¥${yuan(Math.abs(movedFen))}，退回来并登记以后才能放弃`)
  }
  // Who says that the money came back does not free the statements as well.
  if (lastOf(payout)?.recordedBy === dropperId) {
    return refused('FOUR_EYES', '上一笔转账是您登记的，请由另一位放弃这笔付款')
  }
  return { kind: 'decided' }
}

const sayings: Readonly<Record<PayoutState, string>> = {
  prepared: '这笔付款还在等转账',
  paid: '这笔付款已经付清',
  dropped: '这笔付款已经放弃，请重新准备',
}

/** Persons, not roles: who prepared it does not send it, nor who said that there is something to send. */
function refuseSettler(
  { amountFen, preparedBy, dueBy, confirmedBy }: PayoutInWork,
  movedFen: number,
  recorderId: string,
): Refused<'FOUR_EYES'> | undefined {
  if (movedFen > 0 === amountFen > 0 && preparedBy === recorderId) {
    return refused('FOUR_EYES', '这笔付款是您准备的，请由另一位登记转账')
  }
  if (dueBy === recorderId) return refused('FOUR_EYES', '没有付清是您登记的，请由另一位登记这笔转账')
  return refuseConfirmer(confirmedBy, recorderId)
}

/** What comes back frees the money to be sent anew: another one than who sent it says so. */
function refuseReturner(payout: PayoutInWork, recorderId: string): Refused<'FOUR_EYES'> | undefined {
  if ((lastOf(payout)?.recordedBy ?? payout.preparedBy) === recorderId) {
    return refused('FOUR_EYES', '上一笔转账是您登记的，请由另一位登记退回')
  }
  return refuseConfirmer(payout.confirmedBy, recorderId)
}

function refuseConfirmer(confirmedBy: readonly string[], recorderId: string): Refused<'FOUR_EYES'> | undefined {
  if (!confirmedBy.includes(recorderId)) return undefined
  return refused('FOUR_EYES', '其中有您自己确认的结算单，请由另一位登记转账')
}

/** More would have come back than ever went: the books would ask for more than the statements say. */
function isTooMuch(amountFen: number, dueFen: number, dueAfterFen: number): boolean {
  const way = Math.sign(amountFen === 0 ? dueFen : amountFen)
  return dueAfterFen * way > Math.max(amountFen * way, dueFen * way)
}

function dueByAfter({ dueBy }: PayoutInWork, dueFen: number, dueAfterFen: number, personId: string): string {
  const isMore = Math.abs(dueAfterFen) > Math.abs(dueFen)
  const isOtherWay = dueAfterFen !== 0 && Math.sign(dueAfterFen) !== Math.sign(dueFen)
  return isMore || isOtherWay ? personId : dueBy
}

function refuseUnmovable({ state, amountFen, transfers }: PayoutInWork): Refused<'WRONG_STATE'> | undefined {
  if (state === 'dropped') return refused('WRONG_STATE', sayings.dropped)
  if (amountFen !== 0 || transferredFen(transfers) !== 0) return undefined
  return refused('WRONG_STATE', '这笔付款收支相抵，不用转账')
}

/** Long ago is not impossible, but somebody says why it was not written down then. */
function refuseDay(day: ShanghaiDay, recordedAt: Instant, now: Instant, hasWords: boolean) {
  if (day > shanghaiDay(now)) return refused('BAD_DAY', undefined, { transferredOn: '转账日期不能晚于今天' })
  const isLate = day < plusDays(shanghaiDay(recordedAt), -TRANSFER_RECORDED_WITHIN_DAYS)
  if (!isLate || hasWords) return undefined
  return refused('BAD_DAY', undefined, {
    transferredOn: `超过 ${TRANSFER_RECORDED_WITHIN_DAYS} 天了，请核对日期`,
    words: '日期没有错，就写明为什么现在才登记',
  })
}
