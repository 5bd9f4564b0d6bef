import type { RepeatWeek } from '#shared/contracts/group-buys.ts'
import { weeksLater } from '#shared/domain/group-buys/next-edition.ts'
import { afterWeek, isFinalWeek, turnOf } from '#shared/domain/group-buys/repeat-group-buy.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { log } from '#functions/platform/log.ts'
import type { GroupBuyRepeatItem } from '#functions/platform/table/items/group-buys.ts'
import { openOnce } from './open-once.ts'
import { deleteRepeat, dueRepeats, editionBody, editionIdOf, putRepeat, putWeek, repetitionOf } from './repeat-store.ts'
import { loadGroupBuy } from './store.ts'

const PAGE = 50
const REPEATS_AT_ONCE = 4

export type EditionCounts = { opened: number; refused: number; missed: number; failed: number }

/**
 * Opens what is due of the repeated group buys, one week of each in a tick. In three steps, each of which may be repeated:
 * the edition under the id of its week (the same decision and the same writing as by hand), what became of the week, and
 * the turn to the next week. Cut off anywhere, the next tick finds the edition there and goes on.
 */
export async function openEditions(now: Instant, hasTime: () => boolean): Promise<EditionCounts> {
  const counts: EditionCounts = { opened: 0, refused: 0, missed: 0, failed: 0 }
  let cursor: string | undefined
  do {
    const page = await dueRepeats(now, PAGE, cursor)
    await inParallel(page.items, REPEATS_AT_ONCE, async (repeat) => {
      if (hasTime()) await openAndCount(repeat, now, counts)
    })
    cursor = page.nextCursor
  } while (cursor !== undefined && hasTime())
  return counts
}

/** One that cannot be opened does not keep the others waiting. */
async function openAndCount(repeat: GroupBuyRepeatItem, now: Instant, counts: EditionCounts): Promise<void> {
  try {
    const turn = turnOf(repetitionOf(repeat), now)
    if (turn === 'wait') return
    const week = turn === 'missed' ? weekOf(repeat, { outcome: 'missed' }, now) : await tryWeek(repeat, now)
    await putWeek(repeat, week)
    if (await turnOn(repeat, week, now)) counts[week.outcome] += 1
  } catch (error) {
    counts.failed += 1
    const why = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown'
    log('error', 'edition not opened', { groupBuyId: repeat.groupBuyId, week: repeat.week, why })
  }
}

async function tryWeek(repeat: GroupBuyRepeatItem, now: Instant): Promise<RepeatWeek> {
  const { groupBuyId, week } = repeat
  const source = await loadGroupBuy(groupBuyId)
  if (source === undefined) throw new Error('the group buy that is repeated is gone')
  const editionId = editionIdOf(groupBuyId, week)
  const opened = await openOnce(editionId, editionBody(source, week), now)
  if (opened.kind === 'opened') return weekOf(repeat, { outcome: 'opened', editionId }, now)
  const { code, detail } = opened
  return weekOf(repeat, { outcome: 'refused', code, ...(detail === undefined ? {} : { detail }) }, now)
}

type Tried = Pick<RepeatWeek, 'outcome' | 'editionId' | 'code' | 'detail'>

function weekOf(repeat: GroupBuyRepeatItem, tried: Tried, now: Instant): RepeatWeek {
  const { groupBuyId, title, week } = repeat
  const { opensAt } = weeksLater(repeat, week)
  const final = isFinalWeek(tried, repetitionOf(repeat), now)
  return { groupBuyId, title, week, opensAt, decidedAt: now, final, ...tried }
}

/** False: another clock did it, or somebody stopped or changed the repetition meanwhile. */
async function turnOn(repeat: GroupBuyRepeatItem, week: RepeatWeek, now: Instant): Promise<boolean> {
  const next = afterWeek(repetitionOf(repeat), week, now)
  if (next === undefined) return deleteRepeat(repeat)
  return (await putRepeat(repeat, next, repeat)) !== undefined
}
