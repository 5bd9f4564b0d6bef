import type { getSortingSheet } from '#shared/contracts/orders.ts'
import type { Output } from '#shared/contracts/route.ts'
import { paperSpan, paperText } from '../../format/time.ts'
import { roomOf } from '../../places/room-of.ts'
import { versionText } from './purchase-order-sheet.ts'
import type { SheetCell, SheetMade } from './xlsx-file.ts'

type SortingSheet = Output<typeof getSortingSheet>

/** Pick-up roll and sorting sheet as two sheets of one file: the figures of the page and the CSV. */
export function sortingSheets(sheet: SortingSheet): SheetMade[] {
  const heads = (titles: readonly string[]): SheetCell[] => titles.map((head) => ({ head }))
  const roll = sheet.households.flatMap(({ householdLabel, volunteer, orders }) =>
    orders.flatMap(({ pickUpCode, pickUpPointName, lines }) =>
      lines.map(({ name, unitLabel, portions }, at): SheetCell[] => [
        // Who stands once, where their goods begin; a filter still finds the other lines by the code.
        ...[at === 0 ? { strong: roomOf(householdLabel, sheet.compoundName) } : null, pickUpCode, pickUpPointName],
        ...[name, unitLabel, { count: portions }, null, null, volunteer ?? ''],
      ]),
    ),
  )
  const products = sheet.products.map(({ name, unitLabel, portions, grams }): SheetCell[] => {
    return [name, unitLabel, { count: portions }, grams === undefined ? null : { kilograms: grams }]
  })
  return [
    {
      name: '提货表',
      rows: [
        ...headRows(sheet, '提货表（按住户）'),
        heads(['住户', '取货码', '自提点', '商品', '一份', '份数', '已取', '签名', '送上门']),
        ...roll,
        [{ strong: '合计' }, '', '', '', '', { count: sheet.portions }],
      ],
      widths: [22, 10, 18, 18, 12, 8, 8, 16, 12],
    },
    {
      name: '分拣单',
      rows: [
        ...headRows(sheet, '分拣单（按商品）'),
        heads(['商品', '一份', '份数', '重量（公斤）']),
        ...products,
        [{ strong: '合计' }, '', { count: sheet.portions }],
      ],
      widths: [22, 24, 10, 14],
    },
  ]
}

function headRows(sheet: SortingSheet, title: string): SheetCell[][] {
  return [
    [{ strong: `${title} · ${sheet.title}` }],
    ['小区', sheet.compoundName],
    ['合作社', `${sheet.villageName} · ${sheet.coopName}`],
    ['提货', paperSpan(sheet.pickUpStartsAt, sheet.pickUpEndsAt, 'zh')],
    ['数据时间', paperText(sheet.computedAt, 'zh')],
    ['版本', versionText(sheet)],
    ['合计', `${sheet.bagCount} 袋 · ${sheet.portions} 份`],
    [],
  ]
}
