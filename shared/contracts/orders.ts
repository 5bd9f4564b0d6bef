import * as z from 'zod'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { fenSchema, positiveFenSchema } from '../kernel/money.ts'
import { portionsSchema } from '../kernel/quantity.ts'
import { standings } from '../kernel/standing.ts'
import { instantSchema } from '../kernel/time.ts'
import { claimReasons, claimSchema } from './claims.ts'
import { shortageRules } from './deliveries.ts'
import { decidedSchema, groupBuyStates, successRuleSchema } from './group-buys.ts'
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

/** Who took the goods, as a relation to the household and never as a name. */
export const pickUpProxies = ['self', 'family', 'neighbour', 'volunteer'] as const

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
  /** Each portion is weighed; who gets less than `portionGrams` pays less. */
  weighed: z.literal(true).optional(),
  quantity: portionsSchema,
  unitPriceFen: fenSchema,
  amountFen: fenSchema,
  refundedFen: fenSchema,
})

/** With these numbers everybody can work out again why a line got less. */
export const refundWhySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('shortage'),
    rule: z.enum(shortageRules),
    /** Portions of the offer that were ordered at this pick-up point, and that came in good order. */
    ordered: z.int(),
    good: z.int(),
    /** The line's place among those of the offer, first paid first, and how many there were. */
    place: z.int(),
    of: z.int(),
  }),
  z.strictObject({
    kind: z.literal('weight'),
    /** What was paid for, and what the scale said. */
    nominalGrams: z.int(),
    grams: z.int(),
  }),
  z.strictObject({
    kind: z.literal('claim'),
    claimId: clientIdSchema,
    reason: z.enum(claimReasons),
    /** Portions the money is for; absent where it is a part of the price. */
    portions: portionsSchema.optional(),
  }),
])
export type RefundWhy = z.infer<typeof refundWhySchema>

const refundViewSchema = z.strictObject({
  refundId: z.string(),
  state: z.enum(refundStates),
  amountFen: positiveFenSchema,
  reason: z.enum(refundReasons),
  decidedAt: instantSchema,
  /** When the provider had done it, or could not. */
  endedAt: instantSchema.optional(),
  /** It was paid by phone, could not go back that way, and was handed back in cash. */
  inCash: z.literal(true).optional(),
  /** It failed, and was paid another way: nothing waits at the desk any more. */
  paidOtherwise: z.literal(true).optional(),
  /** What goes back for which line, and for how many portions that will not come; empty for the oldest refunds. */
  lines: z.array(
    z.strictObject({
      saleId: z.string(),
      lineId: idSchema,
      amountFen: positiveFenSchema,
      portions: portionsSchema.optional(),
      /** Why it is so much, with the numbers it was decided by. */
      why: refundWhySchema.optional(),
    }),
  ),
})

/** One handing out at the pick-up point: what, when and to whom. It never changes; undone, it says so. */
export const pickUpSchema = z.strictObject({
  pickUpId: clientIdSchema,
  /** When it was recorded. */
  at: instantSchema,
  /** When it happened by the clock of a counter that had no network then. */
  handedOutAt: instantSchema.optional(),
  proxy: z.enum(pickUpProxies),
  lines: z.array(
    z.strictObject({
      saleId: z.string(),
      lineId: idSchema,
      name: z.string(),
      unitLabel: z.string(),
      portions: portionsSchema,
    }),
  ),
  undoneAt: instantSchema.optional(),
})
export type PickUpView = z.infer<typeof pickUpSchema>

