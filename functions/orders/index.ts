import { httpHandler } from '#functions/platform/http.ts'
import { getOrder } from './get-order.ts'
import { getSortingSheet } from './get-sorting-sheet.ts'
import { listCompoundShares } from './list-compound-shares.ts'
import { listMyOrders } from './list-my-orders.ts'
import { placeOrder } from './place-order.ts'

export const handler = httpHandler(placeOrder, getOrder, listMyOrders, listCompoundShares, getSortingSheet)
