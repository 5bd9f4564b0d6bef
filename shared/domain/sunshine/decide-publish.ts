import { assert } from '#shared/kernel/assert.ts'
import { type Refused, refused } from '#shared/kernel/outcome.ts'
import { endOf, type Quarter } from '#shared/kernel/quarters.ts'
import { plusMs, type Instant } from '#shared/kernel/time.ts'
import { type Book, nextQuarterOf } from './book.ts'
import { type Disclosure, lastPublication } from './disclosure.ts'
import type { SunshinePerson } from './persons.ts'
import { DISPLAY_DAYS, FUND_AFTER_MS, VERSIONS_MAX } from './rules.ts'

export type Allowed<Code extends string> =
  | { readonly kind: 'allowed' }
  /** It was sent before. */
  | { readonly kind: 'same' }
  | { readonly kind: 'forbidden' }
  | Refused<Code>

type Asked = {
  readonly version: number
  readonly throughSeq: number
  readonly bankFen: number
  readonly differenceNote?: string | undefined
  readonly note?: string | undefined
}

/**
 * Whether the property company may publish a quarter of its book, or correct the last one. `before` is the disclosure of the
 * quarter before: what an upheld objection asks for there comes first.
 */
export function decidePublishing(
  disclosure: Disclosure,
  quarter: Quarter,
  book: Book,
  before: Disclosure | undefined,
  closingFen: number,
  asked: Asked,
  person: SunshinePerson,
  now: Instant,
): Allowed<
  | 'QUARTER_NOT_OVER'
  | 'NOT_THE_NEXT'
  | 'ALREADY_PUBLISHED'
  | 'BOOK_CHANGED'
  | 'CORRECTION_FIRST'
  | 'DIFFERENCE_UNEXPLAINED'
  | 'CORRECTION_UNEXPLAINED'
  | 'NOT_NOW'
  | 'TOO_MANY'
> {
  if (!person.isKeeper) return { kind: 'forbidden' }
  const again = sentBefore(disclosure, asked)
  if (again !== undefined) return again
  if (now < endOf(quarter)) return refused('QUARTER_NOT_OVER', '这个季度还没有结束，不能公示')
  const isCorrection = asked.version > 1
  if (isCorrection ? quarter !== book.publishedThrough : quarter !== nextQuarterOf(book)) {
    return refused('NOT_THE_NEXT', isCorrection ? '只能更正最近公示的一个季度' : '请先公示前一个季度')
  }
  if (!isCorrection && (book.correcting || before?.correctBy !== undefined)) {
    return refused('CORRECTION_FIRST', '上一个季度还有更正没有公示，请先公示更正')
  }
  if (asked.throughSeq !== book.seq) return refused('BOOK_CHANGED', '账簿刚刚又记了账，请核对后再公示')
  if (asked.bankFen !== closingFen && asked.differenceNote === undefined) {
    const why = '与账面余额不一致，请写明原因'
    return refused('DIFFERENCE_UNEXPLAINED', why, { differenceNote: why })
  }
  if (isCorrection && asked.note === undefined) {
    return refused('CORRECTION_UNEXPLAINED', '请写明更正了什么', { note: '请写明更正了什么' })
  }
  return enough(asked.version)
}

/** The charity explains a published quarter once more; the figures are the ledger's. */
export function decideFundCorrection(
  disclosure: Disclosure,
  asked: { readonly version: number; readonly note: string },
  person: SunshinePerson,
): Allowed<'NOT_NOW' | 'ALREADY_PUBLISHED' | 'TOO_MANY'> {
  if (!person.isKeeper) return { kind: 'forbidden' }
  return sentBefore(disclosure, asked) ?? enough(asked.version)
}

/** When the clock publishes the fund's figures: nothing more can be posted in the quarter by then. */
export function fundDueAt({ state }: Disclosure, quarter: Quarter): Instant | undefined {
  return state === 'awaited' || state === 'late' ? plusMs(endOf(quarter), FUND_AFTER_MS) : undefined
}

export function displayUntil(now: Instant, dayMs: number): Instant {
  return plusMs(now, DISPLAY_DAYS * dayMs)
}

type Words = Pick<Asked, 'version' | 'differenceNote' | 'note'> & { readonly bankFen?: number | undefined }

function sentBefore(disclosure: Disclosure, asked: Words): Allowed<'ALREADY_PUBLISHED' | 'NOT_NOW'> | undefined {
  const last = lastPublication(disclosure)
  const version = last?.version ?? 0
  if (asked.version === version + 1) return undefined
  if (asked.version > version) return refused('NOT_NOW')
  assert(last !== undefined, 'an earlier version was published')
  const isSame =
    last.version === asked.version &&
    last.bankFen === asked.bankFen &&
    last.differenceNote === asked.differenceNote &&
    last.note === asked.note
  return isSame ? { kind: 'same' } : refused('ALREADY_PUBLISHED', '已经公示过了，请刷新页面再看')
}

function enough(version: number): Allowed<'TOO_MANY'> {
  return version > VERSIONS_MAX ? refused('TOO_MANY', '更正次数太多，请找社区') : { kind: 'allowed' }
}
