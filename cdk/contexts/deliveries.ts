import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/** What is brought to pick-up points: announced by the co-op, and weighed there. Counting gives money back: see Payments. */
export class Deliveries extends Construct {
  constructor(platform: Platform) {
    super(platform, 'Deliveries')
    const { market } = platform.tables
    platform.http('deliveries', {
      environment: { MARKET_TABLE: market.tableName },
      grants: [
        {
          table: market,
          actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
        },
      ],
    })
  }
}
