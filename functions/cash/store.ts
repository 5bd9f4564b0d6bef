import {
  CASH_COUNTS_A_DAY_MAX,
  type CashCount,
  type CashCountShown,
  type CashDay,
  type CashMove,
  type CashTill,
} from '#shared/contracts/cash.ts'
import { bankingHint } from '#shared/domain/cash/bank.ts'
import { emptyBook, overShortSince } from '#shared/kernel/cash-book.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import { type Instant, plusDays, shanghaiDay } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { type Caller, isAdmin, worksFor } from '#functions/platform/caller.ts'
import { Missing } from '#functions/platform/missing.ts'
import {
  type Book,
  BOOK_TRIES_MAX,
  findCashId,
  getCashCount,
  loadBook,
  loadTill,
  waitForBook,
} from '#functions/platform/table/cash-book.ts'
import {
  type CashCountItem,
  cashCountItem,
  type CashDayItem,
  cashDayItem,
  type CashIdItem,
  type CashMoveItem,
  cashMoveItem,
  cashTillItem,
} from '#functions/platform/table/items/cash.ts'
import { orderLinesItem } from '#functions/platform/table/items/order-lines.ts'
import { orderItem, parkedItem, refundItem } from '#functions/platform/table/items/orders.ts'
import { type CommunityItem, communityItem } from '#functions/platform/table/items/places.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { failedRefundId } from '#functions/platform/table/parked-id.ts'
import {
  batchGet,
  get,
  query,
  queryAll,
  transact,
  type Transacted,
  type Write,
} from '#functions/platform/table/table.ts'

/** The desk of another community does not exist. */
export async function deskOf(caller: Caller, communityId: string): Promise<CommunityItem> {
  if (!worksFor(caller, communityId)) throw new Missing()
  const community = await get(communityItem, keys.place('community', communityId))
  if (community === undefined) throw new Missing()
  return community
}

/** What the drawer has to hold is told to a worker in the answer to their own count and nowhere else. */
export function isBlind(caller: Caller): boolean {
  return !isAdmin(caller)
}

/** Whoever has not counted today may be the next to: figures of counts are not for them. */
async function hasToCount(caller: Caller, communityId: string, today: string): Promise<boolean> {
  if (!isBlind(caller)) return false
  const day = await get(cashDayItem, keys.cashDay(communityId, today))
  return day?.countedBy.includes(caller.personId) !== true
}

/** What a past day ended with is what the till held this morning, unless another day with lines came between. */
async function tellsToday(communityId: string, asked: string, today: string): Promise<boolean> {
  const last = await dayBefore(communityId, today)
  return last === undefined || last.day <= asked
}

export async function tillView({ communityId, name }: CommunityItem, caller: Caller, now: Instant): Promise<CashTill> {
  const today = shanghaiDay(now)
  const [stored, mustCount] = await Promise.all([loadTill(communityId), hasToCount(caller, communityId, today)])
  const till = stored ?? { ...emptyBook(now), lastCount: undefined }
  const { balanceFen, version, lastCount, lastBanked } = till
  const count = lastCount && (await getCashCount({ communityId, ...lastCount }))
  return {
    ...{ communityId, communityName: name, version, banking: bankingHint(till, caller.personId) },
    ...(isBlind(caller) ? {} : { balanceFen }),
    ...(balanceFen < 0 ? { laidOutFen: -balanceFen } : {}),
    ...(count === undefined ? {} : { lastCount: countShown(count, caller, mustCount) }),
    ...(lastBanked === undefined ? {} : { lastBankedAt: lastBanked.at }),
  }
}

/**
 * A day as its item has it, with the lines that item knows of: a line that comes while this is read belongs to the next look,
 * so that what is shown always adds up.
 */
