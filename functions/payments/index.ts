import { httpHandler } from '#functions/platform/http.ts'
import { cancelOrder } from './cancel-order.ts'
import { checkDelivery } from './check-delivery.ts'
import { closeParkedMoney } from './close-parked-money.ts'
import { decideClaim } from './decide-claim.ts'
import { finishWeighing } from './finish-weighing.ts'
import { getPayLink } from './get-pay-link.ts'
import { giveBack } from './give-back.ts'
import { handBackCash } from './hand-back-cash.ts'
import { holdLonger } from './hold-longer.ts'
import { listParkedMoney } from './list-parked-money.ts'
import { makePayLink } from './make-pay-link.ts'
import { payByLink } from './pay-by-link.ts'
import { receiveWebhook } from './receive-webhook.ts'
import { getReconciliation, reconcilePayments } from './reconcile.ts'
import { refundOrder } from './refund-order.ts'
import { startCheckout } from './start-checkout.ts'
import { takeCash } from './take-cash.ts'
import { withdrawPayLink } from './withdraw-pay-link.ts'

export const handler = httpHandler(
  receiveWebhook,
  startCheckout,
  cancelOrder,
  refundOrder,
  checkDelivery,
  finishWeighing,
  giveBack,
  decideClaim,
  takeCash,
  handBackCash,
  makePayLink,
  withdrawPayLink,
  holdLonger,
  getPayLink,
  payByLink,
  listParkedMoney,
  closeParkedMoney,
  reconcilePayments,
  getReconciliation,
)
