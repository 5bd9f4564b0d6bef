import * as z from 'zod'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { fenSchema, positiveFenSchema } from '../kernel/money.ts'
import { portionsSchema } from '../kernel/quantity.ts'
import { instantSchema } from '../kernel/time.ts'
import { page, pageQuery, route } from './route.ts'

export const orderStates = ['pending_payment', 'paid', 'expiring', 'expired', 'cancelled'] as const
export const shareStates = ['reserved', 'confirmed', 'ready', 'collected', 'settled', 'failed', 'refunded'] as const
export const refundStates = ['decided', 'asked', 'succeeded', 'failed'] as const
export const refundReasons = [
  'refund',
  'cancelled',
  'failed-group',
  'shortage',
  'weight',
  'price-step',
  'claim',
  'dispute',
] as const

export const ORDER_LINES_MAX = 30
export const ORDER_GROUP_BUYS_MAX = 10
/** ¥999,999.99: the most one charge may be (eight digits, Stripe's limit). */
export const ORDER_AMOUNT_FEN_MAX = 99_999_999

export const orderLineSchema = z.strictObject({
  lineId: idSchema,
  offerId: idSchema,
  listingId: idSchema,
  name: z.string(),
  picture: z.string(),
  /** `500 克` or `个`: what one portion is. */
  unitLabel: z.string(),
  portionGrams: z.int().optional(),
  quantity: portionsSchema,
  unitPriceFen: fenSchema,
  amountFen: fenSchema,
  refundedFen: fenSchema,
})

const refundViewSchema = z.strictObject({
  refundId: z.string(),
  state: z.enum(refundStates),
  amountFen: positiveFenSchema,
  reason: z.enum(refundReasons),
  decidedAt: instantSchema,
})

export const shareSchema = z.strictObject({
  /** The share's id is the sale's id. */
  saleId: z.string(),
  groupBuyId: idSchema,
  groupBuyTitle: z.string(),
  coopId: idSchema,
  coopName: z.string(),
  villageName: z.string(),
  state: z.enum(shareStates),
  amountFen: fenSchema,
  refundedFen: fenSchema,
  rateBps: z.int(),
  /** Exact accrual to the fund in 1/10,000 fen, net of refunds: (amountFen − refundedFen) × rateBps. */
  accrualE4Fen: z.int(),
  pickUpStartsAt: instantSchema,
  pickUpEndsAt: instantSchema,
  lines: z.array(orderLineSchema),
})

export const orderSchema = z.strictObject({
  orderId: clientIdSchema,
  state: z.enum(orderStates),
  amountFen: fenSchema,
  refundedFen: fenSchema,
  placedAt: instantSchema,
  /** The stock is held until then; a little later it goes back. */
  expiresAt: instantSchema,
  paidAt: instantSchema.optional(),
  compoundId: idSchema,
  compoundName: z.string(),
  householdLabel: z.string(),
  pickUpPoint: z.strictObject({
    pickUpPointId: idSchema,
    name: z.string(),
    address: z.string(),
    hours: z.string(),
    contact: z.string(),
  }),
  /** Six digits, shown when the order is paid. */
  pickUpCode: z.string().optional(),
  shares: z.array(shareSchema),
  refunds: z.array(refundViewSchema),
})
export type OrderView = z.infer<typeof orderSchema>

