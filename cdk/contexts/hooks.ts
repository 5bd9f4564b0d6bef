import { Construct } from 'constructs'
import { hookTypes } from '../../shared/contracts/hooks-events.ts'
import type { Platform } from '../platform/platform.ts'

/**
 * Signed events for other systems. What happens is written down as one delivery for each subscription by the second reader
 * of the stream, which makes the first attempts; the clock makes those after it.
 */
export class Hooks extends Construct {
  constructor(platform: Platform) {
    super(platform, 'Hooks')
    const { market } = platform.tables
    const environment = { MARKET_TABLE: market.tableName }
    // What makes a body says where it comes from.
    const telling = { ...environment, PUBLIC_ORIGIN: platform.parameters.publicOrigin }
    platform.http('hooks', {
      environment: telling,
      grants: [
        {
          table: market,
          actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
          index: true,
        },
      ],
    })
    platform.stream(
      'hooks',
      'on-event',
      // It waits for no receiver and stumbles over no record: only a table that does not answer holds it up.
      { types: hookTypes, batchSize: 25, keptHours: 12, whenGivenUp: 'what its records tell was not sent to any hook' },
      { environment: telling, grants: [{ table: market, actions: ['BatchGetItem', 'PutItem', 'UpdateItem'] }] },
    )
    platform.schedule('hooks', 'on-tick', 'minute', {
      environment,
      grants: [{ table: market, actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'], index: true }],
    })
    platform.schedule('hooks', 'on-nightly', 'night', {
      environment,
      grants: [{ table: market, actions: ['BatchGetItem', 'Query', 'DeleteItem'], index: true }],
    })
  }
}
