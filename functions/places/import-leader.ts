import type { ImportRow } from '#shared/contracts/places-import.ts'
import { isKnownBuilding, nameBuilding } from '#shared/domain/places/household-id.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { householdOf, loadCaller } from '#functions/platform/caller.ts'
import { refusedRow, type Settled, unknownParent } from './import-outcome.ts'
import { appoint, endLeadership } from './leader-store.ts'
import { getCompound, listBuildings } from './store.ts'

type Row = Extract<ImportRow, { kind: 'membership' }>

/** A building leader by the district's row: by the rules of a worker's appointment, a neighbour and one of few. */
export async function tryLeader(
  row: Row,
  personId: string,
  importedBy: string,
  now: Instant,
): Promise<Settled | 'again'> {
  const { compoundId, building, knownAs, toAt } = row
  if (row.fromAt !== undefined) return invalid({ fromAt: '楼长从任命时开始' })
  if (compoundId === undefined || building === undefined) return invalid({ building: '楼长要写明小区和楼' })
  const name = nameBuilding(compoundId, building)
  if (name.kind === 'invalid') return invalid(name.fields)
  const { buildingId } = name
  const { memberships, past } = await loadCaller(personId, now, true)
  const earlier = [...memberships, ...past].find((each) => each.role === 'leader' && each.scopeId === buildingId)
  if (toAt !== undefined && toAt <= now) {
    const ended = await endLeadership(buildingId, (listed) => listed.personId === personId, toAt)
    if (ended === 'again') return 'again'
    if (ended === 'done') return { outcome: 'updated' }
    if (earlier !== undefined) return { outcome: 'unchanged' }
    return { outcome: 'refused', code: 'UNKNOWN_MEMBERSHIP', fields: { building: buildingId } }
  }
  if (knownAs === undefined) return invalid({ knownAs: '请写楼长的称呼' })
  const unknown = await unknownBuilding(compoundId, name.building)
  if (unknown !== undefined) return unknown
  const home = householdOf({ memberships })
  const appointed = await appoint({ buildingId, home, knownAs, toAt, by: importedBy }, now)
  if (appointed.kind === 'again') return 'again'
  if (appointed.kind === 'refused') return refusedRow(appointed)
  if (!appointed.changed) return { outcome: 'unchanged' }
  return { outcome: earlier === undefined ? 'created' : 'updated' }
}

async function unknownBuilding(compoundId: string, building: string): Promise<Settled | undefined> {
  const [compound, buildings] = await Promise.all([getCompound(compoundId), listBuildings(compoundId)])
  if (compound === undefined) return unknownParent('compoundId', compoundId)
  const labels = buildings.map(({ label }) => label)
  if (labels.length === 0 || isKnownBuilding(labels, building)) return undefined
  return { outcome: 'refused', code: 'UNKNOWN_BUILDING', fields: { building: '没有这栋楼' } }
}

function invalid(fields: Readonly<Record<string, string>>): Settled {
  return { outcome: 'invalid', fields: { ...fields } }
}