export const placeOrder = route({
  name: 'placeOrder',
  summary:
    'Places an order and holds its stock for 15 minutes. The client makes the id: sending it again returns the first result; the same id with another body is refused.',
  method: 'PUT',
  path: '/api/orders/{orderId}',
  access: ['resident'],
  params: z.strictObject({ orderId: clientIdSchema }),
  body: z.strictObject({
    /** Absent when the compound has one pick-up point. */
    pickUpPointId: idSchema.optional(),
    lines: z
      .array(
        z.strictObject({
          groupBuyId: idSchema,
          offerId: idSchema,
          quantity: portionsSchema,
          /** The price the buyer saw; a changed price is refused instead of charged. */
          unitPriceFen: fenSchema.optional(),
        }),
      )
      .min(1, '菜篮是空的')
      .max(ORDER_LINES_MAX, `一单最多 ${ORDER_LINES_MAX} 行`),
  }),
  output: orderSchema,
  refusals: {
    OFFER_SOLD_OUT: 409,
    GROUP_BUY_CLOSED: 409,
    GROUP_BUY_NOT_OPEN: 409,
    LIMIT_REACHED: 409,
    PRICE_CHANGED: 409,
    UNKNOWN_OFFER: 422,
    NOT_YOUR_COMPOUND: 422,
    PAIRING_ENDED: 422,
    TOO_MANY_GROUP_BUYS: 422,
    QUANTITY_TOO_LARGE: 422,
    PICK_UP_POINT_NEEDED: 422,
    UNKNOWN_PICK_UP_POINT: 422,
    BELOW_MINIMUM_CHARGE: 422,
    ABOVE_MAXIMUM_CHARGE: 422,
    ORDER_ID_REUSED: 409,
  },
})

export const getOrder = route({
  name: 'getOrder',
  summary: 'One order, for the household that placed it and for workers of its community.',
  method: 'GET',
  path: '/api/orders/{orderId}',
  access: 'signed-in',
  params: z.strictObject({ orderId: clientIdSchema }),
  output: orderSchema,
})

const orderSummarySchema = orderSchema
  .pick({
    orderId: true,
    state: true,
    amountFen: true,
    refundedFen: true,
    placedAt: true,
    paidAt: true,
    compoundName: true,
    expiresAt: true,
  })
  .extend({ pickUpCode: z.string().optional() })

export const listMyOrders = route({
  name: 'listMyOrders',
  summary: "The caller's own orders, newest first.",
  method: 'GET',
  path: '/api/orders',
  access: ['resident'],
  query: z.strictObject({ ...pageQuery }),
  output: page(orderSummarySchema),
})

export const cancelOrder = route({
  name: 'cancelOrder',
  summary: 'Gives up an order that is not paid yet; its stock goes back at once.',
  method: 'POST',
  path: '/api/orders/{orderId}/cancellation',
  access: ['resident'],
  params: z.strictObject({ orderId: clientIdSchema }),
  output: z.strictObject({ orderId: clientIdSchema, state: z.enum(orderStates) }),
  refusals: { ORDER_ALREADY_PAID: 409 },
})

/** For a worker: paid shares of a group buy in one compound, by household, without names or phones. */
export const listCompoundShares = route({
  name: 'listCompoundShares',
  summary: 'Paid shares of one group buy in one compound, by building, unit and room.',
  method: 'GET',
  path: '/api/orders/compounds/{compoundId}/group-buys/{groupBuyId}/shares',
  access: ['worker', 'admin'],
  params: z.strictObject({ compoundId: idSchema, groupBuyId: idSchema }),
  query: z.strictObject({ ...pageQuery }),
  output: page(
    z.strictObject({
      orderId: clientIdSchema,
      saleId: z.string(),
      householdLabel: z.string(),
      pickUpCode: z.string(),
      state: z.enum(shareStates),
      amountFen: fenSchema,
      refundedFen: fenSchema,
      paidAt: instantSchema,
    }),
  ),
})

/** Of one group buy; see the cap on its shares. */
const SHEET_HOUSEHOLDS_MAX = 5_000
/** A household may order several times, each with a code of its own. */
const SHEET_ORDERS_MAX = 1_000
const SHEET_PRODUCTS_MAX = 40

