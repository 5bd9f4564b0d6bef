import { RemovalPolicy, type Stack } from 'aws-cdk-lib'
import { AttributeType, BillingMode, CfnTable, ProjectionType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb'
import type { Settings } from './settings.ts'

export type Tables = {
  /** Everything that changes; streamed. */
  readonly market: Table
  /** Append-only book of the funds. */
  readonly ledger: Table
  /** Sign-in sessions of the web function. */
  readonly sessions: Table
  /** What households in difficulty write: on no stream and in no backup, so that what is deleted is nowhere. */
  readonly aid: Table
  /** Bytes of photos, and lists of owners while they are entered: not streamed, and not what is restored after an accident. */
  readonly photos: Table
}

export const MARKET_INDEX = 'GSI1'

export function makeTables(stack: Stack, settings: Settings): Tables {
  const kept = settings.stage === 'prod'
  const common = { billingMode: BillingMode.PAY_PER_REQUEST, deletionProtection: kept }
  const recoverable = { pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true } }
  const keys = {
    partitionKey: { name: 'PK', type: AttributeType.STRING },
    sortKey: { name: 'SK', type: AttributeType.STRING },
  }
  const market = new Table(stack, 'Market', {
    ...common,
    ...recoverable,
    ...keys,
    stream: StreamViewType.NEW_IMAGE,
    removalPolicy: kept ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  })
  market.addGlobalSecondaryIndex({
    indexName: MARKET_INDEX,
    partitionKey: { name: 'GSI1PK', type: AttributeType.STRING },
    sortKey: { name: 'GSI1SK', type: AttributeType.STRING },
    projectionType: ProjectionType.KEYS_ONLY,
  })
  // The book of people's money outlives the stack on every stage.
  const ledger = new Table(stack, 'Ledger', { ...common, ...recoverable, ...keys, removalPolicy: RemovalPolicy.RETAIN })
  const sessions = new Table(stack, 'Sessions', {
    billingMode: BillingMode.PAY_PER_REQUEST,
    partitionKey: keys.partitionKey,
    timeToLiveAttribute: 'expiresAtSeconds',
    removalPolicy: RemovalPolicy.DESTROY,
  })
  const photos = new Table(stack, 'PhotoBytes', {
    ...common,
    ...keys,
    timeToLiveAttribute: 'expiresAtSeconds',
    removalPolicy: kept ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  })
  const aid = new Table(stack, 'Aid', {
    ...common,
    ...keys,
    timeToLiveAttribute: 'expiresAtSeconds',
    removalPolicy: kept ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  })
  for (const table of [market, ledger, sessions, photos, aid]) plainName(table)
  return { market, ledger, sessions, photos, aid }
}

/** Logical ids are the names people meet in logs and on one machine. */
function plainName(table: Table): void {
  const child = table.node.defaultChild
  if (child instanceof CfnTable) child.overrideLogicalId(`${table.node.id}Table`)
}
