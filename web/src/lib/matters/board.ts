import type { MatterState, MatterSummary } from '#shared/contracts/matters.ts'

/** States in which a matter waits for the branch, in the order in which it works them off. */
export const waitsForBranch = ['collected', 'triaged', 'disputed', 'answered'] as const satisfies readonly MatterState[]

/** States in which it is with a body. */
export const withBody = ['assigned', 'handling'] as const satisfies readonly MatterState[]

/** Groups of the branch's board, each with the next deadline first, as the list comes. */
export const boardGroups = [
  'escalated',
  'collected',
  'triaged',
  'disputed',
  'extensions',
  'answered',
  'bodies',
  'verified',
] as const
export type BoardGroup = (typeof boardGroups)[number]

function groupOf(matter: MatterSummary, rulesFirst: boolean): BoardGroup | undefined {
  if (rulesFirst && matter.escalated) return 'escalated'
  const waits = waitsForBranch.find((state) => state === matter.state)
  if (waits !== undefined) return waits
  if (withBody.some((state) => state === matter.state)) return matter.extensionAsked ? 'extensions' : 'bodies'
  return matter.state === 'verified' ? 'verified' : undefined
}

/** What waits, by who it waits for; what was escalated comes first for whoever has the word on it. */
export function boardOf(
  matters: readonly MatterSummary[],
  rulesFirst: boolean,
): { readonly group: BoardGroup; readonly matters: readonly MatterSummary[] }[] {
  const byGroup = Map.groupBy(matters, (matter) => groupOf(matter, rulesFirst))
  return boardGroups.flatMap((group) => {
    const own = byGroup.get(group) ?? []
    return own.length === 0 ? [] : [{ group, matters: own }]
  })
}
