import { httpHandler } from '#functions/platform/http.ts'
import { cancelOrder } from './cancel-order.ts'
import { closeParkedMoney } from './close-parked-money.ts'
import { giveBack } from './give-back.ts'
import { listParkedMoney } from './list-parked-money.ts'
import { receiveWebhook } from './receive-webhook.ts'
import { reconcilePayments } from './reconcile.ts'
import { refundOrder } from './refund-order.ts'
import { startCheckout } from './start-checkout.ts'

export const handler = httpHandler(
  receiveWebhook,
  startCheckout,
  cancelOrder,
  refundOrder,
  giveBack,
  listParkedMoney,
  closeParkedMoney,
  reconcilePayments,
)
