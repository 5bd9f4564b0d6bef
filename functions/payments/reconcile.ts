import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import {
  EARLIER_DAYS,
  FINDINGS_MAX,
  getReconciliation as getReconciliationRoute,
  PARTS_MAX,
  reconcilePayments as reconcilePaymentsRoute,
} from '#shared/contracts/payments-reconciliation.ts'
import { isDone, noLongerFound, reportOf, sumByKind } from '#shared/domain/payments/reconciliation-report.ts'
import { DAY_MS, type Instant, instantSchema, plusMs, toMs } from '#shared/kernel/time.ts'
import { http } from '#functions/platform/http.ts'
import { Invalid } from '#functions/platform/invalid.ts'
import { log } from '#functions/platform/log.ts'
import type { PaymentPort } from '#functions/platform/payments/port.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import { scheduleHandler } from '#functions/platform/schedule.ts'
import { foreignCursor } from '#functions/platform/table/cursor.ts'
import type { ReconciliationPartItem } from '#functions/platform/table/items/reconciliation.ts'
import { compareFrom, placeSchema } from './compare-with-provider.ts'
import { loadLastNight, loadEarlierParts, loadLastPart, loadPart, loadParts, savePart } from './reconcile-store.ts'

/** A webhook can be lost, and the provider sends one again for about three days. */
const LOOK_BACK_MS = 4 * DAY_MS
/** An unfinished night that is older is not gone on with. */
const NIGHTS_BACK_MS = 30 * DAY_MS
/** Half of what a request has: a page that was begun is compared to its end. */
const SPARE_MS = 14_000

/** Which comparison it is, and where it goes on. */
const wishSchema = z.strictObject({
  runId: z.string().max(100),
  by: z.enum(['night', 'admin']),
  since: instantSchema,
  startedAt: instantSchema,
  part: z.int().min(1).max(PARTS_MAX),
  place: placeSchema.optional(),
})
type Wish = z.infer<typeof wishSchema>

function newRun(by: Wish['by'], since: Instant, at: Instant): Wish {
  return { runId: randomUUID(), by, since, startedAt: at, part: 1 }
}

/** A shorter look would find less, and yet be shown in the place of what a night found. */
function newRunByHand(since: Instant | undefined, at: Instant): Wish {
  const latest = plusMs(at, -LOOK_BACK_MS)
  if (since !== undefined && toMs(since) > toMs(latest)) throw new Invalid({ since: '最晚从四天前开始核对' })
  return newRun('admin', since ?? latest, at)
}

const encode = (wish: Wish) => Buffer.from(JSON.stringify(wish)).toString('base64url')

/** A cursor is good only as the part before it has it: made up, it could be the last comparison for ever. */
async function goOnWith(cursor: string): Promise<Wish> {
  const wish = decode(cursor)
  const before = wish.part === 1 ? undefined : await loadPart({ ...wish, part: wish.part - 1 })
  if (before?.cursor !== cursor) throw foreignCursor()
  return wish
}

function decode(cursor: string): Wish {
  try {
    return wishSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
  } catch {
    throw foreignCursor()
  }
}

/**
 * One part of a comparison: as far as the time suffices, and at least a page. What it found is kept before it is told, so
 * that an administrator sees the same report as whoever asked.
 */
export async function reconcile(
  provider: PaymentPort,
  wish: Wish,
  at: Instant,
  hasTime: () => boolean,
): Promise<ReconciliationPartItem> {
  // Asked twice: what a second look would do by itself is left to the next comparison, whose report tells of it.
  const known = await loadPart(wish)
  if (known !== undefined) return known
  const { checked, kept, sums, place } = await compareFrom(provider, wish, at, hasTime)
  const { runId, by, since, startedAt, part } = wish
  const kinds = sumByKind(sums)
  const item: ReconciliationPartItem = {
    ...{ entity: 'reconciliationPart', v: 1, runId, by, since, startedAt, part, endedAt: at },
    ...(place === undefined ? {} : { cursor: encode({ ...wish, part: part + 1, place }) }),
    ...{ ...checked, kinds, findings: [...kept] },
  }
  await savePart(item)
  for (const { kind, count, sumFen } of kinds) {
    const facts = { runId, kind, count, sumFen }
    if (isDone(kind)) log('warn', 'payments taken in late', facts)
    else log('error', 'payments are not in order', facts)
  }
  return item
}

export const reconcilePayments = http(
  reconcilePaymentsRoute,
  async ({ body }, { now, remainingMs }) => {
    const { since, cursor } = body
    const wish = cursor === undefined ? newRunByHand(since, now) : await goOnWith(cursor)
    await reconcile(payments, wish, now, () => remainingMs() > SPARE_MS)
    return reportOf(await loadParts(wish))
  },
  { freshRoles: true },
)

export const getReconciliation = http(getReconciliationRoute, async (_input, { now }) => {
  const last = await loadLastPart()
  if (last === undefined) return { earlier: [] }
  const since = plusMs(now, -EARLIER_DAYS * DAY_MS)
  const [parts, before] = await Promise.all([loadParts(last), loadEarlierParts(since, last.runId)])
  return { report: reportOf(parts), earlier: noLongerFound(parts, before).slice(0, FINDINGS_MAX) }
})

/** A night that was too short is gone on with in the next one, before that night's own comparison. */
export async function reconcileNightly(provider: PaymentPort, at: Instant, hasTime: () => boolean) {
  // Not the last comparison: an administrator's, made since then, leaves the night as unfinished as it was.
  const last = await loadLastNight(plusMs(at, -NIGHTS_BACK_MS))
  const parts: ReconciliationPartItem[] = []
  if (last?.cursor !== undefined) {
    // What cannot be gone on with must not keep the new night from being compared.
    try {
      parts.push(await reconcile(provider, decode(last.cursor), at, hasTime))
    } catch (error) {
      log('error', 'comparison not gone on with', { runId: last.runId, why: error instanceof Error ? error.name : '' })
    }
  }
  const isAtItsEnd = parts.every(({ cursor }) => cursor === undefined) && hasTime()
  if (parts.length === 0 || isAtItsEnd) {
    parts.push(await reconcile(provider, newRun('night', plusMs(at, -LOOK_BACK_MS), at), at, hasTime))
  }
  const total = (count: (part: ReconciliationPartItem) => number) => parts.reduce((sum, part) => sum + count(part), 0)
  return {
    checked: total((part) => part.checked),
    applied: total((part) => part.applied),
    parked: total((part) => part.parked),
    refunds: total((part) => part.refunds),
    orders: total((part) => part.orders),
    differences: total(({ kinds }) => kinds.reduce((sum, { kind, count }) => sum + (isDone(kind) ? 0 : count), 0)),
    unfinished: total(({ cursor }) => (cursor === undefined ? 0 : 1)),
  }
}

export const nightly = scheduleHandler('reconcile-payments', (at, hasTime) => reconcileNightly(payments, at, hasTime))
