import { httpHandler } from '#functions/platform/http.ts'
import { collectShares } from './collect-shares.ts'
import { endDoor, listDoors, saveDoor } from './doors.ts'
import { findHousehold } from './find-household.ts'
import { findPickUps } from './find-pick-ups.ts'
import { findUnpaidOrders } from './find-unpaid-orders.ts'
import { getCounter } from './get-counter.ts'
import { getOrder } from './get-order.ts'
import { getSortingSheet } from './get-sorting-sheet.ts'
import { listCounterOrders } from './list-counter-orders.ts'
import { listCompoundShares } from './list-compound-shares.ts'
import { listMyOrders } from './list-my-orders.ts'
import { listUncollected } from './list-uncollected.ts'
import { listPlacedFor } from './list-placed-for.ts'
import { placeOrder } from './place-order.ts'
import { placeOrderFor } from './place-order-for.ts'
import { undoPickUp } from './undo-pick-up.ts'

export const handler = httpHandler(
  placeOrder,
  findHousehold,
  findUnpaidOrders,
  placeOrderFor,
  listPlacedFor,
  listDoors,
  saveDoor,
  endDoor,
  getOrder,
  listMyOrders,
  listCompoundShares,
  getSortingSheet,
  findPickUps,
  collectShares,
  undoPickUp,
  listUncollected,
  getCounter,
  listCounterOrders,
)
