import { freezeRanking as route } from '#shared/contracts/rankings.ts'
import { decideFreeze } from '#shared/domain/rankings/decide-act.ts'
import { ofRankingId } from '#shared/domain/rankings/list-id.ts'
import { rankingFormula } from '#shared/domain/rankings/rules.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { Busy } from '#functions/platform/busy.ts'
import { http } from '#functions/platform/http.ts'
import { log } from '#functions/platform/log.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import { communityItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get } from '#functions/platform/table/table.ts'
import { workClockNow } from '#functions/platform/work-calendar.ts'
import { sumsOf } from './quarter-sums.ts'
import { loadRanking, saveFrozen, type LoadedRanking } from './ranking-store.ts'
import { hashOfFrozen, rankingPersonOf, rankingView } from './ranking-view.ts'

/** A list is frozen once, whoever asks how often: its id is the community and the quarter. */
export const freezeRanking = http(
  route,
  async ({ params: { rankingId }, body: { withoutHotline = false } }, { caller, now }) => {
    const { quarter, communityId } = ofRankingId(rankingId)
    const community = await get(communityItem, keys.place('community', communityId))
    if (community === undefined) throw new Missing()
    const person = rankingPersonOf(caller, communityId)
    const answer = (loaded: LoadedRanking) => {
      const view = rankingView(loaded, person, now)
      // Sent again by whoever froze it: it is frozen, as they wanted.
      return view !== undefined && loaded.ranking.frozenBy === person.personId
        ? view
        : refused('ALREADY_FROZEN', '这个季度的榜单已经定了')
    }
    const before = await loadRanking(rankingId)
    if (before !== undefined) return answer(before)
    const sums = await sumsOf(community, quarter, now)
    const named = { rankingId, communityId, communityName: community.name, quarter }
    const asked = { quarter, withoutHotline }
    const decided = decideFreeze(asked, sums, rankingFormula, person, now, workClockNow(), (frozen) =>
      hashOfFrozen(named, { formula: rankingFormula, frozen, frozenAt: now }),
    )
    if (decided.kind === 'forbidden') throw new Forbidden()
    if (decided.kind === 'refused') return decided
    if (decided.kind === 'step') {
      const saved = await saveFrozen(named, decided.step)
      if (saved === 'saved') log('info', 'ranking frozen', { rankingId, rows: sums.subjects.length })
    }
    const after = await loadRanking(rankingId)
    if (after === undefined) throw new Busy()
    return answer(after)
  },
  { freshRoles: true },
)
