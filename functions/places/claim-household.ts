import { randomInt, randomUUID } from 'node:crypto'
import { claimHousehold as route, PRIVACY_NOTICE_VERSION } from '#shared/contracts/places.ts'
import type { Body } from '#shared/contracts/route.ts'
import { decideClaim } from '#shared/domain/places/claim-household.ts'
import { householdLabel, nameHousehold, type HouseholdName } from '#shared/domain/places/household-id.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { forgetCaller, householdOf, loadCaller, type Caller } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Invalid } from '#functions/platform/invalid.ts'
import { householdItem, roomRegisterItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { EXISTS, get, NOT_EXISTS, transact, type Write } from '#functions/platform/table/table.ts'
import { leadershipsEnd } from './leader-store.ts'
import { membershipEnd, membershipPut, personPut, sameHousehold } from './people.ts'
import { getCompound, listBuildings } from './store.ts'

const ATTEMPTS_MAX = 5
type Claim = Body<typeof route>
type Named = Extract<HouseholdName, { kind: 'named' }>
type Compound = NonNullable<Awaited<ReturnType<typeof getCompound>>>

/**
 * Two people may claim one room and share its limits; one person belongs to one household, so claiming another one ends the
 * first in the same transaction. Somebody else may claim the same room, or the same person twice, in the same instant: then
 * the writes fail and it is decided again on what is there now.
 */
export const claimHousehold = http(
  route,
  async ({ body }, { caller, now }) => {
    const name = nameHousehold(body.compoundId, body)
    if (name.kind === 'invalid') throw new Invalid(name.fields)
    const compound = await getCompound(body.compoundId)
    if (compound === undefined) throw new Invalid({ compoundId: '没有这个小区' })
    let asking = caller
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const householdExists =
        (await get(householdItem, keys.household(compound.compoundId, name.householdId))) !== undefined
      const decision = decideClaim({ ...(await claimFacts(body, name, asking, householdExists)), now })
      if (decision.kind === 'refused') return decision
      const writes = claimWrites({ body, name, compound, caller: asking, householdExists, now })
      if (writes.length === 0 || (await transact(writes)).kind === 'done') {
        forgetCaller(caller.personId)
        const home = householdOf(asking)
        const state = home?.scopeId === name.householdId ? home.state : undefined
        return { householdId: name.householdId, state: state ?? 'claimed' }
      }
      asking = await loadCaller(caller.personId, now, true)
    }
    throw new Busy()
  },
  { freshRoles: true },
)

async function claimFacts(body: Claim, { householdId, parts }: Named, caller: Caller, householdExists: boolean) {
  const { compoundId, consentVersion } = body
  const [buildings, register] = householdExists
    ? [[], undefined]
    : await Promise.all([listBuildings(compoundId), get(roomRegisterItem, keys.roomRegister(compoundId))])
  return {
    consentVersion,
    currentConsentVersion: PRIVACY_NOTICE_VERSION,
    householdId,
    building: parts.building,
    buildingLabels: buildings.map((building) => building.label),
    householdExists,
    roomsRegistered: register !== undefined,
    memberOf: householdOf(caller)?.scopeId,
    movedAt: caller.person?.movedAt,
  }
}

type ClaimSituation = {
  readonly body: Claim
  readonly name: Named
  readonly compound: Compound
  readonly caller: Caller
  readonly householdExists: boolean
  readonly now: Instant
}

/** Nothing to write when all of it is there already: the same claim sent again. */
function claimWrites(situation: ClaimSituation): Write[] {
  const { name, compound, caller, householdExists, now } = situation
  const memberId = caller.person?.memberId ?? randomUUID()
  const person = personWrite(situation, memberId)
  const home = householdOf(caller)
  if (home?.scopeId === name.householdId) return person === undefined ? [] : [person]
  const before = caller.past.find((role) => role.role === 'resident' && role.scopeId === name.householdId)
  const turnedDown = before?.state === 'rejected' || before?.workerOnly === true
  const household = keys.household(compound.compoundId, name.householdId)
  return [
    householdExists
      ? { check: household, condition: EXISTS }
      : { put: { ...household, ...householdOfName(name, compound.compoundId) }, condition: NOT_EXISTS },
    ...(person === undefined ? [] : [person]),
    ...(home === undefined ? [] : [membershipEnd(home, now, now)]),
    ...leadershipsEnd(caller.memberships, home, now),
    membershipPut(
      {
        personId: caller.personId,
        memberId,
        role: 'resident',
        scopeId: name.householdId,
        scopeName: `${compound.name} ${householdLabel(name.labels)}`,
        state: 'claimed',
        compoundId: compound.compoundId,
        compoundName: compound.name,
        communityId: compound.communityId,
        ...name.labels,
        claimedAt: now,
        claimCode: String(randomInt(10_000)).padStart(4, '0'),
        ...(turnedDown ? { workerOnly: true } : {}),
      },
      before === undefined ? NOT_EXISTS : EXISTS,
    ),
  ]
}

function householdOfName(name: Named, compoundId: string) {
  return householdItem.parse({ entity: 'household', v: 1, householdId: name.householdId, compoundId, ...name.labels })
}

/** Consent and phone as they were just given; consent keeps the time of its own version. */
function personWrite({ body, name, caller, now }: ClaimSituation, memberId: string): Write | undefined {
  const { person, personId } = caller
  const { consentVersion } = body
  const consentedAt = person?.consentVersion === consentVersion ? (person.consentedAt ?? now) : now
  const phone = body.phone ?? person?.phone
  const facts = { householdId: name.householdId, consentVersion, consentedAt, ...(phone ? { phone } : {}) }
  if (person === undefined) return personPut({ personId, memberId, ...facts })
  const home = householdOf(caller)
  const moves = home !== undefined && home.scopeId !== name.householdId
  const changes: Record<string, string> = { ...facts, ...(moves ? { movedAt: now } : {}) }
  const changed = Object.keys(changes).filter((field) => changes[field] !== person[field as keyof typeof person])
  // A household that is entered again is written even if its name stands there still: it is the lock.
  if (changed.length === 0 && home?.scopeId === name.householdId) return undefined
  const { condition, values } = sameHousehold(person)
  const set = Object.entries(changes)
  return {
    update: keys.person(personId),
    set: `SET ${set.map(([field]) => `${field} = :${field}`).join(', ')}`,
    condition,
    expression: { values: { ...values, ...Object.fromEntries(set.map(([field, value]) => [`:${field}`, value])) } },
  }
}
