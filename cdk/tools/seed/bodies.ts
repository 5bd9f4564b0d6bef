import type { CompoundSummary } from '#shared/contracts/places.ts'
import type { BodySeed } from './types.ts'

/** Who can be given residents' matters: two bodies of the whole district, and three of each community with households. */
export function buildBodies(compounds: readonly CompoundSummary[], homeCompoundIds: readonly string[]): BodySeed[] {
  const homes = compounds.filter(({ compoundId }) => homeCompoundIds.includes(compoundId))
  const communities = new Map(homes.map(({ communityId, communityName }) => [communityId, communityName]))
  return [
    { bodyId: 'urban-management', name: '区城市管理局（示例）', bodyKind: 'department' },
    { bodyId: 'water-supply', name: '区供水公司（示例）', bodyKind: 'department' },
    ...[...communities].flatMap(([communityId, name]): BodySeed[] => [
      { bodyId: `property-${communityId}`, name: `${name}物业服务公司（示例）`, bodyKind: 'property', communityId },
      { bodyId: `owners-${communityId}`, name: `${name}业主委员会（示例）`, bodyKind: 'owners-committee', communityId },
      { bodyId: `branch-${communityId}`, name: `${name}居民委员会（示例）`, bodyKind: 'branch', communityId },
    ]),
  ]
}
