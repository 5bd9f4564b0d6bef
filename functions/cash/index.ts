import { httpHandler } from '#functions/platform/http.ts'
import { bankCash } from './bank-cash.ts'
import { countCash } from './count-cash.ts'
import { getCashDay } from './get-cash-day.ts'
import { listCashDue } from './list-cash-due.ts'
import { reopenCash } from './reopen-cash.ts'

export const handler = httpHandler(listCashDue, getCashDay, countCash, reopenCash, bankCash)
