import { createHash } from 'node:crypto'
import type { RankingRow, RankingSummary, RankingView } from '#shared/contracts/rankings.ts'
import { canonicalLines } from '#shared/domain/fund/canonical-json.ts'
import { possibleActs, type RankingPerson, sightOf } from '#shared/domain/rankings/persons.ts'
import { changesOf, frozenLines, type Ranking, rowOf } from '#shared/domain/rankings/ranking.ts'
import type { RowName } from '#shared/domain/rankings/steps.ts'
import { assert } from '#shared/kernel/assert.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { type Caller, hasRole, isAdmin } from '#functions/platform/caller.ts'
import type { RankingItem } from '#functions/platform/table/items/rankings.ts'
import type { LoadedRanking } from './ranking-store.ts'

export function rankingPersonOf(caller: Caller, communityId: string): RankingPerson {
  return {
    personId: caller.personId,
    isAdmin: isAdmin(caller),
    isWorker: hasRole(caller, 'worker', communityId),
    isSupervisor: hasRole(caller, 'supervisor', communityId),
    bodyIds: caller.memberships.filter(({ role }) => role === 'body').map(({ scopeId }) => scopeId),
  }
}

export function rankingSummary(item: RankingItem, seesAll: boolean): RankingSummary {
  const { entity: _entity, v: _v, steps: _steps, bodyIds: _bodyIds, openAppeals, ...summary } = item
  return { ...summary, ...(seesAll ? { openAppeals } : {}) }
}

/** Nothing, where it does not exist for whoever asks. */
export function rankingView(
  { item, ranking }: LoadedRanking,
  person: RankingPerson | undefined,
  now: Instant,
): RankingView | undefined {
  const sight = sightOf(ranking, person)
  if (sight === 'nothing') return undefined
  const bodyIds = person?.bodyIds ?? []
  const isShown = ({ bodyId }: RowName) => sight === 'all' || bodyIds.includes(bodyId)
  const named = <T extends RowName>(of: T) => ({ ...of, ...namesOf(ranking.frozen, of) })
  return {
    ...rankingSummary(item, sight === 'all'),
    ...{ formula: ranking.formula, hash: ranking.hash, ownRowsOnly: sight === 'own' },
    withoutHotline: ranking.withoutHotline,
    rows: ranking.rows.filter(isShown),
    appeals: ranking.appeals.filter(isShown).map(named),
    corrections: ranking.corrections.map(named),
    motions: ranking.motions.map((motion) => ({ ...named(motion), quarters: [...motion.quarters] })),
    mayDo: possibleActs(ranking, person, now),
    ownBodyIds: item.bodyIds.filter((bodyId) => bodyIds.includes(bodyId)),
  }
}

function namesOf(rows: readonly RankingRow[], of: RowName) {
  const row = rowOf(rows, of)
  assert(row !== undefined, 'what happened to a row happened to one of the list')
  return { bodyName: row.bodyName, compoundName: row.compoundName }
}

type Named = Pick<RankingItem, 'rankingId' | 'communityId' | 'quarter'>

function frozenText(
  { rankingId, communityId, quarter }: Named,
  ranking: Pick<Ranking, 'formula' | 'frozen' | 'frozenAt'>,
): string {
  return canonicalLines(
    frozenLines({ rankingId, communityId, quarter }, ranking.formula, ranking.frozen, ranking.frozenAt),
  )
}

export function hashOfFrozen(named: Named, ranking: Pick<Ranking, 'formula' | 'frozen' | 'frozenAt'>): string {
  return createHash('sha256').update(frozenText(named, ranking)).digest('hex')
}

/** The frozen lines, their hash, every change of counts in the order of the steps, the rows as they are now. */
export function exportText({ item, ranking }: LoadedRanking): string {
  return (
    frozenText(item, ranking) +
    canonicalLines([
      { kind: 'hash', sha256: ranking.hash },
      ...changesOf(ranking).map((change) => ({ kind: 'correction', ...change })),
      ...ranking.rows.map((row) => ({ kind: 'now', ...row })),
    ])
  )
}
