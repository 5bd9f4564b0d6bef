import { getStatement as route } from '#shared/contracts/settlement.ts'
import { http } from '#functions/platform/http.ts'
import { statementView, visibleStatement } from './statement-view.ts'

export const getStatement = http(route, async ({ params }, { caller }) =>
  statementView(await visibleStatement(params, caller)),
)
