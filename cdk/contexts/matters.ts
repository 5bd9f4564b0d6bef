import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/** What residents ask for, and whether it was done: matters, their deadlines, what residents say of it. */
export class Matters extends Construct {
  constructor(platform: Platform) {
    super(platform, 'Matters')
    const { tables, parameters, signIn } = platform
    const environment = {
      MARKET_TABLE: tables.market.tableName,
      GOVERNANCE_DAY_SECONDS: parameters.governanceDaySeconds,
    }
    // What is deleted is a mark: that something waits, is public, is at a body; and that somebody follows.
    const actions = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'] as const
    platform.http('matters', {
      // Pages that everybody sees show more to who is signed in.
      environment: {
        ...environment,
        PHOTOS_TABLE: tables.photos.tableName,
        OIDC_ISSUER: signIn.issuer,
        OIDC_AUDIENCE: signIn.audience,
        OIDC_SCOPE: signIn.scope,
      },
      grants: [
        // A rating counts only while the matter takes ratings: a condition of its own write.
        { table: tables.market, actions: [...actions, 'ConditionCheckItem'], index: true },
        // Photos that came in before become the matter's, and are shown to those who may see them.
        { table: tables.photos, actions: ['GetItem', 'UpdateItem'] },
      ],
    })
    platform.schedule('matters', 'on-tick', 'minute', {
      environment,
      grants: [{ table: tables.market, actions, index: true }],
    })
  }
}
