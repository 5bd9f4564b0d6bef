import type { DynoxideFile } from './dynoxide-file.ts'
import type { EngineCall } from './engine-call.ts'
import type { StreamDelivery } from './stream-delivery.ts'
import type { LocalTable } from './tables.ts'

/** What AWS does by itself and the embedded engine does not: trimming streams after 24 h, deleting expired items. */

export interface HousekeepingOptions {
  readonly tables: readonly LocalTable[]
  readonly deliveries: readonly StreamDelivery[]
  readonly call: EngineCall
  readonly file: DynoxideFile | undefined
  readonly log: (line: string) => void
}

const EVERY_MS = 600_000
const STREAM_RETENTION_SECONDS = 86_400
/** Small enough that the engine never waits more than a few milliseconds for us. */
const PRUNE_AT_ONCE = 100
const PAUSE_MS = 50
const SCAN_PAGE = 200

export function housekeeping(options: HousekeepingOptions): () => void {
  if (options.file === undefined) return () => undefined
  let stopped = false
  let running = false
  const timer = setInterval(() => {
    if (running) return
    running = true
    tidy(options, () => stopped)
      .catch((error: unknown) => options.log(`housekeeping: ${String(error)}`))
      .finally(() => {
        running = false
      })
  }, EVERY_MS)
  timer.unref()
  return () => {
    stopped = true
    clearInterval(timer)
  }
}

/** One round over all tables. */
export async function tidy(options: HousekeepingOptions, stopped: () => boolean): Promise<void> {
  for (const table of options.tables) {
    if (table.streamArn !== undefined) await pruneStream(options, table, stopped)
    if (table.ttlAttribute !== undefined) await deleteExpired(options.call, table, table.ttlAttribute, stopped)
  }
}

async function pruneStream(options: HousekeepingOptions, table: LocalTable, stopped: () => boolean): Promise<void> {
  const { file, deliveries } = options
  if (file === undefined) return
  const delivery = deliveries.find((each) => each.stats().table === table.name)
  const before = Math.floor(Date.now() / 1_000) - STREAM_RETENTION_SECONDS
  for (;;) {
    if (stopped()) return
    // A stream nobody reads has no consumer to wait for.
    const passed = delivery === undefined ? BigInt(file.newestSequence(table.name)) : BigInt(delivery.passed())
    if (file.prune(table.name, passed, before, PRUNE_AT_ONCE) < PRUNE_AT_ONCE) return
    await pause()
  }
}

async function deleteExpired(
  call: EngineCall,
  table: LocalTable,
  attribute: string,
  stopped: () => boolean,
): Promise<void> {
  const names = { '#ttl': attribute }
  const values = { ':now': { N: String(Math.floor(Date.now() / 1_000)) } }
  let from: unknown
  do {
    if (stopped()) return
    const page = await call('dynamodb', 'Scan', {
      TableName: table.name,
      Limit: SCAN_PAGE,
      FilterExpression: '#ttl < :now',
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
      ...(from !== undefined && { ExclusiveStartKey: from }),
    })
    for (const item of (page['Items'] ?? []) as Readonly<Record<string, unknown>>[]) {
      const Key = Object.fromEntries(table.keyAttributes.map((key) => [key, item[key]]))
      // Unless it was renewed in between.
      await call('dynamodb', 'DeleteItem', {
        TableName: table.name,
        Key,
        ConditionExpression: '#ttl < :now',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: values,
      }).catch(() => undefined)
    }
    from = page['LastEvaluatedKey']
    await pause()
  } while (from !== undefined)
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
}
