import type {
  BodyName,
  Channel,
  MatterContent,
  MatterKind,
  MatterState,
  Outcome,
  RatingSums,
} from '#shared/contracts/matters.ts'
import { assert, unreachable } from '#shared/kernel/assert.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { REPEATED_ESCALATES } from './rules.ts'
import type { MatterFacts, MatterStep, Reporter, Term } from './steps.ts'
import { isMatterActPossible, isWithBody } from './transitions.ts'

type FactsOf<Name extends MatterFacts['act']> = Extract<MatterFacts, { readonly act: Name }>

/** Whose it is, and from when on: a household that somebody joined later is not theirs. */
export type ReporterSince = Reporter & { readonly since: Instant }

export type Said = {
  readonly at: Instant
  /** The number of the step. */
  readonly step: number
  readonly text: string
  readonly photoIds: readonly string[]
}

/** By whom: a resident reads their own words, and not those of others whose matters were merged. */
export type SaidMore = Said & { readonly personId?: string | undefined; readonly isWorker: boolean }

export type Published = {
  readonly visibility: 'public' | 'private'
  readonly title: string
  readonly where: string
  readonly text: string
  readonly photoIds: readonly string[]
  /** Steps whose words are not public. */
  readonly withheld: readonly number[]
}

/** A term that runs, and what the clock has said about it: each once. */
export type Running = Term & { readonly reminded: boolean; readonly overdue: boolean; readonly overtime: boolean }

/** A matter as it stands after its steps. */
export type Matter = {
  readonly state: MatterState
  readonly steps: readonly MatterStep[]
  readonly content: MatterContent
  readonly channel: Channel
  readonly ticketNumber?: string
  readonly raisedAt: Instant
  /** Who raised it, and after them who raised those that were merged into it. */
  readonly reporters: readonly ReporterSince[]
  readonly more: readonly SaidMore[]
  readonly kind?: MatterKind
  readonly published?: Published
  readonly clock?: Running
  /** What ran when it was disputed: a dispute gives nobody time. */
  readonly heldClock?: Running | undefined
  readonly lead?: BodyName
  readonly helpers: readonly BodyName[]
  /**
   * Since when the lead has it; and whether it stays the lead's to be measured by, whatever becomes of it: it has answered, or
   * was late.
   */
  readonly spell?: { readonly at: Instant; readonly stays: boolean }
  /** Every body that ever had it. */
  readonly bodyIds: readonly string[]
  readonly assignerId?: string | undefined
  readonly termDays?: number
  readonly basis?: string | undefined
  readonly disputeUntil?: Instant
  readonly dispute?: {
    readonly step: number
    readonly note: string
    readonly ruling?: { readonly step: number; readonly upheld: boolean; readonly note: string }
  }
  readonly extension?: {
    readonly step: number
    readonly note: string
    readonly days: number
    readonly decided: 'asked' | 'allowed' | 'denied'
  }
  readonly reports: readonly Said[]
  readonly answer?: Said & { readonly outcome: Outcome; readonly personId?: string | undefined }
  readonly verification?: Said & { readonly solved: boolean; readonly personId?: string | undefined }
  /** Waits for the supervisor's word. */
  readonly escalated: boolean
  readonly supervision?: { readonly at: Instant; readonly step: number; readonly text: string }
  readonly reopened: number
  /** Answers that the branch found did not hold. */
  readonly sentBack: number
  readonly declined?: { readonly at: Instant; readonly step: number; readonly note: string; readonly tellWhere: string }
  readonly reopenUntil?: Instant
  readonly rateUntil?: Instant
  readonly closeAt?: Instant
  /** The number of the step that verified it: ratings are of this round. */
  readonly round?: number
  readonly mergedFrom: readonly string[]
  readonly mergedInto?: string
  /** While it goes on as one. */
  readonly proposalId?: string
  /** Whether it waited for the supervisor's word when it was linked: a link shakes nobody off. */
  readonly linkedEscalated?: boolean
  /** From which proposal it came back last, and in which step: because that one ended in vain, or was not about it. */
  readonly cameBack?: { readonly step: number; readonly proposalId: string; readonly proposalEnded: boolean }
  /** Somebody has said already that a proposal is not about it. */
  readonly unlinked: boolean
  readonly ratings?: RatingSums
  readonly tookDays?: number
}

