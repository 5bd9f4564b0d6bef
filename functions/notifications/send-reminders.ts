import { dueReminder } from '#shared/domain/notifications/reminders.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { log } from '#functions/platform/log.ts'
import { linesOf, loadOwedShares } from '#functions/platform/table/group-buy-shares.ts'
import type { GroupBuyItem } from '#functions/platform/table/items/group-buys.ts'
import { tellHousehold, tellPerson } from '#functions/platform/table/notices.ts'
import {
  getGroupBuy,
  hasOrdered,
  ordersOf,
  pageOfComing,
  pageOfReminders,
  remindedOf,
  saveReminded,
  tellOnce,
  type UnpaidOrder,
  unpaidOrders,
} from './reminder-store.ts'

const TOLD_AT_ONCE = 8
const SHARES_AT_ONCE = 100

/**
 * Reminds of what ends soon, once. The mark that all are reminded comes last, and each reminder has a key of its own: cut off
 * anywhere, the next run does what is left.
 */
export async function sendReminders(
  now: Instant,
  hasTime: () => boolean,
): Promise<{ reminded: number; failed: number }> {
  const counts = { reminded: 0, failed: 0 }
  let unpaid: Promise<UnpaidOrder[]> | undefined
  let cursor: string | undefined
  do {
    const page = await pageOfComing(now, cursor)
    const ids = page.items.map(({ groupBuyId }) => groupBuyId)
    const done = await remindedOf(ids)
    for (const groupBuyId of ids) {
      if (!hasTime()) return counts
      // One group buy that cannot be told of must not keep the others waiting.
      try {
        const groupBuy = await getGroupBuy(groupBuyId)
        const due = groupBuy === undefined ? undefined : dueReminder(groupBuy, now)
        if (groupBuy === undefined || due === undefined || done.has(`${groupBuyId} ${due.kind}`)) continue
        const told =
          due.kind === 'closing-soon'
            ? await tellOfClosing(groupBuy, due.at, await (unpaid ??= unpaidOrders(now)), hasTime)
            : await tellOfPickUp(groupBuy, due.at, hasTime)
        counts.reminded += told.count
        if (told.all) await saveReminded(groupBuyId, due.kind, now)
      } catch (error) {
        counts.failed++
        log('error', 'not reminded', { groupBuyId, why: error instanceof Error ? error.message.slice(0, 200) : '' })
      }
    }
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return counts
}

type Told = { readonly count: number; readonly all: boolean }

/** Who has not paid yet, then who asked, unless their household has ordered. */
async function tellOfClosing(
  { groupBuyId }: GroupBuyItem,
  at: Instant,
  unpaid: readonly UnpaidOrder[],
  hasTime: () => boolean,
): Promise<Told> {
  const notice = { kind: 'closing-soon', at, of: groupBuyId, groupBuyId } as const
  const orders = unpaid.filter(({ groupBuyIds }) => groupBuyIds.includes(groupBuyId)).map(({ order }) => order)
  const first = await eachInTime(orders, hasTime, ({ personId, orderId }) =>
    tellOnce(tellPerson(personId, { ...notice, orderId })),
  )
  let { count, all } = first
  let cursor: string | undefined
  do {
    const page = await pageOfReminders(groupBuyId, cursor)
    const told = await eachInTime(page.items, hasTime, async ({ personId, householdId }) => {
      if (await hasOrdered(groupBuyId, householdId)) return false
      return tellOnce(tellPerson(personId, notice))
    })
    count += told.count
    all &&= told.all
    cursor = page.nextCursor
  } while (cursor !== undefined && all)
  return { count, all }
}

/** Goods that came and were not collected, wholly or in part: the household is told, for any of them may go. */
async function tellOfPickUp({ groupBuyId }: GroupBuyItem, at: Instant, hasTime: () => boolean): Promise<Told> {
  const waiting = (await loadOwedShares(groupBuyId)).paid.filter(({ state }) => state === 'ready')
  let count = 0
  for (let from = 0; from < waiting.length; from += SHARES_AT_ONCE) {
    const shares = waiting.slice(from, from + SHARES_AT_ONCE)
    const [orders, lines] = await Promise.all([ordersOf(shares), linesOf(shares)])
    const told = await eachInTime(shares, hasTime, async ({ orderId, saleId }) => {
      const order = orders.get(orderId)
      if (order === undefined) return false
      const place = lines.get(orderId)?.pickUpPoint.name
      return tellOnce(tellHousehold(order, { kind: 'pick-up-ends-soon', at, of: saleId, groupBuyId, place }))
    })
    count += told.count
    if (!told.all) return { count, all: false }
  }
  return { count, all: true }
}

async function eachInTime<Item>(
  items: readonly Item[],
  hasTime: () => boolean,
  tell: (item: Item) => Promise<boolean>,
): Promise<Told> {
  const told = await inParallel(items, TOLD_AT_ONCE, async (item) => (hasTime() ? tell(item) : undefined))
  return { count: told.filter(Boolean).length, all: !told.includes(undefined) }
}