/** What workers see of it as well. */
const staffPickUpSchema = pickUpSchema.extend({ undoReason: z.string().optional() })

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
  /** The group buy as it stands now; absent in the answer to placing. */
  groupBuy: z
    .strictObject({
      state: z.enum(groupBuyStates),
      opensAt: instantSchema,
      closesAt: instantSchema,
      success: successRuleSchema.optional(),
      decided: decidedSchema.optional(),
    })
    .optional(),
  /** When its sale became final: the after-sales window was over. */
  settledAt: instantSchema.optional(),
  /** When the after-sales window ends: until then claims can be filed. Absent before payment, and where there is none. */
  claimUntil: instantSchema.optional(),
  /**
   * `dropped`: portions that will not come, whose money went back; `handedOut`: portions collected so far; `finalPriceFen`:
   * what a portion costs in the end, once the group buy is decided.
   */
  lines: z.array(
    orderLineSchema.extend({
      dropped: z.int().min(0),
      handedOut: z.int().min(0),
      finalPriceFen: fenSchema.optional(),
    }),
  ),
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
  /** Paid at the desk: what goes back goes back there. */
  paidInCash: z.literal(true).optional(),
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
  /** How the caller stands to it, and with that what they may do: `shared/kernel/standing.ts`. */
  standing: z.enum(standings),
  /** Who ordered it for this household: a worker, or the leader of the building named; absent where the household did. */
  placedBy: z.strictObject({ name: z.string(), communityName: z.string(), leaderOf: z.string().optional() }).optional(),
  /** There is a pay-for-me link; the link itself is told once, to whoever made it. */
  payLink: z.strictObject({ madeAt: instantSchema }).optional(),
  /** When its hold was lengthened, which happens once. */
  heldLongerAt: instantSchema.optional(),
  /** Six digits, shown when the order is paid. */
  pickUpCode: z.string().optional(),
  shares: z.array(shareSchema),
  refunds: z.array(refundViewSchema),
  /** Oldest first; undone ones as well. */
  pickUps: z.array(pickUpSchema),
  /** Oldest first. */
  claims: z.array(claimSchema),
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

/** How the household knows the worker: 王姐, 3 号楼李楼长. */
export const placerNameSchema = z.string().trim().min(1, '请写您的称呼').max(12, '称呼最多 12 个字')

/** However a room is written: 三栋, ２单元, 0501室. */
const roomSchema = {
  building: z.string().trim().min(1, '请填楼号').max(20),
  unit: z.string().trim().min(1, '请填单元').max(20),
  room: z.string().trim().min(1, '请填房号').max(20),
}

export const findHousehold = route({
  name: 'findHousehold',
  summary:
    'The household of a room that a worker, or the leader of its building, wants to order for, also one without an account; or why there is none.',
  method: 'GET',
  path: '/api/orders/compounds/{compoundId}/household',
  access: ['leader', 'worker'],
  params: z.strictObject({ compoundId: idSchema }),
  query: z.strictObject(roomSchema),
  output: z.strictObject({ householdId: idSchema, householdLabel: z.string() }),
  refusals: { UNKNOWN_BUILDING: 422, UNKNOWN_ROOM: 422 },
})

/** Nobody has more unpaid orders at one time. */
export const UNPAID_FOUND_MAX = 50

export const findUnpaidOrders = route({
  name: 'findUnpaidOrders',
  summary:
    'The orders of a room that can still be paid, oldest first, for a worker at whose desk somebody stands with cash and without a phone.',
  method: 'GET',
  path: '/api/orders/compounds/{compoundId}/unpaid',
  access: ['worker'],
  params: z.strictObject({ compoundId: idSchema }),
  query: z.strictObject(roomSchema),
  output: z.strictObject({
    householdLabel: z.string(),
    items: z
      .array(
        z.strictObject({
          orderId: clientIdSchema,
          amountFen: positiveFenSchema,
          placedAt: instantSchema,
          expiresAt: instantSchema,
        }),
      )
      .max(UNPAID_FOUND_MAX),
  }),
})

export const DOORS_MAX = 300
export const VOLUNTEER_NAME_MAX = 12

/**
 * A household to whose door goods are brought, because somebody there cannot come; why is written nowhere. The volunteer
 * is named, so that the household knows whom to open to.
 */
export const doorSchema = z.strictObject({
  householdId: idSchema,
  householdLabel: z.string(),
  volunteer: z.string(),
  since: instantSchema,
})
export type Door = z.infer<typeof doorSchema>

export const listDoors = route({
  name: 'listDoors',
  summary: 'Households of a compound to whose door goods are brought, by building, unit and room, with the volunteer.',
  method: 'GET',
  path: '/api/orders/compounds/{compoundId}/doors',
  access: ['worker', 'admin'],
  params: z.strictObject({ compoundId: idSchema }),
  output: z.strictObject({ items: z.array(doorSchema).max(DOORS_MAX) }),
})

export const saveDoor = route({
  name: 'saveDoor',
  summary:
    'A worker registers a household for delivery to its door by a named volunteer, with its consent; or names another volunteer.',
  method: 'PUT',
  path: '/api/orders/compounds/{compoundId}/doors',
  access: ['worker'],
  params: z.strictObject({ compoundId: idSchema }),
  body: z.strictObject({
    ...roomSchema,
    volunteer: z
      .string()
      .trim()
      .min(1, '请写志愿者的称呼')
      .max(VOLUNTEER_NAME_MAX, `称呼最多 ${VOLUNTEER_NAME_MAX} 个字`),
    consent: z.literal(true, '请先征得住户本人同意'),
  }),
  output: doorSchema,
  refusals: { UNKNOWN_BUILDING: 422, UNKNOWN_ROOM: 422, TOO_MANY_DOORS: 409 },
})

