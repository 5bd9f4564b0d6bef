import { type Refused, refused } from '#shared/kernel/outcome.ts'
import { plusMs, type Instant } from '#shared/kernel/time.ts'
import { type Disclosure, isUnanswered, lastPublication, objectionActs, objectionOf } from './disclosure.ts'
import { type SunshinePerson, whyNotRule } from './persons.ts'
import { ANSWER_DAYS, CORRECT_DAYS, INSIST_DAYS, OBJECTIONS_MAX, OBJECTIONS_OF_HOUSEHOLD, RULE_DAYS } from './rules.ts'
import type { SunshineStep } from './steps.ts'

export type Decided<Code extends string> =
  | { readonly kind: 'step'; readonly step: SunshineStep }
  /** It was sent before. */
  | { readonly kind: 'same' }
  | { readonly kind: 'forbidden' }
  | Refused<Code>

const by = (
  actor: SunshineStep['actor'],
  { personId }: SunshinePerson,
  at: Instant,
  facts: SunshineStep['facts'],
): { readonly kind: 'step'; readonly step: SunshineStep } => ({ kind: 'step', step: { at, actor, personId, facts } })

/** `hasEntry`: whether an entry of that number is in what is on display. */
export function decideObjecting(
  disclosure: Disclosure,
  asked: { readonly version: number; readonly seq?: number | undefined; readonly text: string },
  hasEntry: (seq: number) => boolean,
  person: SunshinePerson,
  now: Instant,
  dayMs: number,
): Decided<'NOT_NOW' | 'UNKNOWN_ENTRY' | 'OBJECTED_ENOUGH' | 'INTERESTED' | 'TOO_MANY'> {
  const { householdId } = person
  if (householdId === undefined) return { kind: 'forbidden' }
  const { version, seq, text } = asked
  const own = disclosure.objections.filter((each) => each.householdId === householdId && each.version === version)
  if (own.some((each) => each.text === text && each.seq === seq)) return { kind: 'same' }
  if (person.isKeeper) return refused('INTERESTED', '账是您所在的单位记的，请直接更正')
  const last = lastPublication(disclosure)
  if (disclosure.state !== 'displayed' || last === undefined || now >= last.displayUntil) {
    return refused('NOT_NOW', '现在不在公示期')
  }
  if (last.version !== version) return refused('NOT_NOW', '这一期刚刚更正过，请看新的再提')
  if (seq !== undefined && !hasEntry(seq)) return refused('UNKNOWN_ENTRY', '公示里没有这一笔', { seq: '没有这一笔' })
  if (own.length >= OBJECTIONS_OF_HOUSEHOLD) {
    return refused('OBJECTED_ENOUGH', `每户对一次公示最多提 ${OBJECTIONS_OF_HOUSEHOLD} 件异议`)
  }
  if (disclosure.objections.length >= OBJECTIONS_MAX) return refused('TOO_MANY', '异议太多，请直接找社区')
  return by('resident', person, now, {
    ...{ act: 'object', number: disclosure.objections.length + 1, version, text, householdId },
    ...(seq === undefined ? {} : { seq }),
    answerBy: plusMs(now, ANSWER_DAYS * dayMs),
  })
}

type OfOne = { readonly number: number; readonly text: string }

export function decideAnswer(
  disclosure: Disclosure,
  { number, text }: OfOne,
  person: SunshinePerson,
  now: Instant,
  dayMs: number,
): Decided<'NOT_NOW' | 'UNKNOWN_OBJECTION'> {
  if (!person.isKeeper) return { kind: 'forbidden' }
  const objection = objectionOf(disclosure, number)
  if (objection === undefined) return refused('UNKNOWN_OBJECTION')
  if (objection.answer?.text === text) return { kind: 'same' }
  if (!isUnanswered(objection)) return refused('NOT_NOW')
  return by('keeper', person, now, { act: 'answer', number, text, insistBy: plusMs(now, INSIST_DAYS * dayMs) })
}

export function decideInsisting(
  disclosure: Disclosure,
  { number, text }: OfOne,
  person: SunshinePerson,
  now: Instant,
  dayMs: number,
): Decided<'NOT_NOW' | 'UNKNOWN_OBJECTION'> {
  const objection = objectionOf(disclosure, number)
  if (objection === undefined) return refused('UNKNOWN_OBJECTION')
  if (person.householdId === undefined || objection.householdId !== person.householdId) return { kind: 'forbidden' }
  if (objection.insisted?.text === text) return { kind: 'same' }
  // The clock may be late; the term is not.
  if (!objectionActs[objection.state].includes('insist') || now >= (objection.insistBy ?? now)) {
    return refused('NOT_NOW', '已经过了可以再提的时间')
  }
  return by('resident', person, now, { act: 'insist', number, text, ruleBy: plusMs(now, RULE_DAYS * dayMs) })
}

export function decideRuling(
  disclosure: Disclosure,
  asked: OfOne & { readonly upheld: boolean },
  person: SunshinePerson,
  now: Instant,
  dayMs: number,
): Decided<'NOT_NOW' | 'UNKNOWN_OBJECTION' | 'INTERESTED' | 'FOUR_EYES'> {
  if (!person.isWorker && !person.isAdmin) return { kind: 'forbidden' }
  const { number, text, upheld } = asked
  const objection = objectionOf(disclosure, number)
  if (objection === undefined) return refused('UNKNOWN_OBJECTION')
  const why = whyNotRule(objection, person)
  if (why === 'forbidden') return { kind: 'forbidden' }
  if (why === 'INTERESTED') return refused(why, '您与这件异议有利害关系，要由别人裁定')
  if (why === 'FOUR_EYES') return refused(why, '答复是您写的，要由别人裁定')
  const { ruling } = objection
  if (ruling?.text === text && ruling.upheld === upheld) return { kind: 'same' }
  if (!objectionActs[objection.state].includes('rule')) return refused('NOT_NOW')
  const correctBy = upheld ? { correctBy: plusMs(now, CORRECT_DAYS * dayMs) } : {}
  return by(person.isWorker ? 'worker' : 'admin', person, now, { act: 'rule', number, upheld, text, ...correctBy })
}
