import type { Key } from './keys.ts'

/**
 * Keys of votes on paper in the `market` table, beside the other votes of their proposal.
 *
 * | no. | who asks                                    | how                                                            |
 * |-----|---------------------------------------------|----------------------------------------------------------------|
 * | GP1 | what was entered of a household's paper     | get `GOVERNANCE#VOTE#<proposal>` / `PAPER#<household>`          |
 * | GP2 | all that was entered of a proposal's papers | query the same, prefix `PAPER#` (consistent)                   |
 * | GP3 | papers that are no ballots yet              | query the same, prefix `WAITING#` (consistent)                 |
 */
const of = (proposalId: string) => `GOVERNANCE#VOTE#${proposalId}`

export const paperKeys = {
  paper: (proposalId: string, householdId: string): Key => ({ PK: of(proposalId), SK: `PAPER#${householdId}` }),
  waiting: (proposalId: string, householdId: string): Key => ({ PK: of(proposalId), SK: `WAITING#${householdId}` }),
} as const
