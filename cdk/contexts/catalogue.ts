import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/** What a co-op can sell. */
export class Catalogue extends Construct {
  constructor(platform: Platform) {
    super(platform, 'Catalogue')
    const { market } = platform.tables
    platform.http('catalogue', {
      environment: { MARKET_TABLE: market.tableName },
      grants: [{ table: market, actions: ['GetItem', 'Query', 'PutItem'] }],
    })
  }
}
