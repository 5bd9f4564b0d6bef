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
 * What the engine itself could do: the transactions of a complete order, expression by expression and with items as large as
 * the real ones, sales posted in batches as large as the real ones, sent bare by the SDK to tables of their own on the same
 * engine. No reads, no HTTP, no signatures of tokens, no decisions.
 */
export type RawPlan = {
  readonly fundBatch: number
  readonly lanes: number
  readonly forMs: number
}

type Item = Record<string, AttributeValue>
/** Real items of one order, to be written again under new keys. */
type Samples = Readonly<Record<'order' | 'lines' | 'share' | 'bucket' | 'event' | 'entry' | 'marker' | 'head', Item>>

const MARKET = 'RawMarket'
const LEDGER = 'RawLedger'
const BUCKETS = 10
const FUNDS = 4

export class RawEngine {
  readonly #client: DynamoDBClient
  readonly #samples: Samples
  readonly #posting = Array.from({ length: FUNDS }, () => Promise.resolve())
  #sold = 0

  private constructor(client: DynamoDBClient, samples: Samples) {
    this.#client = client
    this.#samples = samples
  }

  /** Makes the tables, with the items of a system that has sold something to copy from. */
  static async open(endpoint: string): Promise<RawEngine> {
    const client = new DynamoDBClient({
      endpoint,
      region: 'cn-northwest-1',
      credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
      maxAttempts: 1,
      requestHandler: new NodeHttpHandler({ httpAgent: new Agent({ keepAlive: true, maxSockets: 256 }) }),
    })
    const samples = await readSamples(client)
    await createTables(client)
    for (let n = 0; n < BUCKETS; n++) await write(client, [put(MARKET, keyed(samples.bucket, 'GB#raw', `BUCKET#${n}`))])
    for (let n = 0; n < FUNDS; n++) await write(client, [put(LEDGER, keyed(samples.head, `FUND#${n}`, 'HEAD'))])
    return new RawEngine(client, samples)
  }

