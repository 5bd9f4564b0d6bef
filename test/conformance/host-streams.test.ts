import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Host, HostOptions } from '../../cdk/local/host.ts'
import { hashText } from '../../cdk/local/inside/faults.ts'
import { eventually, SystemUnderTest } from './host-system.ts'

/** A reader that notes each call and fails as it is told, by sort key. */
const READER = `
const calls = []
let orders = { fail: [], times: 1e9, how: 'throw', holdMs: 0, answer: undefined, ...JSON.parse(process.env.ORDERS) }
export const handler = async (event) => {
  if (event.ask) return calls
  if (event.orders) { orders = { ...orders, ...event.orders }; return 'ok' }
  const keys = event.Records.map((record) => record.dynamodb.Keys.SK.S)
  const call = { keys, at: Date.now(), sequences: event.Records.map((record) => record.dynamodb.SequenceNumber), record: event.Records[0] }
  calls.push(call)
  if (orders.holdMs > 0) await new Promise((resolve) => setTimeout(resolve, orders.holdMs))
  if (orders.answer !== undefined) return orders.answer
  const failing = event.Records.filter((record) => orders.fail.includes(record.dynamodb.Keys.SK.S))
  if (failing.length === 0 || orders.times <= 0) return { batchItemFailures: [] }
  orders.times -= 1
  if (orders.how === 'throw') throw new Error('told to fail')
  const [first, second, ...others] = failing
  const shuffled = second === undefined ? failing : [second, first, ...others]
  return { batchItemFailures: shuffled.map((record) => ({ itemIdentifier: record.dynamodb.SequenceNumber })) }
}`

interface Call {
  readonly keys: string[]
  readonly at: number
  readonly sequences: string[]
  readonly record: Record<string, unknown>
}

let system: SystemUnderTest | undefined
afterEach(async () => {
  await system?.dispose()
  system = undefined
})

/** A system whose reader meets `records` (partition key, sort key) as one page at its second start. */
async function deliver(
  mapping: Record<string, unknown>,
  records: readonly (readonly [string, string])[],
  orders: Record<string, unknown> = {},
  options: Partial<HostOptions> = {},
): Promise<{ host: Host; calls: () => Promise<Call[]> }> {
  system = new SystemUnderTest('streams').table('Market')
  system.add('Bell', 'AWS::SQS::Queue', { QueueName: 'bell' })
  const send = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: { 'Fn::GetAtt': ['Bell', 'Arn'] } }
  system.fn('Reader', READER, [...SystemUnderTest.streamStatements('Market'), send])
  await system.start()
  await system.stopHost()
  for (const [partition, sort] of records) await system.put('Market', partition, sort)
  system.mapping('Mapping', 'Market', 'Reader', mapping)
  const host = await system.start({
    virtualShards: 1,
    ...options,
    environment: { ORDERS: JSON.stringify(orders) },
  })
  return { host, calls: async () => (await host.invoke('Reader', { ask: true })) as Call[] }
}

function one(partition: string, count: number): [string, string][] {
  return Array.from({ length: count }, (_none, at) => [partition, `k${at + 1}`])
}

