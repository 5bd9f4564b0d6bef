import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/** Ends the after-sales window of sales, and states and pays what the co-op is owed. */
export class Settlement extends Construct {
  constructor(platform: Platform) {
    super(platform, 'Settlement')
    const { tables, parameters } = platform
    platform.http('settlement', {
      environment: { MARKET_TABLE: tables.market.tableName, AFTER_SALES_HOURS: parameters.afterSalesHours },
      grants: [
        {
          table: tables.market,
          actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem'],
          index: true,
        },
      ],
    })
    platform.schedule('settlement', 'on-tick', 'minute', {
      environment: {
        MARKET_TABLE: tables.market.tableName,
        LEDGER_TABLE: tables.ledger.tableName,
        AFTER_SALES_HOURS: parameters.afterSalesHours,
      },
      grants: [
        {
          table: tables.market,
          actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
          index: true,
        },
        // The 2 % that a statement takes off is what the ledger says was posted.
        { table: tables.ledger, actions: ['GetItem', 'Query'] },
      ],
    })
  }
}