  async measure(plan: RawPlan): Promise<Rate> {
    const { rate } = await runLanes(plan.lanes, plan.forMs, async (lane) => {
      const orderId = randomUUID()
      await write(this.#client, placing(this.#samples, orderId, lane))
      await this.#client.send(new UpdateItemCommand(openingPage(orderId)))
      await write(this.#client, paying(this.#samples, orderId))
      this.#sold += 1
      if (this.#sold % plan.fundBatch === 0) await this.#post(plan.fundBatch)
    })
    return rate
  }

  /** A fund's head has one writer at a time, here as there. */
  async #post(sales: number): Promise<void> {
    const fund = (this.#sold / sales) % FUNDS
    const before = this.#posting[fund]
    const mine = (async () => {
      await before
      await write(this.#client, fundPosting(this.#samples, fund, sales))
    })()
    this.#posting[fund] = mine
    await mine
  }

  close(): void {
    this.#client.destroy()
  }
}

async function write(client: DynamoDBClient, items: TransactWriteItem[]): Promise<void> {
  await client.send(new TransactWriteItemsCommand({ TransactItems: items }))
}

function keyed(item: Item, pk: string, sk: string): Item {
  return { ...item, PK: { S: pk }, SK: { S: sk } }
}

const TELLS_WHY = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const

function put(table: string, item: Item): TransactWriteItem {
  return { Put: { TableName: table, Item: item, ConditionExpression: 'attribute_not_exists(PK)', ...TELLS_WHY } }
}

function openingPage(orderId: string) {
  return {
    TableName: MARKET,
    Key: { PK: { S: `ORDER#${orderId}` }, SK: { S: 'ORDER' } },
    UpdateExpression: 'SET #sessionIds = :next',
    ConditionExpression: '#state = :pending AND #sessionIds = :read',
    ExpressionAttributeNames: { '#sessionIds': 'sessionIds', '#state': 'state' },
    ExpressionAttributeValues: {
      ':next': { L: [{ S: `cs_test_${orderId}` }] },
      ':read': { L: [] },
      ':pending': { S: 'pending_payment' },
    },
    ...TELLS_WHY,
  }
}

function take(samples: Samples, n: number, at: string): TransactWriteItem {
  return {
    Update: {
      TableName: MARKET,
      Key: { PK: { S: 'GB#raw' }, SK: { S: `BUCKET#${n}` } },
      UpdateExpression: 'SET #available = #available - :q',
      ConditionExpression:
        '#available >= :q AND #state = :open AND #opensAt <= :now AND #closesAt > :now AND #priceVersion = :priceVersion',
      ExpressionAttributeNames: {
        '#available': 'available',
        '#state': 'state',
        '#opensAt': 'opensAt',
        '#closesAt': 'closesAt',
        '#priceVersion': 'priceVersion',
      },
      ExpressionAttributeValues: {
        ':q': { N: '1' },
        ':open': { S: 'open' },
        ':now': { S: at },
        ':priceVersion': samples.bucket['priceVersion'] ?? { N: '1' },
      },
      ...TELLS_WHY,
    },
  }
}

function limit(lane: number, offers: readonly number[]): TransactWriteItem {
  const names = Object.fromEntries(offers.map((offer, at) => [`#q${at}`, `q:offer-${offer}`]))
  const values = Object.fromEntries(
    offers.flatMap((_offer, at) => [
      [`:q${at}`, { N: '1' }],
      [`:room${at}`, { N: '999999' }],
    ]),
  )
  return {
    Update: {
      TableName: MARKET,
      Key: { PK: { S: 'GB#raw' }, SK: { S: `P-LIMIT#${lane}` } },
      UpdateExpression:
        'SET #entity = :entity, #v = :v, #q0 = if_not_exists(#q0, :zero) + :q0, #q1 = if_not_exists(#q1, :zero) + :q1',
      ConditionExpression:
        '(attribute_not_exists(#q0) OR #q0 <= :room0) AND (attribute_not_exists(#q1) OR #q1 <= :room1)',
      ExpressionAttributeNames: { '#entity': 'entity', '#v': 'v', ...names },
      ExpressionAttributeValues: { ':entity': { S: 'limit' }, ':v': { N: '1' }, ':zero': { N: '0' }, ...values },
      ...TELLS_WHY,
    },
  }
}

function placing(samples: Samples, orderId: string, lane: number): TransactWriteItem[] {
  const first = Math.floor(Math.random() * BUCKETS)
  const second = (first + 1) % BUCKETS
  const at = new Date().toISOString()
  const pending = { GSI1PK: { S: `ORDER#PENDING#${lane % 8}` }, GSI1SK: { S: `${at}#${orderId}` } }
  const mine = { GSI1PK: { S: `ORDER#PERSON#${lane}` }, GSI1SK: { S: `${at}#${orderId}` } }
  const fresh = { state: { S: 'pending_payment' }, sessionIds: { L: [] } }
  return [
    put(MARKET, { ...keyed(samples.order, `ORDER#${orderId}`, 'ORDER'), ...fresh, ...pending }),
    put(MARKET, { ...keyed(samples.lines, `ORDER#${orderId}`, 'LINES'), ...mine }),
    put(MARKET, keyed(samples.share, 'GB#raw', `SHARE#${orderId}`)),
    limit(lane, [first, second]),
    take(samples, first, at),
    take(samples, second, at),
  ]
}

function paying(samples: Samples, orderId: string): TransactWriteItem[] {
  const { amountFen = { N: '0' } } = samples.order
  return [
    {
      Update: {
        TableName: MARKET,
        Key: { PK: { S: `ORDER#${orderId}` }, SK: { S: 'ORDER' } },
        UpdateExpression:
          'SET #state = :paid, #paidBy = :paymentId, #paidByEvent = :eventId, #paidAt = :at REMOVE #gsi1pk, #gsi1sk',
        ConditionExpression: '#state IN (:from0, :from1) AND #amountFen = :amountFen',
        ExpressionAttributeNames: {
          '#state': 'state',
          '#paidBy': 'paidBy',
          '#paidByEvent': 'paidByEvent',
          '#paidAt': 'paidAt',
          '#amountFen': 'amountFen',
          '#gsi1pk': 'GSI1PK',
          '#gsi1sk': 'GSI1SK',
        },
        ExpressionAttributeValues: {
          ':from0': { S: 'pending_payment' },
          ':from1': { S: 'expiring' },
          ':paid': { S: 'paid' },
          ':paymentId': { S: `pi_${orderId}` },
          ':eventId': { S: `evt_${orderId}` },
          ':at': { S: new Date().toISOString() },
          ':amountFen': amountFen,
        },
        ...TELLS_WHY,
      },
    },
    put(MARKET, keyed({ ...samples.event, entity: { S: 'raw' } }, `EVENT#${orderId.slice(0, 1)}`, `sale#${orderId}`)),
  ]
}

function fundPosting(samples: Samples, fund: number, sales: number): TransactWriteItem[] {
  const { PK: _pk, SK: _sk, ...head } = samples.head
  const ids = Array.from({ length: sales }, () => randomUUID())
  return [
    {
      Update: {
        TableName: LEDGER,
        Key: { PK: { S: `FUND#${fund}` }, SK: { S: 'HEAD' } },
        UpdateExpression: 'SET #state = :state',
        ConditionExpression: 'attribute_exists(PK)',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':state': { M: head } },
        ...TELLS_WHY,
      },
    },
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
  const { paidBy: _by, paidByEvent: _event, paidAt: _at, ...order } = need('order')
  return {
    order,
    lines: need('orderLines'),
    share: need('share'),
    bucket: need('bucket'),
    event: need('event'),
    entry: need('entry'),
    marker: need('postedSale'),
    head: need('fundHead'),
  }
}
