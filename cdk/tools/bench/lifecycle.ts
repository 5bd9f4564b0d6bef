import { setTimeout as sleep } from 'node:timers/promises'
import {
  checkDelivery,
  finishWeighing,
  getWeighIn,
  listDeliveries,
  saveWeights,
} from '../../../shared/contracts/deliveries.ts'
import { getFund } from '../../../shared/contracts/fund.ts'
import { getGroupBuy, getPurchaseOrder } from '../../../shared/contracts/group-buys.ts'
import { getOrder, getSortingSheet } from '../../../shared/contracts/orders.ts'
import { percentile } from '../demo/lag.ts'
import { eachOf, must } from '../demo/http-client.ts'
import { type OwnSystem, startOwnSystem } from '../demo/own-system.ts'
import { say } from '../result.ts'
import { round } from './load.ts'
import { checkoutQuick, payQuick, placeQuick } from './quick-order.ts'
import { type Household, makeDistrict, openOffers, settleIn, type SmallDistrict } from './small-district.ts'
import { mintOf } from './tokens.ts'

/**
 * The whole life of one large group buy: two thousand orders of fifty compounds close, everybody gets a price difference,
 * one portion of each compound is short, one in ten melons is too light; then all sheets, and all sums to the fen.
 */
const ORDERS = 2_000
const COMPOUNDS = 50
const ORDERING_MS = 150_000
const ORDERS_AT_ONCE = 32
const WORKERS_AT_ONCE = 4
const SHEETS_AT_ONCE = 2
const PURCHASE_ORDERS = 20
const CLOSED_WITHIN_MS = 300_000
const GIVEN_BACK_WITHIN_MS = 900_000
const WEIGHED_GRAMS = 2_500
const PORTIONS = 2

type Paid = { readonly orderId: string; readonly household: Household }

export async function benchLifecycle() {
  const system = await startOwnSystem({ seed: false, reservationMinutes: 25, afterSalesHours: 48, tickSeconds: 2 })
  try {
    return await live(system)
  } finally {
    await system.close()
  }
}

async function live(system: OwnSystem) {
  const district = await makeDistrict(system.url, await mintOf(system.dataDir), COMPOUNDS)
  const households = await settleIn(district, ORDERS)
  const closesAtMs = Math.floor((Date.now() + ORDERING_MS) / 1_000) * 1_000
  const wanted = [
    { priceFen: 860, stock: 100_000, limit: 20, priceSteps: [{ fromPortions: ORDERS, priceFen: 820 }] },
    { priceFen: 1_299, stock: 100_000, limit: 20, weighedGrams: WEIGHED_GRAMS },
  ]
  const { groupBuyId, offerIds } = await openOffers(district, 'gb-life', wanted, ORDERING_MS)
  const orders = await orderAll(system, households, groupBuyId, offerIds)
  say(`ordered and paid: ${orders.length}`)

  const { decidedAtMs, decidedSeenMs } = await decided(district, groupBuyId, closesAtMs)
  say(`decided ${decidedSeenMs - closesAtMs} ms after the closing time`)
  const stepsMs = await timed(() => givenBack(district, orders, 'confirmed'))
  say(`price differences given back in ${Math.round(stepsMs)} ms`)
  const allocateMs = await timed(() => countAll(district, groupBuyId, offerIds))
  const weighMs = await timed(() => weighAll(district, groupBuyId))
  const restMs = await timed(() => givenBack(district, orders, 'ready'))
  say(`counted in ${Math.round(allocateMs)} ms, weighed in ${Math.round(weighMs)} ms`)

  const sheets = await allSheets(district, groupBuyId)
  const sums = await sumsOf(district, groupBuyId, orders)
  return {
    orders: orders.length,
    compounds: COMPOUNDS,
    closeMs: Math.round(decidedAtMs - closesAtMs),
    refundMs: Math.round(decidedSeenMs - decidedAtMs + stepsMs),
    allocateMs: Math.round(allocateMs),
    weighMs: Math.round(weighMs + restMs),
    sheetP95Ms: round(percentile(sheets.all, 95)),
    purchaseOrderP95Ms: round(percentile(sheets.purchaseOrders, 95)),
    sortingSheetP95Ms: round(percentile(sheets.sortingSheets, 95)),
    refunds: sums.refunds,
    refundedFen: sums.refundedFen,
    sums: sums.figures,
    sumsAgree: sums.agree,
    ok: orders.length === ORDERS && sums.agree,
  }
}

