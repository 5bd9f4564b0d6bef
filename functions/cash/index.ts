import { httpHandler } from '#functions/platform/http.ts'
import { bankCash } from './bank-cash.ts'
import { bringInCash } from './bring-in-cash.ts'
import { countCash } from './count-cash.ts'
import { getCashDay } from './get-cash-day.ts'
import { getCashTill } from './get-cash-till.ts'
import { listCashDue } from './list-cash-due.ts'
import { listCashTills } from './list-cash-tills.ts'

export const handler = httpHandler(
  listCashDue,
  getCashTill,
  getCashDay,
  countCash,
  bankCash,
  bringInCash,
  listCashTills,
)
