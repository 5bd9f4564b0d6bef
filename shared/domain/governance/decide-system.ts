import type { Electorate, Tally, VoteRule } from '#shared/contracts/governance.ts'
import { assert } from '#shared/kernel/assert.ts'
import { plusMs, toMs, type Instant } from '#shared/kernel/time.ts'
import type { Ballot } from './ballot.ts'
import { personIn } from './decide-act.ts'
import { isSigned } from './emergency.ts'
import { paperCountOf } from './paper-count.ts'
import { barOf } from './persons.ts'
import { foldSteps, isOpen, isRatedLow, type Proposal } from './proposal.ts'
import { areSameRules, days, isCommitteeWhole, rulesFor, rulesOfRatifying } from './rules.ts'
import type { Member, Step, SystemFacts } from './steps.ts'
import { hasEnded } from './transitions.ts'
import { tally } from './tally.ts'

/** All that the system does by itself but what a payment that is stopped leaves: that waits for nobody. */
type ClockAct = Exclude<SystemFacts['act'], 'checked'>

/** What waits for the clock, and from when on: the next thing that the system does by itself. */
export type SystemDue = {
  readonly act: ClockAct
  readonly at: Instant
  /** Whose job it is: what moves money is done beside the ledger. */
  readonly by: 'governance' | 'fund'
  /** Of an objection that has no answer. */
  readonly objectionId?: string
}

const governance = (act: ClockAct, at: Instant): SystemDue => ({ act, at, by: 'governance' })
const fund = (act: ClockAct, at: Instant): SystemDue => ({ act, at, by: 'fund' })

/** The next thing to do by itself; undefined when a person has to do something first. */
export function nextOfSystem(proposal: Proposal): SystemDue | undefined {
  const { state, dueAt, vote, rating, suspended, resultsUntil } = proposal
  if (suspended || hasEnded(state)) return undefined
  const last = proposal.steps.at(-1)
  assert(last !== undefined, 'a proposal has a step')
  switch (state) {
    case 'returned':
      return dueAt === undefined ? undefined : governance('lapse', dueAt)
    case 'signing':
      if (isReadyToReserve(proposal)) return fund('reserve', last.at)
      return dueAt === undefined ? undefined : governance('lapse', dueAt)
    case 'urgent':
    case 'noticed': {
      const at = opensFrom(proposal)
      if (at !== undefined) return governance('open', at)
      return lateAnswer(proposal) ?? governance('lapse', lapsesAt(proposal))
    }
    case 'ratifying':
    case 'voting':
      if (vote === undefined) return undefined
      if (!vote.shut) return governance('shut', vote.closesAt)
      return vote.opinion === undefined ? governance('lapse', lapsesAt(proposal)) : governance('decide', last.at)
    case 'decided':
      if (isReadyToReserve(proposal)) return fund('reserve', last.at)
      return dueAt === undefined ? undefined : governance('lapse', dueAt)
    case 'releasing':
      return fund('release', last.at)
    case 'disbursed':
      if (rating === undefined || resultsUntil === undefined) return undefined
      if (!rating.shut) return governance('shut', rating.until)
      if (rating.counts === undefined) return governance('rated', last.at)
      // Work that residents are not content with is not closed before somebody has looked.
      if (isRatedLow(rating.counts) && proposal.review === undefined) return undefined
      return governance('close', resultsUntil)
    default:
      // A person has to do something: when their day is over it is said, once.
      return dueAt === undefined || proposal.overdue ? undefined : governance('overdue', dueAt)
  }
}

/** The first of the objections whose answer is due, if that was not said yet. */
function lateAnswer({ objections }: Proposal): SystemDue | undefined {
  const waiting = objections.flatMap(({ objectionId, answer, answerBy, overdue }) =>
    answer === undefined && answerBy !== undefined && !overdue ? [{ objectionId, answerBy }] : [],
  )
  const [first] = waiting.sort((left, right) => (left.answerBy < right.answerBy ? -1 : 1))
  return first && { ...governance('overdue', first.answerBy), objectionId: first.objectionId }
}

/**
 * Until when a notice or a vote may wait for people: twelve times as long as it was to last, 84 days and more. Whoever it waits for may
 * have left; nobody's proposal hangs for ever.
 */
export function lapsesAt({ noticeUntil, vote, steps }: Proposal): Instant {
  const began = vote?.opensAt ?? steps.findLast(({ facts }) => facts.act === 'cost' || facts.act === 'reserve')?.at
  const ends = vote?.closesAt ?? noticeUntil
  assert(began !== undefined && ends !== undefined, 'a notice or a vote has begun')
  return plusMs(ends, 12 * (toMs(ends) - toMs(began)))
}

/** From when on the vote may open: the notice is over, and each objection is answered and no longer to be insisted on. */
export function opensFrom({ noticeUntil, objections }: Proposal): Instant | undefined {
  if (noticeUntil === undefined || objections.some(isOpen)) return undefined
  const waits = objections.flatMap(({ insisted, insistUntil }) =>
    insisted === undefined && insistUntil !== undefined ? [insistUntil] : [],
  )
  return [noticeUntil, ...waits].reduce((last, at) => (at > last ? at : last))
}

