import { httpHandler } from '#functions/platform/http.ts'
import { approveManualEntry } from './approve-manual-entry.ts'
import { askPaymentChecks } from './ask-payment-checks.ts'
import { confirmRemittance } from './confirm-remittance.ts'
import { dropManualEntry } from './drop-manual-entry.ts'
import { dropRemittance } from './drop-remittance.ts'
import { exportLedgerCsv } from './export-csv.ts'
import { exportLedgerJsonl } from './export-jsonl.ts'
import { getCharityFund } from './get-charity-fund.ts'
import { getCommunityFund } from './get-community-fund.ts'
import { getFund } from './get-fund.ts'
import { getRemittance, listRemittanceLines, listRemittances } from './get-remittance.ts'
import { listFundAlerts } from './list-alerts.ts'
import { listDonations } from './list-donations.ts'
import { listDue } from './list-due.ts'
import { getDayRoot, listDayRoots } from './day-roots.ts'
import { listFundDays } from './list-days.ts'
import { getFundInflow, sumFundInflow } from './inflow.ts'
import { listEntries } from './list-entries.ts'
import { getManualEntryReason, listManualEntries, listOpenManualEntries } from './list-manual-entries.ts'
import { payProject } from './pay-project.ts'
import { prepareRemittance } from './prepare-remittance.ts'
import { proposeManualEntry } from './propose-manual-entry.ts'
import { reconcile } from './reconcile.ts'
import { recordRemittanceTransfer } from './record-remittance-transfer.ts'
import { returnRemittanceTransfer } from './return-remittance-transfer.ts'
import { getFundStatement, listFundStatements } from './statements.ts'
import { traceSale } from './trace-sale.ts'

export const handler = httpHandler(
  getFund,
  listEntries,
  exportLedgerJsonl,
  exportLedgerCsv,
  reconcile,
  listDue,
  listRemittances,
  getRemittance,
  listRemittanceLines,
  prepareRemittance,
  recordRemittanceTransfer,
  returnRemittanceTransfer,
  confirmRemittance,
  dropRemittance,
  listDonations,
  listFundDays,
  listDayRoots,
  getDayRoot,
  getFundInflow,
  sumFundInflow,
  getFundStatement,
  listFundStatements,
  getCommunityFund,
  getCharityFund,
  listFundAlerts,
  listManualEntries,
  listOpenManualEntries,
  getManualEntryReason,
  proposeManualEntry,
  approveManualEntry,
  dropManualEntry,
  payProject,
  askPaymentChecks,
  traceSale,
)
