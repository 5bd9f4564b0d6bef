import {
  countNames,
  type CorrectedCounts,
  type RankingCounts,
  type RankingFormula,
  type RankingRow,
  type RankingSubject,
} from '#shared/contracts/rankings.ts'
import { type Refused, refused } from '#shared/kernel/outcome.ts'
import { plusMs, type Instant } from '#shared/kernel/time.ts'
import type { WorkClock } from '#shared/kernel/working-days.ts'
import { isRanked, type RankingPerson, whyNotJudge } from './persons.ts'
import { endOf } from '#shared/kernel/quarters.ts'
import { isOf, type Ranking, rowOf, withCounts } from './ranking.ts'
import { CORRECTIONS_MAX, DECIDE_WORK_DAYS, FREEZE_AFTER_MS, PREVIEW_WORK_DAYS } from './rules.ts'
import { rankRows, wrongCountOf } from './score.ts'
import type { RankingFacts, RankingStep, RowName } from './steps.ts'

export type Decided<Code extends string> =
  | { readonly kind: 'step'; readonly step: RankingStep }
  /** It was sent before. */
  | { readonly kind: 'same' }
  | { readonly kind: 'forbidden' }
  | Refused<Code>

const by = (actor: RankingStep['actor'], person: RankingPerson, at: Instant, facts: RankingFacts) =>
  ({ kind: 'step', step: { at, actor, personId: person.personId, facts } }) as const

/** What is on record of a quarter; `knowsHotline` where each month of each compound has a ticket or a number of them. */
export type QuarterSums = { readonly subjects: readonly RankingSubject[]; readonly knowsHotline: boolean }

export function mayFreeze(quarter: string, now: Instant): boolean {
  return now >= plusMs(endOf(quarter), FREEZE_AFTER_MS)
}

/**
 * Freezes a list. An administrator does it and no worker: who assigned and verified the matters does not also choose the
 * moment. The rows are the sums as they are. What the moment decides besides, tickets of the hotline that nobody has brought in
 * yet, is refused: otherwise who freezes early leaves them out.
 */
export function decideFreeze(
  { quarter, withoutHotline }: { readonly quarter: string; readonly withoutHotline: boolean },
  { subjects, knowsHotline }: QuarterSums,
  formula: RankingFormula,
  person: RankingPerson,
  now: Instant,
  work: WorkClock,
  hashOf: (frozen: readonly RankingRow[]) => string,
): Decided<'QUARTER_NOT_OVER' | 'NOTHING_TO_RANK' | 'HOTLINE_MISSING' | 'INTERESTED' | 'FOUR_EYES'> {
  if (!person.isAdmin) return { kind: 'forbidden' }
  if (person.isWorker) return refused('FOUR_EYES', '您是这个社区的工作人员，请换一位管理员定榜')
  if (!mayFreeze(quarter, now)) return refused('QUARTER_NOT_OVER', '这个季度还没有结束，不能定榜')
  if (isRanked(person, subjects)) return refused('INTERESTED', '榜上有您所在的单位，请换一位管理员定榜')
  if (subjects.length === 0) return refused('NOTHING_TO_RANK', '这个季度没有物业企业办理过诉求')
  if (!knowsHotline && !withoutHotline) {
    return refused(
      'HOTLINE_MISSING',
      '榜上的小区，有的月份还没有 12345 工单，也没有件数。请社区先录入；当月确实没有的，勾选以后再定榜',
    )
  }
  const hash = hashOf(rankRows(subjects, formula))
  const previewUntil = work.after(now, PREVIEW_WORK_DAYS)
  const facts = { act: 'freeze', formula, rows: subjects, hash, previewUntil } as const
  return by('admin', person, now, knowsHotline ? facts : { ...facts, withoutHotline: true })
}

export function decideAppealing(
  ranking: Ranking,
  asked: RowName & { readonly note: string },
  person: RankingPerson,
  now: Instant,
  work: WorkClock,
): Decided<'NOT_NOW' | 'APPEALED_ONCE' | 'UNKNOWN_ROW'> {
  if (!person.bodyIds.includes(asked.bodyId)) return { kind: 'forbidden' }
  if (rowOf(ranking.frozen, asked) === undefined) return refused('UNKNOWN_ROW', '榜上没有这一行')
  const before = ranking.appeals.find((appeal) => isOf(appeal, asked))
  if (before?.note === asked.note) return { kind: 'same' }
  if (before !== undefined) return refused('APPEALED_ONCE', '这一行已经申诉过一次')
  if (ranking.state !== 'preview' || now >= ranking.previewUntil) return refused('NOT_NOW', '申诉时间已过')
  const { bodyId, compoundId, note } = asked
  const decideBy = work.after(now, DECIDE_WORK_DAYS)
  return by('body', person, now, { act: 'appeal', bodyId, compoundId, note, decideBy })
}

