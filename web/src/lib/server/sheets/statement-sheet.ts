import { paperText } from '../../format/time.ts'
import { say } from '../../text/lang.ts'
import type { StatementShown } from '../../settlement/statement.ts'
import { settlementWords } from '../../text/settlement.ts'
import type { SheetCell, SheetMade } from './xlsx-file.ts'

const t = say(settlementWords, 'zh')

const reasonsOf = ({ reversed }: StatementShown['offers'][number]) =>
  reversed.map(({ reason, amountFen }) => `${t[`reason_${reason}`]} ${(amountFen / 100).toFixed(2)}`).join('；')

/** The statement as a table of plain cells: the figures of the page, for the spreadsheet and the CSV alike. */
export function statementRows(statement: StatementShown): SheetCell[][] {
  const { sums } = statement
  const heads = (...names: string[]) => names.map((head) => ({ head }))
  return [
    [{ strong: `${t.one} · ${statement.title}` }],
    ['合作社', statement.coopName],
    ['结算单号', `${statement.groupBuyId}-${statement.part}`],
    ['版本', t.version(statement.version), paperText(statement.versionAt, 'zh')],
    ['状态', t[`state_${statement.state}`]],
    ...(statement.payout?.transfers ?? []).map(({ direction, amountFen, bankReference, transferredOn }) => [
      ...[t[`direction_${direction}`], { yuan: amountFen }, `银行流水号 ${bankReference}`, transferredOn],
    ]),
    [],
    heads('项目', '金额（元）'),
    [t.sales, { yuan: sums.salesFen }],
    [t.reversed, { yuan: -sums.reversedFen }],
    [t.posted, { yuan: -sums.postedFen }],
    [t.payable, { yuan: sums.payableFen }],
    [t.stated, { yuan: -statement.statedFen }],
    [{ strong: t.due }, { yuan: statement.dueFen }],
    [],
    heads('商品', '一份', '份数', '没有给的份数', '货款（元）', '退款（元）', '退款原因', '净额（元）'),
    ...statement.offers.map((offer) => [
      ...[offer.name, offer.unitLabel, { count: offer.portions }, { count: offer.droppedPortions }],
      ...[{ yuan: offer.salesFen }, { yuan: -offer.reversedFen }, reasonsOf(offer)],
      { yuan: offer.salesFen - offer.reversedFen },
    ]),
    [
      ...[{ strong: t.total }, '', null, null, { yuan: sums.salesFen }, { yuan: -sums.reversedFen }, ''],
      { yuan: sums.salesFen - sums.reversedFen },
    ],
    [],
    heads('小区', '货款（元）', '退款（元）', '捐给小区慈善基金（元）', '应付（元）'),
    ...statement.compounds.map((compound) => [
      ...[compound.compoundName, { yuan: compound.salesFen }, { yuan: -compound.reversedFen }],
      ...[{ yuan: -compound.postedFen }, { yuan: compound.payableFen }],
    ]),
    [
      ...[{ strong: t.total }, { yuan: sums.salesFen }, { yuan: -sums.reversedFen }],
      ...[{ yuan: -sums.postedFen }, { yuan: sums.payableFen }],
    ],
  ]
}

export function statementSheets(statement: StatementShown): SheetMade[] {
  return [{ name: t.one, rows: statementRows(statement), widths: [26, 22, 14, 22, 14, 14, 30, 14] }]
}
