import {
  OBJECTIONS_MAX,
  STEPS_MAX,
  type Act,
  type actRefusals,
  type Actor,
  type KeptAct,
} from '#shared/contracts/governance.ts'
import { assert } from '#shared/kernel/assert.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import { DAY_MS, plusMs, shanghaiDay, type Instant } from '#shared/kernel/time.ts'
import { faultOfOverride, faultOfStop, hasOverridden } from './decide-check.ts'
import { faultOfSlipCost } from './aid-slip.ts'
import { faultOfSignature } from './decide-signature.ts'
import { isInterested } from './interest.ts'
import { faultOfOwners, type SaidAct } from './owners-entry.ts'
import { limitFen, milestoneOf } from './milestones.ts'
import { faultOfHandingIn, faultOfShowing, faultOfWithholding } from './photos.ts'
import { actorsOf, barOf, type PersonIn } from './persons.ts'
import { isOpen, isUnratified, sumFen, type Proposal } from './proposal.ts'
import { days, LAST_MILESTONE_MIN_BPS, OBJECTIONS_OF_HOUSEHOLD_MAX, QUOTES_FROM_FEN, QUOTES_MIN } from './rules.ts'
import { countedSteps, type Facts, type Step } from './steps.ts'
import { isBeingVotedOn, isPossible, mayRefuse, type ActName } from './transitions.ts'

export type ActRefusal = keyof typeof actRefusals

/** Somebody who wants to act, with the roles they hold where the proposal belongs. */
export type Person = {
  readonly personId: string
  readonly memberId: string
  /** Where they live, verified: anywhere, for four eyes; whether it is here, `actors` says. */
  readonly householdId?: string | undefined
  /** Since when a resident here; absent: since ever. */
  readonly residentSince?: Instant | undefined
  readonly actors: readonly Actor[]
  /** Lives there by their own word alone. */
  readonly claimsOnly: boolean
}

export type Decided =
  | { readonly kind: 'step'; readonly step: Step }
  /** It is done already, by the same person in the same words. */
  | { readonly kind: 'same' }
  /** For this person there is no such act. */
  | { readonly kind: 'forbidden' }
  | Refused<ActRefusal>

const NOT_NOW = refused('NOT_NOW', '这件提案现在不在这一步，请刷新再看')

/** The parts that a person has; their household counts as they do. */
export function personIn(proposal: Proposal, person: Pick<Person, 'personId' | 'memberId' | 'householdId'>): PersonIn {
  const isThem = (step: Step) =>
    step.personId === person.personId || (step.householdId !== undefined && step.householdId === person.householdId)
  return {
    parts: new Set(proposal.partSteps.filter(({ step }) => isThem(step)).map(({ part }) => part)),
    interested: isInterested(proposal, person),
  }
}

/** As what somebody would act; undefined when in no role that may. */
export function actorFor(proposal: Proposal, act: ActName | 'enter-paper', person: Person): Actor | undefined {
  const isUrgent = act === 'answer' && proposal.emergency !== undefined
  const may = actorsOf[isUrgent ? 'answer-emergency' : act].filter((actor) => person.actors.includes(actor))
  // Two acceptors are of two kinds: who could be either is the one that is still missing.
  if (act === 'accept') return may.find((actor) => !proposal.acceptedBy.includes(actor)) ?? may[0]
  if (act === 'override-check') return may.find((actor) => !hasOverridden(proposal, actor)) ?? may[0]
  if (act === 'refuse') return may.find((actor) => mayRefuse(proposal.state, actor)) ?? may[0]
  return may[0]
}

