import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/** District to household, villages, co-ops, pairings, memberships. */
export class Places extends Construct {
  constructor(platform: Platform) {
    super(platform, 'Places')
    const { tables, parameters, signIn } = platform
    platform.http('places', {
      environment: {
        MARKET_TABLE: tables.market.tableName,
        OIDC_ISSUER: signIn.issuer,
        BOOTSTRAP_ADMIN_SUB: parameters.bootstrapAdminSub,
      },
      grants: [
        {
          table: tables.market,
          actions: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
          index: true,
        },
      ],
    })
  }
}
