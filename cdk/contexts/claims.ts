import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/** What residents say of goods they got. Deciding gives money back: see Payments. */
export class Claims extends Construct {
  constructor(platform: Platform) {
    super(platform, 'Claims')
    const { tables, parameters } = platform
    platform.http('claims', {
      environment: {
        MARKET_TABLE: tables.market.tableName,
        PHOTOS_TABLE: tables.photos.tableName,
        AFTER_SALES_HOURS: parameters.afterSalesHours,
      },
      grants: [
        { table: tables.market, actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'], index: true },
        // Photos that came in before become the claim's; it reads none.
        { table: tables.photos, actions: ['UpdateItem'] },
      ],
    })
  }
}
