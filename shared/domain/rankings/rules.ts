import type { RankingFormula } from '#shared/contracts/rankings.ts'

/**
 * How property companies are scored. Every list keeps the formula by which it was frozen; a change is a new version and
 * counts for later quarters only. All of it is the district's to set; the reasons stand beside it.
 */
export const rankingFormula: RankingFormula = {
  // 2: what leaves a body without its answer, and before it was late, is not among what it was given. Nobody gains by winning a
  // dispute, or by being withdrawn from; what was late before it left stays, and stays late.
  version: 2,
  // 95 %: what is claimed of a company is claimed with the certainty that is usual elsewhere.
  zHundredths: 196,
  // What a company does itself, in three equal parts. The hotline counts little: its tickets are of the whole compound.
  weights: { inTime: 30, solved: 30, content: 30, hotline: 10 },
  // Ten tickets for each hundred households in a quarter leave nothing of that figure.
  hotlineStep: 1_000,
  // Ten are few enough for a small compound, and more than one evening's work. Where fewer than twenty households are verified
  // neither their ratings nor tickets for each hundred of them mean anything.
  floors: { assigned: 10, closed: 10, ratings: 10, households: 20 },
  // Ten of ten in everything, and no ticket, give 7,501: who does all of the least that is ranked just gets there.
  redFrom: 7_500,
  // Rounded up: of four companies one may be red.
  redOneIn: 5,
  // Half of thirty in everything, and no ticket, give 3,983. A lower bound is also low where little is known, and that is no
  // fault: black is only who would not reach red by the upper bounds either.
  blackBelow: 4_000,
  blackUpperBelow: 7_500,
}

/** Working days in which who is on a list, and nobody else, sees it and may appeal. */
export const PREVIEW_WORK_DAYS = 5
/**
 * Working days in which an appeal is decided. Until then nothing is published; then the list is, and the row that nobody has
 * decided about stands there without a mark: who should decide cannot hold all others back by doing nothing.
 */
export const DECIDE_WORK_DAYS = 5
/** Days of public notice 公示 between being published and being final. */
export const NOTICE_DAYS = 7
/** What was under way when the quarter ended has ended since. */
export const FREEZE_AFTER_MS = 60 * 60 * 1000
/** Of one list: together with steps and marks it stays within what a partition and an item hold. */
export const RANKING_ROWS_MAX = 400
export const RANKING_BODIES_MAX = 60
export const CORRECTIONS_MAX = 100
