import type { Coop } from '#shared/contracts/places.ts'
import type { ShanghaiDay } from '#shared/kernel/time.ts'
import { agreementText } from './agreement-text.ts'
import type { CommunitySeed, PairingSeed, TownSeed, VillageSeed } from './types.ts'

export const COMMUNITIES_PER_VILLAGE_MAX = 3
const VILLAGES_OF_COMMUNITY = [4, 3, 2] as const
const DONATION_RATE_BPS = 200

/** What the fund may be spent on, and nothing else. */
const PURPOSES = ['公益服务', '环境整治', '设施维护', '困难住户帮扶'] as const

interface Match {
  readonly community: CommunitySeed
  readonly village: VillageSeed
}

/** The next village of the town with a place left; it serves its three communities before the next one begins. */
function takeVillage(
  queue: readonly VillageSeed[],
  served: Map<string, number>,
  taken: readonly VillageSeed[],
): VillageSeed | undefined {
  const servedBy = (village: VillageSeed): number => served.get(village.villageId) ?? 0
  const village = queue.find(
    (candidate) => servedBy(candidate) < COMMUNITIES_PER_VILLAGE_MAX && !taken.includes(candidate),
  )
  if (village !== undefined) served.set(village.villageId, servedBy(village) + 1)
  return village
}

/**
 * No coordinates exist, so nearness cannot decide: communities take 4, 3, 2, 4 … villages by turns from the rural towns in the
 * order of the codes. Throws when the villages run out.
 */
export function matchVillages(
  communities: readonly CommunitySeed[],
  villages: readonly VillageSeed[],
  towns: readonly TownSeed[],
): Match[] {
  const queues = towns
    .filter((town) => town.kind === 'town')
    .map((town) => villages.filter((village) => village.townId === town.townId))
    .filter((queue) => queue.length > 0)
  const served = new Map<string, number>()
  let turn = 0
  return communities.flatMap((community, index) => {
    const wanted = VILLAGES_OF_COMMUNITY[index % VILLAGES_OF_COMMUNITY.length] ?? 2
    const taken: VillageSeed[] = []
    for (let misses = 0; taken.length < wanted; turn += 1) {
      const village = takeVillage(queues[turn % queues.length] ?? [], served, taken)
      misses = village === undefined ? misses + 1 : 0
      if (village !== undefined) taken.push(village)
      else if (misses >= queues.length) throw new Error(`no village is left for ${community.label}`)
    }
    return taken.map((village) => ({ community, village }))
  })
}

export const coopIdOf = (villageId: string): string => `coop-${villageId}`

const coopNameOf = (village: VillageSeed): string => `${village.name}果蔬专业合作社（示例）`

/** These co-ops do not exist, so neither does a licence: a number that looks real would be a lie. */
const SAMPLE_LICENCE = '示例：虚构的农民专业合作社，没有营业执照号'

/** One invented co-op for each village that supplies anybody, in the order of the codes. */
export function buildCoops(matches: readonly Match[]): Coop[] {
  const villages = new Map(matches.map(({ village }) => [village.villageId, village]))
  return [...villages.values()]
    .sort((left, right) => (left.villageId < right.villageId ? -1 : 1))
    .map((village) => ({
      coopId: coopIdOf(village.villageId),
      name: coopNameOf(village),
      villageId: village.villageId,
      villageName: village.name,
      townName: village.townName,
      licence: SAMPLE_LICENCE,
    }))
}

/** Agreements run from New Year of the first start's year for three years, signed before they began by nobody real. */
export function buildPairings(matches: readonly Match[], day: ShanghaiDay, charityName: string): PairingSeed[] {
  const year = Number(day.slice(0, 4))
  const term = { fromDay: `${year}-01-01`, toDay: `${year + 2}-12-31` }
  return matches.map(({ community, village }) => {
    const pairingId = `${community.communityId}-${village.villageId}`
    const names = { communityName: community.name, villageName: village.name }
    const agreement = {
      agreementId: `agreement-${pairingId}`,
      version: 1,
      rateBps: DONATION_RATE_BPS,
      base: 'net-sales' as const,
      ...term,
      purposes: [...PURPOSES],
      signedDay: `${year - 1}-12-20`,
      signedBy: {
        donor: { organisation: coopNameOf(village), signatory: '理事长（示例）' },
        charity: { organisation: charityName, signatory: '会长（示例）' },
      },
    }
    return {
      pairingId,
      communityId: community.communityId,
      villageId: village.villageId,
      ...names,
      townName: village.townName,
      ...term,
      synthetic: true,
      agreement: { ...agreement, text: agreementText({ ...agreement, ...names }) },
    }
  })
}