export const endDoor = route({
  name: 'endDoor',
  summary: 'Ends delivery to the door of a household, and forgets that there was any.',
  method: 'DELETE',
  path: '/api/orders/compounds/{compoundId}/doors/{householdId}',
  access: ['worker'],
  params: z.strictObject({ compoundId: idSchema, householdId: idSchema }),
  output: z.strictObject({ householdId: idSchema }),
})

export const placeOrderFor = route({
  name: 'placeOrderFor',
  summary:
    'A worker orders for a household of a compound of theirs, a building leader for one of their building, also for one without an account: by all the rules of its own orders, and recorded as placed by them. For their own household it is an ordinary order.',
  method: 'PUT',
  path: '/api/orders/compounds/{compoundId}/orders/{orderId}',
  access: ['leader', 'worker'],
  params: z.strictObject({ compoundId: idSchema, orderId: clientIdSchema }),
  body: placeOrder.body.extend({
    ...roomSchema,
    /** A worker's own word; a building leader is named as a worker has appointed them, whatever is sent. */
    placerName: placerNameSchema.optional(),
  }),
  output: orderSchema,
  refusals: { ...placeOrder.refusals, UNKNOWN_BUILDING: 422, UNKNOWN_ROOM: 422 },
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
    compoundId: true,
    compoundName: true,
    expiresAt: true,
    placedBy: true,
  })
  .extend({
    pickUpCode: z.string().optional(),
    pickUpPoint: z.strictObject({ pickUpPointId: idSchema, name: z.string() }),
    /** What is picked up and when; `portions` without what will not come. */
    shares: z.array(
      shareSchema.pick({ groupBuyId: true, state: true, pickUpStartsAt: true, pickUpEndsAt: true }).extend({
        lines: z.array(z.strictObject({ name: z.string(), portions: z.int().min(0) })),
      }),
    ),
  })

export const listMyOrders = route({
  name: 'listMyOrders',
  summary:
    "The caller's own orders and those that others placed for their household, newest first; the latter once a worker has verified the caller.",
  method: 'GET',
  path: '/api/orders',
  access: ['resident'],
  query: z.strictObject({ ...pageQuery }),
  output: page(orderSummarySchema),
})

export const listPlacedFor = route({
  name: 'listPlacedFor',
  summary:
    'Orders that were placed for households of a compound, newest first: for its workers all, for a building leader those that they placed in their building.',
  method: 'GET',
  path: '/api/orders/compounds/{compoundId}/placed-orders',
  access: ['leader', 'worker', 'admin'],
  params: z.strictObject({ compoundId: idSchema }),
  query: z.strictObject({ ...pageQuery }),
  output: page(
    orderSummarySchema.required({ placedBy: true }).extend({
      householdLabel: z.string(),
      /** The caller placed it. */
      mine: z.boolean(),
    }),
  ),
})

export const cancelOrder = route({
  name: 'cancelOrder',
  summary:
    'Gives up an order that is not paid yet; its stock goes back at once. For its buyer; where somebody ordered for a household, for its members and whoever did.',
  method: 'POST',
  path: '/api/orders/{orderId}/cancellation',
  access: ['resident', 'worker'],
  params: z.strictObject({ orderId: clientIdSchema }),
  output: z.strictObject({ orderId: clientIdSchema, state: z.enum(orderStates) }),
  refusals: { ORDER_ALREADY_PAID: 409 },
})

