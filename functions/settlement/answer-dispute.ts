import { answerDispute as route } from '#shared/contracts/settlement.ts'
import { http } from '#functions/platform/http.ts'
import { answerStatement } from './answer-statement.ts'

export const answerDispute = http(
  route,
  ({ params, body }, { caller, now }) =>
    answerStatement(params, { to: 'open', step: 'answered', side: 'district', ...body }, caller, now),
  { freshRoles: true },
)
