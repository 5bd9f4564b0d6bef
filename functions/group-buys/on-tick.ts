import type * as z from 'zod'
import { isDueToClose, statesBeforeClosing } from '#shared/domain/group-buys/states.ts'
import { assert } from '#shared/kernel/assert.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { log } from '#functions/platform/log.ts'
import { scheduleHandler } from '#functions/platform/schedule.ts'
import { groupBuyWatchItem, type BucketItem, type GroupBuyItem } from '#functions/platform/table/items/group-buys.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { query, transact, type Write } from '#functions/platform/table/table.ts'
import { decideGroupBuy } from './decide-group-buy.ts'
import { openEditions } from './open-editions.ts'
import { loadGroupBuy } from './store.ts'

const PAGE = 50
const GROUP_BUYS_AT_ONCE = 4
const BUCKETS_AT_ONCE = 8

/**
 * Each minute: group buys past their closing time, then the next editions of those that are repeated. First every bucket is flipped to `closed`, each by its own condition; only
 * when all are, the group buy becomes `closing` and its watch turns to the decision, which waits until no order of it may be
 * paid any more. Cut off anywhere, the next tick finds the watch again and does what is left.
 *
 * `scheduled → open` needs no write: each bucket carries the time from which it sells.
 */
export const handler = scheduleHandler('group-buys/on-tick', async (now, hasTime) => {
  const counts = { closed: 0, bucketsClosed: 0, decided: 0, waiting: 0, failed: 0 }
  let cursor: string | undefined
  do {
    const page = await query(groupBuyWatchItem, {
      pk: index.watchedGroupBuys('', '').GSI1PK,
      // Key attributes take no empty string; every moment sorts after '0'.
      between: ['0', `${now}~`],
      index: 'GSI1',
      limit: PAGE,
      cursor,
    })
    const due = page.items.filter((watch) => isOurs(watch) && watch.dueAt <= now)
    await inParallel(due, GROUP_BUYS_AT_ONCE, async (watch) => {
      if (!hasTime()) return
      await actAndCount(watch, now, counts)
    })
    cursor = page.nextCursor
  } while (cursor !== undefined && hasTime())
  const editions = await openEditions(now, hasTime)
  return {
    ...counts,
    failed: counts.failed + editions.failed,
    editionsOpened: editions.opened,
    editionsRefused: editions.refused,
    editionsMissed: editions.missed,
  }
})

type Counts = { closed: number; bucketsClosed: number; decided: number; waiting: number; failed: number }
type Watch = z.output<typeof groupBuyWatchItem>

/** Giving back is for the context of payments, ending for the settlement. */
function isOurs({ due }: Watch): boolean {
  return due === 'close' || due === 'decide'
}

/** One group buy that cannot be closed does not keep the others open. */
async function actAndCount({ groupBuyId, due }: Watch, now: Instant, counts: Counts): Promise<void> {
  try {
    if (due === 'close') {
      const { closed, buckets } = await closeGroupBuy(groupBuyId, now)
      counts.bucketsClosed += buckets
      if (!closed) return
      counts.closed += 1
    }
    const decided = await decideGroupBuy(groupBuyId, now)
    if (decided !== 'nothing') counts[decided] += 1
  } catch (error) {
    counts.failed += 1
    const why = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown'
    log('error', 'group buy not closed', { groupBuyId, why })
  }
}

async function closeGroupBuy(groupBuyId: string, now: Instant): Promise<{ closed: boolean; buckets: number }> {
  const loaded = await loadGroupBuy(groupBuyId)
  if (loaded === undefined || !isDueToClose(loaded.groupBuy, now)) return { closed: false, buckets: 0 }
  const open = loaded.buckets.filter((bucket) => bucket.state === 'open')
  const flipped = await inParallel(open, BUCKETS_AT_ONCE, (bucket) => closeBucket(bucket, now))
  const done = await transact(closing(loaded.groupBuy, now))
  return { closed: done.kind === 'done', buckets: flipped.filter(Boolean).length }
}

/** Alone in its transaction: orders and releases of the last second must not make the others wait. */
async function closeBucket({ groupBuyId, offerId, n }: BucketItem, now: Instant): Promise<boolean> {
  const done = await transact([
    {
      update: keys.bucket(groupBuyId, offerId, n),
      set: 'SET #state = :closed',
      condition: '#state = :open AND closesAt <= :now',
      expression: { names: { '#state': 'state' }, values: { ':closed': 'closed', ':open': 'open', ':now': now } },
    },
  ])
  // Failed: another tick closed it, and nothing ever opens a bucket again.
  assert(done.kind === 'done' || done.failed[0]?.item?.state === 'closed', `bucket ${offerId} ${n} is still open`)
  return done.kind === 'done'
}

function closing({ groupBuyId }: GroupBuyItem, now: Instant): Write[] {
  const [scheduled, open] = statesBeforeClosing
  const found = index.watchedGroupBuys(now, groupBuyId)
  return [
    {
      update: keys.groupBuy(groupBuyId),
      set: 'SET #state = :closing',
      condition: '#state IN (:scheduled, :open) AND closesAt <= :now',
      expression: {
        names: { '#state': 'state' },
        values: { ':closing': 'closing', ':scheduled': scheduled, ':open': open, ':now': now },
      },
    },
    {
      update: keys.groupBuyWatch(groupBuyId),
      set: 'SET due = :decide, dueAt = :at, GSI1PK = :pk, GSI1SK = :sk',
      condition: 'due = :close',
      expression: {
        values: {
          ':decide': 'decide',
          ':close': 'close',
          ':at': now,
          ':pk': found.GSI1PK,
          ':sk': found.GSI1SK,
        },
      },
    },
  ]
}
