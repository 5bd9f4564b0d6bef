import type { Instant } from '#shared/kernel/time.ts'

export type SunshineActor = 'keeper' | 'resident' | 'worker' | 'admin' | 'system'

export type PublishFacts = {
  readonly act: 'publish'
  readonly version: number
  readonly sha256: string
  readonly openingFen: number
  readonly incomeFen: number
  readonly expenseFen: number
  readonly closingFen: number
  readonly displayUntil: Instant
  readonly bankFen?: number | undefined
  readonly differenceNote?: string | undefined
  readonly note?: string | undefined
}

export type SunshineFacts =
  | { readonly act: 'begin'; readonly dueAt: Instant }
  | PublishFacts
  | {
      readonly act: 'object'
      readonly number: number
      readonly version: number
      readonly seq?: number | undefined
      readonly text: string
      readonly householdId: string
      readonly answerBy: Instant
    }
  | { readonly act: 'answer'; readonly number: number; readonly text: string; readonly insistBy: Instant }
  | { readonly act: 'insist'; readonly number: number; readonly text: string; readonly ruleBy: Instant }
  | {
      readonly act: 'rule'
      readonly number: number
      readonly upheld: boolean
      readonly text: string
      readonly correctBy?: Instant | undefined
    }
  /** The rest is the clock's, each once for each deadline. */
  | { readonly act: 'late' }
  | { readonly act: 'answer-late'; readonly number: number; readonly ruleBy: Instant }
  | { readonly act: 'settle'; readonly number: number }
  | { readonly act: 'rule-late'; readonly number: number }
  | { readonly act: 'correction-late' }
  | { readonly act: 'end-display' }

export type SunshineAct = SunshineFacts['act']

/** One thing that happened to a disclosure, written once. */
export type SunshineStep = {
  readonly at: Instant
  readonly actor: SunshineActor
  readonly personId?: string | undefined
  readonly facts: SunshineFacts
}
