import {
  MERGED_MAX,
  type BodyName,
  type MatterAct,
  type MatterActor,
  type matterRefusals,
} from '#shared/contracts/matters.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import { plusMs, type Instant } from '#shared/kernel/time.ts'
import type { WorkClock } from '#shared/kernel/working-days.ts'
import type { Matter, ReporterSince } from './matter.ts'
import { matterActorsOf, matterBarOf, type MatterPart, type MatterPerson } from './persons.ts'
import { RATE_DAYS, RATE_GRACE_MS, termOf, terms, timesMax } from './rules.ts'
import type { MatterFacts, MatterStep, Term } from './steps.ts'
import { isMatterActPossible, matterHasEnded } from './transitions.ts'

export type MatterRefusal = keyof typeof matterRefusals

export type MatterDecided =
  | { readonly kind: 'step'; readonly step: MatterStep }
  /** It is done already, by the same person in the same words. */
  | { readonly kind: 'same' }
  /** For this person there is no such act. */
  | { readonly kind: 'forbidden' }
  | Refused<MatterRefusal>

/** What an act speaks about, looked up before it is decided. */
export type Known = {
  /** Bodies that matters of this community can be given to, by id. */
  readonly bodies: ReadonlyMap<string, BodyName>
  /** The matter that this one would be merged into, if it is of the same compound. */
  readonly into?: Matter | undefined
  /** How many neighbours follow it. */
  readonly followers?: number
  /** There is such a proposal in this compound. */
  readonly hasProposal?: boolean
}

export type Days = { readonly work: WorkClock; readonly dayMs: number }

const NOT_NOW = refused('NOT_NOW', '这件诉求现在不在这一步，请刷新再看')

/** Theirs: said by them, or filed by a worker for the household where they lived by then; or merged into this one. */
export function isReporter({ reporters }: Pick<Matter, 'reporters'>, person: MatterPerson): boolean {
  return reporterOf({ reporters }, person) !== undefined
}

/** As which of those who raised it somebody counts. */
export function reporterOf({ reporters }: Pick<Matter, 'reporters'>, person: MatterPerson): ReporterSince | undefined {
  return reporters.find((reporter) => isOf(reporter, person))
}

/** It is their own words that it began with: those of others whose matters were merged stay theirs. */
export function isFirstReporter({ reporters: [first] }: Pick<Matter, 'reporters'>, person: MatterPerson): boolean {
  return first !== undefined && isOf(first, person)
}

function isOf(reporter: ReporterSince, { personId, householdId, homeSince }: MatterPerson): boolean {
  if (reporter.personId !== undefined) return reporter.personId === personId
  if (reporter.householdId === undefined || reporter.householdId !== householdId) return false
  // Who moved in since has nothing to do with what was filed for those before them.
  return homeSince === undefined || homeSince <= reporter.since
}

/** What somebody has to do with a matter. Whoever lives with who raised it, or with who handled it, judges it no more than they do. */
export function matterPartsOf(matter: Matter, person: MatterPerson): ReadonlySet<MatterPart> {
  const parts = new Set<MatterPart>()
  const isHome = (householdId: string | undefined) => householdId !== undefined && person.homeIds.includes(householdId)
  if (isReporter(matter, person) || matter.reporters.some(({ householdId }) => isHome(householdId)))
    parts.add('reporter')
  const hasHandled = matter.steps.some(
    ({ bodyId, personId, householdId }) =>
      bodyId !== undefined && (personId === person.personId || isHome(householdId)),
  )
  if (hasHandled || person.bodyIdsEver.some((bodyId) => matter.bodyIds.includes(bodyId))) parts.add('handler')
  if (matter.assignerId === person.personId) parts.add('assigner')
  return parts
}

/** What somebody is to this matter, in the order in which a page greets them. */
export function matterActorsFor(matter: Matter, person: MatterPerson): MatterActor[] {
  const isTheirs = isReporter(matter, person)
  const isLead = matter.lead !== undefined && person.bodyIds.includes(matter.lead.bodyId)
  const helps = matter.helpers.some(({ bodyId }) => person.bodyIds.includes(bodyId))
  return [
    ...(isTheirs ? (['resident'] as const) : []),
    ...(!isTheirs && person.livesHere === 'verified' ? (['neighbour'] as const) : []),
    ...(isLead || helps ? (['body'] as const) : []),
    ...(person.isSupervisor ? (['supervisor'] as const) : []),
    ...(person.isWorker ? (['worker'] as const) : []),
  ]
}

