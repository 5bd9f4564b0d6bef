import { manualEntryIndex, manualEntryKeys } from '#functions/platform/table/manual-entry-keys.ts'
import {
  manualEntryItem,
  manualSeqItem,
  manualVoucherItem,
  openManualEntryItem,
  type ManualEntryItem,
} from '#functions/platform/table/items/manual-entries.ts'
import {
  ALWAYS,
  batchGet,
  get,
  NOT_EXISTS,
  query,
  queryAll,
  transact,
  type Write,
} from '#functions/platform/table/table.ts'

export async function getManualEntry(fundId: string, manualEntryId: string): Promise<ManualEntryItem | undefined> {
  return get(manualEntryItem, manualEntryKeys.manualEntry(fundId, manualEntryId))
}

/** The one behind an entry of the ledger, if it was posted by hand. */
export async function getManualEntryOf(fundId: string, seq: number): Promise<ManualEntryItem | undefined> {
  const found = await get(manualSeqItem, manualEntryKeys.manualSeq(fundId, seq))
  return found && getManualEntry(fundId, found.manualEntryId)
}

/** Newest first (pattern 111). */
export async function pageOfManualEntries(fundId: string, limit: number, cursor: string | undefined) {
  const pk = manualEntryIndex.manualEntries(fundId, '', '').GSI1PK
  return query(manualEntryItem, { pk, index: 'GSI1', limit, cursor, newestFirst: true })
}

/** Those that wait, of all funds (pattern 112). */
export async function pageOfOpen(limit: number, cursor: string | undefined) {
  const pk = manualEntryKeys.openManualEntry('', '').PK
  const page = await query(openManualEntryItem, { pk, limit, cursor })
  const wanted = page.items.map(({ fundId, manualEntryId }) => manualEntryKeys.manualEntry(fundId, manualEntryId))
  const name = ({ fundId, manualEntryId }: { fundId: string; manualEntryId: string }) => `${fundId}#${manualEntryId}`
  const found = new Map((await batchGet(manualEntryItem, wanted)).map((entry) => [name(entry), entry]))
  const items = page.items.flatMap((open) => found.get(name(open)) ?? [])
  return { ...page, items }
}

/** Those of one fund that wait, oldest first, at most so many. */
export async function loadOpen(fundId: string, max: number): Promise<ManualEntryItem[]> {
  const { PK, SK } = manualEntryKeys.openManualEntry(fundId, '')
  const { items } = await query(openManualEntryItem, { pk: PK, prefix: SK, limit: max })
  const found = await batchGet(
    manualEntryItem,
    items.map(({ manualEntryId }) => manualEntryKeys.manualEntry(fundId, manualEntryId)),
  )
  return found.sort((left, right) => (left.proposedAt < right.proposedAt ? -1 : 1))
}

/** The entry, of this fund, that this voucher proves. */
export async function idOfVoucher(fundId: string, voucherNumber: string): Promise<string | undefined> {
  return (await get(manualVoucherItem, manualEntryKeys.manualVoucher(fundId, voucherNumber)))?.manualEntryId
}

const POSTED_MAX = 10_000

/** Every one of a fund that is in the ledger by its own record. */
export async function loadPostedManualEntries(fundId: string): Promise<ManualEntryItem[]> {
  const { PK } = manualEntryKeys.manualEntry(fundId, '')
  const all = await queryAll(manualEntryItem, { pk: PK, prefix: 'ENTRY#', max: POSTED_MAX })
  return all.filter(({ state }) => state === 'posted')
}

export async function addManualEntry(entry: ManualEntryItem): Promise<boolean> {
  const { fundId, manualEntryId, voucherNumber } = entry
  const voucher = manualVoucherItem.parse({ entity: 'manualVoucher', v: 1, manualEntryId })
  const open = openManualEntryItem.parse({ entity: 'openManualEntry', v: 1, fundId, manualEntryId })
  const added = await transact([
    { put: rowOf(entry), condition: NOT_EXISTS },
    { put: { ...manualEntryKeys.openManualEntry(fundId, manualEntryId), ...open }, condition: NOT_EXISTS },
    { put: { ...manualEntryKeys.manualVoucher(fundId, voucherNumber), ...voucher }, condition: NOT_EXISTS },
  ])
  return added.kind === 'done'
}

type End = Pick<ManualEntryItem, 'endedAt' | 'endedBy'> &
  ({ readonly state: 'dropped'; readonly words: string } | { readonly state: 'posted'; readonly seq: number })

/** It ends, whichever way, if nobody has ended it since it was read. */
export function endWrites(before: ManualEntryItem, end: End): Write[] {
  const { fundId, manualEntryId, version, voucherNumber } = before
  const after: ManualEntryItem = { ...before, ...end, version: version + 1 }
  const seqItem = manualSeqItem.parse({ entity: 'manualSeq', v: 1, manualEntryId })
  return [
    {
      put: rowOf(after),
      condition: '#version = :version',
      expression: { names: { '#version': 'version' }, values: { ':version': version } },
    },
    { delete: manualEntryKeys.openManualEntry(fundId, manualEntryId), condition: ALWAYS },
    ...(end.state === 'posted'
      ? [{ put: { ...manualEntryKeys.manualSeq(fundId, end.seq), ...seqItem }, condition: NOT_EXISTS }]
      : [{ delete: manualEntryKeys.manualVoucher(fundId, voucherNumber), condition: ALWAYS }]),
  ]
}

export async function endManualEntry(before: ManualEntryItem, end: End): Promise<boolean> {
  return (await transact(endWrites(before, end))).kind === 'done'
}

function rowOf(entry: ManualEntryItem) {
  const { fundId, proposedAt, manualEntryId } = entry
  return {
    ...manualEntryKeys.manualEntry(fundId, manualEntryId),
    ...manualEntryIndex.manualEntries(fundId, proposedAt, manualEntryId),
    ...manualEntryItem.parse(entry),
  }
}
