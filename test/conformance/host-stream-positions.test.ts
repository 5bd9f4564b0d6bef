import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from 'vitest'
import { DYNOXIDE_FILE } from '../../cdk/local/engine.ts'
import { openDynoxideFile } from '../../cdk/local/dynoxide-file.ts'
import type { Host } from '../../cdk/local/host.ts'
import { tidy } from '../../cdk/local/housekeeping.ts'
import type { StreamDelivery } from '../../cdk/local/stream-delivery.ts'
import { eventually, SystemUnderTest } from './host-system.ts'

const READER = `
const seen = []
let failing = false
let hanging = false
const failingKey = process.env.FAILING_KEY
export const handler = async (event) => {
  if (event.ask) return seen
  if (event.orders) { failing = event.orders.failing ?? false; hanging = event.orders.hanging ?? false; return 'ok' }
  if (hanging) await new Promise(() => {})
  if (failing) throw new Error('told to fail')
  const failed = event.Records.find((record) => record.dynamodb.Keys.SK.S === failingKey)
  if (failed) return { batchItemFailures: [{ itemIdentifier: failed.dynamodb.SequenceNumber }] }
  seen.push(...event.Records.map((record) => record.dynamodb.Keys.SK.S))
}`

let system: SystemUnderTest | undefined
afterEach(async () => {
  await system?.dispose()
  system = undefined
})

function build(mapping: Record<string, unknown> = {}): SystemUnderTest {
  system = new SystemUnderTest('positions').table('Market')
  return system
    .fn('Reader', READER, SystemUnderTest.streamStatements('Market'))
    .mapping('Mapping', 'Market', 'Reader', { BatchSize: 5, ...mapping })
}

const seenBy = async (host: Host) => (await host.invoke('Reader', { ask: true })) as string[]

async function write(of: SystemUnderTest, from: number, to: number): Promise<void> {
  for (let at = from; at <= to; at += 1) await of.put('Market', `p${at % 7}`, `k${at}`)
}

const names = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_none, at) => `k${from + at}`).sort()

/** Changes the engine's own stream table, as time would. */
function engineFile(of: SystemUnderTest, statement: string): void {
  const database = new DatabaseSync(join(of.dataDir, DYNOXIDE_FILE))
  database.exec('PRAGMA busy_timeout = 5000')
  database.exec(statement)
  database.close()
}

function positions(of: SystemUnderTest, statement: string): void {
  const database = new DatabaseSync(join(of.dataDir, 'host.sqlite'))
  database.exec(statement)
  database.close()
}

const YEAR_AGO = Math.floor(Date.now() / 1_000) - 365 * 86_400

