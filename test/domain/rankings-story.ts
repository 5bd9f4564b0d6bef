import { workClock } from '#shared/kernel/working-days.ts'
import type { RankingCounts, RankingSubject } from '#shared/contracts/rankings.ts'
import { decideFreeze } from '#shared/domain/rankings/decide-act.ts'
import type { RankingPerson } from '#shared/domain/rankings/persons.ts'
import { foldRanking, type Ranking } from '#shared/domain/rankings/ranking.ts'
import { rankingFormula } from '#shared/domain/rankings/rules.ts'

/** Monday to Friday. */
export const work = workClock((day) => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay()))
export const QUARTER = '2026-q3'
/** A Monday, in the quarter after. */
export const FROZEN = '2026-10-12T02:00:00.000Z'

export const person = (personId: string, more: Partial<RankingPerson> = {}): RankingPerson => ({
  ...{ personId, isAdmin: false, isWorker: false, isSupervisor: false, bodyIds: [], ...more },
})
export const admin = person('admin', { isAdmin: true })
export const other = person('other', { isAdmin: true })
export const supervisor = person('supervisor', { isSupervisor: true })
export const worker = person('worker', { isWorker: true })
export const plumber = person('plumber', { bodyIds: ['property'] })
export const rival = person('rival', { bodyIds: ['rival'] })

const good: RankingCounts = {
  ...{ assigned: 60, overdue: 0, solved: 60, unsolved: 0, ratings: 60, content: 60, hotline: 0, households: 200 },
}
export const bad: RankingCounts = { ...good, overdue: 50, solved: 10, unsolved: 50, content: 10 }
export const row = (bodyId: string, counts: RankingCounts): RankingSubject => ({
  ...{ bodyId, bodyName: `${bodyId} 公司`, compoundId: 'c-1', compoundName: '示例小区', counts },
})
export const subjects = [row('property', bad), row('rival', good)]
export const ROW = { bodyId: 'property', compoundId: 'c-1' }

export function frozen(rows: readonly RankingSubject[] = subjects, quarter = QUARTER, at = FROZEN): Ranking {
  const decided = decideFreeze(
    { quarter, withoutHotline: false },
    { subjects: rows, knowsHotline: true },
    rankingFormula,
    admin,
    at,
    work,
    () => 'hash',
  )
  if (decided.kind !== 'step') throw new Error(decided.kind)
  return foldRanking([decided.step])
}