/** Decided, and by the owners too where their part of the building is touched; of an emergency: signed by two. */
export function isReadyToReserve(proposal: Proposal): boolean {
  const { state, suspended, ownersItem, owners } = proposal
  if (state === 'signing') return !suspended && isSigned(proposal)
  if (state !== 'decided' || suspended) return false
  return ownersItem === undefined || (owners?.confirmed === true && owners.passed)
}

/** Opens the vote, with the electors as they are now; undefined while the committee is not whole. */
export function openVote(
  proposal: Proposal,
  members: readonly Member[],
  households: number,
  now: Instant,
  dayMs: number,
): Step | undefined {
  if (!isCommitteeWhole(members.length)) return undefined
  const { asking } = proposal
  return {
    at: now,
    actor: 'system',
    facts: { act: 'open', rules: rulesOf(proposal), members, households },
    until: plusMs(now, asking.voteDays * dayMs),
  }
}

/** By which its vote is counted: as its sum asks for, in its kind of compound. */
export function rulesOf({ asking, costFen, emergency }: Proposal): VoteRule[] {
  return emergency === undefined ? rulesFor(asking, costFen) : rulesOfRatifying(asking, costFen)
}

/** Every electorate that its sum asks for was asked, and by no easier rule, than was chosen when it was submitted. */
export function isVotedByItsRules(proposal: Proposal): boolean {
  return areSameRules(proposal.vote?.rules ?? [], rulesOf(proposal))
}

/** Members who count: not recused by what they did, by their household, or by an interest. */
export function electorsOf(proposal: Proposal): Member[] {
  return (proposal.vote?.members ?? []).filter(
    (member) => barOf('vote-committee', personIn(proposal, member)) === undefined,
  )
}

/**
 * The proposal as it was when its vote was shut: who steps aside later was an elector then, and nobody can be taken out of a
 * count that is over. Undefined before that.
 */
export function asCounted(proposal: Proposal): Proposal | undefined {
  const opened = proposal.steps.findLastIndex(({ facts }) => facts.act === 'open')
  const at = proposal.steps.findIndex(({ facts }, n) => n > opened && facts.act === 'shut')
  return opened === -1 || at === -1 ? undefined : foldSteps(proposal.steps.slice(0, at + 1))
}

export type { Ballot } from './ballot.ts'

/** Counts what was cast. Votes of members who were recused since are left out. */
export function countVotes(proposal: Proposal, ballots: readonly Ballot[]): Partial<Record<Electorate, Tally>> {
  const { vote } = proposal
  assert(vote !== undefined, 'a vote was held')
  const electors = electorsOf(proposal)
  const members = new Set(electors.map(({ personId }) => personId))
  const tallies: Partial<Record<Electorate, Tally>> = {}
  for (const rule of vote.rules) {
    const { electorate } = rule
    const own = ballots.filter((ballot) => ballot.electorate === electorate)
    const counted = electorate === 'committee' ? own.filter(({ voterId }) => members.has(voterId)) : own
    // A household that was counted and left since may leave more votes than there are households now: never more than then.
    const size = electorate === 'committee' ? electors.length : Math.max(vote.households, counted.length)
    tallies[electorate] = tally(
      rule,
      size,
      counted.map(({ choice }) => choice),
    )
  }
  return tallies
}

/** `unpaired`: papers that two persons have not entered alike by now. */
export function decideVote(
  proposal: Proposal,
  ballots: readonly Ballot[],
  now: Instant,
  dayMs: number,
  unpaired = 0,
): Step {
  const paper = paperCountOf(ballots, unpaired)
  const tallies = countVotes(asCounted(proposal) ?? proposal, ballots)
  const passed = Object.values(tallies).every((each) => each.passed)
  return {
    at: now,
    actor: 'system',
    facts: { act: 'decide', tallies, passed, ...(paper === undefined ? {} : { paper }) },
    ...(passed ? { until: plusMs(now, daysOfDecided(proposal) * dayMs) } : {}),
  }
}

/** What was decided waits for money; what was ratified, for what comes next of its work. */
function daysOfDecided({ emergency, costing }: Proposal): number {
  if (emergency === undefined) return days.reserve
  const left = { waiting: days.start, begun: costing?.termDays ?? days.start, finished: days.accept }
  return left[emergency.work]
}

/** The money is set aside; the notice of an emergency begins with it. */
export function reserveStep({ asking, costFen, emergency }: Proposal, seq: number, now: Instant, dayMs: number): Step {
  return {
    at: now,
    actor: 'system',
    facts: { act: 'reserve', amountFen: costFen, seq },
    until: plusMs(now, (emergency === undefined ? days.start : asking.noticeDays) * dayMs),
  }
}

/** That its day, or an objection's, is over. */
export function overdueStep({ objectionId }: Pick<SystemDue, 'objectionId'>, now: Instant): Step {
  const of = objectionId === undefined ? {} : { objectionId }
  return { at: now, actor: 'system', facts: { act: 'overdue', ...of } }
}

/** A step of the clock that needs nothing else. */
export function plainStep(act: 'shut' | 'lapse' | 'close', now: Instant): Step {
  return { at: now, actor: 'system', facts: { act } }
}
