import { EngineError } from './engine-call.ts'
import type { EngineCall } from './engine-call.ts'
import { RefusedByHost } from './resource-types.ts'
import { isRecord } from './template.ts'
import type { LocalResource, LocalTemplate } from './template.ts'

/** The template's tables on the engine: made when missing, kept when they match, refused when they differ. */

export interface LocalTable {
  readonly logicalId: string
  readonly name: string
  readonly arn: string
  readonly streamArn: string | undefined
  /** Attribute that says when an item expires, in epoch seconds. */
  readonly ttlAttribute: string | undefined
  readonly partitionKey: string
  readonly keyAttributes: readonly string[]
  readonly streamViewType: string | undefined
}

export async function prepareTables(template: LocalTemplate, call: EngineCall): Promise<readonly LocalTable[]> {
  const tables: LocalTable[] = []
  for (const resource of template.ofType('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable')) {
    const table = describe(template, resource)
    const wanted = creation(table, resource)
    const existing = await describeTable(call, table.name)
    if (existing === undefined) await call('dynamodb', 'CreateTable', wanted)
    else await reconcile(call, wanted, existing)
    await untilActive(call, table.name)
    if (table.ttlAttribute !== undefined) await enableTimeToLive(call, table.name, table.ttlAttribute)
    tables.push(table)
  }
  return tables
}

function describe(template: LocalTemplate, resource: LocalResource): LocalTable {
  const { properties, logicalId } = resource
  const arn = template.arnOf(logicalId)
  const replicas = properties['Replicas']
  if (Array.isArray(replicas) && replicas.length > 1) {
    throw new RefusedByHost(`${logicalId}: a table with replicas in several regions is not simulated here`)
  }
  const stream = properties['StreamSpecification']
  const viewType = isRecord(stream) ? String(stream['StreamViewType']) : undefined
  const ttl = properties['TimeToLiveSpecification']
  const ttlOn = isRecord(ttl) && ttl['Enabled'] === true
  const keys = list(properties['KeySchema'])
  const name = properties['TableName']
  return {
    logicalId,
    name: typeof name === 'string' ? name : logicalId,
    arn,
    streamArn: viewType === undefined ? undefined : `${arn}/stream/local`,
    ttlAttribute: ttlOn ? String(ttl['AttributeName']) : undefined,
    partitionKey: String(keys.find((key) => key['KeyType'] === 'HASH')?.['AttributeName']),
    keyAttributes: keys.map((key) => String(key['AttributeName'])),
    streamViewType: viewType,
  }
}

function list(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

function index(raw: Record<string, unknown>): Record<string, unknown> {
  return { IndexName: raw['IndexName'], KeySchema: raw['KeySchema'], Projection: raw['Projection'] }
}

function creation(table: LocalTable, resource: LocalResource): Record<string, unknown> {
  const { properties } = resource
  const global = list(properties['GlobalSecondaryIndexes']).map(index)
  const local = list(properties['LocalSecondaryIndexes']).map(index)
  return {
    TableName: table.name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: properties['AttributeDefinitions'],
    KeySchema: properties['KeySchema'],
    ...(global.length > 0 && { GlobalSecondaryIndexes: global }),
    ...(local.length > 0 && { LocalSecondaryIndexes: local }),
    ...(table.streamViewType !== undefined && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: table.streamViewType },
    }),
  }
}

export async function describeTable(call: EngineCall, name: string): Promise<Record<string, unknown> | undefined> {
  try {
    const answer = await call('dynamodb', 'DescribeTable', { TableName: name })
    return isRecord(answer['Table']) ? answer['Table'] : undefined
  } catch (error) {
    if (error instanceof EngineError && error.code === 'ResourceNotFoundException') return undefined
    throw error
  }
}

async function untilActive(call: EngineCall, name: string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const table = await describeTable(call, name)
    const indexes = list(table?.['GlobalSecondaryIndexes'])
    const ready = indexes.every((each) => (each['IndexStatus'] ?? 'ACTIVE') === 'ACTIVE')
    if (table?.['TableStatus'] === 'ACTIVE' && ready) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`table ${name} does not become active`)
}

