import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/**
 * Aid to households. What they write is in a table of its own, of which this function alone is granted anything; in the market it
 * reads who people are, and writes the slip that says a sum.
 */
export class Aid extends Construct {
  constructor(platform: Platform) {
    super(platform, 'HouseholdAid')
    const { tables, signIn } = platform
    platform.http('aid', {
      environment: {
        MARKET_TABLE: tables.market.tableName,
        AID_TABLE: tables.aid.tableName,
        OIDC_ISSUER: signIn.issuer,
        OIDC_AUDIENCE: signIn.audience,
        OIDC_SCOPE: signIn.scope,
      },
      grants: [
        { table: tables.market, actions: ['GetItem', 'Query', 'PutItem', 'DeleteItem'] },
        { table: tables.aid, actions: ['GetItem', 'Query', 'PutItem', 'DeleteItem'] },
      ],
    })
  }
}
