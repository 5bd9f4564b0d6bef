import { type RaiseAid, raiseAid as route } from '#shared/contracts/aid.ts'
import { holdsUpAnother } from '#shared/domain/aid/aid-case.ts'
import { decideRaise } from '#shared/domain/aid/decide-raise.ts'
import { householdLabel, nameHousehold } from '#shared/domain/places/household-id.ts'
import { unknownRoom } from '#shared/domain/places/known-room.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import { Busy } from '#functions/platform/busy.ts'
import { type Caller, hasRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Invalid } from '#functions/platform/invalid.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import { buildingItem, compoundItem, householdItem, roomRegisterItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get, queryAll } from '#functions/platform/table/table.ts'
import { latestOf, loadAid, type Places, saveRaised, type Words } from './aid-store.ts'
import { aidPersonOf, aidView } from './aid-view.ts'

const ATTEMPTS_MAX = 5
const BUILDINGS_MAX = 500

/** For the caller's own household, or for one that a worker writes it down for. The same case again is the case as it is. */
export const raiseAid = http(
  route,
  async ({ params: { caseId }, body }, { caller, now }) => {
    const found = body.forOthers === undefined ? ownHome(caller) : await homeOf(caller, body.forOthers)
    if ('kind' in found) return found
    const { home, ...where } = found
    const person = aidPersonOf(caller, where.communityId)
    const decided = decideRaise(body, person, now)
    if (decided.kind === 'refused') return decided
    const { step } = decided
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const there = await loadAid(caseId, now)
      if (there !== undefined) {
        const isSame = there.aid.raisedBy.personId === caller.personId && there.item.householdId === where.householdId
        const view = isSame ? aidView(there, person, now) : undefined
        // Somebody else's id says no more than that it is taken.
        return view ?? refused('AID_ALREADY_OPEN')
      }
      const latest = await latestOf(where.householdId, now)
      if (latest !== undefined && holdsUpAnother(latest.aid, now)) return refused('AID_ALREADY_OPEN')
      const words = { ...wordsOf(body), home }
      await saveRaised({ caseId, ...where }, step, words, latest?.item.caseId)
    }
    throw new Busy()
  },
  { freshRoles: true },
)

function wordsOf({ category, why, payee, askedFen, ofChild, forOthers }: RaiseAid): Omit<Words, 'home'> {
  const consentBy = forOthers?.consentBy
  return { category, why, payee, askedFen, ofChild, ...(consentBy === undefined ? {} : { consentBy }) }
}

type Home = Omit<Places, 'caseId'> & { readonly home: string }

function ownHome({ memberships }: Caller): Home | Refused<'AID_NOT_VERIFIED'> {
  const lives = memberships.find(({ role, state }) => role === 'resident' && state === 'verified')
  const { scopeId: householdId, scopeName: home, compoundId, compoundName, communityId } = lives ?? {}
  if (householdId === undefined || home === undefined) {
    if (memberships.some(({ role }) => role === 'resident')) return refused('AID_NOT_VERIFIED')
    throw new Forbidden()
  }
  if (compoundId === undefined || compoundName === undefined || communityId === undefined) throw new Missing()
  return { householdId, home, compoundId, compoundName, communityId }
}

type Others = NonNullable<RaiseAid['forOthers']>

/** A room of a compound where the caller works; any other does not exist. */
async function homeOf(
  caller: Caller,
  { compoundId, building, unit, room }: Others,
): Promise<Home | Refused<'UNKNOWN_BUILDING' | 'UNKNOWN_ROOM'>> {
  const compound = await get(compoundItem, keys.place('compound', compoundId))
  if (compound === undefined || !hasRole(caller, 'worker', compound.communityId)) throw new Missing()
  const name = nameHousehold(compoundId, { building, unit, room })
  if (name.kind === 'invalid') {
    throw new Invalid(Object.fromEntries(Object.entries(name.fields).map(([at, why]) => [`forOthers.${at}`, why])))
  }
  const { householdId, parts, labels } = name
  const { PK, SK } = keys.building(compoundId, '')
  const [household, register, buildings] = await Promise.all([
    get(householdItem, keys.household(compoundId, householdId)),
    get(roomRegisterItem, keys.roomRegister(compoundId)),
    queryAll(buildingItem, { pk: PK, prefix: SK, max: BUILDINGS_MAX }),
  ])
  const unknown = unknownRoom({
    building: parts.building,
    buildingLabels: buildings.map(({ label }) => label),
    householdExists: household !== undefined,
    roomsRegistered: register !== undefined,
  })
  if (unknown !== undefined) return unknown
  const { name: compoundName, communityId } = compound
  const home = `${compoundName} ${householdLabel(labels)}`
  return { householdId, home, compoundId, compoundName, communityId }
}
