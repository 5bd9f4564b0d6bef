import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/** Takes in photos, draws them anew, and shows them to those who may see them. */
export class Photos extends Construct {
  constructor(platform: Platform) {
    super(platform, 'Photos')
    const { tables } = platform
    platform.http('photos', {
      environment: {
        MARKET_TABLE: tables.market.tableName,
        PHOTOS_TABLE: tables.photos.tableName,
      },
      grants: [
        { table: tables.market, actions: ['BatchGetItem', 'GetItem', 'Query'] },
        { table: tables.photos, actions: ['GetItem', 'PutItem', 'UpdateItem'] },
      ],
    })
  }
}
