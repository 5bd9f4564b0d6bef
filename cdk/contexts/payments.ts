import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/** Hosted checkout, the provider's webhook, refunds, expiry, parked money, the nightly comparison. */
export class Payments extends Construct {
  constructor(platform: Platform) {
    super(platform, 'Payments')
    const { tables, parameters } = platform
    const environment = {
      MARKET_TABLE: tables.market.tableName,
      PUBLIC_ORIGIN: parameters.publicOrigin,
      RESERVATION_MINUTES: parameters.reservationMinutes,
      AFTER_SALES_HOURS: parameters.afterSalesHours,
      MINIMUM_CHARGE_FEN: parameters.minimumChargeFen,
    }
    const readAndWrite = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'] as const
    const wants = {
      environment,
      pays: true,
      grants: [{ table: tables.market, actions: readAndWrite, index: true }],
    } as const
    platform.http('payments', {
      environment,
      pays: true,
      // An order is held longer only while its group buys are seen to close later.
      grants: [{ table: tables.market, actions: [...readAndWrite, 'ConditionCheckItem'], index: true }],
    })
    platform.schedule('payments', 'on-tick', 'minute', wants)
    platform.schedule('payments', 'on-nightly', 'night', wants)
  }
}
