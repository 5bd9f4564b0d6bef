import { listPaidCoops } from '#shared/contracts/settlement.ts'
import { api } from '#web/lib/server/api.ts'
import type { StatementListed } from '#web/lib/settlement/statement.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import { loadUnpaid } from '#web/lib/server/unpaid-statements.ts'
import type { PageServerLoad } from './$types'

const COOPS_SHOWN = 50

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const [{ statements, isMore }, paid] = await Promise.all([
    loadUnpaid(event, token),
    api(listPaidCoops, { query: { cursor, limit: COOPS_SHOWN } }, { token }),
  ])
  const coops = [...Map.groupBy(statements, ({ coopId }) => coopId).values()].map(coopOf)
  const shown = new Set(coops.map(({ coopId }) => coopId))
  const { items, nextCursor } = dataOrError(paid, event)
  return { coops, isMore, paidCoops: items.filter(({ coopId }) => !shown.has(coopId)), nextCursor }
}

function coopOf(statements: readonly StatementListed[]) {
  const inState = (state: StatementListed['state']) => statements.filter((each) => each.state === state)
  const ready = inState('confirmed')
  return {
    coopId: statements[0]?.coopId ?? '',
    coopName: statements[0]?.coopName ?? '',
    readyCount: ready.length,
    readyFen: ready.reduce((sum, { dueFen }) => sum + dueFen, 0),
    payingCount: inState('paying').length,
    openCount: inState('open').length,
    disputedCount: inState('disputed').length,
    missingCount: inState('missing').length,
  }
}