async function orderAll(
  { url }: OwnSystem,
  households: readonly Household[],
  groupBuyId: string,
  offerIds: readonly string[],
): Promise<Paid[]> {
  const paid: Paid[] = []
  await eachOf(households, ORDERS_AT_ONCE, async (household, at) => {
    const lines = offerIds.map((offerId) => ({ groupBuyId, offerId, quantity: 1 + (at % PORTIONS) }))
    const placed = await placeQuick(url, household, lines)
    if (placed.status !== 200) throw new Error(`an order was refused: ${placed.status} ${placed.code}`)
    await payQuick(await checkoutQuick(url, household, placed.orderId))
    paid.push({ orderId: placed.orderId, household })
  })
  return paid
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}

/** When the group buy was decided by its own clock, and when that was seen here. */
async function decided({ url, admin }: SmallDistrict, groupBuyId: string, closesAtMs: number) {
  await sleep(Math.max(0, closesAtMs - Date.now()))
  for (;;) {
    const { state } = await must(url, getGroupBuy, { params: { groupBuyId } })
    if (state === 'confirmed') break
    if (state === 'ended' || state === 'refunding') throw new Error('the group buy failed')
    if (Date.now() > closesAtMs + CLOSED_WITHIN_MS) throw new Error(`the group buy is still ${state}`)
    await sleep(100)
  }
  const decidedSeenMs = Date.now()
  const order = await must(url, getPurchaseOrder, { params: { groupBuyId }, token: admin })
  if (!order.final) throw new Error('a decided group buy is final')
  return { decidedAtMs: decidedSeenMs, decidedSeenMs }
}

/** Waits until every order is as far, and every refund of it has succeeded. */
async function givenBack({ url }: SmallDistrict, orders: readonly Paid[], state: 'confirmed' | 'ready'): Promise<void> {
  const deadline = Date.now() + GIVEN_BACK_WITHIN_MS
  let open = [...orders]
  while (open.length > 0) {
    const waiting: Paid[] = []
    await eachOf(open, WORKERS_AT_ONCE, async (paid) => {
      const { orderId, household } = paid
      const order = await must(url, getOrder, { params: { orderId }, token: household.token })
      const isThere = order.shares.every((share) => share.state === state || share.state === 'refunded')
      if (!isThere || order.refunds.some((refund) => refund.state !== 'succeeded')) waiting.push(paid)
    })
    if (waiting.length > 0 && Date.now() > deadline) throw new Error(`${waiting.length} orders are still not ${state}`)
    if (waiting.length > 0) await sleep(500)
    open = waiting
  }
}

/** A worker of each compound counts: of the first offer one portion is missing. */
async function countAll(
  { url, admin: token, compoundIds }: SmallDistrict,
  groupBuyId: string,
  offerIds: readonly string[],
) {
  await eachOf([...compoundIds], WORKERS_AT_ONCE, async (compoundId) => {
    const { items } = await must(url, listDeliveries, { params: { groupBuyId, compoundId }, token })
    for (const { pickUpPointId, version, lines } of items) {
      const counted = lines.map(({ offerId, orderedPortions }) => ({
        offerId,
        arrivedPortions: orderedPortions,
        refusedPortions: offerId === offerIds[0] ? 1 : 0,
      }))
      const params = { groupBuyId, compoundId, pickUpPointId }
      const { short } = await must(url, checkDelivery, { params, token, body: { version, lines: counted } })
      if (short.portions !== 1) throw new Error(`${compoundId}: ${short.portions} portions are short, not 1`)
    }
  })
}

