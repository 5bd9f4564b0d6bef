import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/** The day sheets of cash desks. Taking cash pays an order and handing it back ends a refund: see Payments. */
export class Cash extends Construct {
  constructor(platform: Platform) {
    super(platform, 'Cash')
    const { market } = platform.tables
    platform.http('cash', {
      environment: { MARKET_TABLE: market.tableName },
      grants: [{ table: market, actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem'], index: true }],
    })
  }
}