/** The matter after all its steps; the first one raises it. */
export function foldMatter(steps: readonly MatterStep[]): Matter {
  const [first, ...rest] = steps
  assert(first !== undefined && first.facts.act === 'raise', 'a matter begins when it is raised')
  return rest.reduce(afterStep, raised(first, first.facts))
}

function raised(step: MatterStep, facts: FactsOf<'raise'>): Matter {
  return {
    state: 'collected',
    steps: [step],
    content: facts.content,
    channel: facts.channel,
    ...(facts.ticket === undefined ? {} : { ticketNumber: facts.ticket.ticketNumber }),
    raisedAt: step.at,
    reporters: [{ ...facts.reporter, since: step.at }],
    more: [],
    ...running(step),
    helpers: [],
    bodyIds: [],
    reports: [],
    escalated: false,
    reopened: 0,
    sentBack: 0,
    mergedFrom: [],
    unlinked: false,
  }
}

function running({ term }: MatterStep): Pick<Matter, 'clock'> {
  return term === undefined ? {} : { clock: { ...term, reminded: false, overdue: false, overtime: false } }
}

/** One step further. What only a bug can bring is broken loudly. */
export function afterStep(before: Matter, step: MatterStep): Matter {
  const { facts } = step
  assert(isMatterActPossible(before.state, facts.act), `${facts.act} of a matter that is ${before.state}`)
  const matter: Matter = { ...before, steps: [...before.steps, step] }
  switch (facts.act) {
    case 'raise':
      throw new Error('a matter is raised once')
    case 'add':
      return {
        ...matter,
        more: [
          ...matter.more,
          { ...saidAt(matter, step, facts), personId: step.personId, isWorker: step.actor === 'worker' },
        ],
      }
    case 'triage':
      return { ...moved(matter, 'triaged', step), kind: facts.kind, published: publishedOf(facts, []) }
    case 'redact':
      return { ...matter, published: publishedOf(facts, facts.withheld ?? matter.published?.withheld ?? []) }
    case 'take-in':
      return {
        ...matter,
        mergedFrom: [...matter.mergedFrom, ...facts.matterIds],
        reporters: [...matter.reporters, ...facts.reporters.map((reporter) => ({ ...reporter, since: step.at }))],
      }
    case 'remind':
    case 'overdue':
    case 'overtime':
      return clockSaid(matter, facts.act)
    case 'escalate':
      return { ...matter, escalated: true }
    case 'supervise':
      return supervised(matter, step, facts)
    case 'withdraw':
    case 'decline':
    case 'merge':
    case 'link-proposal':
    case 'close':
      return endedBy(matter, step, facts)
    case 'come-back':
      assert(facts.proposalId === matter.proposalId, 'it went on as this proposal')
      return backFromProposal(matter, step, true)
    case 'verify':
    case 'send-back':
    case 'reopen':
      return judged(matter, step, facts)
    default:
      return worked(matter, step, facts)
  }
}

type Work = FactsOf<
  'assign' | 'accept' | 'presume' | 'dispute' | 'rule' | 'report' | 'extend' | 'allow' | 'deny' | 'answer'
>

/** What is between the branch and a body. */
function worked(matter: Matter, step: MatterStep, facts: Work): Matter {
  switch (facts.act) {
    case 'assign':
      return {
        ...given(moved(matter, 'assigned', step), facts.lead, facts.termDays, step.at),
        helpers: facts.helpers,
        bodyIds: [...new Set([...matter.bodyIds, facts.lead.bodyId, ...facts.helpers.map(({ bodyId }) => bodyId)])],
        assignerId: step.personId,
        basis: facts.basis,
        ...(step.until === undefined ? {} : { disputeUntil: step.until }),
      }
    case 'accept':
    case 'presume':
      return { ...matter, state: 'handling' }
    case 'dispute':
      return {
        ...moved(undecided(matter), 'disputed', step),
        heldClock: matter.clock,
        dispute: { step: matter.steps.length, note: facts.note },
      }
    case 'rule':
      return ruled(matter, step, facts)
    case 'report':
      return { ...matter, reports: [...matter.reports, saidAt(matter, step, facts)] }
    case 'extend':
      return {
        ...matter,
        extension: { step: matter.steps.length, note: facts.note, days: facts.days, decided: 'asked' },
      }
    case 'allow':
    case 'deny': {
      const { extension } = matter
      assert(extension !== undefined, 'more time was asked for')
      const decided = facts.act === 'allow' ? ('allowed' as const) : ('denied' as const)
      return { ...matter, ...running(step), extension: { ...extension, decided } }
    }
    case 'answer':
      return {
        ...staying(moved(undecided(matter), 'answered', step)),
        answer: { ...saidAt(matter, step, facts), outcome: facts.outcome, personId: step.personId },
      }
    default:
      return unreachable(facts)
  }
}

