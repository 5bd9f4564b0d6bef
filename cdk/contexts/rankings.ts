import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/** Red-black lists of property companies. It reads the sums of matters, and writes nothing but its own lists. */
export class Rankings extends Construct {
  constructor(platform: Platform) {
    super(platform, 'Rankings')
    const { tables, parameters, signIn } = platform
    const environment = {
      MARKET_TABLE: tables.market.tableName,
      GOVERNANCE_DAY_SECONDS: parameters.governanceDaySeconds,
    }
    // What is deleted is a mark: that the clock has to act. Steps stay.
    const actions = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem', 'ConditionCheckItem'] as const
    platform.http('rankings', {
      // Pages that everybody sees show more to who is signed in.
      environment: {
        ...environment,
        OIDC_ISSUER: signIn.issuer,
        OIDC_AUDIENCE: signIn.audience,
        OIDC_SCOPE: signIn.scope,
      },
      grants: [{ table: tables.market, actions, index: true }],
    })
    platform.schedule('rankings', 'on-tick', 'minute', {
      environment,
      grants: [
        {
          table: tables.market,
          actions: ['BatchGetItem', 'Query', 'PutItem', 'DeleteItem', 'ConditionCheckItem'],
          index: true,
        },
      ],
    })
  }
}
