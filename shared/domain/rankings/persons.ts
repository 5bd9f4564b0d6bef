import type { RankingAct } from '#shared/contracts/rankings.ts'
import { type Ranking, openAppeals } from './ranking.ts'

/** Who somebody is where a list belongs. */
export type RankingPerson = {
  readonly personId: string
  readonly isAdmin: boolean
  readonly isWorker: boolean
  readonly isSupervisor: boolean
  readonly bodyIds: readonly string[]
}

/** Of a body that is on the list: no freezing, no deciding, no correcting, whatever else they are. */
export function isRanked({ bodyIds }: RankingPerson, rows: readonly { readonly bodyId: string }[]): boolean {
  return rows.some(({ bodyId }) => bodyIds.includes(bodyId))
}

/**
 * What somebody sees. Before publication: who oversees the community all of it, who is on it their own rows, and nobody else
 * that there is one. Who oversees it and is of a ranked body sees their own rows, as any other body does.
 */
export function sightOf(ranking: Ranking, person: RankingPerson | undefined): 'all' | 'own' | 'nothing' {
  if (ranking.state !== 'preview') return 'all'
  if (person === undefined) return 'nothing'
  if (isRanked(person, ranking.frozen)) return 'own'
  return person.isAdmin || person.isWorker || person.isSupervisor ? 'all' : 'nothing'
}

/**
 * Who judges: the community's supervisor, or an administrator. Its workers do not: they assigned and verified the matters that
 * the figures are made of, whatever else they are. Nor does who froze it, nor anybody of a ranked body, its competitors included.
 */
export function whyNotJudge(
  ranking: Ranking,
  person: RankingPerson,
): 'forbidden' | 'INTERESTED' | 'FOUR_EYES' | undefined {
  if (!person.isAdmin && !person.isSupervisor) return 'forbidden'
  if (isRanked(person, ranking.frozen)) return 'INTERESTED'
  if (person.isWorker || ranking.frozenBy === person.personId) return 'FOUR_EYES'
  return undefined
}

/** What somebody may do now, for the pages; the decisions themselves ask again. */
export function possibleActs(ranking: Ranking, person: RankingPerson | undefined, now: string): RankingAct[] {
  if (person === undefined) return []
  const { state, appeals, frozen, previewUntil } = ranking
  const judges = whyNotJudge(ranking, person) === undefined
  const isTime = state === 'preview' && now < previewUntil
  const mayAppeal = frozen.some(
    (row) =>
      person.bodyIds.includes(row.bodyId) &&
      !appeals.some(({ bodyId, compoundId }) => bodyId === row.bodyId && compoundId === row.compoundId),
  )
  return [
    ...(isTime && mayAppeal ? (['appeal'] as const) : []),
    ...(judges && openAppeals(ranking).length > 0 ? (['decide'] as const) : []),
    ...(judges && state !== 'preview' ? (['correct'] as const) : []),
  ]
}
