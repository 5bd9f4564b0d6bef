import { manualEventId } from '#shared/domain/fund/decide-manual-entry.ts'
import { startOfShanghaiDay } from '#shared/kernel/time.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import type { ManualEntryItem } from '#functions/platform/table/items/manual-entries.ts'
import type { ManualLedgerEntry, Problem } from './check-ledger.ts'
import { getManualEntryOf, loadPostedManualEntries } from './manual-entry-store.ts'
import { loadMovementMarkers } from './store.ts'

const AT_ONCE = 8

/**
 * I12: what was posted by hand is what one person proposed and another one approved, sum by sum. An entry and its record are
 * written in one transaction, so whichever is read first, the other is there when it is read.
 */
export async function checkManualEntries(fundId: string, entries: readonly ManualLedgerEntry[]): Promise<Problem[]> {
  const found = await inParallel(entries, AT_ONCE, async (entry) =>
    wrongOf(entry, await getManualEntryOf(fundId, entry.seq)),
  )
  return found.flatMap((wrong, at) => {
    const entry = entries[at]
    return wrong === undefined || entry === undefined ? [] : [problem(`entry ${entry.seq} (${entry.eventId}) ${wrong}`)]
  })
}

function wrongOf(entry: ManualLedgerEntry, record: ManualEntryItem | undefined): string | undefined {
  if (record === undefined) return 'was posted by hand and has no record'
  if (manualEventId(record) !== entry.eventId || record.seq !== entry.seq) return 'has the record of another entry'
  if (record.state !== 'posted') return `has a record that is ${record.state}`
  if (record.endedBy === undefined || record.endedBy === record.proposedBy) return 'was approved by nobody else'
  if (!sameFacts(entry, record)) return 'is of another day, donor or purpose than its record says'
  if (record.movedFen === entry.movedFen) return undefined
  return `moved ${entry.movedFen} fen, its record says ${record.movedFen}`
}

/** What the record tells everybody beside the entry must be what the ledger holds. */
function sameFacts(entry: ManualLedgerEntry, record: ManualEntryItem): boolean {
  return (
    entry.occurredAt === startOfShanghaiDay(record.occurredOn) &&
    entry.purpose === record.purpose &&
    entry.coopId === record.coopId &&
    entry.agreementId === record.agreementId
  )
}

/** The other way round: records that are said to be posted and are not in the ledger. */
export async function checkManualRecords(fundId: string): Promise<Problem[]> {
  const records = await loadPostedManualEntries(fundId)
  const { movements } = await loadMovementMarkers(fundId, records.map(manualEventId), [])
  return records.flatMap((record) => {
    const eventId = manualEventId(record)
    const isPosted = movements.get(eventId)?.seq === record.seq
    return isPosted ? [] : [problem(`manual entry ${record.manualEntryId} is said to be posted and is not`)]
  })
}

const problem = (what: string): Problem => ({ invariant: 'I12', what })
