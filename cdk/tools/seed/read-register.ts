import { readTable } from './read-table.ts'
import type { CommunitySeed, DistrictPlace, TownSeed, VillageSeed } from './types.ts'

export interface Register {
  readonly district: DistrictPlace
  readonly towns: readonly TownSeed[]
  readonly communities: readonly CommunitySeed[]
  readonly villages: readonly VillageSeed[]
}

const DISTRICT: DistrictPlace = { districtId: '371502', name: '东昌府区', charityName: '东昌府区慈善总会（示例）' }

/** The register's mark of a place that exists on paper only (香江虚拟社区). */
const VIRTUAL_COMMUNITY_ENDING = '498'

const COMMITTEE_ENDINGS = {
  community: ['居民委员会', '居委会'],
  village: ['村民委员会', '村委会'],
} as const
const KIND_WORD = { community: '社区', village: '村' } as const

/**
 * 古城社区居委会 → 古城社区 · 朱庄村委会 → 朱庄村 · 李海务村村委会 → 李海务村 · 大学城新村 stays. The committee's ending goes, and the
 * word of the kind is put back where the ending took it along.
 */
export function displayNameOf(officialName: string, kind: 'community' | 'village'): string {
  const ending = COMMITTEE_ENDINGS[kind].find((candidate) => officialName.endsWith(candidate))
  const bare = ending === undefined ? officialName : officialName.slice(0, -ending.length)
  return bare.endsWith(KIND_WORD[kind]) ? bare : bare + KIND_WORD[kind]
}

const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

function checkCodes(line: number, code: string, townCode: string): void {
  const wellFormed = /^\d{12}$/.test(code) && code.startsWith(townCode) && /^\d{9}$/.test(townCode)
  if (!wellFormed || !code.startsWith(DISTRICT.districtId)) {
    throw new Error(`register line ${line}: code ${code} does not lie in town ${townCode} of ${DISTRICT.districtId}`)
  }
}

/** Everything in the order of the codes; a town appears when at least one of its places is kept. */
export function readRegister(csv: string): Register {
  const towns = new Map<string, TownSeed>()
  const communities: CommunitySeed[] = []
  const villages: VillageSeed[] = []
  const seen = new Set<string>()
  for (const { line, fields } of readTable(csv, ['code', 'name', 'kind', 'townCode', 'town'])) {
    const { code, kind, townCode, town } = fields
    checkCodes(line, code, townCode)
    if (seen.has(code)) throw new Error(`register line ${line}: code ${code} appears twice`)
    seen.add(code)
    if (code.endsWith(VIRTUAL_COMMUNITY_ENDING)) continue
    if (kind !== 'community' && kind !== 'village') throw new Error(`register line ${line}: unknown kind ${kind}`)
    const name = displayNameOf(fields.name, kind)
    const label = `${town} · ${name}（${code}）`
    const shared = { name, officialName: fields.name, townId: townCode, townName: town, label }
    if (kind === 'community') communities.push({ communityId: code, ...shared })
    else villages.push({ villageId: code, ...shared })
    towns.set(townCode, { townId: townCode, name: town, kind: town.endsWith('镇') ? 'town' : 'subdistrict' })
  }
  return {
    district: DISTRICT,
    towns: [...towns.values()].sort((left, right) => byText(left.townId, right.townId)),
    communities: communities.sort((left, right) => byText(left.communityId, right.communityId)),
    villages: villages.sort((left, right) => byText(left.villageId, right.villageId)),
  }
}
