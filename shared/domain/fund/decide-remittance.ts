import type { Remittance, RemittanceState } from '#shared/contracts/fund-remittances.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import { shanghaiDay, type Instant, type ShanghaiDay } from '#shared/kernel/time.ts'
import { dueFen, type DonorSums } from './donor-sums.ts'

/** How a remittance gets on. Each step has its own person; what was sent is undone only by what the bank says. */
export const remittanceTransitions: Readonly<Record<RemittanceState, readonly RemittanceState[]>> = {
  preparing: ['prepared', 'dropped'],
  prepared: ['sent', 'dropped'],
  sent: ['prepared', 'confirmed'],
  confirmed: ['posted'],
  posted: [],
  dropped: [],
}

export type RemittanceStanding = {
  readonly state: RemittanceState
  readonly totalFen: number
  /** The last day of the list: no slip for it is older. */
  readonly throughDay: ShanghaiDay
  readonly preparedBy: string
  readonly recordedBy?: string | undefined
  readonly bankReference?: string | undefined
}

/** What a donor's line moves: nothing while the charity is ahead, which the donor's next gifts net. */
export function remittableFen(settledBy: DonorSums, now: DonorSums): number {
  // Settled by the end of the list's day, remitted by now: a remittance that was posted since counts.
  const { remittedFen: _then, ...settled } = settledBy
  const due = dueFen(now.remittedFen === undefined ? settled : { ...settled, remittedFen: now.remittedFen })
  // What was given back since the list's day is not sent.
  return Math.max(0, Math.min(due, dueFen(now)))
}

type Transfer = { readonly amountFen: number; readonly transferredOn: ShanghaiDay }

export function decideRemittanceTransfer(
  standing: RemittanceStanding,
  transfer: Transfer,
  personId: string,
  now: Instant,
): { readonly kind: 'ok' } | Refused<'NOT_PREPARED' | 'SAME_PERSON' | 'AMOUNT_DIFFERS' | 'TRANSFERRED_ON_WRONG'> {
  if (standing.state !== 'prepared') return refused('NOT_PREPARED', '这份划转清单现在不等转账')
  if (standing.preparedBy === personId)
    return refused('SAME_PERSON', '列清单的人不能自己登记转账，请另一位管理员来登记')
  if (transfer.amountFen !== standing.totalFen)
    return refused('AMOUNT_DIFFERS', undefined, { amountFen: '与清单合计不一致，请照银行回单核对' })
  if (transfer.transferredOn <= standing.throughDay || transfer.transferredOn > shanghaiDay(now))
    return refused('TRANSFERRED_ON_WRONG', undefined, { transferredOn: '转账日期应在清单截止日之后、今天或今天之前' })
  return { kind: 'ok' }
}

export function decideRemittanceReturn(
  standing: RemittanceStanding,
  bankReference: string,
): { readonly kind: 'ok' } | Refused<'NOT_SENT' | 'REFERENCE_DIFFERS'> {
  if (standing.state !== 'sent') return refused('NOT_SENT', '这份划转现在没有等确认的转账')
  if (standing.bankReference !== bankReference)
    return refused('REFERENCE_DIFFERS', undefined, { bankReference: '与登记的流水号不一致' })
  return { kind: 'ok' }
}

type Receipt = { readonly amountFen: number; readonly receivedOn: ShanghaiDay }

export function decideReceipt(
  standing: RemittanceStanding & { readonly transferredOn?: ShanghaiDay | undefined },
  receipt: Receipt,
  personId: string,
  now: Instant,
): { readonly kind: 'ok' } | Refused<'NOT_SENT' | 'SAME_PERSON' | 'AMOUNT_DIFFERS' | 'RECEIVED_ON_WRONG'> {
  if (standing.state !== 'sent') return refused('NOT_SENT', '这份划转现在没有等确认的转账')
  if (personId === standing.preparedBy || personId === standing.recordedBy)
    return refused('SAME_PERSON', '列清单或登记转账的人不能代慈善组织确认')
  if (receipt.amountFen !== standing.totalFen)
    return refused('AMOUNT_DIFFERS', undefined, { amountFen: '与划转合计不一致；钱数不对时请不要确认，请联系管理员' })
  const earliest = standing.transferredOn ?? standing.throughDay
  if (receipt.receivedOn < earliest || receipt.receivedOn > shanghaiDay(now))
    return refused('RECEIVED_ON_WRONG', undefined, { receivedOn: '到账日期应在转账当天或之后、今天或今天之前' })
  return { kind: 'ok' }
}

export type Hand = { readonly personId: string; readonly isAdmin: boolean; readonly isCharity: boolean }

/** What this person may do next. */
export function mayDo(standing: RemittanceStanding, hand: Hand): Remittance['may'] {
  const { state, preparedBy, recordedBy } = standing
  switch (state) {
    case 'preparing':
      return hand.isAdmin ? ['resume', 'drop'] : []
    case 'prepared':
      if (!hand.isAdmin) return []
      return hand.personId === preparedBy ? ['drop'] : ['record', 'drop']
    case 'sent': {
      const mayConfirm = hand.isCharity && hand.personId !== preparedBy && hand.personId !== recordedBy
      return [...(hand.isAdmin ? (['return'] as const) : []), ...(mayConfirm ? (['confirm'] as const) : [])]
    }
    case 'confirmed':
    case 'posted':
    case 'dropped':
      return []
  }
}

export function waitsFor(state: RemittanceState): Remittance['waitsFor'] {
  if (state === 'prepared') return 'another-person'
  return state === 'sent' ? 'charity' : 'nobody'
}
