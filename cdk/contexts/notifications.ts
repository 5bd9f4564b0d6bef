import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/**
 * What people are told. Notices are written by whoever makes true what they tell of; here they are read, and what only a
 * clock knows is told; who wants it is sent a message.
 */
export class Notifications extends Construct {
  constructor(platform: Platform) {
    super(platform, 'Notifications')
    const { tables, parameters } = platform
    const { market } = tables
    const environment = { MARKET_TABLE: market.tableName, PUBLIC_ORIGIN: parameters.publicOrigin }
    platform.http('notifications', {
      environment,
      grants: [
        {
          table: market,
          actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
        },
      ],
      sends: true,
    })
    platform.schedule('notifications', 'on-tick', 'minute', {
      environment,
      grants: [{ table: market, actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'], index: true }],
      sends: true,
    })
  }
}
