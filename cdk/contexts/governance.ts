import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/** What residents decide: proposals, votes, ratings. Nothing here can write the ledger. */
export class Governance extends Construct {
  constructor(platform: Platform) {
    super(platform, 'Governance')
    const { tables, parameters, signIn } = platform
    const environment = {
      MARKET_TABLE: tables.market.tableName,
      GOVERNANCE_DAY_SECONDS: parameters.governanceDaySeconds,
    }
    // What is deleted is a mark: that something waits, or is open. Steps, votes and ratings stay.
    const actions = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem'] as const
    platform.http('governance', {
      // Pages that everybody sees show more to who is signed in.
      environment: {
        ...environment,
        PHOTOS_TABLE: tables.photos.tableName,
        OIDC_ISSUER: signIn.issuer,
        OIDC_AUDIENCE: signIn.audience,
        OIDC_SCOPE: signIn.scope,
      },
      // A vote counts only while the proposal takes votes: a condition of its own write.
      grants: [
        { table: tables.market, actions: [...actions, 'ConditionCheckItem'], index: true },
        // Photos that came in before are kept with the project, and are shown to those who may see them.
        // And a list of owners lies there, on no stream and in no backup, while two persons enter it.
        { table: tables.photos, actions: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'] },
      ],
    })
    platform.schedule('governance', 'on-tick', 'minute', {
      environment,
      grants: [{ table: tables.market, actions, index: true }],
    })
  }
}
