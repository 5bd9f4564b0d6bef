import {
  appealRanking as appealRoute,
  correctRanking as correctRoute,
  decideAppeal as decideRoute,
  type RankingView,
} from '#shared/contracts/rankings.ts'
import { type Decided, decideAppealing, decideAppealOf, decideCorrection } from '#shared/domain/rankings/decide-act.ts'
import { lapseOf } from '#shared/domain/rankings/decide-system.ts'
import type { RankingPerson } from '#shared/domain/rankings/persons.ts'
import { ofRankingId } from '#shared/domain/rankings/list-id.ts'
import { afterStep, type Ranking } from '#shared/domain/rankings/ranking.ts'
import type { RankingStep } from '#shared/domain/rankings/steps.ts'
import type { Refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import type { Caller } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { log } from '#functions/platform/log.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import type { Write } from '#functions/platform/table/table.ts'
import { workClockNow } from '#functions/platform/work-calendar.ts'
import {
  loadNeighbours,
  loadRanking,
  neighbourChecks,
  nextStepWrites,
  saveStep,
  type LoadedRanking,
} from './ranking-store.ts'
import { rankingPersonOf, rankingView } from './ranking-view.ts'

const ATTEMPTS_MAX = 8

export const appealRanking = http(
  appealRoute,
  ({ params, body }, { caller, now }) =>
    act(params.rankingId, caller, now, (ranking, person) =>
      decideAppealing(ranking, body, person, now, workClockNow()),
    ),
  { freshRoles: true },
)

export const decideAppeal = http(
  decideRoute,
  ({ params, body }, { caller, now }) =>
    act(params.rankingId, caller, now, (ranking, person) => decideAppealOf(ranking, body, person, now)),
  { freshRoles: true },
)

export const correctRanking = http(
  correctRoute,
  ({ params, body }, { caller, now }) =>
    act(
      params.rankingId,
      caller,
      now,
      (ranking, person) => decideCorrection(ranking, body, person, now),
      alsoOfCorrection,
    ),
  { freshRoles: true },
)

type Also = (loaded: LoadedRanking, step: RankingStep) => Promise<Write[]>

/** Loads, decides, adds the step. Somebody else's step in between only means to decide once more. */
async function act<Code extends string>(
  rankingId: string,
  caller: Caller,
  now: Instant,
  decide: (ranking: Ranking, person: RankingPerson) => Decided<Code>,
  also: Also = async () => [],
): Promise<RankingView | Refused<Code>> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const loaded = await loadRanking(rankingId)
    if (loaded === undefined) throw new Missing()
    const person = rankingPersonOf(caller, loaded.item.communityId)
    const view = rankingView(loaded, person, now)
    if (view === undefined) throw new Missing()
    const decided = decide(loaded.ranking, person)
    switch (decided.kind) {
      case 'forbidden':
        throw new Forbidden()
      case 'refused':
        return decided
      case 'same':
        return view
      case 'step': {
        if ((await saveStep(loaded, decided.step, await also(loaded, decided.step))) === 'again') continue
        const ranking = afterStep(loaded.ranking, decided.step)
        log('info', 'ranking moved', { rankingId, act: decided.step.facts.act })
        const fresh = (await loadRanking(rankingId)) ?? { ...loaded, ranking }
        return rankingView(fresh, person, now) ?? view
      }
    }
  }
  throw new Busy()
}

/** A motion that rested on what is corrected away lapses in the same transaction, on whichever list it stands. */
const alsoOfCorrection: Also = async (loaded, step) => {
  const { rankingId } = loaded.item
  const neighbours = await loadNeighbours(rankingId)
  const corrected = afterStep(loaded.ranking, step)
  const { quarter } = ofRankingId(rankingId)
  const lapsing = [neighbours.before, neighbours.after].flatMap((neighbour) => {
    const lapse = neighbour && lapseOf(corrected, quarter, neighbour.ranking)
    return neighbour === undefined || lapse === undefined ? [] : [{ neighbour, lapse }]
  })
  const written = lapsing.map(({ neighbour }) => neighbour)
  const checks = neighbourChecks(rankingId, neighbours)
  // A list that takes a step holds by its own lock.
  const checked = [neighbours.before, neighbours.after].flatMap((neighbour, at) => {
    const check = checks[at]
    return check === undefined || (neighbour !== undefined && written.includes(neighbour)) ? [] : [check]
  })
  return [...lapsing.flatMap(({ neighbour, lapse }) => nextStepWrites(neighbour, lapse)), ...checked]
}
