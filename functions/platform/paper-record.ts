import { HOUSEHOLDS_MAX } from './households.ts'
import { paperItem, waitingPaperItem, type PaperItem } from './table/items/papers.ts'
import { paperKeys } from './table/paper-keys.ts'
import { query, queryAll } from './table/table.ts'

/** All that was entered of a proposal's papers (pattern GP2). */
export async function loadPapers(proposalId: string): Promise<PaperItem[]> {
  const { PK: pk } = paperKeys.paper(proposalId, '')
  return queryAll(paperItem, { pk, prefix: 'PAPER#', max: HOUSEHOLDS_MAX })
}

/** Papers that are no ballots yet (pattern GP3). */
export async function pageOfWaiting(proposalId: string, limit: number, cursor: string | undefined) {
  const { PK: pk } = paperKeys.waiting(proposalId, '')
  return query(waitingPaperItem, { pk, prefix: 'WAITING#', limit, cursor })
}

/** Once the vote is shut there come no more of them, and none goes. */
export async function countWaiting(proposalId: string): Promise<number> {
  const { PK: pk } = paperKeys.waiting(proposalId, '')
  return (await queryAll(waitingPaperItem, { pk, prefix: 'WAITING#', max: HOUSEHOLDS_MAX })).length
}