export const giveBack = route({
  name: 'giveBack',
  summary:
    'The buyer gives back portions of a paid order whose group buy is still open; the money goes back at once. The client makes the id: sending it again returns the first result; the same id with another body is refused.',
  method: 'POST',
  path: '/api/orders/{orderId}/give-backs',
  // Who ordered may give back, whatever roles they hold by now; for everybody else the order does not exist.
  access: 'signed-in',
  params: z.strictObject({ orderId: clientIdSchema }),
  body: z.strictObject({
    giveBackId: clientIdSchema,
    lines: z
      .array(z.strictObject({ saleId: z.string().max(80), lineId: idSchema, portions: portionsSchema }))
      .min(1, '请选要退的')
      .max(ORDER_LINES_MAX),
  }),
  /** `refundId` names the refund among those of the order. */
  output: z.strictObject({
    giveBackId: clientIdSchema,
    refundId: z.string(),
    state: z.enum(refundStates),
    amountFen: positiveFenSchema,
  }),
  refusals: {
    ORDER_NOT_PAID: 409,
    GROUP_BUY_CLOSED: 409,
    TOO_MANY_PORTIONS: 409,
    TOO_MANY_GIVE_BACKS: 409,
    TOO_MANY_AT_ONCE: 409,
    NOTHING_TO_REFUND: 409,
    REFUND_TOO_LARGE: 409,
    REFUND_WINDOW_OVER: 409,
    REFUND_ID_REUSED: 409,
    UNKNOWN_LINE: 422,
  },
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
        /** Who brings it to the door. */
        volunteer: z.string().optional(),
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
    TOO_MANY_PORTIONS: 409,
    UNKNOWN_LINE: 422,
    REFUND_ID_REUSED: 409,
    REFUND_WINDOW_OVER: 409,
  },
})

/** As many households as a counter can tell apart by looking; codes are not unique, so one code may find several. */
export const PICK_UPS_FOUND_MAX = 20
/** How often the goods of one order may be handed out, undone ones included. */
export const PICK_UPS_MAX = 50
export const UNCOLLECTED_MAX = 500

const pickUpLineSchema = z.strictObject({
  lineId: idSchema,
  name: z.string(),
  picture: z.string(),
  unitLabel: z.string(),
  quantity: portionsSchema,
  handedOut: z.int().min(0),
  /** Portions that still lie there: none of a line whose money went back completely. */
  left: z.int().min(0),
  /** It is sold by its weight and nobody weighed it yet: not to be handed out. */
  awaitsWeight: z.literal(true).optional(),
})

const counterShareSchema = z.strictObject({
  saleId: z.string(),
  groupBuyId: idSchema,
  groupBuyTitle: z.string(),
  coopName: z.string(),
  state: z.enum(shareStates),
  pickUpStartsAt: instantSchema,
  pickUpEndsAt: instantSchema,
  /** False before the day of its pick-up: then it is handed out only when it is named. */
  hasBegun: z.boolean(),
  lines: z.array(pickUpLineSchema),
})

/** An order as a counter looks at it: where it belongs and what lies there, no name and no money. */
const counterOrderSchema = z.strictObject({
  orderId: clientIdSchema,
  householdLabel: z.string(),
  pickUpCode: z.string(),
  pickUpPointName: z.string(),
  shares: z.array(counterShareSchema),
})

export const findPickUps = route({
  name: 'findPickUps',
  summary:
    'Paid orders of a compound whose goods can be handed out, by pick-up code or by room. Codes are not unique: every order found says its room.',
  method: 'GET',
  path: '/api/orders/compounds/{compoundId}/pick-ups',
  access: ['worker', 'admin'],
  params: z.strictObject({ compoundId: idSchema }),
  query: z.strictObject({
    code: z
      .string()
      .regex(/^\d{6}$/, '取货码是六位数字')
      .optional(),
    building: z.string().trim().min(1).max(20).optional(),
    unit: z.string().trim().min(1).max(20).optional(),
    room: z.string().trim().min(1).max(20).optional(),
  }),
  output: z.strictObject({
    items: z.array(counterOrderSchema.extend({ pickUps: z.array(staffPickUpSchema) })).max(PICK_UPS_FOUND_MAX),
    /** True when there are others that are not shown. */
    more: z.boolean(),
  }),
})

export const collectShares = route({
  name: 'collectShares',
  summary:
    'Hands out goods of an order, whole or in part. The client makes the pick-up id: sending it again returns the first result; the same id with another body is refused.',
  method: 'POST',
  path: '/api/orders/{orderId}/pick-ups',
  access: ['worker', 'admin'],
  params: z.strictObject({ orderId: clientIdSchema }),
  body: z.strictObject({
    pickUpId: clientIdSchema,
    /** Left out: everything of which the day of pick-up has come and that is not handed out yet. */
    lines: z
      .array(z.strictObject({ saleId: z.string().max(80), lineId: idSchema, portions: portionsSchema }))
      .min(1)
      .max(ORDER_LINES_MAX)
      .optional(),
    proxy: z.enum(pickUpProxies).optional(),
    /** For a counter that had no network: when it happened, at most seven days ago by the device's clock. */
    handedOutAt: instantSchema.optional(),
  }),
  output: pickUpSchema,
  refusals: {
    ORDER_NOT_PAID: 409,
    GOODS_NOT_CONFIRMED: 409,
    PICK_UP_NOT_BEGUN: 409,
    NOTHING_TO_HAND_OUT: 409,
    NOT_WEIGHED: 409,
    TOO_MANY_PORTIONS: 409,
    TOO_MANY_PICK_UPS: 409,
    UNKNOWN_LINE: 422,
    PICK_UP_ID_REUSED: 409,
    HANDED_OUT_IN_FUTURE: 422,
    HANDED_OUT_TOO_LONG_AGO: 422,
  },
})

