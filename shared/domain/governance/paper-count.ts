import type { Actor, Choice, PaperCount } from '#shared/contracts/governance.ts'
import type { Instant } from '#shared/kernel/time.ts'
import type { Ballot } from './ballot.ts'
import type { Proposal } from './proposal.ts'

/**
 * 纸质票: a household's vote that came in on paper. Two persons enter it, each from the paper and neither shown what the other one
 * entered; only when both say the same is there a ballot. No law tells how a community's fund takes paper; that two persons count
 * it, neither for their own home, is the district's rule, as with the owners' figures.
 */
export type PaperEntry = {
  readonly personId: string
  readonly memberId: string
  readonly actor: Actor
  /** Every household that this person lived in, or said they did. */
  readonly homes: readonly string[]
  readonly choice: Choice
  readonly at: Instant
}

export type Paper = { readonly householdId: string; readonly entries: readonly PaperEntry[] }

/** How many households' ballots are from paper, and how many papers did not come to one: told once the vote is counted. */
export function paperCountOf(ballots: readonly Ballot[], unpaired: number): PaperCount | undefined {
  const fromPaper = ballots.filter(({ paper }) => paper !== undefined).length
  return fromPaper + unpaired === 0 ? undefined : { ballots: fromPaper, unpaired }
}

/**
 * What is wrong with the papers of a vote that was counted, if anything: each ballot from paper was entered by two persons of two
 * households, neither of them its own, with its very choice; and there are as many as was published.
 */
export function faultOfPapers(
  { vote }: Proposal,
  ballots: readonly Ballot[],
  papers: readonly Paper[],
  unpaired: number,
): string | undefined {
  const byHousehold = new Map(papers.map((paper) => [paper.householdId, paper]))
  for (const ballot of ballots) {
    if ((ballot.castBy === undefined) === (ballot.paper === undefined)) return 'has a vote that nobody cast'
    if (ballot.paper !== undefined && !isEnteredByTwo(ballot, byHousehold.get(ballot.voterId)))
      return 'has a vote on paper that was not entered by two'
  }
  const published = vote?.paper ?? { ballots: 0, unpaired: 0 }
  const kept = paperCountOf(ballots, unpaired) ?? { ballots: 0, unpaired: 0 }
  return published.ballots === kept.ballots && published.unpaired === kept.unpaired
    ? undefined
    : 'has votes on paper that do not add up to what was published'
}

function isEnteredByTwo({ electorate, voterId, choice, paper }: Ballot, entered: Paper | undefined): boolean {
  const [first, second, third] = entered?.entries ?? []
  if (electorate !== 'households' || first === undefined || second === undefined || third !== undefined) return false
  const named = paper?.enteredBy ?? []
  const isNamed = named.length === 2 && named[0] === first.personId && named[1] === second.personId
  const isApart = first.personId !== second.personId && !liveTogether(first, second)
  const isOthers = [first, second].every(({ homes }) => !homes.includes(voterId))
  return isNamed && isApart && isOthers && first.choice === choice && second.choice === choice
}

export function liveTogether(left: PaperEntry, right: PaperEntry): boolean {
  return left.homes.some((home) => right.homes.includes(home))
}