/** Everything is weighed; one in ten is a tenth too light. */
async function weighAll({ url, admin: token, compoundIds }: SmallDistrict, groupBuyId: string): Promise<void> {
  await eachOf([...compoundIds], WORKERS_AT_ONCE, async (compoundId) => {
    const params = { groupBuyId, compoundId }
    const { lines } = await must(url, getWeighIn, { params, token })
    const weights = lines.map(({ orderId, lineId, nominalGrams }, at) => {
      return { orderId, lineId, grams: at % 10 === 0 ? Math.floor(nominalGrams * 0.9) : nominalGrams + 12 }
    })
    for (let from = 0; from < weights.length; from += 100) {
      await must(url, saveWeights, { params, token, body: { weights: weights.slice(from, from + 100) } })
    }
    await must(url, finishWeighing, { params, token, body: {} })
  })
}

async function allSheets({ url, admin: token, compoundIds }: SmallDistrict, groupBuyId: string) {
  const purchaseOrders: number[] = []
  const sortingSheets: number[] = []
  await eachOf(Array.from({ length: PURCHASE_ORDERS }), SHEETS_AT_ONCE, async () => {
    purchaseOrders.push(await timed(() => must(url, getPurchaseOrder, { params: { groupBuyId }, token })))
  })
  await eachOf([...compoundIds], SHEETS_AT_ONCE, async (compoundId) => {
    sortingSheets.push(await timed(() => must(url, getSortingSheet, { params: { compoundId, groupBuyId }, token })))
  })
  const sorted = (times: number[]) => times.sort((left, right) => left - right)
  return {
    purchaseOrders: sorted(purchaseOrders),
    sortingSheets: sorted(sortingSheets),
    all: sorted([...purchaseOrders, ...sortingSheets]),
  }
}

/** The same money four times: what orders say, what the co-op's sheet says, what the funds say; and portions twice. */
async function sumsOf({ url, admin: token, compoundIds }: SmallDistrict, groupBuyId: string, orders: readonly Paid[]) {
  let [paidFen, refundedFen, refundsFen, refunds] = [0, 0, 0, 0]
  await eachOf(orders, WORKERS_AT_ONCE, async ({ orderId, household }) => {
    const order = await must(url, getOrder, { params: { orderId }, token: household.token })
    paidFen += order.amountFen
    refundedFen += order.refundedFen
    refunds += order.refunds.length
    refundsFen += order.refunds.reduce((sum, refund) => sum + refund.amountFen, 0)
  })
  const purchase = await must(url, getPurchaseOrder, { params: { groupBuyId }, token })
  let sortedPortions = 0
  let [salesFen, reversedFen, exactE4Fen] = [0, 0, 0]
  for (const compoundId of compoundIds) {
    sortedPortions += (await must(url, getSortingSheet, { params: { compoundId, groupBuyId }, token })).portions
    const fund = await settledFund(url, compoundId, token)
    salesFen += fund.total.salesFen
    reversedFen += fund.total.reversedFen
    exactE4Fen += fund.total.postedFen * 10_000 + fund.carryE4Fen
  }
  const figures = {
    paidFen,
    refundedFen,
    sheetFen: purchase.amountFen,
    salesFen,
    reversedFen,
    portions: sortedPortions,
  }
  const agree =
    refundsFen === refundedFen &&
    purchase.amountFen === paidFen - refundedFen &&
    salesFen === paidFen &&
    reversedFen === refundedFen &&
    exactE4Fen === (paidFen - refundedFen) * RATE_BPS &&
    sortedPortions === purchase.portions
  return { refunds, refundedFen, figures, agree }
}

const RATE_BPS = 200

/** A fund once it stands still: reversals arrive over the stream a moment later. */
async function settledFund(url: string, compoundId: string, token: string) {
  for (let before = -1, tries = 0; ; tries++) {
    const fund = await must(url, getFund, { params: { compoundId }, token })
    if (fund.seq === before || tries > 50) return fund
    before = fund.seq
    await sleep(300)
  }
}
