import { httpHandler } from '#functions/platform/http.ts'
import { answerDispute } from './answer-dispute.ts'
import { confirmStatement } from './confirm-statement.ts'
import { disputeStatement } from './dispute-statement.ts'
import { getStatement } from './get-statement.ts'
import { listPayouts } from './list-payouts.ts'
import { listStatements } from './list-statements.ts'
import { listUnpaid } from './list-unpaid.ts'
import { recordPayout } from './record-payout.ts'
import { returnPayout } from './return-payout.ts'

export const handler = httpHandler(
  listStatements,
  getStatement,
  confirmStatement,
  disputeStatement,
  answerDispute,
  listUnpaid,
  recordPayout,
  returnPayout,
  listPayouts,
)
