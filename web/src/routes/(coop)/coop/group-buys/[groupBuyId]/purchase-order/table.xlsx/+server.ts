import { purchaseOrderOf } from '#web/lib/server/purchase-order.ts'
import { purchaseOrderSheets } from '#web/lib/server/sheets/purchase-order-sheet.ts'
import { xlsxFile } from '#web/lib/server/sheets/xlsx-file.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async (event) => {
  const order = await purchaseOrderOf(event)
  const name = `purchase-order-${order.groupBuyId}${order.final ? '' : '-not-final'}`
  return xlsxFile(purchaseOrderSheets(order), name)
}
