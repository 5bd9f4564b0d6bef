import type { IndexKey, Key } from './keys.ts'

/**
 * Keys of red-black lists in the `market` table, and their numbered access patterns.
 *
 * | no. | who asks                               | how                                                              |
 * |-----|----------------------------------------|------------------------------------------------------------------|
 * | R1  | a list with all its steps              | query `RANKINGS#LIST#<list>` (consistent)                        |
 * | R2  | lists of a community                   | GSI1 `RANKINGS#OF#<community>`, SK its id, which begins with its quarter |
 * | R3  | lists that the clock must act on       | GSI1 `RANKINGS#DUE`, SK dueAt#id                                 |
 * | R4  | lists on which a body is               | GSI1 `RANKINGS#BODY#<body>`, SK its id                           |
 * | R5  | events, by the stream alone            | `RANKINGS#EVENTS#<community>#<day>`                              |
 */
const of = (rankingId: string) => `RANKINGS#LIST#${rankingId}`

export const rankingKeys = {
  ranking: (rankingId: string): Key => ({ PK: of(rankingId), SK: 'A#RANKING' }),
  due: (rankingId: string): Key => ({ PK: of(rankingId), SK: 'B#DUE' }),
  ofBody: (rankingId: string, bodyId: string): Key => ({ PK: of(rankingId), SK: `C#BODY#${bodyId}` }),
  step: (rankingId: string, number: number): Key => ({
    PK: of(rankingId),
    SK: `STEP#${String(number).padStart(4, '0')}`,
  }),
  event: (communityId: string, shanghaiDay: string, id: string): Key => ({
    PK: `RANKINGS#EVENTS#${communityId}#${shanghaiDay}`,
    SK: `ranking.moved.v1#${id}`,
  }),
} as const

export const rankingIndex = {
  ofCommunity: (communityId: string, rankingId: string): IndexKey => ({
    GSI1PK: `RANKINGS#OF#${communityId}`,
    GSI1SK: rankingId,
  }),
  due: (dueAt: string, rankingId: string): IndexKey => ({ GSI1PK: 'RANKINGS#DUE', GSI1SK: `${dueAt}#${rankingId}` }),
  ofBody: (bodyId: string, rankingId: string): IndexKey => ({ GSI1PK: `RANKINGS#BODY#${bodyId}`, GSI1SK: rankingId }),
} as const
