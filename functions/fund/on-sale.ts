import { saleEventItem } from '#functions/platform/table/items/ledger.ts'
import type { SaleEvent } from '#shared/contracts/events.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { log } from '#functions/platform/log.ts'
import { streamHandler, type StreamRecord } from '#functions/platform/stream.ts'
import { postToFund } from './post-to-fund.ts'

const FUNDS_AT_ONCE = 8

/**
 * Posts the sales, reversals and settlements that the stream of `market` brings. Nothing depends on how it brings them:
 * in what order, how often, in what batches, or whether another copy of this runs at the same time.
 */
export async function postRecords(records: readonly StreamRecord<SaleEvent>[]): Promise<{ failedFrom?: string }> {
  const byFund = Map.groupBy(records, ({ event }) => event.compoundId)
  const results = await inParallel([...byFund], FUNDS_AT_ONCE, ([fundId, own]) =>
    postToFund(
      fundId,
      own.map(({ event }) => event),
    ),
  )
  const failures = results.flatMap(({ failed }) => failed)
  for (const { event, why } of failures) {
    log('error', 'event not posted', { fundId: event.compoundId, saleId: event.saleId, type: event.type, why })
  }
  // The lowest record of those that failed: the platform replays from there, and what is posted drops out.
  const failed = new Set(failures.map(({ event }) => event))
  const failedFrom = records.find(({ event }) => failed.has(event))?.sequenceNumber
  return failedFrom === undefined ? {} : { failedFrom }
}

export const handler = streamHandler(saleEventItem, postRecords)
