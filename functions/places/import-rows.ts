import * as z from 'zod'
import { assert } from '#shared/kernel/assert.ts'
import { Busy } from '#functions/platform/busy.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import type { Key } from '#functions/platform/table/keys.ts'
import { batchGet, transact } from '#functions/platform/table/table.ts'
import type { Settled } from './import-outcome.ts'
import type { Read, RowPlan, RowWrites } from './import-plan.ts'

/** Small enough that orders running meanwhile hardly wait for it. */
const WRITES_PER_TRANSACTION = 24
const TRANSACTIONS_AT_ONCE = 4
/** Rounds in which some write failed; rows about one item take a round each besides, and those are as many as the rows. */
const FAILED_ROUNDS_MAX = 10

type Waiting = { readonly at: number; readonly plan: RowPlan }
type Decided = { readonly at: number; readonly writes: RowWrites }

const name = (key: Key) => `${key.PK}\n${key.SK}`
const stored = z.looseObject({ PK: z.string(), SK: z.string() })

/**
 * Settles rows together: read all, decide each, write in packs. A pack of which one row fails is written by nobody; its rows
 * are read and decided anew, alone, so that a row is never judged by its neighbour. Results are in the rows' order.
 */
export async function importRows(plans: readonly RowPlan[]): Promise<Settled[]> {
  const results = new Map<number, Settled>()
  let waiting: readonly Waiting[] = plans.map((plan, at) => ({ at, plan }))
  let alone = false
  let failedRounds = 0
  while (waiting.length > 0) {
    const { now, later } = firstAboutEach(waiting)
    const read = await readAll(now.flatMap(({ plan }) => plan.reads))
    const decided: Decided[] = []
    for (const { at, plan } of now) {
      const decision = plan.decide(read)
      if ('kind' in decision) decided.push({ at, writes: decision })
      else results.set(at, decision)
    }
    const failed = new Set<number>()
    await inParallel(packsOf(decided, alone), TRANSACTIONS_AT_ONCE, async (pack) => {
      const done = await transact(writesOf(pack))
      for (const { at, writes } of pack) {
        if (done.kind === 'done') results.set(at, { outcome: writes.outcome })
        else failed.add(at)
      }
    })
    alone = failed.size > 0
    if (alone) failedRounds += 1
    if (failedRounds >= FAILED_ROUNDS_MAX) throw new Busy()
    waiting = [...now.filter(({ at }) => failed.has(at)), ...later]
  }
  return plans.map((_, at) => {
    const result = results.get(at)
    assert(result !== undefined, 'every row has a result')
    return result
  })
}

/** Of rows about the same item only the first is decided now: the next one has to see what it wrote. */
function firstAboutEach(waiting: readonly Waiting[]): { now: Waiting[]; later: Waiting[] } {
  const seen = new Set<string>()
  const now: Waiting[] = []
  const later: Waiting[] = []
  for (const row of waiting) {
    const about = name(row.plan.about)
    if (seen.has(about)) later.push(row)
    else now.push(row)
    seen.add(about)
  }
  return { now, later }
}

async function readAll(wanted: readonly Key[]): Promise<Read> {
  const distinct = new Map(wanted.map((key) => [name(key), key]))
  const items = new Map((await batchGet(stored, [...distinct.values()])).map((item) => [name(item), item]))
  return (schema, key) => {
    assert(distinct.has(name(key)), 'a row decides on what it asked for')
    const item = items.get(name(key))
    return item === undefined ? undefined : schema.parse(item)
  }
}

function packsOf(decided: readonly Decided[], alone: boolean): Decided[][] {
  const packs: Decided[][] = []
  let room = 0
  for (const row of decided) {
    const size = row.writes.writes.length + (row.writes.shared?.length ?? 0)
    if (alone || size > room) {
      packs.push([])
      room = WRITES_PER_TRANSACTION
    }
    packs.at(-1)?.push(row)
    room -= size
  }
  return packs
}

function writesOf(pack: readonly Decided[]) {
  const shared = new Map(pack.flatMap(({ writes }) => (writes.shared ?? []).map((write) => [name(write.put), write])))
  return [...pack.flatMap(({ writes }) => writes.writes), ...shared.values()]
}