describe('stream positions', () => {
  it('are kept over restarts: nothing is delivered again and nothing is skipped', async () => {
    const of = build()
    let host = await of.start()
    await write(of, 1, 20)
    await host.drainStreams(5_000)
    expect((await seenBy(host)).sort()).toEqual(names(1, 20))
    await of.stopHost()
    await write(of, 21, 30)
    host = await of.start()
    await host.drainStreams(5_000)
    expect((await seenBy(host)).sort()).toEqual(names(21, 30))
  })

  it('stay before a batch that has not succeeded', async () => {
    const of = build()
    let host = await of.start()
    await host.invoke('Reader', { orders: { failing: true } })
    await write(of, 1, 10)
    await eventually(() => (host.stats().functions[0]?.errors ?? 0) > 2)
    await of.stopHost()
    host = await of.start()
    await host.drainStreams(5_000)
    expect((await seenBy(host)).sort()).toEqual(names(1, 10))
  })

  it('move up to the lowest failed record of a batch', async () => {
    const of = build({ FunctionResponseTypes: ['ReportBatchItemFailures'] })
    await of.start()
    await of.stopHost()
    for (let at = 1; at <= 5; at += 1) await of.put('Market', 'p', `k${at}`)
    let host = await of.start({ environment: { FAILING_KEY: 'k3' } })
    await of.put('Market', 'p', 'k6')
    await eventually(() => (host.stats().functions[0]?.invocations ?? 0) > 4)
    await of.stopHost()
    host = await of.start()
    await host.drainStreams(5_000)
    expect(await seenBy(host)).toEqual(['k3', 'k4', 'k5', 'k6'])
  })

  it('stay before a batch that was in flight when the host closed, within five seconds', async () => {
    // With no retry left, an end of the host must not count as a failure of the function.
    const of = build({ MaximumRetryAttempts: 0 })
    let host = await of.start()
    await host.invoke('Reader', { orders: { hanging: true } })
    await write(of, 1, 3)
    await eventually(() => (host.stats().functions[0]?.inFlight ?? 0) > 0)
    const began = Date.now()
    await of.stopHost()
    expect(Date.now() - began).toBeLessThan(5_000)
    host = await of.start()
    await host.drainStreams(5_000)
    expect((await seenBy(host)).sort()).toEqual(names(1, 3))
  })

  it('pass filtered records too, so that the next start does not read them again', async () => {
    const pattern = JSON.stringify({ eventName: ['REMOVE'] })
    const of = build({ FilterCriteria: { Filters: [{ Pattern: pattern }] } })
    const host = await of.start()
    await write(of, 1, 20)
    await host.drainStreams(5_000)
    await of.stopHost()
    const store = new DatabaseSync(join(of.dataDir, 'host.sqlite'))
    const stored = store
      .prepare('SELECT sequence FROM positions')
      .all()
      .map((row) => row['sequence'])
    store.close()
    expect(stored).toEqual(['20', '20', '20', '20'])
  })

  it('go on when everything in the stream is older than 24 hours, and deliver what was missed', async () => {
    const of = build()
    let host = await of.start()
    await write(of, 1, 10)
    await host.drainStreams(5_000)
    await of.stopHost()
    await write(of, 11, 15)
    engineFile(of, `UPDATE _stream_records SET created_at = ${YEAR_AGO}`)
    host = await of.start()
    await host.drainStreams(5_000)
    expect((await seenBy(host)).sort()).toEqual(names(11, 15))
    await write(of, 16, 20)
    await host.drainStreams(5_000)
    expect((await seenBy(host)).sort()).toEqual(names(11, 20))
  })

  it('go on at the oldest record left when the one they point at was trimmed', async () => {
    const of = build()
    let host = await of.start()
    await write(of, 1, 10)
    await host.drainStreams(5_000)
    await of.stopHost()
    await write(of, 11, 20)
    engineFile(of, 'DELETE FROM _stream_records WHERE CAST(sequence_number AS INTEGER) <= 15')
    host = await of.start()
    await host.drainStreams(5_000)
    expect((await seenBy(host)).sort()).toEqual(names(16, 20))
  })

  it('start at the beginning when the engine’s numbers began anew', async () => {
    const of = build()
    let host = await of.start()
    await write(of, 1, 10)
    await host.drainStreams(5_000)
    await of.stopHost()
    engineFile(of, 'DELETE FROM _stream_records')
    await write(of, 11, 14)
    host = await of.start()
    await host.drainStreams(5_000)
    expect((await seenBy(host)).sort()).toEqual(names(11, 14))
  })

  it('start at the beginning of the stream of a table made anew', async () => {
    const of = build()
    let host = await of.start()
    await write(of, 1, 10)
    await host.drainStreams(5_000)
    await of.stopHost()
    await of.call('dynamodb', 'DeleteTable', { TableName: 'market-table' })
    host = await of.start()
    await write(of, 11, 30)
    await host.drainStreams(5_000)
    // The engine keeps the records of a deleted table of the same name; they may come again, none may be missing.
    expect(await seenBy(host)).toEqual(expect.arrayContaining(names(11, 30)))
  })

  it('of another stream count for nothing', async () => {
    const of = build()
    let host = await of.start()
    await write(of, 1, 10)
    await host.drainStreams(5_000)
    await of.stopHost()
    positions(of, "UPDATE positions SET stream = 'arn:of:another'")
    host = await of.start()
    await host.drainStreams(5_000)
    expect((await seenBy(host)).sort()).toEqual(names(1, 10))
  })

  it('survive another number of virtual shards without a gap', async () => {
    const of = build()
    let host = await of.start({ virtualShards: 4 })
    await write(of, 1, 20)
    await host.drainStreams(5_000)
    await of.stopHost()
    // The last shard had not done anything yet; its keys are dealt to others now.
    positions(of, "UPDATE positions SET sequence = '0' WHERE shard = 3")
    await write(of, 21, 40)
    host = await of.start({ virtualShards: 3 })
    await host.drainStreams(5_000)
    expect((await seenBy(host)).sort()).toEqual(names(1, 40))
  })

  it('begin with LATEST after what was there before, with TRIM_HORIZON at the oldest record', async () => {
    const of = build({ StartingPosition: 'LATEST' })
    const mapping = of.resources['Mapping']
    delete of.resources['Mapping']
    await of.start()
    await of.stopHost()
    await write(of, 1, 12)
    if (mapping !== undefined) of.resources['Mapping'] = mapping
    of.fn('Second', READER, SystemUnderTest.streamStatements('Market')).mapping('Other', 'Market', 'Second')
    const host = await of.start()
    await write(of, 13, 15)
    await host.drainStreams(5_000)
    expect((await seenBy(host)).sort()).toEqual(names(13, 15))
    expect((await host.invoke('Second', { ask: true })) as string[]).toHaveLength(15)
  })
})

