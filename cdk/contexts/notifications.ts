import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/**
 * What people are told. Notices are written by whoever makes true what they tell of; here they are read, and what only a
 * clock knows is told.
 */
export class Notifications extends Construct {
  constructor(platform: Platform) {
    super(platform, 'Notifications')
    const { market } = platform.tables
    const environment = { MARKET_TABLE: market.tableName }
    platform.http('notifications', {
      environment,
      grants: [{ table: market, actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem'] }],
    })
    platform.schedule('notifications', 'on-tick', 'minute', {
      environment,
      grants: [{ table: market, actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem'], index: true }],
    })
  }
}
