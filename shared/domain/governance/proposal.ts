import type {
  Actor,
  Asking,
  Electorate,
  PaperCount,
  ProposalContent,
  ProposalState,
  Tally,
  VoteRule,
} from '#shared/contracts/governance.ts'
import type { OwnersFacts, OwnersList, OwnersVote } from '#shared/contracts/governance-owners.ts'
import { assert, unreachable } from '#shared/kernel/assert.ts'
import { instant, plusMs, toMs, type Instant } from '#shared/kernel/time.ts'
import { usualAsking } from './asking.ts'
import { quoteOf, workAfter, type Urgency } from './emergency.ts'
import type { Interested } from './interest.ts'
import { limitFen, milestoneOf, type PaidMilestone } from './milestones.ts'
import { decideOwnersVote } from './owners-vote.ts'
import type { Part } from './persons.ts'
import { LOW_COUNT_MIN, LOW_MEAN } from './rules.ts'
import type { Facts, Member, PayFacts, Step } from './steps.ts'
import { givenBackAfter, NO_PHOTOS, shownAfter, withheldAfter, type ProjectPhotos } from './photos.ts'
import { isBeingVotedOn, isOnNotice, isPossible } from './transitions.ts'

type FactsOf<Name extends Facts['act']> = Extract<Facts, { readonly act: Name }>

export type Objection = {
  readonly objectionId: string
  readonly at: Instant
  readonly personId: string
  readonly text: string
  /** Absent: raised before answers had a day. */
  readonly answerBy?: Instant
  /** That day was over before there was an answer. */
  readonly overdue?: true
  readonly answer?: { readonly at: Instant; readonly personId: string; readonly text: string; readonly upheld: boolean }
  /** After this moment an answer stands. */
  readonly insistUntil?: Instant
  readonly insisted?: string
  readonly ruling?: { readonly at: Instant; readonly text: string; readonly upheld: boolean }
}

/** A proposal as it stands after its steps. */
export type Proposal = {
  readonly state: ProposalState
  readonly steps: readonly Step[]
  readonly content: ProposalContent
  /** How households are asked about it, for as long as it lasts. */
  readonly asking: Asking
  readonly author: Step
  readonly submittedAt: Instant
  /** A branch has looked at it, in its present wording. */
  readonly triaged: boolean
  readonly dueAt?: Instant
  /** Its day is over, and that was said. */
  readonly overdue?: true
  readonly suspended: boolean
  /** Of an emergency alone. */
  readonly emergency?: Urgency
  readonly ownersItem?: number
  readonly meeting?: FactsOf<'deliberate'>
  readonly costing?: FactsOf<'cost'>
  readonly costFen: number
  readonly noticeUntil?: Instant
  readonly objections: readonly Objection[]
  readonly vote?: {
    readonly rules: readonly VoteRule[]
    readonly members: readonly Member[]
    readonly households: number
    readonly opensAt: Instant
    readonly closesAt: Instant
    readonly shut: boolean
    readonly opinion?: string
    readonly tallies?: Readonly<Partial<Record<Electorate, Tally>>>
    readonly paper?: PaperCount
  }
  readonly owners?: {
    readonly vote: OwnersVote
    /** Absent of totals that were typed, before lists were entered. */
    readonly list?: OwnersList | undefined
    readonly confirmed: boolean
    readonly passed: boolean
    readonly recordedBy: string | undefined
  }
  readonly reports: readonly { readonly at: Instant; readonly text: string; readonly percent: number }[]
  readonly work?: FactsOf<'finish'>
  readonly photos: ProjectPhotos
  /** Who accepted the work as it is now. */
  readonly acceptedBy: readonly Actor[]
  /** A check has stopped its payment since it was approved; who lets it through in spite of that. */
  readonly stop?: {
    /** Of its step: what an override is for. */
    readonly number: number
    readonly at: Instant
    readonly facts: FactsOf<'checked'>
    readonly overriddenBy: readonly Actor[]
  }
  /** Milestones before the one that `work`, `acceptedBy`, `stop` and `payment` are of. */
  readonly paidMilestones: readonly PaidMilestone[]
  /** The one that ends it: the only one, or that of the last milestone. */
  readonly payment?: PayFacts
  readonly resultsUntil?: Instant
  readonly rating?: { readonly until: Instant; readonly shut: boolean; readonly counts?: readonly number[] }
  readonly review?: string
  /** Steps of the present round that give somebody a part. */
  readonly partSteps: readonly { readonly part: Part; readonly step: Step }[]
  readonly interested: Interested
  readonly suspendedAt?: Instant
  readonly suspendedBy?: Pick<Step, 'personId' | 'householdId'>
}

