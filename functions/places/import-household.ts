import type { ImportRow } from '#shared/contracts/places-import.ts'
import { nameHousehold } from '#shared/domain/places/household-id.ts'
import { compoundItem, householdItem, roomRegisterItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { ALWAYS, NOT_EXISTS } from '#functions/platform/table/table.ts'
import { unknownParent, type Settled } from './import-outcome.ts'
import type { RowPlan } from './import-plan.ts'

type Row = Extract<ImportRow, { kind: 'household' }>

/** A registered room. The compound's register says from then on that no other rooms exist. */
export function planHousehold(row: Row): RowPlan | Settled {
  const { compoundId } = row
  const name = nameHousehold(compoundId, row)
  if (name.kind === 'invalid') return { outcome: 'invalid', fields: { ...name.fields } }
  const { householdId, labels } = name
  const key = keys.household(compoundId, householdId)
  const compound = keys.place('compound', compoundId)
  const register = keys.roomRegister(compoundId)
  return {
    about: key,
    reads: [key, compound, register],
    decide(read) {
      if (read(compoundItem, compound) === undefined) return unknownParent('compoundId', compoundId)
      const registered = read(roomRegisterItem, register) !== undefined
      const exists = read(householdItem, key) !== undefined
      if (exists && registered) return { outcome: 'unchanged' }
      const opened = roomRegisterItem.parse({ entity: 'roomRegister', v: 1, compoundId })
      const item = householdItem.parse({ entity: 'household', v: 1, householdId, compoundId, ...labels })
      return {
        kind: 'write',
        // Somebody claimed the room before it was registered: the room stays, the register is new.
        outcome: exists ? 'updated' : 'created',
        writes: exists ? [] : [{ put: { ...key, ...item }, condition: NOT_EXISTS }],
        shared: registered ? [] : [{ put: { ...register, ...opened }, condition: ALWAYS }],
      }
    },
  }
}
