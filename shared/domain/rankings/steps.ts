import type { CorrectedCounts, RankingFormula, RankingSubject } from '#shared/contracts/rankings.ts'
import type { Instant } from '#shared/kernel/time.ts'

export const rankingActors = ['admin', 'supervisor', 'body', 'system'] as const
export type RankingActor = (typeof rankingActors)[number]

/** One row of a list. */
export type RowName = { readonly bodyId: string; readonly compoundId: string }

export type RankingFacts =
  | {
      readonly act: 'freeze'
      readonly formula: RankingFormula
      readonly rows: readonly RankingSubject[]
      readonly hash: string
      readonly previewUntil: Instant
      /** The hotline of some month was not known, and who froze it said that there was nothing. */
      readonly withoutHotline?: true
    }
  | ({ readonly act: 'appeal'; readonly note: string; readonly decideBy: Instant } & RowName)
  | ({
      readonly act: 'decide'
      readonly upheld: boolean
      readonly note: string
      readonly counts?: CorrectedCounts
    } & RowName)
  | { readonly act: 'publish'; readonly noticeUntil: Instant }
  | ({ readonly act: 'correct'; readonly note: string; readonly counts: CorrectedCounts } & RowName)
  | { readonly act: 'finish'; readonly motions: readonly ({ readonly quarters: readonly string[] } & RowName)[] }
  /** A correction of the neighbouring quarter's list took away what a motion rested on. */
  | ({ readonly act: 'lapse'; readonly quarter: string } & RowName)

/** One thing that happened to a list, written once. */
export type RankingStep = {
  readonly at: Instant
  readonly actor: RankingActor
  readonly personId?: string
  readonly facts: RankingFacts
}
