import type { Output } from '#shared/contracts/route.ts'
import type { getStatement, listPayouts, listUnpaid, listUnstated } from '#shared/contracts/settlement.ts'

/** A statement as the API tells it. */
export type StatementShown = Output<typeof getStatement>
export type StatementListed = Output<typeof listUnpaid>['items'][number]
export type PayoutShown = Output<typeof listPayouts>['items'][number]
export type Unstated = Output<typeof listUnstated>['items'][number]