const keysOf = (calls: readonly Call[]) => calls.map((call) => call.keys.join(' '))
const bell = () => {
  const file = join(system?.dataDir ?? '', 'host-queues', 'bell.jsonl')
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { body: Record<string, Record<string, unknown>> }).body)
}
const toBell = { DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Bell', 'Arn'] } } } }

describe('stream mappings', () => {
  it('delivers at most BatchSize records at a time, in order', async () => {
    const { host, calls } = await deliver({ BatchSize: 3 }, one('p', 7))
    await host.drainStreams(5_000)
    expect(keysOf(await calls())).toEqual(['k1 k2 k3', 'k4 k5 k6', 'k7'])
  })

  it('shows a record as Lambda does', async () => {
    const { host, calls } = await deliver({}, one('p', 1))
    await host.drainStreams(5_000)
    expect((await calls())[0]?.record).toMatchObject({
      eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventName: 'INSERT',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      eventSourceARN: 'arn:aws:dynamodb:us-east-1:000000000000:table/market-table/stream/local',
      dynamodb: {
        ApproximateCreationDateTime: expect.any(Number),
        Keys: { PK: { S: 'p' }, SK: { S: 'k1' } },
        NewImage: { PK: { S: 'p' }, SK: { S: 'k1' } },
        StreamViewType: 'NEW_IMAGE',
      },
    })
  })

  it('invokes with what there is when there is no window, within 50 ms of a write to an idle stream', async () => {
    const { host, calls } = await deliver({ BatchSize: 100 }, one('p', 1))
    await host.drainStreams(5_000)
    const lags: number[] = []
    for (let turn = 0; turn < 6; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 150))
      const before = Date.now()
      await system?.put('Market', 'p', `late${turn}`)
      const late = await eventually(async () => (await calls()).find((call) => call.keys.includes(`late${turn}`)))
      lags.push(late.at - before)
    }
    // The machine may be busy with something else now and then; the median is ours.
    expect(lags.sort((left, right) => left - right)[2]).toBeLessThan(50)
  })

  it('gathers records for MaximumBatchingWindowInSeconds, or until the batch is full', async () => {
    const { host, calls } = await deliver({ BatchSize: 4, MaximumBatchingWindowInSeconds: 1 }, [])
    const began = Date.now()
    for (const key of ['a', 'b']) await system?.put('Market', 'p', key)
    await new Promise((resolve) => setTimeout(resolve, 300))
    await system?.put('Market', 'p', 'c')
    await host.drainStreams(5_000)
    const [first] = await calls()
    expect(first?.keys).toEqual(['a', 'b', 'c'])
    expect((first?.at ?? 0) - began).toBeGreaterThanOrEqual(950)
    const full = Date.now()
    for (const key of ['d', 'e', 'f', 'g']) await system?.put('Market', 'p', key)
    const second = await eventually(async () => (await calls())[1])
    expect(second.keys).toEqual(['d', 'e', 'f', 'g'])
    expect(second.at - full).toBeLessThan(700)
  })

  it('applies the template’s filter before batching', async () => {
    const pattern = JSON.stringify({ dynamodb: { Keys: { SK: { S: [{ suffix: '2' }, 'k5'] } } } })
    const { host, calls } = await deliver({ FilterCriteria: { Filters: [{ Pattern: pattern }] } }, one('p', 7))
    await host.drainStreams(5_000)
    expect(keysOf(await calls())).toEqual(['k2 k5'])
  })

  it('retries a batch that throws, in order and before anything that follows', async () => {
    const { host, calls } = await deliver({ BatchSize: 2 }, one('p', 4), { fail: ['k2'], times: 2 })
    await host.drainStreams(5_000)
    expect(keysOf(await calls())).toEqual(['k1 k2', 'k1 k2', 'k1 k2', 'k3 k4'])
  })

  it('gives up after MaximumRetryAttempts, rings with a pointer, and goes on', async () => {
    const { host, calls } = await deliver({ BatchSize: 2, MaximumRetryAttempts: 2, ...toBell }, one('p', 4), {
      fail: ['k2'],
    })
    await host.drainStreams(5_000)
    const seen = await calls()
    expect(keysOf(seen)).toEqual(['k1 k2', 'k1 k2', 'k1 k2', 'k3 k4'])
    const [message, ...more] = bell()
    expect(more).toEqual([])
    expect(message).toMatchObject({
      version: '1.0',
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
      DDBStreamBatchInfo: {
        startSequenceNumber: seen[0]?.sequences[0],
        endSequenceNumber: seen[0]?.sequences[1],
        batchSize: 2,
        streamArn: expect.stringContaining('market-table'),
      },
    })
    expect(JSON.stringify(message)).not.toContain('k1')
  })

  it('replays from the lowest failed record, whatever the order of the report', async () => {
    const { host, calls } = await deliver(
      { BatchSize: 10, FunctionResponseTypes: ['ReportBatchItemFailures'] },
      one('p', 6),
      { fail: ['k3', 'k5', 'k6'], how: 'report', times: 1 },
    )
    await host.drainStreams(5_000)
    expect(keysOf(await calls())).toEqual(['k1 k2 k3 k4 k5 k6', 'k3 k4 k5 k6'])
  })

  it('counts a replay as a retry of the same batch, then passes over what is left', async () => {
    const { host, calls } = await deliver(
      { BatchSize: 3, FunctionResponseTypes: ['ReportBatchItemFailures'], MaximumRetryAttempts: 1, ...toBell },
      one('p', 4),
      { fail: ['k2'], how: 'report' },
    )
    await host.drainStreams(5_000)
    expect(keysOf(await calls())).toEqual(['k1 k2 k3', 'k2 k3', 'k4'])
    expect(bell()[0]?.['DDBStreamBatchInfo']).toMatchObject({ batchSize: 2 })
  })

  const readings: [string, unknown, boolean][] = [
    ['null', null, true],
    ['an empty object', {}, true],
    ['an empty list', { batchItemFailures: [] }, true],
    ['a null list', { batchItemFailures: null }, true],
    ['an identifier that is no record of the batch', { batchItemFailures: [{ itemIdentifier: '999999' }] }, false],
    ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }, false],
    ['a wrong key', { batchItemFailures: [{ id: 'x' }] }, false],
    ['text', 'done', false],
  ]
  it.each(readings)('reads %s as the report it is', async (_name, answer, success) => {
    const { host, calls } = await deliver(
      { FunctionResponseTypes: ['ReportBatchItemFailures'], MaximumRetryAttempts: 1 },
      one('p', 2),
      { answer },
    )
    await host.drainStreams(5_000)
    expect(keysOf(await calls())).toEqual(success ? ['k1 k2'] : ['k1 k2', 'k1 k2'])
  })

  it('ignores a report when the mapping does not ask for one', async () => {
    const { host, calls } = await deliver({}, one('p', 2), { fail: ['k1'], how: 'report' })
    await host.drainStreams(5_000)
    expect(keysOf(await calls())).toEqual(['k1 k2'])
  })

  it('bisects a failing batch until the bad record stands alone, without using up retries', async () => {
    const { host, calls } = await deliver(
      { BatchSize: 8, BisectBatchOnFunctionError: true, MaximumRetryAttempts: 1, ...toBell },
      one('p', 8),
      { fail: ['k6'] },
    )
    await host.drainStreams(10_000)
    const seen = keysOf(await calls())
    expect(seen).toEqual(['k1 k2 k3 k4 k5 k6 k7 k8', 'k1 k2 k3 k4', 'k5 k6 k7 k8', 'k5 k6', 'k5', 'k6', 'k6', 'k7 k8'])
    expect(bell()).toHaveLength(1)
    expect(bell()[0]?.['DDBStreamBatchInfo']).toMatchObject({ batchSize: 1 })
  })

  it('passes over records that have grown too old while the host ran', async () => {
    let shift = 0
    const { host, calls } = await deliver(
      { BatchSize: 2, MaximumRecordAgeInSeconds: 60, ...toBell },
      one('p', 2),
      { fail: ['k1'] },
      { now: () => Date.now() + shift },
    )
    await eventually(async () => (await calls()).length >= 2)
    expect(bell()).toEqual([])
    shift = 300_000
    await host.drainStreams(5_000)
    expect(bell()[0]?.['requestContext']).toMatchObject({ condition: 'RecordAgeExceeded' })
  })

  it('does not count the time the machine was off as age', async () => {
    const { host, calls } = await deliver(
      { MaximumRecordAgeInSeconds: 60, ...toBell },
      one('p', 2),
      {},
      { now: () => Date.now() + 900_000 },
    )
    await host.drainStreams(5_000)
    expect(keysOf(await calls())).toEqual(['k1 k2'])
    expect(bell()).toEqual([])
  })

  it('delivers virtual shards independently: one that fails does not hold the others back', async () => {
    const records = Array.from({ length: 24 }, (_none, at): [string, string] => [`p${at}`, `k${at}`])
    const { host, calls } = await deliver({ BatchSize: 100 }, records, { fail: ['k0'] }, { virtualShards: 4 })
    const others = await eventually(async () => {
      const seen = await calls()
      const good = new Set(seen.filter((call) => !call.keys.includes('k0')).flatMap((call) => call.keys))
      return good.size >= 12 && seen.filter((call) => call.keys.includes('k0')).length >= 2 ? seen : undefined
    })
    expect(others.length).toBeGreaterThanOrEqual(4)
    await host.invoke('Reader', { orders: { fail: [] } })
    await host.drainStreams(10_000)
    const all = (await calls()).flatMap((call) => call.keys)
    expect(new Set(all).size).toBe(24)
  })

  it('keeps all records of one key in one shard and in order, whatever the others do', async () => {
    const records = Array.from({ length: 40 }, (_none, at): [string, string] => [
      `p${at % 5}`,
      `k${String(at).padStart(2, '0')}`,
    ])
    const faults = { seed: 7, streamDelayMs: 40 }
    const { host, calls } = await deliver({ BatchSize: 2 }, records, {}, { virtualShards: 4, faults })
    await host.drainStreams(10_000)
    const order = (await calls()).flatMap((call) => call.keys)
    expect(order).toHaveLength(40)
    for (let key = 0; key < 5; key += 1) {
      const own = order.filter((sort) => Number(sort.slice(1)) % 5 === key)
      expect(own).toEqual([...own].sort())
    }
    expect(order).not.toEqual([...order].sort())
  })

  it('can deliver a batch twice at the same time', async () => {
    const faults = { seed: 3, streamRepeatRate: 1 }
    const { host, calls } = await deliver({}, one('p', 2), {}, { faults })
    await host.drainStreams(5_000)
    expect(keysOf(await calls())).toEqual(['k1 k2', 'k1 k2'])
  })

  it('reads each shard of a busy stream every poll, and not all of them at the same moment', { retry: 2 }, async () => {
    const pollMs = 800
    const { host, calls } = await deliver({ BatchSize: 1_000 }, [], {}, { virtualShards: 4, streamPollMs: pollMs })
    const begun = Date.now()
    // A thousand a second, well over what counts as busy, for three polls; a machine that was held up catches up.
    for (let at = 0; Date.now() - begun < 3 * pollMs; at += 25) {
      const requests = Array.from({ length: 25 }, (_none, next) => ({
        PutRequest: { Item: { PK: { S: `p${(at + next) % 16}` }, SK: { S: `k${at + next}` } } },
      }))
      await system?.call('dynamodb', 'BatchWriteItem', { RequestItems: { 'market-table': requests } })
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, begun + at - Date.now())))
    }
    await host.drainStreams(5_000)
    const shardOf = ({ dynamodb }: Call['record']) =>
      hashText(JSON.stringify((dynamodb as { Keys: { PK: unknown } }).Keys.PK)) % 4
    const made = await calls()
    const all = made.flatMap((call) => call.keys)
    expect(new Set(all).size).toBe(all.length)
    // From the second poll on, when the pace is known: moments of delivery, a shard known by its partition keys.
    const paced = made.filter(
      (call) => call.at - begun > pollMs && call.at - begun < 3 * pollMs && call.keys.length > 5,
    )
    const moments = Map.groupBy(paced, (call) => shardOf(call.record))
    const gaps = [...moments.values()].flatMap((of) => of.slice(1).map((call, at) => call.at - (of[at]?.at ?? 0)))
    // The machine may be busy with something else now and then; the median is ours.
    expect(gaps.sort((left, right) => left - right)[Math.floor(gaps.length / 2)]).toBeGreaterThan(pollMs / 2)
    const together = paced.slice(1).filter((call, at) => call.at - (paced[at]?.at ?? 0) < 20)
    expect(together.length).toBeLessThan(paced.length / 2)
  })

  it('loses nothing when more arrives than a shard holds', async () => {
    const { host, calls } = await deliver({ BatchSize: 10 }, [], { holdMs: 4_000 })
    const total = 2_600
    for (let at = 0; at < total; at += 25) {
      const requests = Array.from({ length: 25 }, (_none, next) => ({
        PutRequest: { Item: { PK: { S: 'p' }, SK: { S: `k${at + next}` } } },
      }))
      await system?.call('dynamodb', 'BatchWriteItem', { RequestItems: { 'market-table': requests } })
    }
    await eventually(() => (host.stats().streams[0]?.waiting ?? 0) >= 1_900, 10_000)
    await host.invoke('Reader', { orders: { holdMs: 0 } })
    await host.drainStreams(20_000)
    const seen = (await calls()).flatMap((call) => call.keys)
    expect(seen).toHaveLength(total)
    expect(new Set(seen).size).toBe(total)
    const sequences = (await calls()).flatMap((call) => call.sequences.map(Number))
    expect(sequences).toEqual([...sequences].sort((left, right) => left - right))
  })

  it('refuses a third reader of one stream', async () => {
    system = new SystemUnderTest('streams').table('Market')
    for (const name of ['One', 'Two', 'Three']) {
      system.fn(name, READER, SystemUnderTest.streamStatements('Market')).mapping(`${name}Mapping`, 'Market', name)
    }
    await expect(system.start()).rejects.toThrow('3 mappings on the stream of market-table')
    delete system.resources['ThreeMapping']
    await expect(system.start()).resolves.toBeDefined()
  })

  it('refuses a mapping whose role may not read the stream', async () => {
    system = new SystemUnderTest('streams').table('Market').fn('Reader', READER).mapping('Mapping', 'Market', 'Reader')
    await expect(system.start()).rejects.toThrow('lacks dynamodb:DescribeStream')
  })

  const refusals: [string, Record<string, unknown>][] = [
    ['ParallelizationFactor', { ParallelizationFactor: 2 }],
    ['BatchSize', { BatchSize: 20_000 }],
    ['StartingPosition', { StartingPosition: 'AT_TIMESTAMP' }],
    ['FunctionResponseTypes', { FunctionResponseTypes: ['Other'] }],
    ['MaximumRecordAgeInSeconds', { MaximumRecordAgeInSeconds: 5 }],
  ]
  it.each(refusals)('refuses a %s it does not simulate', async (name, mapping) => {
    await expect(deliver(mapping, [])).rejects.toThrow(name)
  })
})
