import { assert } from '#shared/kernel/assert.ts'
import type { RootOfDay } from '#shared/domain/fund/day-root.ts'
import type { FundHead } from '#shared/domain/fund/head.ts'
import type { Posted } from '#shared/domain/fund/post-events.ts'
import type { PostedMovements, PostedProject } from '#shared/domain/fund/post-movements.ts'
import type { PostedSale } from '#shared/domain/fund/posted-sale.ts'
import type { TakeBack } from '#shared/domain/fund/trace.ts'
import type { Instant } from '#shared/kernel/time.ts'
import type * as z from 'zod'
import {
  checkItem,
  closedDayItem,
  dayRootItem,
  entryItem,
  fundHeadItem,
  postedMovementItem,
  postedProjectItem,
  postedReversalItem,
  postedSaleItem,
  rootPartItem,
  sealItem,
  takeBackItem,
} from './items/ledger.ts'
import { ledgerKeys } from './ledger-keys.ts'
import { NOT_EXISTS, transact, type Write } from './table.ts'

/**
 * The only module that writes to the ledger. Entries, take-backs, days, reversals, movements, seals and roots are put where nothing is and never
 * touched again; updated are the head, the markers of sales and projects and the sweep's own bookmark, each only from the
 * state that was read. Nothing is ever deleted. The service cannot see our conditions, so a test watches every write instead.
 */
const at = { table: 'LEDGER_TABLE' } as const

/**
 * Writes what a posting decided, all or nothing. `stale`: somebody else has posted since the read, or the write was done
 * already; either way the next step is to read again.
 */
export async function savePosted(before: FundHead, posted: Posted): Promise<'saved' | 'stale'> {
  const { fundId } = before
  const writes: Write[] = [
    ...writeBook(before, posted),
    ...posted.sales.map(({ before: read, after }) => writeSale(fundId, read, after)),
    ...posted.reversals.map((reversal) =>
      putOnce(ledgerKeys.marker(fundId, `reversal:${reversal.reversalId}`), postedReversalItem, {
        entity: 'postedReversal',
        v: 1,
        ...reversal,
      }),
    ),
  ]
  const done = await transact(writes)
  return done.kind === 'done' ? 'saved' : 'stale'
}

/**
 * Writes what a posting of movements decided, all or nothing, together with what makes it true in the market (`because`): a
 * movement is never posted without its reason, nor its reason kept without it.
 */
export async function saveMovements(
  before: FundHead,
  posted: PostedMovements,
  because: readonly Write[] = [],
): Promise<'saved' | 'stale'> {
  const { fundId } = before
  const done = await transact([
    ...writeBook(before, posted),
    ...posted.movements.map((movement) =>
      putOnce(ledgerKeys.marker(fundId, movement.eventId), postedMovementItem, {
        entity: 'postedMovement',
        v: 1,
        ...movement,
      }),
    ),
    ...posted.projects.map(({ before: read, after }) => writeProject(fundId, read, after)),
    ...because,
  ])
  return done.kind === 'done' ? 'saved' : 'stale'
}

/** The head, the entries, and the day that ended with them. */
function writeBook(before: FundHead, posted: Pick<Posted, 'head' | 'entries' | 'takeBacks' | 'closedDay'>): Write[] {
  assert(posted.entries.length > 0, 'a posting has entries')
  const { fundId } = before
  const { closedDay } = posted
  return [
    writeHead(before, posted.head),
    ...posted.entries.map((entry) =>
      putOnce(ledgerKeys.entry(fundId, entry.seq), entryItem, { entity: 'entry', ...entry }),
    ),
    ...posted.takeBacks.map((back) => writeTakeBack(fundId, back)),
    ...(closedDay === undefined
      ? []
      : [
          putOnce(ledgerKeys.closedDay(fundId, closedDay.day), closedDayItem, {
            ...{ entity: 'closedDay', v: 1, fundId, ...closedDay },
            donors: [...closedDay.donors],
            cells: [...closedDay.cells],
            flows: closedDay.flows && [...closedDay.flows],
          }),
        ]),
  ]
}

function writeTakeBack(fundId: string, back: TakeBack): Write {
  return putOnce(ledgerKeys.takeBack(fundId, back.seq), takeBackItem, { entity: 'takeBack', v: 1, ...back })
}

/** Of an entry that was posted before they were kept; one that is there already stays as it is. */
export async function saveTakeBack(fundId: string, back: TakeBack): Promise<void> {
  await transact([writeTakeBack(fundId, back)])
}

/** What is kept for a project was decided on what was read; the condition makes that still true now. */
function writeProject(fundId: string, read: PostedProject | undefined, after: PostedProject): Write {
  const key = ledgerKeys.marker(fundId, `project:${after.proposalId}`)
  if (read === undefined) {
    return putOnce(key, postedProjectItem, { entity: 'postedProject', v: 1, ...after, seqs: [...after.seqs] })
  }
  return {
    update: key,
    set: 'SET reservedFen = :reservedFen, spentFen = :spentFen, seqs = :seqs',
    condition: 'reservedFen = :readReservedFen AND spentFen = :readSpentFen',
    expression: {
      values: {
        ':reservedFen': after.reservedFen,
        ':spentFen': after.spentFen,
        ':seqs': after.seqs,
        ':readReservedFen': read.reservedFen,
        ':readSpentFen': read.spentFen,
      },
    },
    at,
  }
}

