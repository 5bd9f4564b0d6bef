import { type bankingHints, CASH_BANKED_WITHIN_DAYS } from '../../contracts/cash.ts'
import { refused, type Refused } from '../../kernel/outcome.ts'
import { type Instant, plusDays, shanghaiDay, type ShanghaiDay } from '../../kernel/time.ts'
import type { Till } from '../../kernel/cash-book.ts'

/** Persons, not roles: who counted last cannot say that it is in the bank. Each banking needs a count of its own before it. */
export function bankingHint(
  { lastCount, lastBanked }: Pick<Till, 'lastCount' | 'lastBanked'>,
  personId: string,
): (typeof bankingHints)[number] {
  if (lastCount?.countedFen === undefined || lastCount.seq < (lastBanked?.seq ?? 0)) return 'NOT_COUNTED'
  return lastCount.by === personId ? 'FOUR_EYES' : 'allowed'
}

export type BankingDecision =
  | { readonly kind: 'decided' }
  | Refused<'NOT_COUNTED' | 'FOUR_EYES' | 'MORE_THAN_IN_TILL' | 'MORE_THAN_COUNTED' | 'BAD_DAY'>

export function decideBanking(
  till: Till,
  slip: { readonly amountFen: number; readonly bankedOn: ShanghaiDay },
  personId: string,
  now: Instant,
): BankingDecision {
  const hint = bankingHint(till, personId)
  if (hint === 'NOT_COUNTED') return refused('NOT_COUNTED', '上次存银行以后还没有清点，请先由另一位清点')
  if (hint === 'FOUR_EYES')
    return refused('FOUR_EYES', '现金是您清点的，请由另一位登记存款。只有一位工作人员时，请区管理员办')
  if (slip.amountFen > till.balanceFen) {
    return refused('MORE_THAN_IN_TILL', undefined, { amountFen: '比账上的现金还多，请核对回单上的金额' })
  }
  // Of what came since then nobody has said that it was there. The sum is not told to who may have to count next.
  if (slip.amountFen > (till.lastCount?.countedFen ?? 0)) {
    return refused('MORE_THAN_COUNTED', undefined, { amountFen: '比上次清点的还多，后来收的请先清点' })
  }
  const today = shanghaiDay(now)
  if (slip.bankedOn > today || slip.bankedOn < plusDays(today, -CASH_BANKED_WITHIN_DAYS)) {
    return refused('BAD_DAY', undefined, {
      bankedOn: `存款日期写回单上的，不能晚于今天，也不能早于 ${CASH_BANKED_WITHIN_DAYS} 天前`,
    })
  }
  return { kind: 'decided' }
}