function saidAt(
  { steps }: Matter,
  { at }: MatterStep,
  { text, photoIds }: { text: string; photoIds: readonly string[] },
): Said {
  return { at, step: steps.length, text, photoIds }
}

function publishedOf(
  { visibility, title, where, text, photoIds }: Omit<Published, 'withheld'>,
  withheld: readonly number[],
): Published {
  return { visibility, title, where, text, photoIds, withheld }
}

/** Another clock, or none. */
function moved(matter: Matter, state: MatterState, step: MatterStep): Matter {
  const { clock: _, ...rest } = matter
  return { ...rest, state, ...running(step) }
}

/** More time that nobody has decided about is asked for no more. */
function undecided(matter: Matter): Matter {
  if (matter.extension?.decided !== 'asked') return matter
  const { extension: _, ...rest } = matter
  return rest
}

/** Another body, which answers for nothing that the one before it said; or the same one once more, which has it as it had. */
function given(matter: Matter, lead: BodyName, termDays: number, at: Instant): Matter {
  const { extension: _extension, answer: _answer, basis: _basis, ...rest } = matter
  const spell = matter.lead?.bodyId === lead.bodyId ? matter.spell : undefined
  return {
    ...{ ...rest, lead, termDays, spell: spell ?? { at, stays: false } },
    bodyIds: [...new Set([...matter.bodyIds, lead.bodyId])],
  }
}

/** It has answered, or was late: that is its own, wherever the matter goes. */
function staying(matter: Matter): Matter {
  return matter.spell === undefined ? matter : { ...matter, spell: { ...matter.spell, stays: true } }
}

function clockSaid(matter: Matter, act: 'remind' | 'overdue' | 'overtime'): Matter {
  const { clock } = matter
  assert(clock !== undefined, 'a term runs')
  if (act === 'remind') return { ...matter, clock: { ...clock, reminded: true } }
  // Nobody is reminded of what has passed.
  if (act === 'overdue') {
    const said = { ...matter, clock: { ...clock, reminded: true, overdue: true } }
    return isWithBody(matter.state) ? staying(said) : said
  }
  return { ...matter, clock: { ...clock, overtime: true }, escalated: true }
}

function ruled(matter: Matter, step: MatterStep, facts: FactsOf<'rule'>): Matter {
  const { dispute, heldClock, termDays } = matter
  assert(dispute !== undefined && termDays !== undefined, 'a dispute is ruled on')
  const ruling = { step: matter.steps.length, upheld: facts.upheld, note: facts.note }
  const { clock: _, heldClock: _held, ...rest } = { ...matter, dispute: { ...dispute, ruling } }
  if (facts.lead === undefined) {
    return { ...rest, state: 'handling', ...(heldClock === undefined ? {} : { clock: heldClock }) }
  }
  return { ...given(rest, facts.lead, facts.termDays ?? termDays, step.at), state: 'handling', ...running(step) }
}

function supervised(matter: Matter, step: MatterStep, facts: FactsOf<'supervise'>): Matter {
  const heard: Matter = {
    ...matter,
    supervision: { at: step.at, step: matter.steps.length, text: facts.note },
    escalated: false,
  }
  // A term is given where another body gets it, or where the one before was over long ago: somebody is called again.
  if (facts.lead === undefined) return step.term === undefined ? heard : { ...heard, ...running(step) }
  assert(matter.termDays !== undefined, 'it was assigned before')
  const { heldClock: _, dispute, ...rest } = heard
  // A dispute that was waiting is settled by it: whoever keeps it was the right one.
  const upheld = facts.lead.bodyId !== matter.lead?.bodyId
  const settled = dispute && {
    dispute: { ...dispute, ruling: dispute.ruling ?? { step: matter.steps.length, upheld, note: facts.note } },
  }
  const next = given({ ...rest, ...settled }, facts.lead, facts.termDays ?? matter.termDays, step.at)
  return moved(next, 'handling', step)
}