export function matterActorFor(matter: Matter, act: MatterAct['act'], person: MatterPerson): MatterActor | undefined {
  const are = matterActorsFor(matter, person)
  const actor = matterActorsOf[act].find((each) => are.includes(each))
  // Helpers say how far they are; what the body does as one, its lead says.
  if (actor !== 'body' || act === 'report') return actor
  return matter.lead !== undefined && person.bodyIds.includes(matter.lead.bodyId) ? actor : undefined
}

/** Four eyes, as a refusal. */
export function matterBarFor(
  matter: Matter,
  act: MatterAct['act'],
  person: MatterPerson,
): Refused<'FOUR_EYES'> | undefined {
  const parts = matterPartsOf(matter, person)
  // A worker takes up again what others said, and the resident themselves in any case; who handles it does not start it anew.
  const isReopening = act === 'reopen' && parts.has('handler') && !isReporter(matter, person)
  // Who assigned it does not rule on the assignment by another name.
  const isRuling = act === 'supervise' && matter.state === 'disputed' && parts.has('assigner')
  return isReopening || isRuling || matterBarOf(act, parts)
    ? refused('FOUR_EYES', '这件诉求和您（或您的单位）有关，这一步要请另一位办')
    : undefined
}

/** What the rules say of an act, at this moment, by this person. */
export function decideMatterAct(
  matter: Matter,
  act: MatterAct,
  person: MatterPerson,
  known: Known,
  now: Instant,
  days: Days,
): MatterDecided {
  const actor = matterActorFor(matter, act.act, person)
  if (actor === undefined) return { kind: 'forbidden' }
  const facts = factsOf(act, known)
  if (isDone(matter, facts ?? act, person)) return { kind: 'same' }
  // The clock was quicker than they were: it is theirs, as they wanted to say.
  if (act.act === 'accept' && matter.state === 'handling') return { kind: 'same' }
  const bar = matterBarFor(matter, act.act, person)
  if (bar !== undefined) return bar
  if (!isMatterActPossible(matter.state, act.act)) {
    const isRuled = act.act === 'dispute' && matter.dispute?.ruling !== undefined
    return isRuled ? refused('DISPUTED_ONCE', '这件诉求已经裁定过，不能再退') : NOT_NOW
  }
  if (facts === undefined) return unknownBody(act, known)
  if (isTooOften(matter, act.act)) return refused('TOO_MANY', '这件诉求里这样说得太多了，请找社区')
  const fault = faultOf(matter, act, person, known, now)
  if (fault !== undefined) return fault
  const bodyId = actor === 'body' ? bodyOf(matter, person) : undefined
  const step: MatterStep = {
    at: now,
    actor,
    personId: person.personId,
    memberId: person.memberId,
    ...(person.householdId === undefined ? {} : { householdId: person.householdId }),
    ...(bodyId === undefined ? {} : { bodyId }),
    facts,
    ...timesOf(matter, act, now, days),
  }
  return { kind: 'step', step }
}

function bodyOf({ lead, helpers }: Matter, { bodyIds }: MatterPerson): string | undefined {
  return [lead, ...helpers].find((body) => body !== undefined && bodyIds.includes(body.bodyId))?.bodyId
}

/** The act as it is kept: bodies by their names. Undefined when one of them is unknown here. */
function factsOf(act: MatterAct, { bodies }: Known): MatterFacts | undefined {
  switch (act.act) {
    case 'assign': {
      const { leadId, helperIds, ...rest } = act
      const lead = bodies.get(leadId)
      const helpers = helperIds.map((bodyId) => bodies.get(bodyId))
      return lead === undefined || helpers.some((body) => body === undefined)
        ? undefined
        : { ...rest, lead, helpers: helpers.filter((body) => body !== undefined) }
    }
    case 'rule':
    case 'supervise': {
      const { leadId, ...rest } = act
      if (leadId === undefined) return rest
      const lead = bodies.get(leadId)
      return lead && { ...rest, lead }
    }
    default:
      return act
  }
}

function unknownBody(act: MatterAct, { bodies }: Known): Refused<'UNKNOWN_BODY'> {
  const isLead = !('leadId' in act) || act.leadId === undefined || !bodies.has(act.leadId)
  return refused('UNKNOWN_BODY', '这里没有这个责任单位', { [isLead ? 'leadId' : 'helperIds']: '请从名单里选' })
}

