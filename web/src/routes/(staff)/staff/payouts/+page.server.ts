import { listUnpaid } from '#shared/contracts/settlement.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { api } from '#web/lib/server/api.ts'
import type { StatementListed } from '#web/lib/settlement/statement.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const found = await api(listUnpaid, { query: { cursor, limit: PAGE_MAX } }, { token })
  const { items, nextCursor } = dataOrError(found, event)
  const coops = [...Map.groupBy(items, ({ coopId }) => coopId).values()].map(coopOf)
  return { coops, nextCursor }
}

function coopOf(statements: readonly StatementListed[]) {
  const inState = (state: StatementListed['state']) => statements.filter((each) => each.state === state)
  const ready = inState('confirmed')
  return {
    coopId: statements[0]?.coopId ?? '',
    coopName: statements[0]?.coopName ?? '',
    readyCount: ready.length,
    readyFen: ready.reduce((sum, { dueFen }) => sum + dueFen, 0),
    openCount: inState('open').length,
    disputedCount: inState('disputed').length,
  }
}