function endedBy(
  matter: Matter,
  step: MatterStep,
  facts: FactsOf<'withdraw' | 'decline' | 'merge' | 'link-proposal' | 'close'>,
): Matter {
  const ended = (state: MatterState): Matter => ({ ...moved(matter, state, step), escalated: false })
  switch (facts.act) {
    case 'withdraw':
      return ended('withdrawn')
    case 'decline': {
      const { note, tellWhere } = facts
      const reopen = step.until === undefined ? {} : { reopenUntil: step.until }
      return { ...ended('declined'), declined: { at: step.at, step: matter.steps.length, note, tellWhere }, ...reopen }
    }
    case 'merge':
      return { ...ended('merged'), mergedInto: facts.into }
    case 'link-proposal': {
      const { cameBack: _, ...away } = ended('proposed')
      const reopen = step.until === undefined ? {} : { reopenUntil: step.until }
      return { ...away, proposalId: facts.proposalId, linkedEscalated: matter.escalated, ...reopen }
    }
    case 'close': {
      const { solved, tookDays, ratings } = facts
      return { ...ended(solved ? 'closed' : 'unsolved'), tookDays, ratings }
    }
  }
}

/** Where it was before it was linked: with its body, if one had it, else with the branch. */
function backFromProposal(matter: Matter, step: MatterStep, proposalEnded: boolean): Matter {
  const { proposalId, linkedEscalated = false, reopenUntil: _until, extension: _more, ...rest } = matter
  assert(proposalId !== undefined, 'it went on as a proposal')
  // What left the body when it was linked is given to it anew.
  const spell = matter.spell?.stays === false ? { spell: { at: step.at, stays: false } } : {}
  return {
    ...moved({ ...rest, ...spell }, matter.lead === undefined ? 'triaged' : 'handling', step),
    escalated: linkedEscalated,
    cameBack: { step: matter.steps.length, proposalId, proposalEnded },
  }
}

function judged(matter: Matter, step: MatterStep, facts: FactsOf<'verify' | 'send-back' | 'reopen'>): Matter {
  if (facts.act === 'verify') return verified(matter, step, facts)
  const { answer: _, verification: _seen, rateUntil: _rated, closeAt: _close, ...rest } = matter
  const { round: _round, reopenUntil: _until, ...bare } = rest
  if (facts.act === 'send-back') {
    const sentBack = matter.sentBack + 1
    const isMuch = sentBack >= REPEATED_ESCALATES
    return { ...moved(bare, 'handling', step), sentBack, escalated: matter.escalated || isMuch }
  }
  // Nothing had been done that has to be done again.
  if (matter.state === 'proposed') return { ...backFromProposal(matter, step, false), unlinked: true }
  const { extension: _more, ...fresh } = bare
  const reopened = matter.reopened + 1
  if (matter.state === 'declined') {
    const { declined: _declined, ...again } = fresh
    return { ...moved(again, 'collected', step), reopened }
  }
  // What was declined and taken up again counts too: somebody had to say twice that it is not done.
  return {
    ...moved(fresh, 'handling', step),
    reopened,
    escalated: matter.escalated || reopened >= REPEATED_ESCALATES,
  }
}

function verified(matter: Matter, step: MatterStep, facts: FactsOf<'verify'>): Matter {
  const { note: text, photoIds, solved } = facts
  const { until, closeAt } = step
  const shown = matter.published && { ...matter.published, photoIds: joined(matter.published.photoIds, photoIds) }
  return {
    ...moved(matter, 'verified', step),
    verification: { at: step.at, step: matter.steps.length, text, photoIds, solved, personId: step.personId },
    round: matter.steps.length,
    ...(shown === undefined ? {} : { published: shown }),
    ...(until === undefined ? {} : { rateUntil: until, reopenUntil: until, closeAt: closeAt ?? until }),
  }
}

function joined(left: readonly string[], right: readonly string[]): readonly string[] {
  return [...new Set([...left, ...right])]
}