export const sortingSheetSchema = z.strictObject({
  compoundId: idSchema,
  compoundName: z.string(),
  groupBuyId: idSchema,
  title: z.string(),
  coopName: z.string(),
  villageName: z.string(),
  closesAt: instantSchema,
  pickUpStartsAt: instantSchema,
  pickUpEndsAt: instantSchema,
  computedAt: instantSchema,
  /** False as long as an order can still be placed or paid: the sheet may change. Refunds may shorten it at any time. */
  final: z.boolean(),
  payableOrderCount: z.int(),
  /** By building, unit and room; numbers as numbers. */
  households: z
    .array(
      z.strictObject({
        householdLabel: z.string(),
        orders: z
          .array(
            z.strictObject({
              orderId: clientIdSchema,
              pickUpCode: z.string(),
              pickUpPointName: z.string(),
              lines: z
                .array(
                  z.strictObject({ offerId: idSchema, name: z.string(), unitLabel: z.string(), portions: z.int() }),
                )
                .max(ORDER_LINES_MAX),
            }),
          )
          .max(SHEET_ORDERS_MAX),
      }),
    )
    .max(SHEET_HOUSEHOLDS_MAX),
  products: z
    .array(
      z.strictObject({
        offerId: idSchema,
        name: z.string(),
        unitLabel: z.string(),
        portions: z.int(),
        grams: z.int().optional(),
      }),
    )
    .max(SHEET_PRODUCTS_MAX),
  /** One bag for each order. */
  bagCount: z.int(),
  portions: z.int(),
})

export const getSortingSheet = route({
  name: 'getSortingSheet',
  summary:
    'What to sort and hand over of one group buy in one compound: paid orders without what was refunded, by household and by product; no name, no phone.',
  method: 'GET',
  path: '/api/orders/compounds/{compoundId}/group-buys/{groupBuyId}/sorting-sheet',
  access: ['worker', 'admin'],
  params: z.strictObject({ compoundId: idSchema, groupBuyId: idSchema }),
  output: sortingSheetSchema,
})

export const startCheckout = route({
  name: 'startCheckout',
  summary:
    'Opens (or returns) the hosted payment page of an order. A page that was used up or has run out is replaced by a new one.',
  method: 'POST',
  path: '/api/orders/{orderId}/checkout',
  access: ['resident'],
  params: z.strictObject({ orderId: clientIdSchema }),
  output: z.strictObject({
    orderId: clientIdSchema,
    sessionId: z.string(),
    checkoutUrl: z.url(),
    expiresAt: instantSchema,
  }),
  refusals: { ORDER_ALREADY_PAID: 409, ORDER_EXPIRED: 409, ORDER_CANCELLED: 409, TOO_MANY_CHECKOUTS: 409 },
})

export const refundOrder = route({
  name: 'refundOrder',
  summary:
    'A worker refunds an order, whole or by line. The client makes the refund id: sending it again returns the first result.',
  method: 'POST',
  path: '/api/orders/{orderId}/refunds',
  access: ['worker'],
  params: z.strictObject({ orderId: clientIdSchema }),
  body: z.strictObject({
    refundId: clientIdSchema,
    reason: z.enum(['refund', 'shortage', 'weight', 'claim']),
    note: z.string().trim().max(200).optional(),
    /** Left out: everything that is not refunded yet. */
    lines: z
      .array(
        z.strictObject({
          saleId: z.string().max(80),
          lineId: idSchema,
          amountFen: positiveFenSchema,
        }),
      )
      .min(1)
      .max(ORDER_LINES_MAX)
      .optional(),
  }),
  output: z.strictObject({ refundId: clientIdSchema, state: z.enum(refundStates), amountFen: positiveFenSchema }),
  refusals: {
    ORDER_NOT_PAID: 409,
    NOTHING_TO_REFUND: 409,
    REFUND_TOO_LARGE: 409,
    UNKNOWN_LINE: 422,
    REFUND_ID_REUSED: 409,
    REFUND_WINDOW_OVER: 409,
  },
})

export const ordersRoutes = [listMyOrders, placeOrder, getOrder, listCompoundShares, getSortingSheet] as const