/** What the rules say of an act, at this moment, by this person. */
export function decideAct(
  proposal: Proposal,
  act: SaidAct,
  person: Person,
  now: Instant,
  dayMs: number = DAY_MS,
): Decided {
  const actor = actorFor(proposal, act.act, person)
  if (actor === undefined) {
    const isClaim = person.claimsOnly && actorsOf[act.act].includes('resident')
    return isClaim ? refused('NOT_VERIFIED', '社区核实住户后才能参与') : { kind: 'forbidden' }
  }
  if (isDone(proposal, act, person)) return { kind: 'same' }
  const bar = barOfAct(proposal, act.act, person)
  if (bar !== undefined) return bar
  if (!isPossible(proposal.state, act.act)) return NOT_NOW
  if (proposal.suspended && !whileSuspended.includes(act.act)) {
    return refused('NOT_NOW', '这件提案已被暂停')
  }
  if (isTooMuch(proposal, act)) return refused('TOO_MANY', '这件提案的记录太多，不能再加了')
  const fault = faultOf(proposal, act, actor, person, now)
  if (fault !== undefined) return fault
  assert(!('faults' in act), 'a list that cannot be counted is refused')
  const step: Step = {
    at: now,
    actor,
    personId: person.personId,
    memberId: person.memberId,
    ...(person.householdId === undefined ? {} : { householdId: person.householdId }),
    facts: act,
    ...untilOf(proposal, act, actor, now, dayMs),
  }
  return { kind: 'step', step }
}

/** Time stands still; what ends it, and what takes private life off the page, does not. */
export const whileSuspended: readonly ActName[] = ['resume', 'declare', 'withdraw', 'abandon', 'withhold-photo']

/** What can be said again and again ends some way before the limit: what moves a proposal on always fits. */
const repeatable: readonly Act['act'][] = [
  ...(['report', 'object', 'insist', 'declare', 'record-owners', 'show-photo'] as const),
]
const STEPS_SPARE = 60
/**
 * No limit keeps money, or a face on the page: two persons can always break a project off, whatever was written before, and
 * photos are taken off as many times as some are public by then.
 */
const alwaysFits: readonly Act['act'][] = ['resume', 'abandon', 'override-check', 'withhold-photo']
/** Suspended and taken up again so many times beyond the limit: somebody does nothing else. */
const SUSPEND_SPARE = 20

function isTooMuch({ steps }: Proposal, { act }: SaidAct): boolean {
  if (alwaysFits.includes(act)) return false
  const count = countedSteps(steps)
  if (act === 'suspend') return count >= STEPS_MAX + SUSPEND_SPARE
  return count >= (repeatable.includes(act) ? STEPS_MAX - STEPS_SPARE : STEPS_MAX)
}

/** Four eyes and interests, as one refusal. */
export function barOfAct(
  proposal: Proposal,
  act: ActName,
  person: Person,
): Refused<'FOUR_EYES' | 'INTERESTED'> | undefined {
  const bar = barOf(act, personIn(proposal, person))
  if (bar === 'INTERESTED') return refused('INTERESTED', '您申报了利害关系，这一步要请别人办')
  if (bar === 'FOUR_EYES') return refused('FOUR_EYES', '您（或您家里人）在这件提案里办过别的事，这一步要请另一位办')
  return undefined
}

/** A retry: said by the same person in the same words since the proposal last turned back. */
function isDone(proposal: Proposal, act: SaidAct, person: Person): boolean {
  // How the photo stands now says it: somebody may have taken it off the page since.
  if (act.act === 'show-photo' || act.act === 'withhold-photo') return false
  const turn = proposal.steps.findLastIndex(({ facts }) =>
    ['submit', 'return', 'finish', 'refuse', 'suspend', 'resume', 'checked'].includes(facts.act),
  )
  const round = proposal.steps.slice(Math.max(turn, 0))
  const last = round.findLastIndex(({ personId, facts }) => personId === person.personId && isAbout(facts, act))
  if (last === -1 || JSON.stringify(round[last]?.facts) !== JSON.stringify(act)) return false
  // Somebody has entered another list since: said once more it is another one.
  return act.act !== 'record-owners' || !round.slice(last + 1).some(({ facts }) => facts.act === 'record-owners')
}

/** The same act about the same thing. */
function isAbout(facts: Facts, act: SaidAct): boolean {
  const of = (said: object) => ('objectionId' in said ? said.objectionId : undefined)
  return facts.act === act.act && of(facts) === of(act)
}

type Fault = Decided | undefined

