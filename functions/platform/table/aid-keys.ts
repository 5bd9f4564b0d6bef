import type { Key } from './keys.ts'

/**
 * All keys of the `aid` table, and its numbered access patterns. Household aid has a table of its own: it is on no stream, so no
 * event, hook or export can carry it; what is deleted is in no backup; and one function alone is granted anything of it.
 *
 * | no. | who asks                                        | how                                                                 |
 * |-----|-------------------------------------------------|---------------------------------------------------------------------|
 * | A1  | a case: where it stands, what was written, its steps | query `AID#<case>`: `A#CASE` `B#WORDS` prefix `STEP#` (consistent) |
 * | A2  | the latest case of a household                  | get `AID#HOUSEHOLD#<household>` / `LATEST`                          |
 * | A3  | cases of who asked, and those written down for a household | query `AID#OF#<person or household>`, SK raisedAt#case (consistent) |
 * | A4  | cases of a community that wait for somebody     | query `AID#TO-DO#<community>`, SK raisedAt#case (consistent)        |
 */
const of = (caseId: string) => `AID#${caseId}`

export const aidKeys = {
  case: (caseId: string): Key => ({ PK: of(caseId), SK: 'A#CASE' }),
  words: (caseId: string): Key => ({ PK: of(caseId), SK: 'B#WORDS' }),
  step: (caseId: string, number: number): Key => ({ PK: of(caseId), SK: `STEP#${String(number).padStart(4, '0')}` }),
  latest: (householdId: string): Key => ({ PK: `AID#HOUSEHOLD#${householdId}`, SK: 'LATEST' }),
  ofWhom: (whose: string, raisedAt: string, caseId: string): Key => ({
    PK: `AID#OF#${whose}`,
    SK: `${raisedAt}#${caseId}`,
  }),
  toDo: (communityId: string, raisedAt: string, caseId: string): Key => ({
    PK: `AID#TO-DO#${communityId}`,
    SK: `${raisedAt}#${caseId}`,
  }),
} as const
