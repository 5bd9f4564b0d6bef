import { confirmStatement as route } from '#shared/contracts/settlement.ts'
import { http } from '#functions/platform/http.ts'
import { answerStatement } from './answer-statement.ts'

export const confirmStatement = http(
  route,
  ({ params, body: { version } }, { caller, now }) =>
    answerStatement(params, { to: 'confirmed', step: 'confirmed', side: 'coop', version }, caller, now),
  { freshRoles: true },
)