/** The proposal after all its steps; the first one submits it. */
export function foldSteps(steps: readonly Step[]): Proposal {
  const [first, ...rest] = steps
  assert(first !== undefined && first.facts.act === 'submit', 'a proposal begins when it is submitted')
  return rest.reduce(after, begin(first, first.facts))
}

function begin(step: Step, { content, asking = usualAsking }: FactsOf<'submit'>): Proposal {
  const quote = quoteOf(content)
  return {
    state: quote === undefined ? 'submitted' : 'signing',
    steps: [step],
    content,
    asking,
    author: step,
    submittedAt: step.at,
    // Somebody of the community has written it: an emergency is public at once.
    triaged: quote !== undefined,
    ...(quote === undefined ? {} : { costing: quote, emergency: { work: 'waiting' } }),
    ...due(step),
    suspended: false,
    costFen: sumFen(content.lines),
    objections: [],
    reports: [],
    photos: NO_PHOTOS,
    acceptedBy: [],
    paidMilestones: [],
    partSteps: [{ part: 'author', step }],
    interested: new Map(),
  }
}

const due = ({ until }: Step) => (until === undefined ? {} : { dueAt: until })

/** One step further. What only a bug can bring is broken loudly. */
export function after(before: Proposal, step: Step): Proposal {
  const { facts } = step
  assert(isPossible(before.state, facts.act), `${facts.act} of a proposal that is ${before.state}`)
  const proposal: Proposal = { ...before, steps: [...before.steps, step] }
  switch (facts.act) {
    case 'submit':
      assert(facts.content.emergency === undefined, 'what comes back comes back by the usual way')
      return {
        ...begin(step, facts),
        steps: proposal.steps,
        // Asked about as it was begun.
        asking: before.asking,
        author: before.author,
        submittedAt: before.submittedAt,
        partSteps: before.partSteps.filter(({ part }) => part === 'author'),
        interested: before.interested,
        suspended: before.suspended,
        ...ownersAskedBefore(before),
      }
    case 'withdraw':
      return ended(proposal, 'withdrawn')
    case 'decline':
      return ended(proposal, 'rejected')
    case 'overdue':
      return late(proposal, facts)
    case 'lapse':
      return isUnratified(before) ? notRatified(proposal, step) : ended(proposal, 'lapsed')
    case 'sign':
      return withPart(proposal, 'signer', step)
    case 'return':
      return returned(proposal, step)
    case 'triage':
      return {
        ...moved(proposal, 'triaged', step),
        triaged: true,
        ...(facts.ownersItem === undefined ? {} : { ownersItem: facts.ownersItem }),
      }
    case 'ask-owners':
      return ownersAsked(proposal, step, facts)
    case 'deliberate':
      return { ...moved(proposal, 'deliberated', step), meeting: facts }
    case 'cost':
      return costed(proposal, step, facts)
    case 'object':
    case 'answer':
    case 'insist':
    case 'rule':
      return objected(proposal, step, facts)
    case 'open':
      return opened(proposal, step, facts)
    case 'opine':
    case 'decide':
      return voted(proposal, step, facts)
    case 'shut':
      return shut(proposal)
    case 'record-owners':
      return withPart({ ...proposal, owners: ownersOf(facts, false, step.personId) }, 'recorder', step)
    case 'confirm-owners': {
      const owners = ownersOf(facts, true, before.owners?.recordedBy)
      return owners.passed ? { ...proposal, owners } : { ...ended(proposal, 'rejected'), owners }
    }
    case 'reserve':
      return reserved(proposal, step)
    case 'start':
      return withPart(working(proposal, 'executing', step), 'executor', step)
    case 'report': {
      const { text, percent } = facts
      const reports = [...proposal.reports, { at: step.at, text, percent }]
      return withPart({ ...proposal, reports }, 'executor', step)
    }
    case 'finish':
      return { ...withPart(working(proposal, 'finished', step), 'executor', step), work: facts }
    case 'show-photo':
      return { ...proposal, photos: shownAfter(proposal.photos, facts) }
    case 'withhold-photo':
      return { ...proposal, photos: withheldAfter(proposal.photos, facts.photoId) }
    case 'accept':
      return accepted(proposal, step)
    case 'refuse':
      return refusedWork(proposal, step)
    case 'approve':
      return withPart(moved(proposal, 'approved', step), 'approver', step)
    case 'checked':
      // Whoever overrode what was known before has not overridden this.
      return {
        ...without(proposal, ['overrider']),
        stop: { number: proposal.steps.length, at: step.at, facts, overriddenBy: [] },
      }
    case 'override-check':
      return overridden(proposal, step, facts)
    case 'pay':
      return paid(proposal, step, facts)
    case 'rated': {
      const { rating } = proposal
      assert(rating !== undefined, 'what was paid can be rated')
      return { ...proposal, rating: { ...rating, counts: facts.counts } }
    }
    case 'review':
      return { ...proposal, review: facts.text }
    case 'close':
      return ended(proposal, 'closed')
    case 'abandon':
      return brokenOff(before, proposal, step)
    case 'release':
      return ended(proposal, proposal.emergency?.ratified === false ? 'unratified' : 'abandoned')
    case 'suspend':
      return { ...proposal, suspended: true, suspendedAt: step.at, suspendedBy: step }
    case 'resume':
      return resumed(proposal, step.at)
    case 'declare': {
      const memberId = facts.memberId ?? step.memberId
      assert(memberId !== undefined, 'somebody is interested')
      const householdId =
        householdOf(proposal, memberId) ?? (facts.memberId === undefined ? step.householdId : undefined)
      const told = { interest: facts.interest, ...(householdId === undefined ? {} : { householdId }) }
      return { ...proposal, interested: new Map([...proposal.interested, [memberId, told]]) }
    }
    default:
      return unreachable(facts)
  }
}