export async function dayView(
  { communityId, name }: CommunityItem,
  day: string,
  caller: Caller,
  now: Instant,
  page: { readonly limit: number; readonly cursor: string | undefined },
): Promise<CashDay> {
  const item = await get(cashDayItem, keys.cashDay(communityId, day))
  const desk = { communityId, communityName: name, day }
  const today = shanghaiDay(now)
  const mustCount =
    (await hasToCount(caller, communityId, today)) && (day >= today || (await tellsToday(communityId, day, today)))
  const hidden = mustCount || (day >= today && isBlind(caller))
  if (item === undefined) {
    const openingFen = await closingBefore(communityId, day)
    const sums = { takenFen: 0, handedBackFen: 0, bankedFen: 0, broughtInFen: 0, overShortFen: 0 }
    const figures = hidden ? {} : { openingFen, sums, closingFen: openingFen }
    return { ...desk, ...figures, moveCount: 0, counts: [], items: [] }
  }
  const line = (make: typeof keys.cashMove) => {
    const [first, last] = [make(communityId, day, 0), make(communityId, day, item.lastSeq)]
    return { pk: first.PK, between: [first.SK, last.SK] as const }
  }
  const [moves, counts] = await Promise.all([
    query(cashMoveItem, { ...line(keys.cashMove), ...page }),
    queryAll(cashCountItem, { ...line(keys.cashCount), max: CASH_COUNTS_A_DAY_MAX }),
  ])
  const { openingFen, closingFen, takenFen, handedBackFen, bankedFen, broughtInFen, overShortFen } = item
  const sums = { takenFen, handedBackFen, bankedFen, broughtInFen, overShortFen }
  return {
    ...{ ...desk, moveCount: item.moveCount },
    ...(hidden ? {} : { openingFen, sums, closingFen }),
    counts: counts.map((count) => countShown(count, caller, mustCount)),
    items: moves.items.map((move) => moveView(move, hidden)),
    ...(moves.nextCursor === undefined ? {} : { nextCursor: moves.nextCursor }),
  }
}

/** A day on which nothing happened begins and ends with what the last one before it ended with. */
async function closingBefore(communityId: string, day: string): Promise<number> {
  return (await dayBefore(communityId, day))?.closingFen ?? 0
}

/** The last day with lines before another. */
async function dayBefore(communityId: string, day: string): Promise<CashDayItem | undefined> {
  const first = keys.cashDay(communityId, '0')
  const between = [first.SK, keys.cashDay(communityId, plusDays(day, -1)).SK] as const
  const { items } = await query(cashDayItem, { pk: first.PK, between, newestFirst: true, limit: 1 })
  return items[0]
}

export function moveView(item: CashMoveItem, hidden: boolean): CashMove {
  const { moveId, seq, kind, deltaFen, balanceFen, at, byName } = item
  const { orderId, receivedBy, bankReference, bankedOn, words } = item
  return {
    ...{ moveId, seq, kind, deltaFen, at, byName },
    ...(hidden ? {} : { balanceFen }),
    ...(orderId === undefined ? {} : { orderId }),
    ...(receivedBy === undefined ? {} : { receivedBy }),
    ...(bankReference === undefined || bankedOn === undefined ? {} : { bankReference, bankedOn }),
    ...(words === undefined ? {} : { words }),
  }
}

export function countView(item: CashCountItem, { personId }: Caller): CashCount {
  const { countId, seq, at, by, byName, countedFen, expectedFen, words } = item
  return {
    ...{ countId, seq, at, byName, byCaller: by === personId, countedFen, expectedFen },
    differenceFen: countedFen - expectedFen,
    ...(words === undefined ? {} : { words }),
  }
}

function countShown(item: CashCountItem, caller: Caller, mustCount: boolean): CashCountShown {
  const { countedFen, expectedFen, differenceFen, ...rest } = countView(item, caller)
  return mustCount ? rest : { ...rest, countedFen, expectedFen, differenceFen }
}

type Line<Item> = { readonly writes: Write[]; readonly item: Item }
type Once<Item, Code extends string> = {
  readonly id: string
  /** The same id with anything else is refused. */
  readonly hash: string
  readonly communityId: string
  readonly now: Instant
  readonly read: (of: CashIdItem) => Promise<Item | undefined>
  readonly decide: (book: Book) => Refused<Code> | Line<Item>
  /** Why, when it was not the book that moved. */
  readonly why?: (failed: Extract<Transacted, { kind: 'failed' }>) => Refused<Code> | undefined
}

