import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/** Timed windows of a co-op: offers, stock, and the clock that opens and closes them. */
export class GroupBuys extends Construct {
  constructor(platform: Platform) {
    super(platform, 'GroupBuys')
    const { market } = platform.tables
    const wants = {
      environment: { MARKET_TABLE: market.tableName },
      grants: [
        {
          table: market,
          actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
          index: true,
        },
      ],
    } as const
    platform.http('group-buys', wants)
    platform.schedule('group-buys', 'on-tick', 'minute', wants)
  }
}