/** Puts an item where nothing is. What does not fit its schema never reaches the table. */
function putOnce<S extends z.ZodObject>(key: { PK: string; SK: string }, schema: S, item: z.input<S>): Write {
  return { put: { ...schema.parse(item), ...key }, condition: NOT_EXISTS, at }
}

// The head is the fund's lock: whoever read `seq` and still finds it there is the only writer since.
function writeHead(before: FundHead, after: FundHead): Write {
  const { lastPostedAt, openDay } = after
  assert(lastPostedAt !== undefined && openDay !== undefined, 'a head with entries has a time and a day')
  const key = ledgerKeys.head(before.fundId)
  const item = fundHeadItem.parse({ entity: 'fundHead', v: 1, ...after, lastPostedAt, openDay })
  if (before.seq === 0) return { put: { ...item, ...key }, condition: NOT_EXISTS, at }
  return {
    update: key,
    set: 'SET #seq = :seq, #hash = :hash, lastPostedAt = :lastPostedAt, balances = :balances, donors = :donors, totals = :totals, openDay = :openDay',
    condition: '#seq = :readSeq AND #hash = :readHash',
    expression: {
      names: { '#seq': 'seq', '#hash': 'hash' },
      values: {
        ':seq': item.seq,
        ':hash': item.hash,
        ':lastPostedAt': item.lastPostedAt,
        ':balances': item.balances,
        ':donors': item.donors,
        ':totals': item.totals,
        ':openDay': item.openDay,
        ':readSeq': before.seq,
        ':readHash': before.hash,
      },
    },
    at,
  }
}

// Σ reversed ≤ sale and "settled once" were decided on what was read; the condition makes that still true now.
function writeSale(fundId: string, read: PostedSale | undefined, after: PostedSale): Write {
  const key = ledgerKeys.marker(fundId, `sale:${after.saleId}`)
  if (read === undefined) {
    return putOnce(key, postedSaleItem, { entity: 'postedSale', v: 1, ...after, seqs: [...after.seqs] })
  }
  return {
    update: key,
    set: 'SET reversedFen = :reversedFen, settled = :settled, seqs = :seqs',
    condition: 'reversedFen = :readReversedFen AND settled = :readSettled',
    expression: {
      values: {
        ':reversedFen': after.reversedFen,
        ':settled': after.settled,
        ':seqs': after.seqs,
        ':readReversedFen': read.reversedFen,
        ':readSettled': read.settled,
      },
    },
    at,
  }
}

/** Seals an event day; a seal that is there already stays as it is. */
export async function saveSeal(seal: Omit<z.input<typeof sealItem>, 'entity' | 'v'>): Promise<void> {
  const key = ledgerKeys.seal(seal.fundId, seal.day)
  await transact([putOnce(key, sealItem, { entity: 'seal', v: 1, ...seal })])
}

/** Funds of one part: about 110 bytes each, an item holds 400 KB. */
const FUNDS_A_PART = 1_000
const PARTS_MAX = 30

/** Publishes the root of a day with everything it was made of, all or nothing; one that is there already stays as it is. */
export async function saveDayRoot(made: RootOfDay, publishedAt: Instant): Promise<void> {
  const { day, root, prevRoot, funds } = made
  const count = Math.max(1, Math.ceil(funds.length / FUNDS_A_PART))
  assert(count <= PARTS_MAX, `a root has at most ${PARTS_MAX * FUNDS_A_PART} funds: ${funds.length}`)
  const parts = Array.from({ length: count }, (_each, at) =>
    putOnce(ledgerKeys.rootPart(day, at + 1), rootPartItem, {
      ...{ entity: 'rootPart' as const, v: 1 as const, day, part: at + 1 },
      funds: funds.slice(at * FUNDS_A_PART, (at + 1) * FUNDS_A_PART).map((fund) => ({ ...fund })),
    }),
  )
  const head = { entity: 'dayRoot' as const, v: 1 as const, day, root, prevRoot, fundCount: funds.length, publishedAt }
  await transact([putOnce(ledgerKeys.dayRoot(day), dayRootItem, head), ...parts])
}

/** Moves the sweep's bookmark, never backwards; `checkedAt` and `ok` only when the check went to its end. */
export async function saveCheck(check: Omit<z.input<typeof checkItem>, 'entity' | 'v'>): Promise<void> {
  const item = checkItem.parse({ entity: 'check', v: 1, ...check })
  const ended = item.checkedAt !== undefined && item.ok !== undefined
  await transact([
    {
      update: ledgerKeys.check(check.fundId),
      set: `SET entity = :entity, v = :v, fundId = :fundId, sealedThrough = :sealedThrough${ended ? ', checkedAt = :checkedAt, #ok = :ok' : ''}`,
      condition: 'attribute_not_exists(PK) OR sealedThrough <= :sealedThrough',
      expression: {
        ...(ended ? { names: { '#ok': 'ok' } } : {}),
        values: {
          ':entity': item.entity,
          ':v': item.v,
          ':fundId': item.fundId,
          ':sealedThrough': item.sealedThrough,
          ...(ended ? { ':checkedAt': item.checkedAt, ':ok': item.ok } : {}),
        },
      },
      at,
    },
  ])
}
