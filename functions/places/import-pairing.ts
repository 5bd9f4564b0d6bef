import type { Pairing } from '#shared/contracts/places.ts'
import type { ImportRow } from '#shared/contracts/places-import.ts'
import { decidePairingImport } from '#shared/domain/places/import-pairing.ts'
import type { ShanghaiDay } from '#shared/kernel/time.ts'
import {
  agreementItem,
  communityItem,
  pairingItem,
  villageItem,
  type PairingItem,
} from '#functions/platform/table/items/places.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { NOT_EXISTS, type Write } from '#functions/platform/table/table.ts'
import { digest, textHash } from './digest.ts'
import { refusedRow, unknownParent } from './import-outcome.ts'
import type { RowPlan } from './import-plan.ts'

type Row = Extract<ImportRow, { kind: 'pairing' }>

/** A pairing with its agreement. A new version is written beside the old ones; none is ever changed in place. */
export function planPairing({ kind: _kind, ...row }: Row, today: ShanghaiDay): RowPlan {
  const { communityId, villageId } = row
  const said = withoutText(row)
  const key = keys.pairing(communityId, villageId)
  const community = keys.place('community', communityId)
  const village = keys.place('village', villageId)
  return {
    about: key,
    reads: [key, community, village],
    decide(read) {
      if (read(communityItem, community) === undefined) return unknownParent('communityId', communityId)
      if (read(villageItem, village) === undefined) return unknownParent('villageId', villageId)
      const existing = read(pairingItem, key)
      const decision = decidePairingImport(said, existing, today)
      if (decision.kind === 'refused') return refusedRow(decision)
      if (decision.kind === 'unchanged') return { outcome: 'unchanged' }
      const { agreement: _agreement, ...facts } = decision.pairing
      const item = pairingItem.parse({ entity: 'pairing', v: 1, ...facts })
      const writes: Write[] = [pairingPut(item, existing)]
      if (decision.newVersion !== undefined) {
        const version = agreementItem.parse({
          entity: 'agreement',
          v: 1,
          communityId,
          villageId,
          ...decision.newVersion,
          text: row.agreement?.text,
        })
        const at = keys.agreementVersion(communityId, villageId, version.version)
        writes.push({ put: { ...at, ...version }, condition: NOT_EXISTS })
      }
      return { kind: 'write', outcome: existing === undefined ? 'created' : 'updated', writes }
    },
  }
}

/** What is decided upon and kept with the pairing: of the text its hash, by which it is the same text or another. */
function withoutText({ agreement, ...facts }: Omit<Row, 'kind'>): Pairing {
  if (agreement === undefined) return facts
  const { text, ...terms } = agreement
  return { ...facts, agreement: { ...terms, ...(text === undefined ? {} : { textHash: textHash(text) }) } }
}

function pairingPut(item: PairingItem, existing: PairingItem | undefined): Write {
  const { communityId, villageId } = item
  const put = {
    ...keys.pairing(communityId, villageId),
    ...index.villagePairings(villageId, communityId),
    ...item,
    revision: revisionOf(item),
  }
  if (existing === undefined) return { put, condition: NOT_EXISTS }
  return { put, condition: 'revision = :was', expression: { values: { ':was': revisionOf(existing) } } }
}

/** What was read must still be there when it is written over. */
function revisionOf(item: PairingItem): string {
  return digest(pairingItem.parse(item))
}
