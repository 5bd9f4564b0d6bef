import { endLeader as route } from '#shared/contracts/places.ts'
import { buildingOfHousehold } from '#shared/kernel/building.ts'
import { Busy } from '#functions/platform/busy.ts'
import { http } from '#functions/platform/http.ts'
import { needCompoundOf } from './household-members.ts'
import { endLeadership } from './leader-store.ts'

const ATTEMPTS_MAX = 5

/** Whoever is no leader there, or no longer, stays none: ended twice is ended once. */
export const endLeader = http(
  route,
  async ({ params: { householdId, memberId } }, { caller, now }) => {
    await needCompoundOf(caller, householdId)
    const buildingId = buildingOfHousehold(householdId)
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const ended = await endLeadership(buildingId, (listed) => listed.memberId === memberId, now)
      if (ended !== 'again') return { householdId, memberId }
    }
    throw new Busy()
  },
  { freshRoles: true },
)
