import type { Interest } from '#shared/contracts/governance.ts'

/** By member, with the household that shares it. */
export type Interested = ReadonlyMap<string, { readonly interest: Interest; readonly householdId?: string | undefined }>

/** Theirs, or told of somebody of their household. */
export function isInterested(
  { interested }: { readonly interested: Interested },
  { memberId, householdId }: { readonly memberId?: string | undefined; readonly householdId?: string | undefined },
): boolean {
  if (memberId !== undefined && interested.has(memberId)) return true
  return householdId !== undefined && [...interested.values()].some((each) => each.householdId === householdId)
}
