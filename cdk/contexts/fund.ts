import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/** The charity funds: posting from the stream, reading, exporting, the nightly reconcile. */
export class Fund extends Construct {
  constructor(platform: Platform) {
    super(platform, 'Fund')
    const { tables, signIn, parameters } = platform
    const { market, ledger } = tables
    const both = { MARKET_TABLE: market.tableName, LEDGER_TABLE: ledger.tableName }
    // No DeleteItem and no BatchWriteItem, ever: the book is append-only.
    const readAndPost = {
      table: ledger,
      actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'],
    } as const
    platform.http('fund', {
      environment: {
        ...both,
        GOVERNANCE_DAY_SECONDS: parameters.governanceDaySeconds,
        OIDC_ISSUER: signIn.issuer,
        OIDC_AUDIENCE: signIn.audience,
        OIDC_SCOPE: signIn.scope,
      },
      grants: [
        {
          table: market,
          // Remittances are written beside the ledger; what is deleted is only the mark of the one under way. A payment holds on
          // to which checks are on (ConditionCheckItem): one that is switched on while others are asked is not passed by.
          actions: [
            ...(['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'] as const),
            'ConditionCheckItem',
          ],
          index: true,
        },
        readAndPost,
      ],
    })
    platform.stream(
      'fund',
      'on-sale',
      { types: ['sale.recorded.v1', 'sale.reversed.v1', 'sale.settled.v1'], batchSize: 100 },
      {
        environment: both,
        grants: [
          { table: market, actions: ['GetItem'] },
          { table: ledger, actions: ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'] },
        ],
      },
    )
    // What was decided is reserved, what was broken off is released: the step and the entry in one transaction.
    platform.schedule('fund', 'on-tick', 'minute', {
      environment: { ...both, GOVERNANCE_DAY_SECONDS: parameters.governanceDaySeconds },
      grants: [
        {
          table: market,
          actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem'],
          index: true,
        },
        { table: ledger, actions: ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'] },
      ],
    })
    platform.schedule('fund', 'on-nightly', 'night', {
      environment: both,
      grants: [
        {
          table: market,
          actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
          index: true,
        },
        readAndPost,
      ],
    })
  }
}
