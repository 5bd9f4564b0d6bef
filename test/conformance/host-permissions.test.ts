import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Host } from '../../cdk/local/host.ts'
import { accessesOf } from '../../cdk/local/inside/permissions.ts'
import { SystemUnderTest, WITH_TABLES } from './host-system.ts'

const CALLER = `${WITH_TABLES}
const [TableName, Other] = ['market-table', 'ledger-table']
const Key = { PK: { S: 'a' }, SK: { S: 'b' } }
const Item = Key
const put = (table) => ({ Put: { TableName: table, Item } })
const update = { UpdateExpression: 'SET n = :n', ExpressionAttributeValues: { ':n': { N: '1' } } }
const query = { KeyConditionExpression: 'PK = :p', ExpressionAttributeValues: { ':p': { S: 'a' } } }
const commands = {
  PutItem: () => new PutItemCommand({ TableName, Item }),
  GetItem: () => new GetItemCommand({ TableName, Key }),
  UpdateItem: () => new UpdateItemCommand({ TableName, Key, ...update }),
  DeleteItem: () => new DeleteItemCommand({ TableName, Key }),
  Query: () => new QueryCommand({ TableName, ...query }),
  QueryIndex: () => new QueryCommand({ TableName, IndexName: 'byOwner', KeyConditionExpression: 'SK = :p', ExpressionAttributeValues: { ':p': { S: 'b' } } }),
  Scan: () => new ScanCommand({ TableName }),
  ScanIndex: () => new ScanCommand({ TableName, IndexName: 'byOwner' }),
  DescribeTable: () => new DescribeTableCommand({ TableName }),
  BatchGetItem: () => new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [Key] } } }),
  BatchGetBoth: () => new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [Key] }, [Other]: { Keys: [Key] } } }),
  BatchWriteItem: () => new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item } }] } }),
  TransactPut: () => new TransactWriteItemsCommand({ TransactItems: [put(TableName)] }),
  TransactPutBoth: () => new TransactWriteItemsCommand({ TransactItems: [put(TableName), put(Other)] }),
  TransactUpdate: () => new TransactWriteItemsCommand({ TransactItems: [put(TableName), { Update: { TableName, Key: { ...Key, SK: { S: 'c' } }, ...update } }] }),
  TransactDelete: () => new TransactWriteItemsCommand({ TransactItems: [{ Delete: { TableName, Key } }] }),
  TransactCheck: () => new TransactWriteItemsCommand({ TransactItems: [{ ConditionCheck: { TableName, Key, ConditionExpression: 'attribute_not_exists(zz)' } }] }),
  TransactGet: () => new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName, Key } }] }),
}
export const handler = async ({ command }) => {
  try { await client.send(commands[command]()); return 'allowed' } catch (error) { return error.name + ': ' + error.message }
}`

const market = { 'Fn::GetAtt': ['Market', 'Arn'] }
const indexes = { 'Fn::Join': ['', [market, '/index/*']] }
const allow = (Action: unknown, Resource: unknown) => ({ Effect: 'Allow', Action, Resource })

