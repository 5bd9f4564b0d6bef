import type { Asking } from '#shared/contracts/governance.ts'
import type { CompoundType } from '#shared/contracts/places.ts'

/**
 * How the households of a compound are asked about its fund's money: for how many days they are told, for how many they vote,
 * from which sum on, and how many of them have to take part. The kind of a compound chooses; which one applied is kept with each
 * proposal when it is submitted, so that a kind that is corrected later changes nothing that runs.
 *
 * None asks less than `usual`: longer, or more of them. The sum is the same in all: an emergency and aid to a household stay
 * below it, so that the one is no way round the households, and they vote on nobody's need. What the law sets is not here (owners:
 * `owners-vote.ts`, Civil Code art. 278; results shown thirty days: `rules.ts`), and neither is what guards the money (four
 * eyes, quotes, receipts, cash): those are the same everywhere. No law sets these days and shares; they are the district's.
 */
const usual = { noticeDays: 7, voteDays: 7, householdsFromFen: 200_000, quorumBps: 3_000 } as const satisfies Asking

export const askingOf: Readonly<Record<CompoundType, Asking>> = {
  /** 商品房小区: an owners' committee and a property company are there to speak up, and people read on their phones. */
  commercial: { ...usual, compoundType: 'commercial' },
  /**
   * 单位家属院: many flats are let or inherited and their owners live elsewhere; who stayed is retired. A notice at the
   * staircase, and word by telephone, need more than a week; so does a vote.
   */
  family: { ...usual, compoundType: 'family', noticeDays: 10, voteDays: 10 },
  /**
   * 回迁（安置）小区: neighbours come from the same villages, know each other and talk things over, so that more of them can be
   * asked to take part: a few large families are not to carry a vote in which the others are missing.
   */
  resettled: { ...usual, compoundType: 'resettled', quorumBps: 4_000 },
  /**
   * 老旧小区: many flats are empty or let, residents are old, and mostly there is neither owners' committee nor property
   * company. Building leaders go from door to door: two weekends for the vote.
   */
  old: { ...usual, compoundType: 'old', noticeDays: 10, voteDays: 14 },
}

/** Of proposals that were submitted before kinds of compounds were told apart: it named none. */
export const usualAsking: Asking = usual
