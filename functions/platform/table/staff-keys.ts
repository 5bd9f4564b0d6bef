import type { IndexKey } from './keys.ts'

/** Who works for a community, and who for the host charity (pattern 107): in a file of its own since hardly any function asks. */
export const staffIndex = {
  workers: (communityId: string, memberId: string): IndexKey => ({
    GSI1PK: `PLACE#COMMUNITY-WORKERS#${communityId}`,
    GSI1SK: memberId,
  }),
  /** There is one in a district. */
  charity: (memberId: string): IndexKey => ({ GSI1PK: 'PLACE#CHARITY-MEMBERS', GSI1SK: memberId }),
} as const