describe('pruning of the engine’s stream', () => {
  const count = (of: SystemUnderTest) => {
    const database = new DatabaseSync(join(of.dataDir, DYNOXIDE_FILE))
    const row = database.prepare('SELECT COUNT(*) AS count FROM _stream_records').get()
    database.close()
    return Number(row?.['count'])
  }

  it('takes only records that are old and that every consumer has passed, and never the newest', async () => {
    const of = build()
    const host = await of.start()
    await write(of, 1, 20)
    await host.drainStreams(5_000)
    const file = openDynoxideFile(join(of.dataDir, DYNOXIDE_FILE))
    const dayAgo = Math.floor(Date.now() / 1_000) - 86_400
    expect(file.prune('market-table', 20n, dayAgo, 1_000)).toBe(0)
    engineFile(of, `UPDATE _stream_records SET created_at = ${YEAR_AGO}`)
    expect(file.prune('market-table', 7n, dayAgo, 1_000)).toBe(7)
    expect(file.prune('market-table', 20n, dayAgo, 5)).toBe(5)
    expect(file.prune('market-table', 20n, dayAgo, 1_000)).toBe(7)
    expect(count(of)).toBe(1)
    await write(of, 21, 21)
    expect(file.newestSequence('market-table')).toBe(21)
    await host.drainStreams(5_000)
    expect((await seenBy(host)).sort()).toEqual(names(1, 21))
    file.close()
  })

  it('keeps the engine’s own queries on the indexes', async () => {
    const of = build()
    await of.start()
    const database = new DatabaseSync(join(of.dataDir, DYNOXIDE_FILE))
    const indexes = database
      .prepare("SELECT name FROM sqlite_master WHERE name LIKE 'host_stream%' ORDER BY name")
      .all()
    database.close()
    expect(indexes.map((row) => row['name'])).toEqual(['host_stream_sequence'])
  })

  it('refuses an engine whose stream table is not the one that was measured', async () => {
    const of = build()
    const path = of.file('other.sqlite', '')
    const database = new DatabaseSync(path)
    database.exec('CREATE TABLE _stream_records (id INTEGER, table_name TEXT, sequence_number TEXT)')
    database.close()
    expect(() => openDynoxideFile(path)).toThrow('event_name')
  })
})

const marketTable = {
  logicalId: 'Market',
  name: 'market-table',
  arn: 'arn',
  ttlAttribute: 'expiresAt',
  partitionKey: 'PK',
  keyAttributes: ['PK', 'SK'],
  streamViewType: 'NEW_IMAGE',
}

describe('housekeeping', () => {
  it('deletes expired items, keeps renewed and undated ones, and leaves a slow consumer its records', async () => {
    const of = build()
    const ttl = { AttributeName: 'expiresAt', Enabled: true }
    of.table('Market', { TimeToLiveSpecification: ttl })
    const host = await of.start()
    await host.invoke('Reader', { orders: { failing: true } })
    const now = Math.floor(Date.now() / 1_000)
    await of.put('Market', 'gone', 'x', { expiresAt: { N: String(now - 60) } })
    await of.put('Market', 'later', 'x', { expiresAt: { N: String(now + 3_600) } })
    await of.put('Market', 'never', 'x')
    engineFile(of, `UPDATE _stream_records SET created_at = ${YEAR_AGO}`)
    const file = openDynoxideFile(join(of.dataDir, DYNOXIDE_FILE))
    const table = { ...marketTable, streamArn: 'arn' }
    const delivery = { stats: () => ({ table: 'market-table' }), passed: () => '1' } as unknown as StreamDelivery
    await tidy({ tables: [table], deliveries: [delivery], call: of.call, file, log: () => undefined }, () => false)
    file.close()
    const left = await of.call('dynamodb', 'Scan', { TableName: 'market-table' })
    const kept = (left['Items'] as { PK: { S: string } }[]).map((item) => item.PK.S)
    expect(kept.sort()).toEqual(['later', 'never'])
    const database = new DatabaseSync(join(of.dataDir, DYNOXIDE_FILE))
    const sequences = database.prepare('SELECT sequence_number AS at FROM _stream_records ORDER BY id').all()
    database.close()
    expect(sequences.map((row) => row['at'])).toEqual(['2', '3', '4'])
  })
})
