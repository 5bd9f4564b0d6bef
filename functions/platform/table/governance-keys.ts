import type { IndexKey, Key } from './keys.ts'

/**
 * Keys of governance in the `market` table, and its numbered access patterns.
 *
 * | no. | who asks                               | how                                                              |
 * |-----|----------------------------------------|------------------------------------------------------------------|
 * | G1  | a proposal with all its steps          | query `GOVERNANCE#PROPOSAL#<proposal>` (consistent)              |
 * | G2  | proposals of a compound                | GSI1 `GOVERNANCE#COMPOUND#<compound>`, SK submittedAt#id         |
 * | G3  | proposals of a community that have not ended | GSI1 `GOVERNANCE#OPEN#<community>`, SK dueAt#id            |
 * | G4  | proposals that the clock must act on   | GSI1 `GOVERNANCE#DUE#<governance or fund>`, SK dueAt#id          |
 * | G5  | votes and ratings of a proposal        | query `GOVERNANCE#VOTE#<proposal>`, prefix `BALLOT#` `RATING#` (consistent) |
 * | G6  | which proposal a receipt is of         | get `GOVERNANCE#RECEIPT#<number>` / `RECEIPT`                    |
 * | G7  | what a compound's fund paid, in order  | query `GOVERNANCE#PAID#<compound>`, SK the ledger's number (consistent) |
 * | G8  | how a compound's way of emergencies stands | get `GOVERNANCE#EMERGENCY#<compound>` / `SHUT` and `SLOT#<quarter>#<n>` |
 * | G9  | what the households of a compound are still to be told | GSI1 `GOVERNANCE#TELL`, SK at#id#news          |
 * | G10 | which proposals ended without being carried out | GSI1 `GOVERNANCE#IN-VAIN`, SK at#id                |
 */
const pad = (count: number, width: number) => String(count).padStart(width, '0')

export const governanceKeys = {
  proposal: (proposalId: string): Key => ({ PK: `GOVERNANCE#PROPOSAL#${proposalId}`, SK: 'A#PROPOSAL' }),
  openProposal: (proposalId: string): Key => ({ PK: `GOVERNANCE#PROPOSAL#${proposalId}`, SK: 'B#OPEN' }),
  dueProposal: (proposalId: string): Key => ({ PK: `GOVERNANCE#PROPOSAL#${proposalId}`, SK: 'C#DUE' }),
  step: (proposalId: string, number: number): Key => ({
    PK: `GOVERNANCE#PROPOSAL#${proposalId}`,
    SK: `STEP#${pad(number, 4)}`,
  }),
  ballot: (proposalId: string, electorate: string, voterId: string): Key => ({
    PK: `GOVERNANCE#VOTE#${proposalId}`,
    SK: `BALLOT#${electorate}#${voterId}`,
  }),
  rating: (proposalId: string, householdId: string): Key => ({
    PK: `GOVERNANCE#VOTE#${proposalId}`,
    SK: `RATING#${householdId}`,
  }),
  receipt: (number: string): Key => ({ PK: `GOVERNANCE#RECEIPT#${number}`, SK: 'RECEIPT' }),
  paid: (compoundId: string, seq: number): Key => ({ PK: `GOVERNANCE#PAID#${compoundId}`, SK: pad(seq, 12) }),
  emergencySlot: (compoundId: string, quarter: string, slot: number): Key => ({
    PK: `GOVERNANCE#EMERGENCY#${compoundId}`,
    SK: `SLOT#${quarter}#${slot}`,
  }),
  emergencyShut: (compoundId: string): Key => ({ PK: `GOVERNANCE#EMERGENCY#${compoundId}`, SK: 'SHUT' }),
  homesToTell: (proposalId: string, news: string): Key => ({ PK: `GOVERNANCE#TELL#${proposalId}`, SK: news }),
  inVain: (proposalId: string): Key => ({ PK: `GOVERNANCE#IN-VAIN#${proposalId}`, SK: 'IN-VAIN' }),
  event: (compoundId: string, shanghaiDay: string, type: string, id: string): Key => ({
    PK: `GOVERNANCE#EVENTS#${compoundId}#${shanghaiDay}`,
    SK: `${type}#${id}`,
  }),
} as const

export const governanceIndex = {
  ofCompound: (compoundId: string, submittedAt: string, proposalId: string): IndexKey => ({
    GSI1PK: `GOVERNANCE#COMPOUND#${compoundId}`,
    GSI1SK: `${submittedAt}#${proposalId}`,
  }),
  open: (communityId: string, dueAt: string, proposalId: string): IndexKey => ({
    GSI1PK: `GOVERNANCE#OPEN#${communityId}`,
    GSI1SK: `${dueAt}#${proposalId}`,
  }),
  /** `by`: the context whose clock it is. */
  due: (by: string, dueAt: string, proposalId: string): IndexKey => ({
    GSI1PK: `GOVERNANCE#DUE#${by}`,
    GSI1SK: `${dueAt}#${proposalId}`,
  }),
  homesToTell: (at: string, proposalId: string, news: string): IndexKey => ({
    GSI1PK: 'GOVERNANCE#TELL',
    GSI1SK: `${at}#${proposalId}#${news}`,
  }),
  inVain: (at: string, proposalId: string): IndexKey => ({
    GSI1PK: 'GOVERNANCE#IN-VAIN',
    GSI1SK: `${at}#${proposalId}`,
  }),
} as const
