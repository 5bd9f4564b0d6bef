import type { SaleEvent } from '#shared/contracts/events.ts'
import { PARTS_MAX } from '#shared/contracts/payments-reconciliation.ts'
import type { OurPayment, OurRefund } from '#shared/domain/payments/compare-payment.ts'
import type { Instant, ShanghaiDay } from '#shared/kernel/time.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { saleEventItem } from '#functions/platform/table/items/ledger.ts'
import { type ParkedItem, parkedItem, type RefundItem, shareItem } from '#functions/platform/table/items/orders.ts'
import { compoundItem } from '#functions/platform/table/items/places.ts'
import { type ReconciliationPartItem, reconciliationPartItem } from '#functions/platform/table/items/reconciliation.ts'
import type { OrderParts } from '#functions/platform/table/order-partition.ts'
import { batchGet, get, NOT_EXISTS, type Page, query, queryAll, transact } from '#functions/platform/table/table.ts'
import { isOrderId } from './payment-store.ts'
import { loadOrderParts } from '#functions/platform/table/order-partition.ts'
import { GOES_BACK, parkedRefundId } from './parked-store.ts'

/** What we hold of a payment: its order, if that is paid by it; else whether it is parked. */
export async function loadOurs(paymentId: string, orderId: string | undefined): Promise<OurPayment | undefined> {
  const parts = isOrderId(orderId) ? await loadOrderParts(orderId) : undefined
  if (parts !== undefined && parts.order.paidBy === paymentId) return oursOfOrder(parts)
  const parked = await get(parkedItem, keys.parked(paymentId))
  return parked === undefined ? undefined : oursOfParked(parked)
}

function oursOfOrder({ order, refunds }: OrderParts): OurPayment {
  const { orderId, amountFen } = order
  return { orderId, amountFen, currency: 'cny', refunds: refunds.map(ourRefund) }
}

function ourRefund(refund: RefundItem): OurRefund {
  const { refundId, amountFen, state, decidedAt, reason, cashMoveId, paidOtherwiseAt } = refund
  const isElsewhere = reason === 'dispute' || cashMoveId !== undefined || paidOtherwiseAt !== undefined
  return { refundId, amountFen, state, decidedAt, route: isElsewhere ? 'elsewhere' : 'provider' }
}

const refundStateOf = {
  open: 'decided',
  refunding: 'asked',
  refunded: 'succeeded',
  failed: 'failed',
  closed: 'failed',
} as const satisfies Record<ParkedItem['state'], OurRefund['state']>

/** Parked money is one refund of all of it. Closed by a person, it went another way, or need not go back. */
function oursOfParked({ parkedId, orderId, amountFen, currency, state, parkedAt }: ParkedItem): OurPayment {
  const refund: OurRefund = {
    refundId: parkedRefundId(parkedId),
    amountFen,
    state: refundStateOf[state],
    route: state === 'closed' ? 'elsewhere' : 'provider',
    decidedAt: parkedAt,
  }
  return { orderId, amountFen, currency, refunds: amountFen === 0 ? [] : [refund] }
}

const COMPOUNDS_MAX = 10_000

/** Ids of all compounds, in order, so that a comparison can go on behind one. */
export async function loadCompoundIds(): Promise<string[]> {
  const pk = index.places('compound', '', '', '').GSI1PK
  const compounds = await queryAll(compoundItem, { pk, index: 'GSI1', max: COMPOUNDS_MAX })
  return compounds.map(({ compoundId }) => compoundId).sort()
}

const EVENTS_A_DAY_MAX = 100_000
const SHARES_A_PAGE = 1_000

/**
 * Ids of the orders of a compound that were paid on a Shanghai day, or gave something back on it, in order. From the sales
 * and reversals, which the fund is posted from: no list that is kept for the provider can be wrong together with it.
 */
export async function loadOrderIdsOf(compoundId: string, day: ShanghaiDay): Promise<string[]> {
  const { PK } = keys.event(compoundId, day, '', '')
  const events = await queryAll(saleEventItem, { pk: PK, prefix: 'sale.re', max: EVENTS_A_DAY_MAX })
  const wanted = new Map<string, Set<string>>()
  for (const sale of [...events, ...(await loadSalesOf(compoundId, events))]) {
    if (sale.type !== 'sale.recorded.v1' || sale.groupBuyId === undefined) continue
    const saleIds = wanted.get(sale.groupBuyId) ?? new Set()
    wanted.set(sale.groupBuyId, saleIds.add(sale.saleId))
  }
  const orderIds = new Set<string>()
  for (const [groupBuyId, saleIds] of wanted) {
    const { PK: pk, SK: prefix } = keys.share(groupBuyId, '')
    let cursor: string | undefined
    do {
      const page = await query(shareItem, { pk, prefix, limit: SHARES_A_PAGE, cursor })
      for (const share of page.items) if (saleIds.has(share.saleId)) orderIds.add(share.orderId)
      cursor = page.nextCursor
    } while (cursor !== undefined)
  }
  return [...orderIds].sort()
}

