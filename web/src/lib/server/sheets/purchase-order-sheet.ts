import type { getPurchaseOrder } from '#shared/contracts/group-buys.ts'
import type { Output } from '#shared/contracts/route.ts'
import { boxesOf } from '#shared/domain/group-buys/purchase-order.ts'
import { sheetWords } from '../../text/sheets.ts'
import { say } from '../../text/lang.ts'
import { paperSpan, paperText } from '../../format/time.ts'
import type { SheetCell, SheetMade } from './xlsx-file.ts'

type PurchaseOrder = Output<typeof getPurchaseOrder>
type Sum = PurchaseOrder['offers'][number]

/** Whether the figures may still change stands on the paper itself: it leaves the page that says so. */
export function versionText(order: { readonly final: boolean; readonly payableOrderCount: number }): string {
  if (order.final) return '已截单，不会再增加；以后整行退款的会减掉'
  return order.payableOrderCount > 0 ? `未定：还有 ${order.payableOrderCount} 单没付完款` : '未定：还在接单'
}

function boxText(portions: number, boxPortions: number): string {
  const { full, rest } = boxesOf(portions, boxPortions)
  return say(sheetWords, 'zh').boxes(full, rest)
}

const heads = [
  '小区',
  '自提点',
  '地址',
  '商品',
  '一份',
  '份数',
  '重量（公斤）',
  '金额（元，已减退款）',
  '箱数',
] as const

/** The purchase order as a spreadsheet: the figures of the page and the CSV, numbers as numbers. */
export function purchaseOrderSheets(order: PurchaseOrder): SheetMade[] {
  const cells = ({ name, unitLabel, portions, grams, amountFen, boxPortions }: Sum): SheetCell[] => [
    ...[name, unitLabel, { count: portions }],
    ...[grams === undefined ? null : { kilograms: grams }, { yuan: amountFen }],
    boxPortions === undefined ? null : boxText(portions, boxPortions),
  ]
  const compounds = order.compounds.flatMap(({ compoundName, pickUpPoint, offers, portions, amountFen }) => [
    ...offers.map((offer) => [compoundName, pickUpPoint.name, pickUpPoint.address, ...cells(offer)]),
    [compoundName, pickUpPoint.name, '', { strong: '小计' }, '', { count: portions }, null, { yuan: amountFen }],
  ])
  const rows: SheetCell[][] = [
    [{ strong: `采购单 · ${order.title}` }],
    ['合作社', `${order.townName} ${order.villageName} · ${order.coopName}`],
    ['截止', paperText(order.closesAt, 'zh')],
    ['提货', paperSpan(order.pickUpStartsAt, order.pickUpEndsAt, 'zh')],
    ['数据时间', paperText(order.computedAt, 'zh')],
    ['版本', versionText(order)],
    ['已付款', { count: order.paidOrderCount }, '单'],
    [],
    heads.map((head) => ({ head })),
    ...compounds,
    ...order.offers.map((offer) => ['全部小区', '', '', ...cells(offer)]),
    ['全部小区', '', '', { strong: '合计' }, '', { count: order.portions }, null, { yuan: order.amountFen }],
  ]
  return [{ name: '采购单', rows, widths: [20, 24, 20, 16, 12, 8, 14, 20, 14] }]
}