function faultOf(proposal: Proposal, act: SaidAct, actor: Actor, person: Person, now: Instant): Fault {
  switch (act.act) {
    case 'withdraw':
      return proposal.author.personId === person.personId ? undefined : { kind: 'forbidden' }
    case 'ask-owners':
      return proposal.ownersItem === undefined ? undefined : refused('NOT_NOW', '已经定了要业主共同决定')
    case 'deliberate':
      if (act.heldOn > shanghaiDay(now)) return refused('DAY_WRONG', undefined, { heldOn: '会还没有开' })
      if (act.heldOn < shanghaiDay(proposal.submittedAt))
        return refused('DAY_WRONG', undefined, { heldOn: '会在提案以前' })
      if (act.attended > act.expected) return refused('FIGURES_WRONG', undefined, { attended: '实到比应到多' })
      if (2 * act.attended <= act.expected)
        return refused('FIGURES_WRONG', undefined, { attended: '实到要过应到的一半' })
      return undefined
    case 'cost':
      return faultOfQuotes(act) ?? faultOfPlan(act) ?? faultOfSlipCost(proposal.content, act)
    case 'object':
      return faultOfObjection(proposal, act.objectionId, person, now)
    case 'answer':
    case 'insist':
    case 'rule':
      return faultOfWord(proposal, act, person, now)
    case 'opine':
      return proposal.vote?.opinion === undefined ? undefined : NOT_NOW
    case 'sign':
      return (
        faultOfSignature(proposal, person, now) ??
        (act.amountFen === proposal.costFen
          ? undefined
          : refused('AMOUNT_DIFFERS', undefined, { amountFen: '和提案的金额不一样，请核对' }))
      )
    case 'record-owners':
    case 'confirm-owners':
      return faultOfOwners(proposal, act)
    case 'start':
    case 'report':
      return isWorkAt(proposal, act.act) ? undefined : NOT_NOW
    case 'finish':
      if (!isWorkAt(proposal, act.act)) return NOT_NOW
      return (
        faultOfMilestone(proposal, act.milestone) ??
        faultOfReceipts(proposal, act.receipts, now) ??
        faultOfHandingIn(proposal, act.photoIds)
      )
    case 'show-photo':
      return faultOfShowing(proposal, act)
    case 'withhold-photo':
      return faultOfWithholding(proposal, act)
    case 'refuse':
      return faultOfMilestone(proposal, act.milestone) ?? (mayRefuse(proposal.state, actor) ? undefined : NOT_NOW)
    case 'override-check':
      return faultOfStop(proposal, act.stop) ?? faultOfOverride(proposal, actor, personIn(proposal, person))
    case 'accept':
      return faultOfMilestone(proposal, act.milestone) ?? (proposal.acceptedBy.includes(actor) ? NOT_NOW : undefined)
    case 'approve':
      return (
        faultOfMilestone(proposal, act.milestone) ??
        (act.amountFen === actualFen(proposal)
          ? undefined
          : refused('AMOUNT_DIFFERS', undefined, { amountFen: '和票据合计不一样，请核对' }))
      )
    case 'abandon':
      return faultOfAbandoning(proposal, person)
    case 'suspend':
      return proposal.suspended ? NOT_NOW : undefined
    case 'resume':
      return proposal.suspended ? undefined : NOT_NOW
    case 'review':
      return proposal.rating?.counts !== undefined && proposal.review === undefined ? undefined : NOT_NOW
    case 'declare':
      return faultOfDeclaration(proposal, act.memberId, actor, person, now)
    default:
      return undefined
  }
}

/** One number, however it is spelt: 25-37 200a is 2537200A. */
export function receiptKey(number: string): string {
  return number.normalize('NFKC').replaceAll(/[\s-]/g, '').toUpperCase()
}

/** A page that was opened before the last milestone was paid means that one, whatever its sum. */
export function faultOfMilestone(
  proposal: Proposal,
  meant: number | undefined,
): Refused<'MILESTONE_DIFFERS'> | undefined {
  return meant === milestoneOf(proposal)?.number
    ? undefined
    : refused('MILESTONE_DIFFERS', '现在不是这一期，请刷新再看')
}

