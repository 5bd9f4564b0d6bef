import { answerMissing as route } from '#shared/contracts/settlement.ts'
import { decideTrace } from '#shared/domain/settlement/missing-money.ts'
import { http } from '#functions/platform/http.ts'
import { sayMissing } from './say-missing.ts'

export const answerMissing = http(
  route,
  ({ params, body: { words, seenReports } }, { caller, now }) =>
    sayMissing(params, { step: 'traced', words }, caller, now, ({ statement, payout }) =>
      decideTrace(statement, payout, caller.personId, seenReports),
    ),
  { freshRoles: true },
)
