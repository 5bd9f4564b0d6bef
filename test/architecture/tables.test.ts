import { DescribeTableCommand, type TableDescription } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Backend, startBackend } from '#test/fixtures/backend.ts'
import { type Stack, synthesize } from './stack.ts'

/** The fixture's tables are typed by hand for speed; here they are held against what is deployed. */
describe('the tables that tests run on', () => {
  let backend: Backend
  let stack: Stack

  beforeAll(async () => {
    stack = synthesize({ stage: 'local' })
    backend = await startBackend()
  }, 120_000)
  afterAll(() => backend?.stop())

  it.each([
    ['market', 'MarketTable'],
    ['ledger', 'LedgerTable'],
    ['photos', 'PhotoBytesTable'],
    ['aid', 'AidTable'],
  ])('%s is as the stack declares %s', async (name, id) => {
    const { Table } = await backend.client.send(new DescribeTableCommand({ TableName: name }))
    expect(shapeOf(Table)).toEqual(shapeOf(stack.template.Resources[id]?.Properties))
  })
})

type Declared = Pick<
  TableDescription,
  'KeySchema' | 'AttributeDefinitions' | 'GlobalSecondaryIndexes' | 'StreamSpecification'
>

function shapeOf(table: Declared | Record<string, unknown> | undefined) {
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, StreamSpecification } = (table ?? {}) as Declared
  return {
    keys: KeySchema,
    attributes: [...(AttributeDefinitions ?? [])].sort((a, b) =>
      String(a.AttributeName) < String(b.AttributeName) ? -1 : 1,
    ),
    indexes: (GlobalSecondaryIndexes ?? []).map((index) => ({
      name: index.IndexName,
      keys: index.KeySchema,
      projection: index.Projection?.ProjectionType,
    })),
    stream: StreamSpecification?.StreamViewType,
  }
}
