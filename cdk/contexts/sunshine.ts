import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/**
 * Publication calendar of the owners' common revenue and of the charity fund. The two never mix: what people do here reaches no
 * ledger at all; the clock alone may look at the fund's, to publish its figures, and can write nothing there.
 */
export class Sunshine extends Construct {
  constructor(platform: Platform) {
    super(platform, 'Sunshine')
    const { tables, parameters, signIn } = platform
    const environment = {
      MARKET_TABLE: tables.market.tableName,
      GOVERNANCE_DAY_SECONDS: parameters.governanceDaySeconds,
    }
    // What is deleted is a mark: that the clock or somebody has to act. Entries, steps and publications stay.
    const actions = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem'] as const
    platform.http('sunshine', {
      // Pages that everybody sees show more to who is signed in.
      environment: {
        ...environment,
        OIDC_ISSUER: signIn.issuer,
        OIDC_AUDIENCE: signIn.audience,
        OIDC_SCOPE: signIn.scope,
      },
      grants: [{ table: tables.market, actions: [...actions, 'ConditionCheckItem'], index: true }],
    })
    platform.schedule('sunshine', 'on-tick', 'minute', {
      environment: { ...environment, LEDGER_TABLE: tables.ledger.tableName },
      grants: [
        { table: tables.market, actions, index: true },
        { table: tables.ledger, actions: ['GetItem', 'Query'] },
      ],
    })
  }
}
