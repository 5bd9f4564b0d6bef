import type { IndexKey } from './keys.ts'

/** Who acts for a body: found like the members of a co-op (pattern 79), in a file of its own since hardly any function asks. */
export const bodyIndex = {
  members: (bodyId: string, memberId: string): IndexKey => ({
    GSI1PK: `PLACE#BODY-MEMBERS#${bodyId}`,
    GSI1SK: memberId,
  }),
} as const