type Judged = 'NOT_NOW' | 'INTERESTED' | 'FOUR_EYES' | 'UNKNOWN_ROW' | 'NOTHING_CORRECTED' | 'FIGURES_WRONG'

const judging = {
  INTERESTED: '榜上有您所在的单位，要由别人来办',
  FOUR_EYES: '这份榜单是您定的，或您是这个社区的工作人员，要由另一位来办',
} as const
const actorOf = ({ isSupervisor }: RankingPerson) => (isSupervisor ? 'supervisor' : 'admin')

export function decideAppealOf(
  ranking: Ranking,
  asked: RowName & { readonly upheld: boolean; readonly note: string; readonly counts?: CorrectedCounts | undefined },
  person: RankingPerson,
  now: Instant,
): Decided<Judged> {
  const why = whyNotJudge(ranking, person)
  if (why === 'forbidden') return { kind: 'forbidden' }
  if (why !== undefined) return refused(why, judging[why])
  const { bodyId, compoundId, upheld, note } = asked
  const row = rowOf(ranking.rows, asked)
  const appeal = ranking.appeals.find((each) => isOf(each, asked))
  if (row === undefined || appeal === undefined) return refused('UNKNOWN_ROW', '这一行没有申诉')
  const { decision } = appeal
  if (decision !== undefined) {
    return decision.upheld === upheld && decision.note === note
      ? { kind: 'same' }
      : refused('NOT_NOW', '这件申诉已经有了结论')
  }
  const facts = { act: 'decide', bodyId, compoundId, upheld, note } as const
  if (!upheld) return by(actorOf(person), person, now, facts)
  const counts = changedOf(row.counts, asked.counts ?? {})
  // Appeals end before the list is published, corrections begin after: whatever was corrected in the row came since the appeal.
  const isPutRight = ranking.corrections.some((each) => isOf(each, asked))
  if (isPutRight && Object.keys(counts).length === 0) return by(actorOf(person), person, now, facts)
  return wrongIn(row.counts, counts) ?? by(actorOf(person), person, now, { ...facts, counts })
}

export function decideCorrection(
  ranking: Ranking,
  asked: RowName & { readonly note: string; readonly counts: CorrectedCounts },
  person: RankingPerson,
  now: Instant,
): Decided<Judged | 'TOO_MANY'> {
  const why = whyNotJudge(ranking, person)
  if (why === 'forbidden') return { kind: 'forbidden' }
  if (why !== undefined) return refused(why, judging[why])
  const { bodyId, compoundId, note } = asked
  const row = rowOf(ranking.rows, asked)
  if (row === undefined) return refused('UNKNOWN_ROW', '榜上没有这一行')
  if (ranking.state === 'preview') return refused('NOT_NOW', '公布以前只能通过申诉更正')
  const last = ranking.corrections.findLast((each) => isOf(each, asked))
  const counts = changedOf(row.counts, asked.counts)
  if (last?.note === note && Object.keys(counts).length === 0) return { kind: 'same' }
  if (ranking.corrections.length >= CORRECTIONS_MAX) return refused('TOO_MANY', '这份榜单的更正已经太多')
  return (
    wrongIn(row.counts, counts) ??
    by(actorOf(person), person, now, { act: 'correct', bodyId, compoundId, note, counts })
  )
}

/** Only what is different from what is there. */
function changedOf(counts: RankingCounts, wanted: CorrectedCounts): CorrectedCounts {
  return Object.fromEntries(
    countNames.flatMap((name) => {
      const value = wanted[name]
      return value === undefined || value === counts[name] ? [] : [[name, value]]
    }),
  )
}

function wrongIn(
  counts: RankingCounts,
  changed: CorrectedCounts,
): Refused<'NOTHING_CORRECTED' | 'FIGURES_WRONG'> | undefined {
  if (Object.keys(changed).length === 0) return refused('NOTHING_CORRECTED', '请写明哪个数应该是多少')
  if (changed.left !== undefined && counts.left === undefined)
    return refused('FIGURES_WRONG', '这份榜单的算法里没有“转出”这一项', { left: '这份榜单没有这一项' })
  switch (wrongCountOf(withCounts(counts, changed))) {
    case 'content':
      return refused('FIGURES_WRONG', '满意的评价不能比评价多', { content: '不能比评价多' })
    case 'left':
      return refused('FIGURES_WRONG', '转出的不能比交办的多', { left: '不能比交办的多' })
    default:
      return undefined
  }
}
