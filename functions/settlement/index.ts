import { httpHandler } from '#functions/platform/http.ts'
import { answerDispute } from './answer-dispute.ts'
import { answerMissing } from './answer-missing.ts'
import { confirmStatement } from './confirm-statement.ts'
import { correctTransfer } from './correct-transfer.ts'
import { disputeStatement } from './dispute-statement.ts'
import { extendPayout } from './extend-payout.ts'
import { getStatement } from './get-statement.ts'
import { dropPayout } from './drop-payout.ts'
import { listPaidCoops } from './list-paid-coops.ts'
import { listPayouts } from './list-payouts.ts'
import { listStatements } from './list-statements.ts'
import { listUnpaid } from './list-unpaid.ts'
import { listUnstated } from './list-unstated.ts'
import { preparePayout } from './prepare-payout.ts'
import { recordTransfer } from './record-transfer.ts'
import { reportMissing } from './report-missing.ts'
import { voidTransfer } from './void-transfer.ts'

export const handler = httpHandler(
  listStatements,
  listUnstated,
  getStatement,
  confirmStatement,
  disputeStatement,
  answerDispute,
  reportMissing,
  answerMissing,
  listUnpaid,
  preparePayout,
  extendPayout,
  recordTransfer,
  correctTransfer,
  voidTransfer,
  dropPayout,
  listPayouts,
  listPaidCoops,
)
