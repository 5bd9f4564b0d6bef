import type { CashMove } from '#shared/contracts/cash.ts'
import { dayText } from '../format/time.ts'
import type { cashWords } from '../text/cash.ts'
import type { Lang, Said } from '../text/lang.ts'

/** What a line of the cash book says besides its sum: the slip, who received it, and the words. */
export function cashNote(
  { bankReference, bankedOn, receivedBy, words }: CashMove,
  t: Pick<Said<typeof cashWords>, 'slip' | 'received' | 'receiver_buyer' | 'receiver_household' | 'receiver_other'>,
  lang: Lang,
): string {
  const parts = [
    bankReference !== undefined && bankedOn !== undefined ? t.slip(dayText(bankedOn, lang), bankReference) : '',
    receivedBy === undefined ? '' : t.received(t[`receiver_${receivedBy}`]),
    words ?? '',
  ]
  return parts.filter((part) => part !== '').join(lang === 'zh' ? '；' : '; ')
}
