import type { Problem } from '#shared/contracts/route.ts'
import { cashWords } from '../text/cash.ts'
import { type Lang, say } from '../text/lang.ts'

/** Nobody was chosen who received the cash: a person says so, the page never does. */
export function noReceiver(lang: Lang): Problem {
  const fields = { receivedBy: say(cashWords, lang).receiverNeeded }
  return { type: '', title: '', status: 400, code: 'INVALID', fields }
}
