import type { ManualEntry, ManualEntryProposal, ManualEntryState } from '../../contracts/fund-manual-entries.ts'
import type { Agreement } from '../../contracts/places-agreements.ts'
import type { Purpose } from '../../contracts/fund.ts'
import { refused, type Refused } from '../../kernel/outcome.ts'
import { shanghaiDay, type Instant, type ShanghaiDay } from '../../kernel/time.ts'
import { movementPrefix, type Movement, type MovementRefusal } from './movement.ts'

export const manualEntryTransitions: Readonly<Record<ManualEntryState, readonly ManualEntryState[]>> = {
  proposed: ['posted', 'dropped'],
  posted: [],
  dropped: [],
}

/** What a proposal says, as the ledger needs it. `movedFen` has its sign. */
export type ManualFacts = {
  readonly manualEntryId: string
  readonly occurredOn: ShanghaiDay
  readonly movedFen: number
} & (
  | { readonly kind: 'opening' | 'correction' }
  | { readonly kind: 'in-kind'; readonly purpose: Purpose; readonly coopId: string; readonly agreementId: string }
)

export function signedFen(proposal: ManualEntryProposal): number {
  return proposal.kind === 'correction' && proposal.direction === 'out' ? -proposal.amountFen : proposal.amountFen
}

/** No paper of these funds is older; `0026` is a year that somebody began to type. */
const FIRST_DAY: ShanghaiDay = '2000-01-01'

/** What can be said of a proposal without its fund: nothing is told before it happened. */
export function decideOccurredOn(
  occurredOn: ShanghaiDay,
  now: Instant,
): { readonly kind: 'ok' } | Refused<'OCCURRED_ON_WRONG'> {
  if (occurredOn < FIRST_DAY) return refused('OCCURRED_ON_WRONG', undefined, { occurredOn: '年份不对，请检查' })
  if (occurredOn <= shanghaiDay(now)) return { kind: 'ok' }
  return refused('OCCURRED_ON_WRONG', undefined, { occurredOn: '日期不能晚于今天' })
}

/** `agreement`: the one in force between the donor and the fund's community on the day of the gift. */
export function decideInKind(
  agreement: Agreement | undefined,
): { readonly kind: 'agreed'; readonly agreement: Agreement } | Refused<'IN_KIND_NOT_AGREED'> {
  if (agreement === undefined) return refused('IN_KIND_NOT_AGREED', '这一天与这家合作社没有生效的捐赠协议')
  if (agreement.inKind !== true) return refused('IN_KIND_NOT_AGREED', '当天生效的捐赠协议没有写明接受实物捐赠')
  return { kind: 'agreed', agreement }
}

type Standing = { readonly state: ManualEntryState; readonly proposedBy: string; readonly movedFen: number }

export function decideApproval(
  entry: Standing,
  amountFen: number,
  personId: string,
): { readonly kind: 'ok' } | Refused<'NOT_PROPOSED' | 'SAME_PERSON' | 'TYPED_AMOUNT_DIFFERS'> {
  if (entry.state !== 'proposed') return refused('NOT_PROPOSED', '这笔手工记账已经不在等复核')
  if (entry.proposedBy === personId) return refused('SAME_PERSON', '提出的人不能自己复核，请另一位来复核')
  if (amountFen !== Math.abs(entry.movedFen))
    return refused('TYPED_AMOUNT_DIFFERS', undefined, { amountFen: '与提出的金额不一致，请照凭证核对' })
  return { kind: 'ok' }
}

/** What this person may do next. */
export function mayDoManually(entry: Standing, personId: string, holdsOffice: boolean): ManualEntry['may'] {
  if (entry.state !== 'proposed' || !holdsOffice) return []
  return entry.proposedBy === personId ? ['drop'] : ['approve', 'drop']
}

export function manualEventId({ kind, manualEntryId }: Pick<ManualFacts, 'kind' | 'manualEntryId'>): string {
  return kind === 'opening' ? movementPrefix.opening : `${movementPrefix[kind]}${manualEntryId}`
}

export function manualMovement(facts: ManualFacts, occurredAt: Instant): Movement {
  const { movedFen } = facts
  const named = { eventId: manualEventId(facts), occurredAt, movedFen }
  if (facts.kind !== 'in-kind') return { kind: facts.kind, ...named }
  const { purpose, coopId, agreementId } = facts
  return { kind: 'in-kind', ...named, purpose, coopId, agreementId }
}

/** Why the ledger takes it not, in words for the person who asked. What cannot come from a proposal is a bug. */
export function manualRefusal(
  code: MovementRefusal | 'EVENT_DIFFERS',
): Refused<'OPENING_POSTED' | 'NOT_AVAILABLE' | 'CASH_SHORT'> {
  switch (code) {
    case 'EVENT_DIFFERS':
      return OPENING_POSTED
    case 'NOT_AVAILABLE':
      return refused('NOT_AVAILABLE', '可用余额不足以减去这笔钱；已为项目留出的钱不能动')
    case 'CASH_SHORT':
      return refused('CASH_SHORT', '慈善组织账上没有这么多钱')
    case 'AMOUNT_WRONG':
    case 'DONOR_UNKNOWN':
    case 'RESERVED_SHORT':
    case 'PURPOSE_DIFFERS':
      throw new Error(`a manual entry is refused with ${code}`)
  }
}

/** A fund has one opening balance; what was wrong with it is corrected. */
export const OPENING_POSTED = refused('OPENING_POSTED', '期初余额已经入账，只能用“更正”来调整')