function canonical(keySchema: unknown): string {
  return JSON.stringify(list(keySchema).map((key) => `${String(key['KeyType'])} ${String(key['AttributeName'])}`))
}

function attributeTypes(definitions: unknown): Map<string, string> {
  return new Map(list(definitions).map((each) => [String(each['AttributeName']), String(each['AttributeType'])]))
}

/** Keys cannot change; indexes are added or removed as CloudFormation would; a stream can be switched on. */
async function reconcile(
  call: EngineCall,
  wanted: Record<string, unknown>,
  existing: Record<string, unknown>,
): Promise<void> {
  const name = String(wanted['TableName'])
  const differs = (what: string) =>
    new RefusedByHost(
      `table ${name} in the data folder has another ${what} than the template; start with an empty folder`,
    )
  if (canonical(wanted['KeySchema']) !== canonical(existing['KeySchema'])) throw differs('key schema')
  const existingTypes = attributeTypes(existing['AttributeDefinitions'])
  for (const [attribute, type] of attributeTypes(wanted['AttributeDefinitions'])) {
    if ((existingTypes.get(attribute) ?? type) !== type) throw differs(`type for attribute ${attribute}`)
  }
  const local = (table: Record<string, unknown>) =>
    list(table['LocalSecondaryIndexes']).map((each) => `${String(each['IndexName'])}${canonical(each['KeySchema'])}`)
  if (JSON.stringify(local(wanted).sort()) !== JSON.stringify(local(existing).sort())) throw differs('local index')
  await reconcileIndexes(call, wanted, existing)
  const stream = wanted['StreamSpecification']
  const current = existing['StreamSpecification']
  if (!isRecord(stream)) return
  if (!isRecord(current) || current['StreamEnabled'] !== true) {
    await call('dynamodb', 'UpdateTable', { TableName: name, StreamSpecification: stream })
  } else if (current['StreamViewType'] !== stream['StreamViewType']) throw differs('stream view type')
}

async function reconcileIndexes(
  call: EngineCall,
  wanted: Record<string, unknown>,
  existing: Record<string, unknown>,
): Promise<void> {
  const name = String(wanted['TableName'])
  const shape = (each: Record<string, unknown>) => {
    const projection = isRecord(each['Projection']) ? each['Projection'] : {}
    const included = Array.isArray(projection['NonKeyAttributes'])
      ? projection['NonKeyAttributes'].map(String).sort()
      : []
    return JSON.stringify([canonical(each['KeySchema']), projection['ProjectionType'], included])
  }
  const before = new Map(list(existing['GlobalSecondaryIndexes']).map((each) => [each['IndexName'], shape(each)]))
  const after = list(wanted['GlobalSecondaryIndexes'])
  const kept = new Set(
    after.filter((each) => before.get(each['IndexName']) === shape(each)).map((each) => each['IndexName']),
  )
  const updates = [
    ...[...before.keys()].filter((indexName) => !kept.has(indexName)).map((IndexName) => ({ Delete: { IndexName } })),
    ...after.filter((each) => !kept.has(each['IndexName'])).map((each) => ({ Create: each })),
  ]
  for (const update of updates) {
    await call('dynamodb', 'UpdateTable', {
      TableName: name,
      AttributeDefinitions: wanted['AttributeDefinitions'],
      GlobalSecondaryIndexUpdates: [update],
    })
    await untilActive(call, name)
  }
}

async function enableTimeToLive(call: EngineCall, name: string, attribute: string): Promise<void> {
  const answer = await call('dynamodb', 'DescribeTimeToLive', { TableName: name })
  const description = isRecord(answer['TimeToLiveDescription']) ? answer['TimeToLiveDescription'] : {}
  if (description['TimeToLiveStatus'] === 'ENABLED' && description['AttributeName'] === attribute) return
  await call('dynamodb', 'UpdateTimeToLive', {
    TableName: name,
    TimeToLiveSpecification: { Enabled: true, AttributeName: attribute },
  })
}