/** Writes a line of a till's book once, whoever else writes meanwhile and however often it is sent. */
export async function writeOnce<Item, Code extends string>(
  line: Once<Item, Code>,
): Promise<Item | Refused<Code | 'CASH_ID_REUSED'>> {
  let refusal: Refused<Code> | undefined
  for (let attempt = 0; attempt < BOOK_TRIES_MAX; attempt++) {
    await waitForBook(attempt)
    const known = await findCashId(line.id)
    if (known !== undefined) {
      const item = known.hash === line.hash ? await line.read(known) : undefined
      return item ?? refused('CASH_ID_REUSED', '这个编号已经登记过别的，请刷新页面')
    }
    // Only on the second look: what is refused may be what this very request, sent twice, has written meanwhile.
    if (refusal !== undefined) return refusal
    const next = line.decide(await loadBook(line.communityId, line.now))
    if (!('writes' in next)) {
      refusal = next
      continue
    }
    const saved = await transact(next.writes)
    if (saved.kind === 'done') return next.item
    refusal = line.why?.(saved)
  }
  throw new Busy()
}

/** Every till, by community (pattern 94); the index is a hint, what is in a till is read from the till. */
export async function pageOfTills(today: string, limit: number, cursor: string | undefined) {
  const { GSI1PK: pk } = index.cashTills('')
  const { items, ...next } = await query(cashTillItem, { pk, index: 'GSI1', limit, cursor })
  const places = await batchGet(
    communityItem,
    items.map(({ communityId }) => keys.place('community', communityId)),
  )
  const names = new Map(places.map(({ communityId, name }) => [communityId, name]))
  return {
    items: items.map(({ communityId, balanceFen, startedAt, lastCount, lastBanked, ...till }) => ({
      ...{ communityId, communityName: names.get(communityId) ?? communityId, balanceFen, startedAt },
      ...overShortSince({ ...till, balanceFen }, today),
      ...(lastCount === undefined ? {} : { lastCountAt: lastCount.at }),
      ...(lastCount?.differenceFen === undefined ? {} : { lastDifferenceFen: lastCount.differenceFen }),
      ...(lastBanked === undefined ? {} : { lastBankedAt: lastBanked.at }),
    })),
    ...next,
  }
}

/** Refunds that wait to be handed back, with whose they are (pattern 92). The index lags: the refund says what it is. */
export async function pageOfCashDue(
  communityId: string,
  { personId }: Caller,
  limit: number,
  cursor: string | undefined,
) {
  const pk = index.cashDue(communityId, '', '').GSI1PK
  const page = await query(refundItem, { pk, index: 'GSI1', limit, cursor })
  const failed = page.items.filter(({ state }) => state === 'failed')
  const parked = await batchGet(
    parkedItem,
    failed.map(({ refundId }) => keys.parked(failedRefundId(refundId))),
  )
  const open = new Set(parked.filter(({ state }) => state === 'open').map(({ parkedId }) => parkedId))
  const refunds = page.items.filter(({ state, refundId }) => state === 'decided' || open.has(failedRefundId(refundId)))
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
  const items = refunds.flatMap(({ refundId, orderId, state, amountFen, decidedAt, decidedBy }) => {
    const order = orders.find((each) => each.orderId === orderId)
    const bought = lines.find((each) => each.orderId === orderId)
    if (order === undefined || bought === undefined) return []
    const { compoundName, householdLabel } = bought
    const whose = { compoundName, householdLabel, pickUpCode: order.pickUpCode }
    const byLink = order.payLink === undefined ? {} : { byPayLink: true as const }
    const how = state === 'failed' ? { byPhone: true as const, ...byLink } : {}
    const byCaller = {
      decidedByCaller: decidedBy === personId,
      placedByCaller: order.placedBy !== undefined && order.personId === personId,
    }
    return [{ refundId, orderId, ...whose, amountFen, decidedAt, ...byCaller, ...how }]
  })
  return { items, ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }) }
}
