import {
  PAYOUT_TRANSFERS_MAX,
  type PayoutState,
  TRANSFER_CORRECTIONS_MAX,
  TRANSFER_RECORDED_WITHIN_DAYS,
  type TransferDirection,
} from '../../contracts/settlement.ts'
import { yuan } from '../../kernel/money.ts'
import { refused, type Refused } from '../../kernel/outcome.ts'
import { type Instant, plusDays, shanghaiDay, type ShanghaiDay } from '../../kernel/time.ts'

type Slip = { readonly amountFen: number; readonly transferredOn: ShanghaiDay }

export type RecordedTransfer = {
  readonly direction: TransferDirection
  readonly amountFen: number
  readonly recordedBy: string
  /** Who typed what stands there now: who recorded it, or who put it right last. */
  readonly typedBy: string
  readonly corrections: number
}

export type PayoutInWork = {
  readonly state: PayoutState
  /** Below nothing: the co-op pays the district. */
  readonly amountFen: number
  readonly preparedBy: string
  readonly confirmedBy: readonly string[]
  readonly transfers: readonly RecordedTransfer[]
}

type Decided = { readonly kind: 'decided' }

/** Out less in: what the co-op really got so far. */
export function transferredFen(transfers: readonly Pick<RecordedTransfer, 'direction' | 'amountFen'>[]): number {
  return transfers.reduce((sum, { direction, amountFen }) => sum + (direction === 'out' ? amountFen : -amountFen), 0)
}

/** Paid is what really moved, to the fen; whatever comes back or was typed wrongly makes it unpaid again. */
export function stateByTransfers(
  amountFen: number,
  transfers: readonly Pick<RecordedTransfer, 'direction' | 'amountFen'>[],
): Extract<PayoutState, 'prepared' | 'paid'> {
  return transferredFen(transfers) === amountFen ? 'paid' : 'prepared'
}

export function decideTransfer(
  payout: PayoutInWork,
  slip: Slip & { readonly direction: TransferDirection; readonly words?: string | undefined },
  recorderId: string,
  now: Instant,
): Decided | Refused<'WRONG_STATE' | 'FOUR_EYES' | 'SUM_DIFFERS' | 'BAD_DAY' | 'TOO_MANY_TRANSFERS'> {
  const refusal = refuseUnmovable(payout) ?? refuseDay(slip.transferredOn, now)
  if (refusal !== undefined) return refusal
  if (payout.transfers.length >= PAYOUT_TRANSFERS_MAX) {
    return refused('TOO_MANY_TRANSFERS', `一笔付款最多登记 ${PAYOUT_TRANSFERS_MAX} 次转账，请先放弃再重新准备`)
  }
  const dueFen = payout.amountFen - transferredFen(payout.transfers)
  const movedFen = slip.direction === 'out' ? slip.amountFen : -slip.amountFen
  const isForth = movedFen > 0 === payout.amountFen > 0
  const last = payout.transfers.at(-1)
  // Persons, not roles. What comes back frees the money to be sent anew: another one than who sent it says so.
  if (isForth && payout.preparedBy === recorderId) {
    return refused('FOUR_EYES', '这笔付款是您准备的，请由另一位登记转账')
  }
  if (!isForth && (last?.recordedBy ?? payout.preparedBy) === recorderId) {
    return refused('FOUR_EYES', '上一笔转账是您登记的，请由另一位登记退回')
  }
  if (payout.confirmedBy.includes(recorderId)) {
    return refused('FOUR_EYES', '其中有您自己确认的结算单，请由另一位登记转账')
  }
  if (movedFen !== dueFen && (slip.words ?? '') === '') {
    const due = dueFen === 0 ? '已经付清' : `还要${dueFen > 0 ? '转出' : '收回'} ¥${yuan(Math.abs(dueFen))}`
    return refused('SUM_DIFFERS', undefined, {
      amountFen: `这笔付款${due}，请核对回单`,
      words: '银行回单上确实是这个数，请写明原因',
    })
  }
  return { kind: 'decided' }
}

export function decideCorrection(
  payout: PayoutInWork,
  transfer: RecordedTransfer,
  slip: Slip,
  correctorId: string,
  now: Instant,
): Decided | Refused<'WRONG_STATE' | 'FOUR_EYES' | 'BAD_DAY' | 'TOO_MANY_CORRECTIONS'> {
  const refusal = refuseUnmovable(payout) ?? refuseDay(slip.transferredOn, now)
  if (refusal !== undefined) return refusal
  if (transfer.typedBy === correctorId) return refused('FOUR_EYES', '这是您登记的，请由另一位对着回单更正')
  if (payout.confirmedBy.includes(correctorId)) {
    return refused('FOUR_EYES', '其中有您自己确认的结算单，请由另一位更正')
  }
  if (transfer.corrections >= TRANSFER_CORRECTIONS_MAX) {
    return refused('TOO_MANY_CORRECTIONS', '更正次数太多，请带着回单找区里负责人')
  }
  return { kind: 'decided' }
}

export function decideDropping(payout: PayoutInWork): Decided | Refused<'WRONG_STATE' | 'MONEY_IS_OUT'> {
  if (payout.state !== 'prepared') return refused('WRONG_STATE', sayings[payout.state])
  const movedFen = transferredFen(payout.transfers)
  if (movedFen === 0) return { kind: 'decided' }
  const how = movedFen > 0 ? '已经转出' : '已经收到'
  return refused('MONEY_IS_OUT', `这笔付款${how} ¥${yuan(Math.abs(movedFen))}，退回来并登记以后才能放弃`)
}

const sayings: Readonly<Record<PayoutState, string>> = {
  prepared: '这笔付款还在等转账',
  paid: '这笔付款已经付清',
  dropped: '这笔付款已经放弃，请重新准备',
}

function refuseUnmovable({ state, amountFen }: PayoutInWork): Refused<'WRONG_STATE'> | undefined {
  if (state === 'dropped') return refused('WRONG_STATE', sayings.dropped)
  return amountFen === 0 ? refused('WRONG_STATE', '这笔付款收支相抵，不用转账') : undefined
}

function refuseDay(transferredOn: ShanghaiDay, now: Instant): Refused<'BAD_DAY'> | undefined {
  const today = shanghaiDay(now)
  if (transferredOn <= today && transferredOn >= plusDays(today, -TRANSFER_RECORDED_WITHIN_DAYS)) return undefined
  return refused('BAD_DAY', undefined, {
    transferredOn: `转账日期要在今天和 ${TRANSFER_RECORDED_WITHIN_DAYS} 天前之间`,
  })
}
