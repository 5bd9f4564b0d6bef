import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/** Timed windows of a co-op: offers, stock, and the clock that closes them and opens the next editions. */
export class GroupBuys extends Construct {
  constructor(platform: Platform) {
    super(platform, 'GroupBuys')
    const { market } = platform.tables
    const environment = { MARKET_TABLE: market.tableName }
    platform.http('group-buys', {
      environment,
      grants: [
        {
          table: market,
          actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem', 'ConditionCheckItem'],
          index: true,
        },
      ],
    })
    platform.schedule('group-buys', 'on-tick', 'minute', {
      environment,
      grants: [
        {
          table: market,
          actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
          index: true,
        },
      ],
    })
  }
}
