import { disputeStatement as route } from '#shared/contracts/settlement.ts'
import { refuseEndless } from '#shared/domain/settlement/answer-statement.ts'
import { http } from '#functions/platform/http.ts'
import { answerStatement } from './answer-statement.ts'

export const disputeStatement = http(
  route,
  ({ params, body }, { caller, now }) =>
    answerStatement(params, { to: 'disputed', step: 'disputed', side: 'coop', ...body }, caller, now, refuseEndless),
  { freshRoles: true },
)
