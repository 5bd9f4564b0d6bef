import { Construct } from 'constructs'
import type { Platform } from '../platform/platform.ts'

/** Health and the API's own description. */
export class System extends Construct {
  constructor(platform: Platform) {
    super(platform, 'System')
    const { market, ledger } = platform.tables
    const made = platform.http('system', {
      environment: { MARKET_TABLE: market.tableName, LEDGER_TABLE: ledger.tableName },
      grants: [
        { table: market, actions: ['GetItem'] },
        { table: ledger, actions: ['GetItem'] },
      ],
    })
    if (made !== undefined) platform.api.addUnknown('System', made)
  }
}
