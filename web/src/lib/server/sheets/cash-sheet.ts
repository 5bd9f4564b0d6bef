import type { CashDay } from '#shared/contracts/cash.ts'
import { cashNote } from '../../cash/note.ts'
import { cashSums } from '../../cash/sums.ts'
import { paperDay, paperText } from '../../format/time.ts'
import { cashWords } from '../../text/cash.ts'
import { say } from '../../text/lang.ts'
import type { SheetCell, SheetMade } from './xlsx-file.ts'

const t = say(cashWords, 'zh')

/** A day of the cash book as a table of plain cells, for the spreadsheet and the CSV alike. */
export function cashRows(day: CashDay): SheetCell[][] {
  const heads = (...names: string[]) => names.map((head) => ({ head }))
  const yuanOr = (fen: number | undefined): SheetCell => (fen === undefined ? '' : { yuan: fen })
  const figures: SheetCell[][] =
    day.sums === undefined
      ? [[t.hiddenDay]]
      : [
          [t.opening, yuanOr(day.openingFen)],
          ...cashSums(day.sums).map(([name, fen]): SheetCell[] => [t[`sum_${name}`], { yuan: fen }]),
          [{ strong: t.closing }, yuanOr(day.closingFen)],
        ]
  return [
    [{ strong: `${t.book} · ${day.communityName}` }],
    ['日期', paperDay(day.day, 'zh')],
    [],
    heads('项目', '金额（元）'),
    ...figures,
    [],
    heads(t.number, t.when, t.what, '收入（元）', '付出（元）', '余额（元）', t.who, t.order, t.note),
    ...day.items.map((move): SheetCell[] => [
      ...[{ count: move.seq }, paperText(move.at, 'zh'), t[`kind_${move.kind}`]],
      ...(move.deltaFen > 0 ? [{ yuan: move.deltaFen }, ''] : ['', { yuan: -move.deltaFen }]),
      ...[yuanOr(move.balanceFen), move.byName, move.orderId ?? '', cashNote(move, t, 'zh')],
    ]),
    [],
    heads(t.number, t.when, t.counts, '点出（元）', '账上（元）', '差（元）', t.who, '', t.note),
    ...day.counts.map((count): SheetCell[] => [
      ...[{ count: count.seq }, paperText(count.at, 'zh'), t.counts],
      ...[yuanOr(count.countedFen), yuanOr(count.expectedFen), yuanOr(count.differenceFen)],
      ...[count.byName, '', count.words ?? ''],
    ]),
  ]
}

export function cashSheets(day: CashDay): SheetMade[] {
  return [{ name: t.book, rows: cashRows(day), widths: [10, 28, 12, 14, 14, 14, 14, 38, 40] }]
}
