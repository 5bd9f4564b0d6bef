import type { IndexKey, Key } from './keys.ts'

/**
 * Keys of sunshine accounts in the `market` table, and their numbered access patterns. The charity fund's ledger is another
 * table, with other keys: no code path writes both.
 *
 * | no. | who asks                                  | how                                                               |
 * |-----|-------------------------------------------|-------------------------------------------------------------------|
 * | S1  | a compound's book                         | get `SUNSHINE#BOOK#<compound>`                                    |
 * | S2  | entries of a quarter, and what took them back | query `SUNSHINE#ENTRIES#<compound>#<quarter>` (consistent)    |
 * | S3  | an entry by the id that its sender made   | get `SUNSHINE#SENT#<compound>`, SK the id                         |
 * | S4  | books that a body keeps                   | GSI1 `SUNSHINE#KEEPER#<body>`, SK the compound                    |
 * | S5  | a disclosure with all its steps           | query `SUNSHINE#DISCLOSURE#<disclosure>` (consistent)             |
 * | S6  | one publication of it                     | get `SUNSHINE#PUBLICATION#<disclosure>`, SK its version           |
 * | S7  | disclosures of a compound, by quarter     | GSI1 `SUNSHINE#OF#<compound>`, SK quarter#book                    |
 * | S8  | disclosures that the clock must act on    | GSI1 `SUNSHINE#DUE`, SK dueAt#id                                  |
 * | S9  | what somebody has to do                   | GSI1 `SUNSHINE#TASKS#<who>`, SK by#id                             |
 * | S10 | events, by the stream alone               | `SUNSHINE#EVENTS#<compound>#<day>`                                |
 */
const disclosure = (disclosureId: string) => `SUNSHINE#DISCLOSURE#${disclosureId}`
const entriesPk = (compoundId: string, quarter: string) => `SUNSHINE#ENTRIES#${compoundId}#${quarter}`
const padded = (number: number, digits: number) => String(number).padStart(digits, '0')

export const sunshineKeys = {
  book: (compoundId: string): Key => ({ PK: `SUNSHINE#BOOK#${compoundId}`, SK: 'BOOK' }),
  entry: (compoundId: string, quarter: string, seq: number): Key => ({
    PK: entriesPk(compoundId, quarter),
    SK: `E#${padded(seq, 8)}`,
  }),
  reversed: (compoundId: string, quarter: string, seq: number): Key => ({
    PK: entriesPk(compoundId, quarter),
    SK: `R#${padded(seq, 8)}`,
  }),
  sent: (compoundId: string, entryId: string): Key => ({ PK: `SUNSHINE#SENT#${compoundId}`, SK: entryId }),
  disclosure: (disclosureId: string): Key => ({ PK: disclosure(disclosureId), SK: 'A#DISCLOSURE' }),
  due: (disclosureId: string): Key => ({ PK: disclosure(disclosureId), SK: 'B#DUE' }),
  task: (disclosureId: string, who: 'keeper' | 'branch'): Key => ({
    PK: disclosure(disclosureId),
    SK: `C#TASK#${who}`,
  }),
  step: (disclosureId: string, number: number): Key => ({
    PK: disclosure(disclosureId),
    SK: `STEP#${padded(number, 4)}`,
  }),
  publication: (disclosureId: string, version: number): Key => ({
    PK: `SUNSHINE#PUBLICATION#${disclosureId}`,
    SK: `V#${padded(version, 3)}`,
  }),
  event: (compoundId: string, shanghaiDay: string, id: string): Key => ({
    PK: `SUNSHINE#EVENTS#${compoundId}#${shanghaiDay}`,
    SK: `disclosure.moved.v1#${id}`,
  }),
  /** The day on which every compound was last looked at. */
  walked: { PK: 'SUNSHINE#WALKED', SK: 'WALKED' },
} as const

export const sunshineIndex = {
  keptBy: (bodyId: string, compoundId: string): IndexKey => ({
    GSI1PK: `SUNSHINE#KEEPER#${bodyId}`,
    GSI1SK: compoundId,
  }),
  ofCompound: (compoundId: string, quarter: string, book: string): IndexKey => ({
    GSI1PK: `SUNSHINE#OF#${compoundId}`,
    GSI1SK: `${quarter}#${book}`,
  }),
  due: (dueAt: string, disclosureId: string): IndexKey => ({
    GSI1PK: 'SUNSHINE#DUE',
    GSI1SK: `${dueAt}#${disclosureId}`,
  }),
  task: (who: string, by: string, disclosureId: string): IndexKey => ({
    GSI1PK: `SUNSHINE#TASKS#${who}`,
    GSI1SK: `${by}#${disclosureId}`,
  }),
} as const
