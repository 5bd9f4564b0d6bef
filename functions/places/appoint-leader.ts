import { appointLeader as route } from '#shared/contracts/places.ts'
import { buildingOfHousehold } from '#shared/kernel/building.ts'
import { Busy } from '#functions/platform/busy.ts'
import { http } from '#functions/platform/http.ts'
import { memberForWorker } from './household-members.ts'
import { appoint, leaderView } from './leader-store.ts'

const ATTEMPTS_MAX = 5

/** The building is the one of the household: nobody is appointed for another. */
export const appointLeader = http(
  route,
  async ({ params, body: { knownAs } }, { caller, now }) => {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const home = await memberForWorker(caller, params, now)
      const buildingId = buildingOfHousehold(params.householdId)
      const appointed = await appoint({ buildingId, home, knownAs, by: caller.personId }, now)
      if (appointed.kind === 'refused') return appointed
      if (appointed.kind === 'done') return leaderView(appointed.leader)
    }
    throw new Busy()
  },
  { freshRoles: true },
)