function moved(proposal: Proposal, state: ProposalState, step: Step): Proposal {
  const { dueAt: _due, overdue: _overdue, ...rest } = proposal
  return { ...rest, state, ...due(step) }
}

function ended(proposal: Proposal, state: ProposalState): Proposal {
  const { dueAt: _due, overdue: _overdue, ...rest } = proposal
  return { ...rest, state }
}

/** Once it is decided the owners have a term of their own. */
function ownersAsked(proposal: Proposal, step: Step, { ownersItem }: FactsOf<'ask-owners'>): Proposal {
  return { ...(proposal.state === 'decided' ? moved(proposal, 'decided', step) : proposal), ownersItem }
}

/** Of a proposal that came back: what somebody said for good, though whoever takes it up again says nothing of it. */
function ownersAskedBefore({ steps, ownersItem }: Proposal): Pick<Proposal, 'ownersItem'> {
  const isForGood = steps.some(({ facts }) => facts.act === 'ask-owners')
  return isForGood && ownersItem !== undefined ? { ownersItem } : {}
}

function late(proposal: Proposal, { objectionId }: FactsOf<'overdue'>): Proposal {
  if (objectionId === undefined) return { ...proposal, overdue: true }
  const objections = proposal.objections.map((each) =>
    each.objectionId === objectionId ? { ...each, overdue: true as const } : each,
  )
  return { ...proposal, objections }
}

