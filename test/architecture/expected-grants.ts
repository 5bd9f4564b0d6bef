/**
 * What each function may do, written by hand: a change of a grant is a change of this table, seen by whoever reviews it.
 * The ledger's rows never hold DeleteItem or BatchWriteItem.
 */
type Row = {
  readonly market?: string
  readonly index?: true
  readonly ledger?: string
  readonly sessions?: string
  readonly photos?: string
  readonly aid?: string
  readonly stream?: true
  readonly pays?: true
  readonly sends?: true
}

const rows: Readonly<Record<string, Row>> = {
  PlacesHttp: { market: 'Get BatchGet Query Put Update ConditionCheck', index: true },
  CatalogueHttp: { market: 'Get Query Put', photos: 'Update' },
  GroupBuysHttp: { market: 'Get BatchGet Query Put Delete ConditionCheck', index: true },
  GroupBuysOnTick: { market: 'Get BatchGet Query Put Update Delete ConditionCheck', index: true },
  DeliveriesHttp: { market: 'Get BatchGet Query Put Update ConditionCheck' },
  OrdersHttp: { market: 'Get BatchGet Query Put Update Delete', index: true },
  ClaimsHttp: { market: 'Get BatchGet Query Put Update', index: true, photos: 'Update' },
  CashHttp: { market: 'Get BatchGet Query Put', index: true },
  PaymentsHttp: { market: 'Get BatchGet Query Put Update ConditionCheck', index: true, pays: true },
  PaymentsOnTick: { market: 'Get BatchGet Query Put Update', index: true, pays: true },
  PaymentsOnNightly: { market: 'Get BatchGet Query Put Update', index: true, pays: true },
  PhotosHttp: { market: 'Get BatchGet Query', photos: 'Get Put Update' },
  NotificationsHttp: { market: 'Get BatchGet Query Put Update Delete', sends: true },
  NotificationsOnTick: { market: 'Get BatchGet Query Put Update', index: true, sends: true },
  FundHttp: {
    // ConditionCheck: a payment holds on to which checks are on.
    market: 'Get BatchGet Query Put Update Delete ConditionCheck',
    index: true,
    ledger: 'Get BatchGet Query Put Update',
  },
  FundOnSale: { market: 'Get', ledger: 'Get BatchGet Put Update', stream: true },
  FundOnNightly: {
    market: 'Get BatchGet Query Put Update Delete',
    index: true,
    ledger: 'Get BatchGet Query Put Update',
  },
  FundOnTick: { market: 'Get BatchGet Query Put Delete', index: true, ledger: 'Get BatchGet Put Update' },
  GovernanceHttp: {
    market: 'Get BatchGet Query Put Delete ConditionCheck',
    index: true,
    photos: 'Get Put Update Delete',
  },
  GovernanceOnTick: { market: 'Get BatchGet Query Put Delete', index: true },
  MattersHttp: {
    market: 'Get BatchGet Query Put Update Delete ConditionCheck',
    index: true,
    photos: 'Get Update',
  },
  MattersOnTick: { market: 'Get BatchGet Query Put Update Delete', index: true },
  AidHttp: { market: 'Get Query Put Delete', aid: 'Get Query Put Delete' },
  RankingsHttp: { market: 'Get BatchGet Query Put Delete ConditionCheck', index: true },
  RankingsOnTick: { market: 'BatchGet Query Put Delete ConditionCheck', index: true },
  SunshineHttp: { market: 'Get BatchGet Query Put Delete ConditionCheck', index: true },
  SunshineOnTick: { market: 'Get BatchGet Query Put Delete', index: true, ledger: 'Get Query' },
  SettlementHttp: { market: 'Get BatchGet Query Put Delete', index: true },
  SettlementOnTick: { market: 'Get BatchGet Query Put Update Delete', index: true, ledger: 'Get Query' },
  HooksHttp: { market: 'Get BatchGet Query Put Update Delete', index: true },
  HooksOnEvent: { market: 'BatchGet Put Update', stream: true },
  HooksOnTick: { market: 'Get BatchGet Query Put Update', index: true },
  HooksOnNightly: { market: 'BatchGet Query Delete', index: true },
  SystemHttp: { market: 'Get', ledger: 'Get' },
  Web: { sessions: 'Get Put Update Delete' },
}

function onTable(actions: string | undefined, table: string): string[] {
  const words = actions?.split(' ') ?? []
  return words.map((word) => `dynamodb:${word === 'Query' ? word : `${word}Item`} on ${table}`)
}

function grantsOfRow(id: string, row: Row): string[] {
  return [
    ...onTable(row.market, 'MarketTable'),
    ...(row.index === true ? ['dynamodb:Query on MarketTable/index/GSI1'] : []),
    ...onTable(row.ledger, 'LedgerTable'),
    ...onTable(row.sessions, 'SessionsTable'),
    ...onTable(row.photos, 'PhotoBytesTable'),
    ...onTable(row.aid, 'AidTable'),
    ...(row.pays === true ? ['secretsmanager:GetSecretValue on StripeSecrets'] : []),
    ...(row.sends === true ? ['secretsmanager:GetSecretValue on MessageSecrets'] : []),
    ...(row.stream === true
      ? [
          ...['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
            (action) => `dynamodb:${action} on MarketTable/stream`,
          ),
          `sqs:SendMessage on ${id}GivenUp`,
        ]
      : []),
    ...['CreateLogStream', 'PutLogEvents'].map((action) => `logs:${action} on ${id}Logs`),
  ].sort()
}

export const expectedGrants: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(rows).map(([id, row]) => [id, grantsOfRow(id, row)]),
)
