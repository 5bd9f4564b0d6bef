import { afterEach, describe, expect, it } from 'vitest'
import { javaVersion } from '../../cdk/local/engine.ts'
import type { Host } from '../../cdk/local/host.ts'
import { SystemUnderTest, WITH_TABLES } from './host-system.ts'

/** The host on DynamoDB Local, the real AWS engine: what differs from the embedded engine is its stream. */

const FUNCTION = `${WITH_TABLES}
const seen = []
export const handler = async (event) => {
  if (event.ask) return seen
  if (event.Records) { seen.push(...event.Records.map((record) => record.dynamodb.Keys.SK.S)); return }
  try {
    await client.send(new TransactWriteItemsCommand({ TransactItems: event.keys.map((key) => ({ Put: { TableName: 'market-table', Item: { PK: { S: key }, SK: { S: key } }, ConditionExpression: 'attribute_not_exists(PK)' } })) }))
    return 'written'
  } catch (error) { return error.name }
}`

const java = javaVersion()
console.error(java >= 17 ? 'engine 2 (host): run' : 'engine 2 (host): not run (no Java 17)')

let system: SystemUnderTest | undefined
afterEach(async () => {
  await system?.dispose()
  system = undefined
})

const seenBy = async (host: Host) => ((await host.invoke('Reader', { ask: true })) as string[]).sort()

// Java takes its time on a busy machine.
describe.runIf(java >= 17)('the host on DynamoDB Local', { timeout: 120_000 }, () => {
  it('makes tables, checks roles, delivers the stream, and goes on after both have been restarted', async () => {
    const of = (system = new SystemUnderTest('second').table('Market'))
    const put = { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: { 'Fn::GetAtt': ['Market', 'Arn'] } }
    of.fn('Writer', FUNCTION, [put]).fn('Stranger', FUNCTION)
    of.fn('Reader', FUNCTION, SystemUnderTest.streamStatements('Market')).mapping('Mapping', 'Market', 'Reader', {
      BatchSize: 3,
    })
    await of.engine('dynamodb-local')
    let host = await of.start()
    expect(await host.invoke('Writer', { keys: ['a', 'b', 'c', 'd'] })).toBe('written')
    expect(await host.invoke('Writer', { keys: ['a', 'e'] })).toBe('TransactionCanceledException')
    expect(await host.invoke('Stranger', { keys: ['f'] })).toBe('AccessDeniedException')
    await host.drainStreams(10_000)
    expect(await seenBy(host)).toEqual(['a', 'b', 'c', 'd'])
    host.faults.set({ seed: 1, conflictRate: 1 })
    expect(await host.invoke('Writer', { keys: ['g'] })).toBe('TransactionCanceledException')
    host.faults.set(null)
    await of.stopHost()
    await of.stopEngine()
    await of.engine('dynamodb-local')
    await of.put('Market', 'h', 'h')
    host = await of.start()
    await host.invoke('Writer', { keys: ['i'] })
    await host.drainStreams(10_000)
    expect(await seenBy(host)).toEqual(['h', 'i'])
  })

  it('begins with LATEST after what was there before', async () => {
    const of = (system = new SystemUnderTest('latest').table('Market'))
    of.fn('Reader', FUNCTION, SystemUnderTest.streamStatements('Market'))
    await of.engine('dynamodb-local')
    await of.start()
    await of.put('Market', 'a', 'a')
    await of.stopHost()
    of.mapping('Mapping', 'Market', 'Reader', { StartingPosition: 'LATEST' })
    const host = await of.start()
    await of.put('Market', 'b', 'b')
    await host.drainStreams(10_000)
    expect(await seenBy(host)).toEqual(['b'])
  })
})

describe('the second engine', () => {
  it('is there when it is required', () => {
    if (process.env['REQUIRE_ENGINE_2'] === '1') expect(java).toBeGreaterThanOrEqual(17)
    expect(java).toBeTypeOf('number')
  })
})