function faultOfReceipts(
  proposal: Proposal,
  receipts: Extract<Act, { act: 'finish' }>['receipts'],
  now: Instant,
): Fault {
  if (receipts.some(({ issuedOn }) => issuedOn > shanghaiDay(now)))
    return refused('DAY_WRONG', undefined, { issuedOn: '开票日期还没有到' })
  if (receipts.some(({ issuedOn }) => issuedOn < decidedOn(proposal)))
    return refused('DAY_WRONG', undefined, { issuedOn: '票据开在通过以前' })
  const numbers = receipts.map(({ number }) => receiptKey(number))
  if (new Set(numbers).size < numbers.length)
    return refused('RECEIPT_USED', undefined, { number: '同一张票据写了两次' })
  const paid = proposal.paidMilestones.flatMap(({ work }) => work.receipts.map(({ number }) => receiptKey(number)))
  if (numbers.some((number) => paid.includes(number)))
    return refused('RECEIPT_USED', undefined, { number: '这张票据在前面一期付过款' })
  if (sumFen(receipts) <= limitFen(proposal)) return undefined
  const over = proposal.costing?.milestones === undefined ? '票据合计超过了批准的金额' : '票据合计超过了这一期的金额'
  return refused('OVER_APPROVED', over, { receipts: over })
}

/** While the committee has not ratified an emergency the state does not tell how far its work is. */
export function isWorkAt(proposal: Proposal, act: 'start' | 'report' | 'finish'): boolean {
  return !isUnratified(proposal) || proposal.emergency?.work === (act === 'start' ? 'waiting' : 'begun')
}

function decidedOn({ steps, emergency }: Proposal): string {
  const decides = emergency === undefined ? 'decide' : 'sign'
  const decided = steps.findLast(({ facts }) => facts.act === decides)
  assert(decided !== undefined, 'work follows a decision')
  return shanghaiDay(decided.at)
}

/** Nobody undoes alone what many decided: one suspends it, another one ends it. */
export function faultOfAbandoning(
  { suspended, suspendedBy }: Proposal,
  { personId, householdId }: Pick<Person, 'personId' | 'householdId'>,
): Refused<'NOT_NOW' | 'FOUR_EYES'> | undefined {
  if (!suspended) return refused('NOT_NOW', '要先由监督员或慈善组织暂停，再由另一位中止')
  const isTheirs = suspendedBy?.personId === personId
  const isAtHome = householdId !== undefined && suspendedBy?.householdId === householdId
  return isTheirs || isAtHome ? refused('FOUR_EYES', '是您（或您家里人）暂停的，要请另一位来中止') : undefined
}

function faultOfQuotes(act: Extract<Act, { act: 'cost' }>): Fault {
  const chosen = act.quotes[act.chosen]
  if (chosen === undefined) return refused('FIGURES_WRONG', undefined, { chosen: '请选一份报价' })
  if (new Set(act.quotes.map(({ from }) => from)).size < act.quotes.length)
    return refused('FIGURES_WRONG', undefined, { quotes: '一家单位只能报一次价' })
  if (chosen.amountFen >= QUOTES_FROM_FEN && act.quotes.length < QUOTES_MIN)
    return refused('QUOTES_MISSING', `¥${QUOTES_FROM_FEN / 100} 以上要有 ${QUOTES_MIN} 家报价`, { quotes: '报价不够' })
  const isCheapest = act.quotes.every(({ amountFen }) => amountFen >= chosen.amountFen)
  return isCheapest || act.why !== undefined
    ? undefined
    : refused('WHY_MISSING', undefined, { why: '没有选最低的报价，请写明原因' })
}

/** 分期: all of the chosen quote, and a last payment that is worth coming back for. */
function faultOfPlan({ quotes, chosen, milestones }: Extract<Act, { act: 'cost' }>): Fault {
  const costFen = quotes[chosen]?.amountFen
  const last = milestones?.at(-1)
  if (costFen === undefined || milestones === undefined || last === undefined) return undefined
  if (sumFen(milestones) !== costFen)
    return refused('FIGURES_WRONG', undefined, { milestones: '各期合计要等于选定的报价' })
  return last.amountFen * 10_000 >= costFen * LAST_MILESTONE_MIN_BPS
    ? undefined
    : refused('FIGURES_WRONG', undefined, { milestones: '最后一期（尾款）至少留两成' })
}

