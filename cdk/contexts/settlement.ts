import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/** Ends the after-sales window of sales, and with it what the co-op is owed. */
export class Settlement extends Construct {
  constructor(platform: Platform) {
    super(platform, 'Settlement')
    const { tables, parameters } = platform
    platform.schedule('settlement', 'on-tick', 'minute', {
      environment: { MARKET_TABLE: tables.market.tableName, AFTER_SALES_HOURS: parameters.afterSalesHours },
      grants: [
        {
          table: tables.market,
          actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
          index: true,
        },
      ],
    })
  }
}