function withPart(proposal: Proposal, part: Part, step: Step): Proposal {
  return { ...proposal, partSteps: [...proposal.partSteps, { part, step }] }
}

function without(proposal: Proposal, parts: readonly Part[]): Proposal {
  return { ...proposal, partSteps: proposal.partSteps.filter(({ part }) => !parts.includes(part)) }
}

/** Set aside for an emergency that nobody has voted on yet. */
export function isUnratified({ state, emergency }: Proposal): boolean {
  return emergency !== undefined && (state === 'urgent' || state === 'ratifying')
}

/** An emergency is shown to everybody from here on, beside the work. */
function reserved(proposal: Proposal, step: Step): Proposal {
  if (proposal.emergency === undefined) return moved(proposal, 'reserved', step)
  const { until } = step
  assert(until !== undefined, 'a notice has an end')
  return { ...moved(proposal, 'urgent', step), noticeUntil: until }
}

/** The work goes on; of what is not ratified yet that changes nothing of where it stands. */
function working(proposal: Proposal, state: ProposalState, step: Step): Proposal {
  const { emergency } = proposal
  if (emergency === undefined) return moved(proposal, state, step)
  const told = { ...proposal, emergency: { ...emergency, work: workAfter(step.facts.act) ?? emergency.work } }
  return isUnratified(proposal) ? told : moved(told, state, step)
}

/** What was set aside goes back, and it is said for good. */
function notRatified(proposal: Proposal, step: Step): Proposal {
  const { emergency } = proposal
  assert(emergency !== undefined, 'what is ratified was an emergency')
  return { ...moved(proposal, 'releasing', step), emergency: { ...emergency, ratified: false } }
}

/**
 * Of an emergency that is not ratified yet the work may have begun: who breaks it off then does not keep it from the
 * committee's judgement, it ends as what was not ratified.
 */
function brokenOff(before: Proposal, proposal: Proposal, step: Step): Proposal {
  if (before.state === 'decided') return { ...ended(proposal, 'abandoned'), suspended: false }
  const isBegun = isUnratified(before) && before.emergency?.work !== 'waiting'
  const goesBack = isBegun ? notRatified(proposal, step) : moved(proposal, 'releasing', step)
  return { ...goesBack, suspended: false }
}

const stateOfWork = { waiting: 'reserved', begun: 'executing', finished: 'finished' } as const

/** Back to its author: a new wording is looked at, talked over and costed anew. */
function returned(proposal: Proposal, step: Step): Proposal {
  // It may have come back for what it tells: nobody reads it until somebody has looked at its new wording.
  return { ...moved(proposal, 'returned', step), triaged: false }
}

/** Where somebody lives, as far as the proposal knows: of a committee's member, or of whoever acted. */
function householdOf({ vote, steps }: Proposal, memberId: string): string | undefined {
  const member = vote?.members.find((each) => each.memberId === memberId)
  return member?.householdId ?? steps.findLast((step) => step.memberId === memberId)?.householdId
}

/** Time that stood still is given back to every clock. */
function resumed(proposal: Proposal, at: Instant): Proposal {
  const { suspendedAt, suspendedBy: _, ...rest } = proposal
  assert(suspendedAt !== undefined, 'what is taken up again was suspended')
  const ms = toMs(at) - toMs(suspendedAt)
  const later = (moment: Instant) => plusMs(moment, ms)
  const { dueAt, noticeUntil, vote, objections, rating, resultsUntil } = rest
  return {
    ...rest,
    suspended: false,
    ...(dueAt === undefined ? {} : { dueAt: later(dueAt) }),
    ...(noticeUntil === undefined || !isOnNotice(rest.state) ? {} : { noticeUntil: later(noticeUntil) }),
    ...(vote === undefined || vote.shut ? {} : { vote: { ...vote, closesAt: later(vote.closesAt) } }),
    objections: objections.map((each) => ({
      ...each,
      ...(each.answerBy === undefined ? {} : { answerBy: later(each.answerBy) }),
      ...(each.insistUntil === undefined ? {} : { insistUntil: later(each.insistUntil) }),
    })),
    ...(rating === undefined || rating.shut ? {} : { rating: { ...rating, until: later(rating.until) } }),
    ...(resultsUntil === undefined ? {} : { resultsUntil: later(resultsUntil) }),
  }
}

