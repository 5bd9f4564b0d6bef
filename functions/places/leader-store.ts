import { type Leader } from '#shared/contracts/places.ts'
import { refuseLeader } from '#shared/domain/places/refuse-leader.ts'
import { assert } from '#shared/kernel/assert.ts'
import { buildingOfHousehold, partsOfBuilding } from '#shared/kernel/building.ts'
import { leads } from '#shared/kernel/leads.ts'
import type { Refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { forgetCaller, isHeld } from '#functions/platform/caller.ts'
import {
  type BuildingLeadersItem,
  buildingLeadersItem,
  type MembershipItem,
  membershipItem,
} from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { ALWAYS, batchGet, get, NOT_EXISTS, queryAll, transact, type Write } from '#functions/platform/table/table.ts'
import { membershipPut, NOT_ENDED } from './people.ts'

const BUILDINGS_MAX = 500
type Listed = BuildingLeadersItem['leaders'][number]

/** Everybody who leads a building of the compound now (pattern 85). */
export async function leadersOfCompound(compoundId: string, now: Instant): Promise<MembershipItem[]> {
  const { PK, SK } = keys.buildingLeaders(compoundId, '')
  return countingNow(await queryAll(buildingLeadersItem, { pk: PK, prefix: SK, max: BUILDINGS_MAX }), now)
}

/** Who moves away stands in the building's item until it is written next: the items of the person decide. */
async function countingNow(buildings: readonly BuildingLeadersItem[], now: Instant): Promise<MembershipItem[]> {
  const listed = buildings.flatMap(({ leaders }) => leaders)
  const found = await batchGet(
    membershipItem,
    listed.flatMap(({ personId, householdId }) => [
      keys.membership(personId, 'leader', buildingOfHousehold(householdId)),
      keys.membership(personId, 'resident', householdId),
    ]),
  )
  const held = found.filter((item) => isHeld(item, now))
  const homes = held.filter(({ role }) => role === 'resident')
  return held.filter(
    (item) =>
      item.role === 'leader' &&
      leads(
        item,
        homes.filter(({ personId }) => personId === item.personId),
      ),
  )
}

export type Appointment = {
  readonly buildingId: string
  /** The residence of whoever is appointed, as it was read; absent: they live nowhere. */
  readonly home: MembershipItem | undefined
  readonly knownAs: string
  readonly toAt?: Instant | undefined
  readonly by: string
}

export type Appointed =
  | { readonly kind: 'done'; readonly changed: boolean; readonly leader: MembershipItem }
  | { readonly kind: 'again' }
  | Refused<'NOT_VERIFIED_THERE' | 'TOO_MANY_LEADERS'>

/**
 * The role, and the building's item that counts its leaders, in one transaction: only if the person is verified there at that
 * moment. `again`: somebody else was sooner, and it has to be decided on what is there now.
 */
export async function appoint({ buildingId, home, knownAs, toAt, by }: Appointment, now: Instant): Promise<Appointed> {
  const { compoundId, building } = partsOfBuilding(buildingId)
  const item = await get(buildingLeadersItem, keys.buildingLeaders(compoundId, building))
  const counting = item === undefined ? [] : await countingNow([item], now)
  const before = counting.find(({ personId }) => personId === home?.personId)
  const others = counting.filter((each) => each !== before)
  const no = refuseLeader(home, buildingId, others.length)
  if (no !== undefined) return no
  assert(home !== undefined, 'somebody lives there')
  if (before?.knownAs === knownAs && before.toAt === toAt) return { kind: 'done', changed: false, leader: before }
  const leader = membershipItem.parse({
    ...{ entity: 'membership', v: 1, personId: home.personId, memberId: home.memberId },
    ...{ role: 'leader', scopeId: buildingId, scopeName: `${home.compoundName ?? ''} ${home.building ?? ''}`.trim() },
    ...{ compoundId, compoundName: home.compoundName, communityId: home.communityId },
    ...{ building: home.building, unit: home.unit, room: home.room, knownAs, toAt },
    ...{ appointedAt: before?.appointedAt ?? now, appointedBy: before?.appointedBy ?? by },
    livesBy: { householdId: home.scopeId, claimedAt: home.claimedAt },
  })
  const done = await transact([
    stillVerified(home, now),
    // Every change of a building's leaders moves its version: that is the condition of this write as well.
    membershipPut(leader, ALWAYS),
    leadersPut({ compoundId, building }, item, [...others, leader].map(listedOf)),
  ])
  forgetCaller(home.personId)
  return done.kind === 'done' ? { kind: 'done', changed: true, leader } : { kind: 'again' }
}

/** Holds only while somebody lives there, verified, by the very claim that was read. */
export function stillVerified({ personId, scopeId, claimedAt }: MembershipItem, now: Instant): Write {
  const same = claimedAt === undefined ? 'attribute_not_exists(claimedAt)' : 'claimedAt = :claimedAt'
  return {
    check: keys.membership(personId, 'resident', scopeId),
    condition: `#state = :verified AND ${NOT_ENDED} AND ${same}`,
    expression: {
      names: { '#state': 'state' },
      values: { ':verified': 'verified', ':now': now, ...(claimedAt === undefined ? {} : { ':claimedAt': claimedAt }) },
    },
  }
}

function listedOf({ personId, memberId, livesBy }: MembershipItem): Listed {
  assert(livesBy !== undefined, 'a leader lives somewhere')
  return { personId, memberId, householdId: livesBy.householdId }
}

function leadersPut(
  { compoundId, building }: { readonly compoundId: string; readonly building: string },
  before: BuildingLeadersItem | undefined,
  leaders: readonly Listed[],
): Write {
  const version = (before?.version ?? 0) + 1
  const item = buildingLeadersItem.parse({ entity: 'buildingLeaders', v: 1, compoundId, building, version, leaders })
  const put = { ...keys.buildingLeaders(compoundId, building), ...item }
  if (before === undefined) return { put, condition: NOT_EXISTS }
  return { put, condition: 'version = :read', expression: { values: { ':read': before.version } } }
}

/** Ends somebody's leadership of a building; of whoever has none there is nothing to end. */
export async function endLeadership(
  buildingId: string,
  who: (listed: Listed) => boolean,
  at: Instant,
): Promise<'done' | 'nothing' | 'again'> {
  const { compoundId, building } = partsOfBuilding(buildingId)
  const item = await get(buildingLeadersItem, keys.buildingLeaders(compoundId, building))
  const listed = item?.leaders.find(who)
  if (item === undefined || listed === undefined) return 'nothing'
  const rest = item.leaders.filter((each) => each !== listed)
  const done = await transact([leadershipEnd(listed.personId, buildingId, at), leadersPut(item, item, rest)])
  forgetCaller(listed.personId)
  return done.kind === 'done' ? 'done' : 'again'
}

/** The name goes with the role: on orders that were placed it stays. */
export function leadershipEnd(personId: string, buildingId: string, at: Instant): Write {
  return {
    update: keys.membership(personId, 'leader', buildingId),
    set: 'SET toAt = :toAt REMOVE knownAs',
    condition: 'attribute_exists(PK)',
    expression: { values: { ':toAt': at } },
  }
}

/** What ends with a residence. It counted for nothing without it anyway; here the name goes too. */
export function leadershipsEnd(
  memberships: readonly MembershipItem[],
  home: MembershipItem | undefined,
  at: Instant,
): Write[] {
  return memberships
    .filter(({ role, livesBy }) => role === 'leader' && livesBy?.householdId === home?.scopeId)
    .map(({ personId, scopeId }) => leadershipEnd(personId, scopeId, at))
}

export function leaderView({ memberId, building, unit, room, knownAs, appointedAt, livesBy }: MembershipItem): Leader {
  assert(building !== undefined && unit !== undefined && room !== undefined, 'a leader lives in a room')
  assert(knownAs !== undefined && appointedAt !== undefined && livesBy !== undefined, 'a leader was appointed')
  return { householdId: livesBy.householdId, memberId, building, unit, room, knownAs, since: appointedAt }
}
