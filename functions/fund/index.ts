import { httpHandler } from '#functions/platform/http.ts'
import { exportLedgerCsv } from './export-csv.ts'
import { exportLedgerJsonl } from './export-jsonl.ts'
import { getFund } from './get-fund.ts'
import { getDayRoot, listDayRoots } from './day-roots.ts'
import { listFundDays } from './list-days.ts'
import { listEntries } from './list-entries.ts'
import { reconcile } from './reconcile.ts'
import { getFundStatement, listFundStatements } from './statements.ts'

export const handler = httpHandler(
  getFund,
  listEntries,
  exportLedgerJsonl,
  exportLedgerCsv,
  reconcile,
  listFundDays,
  listDayRoots,
  getDayRoot,
  getFundStatement,
  listFundStatements,
)
