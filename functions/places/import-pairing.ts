import type { ImportRow } from '#shared/contracts/places.ts'
import { decidePairingImport } from '#shared/domain/places/import-pairing.ts'
import {
  agreementItem,
  communityItem,
  pairingItem,
  villageItem,
  type PairingItem,
} from '../platform/table/items/places.ts'
import { index, keys } from '../platform/table/keys.ts'
import { get, NOT_EXISTS, transact, type Write } from '../platform/table/table.ts'
import { digest } from './digest.ts'
import { refusedRow, unknownParent, type RowOutcome } from './import-outcome.ts'
import { getPlace } from './store.ts'

type Row = Extract<ImportRow, { kind: 'pairing' }>

/** A pairing with its agreement. A new version is written beside the old ones; none is ever changed in place. */
export async function importPairing({ kind: _kind, ...row }: Row): Promise<RowOutcome> {
  const key = keys.pairing(row.communityId, row.villageId)
  const existing = await get(pairingItem, key)
  if (existing === undefined) {
    const [community, village] = await Promise.all([
      getPlace(communityItem, 'community', row.communityId),
      getPlace(villageItem, 'village', row.villageId),
    ])
    if (community === undefined) return unknownParent('communityId', row.communityId)
    if (village === undefined) return unknownParent('villageId', row.villageId)
  }
  const decision = decidePairingImport(row, existing)
  if (decision.kind === 'refused') return refusedRow(decision)
  if (decision.kind === 'unchanged') return { outcome: 'unchanged' }
  const { pairing, newVersion } = decision
  const { agreement: _agreement, ...facts } = pairing
  const item = pairingItem.parse({ entity: 'pairing', v: 1, ...facts })
  const put = { ...key, ...index.villagePairings(row.villageId, row.communityId), ...item, revision: revisionOf(item) }
  const writes: Write[] = [
    existing === undefined
      ? { put, condition: NOT_EXISTS }
      : { put, condition: 'revision = :was', expression: { values: { ':was': revisionOf(existing) } } },
  ]
  if (newVersion !== undefined) {
    const { communityId, villageId } = row
    const version = agreementItem.parse({ entity: 'agreement', v: 1, communityId, villageId, ...newVersion })
    writes.push({
      put: { ...keys.agreementVersion(communityId, villageId, newVersion.version), ...version },
      condition: NOT_EXISTS,
    })
  }
  if ((await transact(writes)).kind === 'failed') return 'again'
  return { outcome: existing === undefined ? 'created' : 'updated' }
}

/** What was read must still be there when it is written over. */
function revisionOf(item: PairingItem): string {
  return digest(pairingItem.parse(item))
}
