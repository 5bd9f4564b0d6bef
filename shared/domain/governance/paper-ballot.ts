import type { Choice } from '#shared/contracts/governance.ts'
import type { PaperRefusal, PaperState } from '#shared/contracts/governance-paper.ts'
import { assert } from '#shared/kernel/assert.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { actorFor, personIn, type Person } from './decide-act.ts'
import { liveTogether, type PaperEntry } from './paper-count.ts'
import { barOf } from './persons.ts'
import type { Proposal } from './proposal.ts'
import { takesVotes } from './takes-votes.ts'

/** Somebody with a paper before them. */
export type Enterer = Person & { readonly homes: readonly string[] }

export type PaperSituation = {
  readonly householdId: string
  /** Who of the household could vote for it now: verified, and so when the vote opened. */
  readonly voices: readonly string[]
  /** What was entered of this paper so far. */
  readonly entries: readonly PaperEntry[]
  /** How the household's vote lies there, whatever it says. */
  readonly cast: 'none' | 'online' | 'paper'
}

export type DecidedPaper =
  | { readonly kind: 'entered'; readonly entries: readonly PaperEntry[]; readonly state: PaperState }
  /** It is entered already, by the same person with the same choice. */
  | { readonly kind: 'same'; readonly state: PaperState }
  | { readonly kind: 'forbidden' }
  | Refused<PaperRefusal>

const INTERESTED = refused('INTERESTED', '您在这件提案里要回避')

/** One person enters what they read on one household's paper. */
export function decidePaper(
  proposal: Proposal,
  situation: PaperSituation,
  choice: Choice,
  enterer: Enterer,
  now: Instant,
): DecidedPaper {
  const barred = barOfPaper(proposal, enterer, now)
  if (barred !== undefined) return barred
  const { householdId, voices, cast } = situation
  if (enterer.homes.includes(householdId)) return refused('OWN_PAPER', '这是您自己家的票，要请别人来录')
  if (voices.length === 0)
    return refused('HOUSEHOLD_NOT_VERIFIED', undefined, { room: '这户没有核实，或是表决开始以后才核实的' })
  if (cast === 'online') return refused('VOTED_ALREADY', '这户已经在网上投过票，以网上的为准')
  const actor = actorFor(proposal, 'enter-paper', enterer)
  assert(actor !== undefined, 'whoever may enter papers does so in a role')
  const { personId, memberId, homes } = enterer
  const entry: PaperEntry = { personId, memberId, actor, homes, choice, at: now }
  return isRecused(proposal, entry) ? INTERESTED : added(proposal, situation, entry)
}

function added(proposal: Proposal, { entries, cast }: PaperSituation, entry: PaperEntry): DecidedPaper {
  const isMine = ({ personId }: PaperEntry) => personId === entry.personId
  const mine = entries.find(isMine)
  if (cast === 'paper') {
    if (mine === undefined) return refused('ENTERED_BY_TWO', '这张票已经有两位录过')
    return mine.choice === entry.choice
      ? { kind: 'same', state: 'counted' }
      : refused('PAPER_COUNTED', '两位录得一样，已经计入，不能再改；住户自己在网上投票可以替换它')
  }
  // What somebody entered who has turned out to be interested since is not half of a ballot.
  const standing = entries.filter((each) => isMine(each) || !isRecused(proposal, each))
  const [other, third] = standing.filter((each) => !isMine(each))
  if (mine === undefined && third !== undefined) return refused('ENTERED_BY_TWO', '这张票已经有两位录过')
  if (other !== undefined && liveTogether(other, entry))
    return refused('FOUR_EYES', '第一遍是您家里人录的，要请另一户的人来录')
  const next = mine === undefined ? [...standing, entry] : standing.map((each) => (isMine(each) ? entry : each))
  const state = stateOf(next)
  const isUnchanged = mine?.choice === entry.choice && standing.length === entries.length && state !== 'counted'
  return isUnchanged ? { kind: 'same', state } : { kind: 'entered', entries: next, state }
}

function stateOf([first, second]: readonly PaperEntry[]): PaperState {
  if (second === undefined) return 'waiting'
  return first?.choice === second.choice ? 'counted' : 'differs'
}

/** Why this person enters no papers at this vote, whoever's they are; undefined: they may. */
export function barOfPaper(
  proposal: Proposal,
  person: Person,
  now: Instant,
): Refused<'NOT_NOW' | 'FOUR_EYES' | 'INTERESTED'> | { readonly kind: 'forbidden' } | undefined {
  if (actorFor(proposal, 'enter-paper', person) === undefined) return { kind: 'forbidden' }
  const asksHouseholds = proposal.vote?.rules.some(({ electorate }) => electorate === 'households') === true
  if (!asksHouseholds || !takesVotes(proposal, now)) return refused('NOT_NOW', '现在没有住户在表决')
  const bar = barOf('enter-paper', personIn(proposal, person))
  if (bar === undefined) return undefined
  return bar === 'INTERESTED' ? INTERESTED : refused(bar, '这件提案是您或您家里人提的，不能录票')
}

function isRecused(proposal: Proposal, { personId, memberId, homes }: PaperEntry): boolean {
  const lived = homes.length === 0 ? [undefined] : homes
  return lived.some((householdId) => barOf('enter-paper', personIn(proposal, { personId, memberId, householdId })))
}
