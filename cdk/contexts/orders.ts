import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/** Placing, reading and giving up orders. */
export class Orders extends Construct {
  constructor(platform: Platform) {
    super(platform, 'Orders')
    const { tables, parameters } = platform
    platform.http('orders', {
      environment: {
        MARKET_TABLE: tables.market.tableName,
        AFTER_SALES_HOURS: parameters.afterSalesHours,
        RESERVATION_MINUTES: parameters.reservationMinutes,
        MINIMUM_CHARGE_FEN: parameters.minimumChargeFen,
      },
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