describe('the role of a function', () => {
  let system: SystemUnderTest
  let host: Host
  beforeAll(async () => {
    system = new SystemUnderTest('roles')
    const AttributeDefinitions = ['PK', 'SK'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' }))
    const GlobalSecondaryIndexes = [
      {
        IndexName: 'byOwner',
        KeySchema: [{ AttributeName: 'SK', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ]
    system.table('Market', { AttributeDefinitions, GlobalSecondaryIndexes }).table('Ledger')
    const names = [
      'PutItem',
      'GetItem',
      'UpdateItem',
      'DeleteItem',
      'Query',
      'Scan',
      'DescribeTable',
      'BatchGetItem',
      'BatchWriteItem',
      'ConditionCheckItem',
    ]
    for (const name of names) system.fn(`Only${name}`, CALLER, [allow(`dynamodb:${name}`, market)])
    system.fn('Everything', CALLER, [allow('dynamodb:*', market)])
    system.fn('Indexes', CALLER, [allow(['dynamodb:Query', 'dynamodb:Scan'], indexes)])
    const deny = { Effect: 'Deny', Action: 'dynamodb:Delete*', Resource: '*' }
    system.fn('Denied', CALLER, [allow('dynamodb:*', [market, indexes]), deny])
    system.fn('Nothing', CALLER)
    host = await system.start()
    await host.invoke('Everything', { command: 'PutItem' })
  })
  afterAll(() => system.dispose())

  const as = async (name: string, command: string) => (await host.invoke(name, { command })) as string

  const own: [string, string[]][] = [
    ['OnlyPutItem', ['PutItem', 'TransactPut']],
    ['OnlyGetItem', ['GetItem', 'TransactGet']],
    ['OnlyUpdateItem', ['UpdateItem']],
    ['OnlyDeleteItem', ['DeleteItem', 'TransactDelete']],
    ['OnlyQuery', ['Query']],
    ['OnlyScan', ['Scan']],
    ['OnlyDescribeTable', ['DescribeTable']],
    ['OnlyBatchGetItem', ['BatchGetItem']],
    ['OnlyBatchWriteItem', ['BatchWriteItem']],
    ['OnlyConditionCheckItem', ['TransactCheck']],
    ['Indexes', ['QueryIndex', 'ScanIndex']],
    ['Nothing', []],
  ]
  const commands = [
    'PutItem GetItem UpdateItem DeleteItem Query QueryIndex Scan ScanIndex DescribeTable BatchGetItem BatchGetBoth BatchWriteItem',
    'TransactPut TransactPutBoth TransactUpdate TransactDelete TransactCheck TransactGet',
  ].flatMap((line) => line.split(' '))

  it.each(own)('%s allows %j and nothing else', async (name, expected) => {
    const allowed: string[] = []
    for (const command of commands) {
      const answer = await as(name, command)
      if (answer === 'allowed') allowed.push(command)
      else
        expect(answer).toMatch(
          /^AccessDeniedException: User: arn:aws:sts::\d+:assumed-role\/\w+Role\/\w+ is not authorized to perform: dynamodb:\w+ on resource: arn:/,
        )
    }
    expect(allowed.sort()).toEqual([...expected].sort())
  })

  it('must cover every item of a transaction and every table of a batch', async () => {
    expect(await as('Everything', 'TransactUpdate')).toBe('allowed')
    expect(await as('Everything', 'TransactPutBoth')).toContain(
      'dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/ledger-table',
    )
    expect(await as('Everything', 'BatchGetBoth')).toContain('table/ledger-table')
    expect(await as('OnlyPutItem', 'TransactUpdate')).toContain('dynamodb:UpdateItem')
  })

  it('is asked about a table named by its ARN, and about the whole service for all administration', () => {
    const prefix = 'arn:aws:dynamodb:us-east-1:000000000000:table/'
    const named = accessesOf('GetItem', { TableName: `${prefix}market-table` }, prefix)
    expect(named).toEqual([{ action: 'dynamodb:GetItem', resource: `${prefix}market-table` }])
    for (const operation of ['ExecuteStatement', 'DeleteTable', 'GetRecords', '']) {
      const [access] = accessesOf(operation, { TableName: 'market-table' }, prefix)
      expect(access).toEqual({ action: `dynamodb:${operation}`, resource: '*' })
    }
  })

  it('does not reach an index by its table alone', async () => {
    expect(await as('Everything', 'QueryIndex')).toContain('table/market-table/index/byOwner')
  })

  it('loses what a Deny takes away', async () => {
    expect(await as('Denied', 'QueryIndex')).toBe('allowed')
    expect(await as('Denied', 'DeleteItem')).toContain('with an explicit deny')
    expect(await as('Denied', 'TransactDelete')).toContain('with an explicit deny')
  })

  it('stops a denied write before the engine', async () => {
    await as('Denied', 'DeleteItem')
    const answer = await system.call('dynamodb', 'GetItem', {
      TableName: 'market-table',
      Key: { PK: { S: 'a' }, SK: { S: 'b' } },
    })
    expect(answer['Item']).toBeDefined()
  })

  it('cannot be used to reach another AWS service', async () => {
    const source = `import https from 'node:https'
      export const handler = async () => { try { https.request('https://secretsmanager.eu-central-1.amazonaws.com/'); return 'sent' } catch (error) { return error.message } }`
    const other = new SystemUnderTest('other').fn('Caller', source)
    try {
      const started = await other.start()
      expect(await started.invoke('Caller', {})).toContain('secretsmanager.eu-central-1.amazonaws.com is refused')
    } finally {
      await other.dispose()
    }
  })
})
