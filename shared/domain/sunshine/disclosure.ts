import type { DisclosureState, ObjectionState } from '#shared/contracts/sunshine.ts'
import { assert } from '#shared/kernel/assert.ts'
import type { Instant } from '#shared/kernel/time.ts'
import type { PublishFacts, SunshineAct, SunshineFacts, SunshineStep } from './steps.ts'

type Said = { readonly at: Instant; readonly text: string; readonly personId: string | undefined }

export type Objection = {
  readonly number: number
  readonly version: number
  readonly seq?: number | undefined
  readonly at: Instant
  readonly text: string
  readonly personId: string | undefined
  readonly householdId: string
  readonly state: ObjectionState
  readonly answerBy: Instant
  readonly answerLate: boolean
  readonly answer?: Said
  readonly insistBy?: Instant
  readonly insisted?: Said
  readonly ruleBy?: Instant
  readonly ruleLate: boolean
  readonly ruling?: Said & { readonly upheld: boolean }
}

export type Publication = Omit<PublishFacts, 'act'> & { readonly at: Instant; readonly personId: string | undefined }

/** One book, compound and quarter as it stands: nothing but what its steps add up to. */
export type Disclosure = {
  readonly steps: readonly SunshineStep[]
  readonly state: DisclosureState
  readonly dueAt: Instant
  readonly lateAt?: Instant
  readonly publications: readonly Publication[]
  readonly objections: readonly Objection[]
  /** An objection was upheld, and nothing was corrected since. */
  readonly correctBy?: Instant | undefined
  readonly correctionLate: boolean
}

/** What is possible in which state. A display does not end while an objection has none. */
export const transitions: Readonly<Record<DisclosureState, readonly SunshineAct[]>> = {
  awaited: ['publish', 'late'],
  late: ['publish'],
  displayed: [
    ...(['publish', 'object', 'answer', 'insist', 'rule'] as const),
    ...(['answer-late', 'settle', 'rule-late', 'correction-late', 'end-display'] as const),
  ],
  done: ['publish'],
}

/**
 * What is possible with one objection, by where it stands. One that nobody answered in time goes on to the branch by itself;
 * an answer that comes after all is still heard, until the branch has ruled.
 */
export const objectionActs: Readonly<Record<ObjectionState, readonly SunshineAct[]>> = {
  asked: ['answer', 'answer-late'],
  answered: ['insist', 'settle'],
  insisted: ['answer', 'rule', 'rule-late'],
  upheld: [],
  dismissed: [],
  settled: [],
}

export function foldDisclosure(steps: readonly SunshineStep[]): Disclosure {
  const [first, ...rest] = steps
  assert(first?.facts.act === 'begin', 'a disclosure begins with being awaited')
  const begun: Disclosure = {
    ...{ steps: [first], state: 'awaited', dueAt: first.facts.dueAt, publications: [], objections: [] },
    correctionLate: false,
  }
  return rest.reduce(afterStep, begun)
}

export function afterStep(before: Disclosure, step: SunshineStep): Disclosure {
  const { facts, at, personId } = step
  assert(transitions[before.state].includes(facts.act), `no ${facts.act} in ${before.state}`)
  const after = { ...before, steps: [...before.steps, step] }
  switch (facts.act) {
    case 'begin':
      throw new Error('begun once')
    case 'late':
      return { ...after, state: 'late', lateAt: at }
    case 'publish': {
      const { act: _act, ...publication } = facts
      const publications = [...before.publications, { ...publication, at, personId }]
      return { ...after, state: 'displayed', publications, correctBy: undefined, correctionLate: false }
    }
    case 'object': {
      const { act: _act, ...asked } = facts
      const objection = { ...asked, at, personId, state: 'asked', answerLate: false, ruleLate: false } as const
      return { ...after, objections: [...before.objections, objection] }
    }
    case 'correction-late':
      return { ...after, correctionLate: true }
    case 'end-display':
      return { ...after, state: 'done' }
    default:
      return afterObjectionStep(after, facts, { at, personId })
  }
}

type OfObjection = Extract<SunshineFacts, { readonly number: number }>

function afterObjectionStep(
  after: Disclosure,
  facts: Exclude<OfObjection, { readonly act: 'object' }>,
  { at, personId }: Pick<SunshineStep, 'at' | 'personId'>,
): Disclosure {
  const objection = objectionOf(after, facts.number)
  assert(objection !== undefined, 'what happens to an objection happens to one that is there')
  assert(objectionActs[objection.state].includes(facts.act), `no ${facts.act} of one that is ${objection.state}`)
  const changed = (change: Partial<Objection>): Disclosure => ({
    ...after,
    objections: after.objections.map((each) => (each === objection ? { ...each, ...change } : each)),
  })
  switch (facts.act) {
    case 'answer': {
      assert(objection.answer === undefined, 'answered once')
      const answer = { at, text: facts.text, personId }
      return changed(objection.state === 'asked' ? { state: 'answered', answer, insistBy: facts.insistBy } : { answer })
    }
    case 'answer-late':
      return changed({ state: 'insisted', answerLate: true, ruleBy: facts.ruleBy })
    case 'insist':
      return changed({ state: 'insisted', insisted: { at, text: facts.text, personId }, ruleBy: facts.ruleBy })
    case 'settle':
      return changed({ state: 'settled' })
    case 'rule-late':
      return changed({ ruleLate: true })
    case 'rule': {
      const { upheld, text, correctBy } = facts
      const ruled = changed({ state: upheld ? 'upheld' : 'dismissed', ruling: { at, text, personId, upheld } })
      // More than one upheld: the first correction that is due is due.
      return upheld ? { ...ruled, correctBy: after.correctBy ?? correctBy } : ruled
    }
  }
}

export function objectionOf({ objections }: Disclosure, number: number): Objection | undefined {
  return objections.find((each) => each.number === number)
}

export function lastPublication({ publications }: Disclosure): Publication | undefined {
  return publications.at(-1)
}

/** Nobody has answered yet, and nobody ruled. */
export function isUnanswered({ state, answer }: Objection): boolean {
  return objectionActs[state].includes('answer') && answer === undefined
}

export function isOpen({ state }: Objection): boolean {
  return objectionActs[state].length > 0
}

export function openObjections({ objections }: Disclosure): Objection[] {
  return objections.filter(isOpen)
}
