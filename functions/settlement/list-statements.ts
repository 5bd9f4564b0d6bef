import { listStatements as route } from '#shared/contracts/settlement.ts'
import { requireRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { pageOfCoopStatements } from './statement-store.ts'
import { statementSummary } from './statement-view.ts'

const PAGE = 20

export const listStatements = http(route, async ({ params: { coopId }, query }, { caller }) => {
  requireRole(caller, 'coop', coopId, 'admin')
  const page = await pageOfCoopStatements(coopId, query.limit ?? PAGE, query.cursor)
  return { ...page, items: page.items.map(statementSummary) }
})