/** The sales that were reversed, which may be of another day. */
async function loadSalesOf(compoundId: string, events: readonly SaleEvent[]): Promise<SaleEvent[]> {
  const sales = new Map<string, { saleId: string; saleDay: ShanghaiDay }>()
  for (const event of events) if (event.type === 'sale.reversed.v1') sales.set(event.saleId, event)
  const wanted = [...sales.values()].map((sale) =>
    keys.event(compoundId, sale.saleDay, 'sale.recorded.v1', sale.saleId),
  )
  return batchGet(saleEventItem, wanted)
}

const PARKED_A_PAGE = 50

/** Parked money that goes back by itself: what is open, and what went back. `list` is where a comparison is. */
export async function pageOfParkedMoney(
  list: 'open' | 'back',
  since: string,
  cursor: string | undefined,
): Promise<Page<ParkedItem>> {
  const { GSI1PK: pk } = list === 'open' ? index.parked('', '') : index.parkedBack('', '')
  const range = list === 'open' ? {} : { between: [since, '~'] as const }
  const page = await query(parkedItem, { pk, index: 'GSI1', ...range, limit: PARKED_A_PAGE, cursor })
  return { ...page, items: page.items.filter(({ reason }) => GOES_BACK.has(reason)) }
}

/** Written once: a part that is there already was found by the same question, asked twice at the same time. */
export async function savePart(part: ReconciliationPartItem): Promise<void> {
  const key = keys.reconciliationPart(part.startedAt, part.runId, part.part)
  await transact([{ put: { ...key, ...reconciliationPartItem.parse(part) }, condition: NOT_EXISTS }])
}

export async function loadPart(
  of: Pick<ReconciliationPartItem, 'startedAt' | 'runId' | 'part'>,
): Promise<ReconciliationPartItem | undefined> {
  return get(reconciliationPartItem, keys.reconciliationPart(of.startedAt, of.runId, of.part))
}

/** All parts of a comparison, in order. */
export async function loadParts({ startedAt, runId }: { startedAt: string; runId: string }) {
  const { PK: pk, SK } = keys.reconciliationPart(startedAt, runId, 0)
  const prefix = SK.slice(0, SK.lastIndexOf('#') + 1)
  return queryAll(reconciliationPartItem, { pk, prefix, max: PARTS_MAX })
}

/** The last part of the comparison that was begun last. */
export async function loadLastPart(): Promise<ReconciliationPartItem | undefined> {
  const { PK: pk } = keys.reconciliationPart('', '', 0)
  const { items } = await query(reconciliationPartItem, { pk, limit: 1, newestFirst: true })
  return items[0]
}

const PARTS_A_PAGE = 20

/** Parts of all comparisons that were begun since, the newest first. */
async function* partsSince(since: Instant): AsyncGenerator<ReconciliationPartItem> {
  const { PK: pk } = keys.reconciliationPart('', '', 0)
  let cursor: string | undefined
  do {
    const between = [since, '~'] as const
    const page = await query(reconciliationPartItem, { pk, between, limit: PARTS_A_PAGE, newestFirst: true, cursor })
    yield* page.items
    cursor = page.nextCursor
  } while (cursor !== undefined)
}

/** The last part of the night that was begun last, none before `since`: what was compared by hand in between is passed over. */
export async function loadLastNight(since: Instant): Promise<ReconciliationPartItem | undefined> {
  for await (const part of partsSince(since)) if (part.by === 'night') return part
  return undefined
}

/** So many nights and comparisons by hand are in a month; of more the newest are read. */
const EARLIER_PARTS_MAX = 200

/** Parts that hold something, of comparisons other than this one. */
export async function loadEarlierParts(since: Instant, runId: string): Promise<ReconciliationPartItem[]> {
  const parts: ReconciliationPartItem[] = []
  let seen = 0
  for await (const part of partsSince(since)) {
    if (part.runId !== runId && part.findings.length > 0) parts.push(part)
    if (++seen >= EARLIER_PARTS_MAX) break
  }
  return parts
}
