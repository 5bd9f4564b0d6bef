import type { sunshineTodos } from '#shared/contracts/sunshine.ts'
import type { Instant } from '#shared/kernel/time.ts'
import type { SunshineBook } from '#shared/contracts/sunshine.ts'
import { type Disclosure, isUnanswered } from './disclosure.ts'

export type Task = {
  readonly who: 'keeper' | 'branch'
  readonly todo: (typeof sunshineTodos)[number]
  readonly by: Instant
}

/** What somebody has to do about it, the first deadline of each side alone. The fund is published by the clock. */
export function tasksOf(disclosure: Disclosure, book: SunshineBook): Task[] {
  const { state, dueAt, objections, correctBy } = disclosure
  if (state === 'done') return []
  if (state !== 'displayed') return book === 'fund' ? [] : [{ who: 'keeper', todo: 'publish', by: dueAt }]
  const answers = objections
    .filter(isUnanswered)
    .map(({ answerBy }): Task => ({ who: 'keeper', todo: 'answer', by: answerBy }))
  const correction: Task[] = correctBy === undefined ? [] : [{ who: 'keeper', todo: 'correct', by: correctBy }]
  const rulings = objections.flatMap(({ state: stands, ruleBy }): Task[] =>
    stands === 'insisted' && ruleBy !== undefined ? [{ who: 'branch', todo: 'rule', by: ruleBy }] : [],
  )
  return [...first([...answers, ...correction]), ...first(rulings)]
}

function first(tasks: readonly Task[]): Task[] {
  return [...tasks].sort((left, right) => (left.by < right.by ? -1 : 1)).slice(0, 1)
}
