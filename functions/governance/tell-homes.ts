import type { Instant } from '#shared/kernel/time.ts'
import { isHeld } from '#functions/platform/caller.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { log } from '#functions/platform/log.ts'
import { governanceIndex, governanceKeys } from '#functions/platform/table/governance-keys.ts'
import { homesToTellItem, proposalItem, type HomesToTellItem } from '#functions/platform/table/items/governance.ts'
import { membershipItem } from '#functions/platform/table/items/places.ts'
import { index } from '#functions/platform/table/keys.ts'
import { tellHome } from '#functions/platform/table/notices.ts'
import { ALWAYS, EXISTS, get, NOT_EXISTS, query, transact } from '#functions/platform/table/table.ts'
import { homesToTellPut } from './notice-writes.ts'

const MEMBERS_A_PAGE = 100
const TOLD_AT_ONCE = 10
const MARKS_A_TURN = 25

/**
 * Tells the households of a compound, page by page. The mark that they are to be told was written with the step and goes
 * when all have been; each notice has a key of its own, so that cut off anywhere the next turn does what is left.
 */
export async function tellHomes(at: Instant, hasTime: () => boolean): Promise<{ told: number; failed: number }> {
  const counts = { told: 0, failed: 0 }
  const { GSI1PK: pk } = governanceIndex.homesToTell('', '', '')
  const { items } = await query(homesToTellItem, { pk, index: 'GSI1', limit: MARKS_A_TURN })
  for (const mark of items) {
    if (!hasTime()) return counts
    // One compound that cannot be told must not keep the others waiting.
    try {
      counts.told += await tellOne(mark, at, hasTime)
    } catch (error) {
      counts.failed++
      log('error', 'households not told', {
        proposalId: mark.proposalId,
        why: error instanceof Error ? error.message.slice(0, 200) : '',
      })
    }
  }
  return counts
}

/** How many households were told that had not been. */
async function tellOne(mark: HomesToTellItem, at: Instant, hasTime: () => boolean): Promise<number> {
  const { proposalId, news } = mark
  const key = governanceKeys.homesToTell(proposalId, news)
  let told = 0
  let { cursor } = mark
  do {
    const page = (await isStillNews(mark)) ? await tellPage({ ...mark, cursor }, at) : NOBODY
    told += page.told
    cursor = page.nextCursor
    if (cursor === undefined) await transact([{ delete: key, condition: ALWAYS }])
    else await transact([{ put: homesToTellPut({ ...mark, cursor }), condition: EXISTS }])
  } while (cursor !== undefined && hasTime())
  return told
}

const NOBODY = { told: 0, nextCursor: undefined }

/** Nobody is called to a vote that is over. */
async function isStillNews({ proposalId, news }: HomesToTellItem): Promise<boolean> {
  if (news !== 'home-vote') return true
  const item = await get(proposalItem, governanceKeys.proposal(proposalId))
  return item?.state === 'voting'
}

/** The next verified households (pattern 6); one whose members stand on two pages is told once. */
async function tellPage({ compoundId, cursor, ...mark }: HomesToTellItem, at: Instant) {
  const { GSI1PK: pk } = index.compoundMembers(compoundId, '', '', '')
  const page = await query(membershipItem, {
    ...{ pk, prefix: 'verified#', index: 'GSI1' as const, limit: MEMBERS_A_PAGE },
    ...(cursor === undefined ? {} : { cursor }),
  })
  const homes = new Set(page.items.filter((item) => isHeld(item, at)).map(({ scopeId }) => scopeId))
  const about = {
    ...({ kind: 'proposal-vote', at: mark.at, of: `${mark.proposalId}.${mark.step}` } as const),
    ...{ proposalId: mark.proposalId, proposalTitle: mark.title, proposalNews: mark.news },
  }
  const done = await inParallel([...homes], TOLD_AT_ONCE, (householdId) =>
    transact([{ ...tellHome(householdId, compoundId, about), condition: NOT_EXISTS }]),
  )
  return { told: done.filter(({ kind }) => kind === 'done').length, nextCursor: page.nextCursor }
}
