import type {
  Actor,
  Asking,
  CheckStop,
  CheckVerdict,
  Electorate,
  KeptAct,
  PaperCount,
  ProposalContent,
  Tally,
  VoteRule,
} from '#shared/contracts/governance.ts'
import type { Instant, ShanghaiDay } from '#shared/kernel/time.ts'

/** Somebody of the committee as they were when the vote opened. */
export type Member = {
  readonly personId: string
  readonly memberId: string
  readonly householdId?: string | undefined
}

export type SubmitFacts = {
  readonly act: 'submit'
  readonly content: ProposalContent
  /** How households are asked, as their compound's kind chose at that moment; absent: submitted before it did. */
  readonly asking?: Asking | undefined
}

export type SystemFacts =
  | {
      readonly act: 'open'
      readonly rules: readonly VoteRule[]
      readonly members: readonly Member[]
      /** Verified households of the compound. */
      readonly households: number
    }
  /** No vote, or rating, counts that was not there by now. */
  | { readonly act: 'shut' }
  | {
      readonly act: 'decide'
      readonly tallies: Readonly<Partial<Record<Electorate, Tally>>>
      readonly passed: boolean
      /** Absent: nothing came in on paper. */
      readonly paper?: PaperCount | undefined
    }
  | { readonly act: 'reserve'; readonly amountFen: number; readonly seq: number }
  | { readonly act: 'lapse' }
  /** Its day is over and nobody has done what it waits for; or this objection has no answer. Said once. */
  | { readonly act: 'overdue'; readonly objectionId?: string | undefined }
  /** A payment was stopped by these checks: by the no of one of them, whose reasons are the note, or for want of answers. */
  | {
      readonly act: 'checked'
      readonly verdict: CheckStop
      readonly checkIds: readonly string[]
      readonly note?: string | undefined
      /** What each of them said. */
      readonly stops?:
        | readonly { readonly checkId: string; readonly verdict: CheckStop; readonly note?: string | undefined }[]
        | undefined
    }
  | { readonly act: 'release'; readonly seq: number }
  /** How many rated 1, 2, 3, 4, 5. */
  | { readonly act: 'rated'; readonly counts: readonly number[] }
  | { readonly act: 'close' }

export type PayFacts = {
  readonly act: 'pay'
  readonly bankReference: string
  readonly paidOn: ShanghaiDay
  readonly paidFen: number
  readonly releasedFen: number
  /** Which one was paid, of a project that is paid in several. */
  readonly milestone?: number | undefined
  /** Of the entry that paid. */
  readonly seq: number
  /** Each check that was on, and what let the payment past it. Absent: none was on. */
  readonly checks?: readonly { readonly checkId: string; readonly verdict: CheckVerdict }[] | undefined
}

export type Facts = KeptAct | SubmitFacts | SystemFacts | PayFacts

/** Of those that its limit counts: what the clock says of a day that is over takes nobody's room. */
export function countedSteps(steps: readonly Step[]): number {
  return steps.filter(({ facts }) => facts.act !== 'overdue').length
}

/** One thing that happened to a proposal, kept for good. The system's have no person. */
export type Step = {
  readonly at: Instant
  readonly actor: Actor
  readonly personId?: string | undefined
  readonly memberId?: string | undefined
  /** Where that person lived, verified, at that time: a household counts as one person wherever four eyes are asked for. */
  readonly householdId?: string | undefined
  readonly facts: Facts
  /** When what the step leads to is due, of an objection its answer; of a costing when the notice may end, of an answer when it is too late to insist. */
  readonly until?: Instant | undefined
}