export function isTooOften({ steps }: Matter, act: MatterAct['act']): boolean {
  const max: number | undefined = (timesMax as Readonly<Partial<Record<MatterAct['act'], number>>>)[act]
  return max !== undefined && steps.filter(({ facts }) => facts.act === act).length >= max
}

/** After one of these the same words mean something new. */
const turning: readonly string[] = [
  ...['raise', 'redact', 'supervise', 'escalate', 'overtime', 'answer', 'send-back', 'verify', 'decline', 'reopen'],
  ...['assign', 'rule', 'extend', 'dispute', 'link-proposal', 'come-back'],
]

/** A retry: said by the same person in the same words, and the matter has not turned since. */
function isDone(matter: Matter, facts: MatterFacts | MatterAct, person: MatterPerson): boolean {
  const at = matter.steps.findLastIndex((step) => step.personId === person.personId && step.facts.act === facts.act)
  if (at === -1 || JSON.stringify(matter.steps[at]?.facts) !== JSON.stringify(facts)) return false
  return !matter.steps.slice(at + 1).some((step) => turning.includes(step.facts.act))
}

type Fault = MatterDecided | undefined

function faultOf(matter: Matter, act: MatterAct, person: MatterPerson, known: Known, now: Instant): Fault {
  switch (act.act) {
    case 'withdraw':
      if (matter.mergedFrom.length > 0) return refused('NOT_NOW', '别人的诉求已经并进来了，不能撤回')
      return (known.followers ?? 0) > 0
        ? refused('FOLLOWED', '有邻居也遇到了这件事，不能撤回；办好以后请您评价')
        : undefined
    case 'triage':
      return faultOfPhotos(act.photoIds, photosOf(matter))
    case 'redact':
      if (matter.published === undefined) return NOT_NOW
      return faultOfPhotos(act.photoIds, photosOf(matter))
    case 'merge':
      return faultOfMerging(matter, person, known)
    case 'link-proposal':
      return known.hasProposal === true
        ? undefined
        : refused('UNKNOWN_PROPOSAL', undefined, { proposalId: '本小区没有这件提案' })
    case 'assign':
      return faultOfAssigning(matter, act)
    case 'dispute':
      return matter.disputeUntil !== undefined && now < matter.disputeUntil
        ? undefined
        : refused('NOT_NOW', '退件要在一个工作日内提出')
    case 'rule':
      return faultOfRuling(matter, act)
    case 'extend':
      if (matter.extension !== undefined) return refused('EXTENDED_ONCE', '已经申请过一次延期')
      return matter.clock !== undefined && now < matter.clock.until
        ? undefined
        : refused('NOT_NOW', '已经到期，不能再申请延期')
    case 'allow':
    case 'deny':
      return matter.extension?.decided === 'asked' ? undefined : NOT_NOW
    case 'reopen':
      return mayReopen(matter, now) ? undefined : refused('NOT_NOW', '重新办理的时间已经过了')
    case 'escalate':
      return matter.escalated ? NOT_NOW : undefined
    case 'supervise':
      if (!matter.escalated) return NOT_NOW
      if (act.leadId === undefined || matter.lead !== undefined) return undefined
      return refused('NOT_NOW', undefined, { leadId: '还没有交办，先由社区梳理交办' })
    default:
      return undefined
  }
}

/** While there is time; what was declined is taken up again once, and what went on as a proposal brought back once. */
export function mayReopen({ state, steps, reopenUntil, unlinked }: Matter, now: Instant): boolean {
  if (reopenUntil === undefined || now >= reopenUntil) return false
  if (state === 'proposed') return !unlinked
  return state !== 'declined' || steps.filter(({ facts }) => facts.act === 'decline').length === 1
}

/** Every photo that was sent for it, by whoever: those of answers that did not hold too. */
export function photosOf({ content, steps }: Pick<Matter, 'content' | 'steps'>): string[] {
  const sent = steps.flatMap(({ facts }) =>
    facts.act === 'add' || facts.act === 'report' || facts.act === 'answer' || facts.act === 'verify'
      ? facts.photoIds
      : [],
  )
  return [...new Set([...content.photoIds, ...sent])]
}

function faultOfPhotos(chosen: readonly string[], there: readonly string[]): Fault {
  return chosen.every((photoId) => there.includes(photoId))
    ? undefined
    : refused('UNKNOWN_PHOTO', undefined, { photoIds: '只能选这件诉求里的照片' })
}

