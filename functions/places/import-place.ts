import * as z from 'zod'
import type { ImportRow } from '#shared/contracts/places-import.ts'
import {
  buildingItem,
  communityItem,
  compoundItem,
  coopItem,
  districtItem,
  pickUpPointItem,
  townItem,
  villageItem,
} from '#functions/platform/table/items/places.ts'
import { bodyItem } from '#functions/platform/table/items/bodies.ts'
import { index, keys, type IndexKey, type Key } from '#functions/platform/table/keys.ts'
import { NOT_EXISTS, type ItemSchema } from '#functions/platform/table/table.ts'
import { digest } from './digest.ts'
import { unknownParent } from './import-outcome.ts'
import type { RowPlan } from './import-plan.ts'

export type PlaceRow = Exclude<ImportRow, { kind: 'household' | 'pairing' | 'membership' | 'grid' | 'grid-post' }>

type Place = {
  readonly key: Key
  readonly schema: ItemSchema
  readonly item: Record<string, unknown>
  readonly found?: IndexKey
  readonly parent?: { readonly key: Key; readonly field: string; readonly id: string }
}

/** What is stored besides the place: a digest of the row it came from, and where it hangs. */
const imported = z.looseObject({ rowHash: z.string() })

/**
 * A place as its row says it. The digest of the row tells an unchanged row from a changed one, and is the condition of the
 * change: two imports at once cannot mix. A place never moves under another parent, for roles and funds hang on it.
 */
export function planPlace(row: PlaceRow): RowPlan {
  const { key, schema, item, found, parent } = placeOf(row)
  const rowHash = digest(row)
  const { kind: _kind, ...fields } = row
  const put = { ...key, ...found, ...(schema.parse({ ...item, v: 1, ...fields }) as object), rowHash }
  return {
    about: key,
    reads: parent === undefined ? [key] : [key, parent.key],
    decide(read) {
      const existing = read(imported, key)
      if (existing?.rowHash === rowHash) return { outcome: 'unchanged' }
      if (existing !== undefined && parent !== undefined && existing[parent.field] !== parent.id) {
        return { outcome: 'refused', code: 'PARENT_CHANGED', fields: { [parent.field]: parent.id } }
      }
      if (parent !== undefined && read(z.unknown(), parent.key) === undefined) {
        return unknownParent(parent.field, parent.id)
      }
      if (existing === undefined) {
        return { kind: 'write', outcome: 'created', writes: [{ put, condition: NOT_EXISTS }] }
      }
      const expression = { values: { ':was': existing.rowHash } }
      return { kind: 'write', outcome: 'updated', writes: [{ put, condition: 'rowHash = :was', expression }] }
    },
  }
}

function placeOf(row: PlaceRow): Place {
  switch (row.kind) {
    case 'district':
      return {
        key: keys.place('district', row.districtId),
        found: index.places('district', '', '', row.districtId),
        schema: districtItem,
        item: { entity: 'district' },
      }
    case 'town':
      return {
        key: keys.place('town', row.townId),
        found: index.places('town', row.townId, '', row.townId),
        schema: townItem,
        item: { entity: 'town' },
        parent: { key: keys.place('district', row.districtId), field: 'districtId', id: row.districtId },
      }
    case 'community':
      return {
        key: keys.place('community', row.communityId),
        found: index.places('community', row.townId, row.communityId, row.communityId),
        schema: communityItem,
        item: { entity: 'community' },
        parent: parentTown(row.townId),
      }
    case 'village':
      return {
        key: keys.place('village', row.villageId),
        found: index.places('village', row.townId, '', row.villageId),
        schema: villageItem,
        item: { entity: 'village' },
        parent: parentTown(row.townId),
      }
    case 'compound':
      return {
        key: keys.place('compound', row.compoundId),
        found: index.places('compound', row.townId, row.communityId, row.compoundId),
        schema: compoundItem,
        item: { entity: 'compound' },
        parent: { key: keys.place('community', row.communityId), field: 'communityId', id: row.communityId },
      }
    case 'coop':
      return {
        key: keys.place('coop', row.coopId),
        found: index.places('coop', '', '', row.coopId),
        schema: coopItem,
        item: { entity: 'coop' },
        parent: { key: keys.place('village', row.villageId), field: 'villageId', id: row.villageId },
      }
    case 'body':
      return {
        key: keys.place('body', row.bodyId),
        // Of the whole district: found with those of every community.
        found: index.places('body', '', row.communityId ?? '', row.bodyId),
        schema: bodyItem,
        item: { entity: 'body' },
        parent:
          row.communityId === undefined
            ? { key: keys.place('district', row.districtId), field: 'districtId', id: row.districtId }
            : { key: keys.place('community', row.communityId), field: 'communityId', id: row.communityId },
      }
    case 'building':
      return {
        key: keys.building(row.compoundId, row.buildingId),
        schema: buildingItem,
        item: { entity: 'building' },
        parent: parentCompound(row.compoundId),
      }
    case 'pick-up-point':
      return {
        key: keys.pickUpPoint(row.compoundId, row.pickUpPointId),
        schema: pickUpPointItem,
        item: { entity: 'pickUpPoint' },
        parent: parentCompound(row.compoundId),
      }
  }
}

const parentTown = (townId: string) => ({ key: keys.place('town', townId), field: 'townId', id: townId })

const parentCompound = (compoundId: string) => ({
  key: keys.place('compound', compoundId),
  field: 'compoundId',
  id: compoundId,
})
