import type { Choice, Tally, VoteRule } from '#shared/contracts/governance.ts'
import { assert } from '#shared/kernel/assert.ts'

const WHOLE_BPS = 10_000

/**
 * Counts votes by the rule that was fixed when the vote opened. Pure: whoever has the choices and the number of electors
 * counts the same. No share is ever divided: both sides of each comparison are whole numbers.
 */
export function tally(rule: VoteRule, electors: number, votes: readonly Choice[]): Tally {
  const count = (choice: Choice) => votes.filter((vote) => vote === choice).length
  const [yes, no, abstain] = [count('yes'), count('no'), count('abstain')]
  assert(votes.length <= electors, 'nobody votes twice')
  const isQuorate = electors >= rule.electorsMin && votes.length * WHOLE_BPS >= electors * rule.quorumBps
  const base = rule.of === 'electors' ? electors : votes.length
  const passed = isQuorate && yes * WHOLE_BPS > base * rule.moreThanBps
  return { electors, yes, no, abstain, passed }
}

/** So few at least have to take part. */
export function quorumOf({ quorumBps }: VoteRule, electors: number): number {
  return Math.ceil((electors * quorumBps) / WHOLE_BPS)
}

/** So few yeses, of a base of electors or of voters, are enough. */
export function yesNeeded({ moreThanBps }: VoteRule, base: number): number {
  return Math.floor((base * moreThanBps) / WHOLE_BPS) + 1
}

/** Figure by figure. */
export function isSameTally(left: Tally, right: Tally | undefined): boolean {
  return right !== undefined && (Object.keys(left) as (keyof Tally)[]).every((name) => left[name] === right[name])
}
