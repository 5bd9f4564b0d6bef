import { type CashDay, CASH_MOVES_MAX } from '#shared/contracts/cash.ts'
import { expectedFen } from '#shared/domain/cash/cash-day.ts'
import { fen } from '#shared/kernel/money.ts'
import { getCashDayItem } from '#functions/platform/table/cash-moves.ts'
import { type CashDayItem, cashDayItem, cashMoveItem } from '#functions/platform/table/items/cash.ts'
import { orderLinesItem } from '#functions/platform/table/items/order-lines.ts'
import { orderItem, refundItem } from '#functions/platform/table/items/orders.ts'
import { bankReferenceItem } from '#functions/platform/table/items/settlement.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { batchGet, NOT_EXISTS, query, queryAll, transact, type Write } from '#functions/platform/table/table.ts'

/** A day that nobody touched yet is open and empty. */
export async function loadCashDay(communityId: string, day: string): Promise<CashDayItem> {
  const found = await getCashDayItem(communityId, day)
  return (
    found ?? {
      ...{ entity: 'cashDay', v: 1, communityId, day, state: 'open', takenFen: fen(0), handedBackFen: fen(0) },
      ...{ moveCount: 0, version: 0 },
    }
  )
}

export async function cashDayView(item: CashDayItem, callerId: string): Promise<CashDay> {
  const { communityId, day, state, takenFen, handedBackFen, moveCount, version } = item
  const { PK } = keys.cashDay(communityId, day)
  const moves = await queryAll(cashMoveItem, { pk: PK, prefix: 'MOVE#', max: CASH_MOVES_MAX })
  const { countedFen, countedAt, countedBy, countedWords, bankReference, bankedOn, bankedAt } = item
  return {
    ...{ communityId, day, state, takenFen, handedBackFen, moveCount, version },
    expectedFen: expectedFen(item),
    moves: moves.map(({ moveId, kind, at, orderId, amountFen }) => ({ moveId, kind, at, orderId, amountFen })),
    ...(countedFen === undefined || countedAt === undefined
      ? {}
      : {
          counted: {
            ...{ countedFen, at: countedAt, byCaller: countedBy === callerId },
            ...(countedWords === undefined ? {} : { words: countedWords }),
          },
        }),
    ...(bankReference === undefined || bankedOn === undefined || bankedAt === undefined
      ? {}
      : { banked: { bankReference, bankedOn, at: bankedAt } }),
  }
}

/** Written over the version that was read, and no other; `beside` belongs to it. */
export async function saveCashDay(before: CashDayItem, change: Partial<CashDayItem>, beside: readonly Write[] = []) {
  const after = cashDayItem.parse({ ...before, ...change, version: before.version + 1 })
  const result = await transact([
    {
      put: { ...keys.cashDay(after.communityId, after.day), ...after },
      condition: '#version = :version',
      expression: { names: { '#version': 'version' }, values: { ':version': before.version } },
    },
    ...beside,
  ])
  if (result.kind === 'done') return { kind: 'done' as const, item: after }
  return { kind: result.failed.some(({ position }) => position === 1) ? ('reference' as const) : ('moved' as const) }
}

/** A slip's number is used once, for payouts and banked cash alike. */
export function bankReferenceWrite(reference: string, what: string): Write {
  return {
    put: {
      ...keys.bankReference(reference),
      ...bankReferenceItem.parse({ entity: 'bankReference', v: 1, usedBy: what }),
    },
    condition: NOT_EXISTS,
  }
}

/** Refunds that wait to be handed back, with whose they are (pattern 92). The index lags: the refund says what it is. */
export async function pageOfCashDue(communityId: string, limit: number, cursor: string | undefined) {
  const pk = index.cashDue(communityId, '', '').GSI1PK
  const page = await query(refundItem, { pk, index: 'GSI1', limit, cursor })
  const refunds = page.items.filter(({ state }) => state === 'decided')
  const orderIds = [...new Set(refunds.map(({ orderId }) => orderId))]
  const [orders, lines] = await Promise.all([
    batchGet(
      orderItem,
      orderIds.map((orderId) => keys.order(orderId)),
    ),
    batchGet(
      orderLinesItem,
      orderIds.map((orderId) => keys.orderLines(orderId)),
    ),
  ])
  const items = refunds.flatMap(({ refundId, orderId, amountFen, decidedAt }) => {
    const order = orders.find((each) => each.orderId === orderId)
    const bought = lines.find((each) => each.orderId === orderId)
    if (order === undefined || bought === undefined) return []
    const { compoundName, householdLabel } = bought
    return [{ refundId, orderId, compoundName, householdLabel, pickUpCode: order.pickUpCode, amountFen, decidedAt }]
  })
  return { items, ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }) }
}
