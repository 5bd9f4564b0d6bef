import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/** Hosted checkout, the provider's webhook, refunds, expiry, parked money, the nightly comparison. */
export class Payments extends Construct {
  constructor(platform: Platform) {
    super(platform, 'Payments')
    const { tables, parameters } = platform
    const wants = {
      environment: {
        MARKET_TABLE: tables.market.tableName,
        PUBLIC_ORIGIN: parameters.publicOrigin,
        RESERVATION_MINUTES: parameters.reservationMinutes,
        AFTER_SALES_HOURS: parameters.afterSalesHours,
        MINIMUM_CHARGE_FEN: parameters.minimumChargeFen,
      },
      grants: [
        {
          table: tables.market,
          actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'],
          index: true,
        },
      ],
      pays: true,
    } as const
    platform.http('payments', wants)
    platform.schedule('payments', 'on-tick', 'minute', wants)
    platform.schedule('payments', 'on-nightly', 'night', wants)
  }
}
