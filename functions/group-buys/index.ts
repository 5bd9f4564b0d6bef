import { httpHandler } from '#functions/platform/http.ts'
import { getGroupBuy } from './get-group-buy.ts'
import { getPurchaseOrder } from './get-purchase-order.ts'
import { listCoopGroupBuys } from './list-coop-group-buys.ts'
import { listGroupBuys } from './list-group-buys.ts'
import { listPairedCompounds } from './list-paired-compounds.ts'
import { openGroupBuy } from './open-group-buy.ts'

export const handler = httpHandler(
  listGroupBuys,
  getGroupBuy,
  openGroupBuy,
  listCoopGroupBuys,
  listPairedCompounds,
  getPurchaseOrder,
)
