import { reportMissing as route } from '#shared/contracts/settlement.ts'
import { decideReport } from '#shared/domain/settlement/missing-money.ts'
import { http } from '#functions/platform/http.ts'
import { sayMissing } from './say-missing.ts'

export const reportMissing = http(
  route,
  ({ params, body: { words, seenReports } }, { caller, now }) =>
    sayMissing(params, { step: 'missing', words }, caller, now, ({ statement, payout }) =>
      decideReport(statement, payout, seenReports),
    ),
  { freshRoles: true },
)
