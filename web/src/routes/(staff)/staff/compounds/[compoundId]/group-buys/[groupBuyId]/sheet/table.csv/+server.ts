import { csvFile } from '#web/lib/server/csv.ts'
import { sortingSheetOf } from '#web/lib/server/sorting-sheet.ts'
import { roomOf } from '#web/lib/places/room-of.ts'
import type { RequestHandler } from './$types'

const header = ['住户', '取货码', '自提点', '商品', '一份', '份数', '送上门']

export const GET: RequestHandler = async (event) => {
  const sheet = await sortingSheetOf(event)
  const rows = sheet.households.flatMap(({ householdLabel, volunteer, orders }) =>
    orders.flatMap(({ pickUpCode, pickUpPointName, lines }) =>
      lines.map(({ name, unitLabel, portions }) => {
        const who = [roomOf(householdLabel, sheet.compoundName), spaced(pickUpCode), pickUpPointName]
        return [...who, name, unitLabel, String(portions), volunteer ?? '']
      }),
    ),
  )
  const products = sheet.products.map((each) => ['合计', '', '', each.name, each.unitLabel, String(each.portions), ''])
  const file = `sorting-sheet-${sheet.compoundId}-${sheet.groupBuyId}${sheet.final ? '' : '-not-final'}`
  return csvFile([header, ...rows, ...products], file)
}

/** As digits alone a spreadsheet would take the code for a number and drop its leading zeros. */
function spaced(code: string): string {
  return `${code.slice(0, 3)} ${code.slice(3)}`
}
