import { buildingOfHousehold } from '#shared/kernel/building.ts'
import type { Residence } from '#shared/kernel/leads.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'

/** Enough to share the work of a high-rise; few enough that a worker knows each of them. */
export const LEADERS_PER_BUILDING_MAX = 3

/** Why this resident may not lead the building, beside the others who do; nothing when they may. */
export function refuseLeader(
  home: Residence | undefined,
  buildingId: string,
  others: number,
): Refused<'NOT_VERIFIED_THERE' | 'TOO_MANY_LEADERS'> | undefined {
  if (home === undefined || buildingOfHousehold(home.scopeId) !== buildingId) {
    return refused('NOT_VERIFIED_THERE', '楼长要是这栋楼里核实过的住户，这位不住这栋楼', { building: '不住这栋楼' })
  }
  if (home.state !== 'verified') {
    return refused('NOT_VERIFIED_THERE', '这位住户还没有核实，请先核实再任命', { memberId: '还没有核实' })
  }
  if (others < LEADERS_PER_BUILDING_MAX) return undefined
  return refused('TOO_MANY_LEADERS', `一栋楼最多 ${LEADERS_PER_BUILDING_MAX} 位楼长，请先结束一位`, {
    memberId: '这栋楼的楼长满了',
  })
}
