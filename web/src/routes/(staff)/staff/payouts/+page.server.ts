import { listPaidCoops, listUnpaid } from '#shared/contracts/settlement.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { api } from '#web/lib/server/api.ts'
import type { StatementListed } from '#web/lib/settlement/statement.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import type { RequestEvent } from './$types'
import type { PageServerLoad } from './$types'

/** So many pages of statements are added up; who has more unpaid than that has other worries. */
const PAGES_MAX = 10
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

/** All of them, so that the sums of a co-op are whole. */
async function loadUnpaid(event: RequestEvent, token: string) {
  const statements: StatementListed[] = []
  let cursor: string | undefined
  for (let page = 0; page < PAGES_MAX; page++) {
    const found = dataOrError(await api(listUnpaid, { query: { cursor, limit: PAGE_MAX } }, { token }), event)
    statements.push(...found.items)
    cursor = found.nextCursor
    if (cursor === undefined) break
  }
  return { statements, isMore: cursor !== undefined }
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
  }
}
