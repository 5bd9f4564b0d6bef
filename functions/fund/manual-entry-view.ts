import type { ManualEntry, ManualEntryReason } from '#shared/contracts/fund-manual-entries.ts'
import { mayDoManually } from '#shared/domain/fund/decide-manual-entry.ts'
import { isAdmin, type Caller } from '#functions/platform/caller.ts'
import type { ManualEntryItem } from '#functions/platform/table/items/manual-entries.ts'
import { keepsCharityBooks } from './remittance-view.ts'

/** Who did what is told as "you, or somebody else". */
export function manualEntryView(item: ManualEntryItem, caller: Caller): ManualEntry {
  const { entity: _entity, v: _v, version: _version, bodyHash: _hash, endedBy: _ended, proposedBy, ...shown } = item
  const { personId } = caller
  return {
    ...shown,
    proposedByCaller: proposedBy === personId,
    may: mayDoManually(item, personId, isAdmin(caller) || keepsCharityBooks(caller)),
  }
}

/** What everybody may read: neither voucher nor persons. */
export function reasonView(item: ManualEntryItem, seq: number): ManualEntryReason {
  const { manualEntryId, fundId, kind, movedFen, occurredOn, reason, correctsSeq, purpose, coopId, coopName } = item
  return {
    ...{ manualEntryId, fundId, seq, kind, movedFen, occurredOn, reason },
    ...(correctsSeq === undefined ? {} : { correctsSeq }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(coopId === undefined ? {} : { coopId, coopName }),
  }
}
