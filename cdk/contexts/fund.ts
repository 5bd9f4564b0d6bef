import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/** The charity funds: posting from the stream, reading, exporting, the nightly reconcile. */
export class Fund extends Construct {
  constructor(platform: Platform) {
    super(platform, 'Fund')
    const { tables, signIn } = platform
    const both = { MARKET_TABLE: tables.market.tableName, LEDGER_TABLE: tables.ledger.tableName }
    const readMarket = { table: tables.market, actions: ['GetItem', 'BatchGetItem', 'Query'], index: true } as const
    // No DeleteItem and no BatchWriteItem, ever: the book is append-only.
    const post = {
      table: tables.ledger,
      actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
    } as const
    platform.http('fund', {
      environment: {
        ...both,
        OIDC_ISSUER: signIn.issuer,
        OIDC_AUDIENCE: signIn.audience,
        OIDC_SCOPE: signIn.scope,
      },
      grants: [readMarket, post],
    })
    platform.stream(
      'fund',
      'on-sale',
      { types: ['sale.recorded.v1', 'sale.reversed.v1', 'sale.settled.v1'], batchSize: 100 },
      { environment: both, grants: [readMarket, post] },
    )
    platform.schedule('fund', 'on-nightly', 'night', { environment: both, grants: [readMarket, post] })
  }
}
