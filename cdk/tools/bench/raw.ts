import {
  CreateTableCommand,
  DynamoDBClient,
  type AttributeValue,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  type TransactWriteItem,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { randomUUID } from 'node:crypto'
import { Agent } from 'node:http'
import { type Rate, runLanes } from './load.ts'

/**
 * What the engine itself could do: the transactions of a complete order, with items as large as the real ones and sales
 * posted in batches as large as the real ones, sent bare by the SDK to tables of their own on the same engine.
 */
export type RawPlan = {
  readonly endpoint: string
  readonly fundBatch: number
  readonly lanes: number
  readonly forMs: number
}

type Item = Record<string, AttributeValue>
/** Real items of one order, to be written again under new keys. */
type Samples = Readonly<
  Record<'order' | 'lines' | 'share' | 'limit' | 'bucket' | 'event' | 'entry' | 'marker' | 'head', Item>
>

const MARKET = 'RawMarket'
const LEDGER = 'RawLedger'
const BUCKETS = 10
const FUNDS = 4

export async function rawRate(plan: RawPlan): Promise<Rate> {
  const client = new DynamoDBClient({
    endpoint: plan.endpoint,
    region: 'cn-northwest-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ httpAgent: new Agent({ keepAlive: true, maxSockets: 256 }) }),
  })
  const samples = await readSamples(client)
  await createTables(client)
  for (let n = 0; n < BUCKETS; n++) await write(client, [put(MARKET, keyed(samples.bucket, 'GB#raw', `BUCKET#${n}`))])
  for (let n = 0; n < FUNDS; n++) await write(client, [put(LEDGER, keyed(samples.head, `FUND#${n}`, 'HEAD'))])
  let sold = 0
  const posting = Array.from({ length: FUNDS }, () => Promise.resolve())
  const { rate } = await runLanes(plan.lanes, plan.forMs, async (lane) => {
    const orderId = randomUUID()
    await write(client, placing(samples, orderId, lane))
    const page = { L: [{ S: `cs_test_${orderId}` }] }
    await client.send(new UpdateItemCommand(set(MARKET, `ORDER#${orderId}`, 'ORDER', 'sessionIds', page)))
    await write(client, paying(samples, orderId))
    sold += 1
    if (sold % plan.fundBatch !== 0) return
    // A fund's head has one writer at a time, here as there.
    const fund = (sold / plan.fundBatch) % FUNDS
    const before = posting[fund]
    const mine = (async () => {
      await before
      await write(client, fundPosting(samples, fund, plan.fundBatch))
    })()
    posting[fund] = mine
    await mine
  })
  client.destroy()
  return rate
}

async function write(client: DynamoDBClient, items: TransactWriteItem[]): Promise<void> {
  await client.send(new TransactWriteItemsCommand({ TransactItems: items }))
}

function keyed(item: Item, pk: string, sk: string): Item {
  return { ...item, PK: { S: pk }, SK: { S: sk } }
}

function put(table: string, item: Item): TransactWriteItem {
  return { Put: { TableName: table, Item: item, ConditionExpression: 'attribute_not_exists(PK)' } }
}

function set(table: string, pk: string, sk: string, name: string, value: AttributeValue) {
  return {
    TableName: table,
    Key: { PK: { S: pk }, SK: { S: sk } },
    UpdateExpression: 'SET #n = :v',
    ConditionExpression: 'attribute_exists(PK)',
    ExpressionAttributeNames: { '#n': name },
    ExpressionAttributeValues: { ':v': value },
  }
}

function take(n: number): TransactWriteItem {
  return {
    Update: {
      TableName: MARKET,
      Key: { PK: { S: 'GB#raw' }, SK: { S: `BUCKET#${n}` } },
      UpdateExpression: 'SET #available = #available - :q',
      ConditionExpression: '#available >= :q',
      ExpressionAttributeNames: { '#available': 'available' },
      ExpressionAttributeValues: { ':q': { N: '1' } },
    },
  }
}

function placing(samples: Samples, orderId: string, lane: number): TransactWriteItem[] {
  const first = Math.floor(Math.random() * BUCKETS)
  const pending = { GSI1PK: { S: `ORDER#PENDING#${lane % 8}` }, GSI1SK: { S: `${Date.now()}#${orderId}` } }
  const mine = { GSI1PK: { S: `ORDER#PERSON#${lane}` }, GSI1SK: { S: `${Date.now()}#${orderId}` } }
  return [
    put(MARKET, { ...keyed(samples.order, `ORDER#${orderId}`, 'ORDER'), ...pending }),
    put(MARKET, { ...keyed(samples.lines, `ORDER#${orderId}`, 'LINES'), ...mine }),
    put(MARKET, keyed(samples.share, 'GB#raw', `SHARE#${orderId}`)),
    { Put: { TableName: MARKET, Item: keyed(samples.limit, 'GB#raw', `P-LIMIT#${lane}`) } },
    take(first),
    take((first + 1) % BUCKETS),
  ]
}

function paying(samples: Samples, orderId: string): TransactWriteItem[] {
  return [
    {
      Update: {
        TableName: MARKET,
        Key: { PK: { S: `ORDER#${orderId}` }, SK: { S: 'ORDER' } },
        UpdateExpression: 'SET #state = :paid, #by = :by REMOVE #pk, #sk',
        ConditionExpression: 'attribute_not_exists(#by)',
        ExpressionAttributeNames: { '#state': 'state', '#by': 'paidBy', '#pk': 'GSI1PK', '#sk': 'GSI1SK' },
        ExpressionAttributeValues: { ':paid': { S: 'paid' }, ':by': { S: `pi_${orderId}` } },
      },
    },
    put(MARKET, keyed({ ...samples.event, entity: { S: 'raw' } }, `EVENT#${orderId.slice(0, 1)}`, `sale#${orderId}`)),
  ]
}

function fundPosting(samples: Samples, fund: number, sales: number): TransactWriteItem[] {
  const { PK: _pk, SK: _sk, ...head } = samples.head
  const ids = Array.from({ length: sales }, () => randomUUID())
  return [
    { Update: set(LEDGER, `FUND#${fund}`, 'HEAD', 'state', { M: head }) },
    ...ids.map((id) => put(LEDGER, keyed(samples.entry, `FUND#${fund}`, `E#${id}`))),
    ...ids.map((id) => put(LEDGER, keyed(samples.marker, `FUND#${fund}#M#${id}`, 'MARKER'))),
  ]
}

async function createTables(client: DynamoDBClient): Promise<void> {
  for (const [name, streamed] of [
    [MARKET, true],
    [LEDGER, false],
  ] as const) {
    const keys = ['PK', 'SK', ...(streamed ? ['GSI1PK', 'GSI1SK'] : [])]
    await client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: keys.map((key) => ({ AttributeName: key, AttributeType: 'S' as const })),
        KeySchema: schemaOf('PK', 'SK'),
        ...(streamed
          ? {
              GlobalSecondaryIndexes: [
                {
                  IndexName: 'GSI1',
                  KeySchema: schemaOf('GSI1PK', 'GSI1SK'),
                  Projection: { ProjectionType: 'KEYS_ONLY' },
                },
              ],
              StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' as const },
            }
          : {}),
      }),
    )
  }
}

