import { httpHandler } from '#functions/platform/http.ts'
import { getGroupBuy } from './get-group-buy.ts'
import { getPurchaseOrder } from './get-purchase-order.ts'
import { listCoopGroupBuys } from './list-coop-group-buys.ts'
import { listGroupBuys } from './list-group-buys.ts'
import { listPairedCompounds } from './list-paired-compounds.ts'
import { listRepeats } from './list-repeats.ts'
import { openGroupBuy } from './open-group-buy.ts'
import { repeatGroupBuy } from './repeat-group-buy.ts'
import { stopRepeating } from './stop-repeating.ts'

export const handler = httpHandler(
  listGroupBuys,
  getGroupBuy,
  openGroupBuy,
  listCoopGroupBuys,
  listPairedCompounds,
  repeatGroupBuy,
  stopRepeating,
  listRepeats,
  getPurchaseOrder,
)