function faultOfObjection(proposal: Proposal, objectionId: string, person: Person, now: Instant): Fault {
  if (proposal.noticeUntil === undefined || now >= proposal.noticeUntil) return refused('NOT_NOW', '公示已经结束')
  if (proposal.objections.length >= OBJECTIONS_MAX) return refused('TOO_MANY', '异议太多，请找社区')
  if (proposal.objections.some((each) => each.objectionId === objectionId)) return NOT_NOW
  const isOwn = ({ personId }: { personId?: string | undefined }) => personId === person.personId
  const theirs = proposal.objections.some((each) => isOwn(each) && isOpen(each))
  if (theirs) return refused('TOO_MANY', '您提的异议还没有答复，请等答复')
  const ofHousehold = proposal.steps.filter(
    (step) => step.facts.act === 'object' && (isOwn(step) || step.householdId === person.householdId),
  )
  return ofHousehold.length < OBJECTIONS_OF_HOUSEHOLD_MAX ? undefined : refused('TOO_MANY', '一户最多提三条异议')
}

function faultOfWord(
  proposal: Proposal,
  act: Extract<Act, { act: 'answer' | 'insist' | 'rule' }>,
  person: Person,
  now: Instant,
): Fault {
  const objection = proposal.objections.find(({ objectionId }) => objectionId === act.objectionId)
  if (objection === undefined) return refused('UNKNOWN_OBJECTION', '没有这条异议')
  const { answer, insisted, insistUntil, ruling } = objection
  const isObjector = objection.personId === person.personId
  const eyes = refused('FOUR_EYES', '这条异议和您有关，要请另一位答复')
  switch (act.act) {
    case 'answer':
      if (isObjector) return eyes
      return answer === undefined ? undefined : NOT_NOW
    case 'insist':
      if (!isObjector) return { kind: 'forbidden' }
      if (answer === undefined || insisted !== undefined || insistUntil === undefined) return NOT_NOW
      return now < insistUntil ? undefined : refused('NOT_NOW', '坚持异议的时间已经过了')
    case 'rule':
      if (isObjector || answer?.personId === person.personId) return eyes
      return insisted === undefined || ruling !== undefined ? NOT_NOW : undefined
  }
}

function faultOfDeclaration(
  proposal: Proposal,
  memberId: string | undefined,
  actor: Actor,
  person: Person,
  now: Instant,
): Fault {
  if (memberId === undefined || memberId === person.memberId)
    return proposal.interested.has(person.memberId) ? { kind: 'same' } : undefined
  if (actor !== 'supervisor') return { kind: 'forbidden' }
  if (proposal.interested.has(memberId)) return { kind: 'same' }
  // After closing nobody is taken out of the count any more: whoever names them could see what is missing.
  const { vote, state } = proposal
  if (isBeingVotedOn(state) && vote !== undefined && (vote.shut || now >= vote.closesAt))
    return refused('NOT_NOW', '投票已经截止，不能再要求别人回避')
  const isMember = vote?.members.some((member) => member.memberId === memberId) ?? false
  const hasActed = proposal.steps.some((step) => step.memberId === memberId)
  return isMember || hasActed ? undefined : refused('UNKNOWN_MEMBER', undefined, { memberId: '管委会里没有这个人' })
}

/** What is to be paid: the sum of the receipts. */
export function actualFen(proposal: Proposal): number | undefined {
  return proposal.work && sumFen(proposal.work.receipts)
}

/** By when what an act leads to has to be done. */
function untilOf(proposal: Proposal, act: KeptAct, actor: Actor, now: Instant, dayMs: number): Pick<Step, 'until'> {
  const count = daysAfter(proposal, act, actor)
  return count === undefined ? {} : { until: plusMs(now, count * dayMs) }
}

function daysAfter(proposal: Proposal, act: KeptAct, actor: Actor): number | undefined {
  switch (act.act) {
    case 'return':
      return days.returned
    case 'triage':
      return days.deliberate
    case 'deliberate':
      return days.cost
    case 'ask-owners':
      // They have as long for it as the money would have waited.
      return proposal.state === 'decided' ? days.reserve : undefined
    case 'cost':
      return proposal.asking.noticeDays
    case 'object':
      return days.answer
    case 'answer':
    case 'rule':
      return act.upheld && proposal.emergency === undefined ? days.returned : days.answer
    case 'start':
    case 'refuse':
      return proposal.costing?.termDays ?? days.start
    case 'finish':
      return days.accept
    case 'accept':
      return proposal.acceptedBy.some((other) => other !== actor) ? days.approve : undefined
    case 'approve':
      return days.pay
    default:
      return undefined
  }
}