export const undoPickUp = route({
  name: 'undoPickUp',
  summary:
    'Takes a handing out back, once and with a reason; it stays visible. The same reason again is the same undoing.',
  method: 'POST',
  path: '/api/orders/{orderId}/pick-ups/{pickUpId}/undo',
  access: ['worker', 'admin'],
  params: z.strictObject({ orderId: clientIdSchema, pickUpId: clientIdSchema }),
  body: z.strictObject({
    reason: z.string().trim().min(2, '请写原因，至少两个字').max(100, '原因最多 100 个字'),
  }),
  output: pickUpSchema,
  refusals: { PICK_UP_UNDONE: 409 },
})

export const listUncollected = route({
  name: 'listUncollected',
  summary: 'What of one group buy still lies at a compound, by household: building, unit, room, as numbers.',
  method: 'GET',
  path: '/api/orders/compounds/{compoundId}/group-buys/{groupBuyId}/uncollected',
  access: ['worker', 'admin'],
  params: z.strictObject({ compoundId: idSchema, groupBuyId: idSchema }),
  output: z.strictObject({
    groupBuyTitle: z.string(),
    pickUpEndsAt: instantSchema,
    /** Of all households, also of those that are not shown. */
    householdCount: z.int(),
    portionsLeft: z.int(),
    items: z
      .array(
        z.strictObject({
          householdLabel: z.string(),
          orders: z.array(
            z.strictObject({
              orderId: clientIdSchema,
              pickUpCode: z.string(),
              lines: z.array(pickUpLineSchema),
            }),
          ),
        }),
      )
      .max(UNCOLLECTED_MAX),
    more: z.boolean(),
  }),
})

export const getCounter = route({
  name: 'getCounter',
  summary: "A compound's pick-up counter today: the group buys whose goods are handed out, and the last hand-outs.",
  method: 'GET',
  path: '/api/orders/compounds/{compoundId}/counter',
  access: ['worker', 'admin'],
  params: z.strictObject({ compoundId: idSchema }),
  output: z.strictObject({
    groupBuys: z.array(
      z.strictObject({
        groupBuyId: idSchema,
        title: z.string(),
        pickUpStartsAt: instantSchema,
        pickUpEndsAt: instantSchema,
      }),
    ),
    /** Newest first. */
    pickUps: z
      .array(staffPickUpSchema.extend({ orderId: clientIdSchema, householdLabel: z.string(), pickUpCode: z.string() }))
      .max(PICK_UPS_FOUND_MAX),
  }),
})

/** As many orders as a counter keeps for the time without a network. */
export const COUNTER_ORDERS_MAX = 600

export const listCounterOrders = route({
  name: 'listCounterOrders',
  summary:
    "Everything a compound's counter may hand out now, in one answer, for a counter that goes on without a network: rooms, codes and portions, no names and no money. What still lies there comes first.",
  method: 'GET',
  path: '/api/orders/compounds/{compoundId}/counter/orders',
  access: ['worker', 'admin'],
  params: z.strictObject({ compoundId: idSchema }),
  output: z.strictObject({
    /** The moment of the list. */
    at: instantSchema,
    items: z.array(counterOrderSchema).max(COUNTER_ORDERS_MAX),
    /** True when there are others that are not in the list. */
    more: z.boolean(),
  }),
})

export const ordersRoutes = [
  listMyOrders,
  placeOrder,
  findHousehold,
  findUnpaidOrders,
  placeOrderFor,
  listPlacedFor,
  listDoors,
  saveDoor,
  endDoor,
  getOrder,
  listCompoundShares,
  getSortingSheet,
  findPickUps,
  collectShares,
  undoPickUp,
  listUncollected,
  getCounter,
  listCounterOrders,
] as const
