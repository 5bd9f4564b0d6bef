import { assert } from '#shared/kernel/assert.ts'
import { plusMs, type Instant } from '#shared/kernel/time.ts'
import { type Disclosure, lastPublication, openObjections } from './disclosure.ts'
import { RULE_DAYS } from './rules.ts'
import type { SunshineFacts, SunshineStep } from './steps.ts'

type Deadline = { readonly at: Instant; readonly act: ClockAct; readonly number?: number }
type ClockAct = 'late' | 'answer-late' | 'settle' | 'rule-late' | 'correction-late' | 'end-display'

/** Deadlines that the clock has not told yet, the first one first. Each of them is told once. */
export function deadlinesOf(disclosure: Disclosure): Deadline[] {
  const { state, dueAt, objections, correctBy, correctionLate } = disclosure
  if (state === 'awaited') return [{ at: dueAt, act: 'late' }]
  if (state !== 'displayed') return []
  const ofObjections = objections.flatMap((objection): Deadline[] => {
    const { number, insistBy, ruleBy } = objection
    switch (objection.state) {
      case 'asked':
        return [{ at: objection.answerBy, act: 'answer-late', number }]
      case 'answered':
        return insistBy === undefined ? [] : [{ at: insistBy, act: 'settle', number }]
      case 'insisted':
        return ruleBy === undefined || objection.ruleLate ? [] : [{ at: ruleBy, act: 'rule-late', number }]
      default:
        return []
    }
  })
  const correction: Deadline[] =
    correctBy === undefined || correctionLate ? [] : [{ at: correctBy, act: 'correction-late' }]
  const isHeld = openObjections(disclosure).length > 0 || correctBy !== undefined
  const published = lastPublication(disclosure)
  assert(published !== undefined, 'what is displayed was published')
  const end: Deadline[] = isHeld ? [] : [{ at: published.displayUntil, act: 'end-display' }]
  return [...ofObjections, ...correction, ...end].sort((left, right) => (left.at < right.at ? -1 : 1))
}

/** What the clock does now, if anything. */
export function clockStep(disclosure: Disclosure, now: Instant, dayMs: number): SunshineStep | undefined {
  const [next] = deadlinesOf(disclosure)
  if (next === undefined || next.at > now) return undefined
  return { at: now, actor: 'system', facts: factsOf(next, now, dayMs) }
}

function factsOf({ act, number }: Deadline, now: Instant, dayMs: number): SunshineFacts {
  switch (act) {
    case 'late':
    case 'correction-late':
    case 'end-display':
      return { act }
    default: {
      assert(number !== undefined, 'a deadline of an objection names it')
      return act === 'answer-late' ? { act, number, ruleBy: plusMs(now, RULE_DAYS * dayMs) } : { act, number }
    }
  }
}
