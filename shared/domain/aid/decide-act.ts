import { type AidAct, type AidActName, aidActNames, type AidPart } from '#shared/contracts/aid.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import { type Instant, MINUTE_MS, toMs } from '#shared/kernel/time.ts'
import { type AidCase, hasWords, stateAt } from './aid-case.ts'
import { type AidPerson, isApplicant, isBound, readsAs } from './persons.ts'
import { AID_READINGS_MAX, AID_STEPS_MAX, READING_MINUTES } from './rules.ts'
import type { AidFacts, AidStep } from './steps.ts'
import { aidTransitions } from './transitions.ts'

export type AidDecided<Code extends string> =
  | { readonly kind: 'step'; readonly step: AidStep }
  | { readonly kind: 'same' }
  | { readonly kind: 'forbidden' }
  | Refused<Code>

type Why = 'forbidden' | 'NOT_NOW' | 'INTERESTED' | 'FOUR_EYES' | 'AID_READ_FIRST' | 'AID_TOO_MANY'

/** As whom somebody does this, if they may at all; in which state is another question. */
function partFor(aid: AidCase, act: AidActName, person: AidPerson): AidPart | undefined {
  switch (act) {
    case 'read':
      return readsAs(aid, person) ?? anyPart(person)
    case 'visit':
      return person.isWorker ? 'worker' : undefined
    case 'approve':
    case 'refuse':
      return person.isCommittee ? 'committee' : undefined
    case 'recuse':
      return person.isWorker ? 'worker' : person.isCommittee ? 'committee' : undefined
    case 'withdraw': {
      if (isApplicant(aid, person)) return 'applicant'
      // Who wrote it down for somebody takes it back for them.
      const { part, personId } = aid.raisedBy
      return part === 'worker' && personId === person.personId && person.isWorker ? 'worker' : undefined
    }
  }
}

function anyPart({ isWorker, isCommittee, isCharity }: AidPerson): AidPart | undefined {
  return isWorker ? 'worker' : isCommittee ? 'committee' : isCharity ? 'charity' : undefined
}

/** Why somebody may not do this now; nothing when they may. */
export function whyNot(aid: AidCase, act: AidActName, person: AidPerson, now: Instant): Why | undefined {
  const part = partFor(aid, act, person)
  if (part === undefined) return 'forbidden'
  if (aidTransitions[stateAt(aid, now)][act] === undefined) return 'NOT_NOW'
  if (act === 'withdraw') return undefined
  if (aid.steps.length >= AID_STEPS_MAX) return 'AID_TOO_MANY'
  if (isBound(aid, person)) return 'INTERESTED'
  if (act === 'recuse') return undefined
  if (!hasWords(aid, now)) return 'NOT_NOW'
  if (act === 'read') return readsAs(aid, person) === undefined ? 'NOT_NOW' : undefined
  if (hasOtherPart(aid, act, person)) return 'FOUR_EYES'
  return aid.readings.some(({ personId }) => personId === person.personId) ? undefined : 'AID_READ_FIRST'
}

/** Who wrote it down does not visit; who did either decides nothing. A household counts as one. */
function hasOtherPart(aid: AidCase, act: AidActName, person: AidPerson): boolean {
  const others = [aid.raisedBy, ...(act === 'visit' || aid.visitedBy === undefined ? [] : [aid.visitedBy])]
  const isOne = others.some(
    ({ personId, householdId }) =>
      personId === person.personId || (householdId !== undefined && householdId === person.householdId),
  )
  if (isOne || act !== 'approve') return isOne
  // The second one of a household would only be the first one again.
  return aid.approvals.some(
    ({ personId, householdId }) =>
      personId !== person.personId && householdId !== undefined && householdId === person.householdId,
  )
}

/** What somebody may do now, for the pages; the decisions themselves ask again. */
export function possibleAidActs(aid: AidCase, person: AidPerson, now: Instant): AidActName[] {
  return aidActNames.filter((act) => whyNot(aid, act, person, now) === undefined)
}

/** What the decision cannot know of itself. */
export type AidActFacts = {
  /** Absent once what was written is deleted. */
  readonly askedFen?: number
  readonly newSlipId: string
  /** A project has taken the slip of this case. */
  readonly slipUsed: boolean
}

type ActCode = 'NOT_NOW' | 'INTERESTED' | 'FOUR_EYES' | 'AID_READ_FIRST' | 'AID_TOO_MANY' | 'AID_TOO_MUCH'

export function decideAidAct(
  aid: AidCase,
  act: AidAct,
  facts: AidActFacts,
  person: AidPerson,
  now: Instant,
): AidDecided<ActCode> {
  if (isDone(aid, act, person)) return { kind: 'same' }
  const why = whyNot(aid, act.act, person, now)
  if (why === 'forbidden') return { kind: 'forbidden' }
  if (why !== undefined) return refused(why)
  switch (act.act) {
    case 'approve':
      if (facts.askedFen === undefined) return refused('NOT_NOW')
      if (act.amountFen > facts.askedFen) return refused('AID_TOO_MUCH', undefined, { amountFen: '不能超过申请的数' })
      return step(aid, { act: 'approve', amountFen: act.amountFen, slipId: facts.newSlipId }, person, now)
    case 'withdraw':
      return step(aid, { act: 'withdraw', ...(facts.slipUsed ? { slipUsed: true } : {}) }, person, now)
    default:
      return step(aid, { act: act.act }, person, now)
  }
}

/** That it was read is on record before anything is shown. */
export function decideReading(
  aid: AidCase,
  person: AidPerson,
  now: Instant,
): AidDecided<'NOT_NOW' | 'INTERESTED' | 'AID_TOO_MANY'> {
  const why = whyNot(aid, 'read', person, now)
  if (why === 'forbidden') return { kind: 'forbidden' }
  if (why === 'AID_TOO_MANY' || why === 'INTERESTED') return refused(why)
  if (why !== undefined) return refused('NOT_NOW')
  const last = aid.readings.findLast(({ personId }) => personId === person.personId)
  if (last !== undefined && toMs(now) - toMs(last.at) < READING_MINUTES * MINUTE_MS) return { kind: 'same' }
  if (aid.readings.length >= AID_READINGS_MAX) return refused('AID_TOO_MANY')
  return step(aid, { act: 'read' }, person, now)
}

/** The same person said the same before, and it still holds: nothing is written twice. */
function isDone(aid: AidCase, act: AidAct, { personId }: AidPerson): boolean {
  if (act.act === 'approve') {
    return aid.approvals.some((each) => each.personId === personId && each.amountFen === act.amountFen)
  }
  return aid.steps.some((each) => each.personId === personId && each.facts.act === act.act)
}

function step(aid: AidCase, facts: AidFacts, person: AidPerson, now: Instant): { kind: 'step'; step: AidStep } {
  const { personId, householdId } = person
  const part = facts.act === 'raise' ? undefined : partFor(aid, facts.act, person)
  return {
    kind: 'step',
    step: {
      at: now,
      part: part ?? 'applicant',
      personId,
      ...(householdId === undefined ? {} : { householdId }),
      facts,
    },
  }
}
