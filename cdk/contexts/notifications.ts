import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/** What people are told. Notices are written by whoever makes true what they tell of; here they are read. */
export class Notifications extends Construct {
  constructor(platform: Platform) {
    super(platform, 'Notifications')
    const { market } = platform.tables
    platform.http('notifications', {
      environment: { MARKET_TABLE: market.tableName },
      grants: [{ table: market, actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem'] }],
    })
  }
}