function schemaOf(hash: string, range: string) {
  return [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ]
}

/** Finds the real items by what they are. */
async function readSamples(client: DynamoDBClient): Promise<Samples> {
  const { Items: pages = [] } = await client.send(
    new QueryCommand({
      TableName: 'MarketTable',
      KeyConditionExpression: 'PK = :pk AND begins_with(SK, :sk)',
      ExpressionAttributeValues: { ':pk': { S: 'GB#gb-bench' }, ':sk': { S: 'SHARE#' } },
      Limit: 1,
    }),
  )
  const orderPk = `ORDER#${pages[0]?.['orderId']?.S ?? ''}`
  const found = new Map<string, Item>()
  for (const table of ['MarketTable', 'LedgerTable']) {
    let from: Item | undefined
    do {
      const page = await client.send(
        new ScanCommand({ TableName: table, Limit: 500, ...(from === undefined ? {} : { ExclusiveStartKey: from }) }),
      )
      for (const item of page.Items ?? []) {
        const entity = item['entity']?.S ?? ''
        const wrongOrder = (entity === 'order' || entity === 'orderLines') && item['PK']?.S !== orderPk
        if (!wrongOrder) found.set(entity, item)
      }
      from = page.LastEvaluatedKey
    } while (from !== undefined)
  }
  const need = (entity: string) => {
    const item = found.get(entity)
    if (item === undefined) throw new Error(`no ${entity} to copy; there are ${[...found.keys()].join(', ')}`)
    const { GSI1PK: _pk, GSI1SK: _sk, ...rest } = item
    return rest
  }
  const { paidBy: _paid, ...order } = need('order')
  return {
    order,
    lines: need('orderLines'),
    share: need('share'),
    limit: need('limit'),
    bucket: need('bucket'),
    event: need('event'),
    entry: need('entry'),
    marker: need('postedSale'),
    head: need('fundHead'),
  }
}
