import type { CompoundSummary, PickUpPoint } from '#shared/contracts/places.ts'
import type { BuildingSeed, CommunitySeed, HouseholdSeed } from './types.ts'

/** The article counts 561 secretaries of compound branches: one compound each. */
export const COMPOUND_COUNT = 561

const TYPES = ['commercial', 'family', 'resettled', 'old'] as const
const TYPE_ENDINGS = { commercial: '花园', family: '家属院', resettled: '家园', old: '小区' } as const
const NAME_WORDS = [
  '春和',
  '安居',
  '康乐',
  '锦绣',
  '祥和',
  '福源',
  '明珠',
  '丽景',
  '文华',
  '湖畔',
  '书香',
  '和顺',
] as const

const BUILDINGS = 3
const UNITS = 2
const FLOORS = 5
const ROOMS_PER_FLOOR = 2

const two = (number: number): string => String(number).padStart(2, '0')

/** Spreads the compounds evenly: each community has 5 or 6. */
function compoundCountOf(communityIndex: number, communityCount: number): number {
  const upTo = (index: number): number => Math.floor((index * COMPOUND_COUNT) / communityCount)
  return upTo(communityIndex + 1) - upTo(communityIndex)
}

function compoundOf(community: CommunitySeed, communityIndex: number, number: number): CompoundSummary {
  const type = TYPES[(communityIndex + number) % TYPES.length] ?? 'old'
  const word = NAME_WORDS[(communityIndex * 5 + number) % NAME_WORDS.length] ?? ''
  const short = community.name.replace(/社区$/, '')
  return {
    compoundId: `c-${community.communityId}-${two(number)}`,
    name: `${short}·${word}${TYPE_ENDINGS[type]}（示例${two(number)}）`,
    type,
    communityId: community.communityId,
    communityName: community.name,
    townId: community.townId,
    townName: community.townName,
    synthetic: true,
  }
}

/** 561 compounds in the order of their ids. No register of compounds exists, so all are invented and say so in their names. */
export function buildCompounds(communities: readonly CommunitySeed[]): CompoundSummary[] {
  return communities.flatMap((community, index) =>
    Array.from({ length: compoundCountOf(index, communities.length) }, (_, at) => compoundOf(community, index, at + 1)),
  )
}

/** 3 buildings of 2 units. */
export function buildBuildings(compoundId: string): BuildingSeed[] {
  return Array.from({ length: BUILDINGS }, (_, at) => ({
    buildingId: `b${compoundId.slice(1)}-${at + 1}`,
    compoundId,
    label: `${at + 1}号楼`,
    units: Array.from({ length: UNITS }, (_unit, unit) => `${unit + 1}单元`),
  }))
}

/** 5 floors of 2 rooms in each unit: 101, 102, 201 … 502. */
export function buildHouseholds(building: BuildingSeed): HouseholdSeed[] {
  const rooms = Array.from({ length: FLOORS * ROOMS_PER_FLOOR }, (_, at) => {
    const floor = Math.floor(at / ROOMS_PER_FLOOR) + 1
    return `${floor}${two((at % ROOMS_PER_FLOOR) + 1)}`
  })
  return building.units.flatMap((unit) =>
    rooms.map((room) => ({ compoundId: building.compoundId, building: building.label, unit, room })),
  )
}

/** Orders one pick-up evening can hand out: a compound with households drawn out must take all of them several times over. */
const CAPACITY_ORDERS = { home: 600, other: 200 } as const

export function buildPickUpPoint(compound: CompoundSummary, isHome: boolean): PickUpPoint {
  return {
    pickUpPointId: `p${compound.compoundId.slice(1)}`,
    compoundId: compound.compoundId,
    name: `${compound.name}自提点`,
    address: `${compound.townName}${compound.communityName}，小区大门内便民服务站（示例）`,
    hours: '16:00–19:00',
    // A role, not a person: no name and no number is invented for 561 people.
    contact: '小区自提点值守员（示例）',
    temperatureZones: ['ambient', 'chilled'],
    capacityOrders: isHome ? CAPACITY_ORDERS.home : CAPACITY_ORDERS.other,
  }
}
