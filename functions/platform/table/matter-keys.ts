import type { IndexKey, Key } from './keys.ts'

/**
 * Keys of residents' matters in the `market` table, and their numbered access patterns.
 *
 * | no. | who asks                               | how                                                              |
 * |-----|----------------------------------------|------------------------------------------------------------------|
 * | M1  | a matter with all its steps            | query `MATTERS#MATTER#<matter>` (consistent)                     |
 * | M2  | public matters of a compound           | GSI1 `MATTERS#PUBLIC#<compound>`, SK raisedAt#id                 |
 * | M3  | matters of a community that wait       | GSI1 `MATTERS#OPEN#<community>`, SK dueAt#id                     |
 * | M4  | matters that are with a body           | GSI1 `MATTERS#BODY#<body>`, SK dueAt#id                          |
 * | M5  | matters that the clock must act on     | GSI1 `MATTERS#DUE#<0-7>`, SK dueAt#id                            |
 * | M6  | what somebody raised, what they follow | GSI1 `MATTERS#OF#<person or household>`, `MATTERS#FOLLOWED#<person>`, SK at#id |
 * | M7  | whether somebody follows, all ratings  | get, query `MATTERS#VOICES#<matter>`, prefix `RATING#` (consistent) |
 * | M8  | a compound's months                    | query `MATTERS#MONTHS#<compound>`, SK month (consistent)         |
 * | M9  | a compound's bodies by quarter         | query `MATTERS#BODIES#<compound>`, SK quarter#body (consistent)  |
 * | M10 | public matters that went on as a proposal | GSI1 `MATTERS#PROPOSAL#<proposal>`, SK raisedAt#id            |
 * | M11 | all matters that go on as a proposal     | query `MATTERS#LINKED#<proposal>`, SK id (consistent)            |
 */
const pad = (count: number, width: number) => String(count).padStart(width, '0')
const of = (matterId: string) => `MATTERS#MATTER#${matterId}`

export const DUE_SHARDS = 8

/** A small stable spread of ids. */
export function dueShard(matterId: string): number {
  return Number.parseInt(matterId.slice(0, 2), 16) % DUE_SHARDS
}

export const matterKeys = {
  matter: (matterId: string): Key => ({ PK: of(matterId), SK: 'A#MATTER' }),
  followers: (matterId: string): Key => ({ PK: of(matterId), SK: 'B#FOLLOWERS' }),
  public: (matterId: string): Key => ({ PK: of(matterId), SK: 'C#PUBLIC' }),
  open: (matterId: string): Key => ({ PK: of(matterId), SK: 'D#OPEN' }),
  due: (matterId: string): Key => ({ PK: of(matterId), SK: 'E#DUE' }),
  ofProposal: (matterId: string): Key => ({ PK: of(matterId), SK: 'H#PROPOSAL' }),
  /** Of private ones too; beside the proposal, so that whoever takes them back misses none. */
  linked: (proposalId: string, matterId: string): Key => ({ PK: `MATTERS#LINKED#${proposalId}`, SK: matterId }),
  reporter: (matterId: string): Key => ({ PK: of(matterId), SK: 'F#REPORTER' }),
  atBody: (matterId: string, bodyId: string): Key => ({ PK: of(matterId), SK: `G#BODY#${bodyId}` }),
  step: (matterId: string, number: number): Key => ({ PK: of(matterId), SK: `STEP#${pad(number, 4)}` }),
  following: (matterId: string, personId: string): Key => ({
    PK: `MATTERS#VOICES#${matterId}`,
    SK: `FOLLOW#${personId}`,
  }),
  /** `round`: the number of the step that verified it; after a reopening it is another one. */
  rating: (matterId: string, round: number, voterId: string): Key => ({
    PK: `MATTERS#VOICES#${matterId}`,
    SK: `RATING#${pad(round, 4)}#${voterId}`,
  }),
  month: (compoundId: string, month: string): Key => ({ PK: `MATTERS#MONTHS#${compoundId}`, SK: month }),
  bodyQuarter: (compoundId: string, quarter: string, bodyId: string): Key => ({
    PK: `MATTERS#BODIES#${compoundId}`,
    SK: `${quarter}#${bodyId}`,
  }),
  raisedOn: (compoundId: string, shanghaiDay: string, personId: string): Key => ({
    PK: `MATTERS#RAISED#${compoundId}#${shanghaiDay}`,
    SK: personId,
  }),
  event: (compoundId: string, shanghaiDay: string, id: string): Key => ({
    PK: `MATTERS#EVENTS#${compoundId}#${shanghaiDay}`,
    SK: `matter.moved.v1#${id}`,
  }),
} as const

export const matterIndex = {
  public: (compoundId: string, raisedAt: string, matterId: string): IndexKey => ({
    GSI1PK: `MATTERS#PUBLIC#${compoundId}`,
    GSI1SK: `${raisedAt}#${matterId}`,
  }),
  open: (communityId: string, dueAt: string, matterId: string): IndexKey => ({
    GSI1PK: `MATTERS#OPEN#${communityId}`,
    GSI1SK: `${dueAt}#${matterId}`,
  }),
  atBody: (bodyId: string, dueAt: string, matterId: string): IndexKey => ({
    GSI1PK: `MATTERS#BODY#${bodyId}`,
    GSI1SK: `${dueAt}#${matterId}`,
  }),
  due: (shard: number, dueAt: string, matterId: string): IndexKey => ({
    GSI1PK: `MATTERS#DUE#${shard}`,
    GSI1SK: `${dueAt}#${matterId}`,
  }),
  of: (whose: string, at: string, matterId: string): IndexKey => ({
    GSI1PK: `MATTERS#OF#${whose}`,
    GSI1SK: `${at}#${matterId}`,
  }),
  ofProposal: (proposalId: string, raisedAt: string, matterId: string): IndexKey => ({
    GSI1PK: `MATTERS#PROPOSAL#${proposalId}`,
    GSI1SK: `${raisedAt}#${matterId}`,
  }),
  followed: (personId: string, at: string, matterId: string): IndexKey => ({
    GSI1PK: `MATTERS#FOLLOWED#${personId}`,
    GSI1SK: `${at}#${matterId}`,
  }),
} as const