function costed(proposal: Proposal, step: Step, facts: FactsOf<'cost'>): Proposal {
  const chosen = facts.quotes[facts.chosen]
  assert(chosen !== undefined && step.until !== undefined, 'a quote is chosen and a notice has an end')
  const { milestones } = facts
  assert(milestones === undefined || sumFen(milestones) === chosen.amountFen, 'milestones are together what was chosen')
  const noticed = {
    ...moved(proposal, 'noticed', step),
    costing: facts,
    costFen: chosen.amountFen,
    noticeUntil: step.until,
  }
  return withPart(noticed, 'valuator', step)
}

function objected(proposal: Proposal, step: Step, facts: FactsOf<'object' | 'answer' | 'insist' | 'rule'>): Proposal {
  const { at, personId } = step
  assert(personId !== undefined, 'a person objects, and a person answers')
  const { objectionId, text } = facts
  if (facts.act === 'object') {
    const answerBy = step.until === undefined ? {} : { answerBy: step.until }
    return { ...proposal, objections: [...proposal.objections, { objectionId, at, personId, text, ...answerBy }] }
  }
  const change = (): Partial<Objection> => {
    if (facts.act === 'insist') return { insisted: text }
    const said = { at, personId, text, upheld: facts.upheld }
    if (facts.act === 'rule') return { ruling: said }
    return { answer: said, ...(step.until === undefined ? {} : { insistUntil: step.until }) }
  }
  const objections = proposal.objections.map((each) =>
    each.objectionId === objectionId ? { ...each, ...change() } : each,
  )
  const heard = { ...proposal, objections }
  // The work of an emergency is under way: what an objection is right about is for the committee to weigh.
  return facts.act !== 'insist' && facts.upheld && proposal.emergency === undefined ? returned(heard, step) : heard
}

function opened(proposal: Proposal, step: Step, facts: FactsOf<'open'>): Proposal {
  const { until } = step
  assert(until !== undefined, 'a vote closes')
  const { rules, members, households } = facts
  return {
    ...moved(proposal, proposal.emergency === undefined ? 'voting' : 'ratifying', step),
    vote: { rules, members, households, opensAt: step.at, closesAt: until, shut: false },
  }
}

function voted(proposal: Proposal, step: Step, facts: FactsOf<'opine' | 'decide'>): Proposal {
  const { vote } = proposal
  assert(vote !== undefined, 'a vote was opened')
  if (facts.act === 'opine') return { ...proposal, vote: { ...vote, opinion: facts.text } }
  const { tallies, paper } = facts
  const counted = { ...proposal, vote: { ...vote, tallies, ...(paper === undefined ? {} : { paper }) } }
  const { emergency } = counted
  if (emergency === undefined) return facts.passed ? moved(counted, 'decided', step) : ended(counted, 'rejected')
  if (!facts.passed) return notRatified(counted, step)
  return { ...moved(counted, stateOfWork[emergency.work], step), emergency: { ...emergency, ratified: true } }
}

function shut(proposal: Proposal): Proposal {
  const { vote, rating } = proposal
  if (isBeingVotedOn(proposal.state) && vote !== undefined) return { ...proposal, vote: { ...vote, shut: true } }
  assert(rating !== undefined, 'a vote or a rating is shut')
  return { ...proposal, rating: { ...rating, shut: true } }
}

function ownersOf({ owners: vote, list }: OwnersFacts, confirmed: boolean, recordedBy: string | undefined) {
  return { vote, list, confirmed, passed: decideOwnersVote(vote).passed, recordedBy }
}

