import { CASH_BANKED_WITHIN_DAYS, type cashDayStates } from '../../contracts/cash.ts'
import { yuan } from '../../kernel/money.ts'
import { refused, type Refused } from '../../kernel/outcome.ts'
import { type Instant, plusDays, shanghaiDay, type ShanghaiDay } from '../../kernel/time.ts'

export type CashDayState = (typeof cashDayStates)[number]

/** The life of one day's cash. What is in the bank stays there. */
export const cashDayTransitions: Readonly<Record<CashDayState, readonly CashDayState[]>> = {
  open: ['counted'],
  counted: ['open', 'banked'],
  banked: [],
}

export type StoredCashDay = {
  readonly day: ShanghaiDay
  readonly state: CashDayState
  readonly takenFen: number
  readonly handedBackFen: number
  readonly moveCount: number
  readonly version: number
  readonly countedBy?: string | undefined
}

export const expectedFen = ({ takenFen, handedBackFen }: Pick<StoredCashDay, 'takenFen' | 'handedBackFen'>): number =>
  takenFen - handedBackFen

type Moved = Refused<'CASH_DAY_MOVED' | 'WRONG_STATE'>

const sayings: Readonly<Record<CashDayState, string>> = {
  open: '这一天的现金还没有清点',
  counted: '这一天的现金已经清点',
  banked: '这一天的现金已经存进银行，不能再改',
}

export function decideMove(day: StoredCashDay, to: CashDayState, seenVersion: number): Moved | undefined {
  if (!cashDayTransitions[day.state].includes(to)) return refused('WRONG_STATE', sayings[day.state])
  if (day.version !== seenVersion) return refused('CASH_DAY_MOVED', '刚有现金收退，请看过最新的数字再继续')
  return undefined
}

/** What is not as it should be is said, with the reason; it is never made to fit. */
export function decideCount(
  day: StoredCashDay,
  count: { readonly version: number; readonly countedFen: number; readonly words?: string | undefined },
): { readonly kind: 'decided' } | Moved | Refused<'NOTHING_TO_COUNT' | 'CASH_DIFFERS'> {
  const moved = decideMove(day, 'counted', count.version)
  if (moved !== undefined) return moved
  if (day.moveCount === 0) return refused('NOTHING_TO_COUNT', '这一天没有收过现金')
  const difference = count.countedFen - expectedFen(day)
  if (difference !== 0 && (count.words ?? '') === '') {
    const [how, by] = [difference < 0 ? '少' : '多', yuan(Math.abs(difference))]
    return refused('CASH_DIFFERS', undefined, { words: `比应有的${how} ¥${by}，请重点一遍，或写明原因` })
  }
  return { kind: 'decided' }
}

/** Persons, not roles: who counted cannot say that it is in the bank. */
export function decideBanking(
  day: StoredCashDay,
  banking: { readonly version: number; readonly bankedOn: ShanghaiDay },
  bankerId: string,
  now: Instant,
): { readonly kind: 'decided' } | Moved | Refused<'FOUR_EYES' | 'BAD_DAY'> {
  const moved = decideMove(day, 'banked', banking.version)
  if (moved !== undefined) return moved
  if (day.countedBy === bankerId) return refused('FOUR_EYES', '现金是您清点的，请由另一位登记存款')
  const today = shanghaiDay(now)
  if (banking.bankedOn > today || banking.bankedOn < day.day || day.day < plusDays(today, -CASH_BANKED_WITHIN_DAYS)) {
    return refused('BAD_DAY', undefined, {
      bankedOn: `存款日期要在收钱当天和今天之间，${CASH_BANKED_WITHIN_DAYS} 天内登记`,
    })
  }
  return { kind: 'decided' }
}