function faultOfMerging(matter: Matter, person: MatterPerson, { into }: Known): Fault {
  if (into === undefined) return refused('UNKNOWN_MATTER', undefined, { into: '本小区没有这件诉求' })
  const isOpen = !matterHasEnded(into.state) && isMatterActPossible(into.state, 'take-in')
  if (!isOpen) return refused('UNKNOWN_MATTER', undefined, { into: '那件诉求还没有受理，或者已经办完' })
  // Nobody takes a complaint into one that is theirs, or their own body's.
  const bar = matterBarFor(into, 'merge', person)
  if (bar !== undefined) return bar
  const count = into.mergedFrom.length + matter.mergedFrom.length + 1
  return count <= MERGED_MAX ? undefined : refused('TOO_MANY', `一件诉求最多并入 ${MERGED_MAX} 件`)
}

function faultOfAssigning({ kind }: Matter, act: Extract<MatterAct, { act: 'assign' }>): Fault {
  if (act.helperIds.includes(act.leadId) || new Set(act.helperIds).size < act.helperIds.length)
    return refused('UNKNOWN_BODY', undefined, { helperIds: '协办单位不能重复，也不能是牵头单位' })
  const usual = termOf[kind ?? 'help']
  return act.termDays <= usual || act.basis !== undefined
    ? undefined
    : refused('BASIS_MISSING', undefined, { basis: `超过 ${usual} 个工作日，请写明依据` })
}

function faultOfRuling({ lead }: Matter, act: Extract<MatterAct, { act: 'rule' }>): Fault {
  if (!act.upheld)
    return act.leadId === undefined
      ? undefined
      : refused('UNKNOWN_BODY', undefined, { leadId: '维持交办时不用另选单位' })
  if (act.leadId === undefined) return refused('UNKNOWN_BODY', undefined, { leadId: '请选另一个责任单位' })
  return act.leadId === lead?.bodyId ? refused('UNKNOWN_BODY', undefined, { leadId: '请选另一个单位' }) : undefined
}

/** A term of so many working days, with its reminder and its end. */
export function termFrom(at: Instant, count: number, work: WorkClock): Term {
  const until = work.after(at, count)
  // A term ends when the next day begins: what follows it counts from its last day.
  return { until, remindAt: work.lastDayOf(until), overtimeAt: work.after(plusMs(until, -1), terms.escalate) }
}

/** Of what comes back from a proposal: the branch's to assign it, or the body's whole one. */
export function termBack({ lead, termDays, kind }: Matter, at: Instant, work: WorkClock): Term {
  return termFrom(at, lead === undefined ? terms.assign : (termDays ?? termOf[kind ?? 'help']), work)
}

function timesOf(
  matter: Matter,
  act: MatterAct,
  now: Instant,
  { work, dayMs }: Days,
): Pick<MatterStep, 'term' | 'until' | 'closeAt'> {
  const term = (count: number) => ({ term: termFrom(now, count, work) })
  const usual = matter.termDays ?? termOf[matter.kind ?? 'help']
  switch (act.act) {
    case 'triage':
      return term(terms.assign)
    case 'assign':
      return { ...term(act.termDays), until: work.after(now, terms.dispute) }
    case 'dispute':
      return term(terms.rule)
    case 'rule':
      return act.leadId === undefined ? {} : term(act.termDays ?? usual)
    case 'supervise':
      if (act.leadId !== undefined) return term(act.termDays ?? usual)
      // Said of what was over long ago it begins anew: the clock calls again.
      return matter.clock?.overtime === true ? term(act.termDays ?? terms.escalate) : {}
    case 'allow': {
      const { clock, extension } = matter
      if (clock === undefined || extension === undefined) return {}
      // The branch's delay in deciding is nobody's fault but its own.
      const ends = plusMs(clock.until, -1)
      return { term: termFrom(ends > now ? ends : now, extension.days, work) }
    }
    case 'answer':
      return term(terms.verify)
    case 'send-back':
      return term(Math.min(usual, terms.again))
    case 'reopen':
      if (matter.state === 'declined') return term(terms.triage)
      return matter.state === 'proposed' ? { term: termBack(matter, now, work) } : term(usual)
    case 'verify': {
      const until = plusMs(now, RATE_DAYS * dayMs)
      return { until, closeAt: plusMs(until, Math.min(RATE_GRACE_MS, dayMs)) }
    }
    case 'decline':
    case 'link-proposal':
      return { until: plusMs(now, RATE_DAYS * dayMs) }
    default:
      return {}
  }
}
