import { MERGED_MAX, followMatter as followRoute, rateMatter as rateRoute } from '#shared/contracts/matters.ts'
import { isReporter, matterPartsOf } from '#shared/domain/matters/decide-act.ts'
import { mayFollow, ratesAs, takesRatings } from '#shared/domain/matters/possible-acts.ts'
import { refused } from '#shared/kernel/outcome.ts'
import type { Caller } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import { matterPersonOf, overseesMatters } from './matter-person.ts'
import { loadMatter, type LoadedMatter } from './matter-store.ts'
import { matterView, sightOf } from './matter-view.ts'
import { follow, followedIds, isFollowingMatter, ratesUnder, saveMatterRating, unfollow } from './voices-store.ts'

async function mustSee(matterId: string, caller: Caller) {
  const loaded = await loadMatter(matterId)
  if (loaded === undefined) throw new Missing()
  const person = matterPersonOf(caller, loaded.item)
  const oversees = overseesMatters(caller, loaded.item.communityId)
  if (sightOf(loaded.matter, person, oversees) === 'nothing') throw new Missing()
  return { loaded, person, oversees }
}

const NOT_VERIFIED = refused('NOT_VERIFIED', '社区核实住户后才能参与')

export const followMatter = http(
  followRoute,
  async ({ params: { matterId }, body }, { caller, now }) => {
    const { loaded, person, oversees } = await mustSee(matterId, caller)
    const { matter } = loaded
    const followed = await followedIds([matterId, ...matter.mergedFrom], caller.personId)
    if (!body.following) {
      const countedBy = await lastOf(loaded)
      for (const each of followed) await unfollow(each, countedBy, caller.personId)
    } else if (followed.length === 0 && !isReporter(matter, person)) {
      if (person.livesHere === 'claimed') return NOT_VERIFIED
      if (person.livesHere === 'no') throw new Forbidden()
      if (!mayFollow(matter, person)) return refused('NOT_NOW', '这件诉求已经办完了')
      if ((await follow(matterId, caller.personId, now)) === 'closed') return refused('NOT_NOW', '这件诉求已经办完了')
    }
    const fresh = await loadMatter(matterId)
    return matterView(fresh ?? loaded, person, oversees, now)
  },
  { freshRoles: true },
)

/** Where followers of a merged matter are counted: at the one that it went into in the end. */
async function lastOf(loaded: LoadedMatter): Promise<string> {
  let { item, matter } = loaded
  for (let turn = 0; matter.mergedInto !== undefined && turn < MERGED_MAX; turn++) {
    const into = await loadMatter(matter.mergedInto)
    if (into === undefined) break
    ;({ item, matter } = into)
  }
  return item.matterId
}

export const rateMatter = http(
  rateRoute,
  async ({ params: { matterId }, body }, { caller, now }) => {
    const { loaded, person, oversees } = await mustSee(matterId, caller)
    const { matter } = loaded
    const isFollowing = await isFollowingMatter(matterId, matter.mergedFrom, caller.personId)
    const voterId = ratesUnder(matter, person, isFollowing)
    if (voterId === undefined) {
      if (person.livesHere === 'claimed') return NOT_VERIFIED
      throw new Forbidden()
    }
    // Who lives with who raised it says it for both of them.
    const isFor = ratesAs(matter, person, isFollowing) === 'for-reporter'
    const byReporter = isFor || matterPartsOf(matter, person).has('reporter')
    const rating = { ...body, byReporter, byWorker: isFor, ratedBy: caller.personId, ratedAt: now }
    const isOver = !takesRatings(matter, now) || matter.round === undefined
    const saved = isOver ? 'over' : await saveMatterRating(matterId, matter.round, voterId, rating)
    if (saved === 'over') return refused('NOT_NOW', '现在不能评价')
    if (saved === 'theirs') return refused('NOT_NOW', '这一户已经自己评价过了')
    return matterView(loaded, person, oversees, now)
  },
  { freshRoles: true },
)