/** Both a supervisor and a resident have to find it done. */
const acceptorsAsked: readonly Actor[] = ['supervisor', 'resident']

function accepted(proposal: Proposal, step: Step): Proposal {
  const acceptedBy = [...proposal.acceptedBy, step.actor]
  const next = withPart({ ...proposal, acceptedBy }, 'acceptor', step)
  return acceptorsAsked.every((actor) => acceptedBy.includes(actor)) ? moved(next, 'accepted', step) : next
}

function refusedWork(proposal: Proposal, step: Step): Proposal {
  const bare = working(without(proposal, ['acceptor', 'approver', 'overrider']), 'executing', step)
  const { work: _work, stop: _stop, ...rest } = bare
  return { ...rest, acceptedBy: [], photos: givenBackAfter(rest.photos, proposal.work) }
}

function overridden(proposal: Proposal, step: Step, { stop: number }: FactsOf<'override-check'>): Proposal {
  const { stop } = proposal
  assert(stop !== undefined, 'what is overridden stopped a payment')
  // Before overrides named their stop they were of the one before them.
  const isOfIt = number === undefined || number === stop.number
  const overriddenBy = isOfIt ? [...stop.overriddenBy, step.actor] : stop.overriddenBy
  return withPart({ ...proposal, stop: { ...stop, overriddenBy } }, 'overrider', step)
}

/** What is paid was accepted by both, and is no more than its milestone; after the last one the results are shown. */
function paid(proposal: Proposal, step: Step, facts: PayFacts): Proposal {
  const { work, acceptedBy, paidMilestones } = proposal
  const milestone = milestoneOf(proposal)
  assert(facts.milestone === milestone?.number, 'milestones are paid in their order, each of them once')
  assert(work !== undefined && facts.paidFen <= limitFen(proposal), 'no milestone is paid beyond its amount')
  if (milestone === undefined || milestone.isLast)
    return { ...moved(proposal, 'disbursed', step), payment: facts, ...shownFrom(step) }
  const next = withPart(moved(proposal, 'executing', step), 'past-payer', step)
  const { work: _work, stop: _stop, ...rest } = next
  return {
    ...rest,
    paidMilestones: [...paidMilestones, { work, acceptedBy, payment: facts }],
    acceptedBy: [],
    partSteps: rest.partSteps.map((each) => ({ ...each, part: pastOf[each.part] ?? each.part })),
  }
}

/** Who accepted, approved or let past a milestone may do the same of the next one, and nothing else. */
const pastOf: Readonly<Partial<Record<Part, Part>>> = {
  acceptor: 'past-acceptor',
  approver: 'past-approver',
  overrider: 'past-overrider',
}

function shownFrom(step: Step): Pick<Proposal, 'resultsUntil' | 'rating'> {
  const { until } = step
  assert(until !== undefined, 'results are shown for some days')
  return { resultsUntil: until, rating: { until: rateUntil(step), shut: false } }
}

/** Half of the time that results are shown. */
function rateUntil({ at, until }: Step): Instant {
  assert(until !== undefined, 'results are shown for some days')
  return instant((toMs(at) + toMs(until)) / 2)
}

export function sumFen(lines: readonly { readonly amountFen: number }[]): number {
  return lines.reduce((sum, { amountFen }) => sum + amountFen, 0)
}

/** Not answered, or insisted on and not ruled about: nothing goes on. */
export function isOpen(objection: Objection): boolean {
  if (objection.answer === undefined) return true
  return objection.insisted !== undefined && objection.ruling === undefined
}

/** Enough ratings, and a mean below the mark. */
export function isRatedLow(counts: readonly number[]): boolean {
  const count = counts.reduce((sum, each) => sum + each, 0)
  const sum = counts.reduce((total, each, at) => total + each * (at + 1), 0)
  return count >= LOW_COUNT_MIN && sum < LOW_MEAN * count
}
