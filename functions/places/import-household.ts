import type { ImportRow } from '#shared/contracts/places.ts'
import { nameHousehold } from '#shared/domain/places/household-id.ts'
import { householdItem, roomRegisterItem } from '../platform/table/items/places.ts'
import { keys } from '../platform/table/keys.ts'
import { get, NOT_EXISTS, transact } from '../platform/table/table.ts'
import { unknownParent, type RowOutcome } from './import-outcome.ts'
import { getCompound } from './store.ts'

type Row = Extract<ImportRow, { kind: 'household' }>

/** A registered room. The compound's register says from then on that no other rooms exist. */
export async function importHousehold(row: Row): Promise<RowOutcome> {
  const name = nameHousehold(row.compoundId, row)
  if (name.kind === 'invalid') return { outcome: 'invalid', fields: { ...name.fields } }
  const key = keys.household(row.compoundId, name.householdId)
  const register = keys.roomRegister(row.compoundId)
  const [existing, known] = await Promise.all([get(householdItem, key), get(roomRegisterItem, register)])
  // The register is there only for a compound that is.
  if (known === undefined) {
    if ((await getCompound(row.compoundId)) === undefined) return unknownParent('compoundId', row.compoundId)
    const item = roomRegisterItem.parse({ entity: 'roomRegister', v: 1, compoundId: row.compoundId })
    // Failed: a neighbour's row opened it in the same moment, which is as good.
    await transact([{ put: { ...register, ...item }, condition: NOT_EXISTS }])
  }
  if (existing !== undefined) return { outcome: 'unchanged' }
  const { householdId, labels } = name
  const item = householdItem.parse({ entity: 'household', v: 1, householdId, compoundId: row.compoundId, ...labels })
  const done = await transact([{ put: { ...key, ...item }, condition: NOT_EXISTS }])
  if (done.kind === 'done') return { outcome: 'created' }
  return done.uncertain ? { outcome: 'created' } : { outcome: 'unchanged' }
}
