import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/** What a co-op can sell. */
export class Catalogue extends Construct {
  constructor(platform: Platform) {
    super(platform, 'Catalogue')
    const { market, photos } = platform.tables
    platform.http('catalogue', {
      environment: { MARKET_TABLE: market.tableName, PHOTOS_TABLE: photos.tableName },
      grants: [
        { table: market, actions: ['GetItem', 'Query', 'PutItem'] },
        // A photo that came in before is kept with the listing; it reads none.
        { table: photos, actions: ['UpdateItem'] },
      ],
    })
  }
}
