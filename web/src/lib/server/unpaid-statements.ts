import type { RequestEvent } from '@sveltejs/kit'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { listUnpaid } from '#shared/contracts/settlement.ts'
import type { StatementListed } from '../settlement/statement.ts'
import { api } from './api.ts'
import { dataOrError } from './problems.ts'

/** So many pages of statements are added up; who has more unpaid than that has other worries. */
const PAGES_MAX = 10

/** All that is unpaid, of all co-ops or of one, so that sums are whole. */
export async function loadUnpaid(event: Pick<RequestEvent, 'url' | 'locals'>, token: string, coopId?: string) {
  const statements: StatementListed[] = []
  let cursor: string | undefined
  for (let page = 0; page < PAGES_MAX; page++) {
    const query = { coopId, cursor, limit: PAGE_MAX }
    const found = dataOrError(await api(listUnpaid, { query }, { token }), event)
    statements.push(...found.items)
    cursor = found.nextCursor
    if (cursor === undefined) break
  }
  return { statements, isMore: cursor !== undefined }
}
